/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "limit-store.h"

#include <math.h>
#include <stdio.h>

/* Writing */

typedef struct
{
  char  *text;
  gsize  length;
  gsize  size;
} Buffer;

static inline void
reserve (Buffer *buffer,
         gsize   more)
{
  if (buffer->length + more > buffer->size)
    {
      buffer->size = (buffer->length + more) * 2;
      buffer->text = realloc (buffer->text, buffer->size);
    }
}

/* Both need room reserved. */
static inline void
put_char (Buffer *buffer,
          char    c)
{
  buffer->text[buffer->length++] = c;
}

static inline void
put_string (Buffer     *buffer,
            const char *string,
            gsize       length)
{
  reserve (buffer, length * 6 + 16);
  put_char (buffer, '"');

  for (gsize i = 0; i < length; i++)
    {
      guint8 c = string[i];

      if (c < 0x20)
        {
          buffer->length += sprintf (buffer->text + buffer->length, "\\u%04x", c);
          continue;
        }

      if (c == '"' || c == '\\')
        put_char (buffer, '\\');
      put_char (buffer, c);
    }

  put_char (buffer, '"');
}

static inline guint
put_digits (char    *end,
            guint64  number)
{
  guint n_digits = 0;

  do
    {
      *--end = '0' + number % 10;
      n_digits++;
    }
  while (number /= 10);

  return n_digits;
}

/* @digits / 10^@scale */
static inline void
put_decimal (Buffer  *buffer,
             guint64  digits,
             guint    scale)
{
  char text[32];
  guint n_digits;

  while (scale > 0 && digits % 10 == 0)
    {
      digits /= 10;
      scale--;
    }

  n_digits = put_digits (text + sizeof text, digits);
  while (n_digits <= scale)
    text[sizeof text - ++n_digits] = '0';

  memcpy (buffer->text + buffer->length, text + sizeof text - n_digits, n_digits - scale);
  buffer->length += n_digits - scale;

  if (scale > 0)
    {
      put_char (buffer, '.');
      memcpy (buffer->text + buffer->length, text + sizeof text - scale, scale);
      buffer->length += scale;
    }
}

/* As Ryu does it: the shortest decimal in the interval that reads back as
 * @number, by exact arithmetic, which for numbers from 1 to 2^31 fits in 128 bits. */
static void
put_shortest (Buffer *buffer,
              double  number)
{
  static const guint64 powers[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    G_GUINT64_CONSTANT (10000000000), G_GUINT64_CONSTANT (100000000000),
    G_GUINT64_CONSTANT (1000000000000), G_GUINT64_CONSTANT (10000000000000),
    G_GUINT64_CONSTANT (100000000000000), G_GUINT64_CONSTANT (1000000000000000),
    G_GUINT64_CONSTANT (10000000000000000)
  };
  guint64 bits, mantissa, value, lower, upper;
  guint shift, scale = 16, rest = 0;
  __uint128_t exact, half;

  for (guint64 whole = (guint64) number; whole >= 10; whole /= 10)
    scale--;

  memcpy (&bits, &number, sizeof bits);
  mantissa = (bits & ((G_GUINT64_CONSTANT (1) << 52) - 1)) | (G_GUINT64_CONSTANT (1) << 52);
  shift = 1023 + 52 - (bits >> 52) + 1; /* one bit more, for half a unit */
  exact = (__uint128_t) mantissa * 2 * powers[scale];
  half = powers[scale];

  value = exact >> shift;
  lower = (exact - half) >> shift;
  upper = (exact + half) >> shift;
  rest = (exact >> (shift - 1)) & 1 ? 5 : 0;

  for (; upper / 10 > lower / 10 && scale > 0; scale--)
    {
      rest = value % 10;
      value /= 10;
      lower /= 10;
      upper /= 10;
    }

  put_decimal (buffer, value + (value == lower || rest >= 5), scale);
}

static inline void
put_number (Buffer *buffer,
            double  number)
{
  double thousandths = number * 1000;

  reserve (buffer, 48);

  if (number < 0)
    {
      put_char (buffer, '-');
      number = -number;
      thousandths = -thousandths;
    }

  if (number < 1e15 && number == (double) (guint64) number)
    put_decimal (buffer, (guint64) number, 0);
  else if (thousandths < 1e12 && rint (thousandths) / 1000 == number)
    put_decimal (buffer, (guint64) rint (thousandths), 3);
  else if (number >= 1 && number < 1u << 31)
    put_shortest (buffer, number);
  else
    for (int precision = 15; precision <= 17; precision++)
      {
        char text[32];

        snprintf (text, sizeof text, "%.*g", precision, number);
        if (precision < 17 && strtod (text, NULL) != number)
          continue;
        memcpy (buffer->text + buffer->length, text, strlen (text));
        buffer->length += strlen (text);
        break;
      }
}

static inline void
put_cell (Buffer          *buffer,
          const LimitCell *cell)
{
  switch (cell->tag)
    {
    case LIMIT_NUMBER:
      put_number (buffer, cell->number);
      break;

    case LIMIT_BOOLEAN:
      reserve (buffer, 8);
      memcpy (buffer->text + buffer->length, cell->length ? "true" : "false", 5);
      buffer->length += cell->length ? 4 : 5;
      break;

    default:
      put_string (buffer, cell->tag == LIMIT_SHORT_STRING ? cell->text : cell->string,
                  cell->length);
      break;
    }
}

