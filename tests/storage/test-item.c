/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-item-name-private.h"
#include "tst-item-text-private.h"

#include <string.h>

#include "tst-error.h"

/* --- Names --- */

static void
assert_name (const char *key,
             const char *expected)
{
  g_autofree char *group = tst_item_group_new (key);
  g_autofree char *back = tst_item_group_get_key (group);
  g_autofree char *name = tst_item_file_name (group);

  g_assert_cmpstr (back, ==, key);
  g_assert_true (tst_item_file_name_is_ours (name));
  g_assert_cmpuint (strlen (name), <=, 204);
  g_assert_null (strchr (name, '/'));
  if (expected != NULL)
    g_assert_cmpstr (group, ==, expected);

  if (strlen (group) <= 200)
    {
      g_autofree char *again = tst_item_file_name_get_group (name);

      g_assert_cmpstr (again, ==, group);
    }
}

static void
test_names (void)
{
  g_test_summary ("Each key has a name of its own, that any file system and GSettings take");

  assert_name ("pets", "pets");
  assert_name ("Pets-2_x~.y", "Pets-2_x~.y");
  assert_name ("", "%");
  assert_name ("%", "%25");
  assert_name (".", "%2E");
  assert_name ("..", "%2E.");
  assert_name (".hidden", "%2Ehidden");
  assert_name ("a/b", "a%2Fb");
  assert_name ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd");
  assert_name ("a b", "a%20b");
  assert_name ("[x]\n", "%5Bx%5D%0A");
  assert_name ("ü", "%C3%BC");
  assert_name ("%41", "%2541");
  assert_name ("a.ini", "a.ini");
}

static void
test_long_names (void)
{
  g_autofree char *longest = g_strnfill (200, 'x');
  g_autofree char *longer = g_strnfill (201, 'x');
  g_autofree char *other = g_strnfill (202, 'x');
  g_autofree char *huge = g_strnfill (TST_ITEM_MAX_KEY_LENGTH, '\x01');
  g_autofree char *too_long = g_strnfill (TST_ITEM_MAX_KEY_LENGTH + 1, 'x');
  g_autofree char *a = tst_item_file_name (longer);
  g_autofree char *b = tst_item_file_name (other);

  g_test_summary ("A long key has a digest in the name of its file, which is that of no other key");

  assert_name (longest, longest);
  assert_name (longer, longer);
  assert_name (huge, NULL);
  g_assert_cmpstr (a, !=, b);
  g_assert_null (tst_item_file_name_get_group (a));
  g_assert_null (tst_item_group_get_key (too_long));
}

static void
test_foreign_names (void)
{
  const char *groups[] = {
    "a b", "%zz", "%4", "%41", "%2f", "a%", "%%", ".a", "%00", "%FF", "ü", "a/b",
  };

  g_test_summary ("What is escaped in another way is not of an item");

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    g_assert_null (tst_item_group_get_key (groups[i]));

  g_assert_false (tst_item_file_name_is_ours (".pets.ini.abcdefghijkl.tst-tmp"));
  g_assert_false (tst_item_file_name_is_ours (".ini"));
  g_assert_false (tst_item_file_name_is_ours ("pets.ini.corrupt-0123456789abcdef"));
  g_assert_false (tst_item_file_name_is_ours ("pets"));
  g_assert_null (tst_item_file_name_get_group ("pets.ini~"));
}

/* --- Texts --- */

static GBytes *
to_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static char *
write_text (const char *text,
            const char *content)
{
  g_autoptr(GBytes) before = text != NULL ? to_bytes (text) : NULL;
  g_autoptr(GBytes) after = tst_item_text_write (before, "pets", content);

  return after != NULL ? g_strndup (g_bytes_get_data (after, NULL), g_bytes_get_size (after)) : NULL;
}

static void
assert_written (const char *text,
                const char *content,
                const char *expected)
{
  g_autofree char *after = write_text (text, content);

  g_assert_cmpstr (after, ==, expected);
}

