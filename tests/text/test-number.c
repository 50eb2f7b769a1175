/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Numbers to text and back: as ECMAScript writes them, correctly rounded. */

#include "tst-number-private.h"

#include "test-util.h"

#include <float.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  double      number;
  const char *text;
} Vector;

static char *
write_number (double number)
{
  char text[TST_NUMBER_SIZE];
  gsize length;

  memset (text, '#', sizeof text);
  length = tst_number_write (number, text);
  g_assert_cmpuint (length, <=, 25);

  return g_strndup (text, length);
}

static guint64
get_bits (double number)
{
  guint64 bits;

  memcpy (&bits, &number, sizeof bits);

  return bits;
}

static double
from_bits (guint64 bits)
{
  double number;

  memcpy (&number, &bits, sizeof number);

  return number;
}

/* Reads all of a text that is a number. */
static double
read_number (const char *text)
{
  const char *end = text + strlen (text);
  const char *p = text;
  double number = NAN;

  g_assert_cmpint (tst_number_read (&p, end, &number), ==, TST_NUMBER_VALID);
  g_assert_true (p == end);

  return number;
}

static guint64
random_bits (GRand *rand)
{
  return (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
}

/* All exponents, the edges between them, and what tables hold. */
static double
random_number (GRand *rand)
{
  guint64 bits = random_bits (rand);
  double number;

  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      return (double) (bits >> g_rand_int_range (rand, 0, 64));

    case 1:
      return (double) (bits >> 40) / 1000;

    case 2:
      return (double) (bits >> g_rand_int_range (rand, 11, 60)) / pow (10, g_rand_int_range (rand, 0, 20));

    case 3:
      number = from_bits ((bits % 2047) << 52);
      return bits & (G_GUINT64_CONSTANT (1) << 40) ? number : nextafter (number, 0);

    case 4:
      return from_bits (bits & ((G_GUINT64_CONSTANT (1) << 52) - 1));

    default:
      number = from_bits (bits);
      return isfinite (number) ? number : 0.5;
    }
}

/* --- Writing --- */

static const Vector written[] = {
  { 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1, "-1" }, { 10, "10" }, { 100, "100" },
  { 99999, "99999" }, { 1234567890, "1234567890" },
  { 0.1, "0.1" }, { 0.25, "0.25" }, { 0.125, "0.125" }, { 0.001, "0.001" }, { -0.5, "-0.5" },
  { 1.5, "1.5" }, { 1.05, "1.05" }, { 1.005, "1.005" }, { 100.5, "100.5" },
  { 1234.567, "1234.567" }, { 0.0625, "0.0625" }, { 1.0 / 3, "0.3333333333333333" },
  { 2.0 / 3, "0.6666666666666666" }, { 0.1 + 0.2, "0.30000000000000004" },
  { 999999999999.999, "999999999999.999" }, { 1e12 + 0.5, "1000000000000.5" },
  { 9007199254740991, "9007199254740991" }, { 9007199254740992, "9007199254740992" },
  { 9007199254740994, "9007199254740994" },
  { 1e15, "1000000000000000" }, { 1e20, "100000000000000000000" }, { 1e21, "1e+21" },
  { 1.5e21, "1.5e+21" }, { 999999999999999900000.0, "999999999999999900000" },
  { 123456789012345680000.0, "123456789012345680000" }, { 1e22, "1e+22" }, { 1e23, "1e+23" },
  { 0.000001, "0.000001" }, { 0.0000015, "0.0000015" }, { 1e-7, "1e-7" },
  { 1.5e-7, "1.5e-7" }, { -1.5e-10, "-1.5e-10" }, { 0.00001234, "0.00001234" },
  { 5e-324, "5e-324" }, { 1e-323, "1e-323" }, { 2.2250738585072014e-308, "2.2250738585072014e-308" },
  { 2.225073858507201e-308, "2.225073858507201e-308" },
  { 1.7976931348623157e+308, "1.7976931348623157e+308" }, { 1e308, "1e+308" },
  { 5.960464477539063e-8, "5.960464477539063e-8" }, /* a power of two */
  { 9.5367431640625e-7, "9.5367431640625e-7" },
  { 4294967296.0, "4294967296" }, { 18446744073709552000.0, "18446744073709552000" },
  { 2e-3, "0.002" }, { 4.35, "4.35" }, { 0.000035, "0.000035" }, { 3.141592653589793, "3.141592653589793" },
};

static void
test_number_write_vectors (void)
{
  g_test_summary ("Numbers are written as ECMAScript writes them");

  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autofree char *text = write_number (written[i].number);

      g_assert_cmpstr (text, ==, written[i].text);
    }
}

