/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

#define MIN_LOG_CAPACITY    64
#define MIN_TABLE_HOLES     64
#define MAX_RELEASED_IDS    1000

/* --- Life, and sharing with snapshots --- */

static TstSnapshot *
root_new (TstTableData *values)
{
  TstSnapshot *self = g_new0 (TstSnapshot, 1);

  self->ref_count = 1;
  self->values = tst_table_data_ref (values);

  return self;
}

static TstTable *
values_new (void)
{
  g_autoptr(TstId) id = tst_id_new ("", 0);
  TstTable *values = tst_table_new (id);

  values->number = TST_VALUES_TABLE;

  return values;
}

TstEngine *
tst_engine_new (void)
{
  TstEngine *self;

  tst_id_init_seed ();

  self = g_new0 (TstEngine, 1);
  self->fresh_row = TST_ID_MAP_NONE;
  self->values = values_new ();
  self->root = root_new (self->values->data);
  self->epoch = self->root_epoch = self->values->epoch = 1;

  return self;
}

/* A table holds a reference on its data, and so does the root. */
static void
free_table_at (TstEngine *self,
               guint32    number)
{
  if (self->tables[number] != NULL)
    tst_table_free (g_steal_pointer (&self->tables[number]));
}

void
tst_engine_free (TstEngine *self)
{
  tst_engine_forget (self);
  for (guint32 i = 0; i < self->root->n_slots; i++)
    free_table_at (self, i);
  tst_snapshot_unref (self->root);
  tst_table_free (self->values);
  tst_id_map_clear (&self->table_slots);
  g_clear_pointer (&self->bookmarks, g_ptr_array_unref);
  g_free (self->tables);
  g_free (self->log);
  g_free (self);
}

TstSnapshot *
tst_engine_snapshot (TstEngine *self)
{
  self->root->generation = self->generation;
  self->root->number = (guint32) self->epoch;
  self->epoch++;

  return tst_snapshot_ref (self->root);
}

static void
copy_root (TstEngine *self)
{
  TstSnapshot *old = self->root;
  TstSnapshot *copy = root_new (old->values);

  copy->n_slots = old->n_slots;
  copy->n_tables = old->n_tables;
  copy->tables_capacity = old->tables_capacity;
  copy->tables = g_new (TstTableData *, old->tables_capacity);
  for (guint32 i = 0; i < old->n_slots; i++)
    copy->tables[i] = old->tables[i] ? tst_table_data_ref (old->tables[i]) : NULL;

  self->root = copy;
  tst_snapshot_unref (old);
}

void
tst_engine_own_root (TstEngine *self)
{
  if (self->root_epoch == self->epoch)
    return;

  if (g_atomic_int_get (&self->root->ref_count) > 1)
    copy_root (self);
  self->root_epoch = self->epoch;
}

/* Whether anybody but the table and the root of this engine has the data. */
static gboolean
is_data_shared (const TstTableData *data)
{
  return g_atomic_int_get (&data->ref_count) > 2;
}

void
tst_engine_own_table_slowly (TstEngine *self,
                             TstTable  *table)
{
  TstTableData **in_root;

  tst_engine_own_root (self);
  in_root = table == self->values ? &self->root->values : &self->root->tables[table->number];

  if (is_data_shared (table->data))
    {
      TstTableData *copy = tst_table_data_copy (table->data);

      tst_table_data_unref (*in_root);
      tst_table_data_unref (table->data);
      *in_root = tst_table_data_ref (copy);
      table->data = copy;
    }
  else
    {
      tst_table_data_drop_maps (table->data);
    }

  table->epoch = self->epoch;
}

/* --- The log --- */

G_GNUC_NO_INLINE static void
grow_log (TstEngine *self)
{
  self->log_capacity = MAX (self->log_capacity * 2, MIN_LOG_CAPACITY);
  self->log = g_renew (TstUndo, self->log, self->log_capacity);
}

static inline void
log_cell (TstEngine      *self,
          TstUndoKind     kind,
          const TstTable *table,
          guint32         row,
          guint32         column,
          guint32         position,
          TstCell         old)
{
  if (G_UNLIKELY (self->n_log == self->log_capacity))
    grow_log (self);

  self->log[self->n_log++] = (TstUndo) { kind, table->number, row, column, position, old };
}

TstUndo *
tst_engine_log_step (TstEngine      *self,
                     TstUndoKind     kind,
                     const TstTable *table)
{
  log_cell (self, kind, table, 0, 0, 0, (TstCell) TST_CELL_INIT);

  return &self->log[self->n_log - 1];
}

gsize
tst_engine_mark (TstEngine *self)
{
  self->fresh_row = TST_ID_MAP_NONE;

  return self->n_log;
}

/* --- Finding --- */

