/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "dataset.h"

#include <string.h>

/* mulberry32 */
guint32
dataset_random (guint32 *state)
{
  guint32 x = (*state += 0x6d2b79f5u);

  x = (x ^ (x >> 15)) * (x | 1);
  x = (x + (x ^ (x >> 7)) * (x | 61)) ^ x;

  return x ^ (x >> 14);
}

/* 3 to 20 letters; one in 64 needs escapes and UTF-8. */
static guint32
make_string (guint32  draw,
             char    *buffer)
{
  guint32 length = 3 + draw % 18;
  guint32 state = draw;

  for (guint32 i = 0; i < length; i++)
    {
      state = state * 1664525u + 1013904223u;
      buffer[i] = 'a' + (state >> 24) % 26;
    }

  if ((draw & 63) == 0)
    {
      memcpy (buffer + length, "\"\303\251", 3);
      length += 3;
    }

  buffer[length] = '\0';
  return length;
}

/* Half of them small whole numbers, 40 % with up to three decimals, 10 % that
 * need all their digits. */
static double
make_number (guint32 draw)
{
  guint32 kind = draw % 10;

  if (kind < 5)
    return (draw >> 8) % 100000;

  return kind < 9 ? (draw >> 8) / 1000.0 : (draw >> 8) / 7.0;
}

/* Half of them numbers, 30 % strings, 20 % booleans. A string is written to @buffer. */
DatasetValue
dataset_make_value (guint32  first,
                    guint32  second,
                    char    *buffer)
{
  DatasetValue value = { 0 };
  guint32 kind = first % 10;

  if (kind < 5)
    {
      value.type = DATASET_NUMBER;
      value.number = make_number (second);
    }
  else if (kind < 8)
    {
      value.type = DATASET_STRING;
      value.length = make_string (second, buffer);
      value.string = buffer;
    }
  else
    {
      value.type = DATASET_BOOLEAN;
      value.boolean = second & 1;
    }

  return value;
}

/* Nothing here is ever freed: each measurement is a process of its own. */

DatasetValue *
dataset_make_values (guint32 seed,
                     gsize   n_values)
{
  DatasetValue *values = g_new (DatasetValue, n_values);
  char *strings = g_malloc (n_values * DATASET_STRING_SIZE);

  for (gsize i = 0; i < n_values; i++)
    {
      guint32 first = dataset_random (&seed);
      guint32 second = dataset_random (&seed);

      values[i] = dataset_make_value (first, second, strings + i * DATASET_STRING_SIZE);
    }

  return values;
}

guint32 *
dataset_make_order (guint32 seed,
                    gsize   n_draws,
                    guint32 range)
{
  guint32 *order = g_new (guint32, n_draws);

  for (gsize i = 0; i < n_draws; i++)
    order[i] = dataset_random (&seed) % range;

  return order;
}

static char **
alloc_ids (guint n_ids,
           guint stride)
{
  char **ids = g_new (char *, n_ids);
  char *text = g_malloc0 ((gsize) n_ids * stride);

  for (guint i = 0; i < n_ids; i++)
    ids[i] = text + (gsize) i * stride;

  return ids;
}

char **
dataset_make_ids (const char *prefix,
                  guint       n_ids)
{
  char **ids = alloc_ids (n_ids, 16);

  for (guint i = 0; i < n_ids; i++)
    g_snprintf (ids[i], 16, "%s%u", prefix, i);

  return ids;
}

char **
dataset_make_uuids (guint32 seed,
                    guint   n_ids)
{
  char **ids = alloc_ids (n_ids, 40);

  for (guint i = 0; i < n_ids; i++)
    {
      guint32 word[4];

      for (guint j = 0; j < G_N_ELEMENTS (word); j++)
        word[j] = dataset_random (&seed);

      g_snprintf (ids[i], 40, "%08x-%04x-4%03x-%04x-%04x%08x",
                  word[0], word[1] >> 16, word[1] & 0xfff,
                  0x8000 | (word[2] >> 16 & 0x3fff), word[2] & 0xffff, word[3]);
    }

  return ids;
}

Dataset *
dataset_new_ids_only (guint n_rows)
{
  Dataset *self = g_new0 (Dataset, 1);

  self->n_tables = DATASET_N_TABLES;
  self->n_rows = n_rows;
  self->n_cells = DATASET_N_CELLS;
  self->size = (gsize) self->n_tables * n_rows * self->n_cells;
  self->table_ids = dataset_make_ids ("t", self->n_tables);
  self->row_ids = dataset_make_ids ("r", n_rows);
  self->cell_ids = dataset_make_ids ("c", self->n_cells);

  return self;
}

Dataset *
dataset_new (guint n_rows)
{
  Dataset *self = dataset_new_ids_only (n_rows);

  self->values = dataset_make_values (1, self->size);

  return self;
}

static gboolean
is_among (guint16        column,
          const guint16 *columns,
          guint          n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    if (columns[i] == column)
      return TRUE;

  return FALSE;
}

