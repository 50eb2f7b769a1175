/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-conflict-private.h"

/**
 * TstConflict:
 *
 * What a persister did where a store and its medium had both changed.
 *
 * When a persister loads a version that somebody else made, while the store has
 * changes that are not saved yet, it merges the two. Most of the time they do
 * not meet. Where they do, the result follows fixed rules, loses nothing
 * silently, and is told by [signal@Persister::conflict] with one entry for each
 * thing that was changed on both sides.
 *
 * ```python
 * def tell(persister, conflict):
 *     for i in range(conflict.get_n_entries()):
 *         print(conflict.get_kind(i).value_nick, conflict.get_table_id(i), conflict.get_row_id(i))
 *
 * persister.connect("conflict", tell)
 * ```
 *
 * Since: 0.1
 */

typedef struct
{
  TstConflictKind  kind;
  char            *table_id;    /* (nullable): NULL for a value */
  char            *row_id;      /* (nullable): NULL for a value */
  char            *cell_id;     /* (nullable): NULL for a row */
  char            *new_row_id;  /* (nullable) */
} Entry;

struct _TstConflict
{
  gatomicrefcount  ref_count;
  GArray          *entries;     /* of Entry */
};

G_DEFINE_BOXED_TYPE (TstConflict, tst_conflict, tst_conflict_ref, tst_conflict_unref)

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_free (entry->table_id);
  g_free (entry->row_id);
  g_free (entry->cell_id);
  g_free (entry->new_row_id);
}

TstConflict *
tst_conflict_new (void)
{
  TstConflict *self = g_new0 (TstConflict, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);

  return self;
}

void
tst_conflict_add (TstConflict     *self,
                  TstConflictKind  kind,
                  const char      *table_id,
                  const char      *row_id,
                  const char      *cell_id,
                  const char      *new_row_id)
{
  Entry entry = {
    kind,
    g_strdup (table_id),
    g_strdup (row_id),
    g_strdup (cell_id),
    g_strdup (new_row_id),
  };

  g_array_append_val (self->entries, entry);
}

/**
 * tst_conflict_ref:
 * @self: a conflict
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
TstConflict *
tst_conflict_ref (TstConflict *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tst_conflict_unref:
 * @self: (transfer full): a conflict
 *
 * Lets go of a reference.
 *
 * Since: 0.1
 */
void
tst_conflict_unref (TstConflict *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->entries);
  g_free (self);
}

/**
 * tst_conflict_get_n_entries:
 * @self: a conflict
 *
 * Returns how many things were changed on both sides.
 *
 * Returns: the number of entries
 *
 * Since: 0.1
 */
guint
tst_conflict_get_n_entries (TstConflict *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

/**
 * tst_conflict_get_kind:
 * @self: a conflict
 * @index: the number of an entry, from 0
 *
 * Returns what was done about one thing.
 *
 * Returns: the kind of the entry
 *
 * Since: 0.1
 */
TstConflictKind
tst_conflict_get_kind (TstConflict *self,
                       guint        index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, TST_CONFLICT_KEPT);

  return g_array_index (self->entries, Entry, index).kind;
}

/**
 * tst_conflict_get_table_id:
 * @self: a conflict
 * @index: the number of an entry, from 0
 *
 * Returns the table of one thing.
 *
 * Returns: (nullable): the id of the table, or `NULL` for a keyed value
 *
 * Since: 0.1
 */
const char *
tst_conflict_get_table_id (TstConflict *self,
                           guint        index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return g_array_index (self->entries, Entry, index).table_id;
}

/**
 * tst_conflict_get_row_id:
 * @self: a conflict
 * @index: the number of an entry, from 0
 *
 * Returns the row of one thing.
 *
 * Returns: (nullable): the id of the row, or `NULL` for a keyed value
 *
 * Since: 0.1
 */
const char *
tst_conflict_get_row_id (TstConflict *self,
                         guint        index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return g_array_index (self->entries, Entry, index).row_id;
}

/**
 * tst_conflict_get_cell_id:
 * @self: a conflict
 * @index: the number of an entry, from 0
 *
 * Returns the cell, or the keyed value.
 *
 * Returns: (nullable): the id of the cell or value, or `NULL` if the entry is
 *   about a whole row
 *
 * Since: 0.1
 */
const char *
tst_conflict_get_cell_id (TstConflict *self,
                          guint        index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return g_array_index (self->entries, Entry, index).cell_id;
}

/**
 * tst_conflict_get_new_row_id:
 * @self: a conflict
 * @index: the number of an entry, from 0
 *
 * Returns where a row was moved to.
 *
 * Returns: (nullable): the new id, or `NULL` if no row was moved
 *
 * Since: 0.1
 */
const char *
tst_conflict_get_new_row_id (TstConflict *self,
                             guint        index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return g_array_index (self->entries, Entry, index).new_row_id;
}