TstTable *
tst_engine_get_table (TstEngine *self,
                      guint32    number)
{
  return number == TST_VALUES_TABLE ? self->values : self->tables[number];
}

TstTable *
tst_engine_find_table (TstEngine  *self,
                       const char *table_id)
{
  guint32 number = tst_id_map_read (&self->table_slots, &self->last_table, table_id);

  return number != TST_ID_MAP_NONE ? self->tables[number] : NULL;
}

const TstCell *
tst_engine_find_cell (TstEngine  *self,
                      const char *table_id,
                      const char *row_id,
                      const char *cell_id)
{
  guint32 number = tst_id_map_read (&self->table_slots, &self->last_table, table_id);
  TstTable *table;
  guint32 row, column;

  if (number == TST_ID_MAP_NONE)
    return NULL;

  table = self->tables[number];
  row = tst_id_map_read (&table->rows, &table->last_row, row_id);
  if (row == TST_ID_MAP_NONE)
    return NULL;

  column = tst_id_map_find_text (&table->columns, cell_id);
  if (column == TST_ID_MAP_NONE)
    return NULL;

  return tst_table_data_cell (table->data, row, column);
}

const TstCell *
tst_engine_find_value (TstEngine  *self,
                       const char *value_id)
{
  guint32 column;

  if (self->values->data->n_rows == 0)
    return NULL;

  column = tst_id_map_find_text (&self->values->columns, value_id);
  if (column == TST_ID_MAP_NONE)
    return NULL;

  return tst_table_data_cell (self->values->data, self->values->data->n_slots - 1, column);
}

/* --- Tables --- */

void
tst_engine_put_table (TstEngine *self,
                      TstTable  *table)
{
  self->tables[table->number] = table;
  self->root->tables[table->number] = tst_table_data_ref (table->data);
  self->root->n_tables++;
  tst_id_map_insert (&self->table_slots, table->data->id, table->number);
  self->structure++;
}

TstTable *
tst_engine_add_table (TstEngine      *self,
                      const TstIdKey *key)
{
  g_autoptr(TstId) id = tst_id_new_for_key (key);
  TstTable *table = tst_table_new (id);
  TstSnapshot *root;

  tst_engine_own_root (self);
  root = self->root;

  if (root->n_slots == root->tables_capacity)
    {
      root->tables_capacity = MAX (root->tables_capacity * 2, 4);
      root->tables = g_renew (TstTableData *, root->tables, root->tables_capacity);
      self->tables = g_renew (TstTable *, self->tables, root->tables_capacity);
    }

  table->number = root->n_slots++;
  table->epoch = self->epoch;
  tst_engine_put_table (self, table);

  if (self->logging)
    tst_engine_log_step (self, TST_UNDO_TABLE_ADDED, table);

  return table;
}

/* The table itself stays, for the log. */
void
tst_engine_take_table_out (TstEngine *self,
                           TstTable  *table)
{
  tst_engine_own_root (self);
  tst_id_map_remove (&self->table_slots, table->data->id);
  tst_id_memo_clear (&self->last_table);
  g_clear_pointer (&self->root->tables[table->number], tst_table_data_unref);
  self->tables[table->number] = NULL;
  self->root->n_tables--;
  self->structure++;
}

static void
drop_last_table_holes (TstEngine *self)
{
  while (self->root->n_slots > 0 && self->tables[self->root->n_slots - 1] == NULL)
    self->root->n_slots--;
}

static void
close_table_holes (TstEngine *self)
{
  guint32 next = 0;

  tst_engine_own_root (self);

  for (guint32 i = 0; i < self->root->n_slots; i++)
    {
      TstTable *table = self->tables[i];
      TstTableData *data = self->root->tables[i];

      if (table == NULL)
        continue;

      self->tables[i] = NULL;
      self->root->tables[i] = NULL;
      self->tables[next] = table;
      self->root->tables[next] = data;
      table->number = next++;
      tst_id_map_replace (&self->table_slots, table->data->id, table->number);
    }

  self->root->n_slots = next;
  tst_id_memo_clear (&self->last_table);
  self->structure++;
}

/* Only without an open log, which knows tables by their numbers. */
void
tst_engine_tidy_tables (TstEngine *self)
{
  guint32 n_holes;

  drop_last_table_holes (self);

  n_holes = self->root->n_slots - self->root->n_tables;
  if (n_holes > MIN_TABLE_HOLES && n_holes > self->root->n_tables)
    close_table_holes (self);
}

void
tst_engine_remove_table (TstEngine *self,
                         TstTable  *table)
{
  tst_engine_take_table_out (self, table);
  self->generation++;

  if (self->logging)
    {
      tst_engine_log_step (self, TST_UNDO_TABLE_REMOVED, table)->old.wide.pointer = table;
    }
  else
    {
      tst_table_free (table);
      tst_engine_tidy_tables (self);
    }
}

