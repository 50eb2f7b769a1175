/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept-private.h"

/* Removals that are intercepted: from large to small. What is removed in the
 * end is noted as few paths as possible. */

static gboolean
ask (TstAsking     *self,
     TstWriteKinds  kind,
     const char    *table_id,
     const char    *row_id,
     const char    *id)
{
  g_autoptr(TstWrite) write = NULL;

  if (!tst_asking_wants (self, kind))
    return TRUE;

  write = tst_write_new (kind, table_id, row_id, id);

  return tst_asking_ask (self, write);
}

/* --- Cells and values --- */

gboolean
tst_asking_remove_cell (TstAsking  *self,
                        const char *table_id,
                        const char *row_id,
                        const char *cell_id)
{
  TstWriteKinds kind = table_id ? TST_WRITE_REMOVE_CELL : TST_WRITE_REMOVE_VALUE;
  gboolean removed = ask (self, kind, table_id, row_id, cell_id);

  tst_paths_add (removed ? self->gone : self->kept, table_id, row_id, cell_id);

  return removed;
}

/* All cells of a row, or all values; which may turn out to be all of it. */
static gboolean
remove_cells (TstAsking           *self,
              const char          *table_id,
              const char          *row_id,
              const char * const  *ids)
{
  guint n_gone = self->gone->len;
  gboolean all = TRUE;

  for (guint i = 0; ids[i] != NULL; i++)
    all &= tst_asking_remove_cell (self, table_id, row_id, ids[i]);

  if (all)
    {
      g_array_set_size (self->gone, n_gone);
      tst_paths_add (self->gone, table_id, row_id, NULL);
    }

  return all;
}

gboolean
tst_asking_remove_values (TstAsking *self)
{
  g_auto(GStrv) ids = NULL;

  if (!ask (self, TST_WRITE_REMOVE_VALUES, NULL, NULL, NULL))
    {
      tst_paths_add (self->kept, NULL, NULL, NULL);
      return FALSE;
    }

  ids = tst_store_get_value_ids (self->store);

  return remove_cells (self, NULL, NULL, (const char * const *) ids);
}

/* --- Rows and tables --- */

gboolean
tst_asking_remove_row (TstAsking  *self,
                       const char *table_id,
                       const char *row_id)
{
  g_auto(GStrv) ids = NULL;

  if (!ask (self, TST_WRITE_REMOVE_ROW, table_id, row_id, NULL))
    {
      tst_paths_add (self->kept, table_id, row_id, NULL);
      return FALSE;
    }

  if (!tst_asking_wants (self, TST_INTERCEPT_REMOVE_CELL))
    {
      tst_paths_add (self->gone, table_id, row_id, NULL);
      return TRUE;
    }

  ids = tst_store_get_cell_ids (self->store, table_id, row_id);

  return remove_cells (self, table_id, row_id, (const char * const *) ids);
}

static gboolean
remove_rows (TstAsking  *self,
             const char *table_id)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, table_id);
  gboolean all = TRUE;

  for (guint i = 0; ids[i] != NULL; i++)
    all &= tst_asking_remove_row (self, table_id, ids[i]);

  return all;
}

gboolean
tst_asking_remove_table (TstAsking  *self,
                         const char *table_id)
{
  guint n_gone = self->gone->len;

  if (!ask (self, TST_WRITE_REMOVE_TABLE, table_id, NULL, NULL))
    {
      tst_paths_add (self->kept, table_id, NULL, NULL);
      return FALSE;
    }

  if (tst_asking_wants (self, TST_INTERCEPT_REMOVE_ROW) && !remove_rows (self, table_id))
    return FALSE;

  g_array_set_size (self->gone, n_gone);
  tst_paths_add (self->gone, table_id, NULL, NULL);

  return TRUE;
}

void
tst_asking_keep_tables (TstAsking *self)
{
  g_auto(GStrv) ids = tst_store_get_table_ids (self->store);

  for (guint i = 0; ids[i] != NULL; i++)
    tst_paths_add (self->kept, ids[i], NULL, NULL);
}

gboolean
tst_asking_remove_tables (TstAsking *self)
{
  g_auto(GStrv) ids = NULL;
  gboolean all = TRUE;

  if (!ask (self, TST_WRITE_REMOVE_TABLES, NULL, NULL, NULL))
    {
      tst_asking_keep_tables (self);
      return FALSE;
    }

  ids = tst_store_get_table_ids (self->store);
  for (guint i = 0; ids[i] != NULL; i++)
    all &= tst_asking_remove_table (self, ids[i]);

  return all;
}

/* --- Doing it --- */

/* What is missing then, the schema says in the end. */
static void
remove_cell (TstStore      *store,
             const TstPath *path)
{
  TstTable *table = path->table_id ? tst_engine_find_table (store->engine, path->table_id->text)
                                   : store->engine->values;

  if (table != NULL)
    tst_store_remove_cell_in (store, table, path->row_id ? path->row_id->text : "", path->id->text);
}

static void
remove_path (TstStore      *store,
             const TstPath *path)
{
  if (path->id != NULL)
    remove_cell (store, path);
  else if (path->row_id != NULL)
    tst_store_remove_row (store, path->table_id->text, path->row_id->text);
  else if (path->table_id != NULL)
    tst_store_remove_table (store, path->table_id->text);
  else
    tst_store_remove_values (store);
}

void
tst_asking_remove_gone (TstAsking *self)
{
  TstWriteKinds intercepted = tst_asking_let_through (self);

  for (guint i = 0; i < self->gone->len; i++)
    remove_path (self->store, &g_array_index (self->gone, TstPath, i));

  tst_asking_intercept_again (self, intercepted);
}

static gboolean
end (TstAsking *self)
{
  gboolean removed = self->gone->len > 0;

  tst_asking_remove_gone (self);

  return tst_asking_end (self, TRUE, NULL) && removed;
}

gboolean
tst_store_intercept_removal (TstStore   *self,
                             const char *table_id,
                             const char *row_id,
                             const char *cell_id)
{
  TstAsking asking;

  if (cell_id != NULL && tst_store_keeps_cell (self, table_id, row_id, cell_id))
    return tst_store_remove_fitting (self, table_id, row_id, cell_id);

  tst_asking_begin (&asking, self);

  if (table_id == NULL)
    {
      if (tst_store_has_tables (self))
        tst_asking_remove_tables (&asking);
    }
  else if (row_id == NULL)
    {
      if (tst_store_has_table (self, table_id))
        tst_asking_remove_table (&asking, table_id);
    }
  else if (cell_id == NULL)
    {
      if (tst_store_has_row (self, table_id, row_id))
        tst_asking_remove_row (&asking, table_id, row_id);
    }
  else if (tst_store_has_cell (self, table_id, row_id, cell_id))
    {
      tst_asking_remove_cell (&asking, table_id, row_id, cell_id);
    }

  return end (&asking);
}

gboolean
tst_store_intercept_value_removal (TstStore   *self,
                                   const char *value_id)
{
  TstAsking asking;

  if (value_id != NULL && tst_store_keeps_cell (self, NULL, NULL, value_id))
    return tst_store_remove_fitting (self, NULL, NULL, value_id);

  tst_asking_begin (&asking, self);

  if (value_id == NULL)
    {
      if (tst_store_has_values (self))
        tst_asking_remove_values (&asking);
    }
  else if (tst_store_has_value (self, value_id))
    {
      tst_asking_remove_cell (&asking, NULL, NULL, value_id);
    }

  return end (&asking);
}
