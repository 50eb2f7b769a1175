/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-private.h"

/* From the undo log to net changes. The first step that touches a cell tells
 * what it was; what it is now is asked of the engine at the end. Rows and
 * tables are followed by their ids, as one that was removed and added again
 * is the same to whoever listens. */

typedef struct
{
  TstId           *id;
  gboolean         existed;
  guint32          added_slot;  /* of the row in its latest life, if that began in the log */
  TstChangedCells  cells;
} Row;

typedef struct
{
  TstId    *id;
  gboolean  existed;
  GArray   *rows;            /* of Row */
  TstIdMap  map;             /* of rows */
} Table;

typedef struct
{
  TstEngine      *engine;
  GArray         *tables;    /* of Table */
  TstIdMap        map;       /* of tables */
  Row             values;
  GHashTable     *removed;   /* (nullable): TstTable by number */
  gboolean        added_again; /* something came twice: not in the order of its first time */

  /* the row of the step before, which most steps are in as well */
  const TstTable *last_table;
  guint32         last_slot;
  guint           last_table_index;
  guint           last_row_index;
} Builder;

/* --- Cells --- */

static void
touch_cell (Row           *row,
            TstId         *id,
            const TstCell *old)
{
  if (tst_changed_cells_find (&row->cells, id) == NULL)
    tst_cell_copy (&tst_changed_cells_add (&row->cells, tst_id_ref (id))->old_cell, old);
}

/* --- Rows and tables --- */

static guint
touch_table (Builder  *self,
             TstId    *id,
             gboolean  existed)
{
  guint32 index = tst_id_map_find_id (&self->map, id);
  Table table = { NULL, };

  if (index != TST_ID_MAP_NONE)
    return index;

  table.id = tst_id_ref (id);
  table.existed = existed;
  table.rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_append_val (self->tables, table);
  tst_id_map_insert (&self->map, table.id, self->tables->len - 1);

  return self->tables->len - 1;
}

static guint
touch_row (Table    *table,
           TstId    *id,
           gboolean  existed)
{
  guint32 index = tst_id_map_find_id (&table->map, id);
  Row row = { .added_slot = TST_ID_MAP_NONE };

  if (index != TST_ID_MAP_NONE)
    return index;

  row.id = tst_id_ref (id);
  row.existed = existed;
  g_array_append_val (table->rows, row);
  tst_id_map_insert (&table->map, row.id, table->rows->len - 1);

  return table->rows->len - 1;
}

static Row *
get_row (Builder        *self,
         const TstTable *table,
         guint32         slot,
         gboolean        existed)
{
  if (table == self->engine->values)
    return &self->values;

  if (table != self->last_table || slot != self->last_slot)
    {
      Table *touched;

      /* A step in a row has a table, which is there or removed. */
      g_assert (table != NULL);
      self->last_table_index = touch_table (self, table->data->id, TRUE);
      touched = &g_array_index (self->tables, Table, self->last_table_index);
      self->last_row_index = touch_row (touched, tst_table_data_head (table->data, slot)->id, existed);
      self->last_table = table;
      self->last_slot = slot;
    }

  return &g_array_index (g_array_index (self->tables, Table, self->last_table_index).rows,
                         Row, self->last_row_index);
}

/* The cells of a row that was added are not in the log: whatever it says of
 * them is about their second life in the transaction. */
static void
touch_cell_of (Row           *row,
               guint32        slot,
               TstId         *id,
               const TstCell *old)
{
  static const TstCell none = TST_CELL_INIT;

  touch_cell (row, id, slot == row->added_slot ? &none : old);
}

static void
touch_all_cells (Builder        *self,
                 const TstTable *table,
                 guint32         slot)
{
  const TstTableData *data = table->data;
  const TstLayout *layout = tst_table_data_head (data, slot)->layout;
  const TstCell *cells = tst_chunk_cells (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS);
  Row *row = get_row (self, table, slot, TRUE);

  for (guint32 i = 0; i < layout->n; i++)
    touch_cell_of (row, slot, data->columns->ids[layout->columns[i]], &cells[i]);
}

static void
touch_all_rows (Builder        *self,
                const TstTable *table)
{
  touch_table (self, table->data->id, TRUE);

  for (guint32 slot = 0; slot < table->data->n_slots; slot++)
    if (tst_chunk_has_row (tst_table_data_chunk (table->data, slot), slot % TST_CHUNK_ROWS))
      touch_all_cells (self, table, slot);
}

