/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept-private.h"

/* Cells, rows and values that are set, and intercepted. The values are treated
 * as a row without a name, and of a row it is its cells that are written in the
 * end: what interceptors write to others of its cells stays. */

/* --- A row that is asked about --- */

static void
asked_cell_clear (gpointer data)
{
  TstAskedCell *self = data;

  tst_id_unref (self->id);
  tst_cell_clear (&self->cell);
}

void
tst_asked_row_init (TstAskedRow *self,
                    const char  *table_id,
                    const char  *row_id)
{
  *self = (TstAskedRow) { table_id, row_id, g_array_new (FALSE, FALSE, sizeof (TstAskedCell)) };
  g_array_set_clear_func (self->cells, asked_cell_clear);
}

void
tst_asked_row_clear (TstAskedRow *self)
{
  g_clear_pointer (&self->cells, g_array_unref);
}

/* Takes over what is in @cell. */
static void
add_cell (TstAskedRow *self,
          TstId       *id,
          TstCell     *cell,
          gboolean     changes)
{
  TstAskedCell asked = { tst_id_ref (id), *cell, changes };

  g_array_append_val (self->cells, asked);
  *cell = (TstCell) TST_CELL_INIT;
}

/* --- What there is now --- */

const TstCell *
tst_asked_row_peek (const TstAskedRow *self,
                    TstStore          *store,
                    const char        *id)
{
  if (self->table_id == NULL)
    return tst_store_peek_value (store, id);

  return tst_store_peek_cell (store, self->table_id, self->row_id, id);
}

static char **
dup_ids (const TstAskedRow *self,
         TstStore          *store)
{
  if (self->table_id == NULL)
    return tst_store_get_value_ids (store);

  return tst_store_get_cell_ids (store, self->table_id, self->row_id);
}

static gboolean
is_same (const TstAskedRow *self,
         TstStore          *store,
         const char        *id,
         const TstCell     *cell)
{
  const TstCell *now = tst_asked_row_peek (self, store, id);

  return now != NULL && tst_cell_equal (now, cell);
}

static gboolean
differs (const TstAskedRow  *self,
         TstStore           *store,
         const TstTableData *table,
         const TstRowView   *view,
         gboolean            partial)
{
  g_auto(GStrv) ids = NULL;

  for (guint i = 0; i < view->n_cells; i++)
    if (!is_same (self, store, tst_table_data_get_column_id (table, view->columns[i])->text,
                  &view->cells[i]))
      return TRUE;

  if (partial)
    return FALSE;

  ids = dup_ids (self, store);

  return g_strv_length (ids) > view->n_cells;
}

/* --- The row as a whole --- */

static void
put_value (TstEngine     *engine,
           const char    *id,
           gsize          length,
           const TstCell *cell)
{
  TstTable *values = engine->values;
  guint32 row = tst_engine_ensure_row (engine, values, "", 0, NULL);
  TstCell copy;

  tst_cell_copy (&copy, cell);
  tst_engine_set_at (engine, values, row, tst_engine_ensure_column (engine, values, id, length), &copy);
}

/* Returns: (transfer full): the row as it would be, in the place of the values */
static TstSnapshot *
make_whole (const TstAskedRow  *self,
            TstStore           *store,
            const TstTableData *table,
            const TstRowView   *view,
            gboolean            partial)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  g_auto(GStrv) ids = partial ? dup_ids (self, store) : NULL;

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    put_value (engine, ids[i], strlen (ids[i]), tst_asked_row_peek (self, store, ids[i]));

  for (guint i = 0; i < view->n_cells; i++)
    {
      const TstId *id = tst_table_data_get_column_id (table, view->columns[i]);

      put_value (engine, id->text, id->length, &view->cells[i]);
    }

  return tst_engine_snapshot (engine);
}