static void
assert_read (const char *text,
             const char *expected)
{
  g_autoptr(GBytes) bytes = to_bytes (text);
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_item_text_read (bytes, "pets", &content, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

static void
test_format (void)
{
  g_test_summary ("The file is a group, a key and GVariant text");

  assert_written (NULL, "x", "[pets]\ncontent='x'\n");
  assert_written (NULL, "", "[pets]\ncontent=''\n");
  assert_written (NULL, "it's", "[pets]\ncontent=\"it's\"\n");
  assert_written (NULL, "a\nb\\ \"ü\"", "[pets]\ncontent='a\\nb\\\\ \"ü\"'\n");

  assert_read ("[pets]\ncontent='x'\n", "x");
  assert_read ("[pets]\ncontent='x'", "x");
  assert_read ("  [pets]  \n\n# y\n  content  =  \"x\"  \n", "x");
  assert_read ("[pets]\r\ncontent='x'\r\n", "x");
  assert_read ("[pets]\ncontent='\\u00fc\\n'\n", "ü\n");
  assert_read ("[pets]\ncontent='\\\\ud800'\n", "\\ud800");
  assert_read ("[pets]\ncontent=@s 'x'\n", "x");
  assert_read ("[pets]\ncontent='a'\ncontent='b'\n", "b");
  assert_read ("[pets]\nother='x'\n", NULL);
  assert_read ("[dogs]\ncontent='x'\n", NULL);
  assert_read ("# nothing\n", NULL);
}

static void
test_round_trip (void)
{
  g_autoptr(GString) all = g_string_new (NULL);

  g_test_summary ("Every character comes back as it was");

  for (gunichar c = 1; c < 0x11000; c++)
    {
      if (g_unichar_validate (c))
        g_string_append_unichar (all, c);
    }

  {
    g_autofree char *text = write_text (NULL, all->str);

    assert_read (text, all->str);
  }
}

static void
test_kept (void)
{
  g_test_summary ("Comments, groups and keys of others are kept");

  assert_written ("# top\n[dogs]\nx=1\n\n# ours\n[pets]\n# here\nother=garbage \\s\ncontent='a'\nname[de]=Ü\n",
                  "b",
                  "# top\n\n[dogs]\nx=1\n\n# ours\n\n[pets]\n# here\nother=garbage \\s\ncontent='b'\nname[de]=Ü\n");
  /* What was written once stays as it is: no line more each time. */
  assert_written ("# top\n\n[dogs]\nx=1\n\n# ours\n\n[pets]\n# here\nother=garbage \\s\ncontent='b'\nname[de]=Ü\n",
                  "b",
                  "# top\n\n[dogs]\nx=1\n\n# ours\n\n[pets]\n# here\nother=garbage \\s\ncontent='b'\nname[de]=Ü\n");
  assert_written ("[dogs]\nx=1\n", "b", "[dogs]\nx=1\n\n[pets]\ncontent='b'\n");
  assert_written ("# top\n", "b", "# top\n\n[pets]\ncontent='b'\n");
}

static void
test_removed (void)
{
  g_test_summary ("Without the item, what is of others is left, and nothing if there is nothing");

  assert_written ("[pets]\ncontent='a'\n", NULL, NULL);
  assert_written ("\n[pets]\n\ncontent='a'\n\n", NULL, NULL);
  assert_written ("[dogs]\n[pets]\ncontent='a'\n", NULL, NULL);
  assert_written ("[pets]\ncontent='a'\nx=1\n", NULL, "[pets]\nx=1\n");
  assert_written ("[pets]\ncontent='a'\n[dogs]\nx=1\n", NULL, "[pets]\n\n[dogs]\nx=1\n");
  {
    g_autofree char *text = write_text ("# top\n[pets]\ncontent='a'\n", NULL);

    g_assert_true (g_str_has_prefix (text, "# top\n"));
  }
}

typedef struct
{
  const char *text;
  int         length;  /* -1: to the NUL */
  const char *where;
  gboolean    sound;   /* it is a key file nevertheless */
} Damage;

static const Damage damages[] = {
  { "garbage", -1, "line 1, column 1:", FALSE },
  { "[pets]\ncontent='a'\ngarbage\n", -1, "line 3, column 1:", FALSE },
  { "[pets]\ncontent='a'\n[dogs\nx=1\n", -1, "line 3, column 1:", FALSE },
  { "[pets]\ncontent='a'\n\n\n\xff\nx=1\n", -1, "line 5, column 1:", FALSE },
  { "[pets]\ncontent='a\0b'\n", 20, "line 2, column 11:", FALSE },
  { "[pets]\ncontent='a'\n\0", 20, "line 3, column 1:", FALSE },
  { "content='a'\n", -1, "line 1, column 1:", FALSE },
  { "[pets]\ncontent=a\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent=\n", -1, "line 2, column 9:", TRUE },
  { "# x\n[pets]\n  content = 5\n", -1, "line 3, column 13:", TRUE },
  { "[pets]\ncontent='a' 'b'\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent='a\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent='\\u0000'\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent='\\ud800'\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent='\\U00110000'\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent=b'bytes'\n", -1, "line 2, column 9:", TRUE },
  { "[pets]\ncontent=<'a'>\n", -1, "line 2, column 9:", TRUE },
};

static void
test_damaged (void)
{
  g_test_summary ("F12: what is damaged is told with line and column, and never thinned");

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      const Damage *damage = &damages[i];
      gsize length = damage->length < 0 ? strlen (damage->text) : (gsize) damage->length;
      g_autoptr(GBytes) bytes = g_bytes_new (damage->text, length);
      g_autofree char *content = NULL;
      g_autoptr(GError) error = NULL;
      int code = damage->sound ? TST_ERROR_FORMAT : TST_ERROR_PARSE;

      g_assert_false (tst_item_text_read (bytes, "pets", &content, &error));
      g_assert_null (content);
      g_assert_error (error, TST_ERROR, code);
      if (strstr (error->message, damage->where) == NULL)
        g_error ("%u: %s", i, error->message);
      g_assert_cmpint (tst_item_text_is_sound (bytes), ==, damage->sound);
    }
}

static void
test_deep (void)
{
  g_autoptr(GString) text = g_string_new ("[pets]\ncontent=");
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A value nested a million deep is refused, not followed");

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  bytes = g_bytes_new (text->str, text->len);
  g_assert_false (tst_item_text_read (bytes, "pets", &content, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
}

static void
test_bad_line_of_many (void)
{
  g_test_summary ("The bad line is found among many, wherever it is");

  for (guint bad = 2; bad <= 40; bad++)
    {
      g_autoptr(GString) text = g_string_new ("[pets]\n");
      g_autofree char *where = g_strdup_printf ("line %u, column 1:", bad);
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *content = NULL;
      g_autoptr(GError) error = NULL;

      for (guint i = 2; i <= 40; i++)
        g_string_append (text, i == bad ? "bad\n" : i % 3 == 0 ? "\n" : "x=1\n");
      bytes = g_bytes_new (text->str, text->len);

      g_assert_false (tst_item_text_read (bytes, "pets", &content, &error));
      g_assert_nonnull (strstr (error->message, where));
    }
}

static void
test_groups (void)
{
  g_autoptr(GBytes) bytes = to_bytes ("[a]\nx=1\n[b]\n[a]\ny=2\n");
  g_autoptr(GBytes) damaged = to_bytes ("[a]\nx\n");
  g_auto(GStrv) groups = tst_item_text_get_groups (bytes);
  g_auto(GStrv) none = tst_item_text_get_groups (damaged);

  g_test_summary ("The groups of a file, and none of a damaged one");

  g_assert_cmpuint (g_strv_length (groups), ==, 2);
  g_assert_true (g_strv_contains ((const char * const *) groups, "a"));
  g_assert_true (g_strv_contains ((const char * const *) groups, "b"));
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/item/" path, func)

  ADD ("names", test_names);
  ADD ("names/long", test_long_names);
  ADD ("names/foreign", test_foreign_names);
  ADD ("text/format", test_format);
  ADD ("text/round-trip", test_round_trip);
  ADD ("text/kept", test_kept);
  ADD ("text/removed", test_removed);
  ADD ("text/damaged", test_damaged);
  ADD ("text/deep", test_deep);
  ADD ("text/bad-line", test_bad_line_of_many);
  ADD ("text/groups", test_groups);

  return g_test_run ();
}