/* --- The log --- */

static const TstTable *
get_table (Builder *self,
           guint32  number)
{
  const TstTable *table = tst_engine_get_table (self->engine, number);

  return table ? table : g_hash_table_lookup (self->removed, GUINT_TO_POINTER (number));
}

static void
find_removed_tables (Builder *self)
{
  for (gsize i = 0; i < self->engine->n_log; i++)
    {
      const TstUndo *undo = &self->engine->log[i];

      if (undo->kind != TST_UNDO_TABLE_REMOVED)
        continue;

      if (self->removed == NULL)
        self->removed = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (self->removed, GUINT_TO_POINTER (undo->table), undo->old.wide.pointer);
    }
}

static void
read_step (Builder       *self,
           const TstUndo *undo)
{
  const TstTable *table = get_table (self, undo->table);
  TstId *column;
  Row *row;

  switch ((TstUndoKind) undo->kind)
    {
    case TST_UNDO_CELL_CHANGED:
    case TST_UNDO_CELL_ADDED:
    case TST_UNDO_CELL_REMOVED:
      column = table->data->columns->ids[undo->column];
      row = get_row (self, table, undo->row, TRUE);
      self->added_again |= undo->kind == TST_UNDO_CELL_ADDED &&
                           tst_changed_cells_find (&row->cells, column) != NULL;
      touch_cell_of (row, undo->row, column, &undo->old);
      break;
    case TST_UNDO_ROW_ADDED:
      row = get_row (self, table, undo->row, FALSE);
      self->added_again |= row->added_slot != TST_ID_MAP_NONE || row->cells.n_cells > 0;
      row->added_slot = undo->row;
      touch_all_cells (self, table, undo->row);
      break;
    case TST_UNDO_ROW_REMOVED:
      touch_all_cells (self, table, undo->row);
      break;
    case TST_UNDO_TABLE_ADDED:
      self->added_again |= tst_id_map_find_id (&self->map, table->data->id) != TST_ID_MAP_NONE;
      touch_table (self, table->data->id, FALSE);
      break;
    case TST_UNDO_TABLE_REMOVED:
      touch_all_rows (self, table);
      break;
    case TST_UNDO_POOL_COUNTED:
    case TST_UNDO_POOL_TAKEN:
    case TST_UNDO_POOL_RELEASED:
    case TST_UNDO_POOL_MARKED:
    default:
      break;
    }
}

/* --- What is left in the end --- */

/* Keeps the cells that changed, with what they are now. */
static void
settle_cells (TstChangedCells *cells,
              const TstTable  *table,
              guint32          slot)
{
  guint n = 0;

  for (guint i = 0; i < cells->n_cells; i++)
    {
      TstChangedCell *cell = &cells->cells[i];
      const TstCell *now = NULL;

      if (slot != TST_ID_MAP_NONE)
        {
          guint32 column = tst_id_map_find_id (&table->columns, cell->id);

          now = column != TST_ID_MAP_NONE ? tst_table_data_cell (table->data, slot, column) : NULL;
        }

      if (now != NULL)
        tst_cell_copy (&cell->new_cell, now);

      if (tst_cell_equal (&cell->old_cell, &cell->new_cell))
        tst_changed_cell_clear (cell);
      else
        cells->cells[n++] = *cell;
    }

  cells->n_cells = n;
  tst_id_map_clear (&cells->map);
}

/* Hands the row over to @changed, if something is left of it. */
static gboolean
settle_row (Row            *row,
            const TstTable *table,
            TstChangedRow  *changed)
{
  guint32 slot = table ? tst_id_map_find_id (&table->rows, row->id) : TST_ID_MAP_NONE;

  settle_cells (&row->cells, table, slot);

  if (row->cells.n_cells == 0)
    {
      g_free (row->cells.cells);
      tst_id_unref (row->id);
      return FALSE;
    }

  changed->id = row->id;
  changed->delta = (slot != TST_ID_MAP_NONE) - row->existed;
  changed->n_cells = row->cells.n_cells;
  changed->cells = row->cells.cells;
  return TRUE;
}

