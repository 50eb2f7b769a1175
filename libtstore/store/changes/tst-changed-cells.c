/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-private.h"

/* Most rows have few cells, which are found faster one by one than in a map. */
#define MAX_LINEAR_CELLS 16

TstChangedCell *
tst_changed_cells_find (TstChangedCells *self,
                        const TstId     *id)
{
  if (self->n_cells > MAX_LINEAR_CELLS)
    {
      guint32 i = tst_id_map_find_id (&self->map, id);

      return i != TST_ID_MAP_NONE ? &self->cells[i] : NULL;
    }

  for (guint i = 0; i < self->n_cells; i++)
    if (tst_id_equal (self->cells[i].id, id))
      return &self->cells[i];

  return NULL;
}

TstChangedCell *
tst_changed_cells_add (TstChangedCells *self,
                       TstId           *id)
{
  TstChangedCell *cell;

  if (self->n_cells == self->capacity)
    {
      self->capacity = MAX (self->capacity * 2, 4);
      self->cells = g_renew (TstChangedCell, self->cells, self->capacity);
    }

  cell = &self->cells[self->n_cells++];
  *cell = (TstChangedCell) { id, TST_CELL_INIT, TST_CELL_INIT };

  if (self->n_cells == MAX_LINEAR_CELLS + 1)
    for (guint i = 0; i < self->n_cells; i++)
      tst_id_map_insert (&self->map, self->cells[i].id, i);
  else if (self->n_cells > MAX_LINEAR_CELLS)
    tst_id_map_insert (&self->map, cell->id, self->n_cells - 1);

  return cell;
}