static inline void
put_key (Buffer     *buffer,
         const char  id[LIMIT_ID_SIZE],
         gboolean    first)
{
  reserve (buffer, 8);
  if (!first)
    put_char (buffer, ',');
  put_string (buffer, id, strnlen (id, LIMIT_ID_SIZE));
  put_char (buffer, ':');
}

static void
put_row (Buffer           *buffer,
         const LimitTable *table,
         guint             row)
{
  gboolean first = TRUE;

  put_char (buffer, '{');

  for (guint c = 0; c < table->cells.n_ids; c++)
    {
      const LimitCell *cell = limit_table_cell (table, row, c);

      if (cell->tag == LIMIT_NONE)
        continue;

      put_key (buffer, table->cell_ids[c], first);
      put_cell (buffer, cell);
      first = FALSE;
    }

  reserve (buffer, 8);
  put_char (buffer, '}');
}

char *
limit_store_to_text (const LimitStore *self,
                     gsize            *length)
{
  Buffer buffer = { 0 };

  reserve (&buffer, 64);
  put_char (&buffer, '[');
  put_char (&buffer, '{');

  for (guint t = 0; t < self->table_ids.n_ids; t++)
    {
      const LimitTable *table = &self->tables[t];

      put_key (&buffer, self->ids[t], t == 0);
      put_char (&buffer, '{');

      for (guint r = 0; r < table->rows.n_ids; r++)
        {
          put_key (&buffer, table->row_ids[r], r == 0);
          put_row (&buffer, table, r);
        }

      reserve (&buffer, 8);
      put_char (&buffer, '}');
    }

  memcpy (buffer.text + buffer.length, "},{}]", 6);
  *length = buffer.length + 5;
  return buffer.text;
}

/* Reading: streams straight into the store, and trusts its input. */

static double
read_number (const char **text)
{
  static const double powers[] = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  const char *at = *text;
  gboolean negative = *at == '-';
  guint64 digits = 0;
  guint n_digits = 0, scale = 0;
  double number;

  for (at += negative; (guint8) (*at - '0') < 10; at++, n_digits++)
    digits = digits * 10 + (*at - '0');

  if (*at == '.')
    for (at++; (guint8) (*at - '0') < 10; at++, n_digits++, scale++)
      digits = digits * 10 + (*at - '0');

  if (*at == 'e' || *at == 'E' || n_digits > 19 || digits >> 53 || scale > 22)
    return strtod (*text, (char **) text);

  *text = at;
  number = (double) digits / powers[scale];
  return negative ? -number : number;
}

/* A view of the text, or, if something is escaped, of @copy. */
static inline const char *
read_string (const char **text,
             char        *copy,
             guint       *length)
{
  const char *start = ++*text;
  const char *at = start;
  char *end = copy;

  while (*at != '"' && *at != '\\')
    at++;

  if (*at == '"')
    {
      *length = at - start;
      *text = at + 1;
      return start;
    }

  for (at = start; *at != '"'; at++)
    {
      if (*at == '\\')
        at++;
      *end++ = *at;
    }

  *length = end - copy;
  *text = at + 1;
  return copy;
}

static inline void
read_id (const char **text,
         char         id[LIMIT_ID_SIZE + 1])
{
  char copy[256];
  guint length;
  const char *string = read_string (text, copy, &length);

  memcpy (id, string, length);
  id[length] = '\0';
}

static inline DatasetValue
read_value (const char **text,
            char        *copy)
{
  DatasetValue value = { .type = DATASET_BOOLEAN };

  switch (**text)
    {
    case '"':
      value.type = DATASET_STRING;
      value.string = read_string (text, copy, &value.length);
      break;

    case 't':
      value.boolean = TRUE;
      *text += 4;
      break;

    case 'f':
      *text += 5;
      break;

    default:
      value.type = DATASET_NUMBER;
      value.number = read_number (text);
      break;
    }

  return value;
}

/* Most often it is the cell that follows the last one in the row before. */
static inline guint32
read_cell_id (const char **text,
              LimitTable  *table,
              guint32      guess)
{
  char copy[256];
  char id[LIMIT_ID_SIZE + 1];
  guint length;
  const char *string = read_string (text, copy, &length);

  if (guess < table->cells.n_ids && memcmp (table->cell_ids[guess], string, length) == 0 &&
      (length == LIMIT_ID_SIZE || table->cell_ids[guess][length] == '\0'))
    return guess;

  memcpy (id, string, length);
  id[length] = '\0';
  return limit_table_add_cell (table, id);
}

static inline void
skip_comma (const char **text)
{
  if (**text == ',')
    (*text)++;
}

static const char *
read_row (LimitStore *self,
          guint32     table,
          guint32     row,
          const char *text)
{
  guint32 cell, guess = 0;
  char copy[256];

  while (*text != '}')
    {
      DatasetValue value;

      skip_comma (&text);
      cell = read_cell_id (&text, &self->tables[table], guess);
      text++;
      value = read_value (&text, copy);
      limit_store_put (self, table, row, cell, &value);
      guess = cell + 1;
    }

  return text + 1;
}

void
limit_store_from_text (LimitStore *self,
                       const char *text)
{
  char id[LIMIT_ID_SIZE + 1];

  for (text += 2; *text != '}'; text++)
    {
      guint32 table;

      skip_comma (&text);
      read_id (&text, id);
      table = limit_store_add_table (self, id);

      for (text += 2; *text != '}'; )
        {
          skip_comma (&text);
          read_id (&text, id);
          text = read_row (self, table, limit_table_add_row (&self->tables[table], id), text + 2);
        }
    }
}
