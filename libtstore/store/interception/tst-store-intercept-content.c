/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept-private.h"

/* Tables and whole content that are set, and intercepted. What came out of it
 * is built beside the store, and then the store is made equal to that. */

typedef struct
{
  TstAsking  asking;
  TstStore  *store;
  TstEngine *outcome;  /* what is to be set; without what is kept, until the end */
  TstParts   parts;
} Setting;

/* --- What there is now --- */

/* What is looked for in the data of a table is indexed there. So this has to be data of a
 * snapshot, or the index would stay while the data is written to. */

static gboolean
is_same_table (TstStore           *store,
               const TstTableData *content)
{
  g_autoptr(TstSnapshot) now = tst_engine_snapshot (store->engine);
  const TstTable *table = tst_engine_find_table (store->engine, tst_table_data_get_id (content)->text);

  return table != NULL && tst_table_data_equal (table->data, content);
}

static gboolean
has_same_tables (TstStore          *store,
                 const TstSnapshot *content)
{
  const TstTableData *table;
  guint position = 0;

  if (store->engine->root->n_tables != content->n_tables)
    return FALSE;

  while (tst_snapshot_next_table (content, &position, &table))
    if (!is_same_table (store, table))
      return FALSE;

  return TRUE;
}

static gboolean
has_same_content (TstStore          *store,
                  const TstSnapshot *content)
{
  g_autoptr(TstSnapshot) now = tst_engine_snapshot (store->engine);

  return has_same_tables (store, content) &&
         tst_table_data_equal (now->values, content->values);
}

/* --- What comes out of it --- */

static void
put_cell (Setting     *self,
          const char  *table_id,
          const char  *row_id,
          const TstId *id,
          TstCell      cell)
{
  TstEngine *outcome = self->outcome;
  TstTable *table = outcome->values;
  TstCell copy;
  guint32 row;

  if (table_id != NULL)
    table = tst_engine_ensure_table (outcome, table_id, strlen (table_id), NULL);
  row = tst_engine_ensure_row (outcome, table, row_id, strlen (row_id), NULL);

  tst_cell_copy (&copy, &cell);
  if (!tst_engine_put_cell (outcome, table, row, tst_engine_ensure_column (outcome, table, id->text, id->length),
                            &copy))
    tst_cell_clear (&copy);
}

static void
set_pooled (Setting    *self,
            const char *table_id,
            const char *row_id,
            gboolean    pooled)
{
  TstTable *table = tst_engine_find_table (self->outcome, table_id);

  tst_engine_set_pooled (self->outcome, table, tst_id_map_find_text (&table->rows, row_id), pooled);
}

static void
put_row (Setting           *self,
         const TstAskedRow *row)
{
  for (guint i = 0; i < row->cells->len; i++)
    {
      const TstAskedCell *asked = &g_array_index (row->cells, TstAskedCell, i);

      put_cell (self, row->table_id, row->row_id ? row->row_id : "", asked->id, asked->cell);
    }
}

/* --- What is kept --- */

/* @id: (nullable): NULL for all cells */
static void
keep_cells (Setting            *self,
            const char         *table_id,
            const TstTableData *data,
            const TstRowView   *row,
            const TstId        *id)
{
  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstId *column_id = tst_table_data_get_column_id (data, row->columns[i]);

      if (id == NULL || tst_id_equal (column_id, id))
        put_cell (self, table_id, row->id->text, column_id, row->cells[i]);
    }

  if (id == NULL && table_id != NULL)
    set_pooled (self, table_id, row->id->text, row->pooled);
}

static void
keep_path (Setting       *self,
           const TstPath *path)
{
  const char *table_id = path->table_id ? path->table_id->text : NULL;
  const TstTable *table = table_id ? tst_engine_find_table (self->store->engine, table_id)
                                   : self->store->engine->values;
  guint position = 0;
  TstRowView row;

  if (table == NULL)
    return;

  if (path->row_id != NULL)
    {
      position = tst_id_map_find_id (&table->rows, path->row_id);
      if (position != TST_ID_MAP_NONE && tst_table_data_next_row (table->data, &position, &row))
        keep_cells (self, table_id, table->data, &row, path->id);
      return;
    }

  while (tst_table_data_next_row (table->data, &position, &row))
    keep_cells (self, table_id, table->data, &row, path->id);
}