/* Returns: (transfer full) (nullable): what came out of it */
static TstSnapshot *
ask_whole (TstAsking          *self,
           const TstAskedRow  *row,
           const TstTableData *table,
           const TstRowView   *view,
           gboolean            partial)
{
  TstWriteKinds kind = row->table_id ? TST_WRITE_SET_ROW : TST_WRITE_SET_VALUES;
  g_autoptr(TstWrite) write = tst_write_new (kind, row->table_id, row->row_id, NULL);

  tst_write_take_content (write, make_whole (row, self->store, table, view, partial));
  if (!tst_asking_ask (self, write))
    return NULL;

  return tst_snapshot_ref (tst_write_peek_content (write));
}

/* --- Its cells --- */

static gboolean
ask_cell (TstAsking         *self,
          const TstAskedRow *row,
          const char        *id,
          TstCell           *cell)
{
  TstWriteKinds kind = row->table_id ? TST_WRITE_SET_CELL : TST_WRITE_SET_VALUE;
  g_autoptr(TstWrite) write = NULL;

  if (!tst_asking_wants (self, kind) || is_same (row, self->store, id, cell))
    return TRUE;

  write = tst_write_new (kind, row->table_id, row->row_id, id);
  tst_write_take_cell (write, cell);
  if (!tst_asking_ask (self, write))
    return FALSE;

  tst_cell_copy (cell, tst_write_peek_cell (write));
  return TRUE;
}

gboolean
tst_asking_set_cell (TstAsking         *self,
                     const TstAskedRow *row,
                     const char        *id,
                     TstCell           *cell)
{
  if (!ask_cell (self, row, id, cell))
    {
      tst_paths_add (self->kept, row->table_id, row->row_id, id);
      return FALSE;
    }

  self->n_set += !is_same (row, self->store, id, cell);
  return TRUE;
}

static void
ask_cells (TstAsking          *self,
           TstAskedRow        *row,
           const TstTableData *table,
           const TstRowView   *view)
{
  for (guint i = 0; i < view->n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (table, view->columns[i]);
      TstCell cell;

      tst_cell_copy (&cell, &view->cells[i]);
      if (tst_asking_set_cell (self, row, id->text, &cell))
        add_cell (row, id, &cell, !is_same (row, self->store, id->text, &cell));
    }
}

static void
ask_others (TstAsking          *self,
            const TstAskedRow  *row,
            const TstTableData *table,
            const TstRowView   *view)
{
  g_auto(GStrv) ids = dup_ids (row, self->store);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(TstId) id = tst_id_new (ids[i], strlen (ids[i]));

      if (tst_table_data_find_cell (table, view, id) == NULL)
        tst_asking_remove_cell (self, row->table_id, row->row_id, ids[i]);
    }
}

gboolean
tst_asking_set_row (TstAsking          *self,
                    TstAskedRow        *row,
                    const TstTableData *table,
                    const TstRowView   *view,
                    gboolean            partial)
{
  TstWriteKinds kind = row->table_id ? TST_WRITE_SET_ROW : TST_WRITE_SET_VALUES;
  g_autoptr(TstSnapshot) whole = NULL;
  TstRowView altered;

  if (tst_asking_wants (self, kind) && differs (row, self->store, table, view, partial))
    {
      whole = ask_whole (self, row, table, view, partial);
      if (whole == NULL)
        return FALSE;

      table = tst_snapshot_get_values (whole, &altered);
      view = &altered;
      partial = FALSE;
    }

  ask_cells (self, row, table, view);
  if (!partial)
    ask_others (self, row, table, view);

  return row->cells->len > 0;
}

/* --- Writing it --- */