/* --- Rows --- */

guint32
tst_engine_add_row (TstEngine      *self,
                    TstTable       *table,
                    const TstIdKey *key,
                    guint8          flags)
{
  guint32 row;

  tst_engine_own_table (self, table);
  row = tst_table_append_row (table, key, flags);
  self->structure++;

  if (self->logging)
    {
      tst_engine_log_step (self, TST_UNDO_ROW_ADDED, table)->row = row;
      self->fresh_table = table->number;
      self->fresh_row = row;
    }

  return row;
}

static gboolean
is_pool_id (const TstId *id)
{
  for (guint32 i = 0; i < id->length; i++)
    if (!g_ascii_isdigit (id->text[i]))
      return FALSE;

  return id->length > 0;
}

static void
release_row_id (TstEngine *self,
                TstTable  *table,
                TstId     *id)
{
  if (!is_pool_id (id) || table->released_row_ids.length >= MAX_RELEASED_IDS)
    return;

  g_queue_push_tail (&table->released_row_ids, tst_id_ref (id));
  if (self->logging)
    tst_engine_log_step (self, TST_UNDO_POOL_RELEASED, table);
}

void
tst_engine_remove_row_at (TstEngine *self,
                          TstTable  *table,
                          guint32    row,
                          gboolean   release)
{
  tst_engine_own_table (self, table);

  if (release)
    release_row_id (self, table, tst_table_data_head (table->data, row)->id);

  tst_table_hide_row (table, row);
  self->generation++;
  self->structure++;

  if (self->logging)
    tst_engine_log_step (self, TST_UNDO_ROW_REMOVED, table)->row = row;
  else
    tst_table_bury_row (table, row);

  if (table->data->n_rows == 0 && table != self->values)
    tst_engine_remove_table (self, table);
  else if (!self->logging)
    tst_engine_tidy_table (self, table);
}

static char *
next_number (TstEngine *self,
             TstTable  *table)
{
  char text[16];

  tst_engine_log_step (self, TST_UNDO_POOL_COUNTED, table)->old.words[1] = table->next_row_number;

  do
    g_snprintf (text, sizeof (text), "%u", table->next_row_number++);
  while (tst_id_map_find_text (&table->rows, text) != TST_ID_MAP_NONE);

  return g_strdup (text);
}

char *
tst_engine_take_row_id (TstEngine *self,
                        TstTable  *table,
                        gboolean   reuse)
{
  g_assert (self->logging);

  while (reuse && table->released_row_ids.length > 0)
    {
      TstId *id = g_queue_pop_head (&table->released_row_ids);
      g_autofree char *text = g_strdup (id->text);

      tst_engine_log_step (self, TST_UNDO_POOL_TAKEN, table)->old.wide.pointer = id;

      if (tst_id_map_find_text (&table->rows, text) == TST_ID_MAP_NONE)
        return g_steal_pointer (&text);
    }

  return next_number (self, table);
}

/* --- Cells --- */

static inline void
let_go (TstEngine     *self,
        TstTable      *table,
        guint32        row,
        guint32        column,
        const TstCell *old)
{
  if (self->logging)
    log_cell (self, TST_UNDO_CELL_CHANGED, table, row, column, 0, *old);
  else if (old->kind & TST_CELL_LONG)
    tst_text_unref (old->wide.text);
}

void
tst_engine_append_cell (TstEngine *self,
                        TstTable  *table,
                        guint32    row,
                        guint32    column,
                        TstCell   *cell)
{
  if (!tst_table_append_cell (table, row, column, cell))
    tst_table_insert_cell (table, row, tst_table_data_head (table->data, row)->layout->n,
                           column, cell);
  self->structure++;

  if (self->logging && !(row == self->fresh_row && table->number == self->fresh_table))
    log_cell (self, TST_UNDO_CELL_ADDED, table, row, column, 0, (TstCell) TST_CELL_INIT);
}

gboolean
tst_engine_set_at (TstEngine *self,
                   TstTable  *table,
                   guint32    row,
                   guint32    column,
                   TstCell   *cell)
{
  TstCell *old = tst_table_data_cell (table->data, row, column);

  if (old == NULL)
    {
      tst_engine_own_table (self, table);
      tst_engine_append_cell (self, table, row, column, cell);
    }
  else if (tst_cell_equal (old, cell))
    {
      tst_cell_clear (cell);
      return FALSE;
    }
  else
    {
      tst_engine_own_table (self, table);
      if (G_UNLIKELY (tst_chunk_is_shared (tst_table_data_chunk (table->data, row))))
        {
          tst_table_own_chunk (table, row / TST_CHUNK_ROWS);
          self->structure++;
          old = tst_table_data_cell (table->data, row, column);
        }

      let_go (self, table, row, column, old);
      *old = *cell;
    }

  cell->words[0] = cell->words[1] = 0;
  self->generation++;

  return TRUE;
}