static gboolean
settle_table (Table           *table,
              TstEngine       *engine,
              TstChangedTable *changed)
{
  guint32 number = tst_id_map_find_id (&engine->table_slots, table->id);
  const TstTable *now = number != TST_ID_MAP_NONE ? engine->tables[number] : NULL;

  changed->rows = g_new (TstChangedRow, table->rows->len);
  changed->n_rows = 0;

  for (guint i = 0; i < table->rows->len; i++)
    if (settle_row (&g_array_index (table->rows, Row, i), now, &changed->rows[changed->n_rows]))
      changed->n_rows++;

  tst_id_map_clear (&table->map);
  g_array_unref (table->rows);

  if (changed->n_rows == 0)
    {
      g_free (changed->rows);
      tst_id_unref (table->id);
      return FALSE;
    }

  changed->id = table->id;
  changed->delta = (now != NULL) - table->existed;
  return TRUE;
}

/* --- What was added, in the order in which it is now --- */

typedef struct
{
  guint32 place;
  guint   index;
} Added;

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  guint32 first = ((const Added *) a)->place;
  guint32 second = ((const Added *) b)->place;

  return (first > second) - (first < second);
}

static void
take_added (GArray  *added,
            guint32  place,
            guint    index)
{
  Added one = { place, index };

  g_array_append_val (added, one);
}

/* Whatever is at the indices of @added, in rising order, goes there in the
 * order of the places. Leaves @added empty. */
static void
permute (gpointer  elements,
         gsize     size,
         GArray   *added)
{
  guint n = added->len;
  g_autofree guint8 *copies = g_malloc (size * MAX (n, 1));
  g_autofree guint *indices = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    indices[i] = g_array_index (added, Added, i).index;

  g_array_sort (added, compare_places);

  for (guint i = 0; i < n; i++)
    memcpy (copies + i * size,
            (guint8 *) elements + g_array_index (added, Added, i).index * size, size);
  for (guint i = 0; i < n; i++)
    memcpy ((guint8 *) elements + indices[i] * size, copies + i * size, size);

  g_array_set_size (added, 0);
}

static void
order_added_cells (TstChangedRow  *row,
                   const TstTable *table,
                   guint32         slot,
                   GArray         *added)
{
  const TstLayout *layout = tst_table_data_head (table->data, slot)->layout;

  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstChangedCell *cell = &row->cells[i];
      guint32 column;

      if (tst_cell_type (&cell->old_cell) != TST_CELL_TYPE_NONE)
        continue;

      column = tst_id_map_find_id (&table->columns, cell->id);
      take_added (added, (guint32) tst_layout_find (layout, column), i);
    }

  permute (row->cells, sizeof (TstChangedCell), added);
}

static void
order_added_rows (TstChangedTable *changed,
                  const TstTable  *table,
                  GArray          *added)
{
  for (guint i = 0; i < changed->n_rows; i++)
    if (changed->rows[i].delta >= 0)
      order_added_cells (&changed->rows[i], table,
                         tst_id_map_find_id (&table->rows, changed->rows[i].id), added);

  for (guint i = 0; i < changed->n_rows; i++)
    if (changed->rows[i].delta > 0)
      take_added (added, tst_id_map_find_id (&table->rows, changed->rows[i].id), i);

  permute (changed->rows, sizeof (TstChangedRow), added);
}

/* What was added, removed and added again came later than it was met first. */
static void
order_added (TstChanges *self,
             TstEngine  *engine)
{
  g_autoptr(GArray) added = g_array_new (FALSE, FALSE, sizeof (Added));

  for (guint i = 0; i < self->n_tables; i++)
    if (self->tables[i].delta >= 0)
      order_added_rows (&self->tables[i],
                        tst_engine_find_table (engine, self->tables[i].id->text), added);

  for (guint i = 0; i < self->n_tables; i++)
    if (self->tables[i].delta > 0)
      take_added (added, tst_id_map_find_id (&engine->table_slots, self->tables[i].id), i);
  permute (self->tables, sizeof (TstChangedTable), added);

  if (engine->values->data->n_rows > 0)
    order_added_cells (&self->values, engine->values, engine->values->data->n_slots - 1, added);
}