/* Without zeros at either end */
static char *
get_digits (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text != '\0' && *text != 'e'; text++)
    if (g_ascii_isdigit (*text) && (digits->len > 0 || *text != '0'))
      g_string_append_c (digits, *text);

  while (digits->len > 0 && digits->str[digits->len - 1] == '0')
    g_string_truncate (digits, digits->len - 1);

  return g_string_free (digits, FALSE);
}

/* The closest decimal of so many digits, if it reads back the same, or NULL */
static char *
find_closest (double number,
              gsize  n_digits)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[16];

  g_snprintf (format, sizeof format, "%%.%ue", (guint) n_digits - 1);
  g_ascii_formatd (text, sizeof text, format, number);

  return g_ascii_strtod (text, NULL) == number ? get_digits (text) : NULL;
}

/* No shorter decimal reads back the same; and of those as short, none is
 * closer. (At a power of two the closest may not read back the same, and
 * another one does.) */
static void
assert_shortest (double      number,
                 const char *text)
{
  g_autofree char *digits = get_digits (text);
  g_autofree char *closest = NULL;
  g_autofree char *shorter = NULL;

  if (number == 0)
    return;

  closest = find_closest (number, strlen (digits));
  if (closest != NULL)
    g_assert_cmpstr (digits, ==, closest);

  if (strlen (digits) > 1)
    shorter = find_closest (number, strlen (digits) - 1);
  g_assert_null (shorter);
}

static void
test_number_write_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (300000);

  g_test_summary ("Any number reads back the same, and no shorter or closer text does");

  for (guint i = 0; i < n; i++)
    {
      double number = random_number (rand);
      g_autofree char *text = write_number (number);

      g_assert_cmpfloat (g_ascii_strtod (text, NULL), ==, number);
      g_assert_cmpfloat (read_number (text), ==, number);
      assert_shortest (number, text);
    }
}

/* Writes numbers beside node; @input is bits in hexadecimal, one a line. */
static char *
write_by_node (const char *node,
               const char *input)
{
  static const char script[] =
    "const view = new DataView(new ArrayBuffer(8));"
    "const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n');"
    "console.log(lines.map(line => {"
    "  view.setBigUint64(0, BigInt('0x' + line));"
    "  return String(view.getFloat64(0));"
    "}).join('\\n'));";
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                              &error, node, "-e", script, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));

  return output;
}

static void
test_number_write_node (void)
{
  g_autofree char *node = g_find_program_in_path ("node");
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *output = NULL;
  guint n = test_scale (100000);

  g_test_summary ("JavaScript writes the same");

  if (node == NULL)
    {
      if (g_getenv ("CI") != NULL)
        g_error ("CI needs node");
      g_test_skip ("There is no node");
      return;
    }

  for (guint i = 0; i < n; i++)
    {
      double number = random_number (rand);
      g_autofree char *text = write_number (number);

      g_string_append_printf (input, "%016" G_GINT64_MODIFIER "x\n", get_bits (number));
      g_string_append_printf (expected, "%s\n", text);
    }

  output = write_by_node (node, input->str);
  g_assert_true (strcmp (output, expected->str) == 0);
}

/* --- Reading --- */

static const Vector read_vectors[] = {
  { 0, "0" }, { 0, "0.0" }, { 0, "0e5" }, { 0, "0.000e-999999999999999999999" },
  { 1, "1.0" }, { 1, "1e0" }, { 10, "1E1" }, { 10, "1e+01" }, { 0.1, "1e-1" },
  { 123456789.123456789, "123456789.123456789" },
  { 9007199254740992.0, "9007199254740993" },   /* half way: to even */
  { 9007199254740996.0, "9007199254740995" },
  { 9007199254740994.0, "9007199254740993.00000000000000000000000000000000000001" },
  { 1e22, "1e22" }, { 1e23, "1e23" }, { 1e23, "100000000000000000000000" },
  { 1, "1.00000000000000000000000000000000000000000000000000000000000000000000000000" },
  { 1, "1.00000000000000011102230246251565404236316680908203125" }, /* exactly half way */
  { 0x1.0000000000001p0, "1.00000000000000011102230246251565404236316680908203126" },
  { 1, "1.00000000000000011102230246251565404236316680908203124" },
  { 0x1.0000000000002p0, "1.00000000000000033306690738754696212708950042724609375" },
  { 2.2250738585072011e-308, "2.2250738585072011e-308" },
  { 2.2250738585072014e-308, "2.2250738585072014e-308" },
  { 0x0.fffffffffffffp-1022, "2.2250738585072011360574097967091319759348195463516456400000000000e-308" },
  { 5e-324, "5e-324" }, { 5e-324, "2.4703282292062328e-324" }, { 0, "2.4703282292062327e-324" },
  { 0, "1e-400" }, { 0, "1e-99999999999999999999" },
  { 1.7976931348623157e308, "1.7976931348623157e308" },
  { 1.7976931348623157e308, "1.7976931348623158e308" },
  { 0.3, "0.3" }, { 0.3, "0.299999999999999988897769753748434595763683319091796875" },
  { 8.5e18, "8500000000000000000" }, { 1.8446744073709552e19, "18446744073709551615" },
  { 1.8446744073709552e19, "18446744073709551616" }, { 1e19, "9999999999999999999" },
  { 6.631236846766476e-316, "6.631236846766476e-316" },
  { 3.237883913302901e-319, "3.237883913302901e-319" },
  { 7.2057594037927933e16, "7.2057594037927933e16" },
  { 1, "0.0000000000000000000000000000000000000000000000000000000000000000001e67" },
};