/* As late as possible: interceptors may have written to it. */
static TstSnapshot *
finish_outcome (Setting *self)
{
  for (guint i = 0; i < self->asking.kept->len; i++)
    keep_path (self, &g_array_index (self->asking.kept, TstPath, i));

  return tst_engine_snapshot (self->outcome);
}

/* --- Rows --- */

static gboolean
set_row (Setting            *self,
         const TstTableData *content,
         const TstRowView   *view)
{
  const char *table_id = tst_table_data_get_id (content)->text;
  g_auto(TstAskedRow) row = { NULL, };

  tst_asked_row_init (&row, table_id, view->id->text);
  if (!tst_asking_set_row (&self->asking, &row, content, view, FALSE))
    {
      tst_paths_add (self->asking.kept, table_id, view->id->text, NULL);
      return FALSE;
    }

  put_row (self, &row);
  set_pooled (self, table_id, view->id->text, view->pooled && (self->parts & TST_PART_POOLED));

  return TRUE;
}

static gboolean
set_rows (Setting            *self,
          const TstTableData *content)
{
  gboolean any = FALSE;
  guint position = 0;
  TstRowView view;

  while (tst_table_data_next_row (content, &position, &view))
    any |= set_row (self, content, &view);

  return any;
}

static void
remove_other_rows (Setting            *self,
                   const TstTableData *content)
{
  const char *table_id = tst_table_data_get_id (content)->text;
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, table_id);
  TstRowView view;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(TstId) id = tst_id_new (ids[i], strlen (ids[i]));

      if (!tst_table_data_find_row (content, id, &view))
        tst_asking_remove_row (&self->asking, table_id, ids[i]);
    }
}

/* --- Tables --- */

/* @same: that it is so already. Returns: (transfer full) (nullable): what came out of it */
static TstSnapshot *
ask (Setting       *self,
     TstWriteKinds  kind,
     const char    *table_id,
     TstSnapshot   *content,
     gboolean       same)
{
  g_autoptr(TstWrite) write = NULL;

  if (same || !tst_asking_wants (&self->asking, kind))
    return tst_snapshot_ref (content);

  write = tst_write_new (kind, table_id, NULL, NULL);
  tst_write_take_content (write, tst_snapshot_ref (content));
  if (!tst_asking_ask (&self->asking, write))
    return NULL;

  return tst_snapshot_ref (tst_write_peek_content (write));
}

static gboolean
ask_rows (Setting     *self,
          const char  *table_id,
          TstSnapshot *content)
{
  gboolean same = is_same_table (self->store, tst_snapshot_find_table (content, table_id));
  g_autoptr(TstSnapshot) altered = ask (self, TST_WRITE_SET_TABLE, table_id, content, same);
  const TstTableData *table = altered ? tst_snapshot_find_table (altered, table_id) : NULL;

  if (table == NULL || !set_rows (self, table))
    return FALSE;

  remove_other_rows (self, table);
  return TRUE;
}

/* Returns FALSE if it stays as it is. */
static gboolean
set_table (Setting     *self,
           const char  *table_id,
           TstSnapshot *content)
{
  if (ask_rows (self, table_id, content))
    return TRUE;

  tst_paths_add (self->asking.kept, table_id, NULL, NULL);

  return FALSE;
}

static void
remove_other_tables (Setting           *self,
                     const TstSnapshot *content)
{
  g_auto(GStrv) ids = tst_store_get_table_ids (self->store);

  for (guint i = 0; ids[i] != NULL; i++)
    if (tst_snapshot_find_table (content, ids[i]) == NULL)
      tst_asking_remove_table (&self->asking, ids[i]);
}

static gboolean
ask_tables (Setting     *self,
            TstSnapshot *content)
{
  gboolean same = has_same_tables (self->store, content);
  g_autoptr(TstSnapshot) altered = ask (self, TST_WRITE_SET_TABLES, NULL, content, same);
  gboolean any = FALSE;
  guint position = 0;
  const TstTableData *table;

  while (altered != NULL && tst_snapshot_next_table (altered, &position, &table))
    any |= set_table (self, tst_table_data_get_id (table)->text, altered);
  if (any)
    remove_other_tables (self, altered);

  return any;
}

