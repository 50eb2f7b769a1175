/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-content-private.h"

#include "tst-json-reader-private.h"
#include "tst-text-private.h"

#include <glib/gi18n-lib.h>

/* Up to so many cells are compared with each other to find one that is there
 * twice; of more, a table is made. */
#define MAX_COMPARED 16

TstNamedCell *
tst_json_cells_append (TstJsonCells *self)
{
  if (self->n_cells == self->size)
    {
      self->size = MAX (self->size * 2, 8);
      self->cells = g_renew (TstNamedCell, self->cells, self->size);
    }

  return &self->cells[self->n_cells];
}

const char *
tst_json_cells_keep_name (TstJsonCells *self,
                          const char   *name,
                          gsize         length)
{
  if (self->names == NULL)
    self->names = g_string_chunk_new (64);

  return g_string_chunk_insert_len (self->names, name, (gssize) length);
}

static gboolean
read_named_cell (TstJsonCells  *self,
                 TstJsonReader *reader)
{
  TstNamedCell *cell = tst_json_cells_append (self);
  const char *name;

  if (!tst_json_reader_read_key (reader, &name, &cell->length))
    return FALSE;

  /* A name that was escaped is in a buffer that the next string goes into. */
  cell->id = name == reader->scratch.text ? tst_json_cells_keep_name (self, name, cell->length)
                                          : name;
  if (!tst_json_reader_read_cell (reader, &cell->cell))
    return FALSE;

  self->n_cells++;

  return TRUE;
}

static guint
named_cell_hash (gconstpointer data)
{
  const TstNamedCell *cell = data;

  return tst_id_hash (cell->id, cell->length);
}

static gboolean
named_cell_equal (gconstpointer a,
                  gconstpointer b)
{
  const TstNamedCell *first = a, *second = b;

  return first->length == second->length && memcmp (first->id, second->id, first->length) == 0;
}

static gboolean
has_twice_few (const TstJsonCells *self)
{
  for (gsize i = 1; i < self->n_cells; i++)
    for (gsize j = 0; j < i; j++)
      if (named_cell_equal (&self->cells[i], &self->cells[j]))
        return TRUE;

  return FALSE;
}

static gboolean
has_twice (const TstJsonCells *self)
{
  g_autoptr(GHashTable) names = NULL;

  if (self->n_cells <= MAX_COMPARED)
    return has_twice_few (self);

  names = g_hash_table_new (named_cell_hash, named_cell_equal);
  for (gsize i = 0; i < self->n_cells; i++)
    if (!g_hash_table_add (names, &self->cells[i]))
      return TRUE;

  return FALSE;
}

static gboolean
read_object (TstJsonCells  *self,
             TstJsonReader *reader)
{
  gboolean more = TRUE;

  if (!tst_json_reader_begin (reader))
    return FALSE;

  if (!tst_json_reader_take (reader, '{'))
    return tst_json_reader_fail_expected (reader, N_("Expected an object"));

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_take (reader, '}'))
    return tst_json_reader_finish (reader);

  while (more)
    if (!read_named_cell (self, reader) || !tst_json_reader_next_member (reader, &more))
      return FALSE;

  if (has_twice (self))
    return tst_json_reader_fail (reader, TST_ERROR_FORMAT, NULL, N_("An id is there twice"));

  return tst_json_reader_finish (reader);
}

gboolean
tst_json_read_cells (TstJsonCells  *self,
                     const char    *text,
                     gsize          length,
                     GError       **error)
{
  g_auto(TstJsonReader) reader = { NULL, };

  tst_json_reader_init (&reader, text, length);
  if (read_object (self, &reader))
    return TRUE;

  tst_json_reader_set_error (&reader, error);

  return FALSE;
}

void
tst_json_cells_clear (TstJsonCells *self)
{
  for (gsize i = 0; i < self->n_cells; i++)
    tst_cell_clear (&self->cells[i].cell);
  self->n_cells = self->size = 0;

  g_clear_pointer (&self->cells, g_free);
  g_clear_pointer (&self->names, g_string_chunk_free);
}

gboolean
tst_json_read_cell (TstCell     *cell,
                    const char  *text,
                    gsize        length,
                    GError     **error)
{
  g_auto(TstJsonReader) reader = { NULL, };
  TstCell read = TST_CELL_INIT;

  tst_json_reader_init (&reader, text, length);
  if (tst_json_reader_begin (&reader) &&
      tst_json_reader_read_cell (&reader, &read) &&
      tst_json_reader_finish (&reader))
    {
      *cell = read;
      return TRUE;
    }

  tst_cell_clear (&read);
  tst_json_reader_set_error (&reader, error);

  return FALSE;
}