static void
test_number_read_vectors (void)
{
  g_test_summary ("Numbers are rounded correctly");

  for (gsize i = 0; i < G_N_ELEMENTS (read_vectors); i++)
    {
      g_autofree char *negative = g_strconcat ("-", read_vectors[i].text, NULL);

      g_test_message ("%s", read_vectors[i].text);
      g_assert_cmphex (get_bits (read_number (read_vectors[i].text)), ==,
                       get_bits (read_vectors[i].number));
      g_assert_cmphex (get_bits (read_number (negative)), ==, get_bits (-read_vectors[i].number));
    }
}

/* Any number of digits, with a point and an exponent or not */
static char *
random_text (GRand *rand)
{
  GString *text = g_string_new (NULL);
  int n = g_rand_int_range (rand, 1, g_rand_int_range (rand, 2, 40));

  g_string_append_c (text, (char) g_rand_int_range (rand, '1', '9' + 1));
  while (--n > 0)
    g_string_append_c (text, (char) g_rand_int_range (rand, '0', '9' + 1));
  if (g_rand_boolean (rand))
    g_string_insert_c (text, g_rand_int_range (rand, 1, (int) text->len + 1), '.');
  if (text->str[text->len - 1] == '.')
    g_string_append_c (text, '0');
  if (g_rand_boolean (rand))
    g_string_append_printf (text, "e%d", g_rand_int_range (rand, -365, 269));

  return g_string_free (text, FALSE);
}

static void
test_number_read_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (500000);

  g_test_summary ("Any text is read as the C library reads it");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = random_text (rand);

      if (get_bits (read_number (text)) != get_bits (g_ascii_strtod (text, NULL)))
        g_error ("%s is read as %.17g", text, read_number (text));
    }
}

/* The middle between two neighbours, exactly: 53 bits and one more, printed in full. */
static void
test_number_read_half_way (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (100000);

  g_test_summary ("What is half way goes to the even one, and what is next to it does not");

  for (guint i = 0; i < n; i++)
    {
      guint64 below = (G_GUINT64_CONSTANT (1) << 52) | (random_bits (rand) >> 12);
      guint64 even = below + (below & 1);
      g_autofree char *middle = g_strdup_printf ("%" G_GUINT64_FORMAT, 2 * below + 1);
      g_autofree char *more = g_strdup_printf ("%s.000000000000000000000000001", middle);
      g_autofree char *less = g_strdup_printf ("%" G_GUINT64_FORMAT ".99999999999999999999999999", 2 * below);

      g_assert_cmpfloat (read_number (middle), ==, 2 * (double) even);
      g_assert_cmpfloat (read_number (more), ==, 2 * (double) (below + 1));
      g_assert_cmpfloat (read_number (less), ==, 2 * (double) below);
    }
}

static void
test_number_read_many_digits (void)
{
  g_autoptr(GString) text = g_string_new ("1.");
  g_autofree char *zeros = g_strnfill (100000, '0');
  g_autofree char *large = NULL;

  g_test_summary ("A digit a thousand places behind can decide, and a million do no harm");

  g_string_append (text, "00000000000000011102230246251565404236316680908203125");
  g_string_append_len (text, zeros, 2000);
  g_assert_cmpfloat (read_number (text->str), ==, 1);
  g_string_append_c (text, '1');
  g_assert_cmpfloat (read_number (text->str), ==, 1 + DBL_EPSILON);

  g_string_printf (text, "0.%s1e100001", zeros);
  g_assert_cmpfloat (read_number (text->str), ==, 1);
  g_string_printf (text, "1%se-100000", zeros);
  g_assert_cmpfloat (read_number (text->str), ==, 1);
  g_string_printf (text, "1234567890123456789012345%se-100024", zeros);
  g_assert_cmpfloat (read_number (text->str), ==, 1.234567890123456789012345);

  large = g_strnfill (1000000, '9');
  g_string_printf (text, "0.%s", large);
  g_assert_cmpfloat (read_number (text->str), ==, 1);
}

