/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pets-csv.h"

#include <string.h>

/* Reads all of @text, and writes it as [field|"field"][field]: what there is in
 * quotation marks was in some. The rest is the message of the error. */
static char *
read_all (const char *text,
          gssize      length)
{
  g_autoptr(GString) seen = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  PetsCsvReader reader;
  gboolean going = pets_csv_reader_init (&reader, text, length < 0 ? strlen (text) : (gsize) length, &error);

  while (going)
    {
      g_autoptr(GPtrArray) fields = NULL;
      guint line;

      if (!pets_csv_reader_next (&reader, &fields, &line, &error) || fields == NULL)
        break;

      for (guint i = 0; i < fields->len; i++)
        {
          const PetsCsvField *field = g_ptr_array_index (fields, i);

          g_string_append_printf (seen, field->quoted ? "%s\"%s\"" : "%s%s", i == 0 ? "[" : "|", field->text);
        }
      g_string_append_c (seen, ']');
    }

  if (error != NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_string_append (seen, error->message);
    }

  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
assert_reads (const char *text,
              const char *expected)
{
  g_autofree char *seen = read_all (text, -1);

  g_assert_cmpstr (seen, ==, expected);
}

static void
test_csv_read (void)
{
  g_test_summary ("Records and fields are those of RFC 4180");

  assert_reads ("", "");
  assert_reads ("a", "[a]");
  assert_reads ("a,b\r\nc,d\r\n", "[a|b][c|d]");
  assert_reads ("a,b\r\nc,d", "[a|b][c|d]");
  assert_reads (",\n,,\n", "[|][||]");
  assert_reads ("a b, c ,\n", "[a b| c |]");
  assert_reads ("\"a\",\"\",b\n", "[\"a\"|\"\"|b]");
  assert_reads ("\"a,b\",\"c\"\"d\",\"\"\"\"\n", "[\"a,b\"|\"c\"d\"|\"\"\"]");
  assert_reads ("\"two\r\nlines\",x\n", "[\"two\r\nlines\"|x]");
  assert_reads ("it's 5\" long,x\n", "[it's 5\" long|x]");
  assert_reads ("Zoë,猫\n", "[Zoë|猫]");
}

static void
test_csv_read_variants (void)
{
  g_test_summary ("What spreadsheets make of it is read, too");

  assert_reads ("\xef\xbb\xbf" "a,b\n", "[a|b]");
  assert_reads ("\xef\xbb\xbf" "\"a\",b\n", "[\"a\"|b]");
  assert_reads ("a;b\n1,5;2,5\n", "[a|b][1,5|2,5]");
  assert_reads ("a\tb\n1,5\t2;5\n", "[a|b][1,5|2;5]");
  assert_reads ("\"a;b;c\",d\n1,2\n", "[\"a;b;c\"|d][1|2]");
  assert_reads ("a,b\rc,d\r", "[a|b][c|d]");
  assert_reads ("a\n\n\r\n\nb\n\n", "[a][b]");
}

static void
test_csv_read_errors (void)
{
  g_autofree char *zero = read_all ("a\nb\0c\n", 6);
  g_autoptr(GString) wide = g_string_new ("a");
  g_autofree char *too_wide = NULL;

  g_test_summary ("What is wrong is told with line and character");

  assert_reads ("a,b\nc,\"d\n\ne", "[a|b]Line 2, character 3: the quotation mark is never closed");
  assert_reads ("a,b\n\"x\ny\",\"d\"e\n", "[a|b]Line 3, character 7: there is text after the closing quotation mark");
  assert_reads ("Zoë\nZoë,\xff\n", "Line 2, character 5: this is not text in UTF-8");
  assert_reads ("a\r\nb\r\n\xc3", "Line 3, character 1: this is not text in UTF-8");
  g_assert_cmpstr (zero, ==, "Line 2, character 2: this is not text in UTF-8");

  for (guint i = 1; i < PETS_CSV_MAX_FIELDS; i++)
    g_string_append (wide, ",a");
  too_wide = read_all (wide->str, wide->len);
  g_assert_true (g_str_has_suffix (too_wide, "|a]"));
  g_free (too_wide);
  g_string_append (wide, ",a");
  too_wide = read_all (wide->str, wide->len);
  g_assert_cmpstr (too_wide, ==, "Line 1, character 2001: there are too many columns");
}

static void
test_csv_write (void)
{
  g_autoptr(GString) csv = g_string_new (NULL);

  g_test_summary ("Fields are in quotation marks where they need them");

  pets_csv_append_field (csv, "", FALSE);
  pets_csv_append_field (csv, "a", FALSE);
  pets_csv_append_field (csv, "a", TRUE);
  pets_csv_append_field (csv, "", TRUE);
  pets_csv_end_record (csv);
  pets_csv_append_field (csv, "a,b", FALSE);
  pets_csv_append_field (csv, "a\"b", FALSE);
  pets_csv_append_field (csv, "a\nb", FALSE);
  pets_csv_append_field (csv, "a\rb", FALSE);
  pets_csv_append_field (csv, " a", FALSE);
  pets_csv_append_field (csv, "a ", FALSE);
  pets_csv_append_field (csv, "a b", FALSE);
  pets_csv_append_field (csv, "", FALSE);
  pets_csv_end_record (csv);

  g_assert_cmpstr (csv->str, ==,
                   ",a,\"a\",\"\"\r\n"
                   "\"a,b\",\"a\"\"b\",\"a\nb\",\"a\rb\",\" a\",\"a \",a b,\r\n");
}

/* Fields of the characters that matter. */
static char *
random_field (void)
{
  static const char * const pieces[] = { "a", "ë", ",", ";", "\t", "\"", "\n", "\r", "\r\n", " ", "猫" };
  GString *field = g_string_new (NULL);

  for (int n = g_test_rand_int_range (0, 6); n > 0; n--)
    g_string_append (field, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

  return g_string_free (field, FALSE);
}

static void
test_csv_random (void)
{
  g_test_summary ("What was written is read back, whatever it is");

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr(GString) csv = g_string_new (NULL);
      g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
      g_autoptr(GError) error = NULL;
      PetsCsvReader reader;

      /* As any table has it: a first line that names the columns. */
      pets_csv_append_field (csv, "one", FALSE);
      pets_csv_append_field (csv, "two", FALSE);
      pets_csv_end_record (csv);
      for (guint i = 0; i < 6; i++)
        {
          char *field = random_field ();

          g_ptr_array_add (written, field);
          pets_csv_append_field (csv, field, g_test_rand_bit ());
          if (i % 2 == 1)
            pets_csv_end_record (csv);
        }

      g_assert_true (pets_csv_reader_init (&reader, csv->str, csv->len, &error));
      for (guint record = 0; record < 5; record++)
        {
          g_autoptr(GPtrArray) fields = NULL;
          guint line;

          g_assert_true (pets_csv_reader_next (&reader, &fields, &line, &error));
          g_assert_no_error (error);
          g_assert_true ((fields == NULL) == (record == 4));
          if (record == 0 || record == 4)
            continue;

          g_assert_cmpuint (fields->len, ==, 2);
          for (guint i = 0; i < 2; i++)
            g_assert_cmpstr (((PetsCsvField *) g_ptr_array_index (fields, i))->text, ==,
                             g_ptr_array_index (written, (record - 1) * 2 + i));
        }
    }
}

/* Nothing that anybody may choose to import does any harm. */
static void
test_csv_hostile (void)
{
  g_test_summary ("Any bytes are read, or refused");

  for (guint round = 0; round < 20000; round++)
    {
      static const char bytes[] = "a,;\t\"\"\"\n\r \xc3\xab\xff\0";
      gsize length = g_test_rand_int_range (0, 24);
      /* On the heap, so that a byte too far is noticed. */
      char *text = g_malloc (length + 1);
      g_autofree char *seen = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = bytes[g_test_rand_int_range (0, sizeof bytes)];
      seen = read_all (text, length);
      g_assert_true (g_utf8_validate (seen, -1, NULL));
      g_free (text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/csv/read", test_csv_read);
  g_test_add_func ("/csv/read/variants", test_csv_read_variants);
  g_test_add_func ("/csv/read/errors", test_csv_read_errors);
  g_test_add_func ("/csv/write", test_csv_write);
  g_test_add_func ("/csv/random", test_csv_random);
  g_test_add_func ("/csv/hostile", test_csv_hostile);

  return g_test_run ();
}
