/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-private.h"

/* Elements of two arrays that hold the same ids, in whatever order: tables,
 * rows or cells, which all begin with their id. Most come in the same order;
 * where they do not, the ids of the other array are put in a map. */
typedef struct
{
  const guint8 *elements;
  gsize         size;
  guint         n;
  TstIdMap      map;
} Elements;

static TstId *
get_id (const Elements *self,
        guint           i)
{
  return *(TstId * const *) (gconstpointer) (self->elements + i * self->size);
}

/* Returns: (nullable): the element of that id, which may be at @expected */
static gconstpointer
find_element (Elements    *self,
              const TstId *id,
              guint        expected)
{
  guint32 i = expected;

  if (!tst_id_equal (get_id (self, expected), id))
    {
      for (guint j = self->map.n; j < self->n; j++)
        tst_id_map_insert (&self->map, get_id (self, j), j);
      i = tst_id_map_find_id (&self->map, id);
    }

  return i != TST_ID_MAP_NONE ? self->elements + i * self->size : NULL;
}

static gboolean
cells_equal (const TstChangedRow *self,
             const TstChangedRow *other)
{
  Elements cells = { (gconstpointer) other->cells, sizeof (TstChangedCell), other->n_cells };
  gboolean equal = self->n_cells == other->n_cells;

  for (guint i = 0; equal && i < self->n_cells; i++)
    {
      const TstChangedCell *cell = find_element (&cells, self->cells[i].id, i);

      equal = cell != NULL && tst_cell_equal (&self->cells[i].new_cell, &cell->new_cell);
    }

  tst_id_map_clear (&cells.map);

  return equal;
}

static gboolean
rows_equal (const TstChangedTable *self,
            const TstChangedTable *other)
{
  Elements rows = { (gconstpointer) other->rows, sizeof (TstChangedRow), other->n_rows };
  gboolean equal = self->n_rows == other->n_rows;

  for (guint i = 0; equal && i < self->n_rows; i++)
    {
      const TstChangedRow *row = find_element (&rows, self->rows[i].id, i);
      gboolean removed = self->rows[i].delta < 0;

      equal = row != NULL && (row->delta < 0) == removed &&
              (removed || cells_equal (&self->rows[i], row));
    }

  tst_id_map_clear (&rows.map);

  return equal;
}

gboolean
tst_changes_compare (const TstChanges *self,
                     const TstChanges *other)
{
  Elements tables = { (gconstpointer) other->tables, sizeof (TstChangedTable), other->n_tables };
  gboolean equal = self->n_tables == other->n_tables && cells_equal (&self->values, &other->values);

  for (guint i = 0; equal && i < self->n_tables; i++)
    {
      const TstChangedTable *table = find_element (&tables, self->tables[i].id, i);
      gboolean removed = self->tables[i].delta < 0;

      equal = table != NULL && (table->delta < 0) == removed &&
              (removed || rows_equal (&self->tables[i], table));
    }

  tst_id_map_clear (&tables.map);

  return equal;
}
