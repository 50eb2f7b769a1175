/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-store-private.h"
#include "tst-text-private.h"

char *
sim_key (const char *table_id,
         const char *row_id,
         const char *cell_id)
{
  return g_strconcat (table_id, "/", row_id, "/", cell_id, NULL);
}

gboolean
sim_key_is_in_row (const char *key)
{
  return key[0] != '/';
}

static void
add_row (SimContent         *self,
         const char         *table_id,
         const TstTableData *table,
         const TstRowView   *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    {
      const char *cell_id = tst_table_data_get_column_id (table, row->columns[i])->text;
      const char *text = tst_cell_peek_string (&row->cells[i]);
      char *value = text != NULL ? g_strdup (text)
                                 : g_strdup_printf ("%g", tst_cell_peek_number (&row->cells[i]));

      g_hash_table_insert (self, sim_key (table_id, row->id->text, cell_id), value);
    }
}

static SimContent *
new_for_snapshot (TstSnapshot *snapshot)
{
  SimContent *self = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const TstTableData *table;
  guint position = 0;
  TstRowView row;

  while (tst_snapshot_next_table (snapshot, &position, &table))
    {
      guint row_position = 0;

      while (tst_table_data_next_row (table, &row_position, &row))
        add_row (self, tst_table_data_get_id (table)->text, table, &row);
    }

  table = tst_snapshot_get_values (snapshot, &row);
  if (table != NULL)
    add_row (self, "", table, &row);

  return self;
}

/* Returns NULL if it is not content. */
SimContent *
sim_content_new (GBytes *text)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) snapshot = NULL;

  engine = tst_text_read_content (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL,
                                  NULL);
  if (engine == NULL)
    return NULL;

  snapshot = tst_engine_snapshot (engine);

  return new_for_snapshot (snapshot);
}

SimContent *
sim_content_new_for_store (TstStore *store)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (store);

  return new_for_snapshot (snapshot);
}

/* Whether there is any cell of the row that @key is in. */
gboolean
sim_content_has_row (SimContent *self,
                     const char *key)
{
  gsize length = strrchr (key, '/') + 1 - key;
  GHashTableIter iter;
  gpointer other;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &other, NULL))
    if (strncmp (key, other, length) == 0)
      return TRUE;

  return FALSE;
}

gboolean
sim_content_equal (SimContent *self,
                   SimContent *other)
{
  GHashTableIter iter;
  gpointer key, value;

  if (g_hash_table_size (self) != g_hash_table_size (other))
    return FALSE;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (g_hash_table_lookup (other, key), value) != 0)
      return FALSE;

  return TRUE;
}