TstChanges *
tst_changes_new_from_log (TstEngine *engine)
{
  Builder builder = { .engine = engine, .last_slot = TST_ID_MAP_NONE };
  TstChanges *self = g_new0 (TstChanges, 1);
  guint32 values_slot = engine->values->data->n_rows > 0 ? engine->values->data->n_slots - 1
                                                          : TST_ID_MAP_NONE;

  self->ref_count = 1;
  builder.values.added_slot = TST_ID_MAP_NONE;
  builder.tables = g_array_new (FALSE, FALSE, sizeof (Table));

  find_removed_tables (&builder);
  for (gsize i = 0; i < engine->n_log; i++)
    read_step (&builder, &engine->log[i]);

  self->tables = g_new (TstChangedTable, builder.tables->len);
  for (guint i = 0; i < builder.tables->len; i++)
    if (settle_table (&g_array_index (builder.tables, Table, i), engine, &self->tables[self->n_tables]))
      self->n_tables++;

  settle_cells (&builder.values.cells, engine->values, values_slot);
  self->values.n_cells = builder.values.cells.n_cells;
  self->values.cells = builder.values.cells.cells;

  if (builder.added_again)
    order_added (self, engine);

  g_array_unref (builder.tables);
  tst_id_map_clear (&builder.map);
  g_clear_pointer (&builder.removed, g_hash_table_unref);

  return self;
}

/* --- One cell --- */

gboolean
tst_single_change_init (TstSingleChange *self,
                        TstEngine       *engine)
{
  gsize n = engine->n_log;
  const TstUndo *last;
  const TstLayout *layout;
  TstTable *table;
  gboolean new_row, new_table;
  guint32 column;

  if (n == 0 || n > 2)
    return FALSE;

  last = &engine->log[n - 1];
  new_row = last->kind == TST_UNDO_ROW_ADDED;
  new_table = n == 2;
  if (new_table && !(new_row && engine->log[0].kind == TST_UNDO_TABLE_ADDED))
    return FALSE;
  if (!new_row && last->kind != TST_UNDO_CELL_CHANGED && last->kind != TST_UNDO_CELL_ADDED)
    return FALSE;

  table = tst_engine_get_table (engine, last->table);
  layout = tst_table_data_head (table->data, last->row)->layout;
  if (new_row && layout->n != 1)
    return FALSE;

  column = new_row ? layout->columns[0] : last->column;
  self->changes = (TstChanges) { 0, };
  self->place = (TstPlace) { last->table, last->row };
  self->cell.id = table->data->columns->ids[column];
  tst_cell_copy (&self->cell.old_cell, &last->old);
  tst_cell_copy (&self->cell.new_cell, tst_table_data_cell (table->data, last->row, column));

  if (table == engine->values)
    {
      self->changes.values.n_cells = 1;
      self->changes.values.cells = &self->cell;
      return TRUE;
    }

  self->row = (TstChangedRow) {
    tst_table_data_head (table->data, last->row)->id, new_row, 1, &self->cell
  };
  self->table = (TstChangedTable) { table->data->id, new_table, 1, &self->row };
  self->changes.n_tables = 1;
  self->changes.tables = &self->table;

  return TRUE;
}

void
tst_single_change_clear (TstSingleChange *self)
{
  tst_cell_clear (&self->cell.old_cell);
  tst_cell_clear (&self->cell.new_cell);
}

static void
copy_single_cell (TstChangedRow        *row,
                  const TstChangedCell *cell)
{
  row->n_cells = 1;
  row->cells = g_new (TstChangedCell, 1);
  row->cells->id = tst_id_ref (cell->id);
  tst_cell_copy (&row->cells->old_cell, &cell->old_cell);
  tst_cell_copy (&row->cells->new_cell, &cell->new_cell);
}

TstChanges *
tst_single_change_to_changes (const TstSingleChange *self)
{
  TstChanges *changes = g_new0 (TstChanges, 1);

  changes->ref_count = 1;

  if (self->changes.n_tables == 0)
    {
      copy_single_cell (&changes->values, &self->cell);
      return changes;
    }

  changes->n_tables = 1;
  changes->tables = g_new (TstChangedTable, 1);
  *changes->tables = self->table;
  changes->tables->id = tst_id_ref (self->table.id);
  changes->tables->rows = g_new (TstChangedRow, 1);
  *changes->tables->rows = self->row;
  changes->tables->rows->id = tst_id_ref (self->row.id);
  copy_single_cell (changes->tables->rows, &self->cell);

  return changes;
}