/* Returns: (transfer full): the cells that change, or all, which are taken out of @row */
static TstNamedCell *
take_cells_of (TstAskedRow *row,
               gboolean     all,
               gsize       *n_cells)
{
  TstNamedCell *cells = g_new (TstNamedCell, row->cells->len);

  *n_cells = 0;
  for (guint i = 0; i < row->cells->len; i++)
    {
      TstAskedCell *asked = &g_array_index (row->cells, TstAskedCell, i);

      if (!asked->changes && !all)
        continue;

      cells[(*n_cells)++] = (TstNamedCell) { asked->id->text, asked->id->length, asked->cell };
      asked->cell = (TstCell) TST_CELL_INIT;
    }

  return cells;
}

static gboolean
write_row (TstAsking   *self,
           TstAskedRow *row)
{
  gsize n_cells;
  g_autofree TstNamedCell *cells = take_cells_of (row, FALSE, &n_cells);
  TstWriteKinds intercepted = tst_asking_let_through (self);
  g_autoptr(GError) error = NULL;
  gboolean written;

  if (row->table_id != NULL)
    written = tst_store_write_row (self->store, row->table_id, row->row_id, cells, n_cells, TRUE, &error);
  else
    written = tst_store_write_values (self->store, cells, n_cells, TRUE, &error);
  tst_asking_intercept_again (self, intercepted);

  if (!written)
    tst_asking_take_error (self, g_steal_pointer (&error));
  else
    tst_asking_remove_gone (self);

  return written;
}

static TstSnapshot *
take_cells (TstNamedCell *cells,
            gsize         n_cells)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();

  for (gsize i = 0; i < n_cells; i++)
    if (!tst_engine_put_value (engine, cells[i].id, cells[i].length, &cells[i].cell))
      tst_cell_clear (&cells[i].cell);

  return tst_engine_snapshot (engine);
}

/* @cells is not empty. */
static gboolean
set_row (TstAsking    *self,
         const char   *table_id,
         const char   *row_id,
         TstNamedCell *cells,
         gsize         n_cells,
         gboolean      partial)
{
  g_autoptr(TstSnapshot) content = take_cells (cells, n_cells);
  g_auto(TstAskedRow) row = { NULL, };
  const TstTableData *table;
  TstRowView view;

  tst_asked_row_init (&row, table_id, row_id);
  table = tst_snapshot_get_values (content, &view);

  if (!tst_asking_set_row (self, &row, table, &view, partial))
    return FALSE;

  /* Other cells of the row than those that were to be set do not count. */
  if (partial && !tst_asking_has_effect (self))
    return FALSE;

  return write_row (self, &row);
}

gboolean
tst_store_intercept_row (TstStore      *self,
                         const char    *table_id,
                         const char    *row_id,
                         TstNamedCell  *cells,
                         gsize          n_cells,
                         gboolean       partial,
                         GError       **error)
{
  TstAsking asking;
  gboolean done;

  tst_asking_begin (&asking, self);
  done = set_row (&asking, table_id, row_id, cells, n_cells, partial);

  return tst_asking_end (&asking, done, error);
}

/* --- New rows --- */

/* The id that the row will get, unless an interceptor makes another row before. */
static char *
peek_row_id (TstStore       *self,
             const char     *table_id,
             TstAddRowFlags  flags)
{
  gsize n_log = tst_engine_mark (self->engine);
  TstTable *table = tst_engine_ensure_table (self->engine, table_id, strlen (table_id), NULL);
  char *row_id = tst_store_make_row_id (self, table, flags);

  tst_engine_undo (self->engine, n_log);

  return row_id;
}

/* An interceptor may have made a row under the id that was asked about: that one is not
 * the new one, whatever is in it. Returns: (transfer full) (nullable): the id of the row */
static char *
write_new_row (TstAsking      *self,
               TstAskedRow    *row,
               TstAddRowFlags  flags)
{
  gsize n_cells;
  g_autofree TstNamedCell *cells = take_cells_of (row, TRUE, &n_cells);
  TstWriteKinds intercepted = tst_asking_let_through (self);
  g_autoptr(GError) error = NULL;
  char *row_id = NULL;

  if (!(flags & TST_ADD_ROW_UNIQUE))
    row_id = tst_store_write_new_row (self->store, row->table_id, cells, n_cells, flags, &error);
  else if (tst_store_write_row (self->store, row->table_id, row->row_id, cells, n_cells, TRUE, &error))
    row_id = g_strdup (row->row_id);
  tst_asking_intercept_again (self, intercepted);

  if (row_id == NULL)
    tst_asking_take_error (self, g_steal_pointer (&error));

  return row_id;
}