static const struct
{
  const char *text;
  gsize       at;
} invalid[] = {
  { "", 0 }, { "-", 1 }, { "+1", 0 }, { ".5", 0 }, { "-.5", 1 }, { "1.", 2 }, { "1.e5", 2 },
  { "1e", 2 }, { "1e+", 3 }, { "1e-", 3 }, { "1ex", 2 }, { "01", 1 }, { "00", 1 }, { "-01", 2 },
  { "NaN", 0 }, { "Infinity", 0 }, { "-Infinity", 1 }, { "--1", 1 }, { "e5", 0 }, { "\xc2\xbd", 0 },
};

static void
test_number_read_invalid (void)
{
  g_test_summary ("What is not a number of JSON is refused, at the right place");

  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      const char *p = invalid[i].text;
      double number;

      g_test_message ("%s", p);
      g_assert_cmpint (tst_number_read (&p, p + strlen (p), &number), ==, TST_NUMBER_SYNTAX);
      g_assert_cmpint (p - invalid[i].text, ==, invalid[i].at);
    }
}

static void
test_number_read_overflow (void)
{
  static const char *texts[] = {
    "1e309", "-1e400", "1.7976931348623159e308", "1e99999999999999999999", "123456789e301",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977"
    "587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845"
    "817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559"
    "699508093042880177904174497792",
  };

  g_test_summary ("What is larger than any double is refused");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *p = texts[i];
      double number;

      g_assert_cmpint (tst_number_read (&p, p + strlen (p), &number), ==, TST_NUMBER_OVERFLOW);
      g_assert_true (p == texts[i]);
    }
}

static void
test_number_read_end (void)
{
  const char *text = "12.5e3]";
  static const double prefixes[] = { 1, 12, NAN, 12.5, NAN, 12.5e3, 12.5e3 };

  g_test_summary ("Nothing is read behind the end, and the rest is left");

  for (gsize length = 1; length <= strlen (text); length++)
    {
      g_autofree char *copy = g_memdup2 (text, length); /* for memory checkers */
      const char *p = copy;
      double number = NAN;
      TstNumberStatus status = tst_number_read (&p, copy + length, &number);

      if (isnan (prefixes[length - 1]))
        {
          g_assert_cmpint (status, ==, TST_NUMBER_SYNTAX);
          continue;
        }
      g_assert_cmpint (status, ==, TST_NUMBER_VALID);
      g_assert_cmpfloat (number, ==, prefixes[length - 1]);
      g_assert_cmpint (p - copy, ==, MIN (length, 6));
    }
}

static void
test_number_powers (void)
{
  const TstPowerOfTen *powers = tst_number_get_powers ();
  const TstPowerOfTen *one = &powers[-TST_POWER_OF_TEN_MIN];

  g_test_summary ("The table of powers has the values of the published ones");

  g_assert_cmphex (one[0].high, ==, G_GUINT64_CONSTANT (0x8000000000000000));
  g_assert_cmphex (one[0].low, ==, 0);
  g_assert_cmphex (one[1].high, ==, G_GUINT64_CONSTANT (0xa000000000000000));
  g_assert_cmphex (one[55].high, ==, G_GUINT64_CONSTANT (0xd0cf4b50cfe20765));
  g_assert_cmphex (one[55].low, ==, G_GUINT64_CONSTANT (0xfff4b4e3f741cf6d));
  g_assert_cmphex (one[-1].high, ==, G_GUINT64_CONSTANT (0xcccccccccccccccc));
  g_assert_cmphex (one[-1].low, ==, G_GUINT64_CONSTANT (0xcccccccccccccccc));
  g_assert_cmphex (one[-342].high, ==, G_GUINT64_CONSTANT (0xeef453d6923bd65a));
  g_assert_cmphex (one[-342].low, ==, G_GUINT64_CONSTANT (0x113faa2906a13b3f));
  g_assert_cmphex (one[308].high, ==, G_GUINT64_CONSTANT (0x8e679c2f5e44ff8f));
  g_assert_cmphex (one[308].low, ==, G_GUINT64_CONSTANT (0x570f09eaa7ea7648));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/number/write/vectors", test_number_write_vectors);
  g_test_add_func ("/number/write/random", test_number_write_random);
  g_test_add_func ("/number/write/node", test_number_write_node);
  g_test_add_func ("/number/read/vectors", test_number_read_vectors);
  g_test_add_func ("/number/read/random", test_number_read_random);
  g_test_add_func ("/number/read/half-way", test_number_read_half_way);
  g_test_add_func ("/number/read/many-digits", test_number_read_many_digits);
  g_test_add_func ("/number/read/invalid", test_number_read_invalid);
  g_test_add_func ("/number/read/overflow", test_number_read_overflow);
  g_test_add_func ("/number/read/end", test_number_read_end);
  g_test_add_func ("/number/powers", test_number_powers);

  return g_test_run ();
}