static inline gboolean
is_valid_id (const TstIdKey *key)
{
  return key->length <= TST_ID_MAX_LENGTH && g_utf8_validate_len (key->text, key->length, NULL);
}

static inline void
find_row_and_column (TstTarget  *target,
                     const char *row_id,
                     const char *cell_id)
{
  tst_id_key_init (&target->column_key, cell_id, strlen (cell_id));

  if (G_LIKELY (target->table != NULL))
    {
      target->column = tst_id_map_find (&target->table->columns, &target->column_key);
      target->row = tst_table_find_row_text (target->table, &target->row_key, row_id);
    }
  else
    {
      tst_id_key_init (&target->row_key, row_id, strlen (row_id));
      target->row = target->column = TST_ID_MAP_NONE;
    }
}

/* Ids that are known are valid; the others are checked before anything is made. */
static gboolean
make_target (TstEngine *self,
             TstTarget *target)
{
  if ((target->table == NULL && !is_valid_id (&target->table_key)) ||
      (target->row == TST_ID_MAP_NONE && !is_valid_id (&target->row_key)) ||
      (target->column == TST_ID_MAP_NONE && !is_valid_id (&target->column_key)))
    return FALSE;

  if (target->table == NULL)
    target->table = tst_engine_add_table (self, &target->table_key);

  tst_engine_own_table (self, target->table);

  /* What was found in the memo has no hash yet, but needs none. */
  if (target->row == TST_ID_MAP_NONE)
    target->row = tst_engine_add_row (self, target->table, &target->row_key, 0);
  if (target->column == TST_ID_MAP_NONE)
    {
      target->column = tst_table_add_column (target->table, &target->column_key);
      self->structure++;
    }

  return TRUE;
}

static inline TstSetResult
set_at_target (TstEngine *self,
               TstTarget *target,
               TstCell   *cell)
{
  if (G_UNLIKELY (target->row == TST_ID_MAP_NONE || target->column == TST_ID_MAP_NONE) &&
      !make_target (self, target))
    {
      tst_cell_clear (cell);
      return TST_SET_INVALID_ID;
    }

  if (!tst_engine_set_at (self, target->table, target->row, target->column, cell))
    return TST_SET_SAME;

  return TST_SET_CHANGED;
}

/* What tst_engine_set_at() will look at: most rows have their cells in the
 * order of the columns. */
static inline void
prefetch_cell (const TstTarget *target)
{
  const TstChunk *chunk;
  guint row;

  if (target->row == TST_ID_MAP_NONE || target->column == TST_ID_MAP_NONE)
    return;

  chunk = tst_table_data_chunk (target->table->data, target->row);
  row = target->row % TST_CHUNK_ROWS;
  __builtin_prefetch (&chunk->heads[row]);
  __builtin_prefetch (tst_chunk_room (chunk, row) + target->column);
}

void
tst_engine_find_target (TstEngine  *self,
                        TstTarget  *target,
                        const char *table_id,
                        const char *row_id,
                        const char *cell_id)
{
  guint32 number = tst_id_map_find_remembered (&self->table_slots, &self->last_table,
                                               &target->table_key, table_id);

  target->structure = self->structure;
  target->table = number != TST_ID_MAP_NONE ? self->tables[number] : NULL;
  find_row_and_column (target, row_id, cell_id);
  prefetch_cell (target);
}

TstSetResult
tst_engine_set_target (TstEngine *self,
                       TstTarget *target,
                       TstCell   *cell)
{
  if (G_UNLIKELY (target->structure != self->structure))
    tst_engine_find_target (self, target, target->table_key.text, target->row_key.text,
                            target->column_key.text);

  return set_at_target (self, target, cell);
}

TstSetResult
tst_engine_set_value (TstEngine  *self,
                      const char *value_id,
                      TstCell    *cell)
{
  TstTarget target;

  g_assert (self->values != NULL);
  target.table = self->values;
  find_row_and_column (&target, "", value_id);

  return set_at_target (self, &target, cell);
}

void
tst_engine_remove_at (TstEngine *self,
                      TstTable  *table,
                      guint32    row,
                      guint32    position)
{
  guint32 column = tst_table_data_head (table->data, row)->layout->columns[position];
  TstCell old;

  tst_engine_own_table (self, table);
  old = tst_table_take_cell (table, row, position);
  self->generation++;
  self->structure++;

  if (self->logging)
    log_cell (self, TST_UNDO_CELL_REMOVED, table, row, column, position, old);
  else
    tst_cell_clear (&old);

  if (tst_table_data_head (table->data, row)->layout->n == 0)
    tst_engine_remove_row_at (self, table, row, FALSE);
  else if (!self->logging)
    tst_engine_tidy_table (self, table);
}