/* These two return FALSE if the part stays as it is. */
static gboolean
set_tables (Setting     *self,
            TstSnapshot *content)
{
  if (content->n_tables == 0)
    {
      if (tst_store_has_tables (self->store))
        tst_asking_remove_tables (&self->asking);
      return self->asking.gone->len > 0;
    }

  if (ask_tables (self, content))
    return TRUE;

  tst_asking_keep_tables (&self->asking);

  return FALSE;
}

static gboolean
set_values (Setting     *self,
            TstSnapshot *content)
{
  g_auto(TstAskedRow) row = { NULL, };
  const TstTableData *table;
  TstRowView view;

  table = tst_snapshot_get_values (content, &view);
  if (table == NULL)
    {
      guint n_gone = self->asking.gone->len;

      if (tst_store_has_values (self->store))
        tst_asking_remove_values (&self->asking);
      return self->asking.gone->len > n_gone;
    }

  tst_asked_row_init (&row, NULL, NULL);
  if (!tst_asking_set_row (&self->asking, &row, table, &view, FALSE))
    {
      tst_paths_add (self->asking.kept, NULL, NULL, NULL);
      return FALSE;
    }

  put_row (self, &row);
  return TRUE;
}

/* --- Everything --- */

static gboolean
set_parts (Setting     *self,
           TstSnapshot *content)
{
  gboolean is_content = (self->parts & TST_PART_ALL) == TST_PART_ALL;
  gboolean same = !is_content || has_same_content (self->store, content);
  g_autoptr(TstSnapshot) altered = ask (self, TST_WRITE_SET_CONTENT, NULL, content, same);
  gboolean any = FALSE;

  if (altered == NULL)
    return FALSE;

  if (self->parts & TST_PART_TABLES)
    any |= set_tables (self, altered);
  if (self->parts & TST_PART_VALUES)
    any |= set_values (self, altered);

  return any || self->asking.refusal == NULL;
}

static void
begin (Setting  *self,
       TstStore *store,
       TstParts  parts)
{
  self->store = store;
  self->outcome = tst_engine_new ();
  self->parts = parts;
  tst_asking_begin (&self->asking, store);
}

/* @table_id: (nullable): NULL for the parts */
static gboolean
write_outcome (Setting    *self,
               const char *table_id)
{
  g_autoptr(TstSnapshot) outcome = finish_outcome (self);
  TstWriteKinds intercepted = tst_asking_let_through (&self->asking);
  GError *error = NULL;
  gboolean written;

  if (table_id != NULL)
    written = tst_store_replace_table (self->store, table_id,
                                       tst_snapshot_find_table (outcome, table_id), &error);
  else
    written = tst_store_replace (self->store, outcome, self->parts | TST_PART_POOLED, &error);

  tst_asking_intercept_again (&self->asking, intercepted);
  if (!written)
    tst_asking_take_error (&self->asking, error);

  return written;
}

static gboolean
end (Setting   *self,
     gboolean   done,
     GError   **error)
{
  tst_engine_free (self->outcome);

  return tst_asking_end (&self->asking, done, error);
}

gboolean
tst_store_write_content (TstStore     *self,
                         TstSnapshot  *content,
                         TstParts      parts,
                         GError      **error)
{
  Setting setting;

  if (!(self->intercepted & TST_INTERCEPT_CONTENT))
    return tst_store_replace (self, content, parts, error);

  begin (&setting, self, parts);

  return end (&setting, set_parts (&setting, content) && write_outcome (&setting, NULL), error);
}

gboolean
tst_store_write_table (TstStore     *self,
                       const char   *table_id,
                       TstSnapshot  *content,
                       GError      **error)
{
  Setting setting;

  if (!(self->intercepted & TST_INTERCEPT_TABLE))
    return tst_store_replace_table (self, table_id, tst_snapshot_find_table (content, table_id), error);

  begin (&setting, self, TST_PART_TABLES);

  return end (&setting,
              set_table (&setting, table_id, content) && write_outcome (&setting, table_id), error);
}