/* Rows that have few of many cell ids, each its own ones in its own order. */
Dataset *
dataset_new_sparse (guint n_rows)
{
  Dataset *self = dataset_new_ids_only (n_rows);
  guint32 seed = 13;

  self->n_cells = DATASET_SPARSE_CELLS;
  self->size = (gsize) self->n_tables * n_rows * self->n_cells;
  self->cell_ids = dataset_make_ids ("c", DATASET_SPARSE_IDS);
  self->values = dataset_make_values (1, self->size);
  self->columns = g_new (guint16, self->size);

  for (gsize i = 0; i < self->size; i++)
    {
      guint position = i % self->n_cells;

      do
        self->columns[i] = dataset_random (&seed) % DATASET_SPARSE_IDS;
      while (is_among (self->columns[i], self->columns + i - position, position));
    }

  return self;
}

/* Tables and rows whose ids are too long to be kept in a slot. */
Dataset *
dataset_new_uuids (guint n_rows)
{
  Dataset *self = dataset_new (n_rows);

  self->table_ids = dataset_make_uuids (14, self->n_tables);
  self->row_ids = dataset_make_uuids (15, n_rows);

  return self;
}

/* One table of as many rows as all others together: a number to sort by, a short
 * string, and a boolean. */
Dataset *
dataset_new_sorted (guint n_rows)
{
  Dataset *self = dataset_new_ids_only (n_rows * DATASET_N_TABLES);
  guint32 seed = 4;
  char *strings;

  self->n_tables = 1;
  self->n_cells = DATASET_SORTED_CELLS;
  self->size = (gsize) self->n_rows * self->n_cells;
  self->values = g_new0 (DatasetValue, self->size);
  strings = g_malloc0 (self->n_rows * 8);

  for (guint r = 0; r < self->n_rows; r++)
    {
      DatasetValue *row = &self->values[(gsize) r * self->n_cells];

      row[0].type = DATASET_NUMBER;
      row[0].number = dataset_random (&seed) / 16.0;
      row[1].type = DATASET_STRING;
      row[1].string = strings + (gsize) r * 8;
      row[1].length = (guint32) g_snprintf (strings + (gsize) r * 8, 8, "k%u",
                                            dataset_random (&seed) % 100);
      row[2].type = DATASET_BOOLEAN;
      row[2].boolean = r % 3 == 0;
    }

  return self;
}

double
dataset_next_sorted_change (guint32 *seed,
                            guint    i,
                            guint    n_rows,
                            guint32 *row)
{
  guint32 number;

  *row = dataset_random (seed) % n_rows;
  number = dataset_random (seed);

  return (i % 10 == 0 ? number % 100000 : number) / 16.0;
}

/* FNV-1a of the ids with commas between them: what a page must be. */
guint32
dataset_hash_ids (const char * const *ids,
                  guint               n_ids)
{
  guint32 hash = 0x811c9dc5;

  for (guint i = 0; i < n_ids; i++)
    {
      if (i > 0)
        hash = (hash ^ ',') * 0x01000193;
      for (const char *p = ids[i]; *p != '\0'; p++)
        hash = (hash ^ (guint8) *p) * 0x01000193;
    }

  return hash;
}

/* What the reads of W2 (or, without @order, of W2s) must add up to. */
gsize
dataset_sum_types (const Dataset *self,
                   const guint32 *order)
{
  gsize sum = 0;

  for (gsize i = 0; i < self->size; i++)
    sum += self->values[order ? order[i] : i].type;

  return sum;
}

static void
append_value (GString            *text,
              const DatasetValue *value)
{
  char number[32];

  switch (value->type)
    {
    case DATASET_NUMBER:
      /* Slow, but plainly the shortest. */
      for (int precision = 15; precision <= 17; precision++)
        {
          g_snprintf (number, sizeof number, "%.*g", precision, value->number);
          if (g_ascii_strtod (number, NULL) == value->number)
            break;
        }
      g_string_append (text, number);
      break;

    case DATASET_STRING:
      g_string_append_c (text, '"');
      for (guint i = 0; i < value->length; i++)
        {
          if (value->string[i] == '"')
            g_string_append_c (text, '\\');
          g_string_append_c (text, value->string[i]);
        }
      g_string_append_c (text, '"');
      break;

    case DATASET_BOOLEAN:
    default:
      g_string_append (text, value->boolean ? "true" : "false");
      break;
    }
}

/* The text of W4 and W5, made by none of the peers. */
char *
dataset_to_text (const Dataset *self,
                 gsize         *length)
{
  GString *text = g_string_sized_new (self->size * 17);
  gsize i = 0;

  for (guint t = 0; t < self->n_tables; t++)
    {
      g_string_append_printf (text, "%s\"%s\":{", t == 0 ? "[{" : "},", self->table_ids[t]);

      for (guint r = 0; r < self->n_rows; r++)
        {
          g_string_append_printf (text, "%s\"%s\":{", r == 0 ? "" : "},", self->row_ids[r]);

          for (guint c = 0; c < self->n_cells; c++, i++)
            {
              g_string_append_printf (text, "%s\"%s\":", c == 0 ? "" : ",",
                                      dataset_cell_id (self, i, c));
              append_value (text, &self->values[i]);
            }
        }

      g_string_append_c (text, '}');
    }

  g_string_append (text, "}},{}]");

  *length = text->len;
  return g_string_free (text, FALSE);
}