char *
tst_store_intercept_new_row (TstStore        *self,
                             const char      *table_id,
                             TstNamedCell    *cells,
                             gsize            n_cells,
                             TstAddRowFlags   flags,
                             GError         **error)
{
  g_autoptr(TstSnapshot) content = take_cells (cells, n_cells);
  g_auto(TstAskedRow) row = { NULL, };
  g_autofree char *asked_id = NULL;
  char *row_id = NULL;
  const TstTableData *table;
  TstAsking asking;
  TstRowView view;

  tst_asking_begin (&asking, self);

  asked_id = peek_row_id (self, table_id, flags);
  tst_asked_row_init (&row, table_id, asked_id);
  table = tst_snapshot_get_values (content, &view);
  if (tst_asking_set_row (&asking, &row, table, &view, FALSE))
    row_id = write_new_row (&asking, &row, flags);

  if (!tst_asking_end (&asking, row_id != NULL, error))
    g_clear_pointer (&row_id, g_free);

  return row_id;
}

/* --- One cell, one value --- */

static gboolean
write_cell (TstAsking         *self,
            const TstAskedRow *row,
            const char        *id,
            TstCell           *cell)
{
  TstWriteKinds intercepted = tst_asking_let_through (self);
  gboolean written;

  if (row->table_id != NULL)
    written = tst_store_write_cell (self->store, row->table_id, row->row_id, id, cell, &self->refusal);
  else
    written = tst_store_write_value (self->store, id, cell, &self->refusal);
  tst_asking_intercept_again (self, intercepted);

  return written;
}

static gboolean
set_cell (TstAsking         *self,
          const TstAskedRow *row,
          const char        *id,
          TstCell           *cell)
{
  TstWriteKinds whole = row->table_id ? TST_WRITE_SET_ROW : TST_WRITE_SET_VALUES;
  TstNamedCell named = { id, strlen (id), *cell };

  if (!tst_asking_wants (self, whole))
    return tst_asking_set_cell (self, row, id, cell) && write_cell (self, row, id, cell);

  *cell = (TstCell) TST_CELL_INIT;

  return set_row (self, row->table_id, row->row_id, &named, 1, TRUE);
}

/* What is not valid is not worth asking about: it is refused anyway. */
gboolean
tst_store_intercept_cell (TstStore    *self,
                          const char  *table_id,
                          const char  *row_id,
                          const char  *cell_id,
                          TstCell     *cell,
                          GError     **error)
{
  const TstAskedRow row = { table_id, row_id, NULL };
  gboolean valid = tst_store_check_id (table_id, NULL) && tst_store_check_id (row_id, NULL) &&
                   tst_store_check_id (cell_id, NULL);
  TstAsking asking;
  gboolean done;

  tst_asking_begin (&asking, self);
  done = valid ? set_cell (&asking, &row, cell_id, cell) : write_cell (&asking, &row, cell_id, cell);

  return tst_asking_end (&asking, done, error);
}

gboolean
tst_store_intercept_value (TstStore    *self,
                           const char  *value_id,
                           TstCell     *cell,
                           GError     **error)
{
  const TstAskedRow values = { NULL, NULL, NULL };
  TstAsking asking;
  gboolean done;

  tst_asking_begin (&asking, self);
  done = tst_store_check_id (value_id, NULL) ? set_cell (&asking, &values, value_id, cell)
                                             : write_cell (&asking, &values, value_id, cell);

  return tst_asking_end (&asking, done, error);
}
