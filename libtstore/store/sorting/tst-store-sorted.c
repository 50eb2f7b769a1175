/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-sorted.h"

#include "tst-sort-walk-private.h"
#include "tst-store-object-private.h"

/* A page of the rows of a table, sorted. Most pages are short and at the
 * beginning: a heap keeps the best rows so far, the worst of them on top, and
 * most rows are worse than that, which takes one comparison. Rows never tie, as
 * their slots are part of what is compared, so no sort has to be stable. */

typedef struct
{
  TstSortKey key;
  guint32    slot;
} Entry;

/* Anything larger is sorted by way of pointers. */
G_STATIC_ASSERT (sizeof (Entry) <= 32);

typedef struct
{
  const TstTableData *table;
  const char         *cell_id;     /* (nullable): by row id */
  guint32             column;      /* … or TST_ID_MAP_NONE if no row has it */
  gboolean            descending;
  TstSorter           sorter;      /* (nullable) */
  gpointer            user_data;
  GStringChunk       *texts;       /* (nullable): of keys */

  Entry              *entries;     /* the best so far; once full, … */
  guint               n;
  guint               capacity;
  gboolean            is_heap;     /* … with the worst of them first */
} Sorting;

/* --- Comparing --- */

/* Returns: (nullable): @value, or NULL if the row has no such cell */
static const GValue *
init_sorter_value (GValue        *value,
                   const Sorting *self,
                   const Entry   *entry)
{
  const TstCell *cell;

  if (self->cell_id == NULL)
    {
      g_value_init (value, G_TYPE_STRING);
      g_value_set_static_string (value, entry->key.text);
      return value;
    }

  if (self->column == TST_ID_MAP_NONE)
    return NULL;

  cell = tst_table_data_cell (self->table, entry->slot, self->column);
  if (cell == NULL)
    return NULL;

  tst_cell_get_value (cell, value);
  return value;
}

static int
call_sorter (const Sorting *self,
             const Entry   *a,
             const Entry   *b)
{
  GValue first = G_VALUE_INIT, second = G_VALUE_INIT;
  const GValue *first_or_null = init_sorter_value (&first, self, a);
  const GValue *second_or_null = init_sorter_value (&second, self, b);

  return self->sorter (first_or_null, second_or_null, self->user_data);
}

static inline int
compare (const Sorting *self,
         const Entry   *a,
         const Entry   *b)
{
  int order = G_UNLIKELY (self->sorter != NULL) ? call_sorter (self, a, b)
                                                : tst_sort_key_compare (&a->key, &b->key);

  if (order == 0)
    order = (a->slot > b->slot) - (a->slot < b->slot);

  if (!self->descending)
    return order;

  return order < 0 ? 1 : order > 0 ? -1 : 0;
}

static int
compare_cb (gconstpointer a,
            gconstpointer b,
            gpointer      user_data)
{
  return compare (user_data, a, b);
}

/* --- The heap --- */

static void
sift_down (Sorting *self,
           guint    i)
{
  Entry moving = self->entries[i];

  for (guint child = 2 * i + 1; child < self->n; child = 2 * i + 1)
    {
      if (child + 1 < self->n && compare (self, &self->entries[child], &self->entries[child + 1]) < 0)
        child++;
      if (compare (self, &moving, &self->entries[child]) >= 0)
        break;

      self->entries[i] = self->entries[child];
      i = child;
    }

  self->entries[i] = moving;
}

static void
make_heap (Sorting *self)
{
  for (guint i = self->n / 2; i-- > 0; )
    sift_down (self, i);

  self->is_heap = TRUE;
}

static inline void
offer (Sorting     *self,
       const Entry *entry)
{
  if (self->n < self->capacity)
    {
      self->entries[self->n++] = *entry;
      return;
    }

  if (!self->is_heap)
    make_heap (self);

  if (compare (self, entry, &self->entries[0]) < 0)
    {
      self->entries[0] = *entry;
      sift_down (self, 0);
    }
}

/* --- Rows --- */

static guint32
find_column (const TstTableData *table,
             const char         *cell_id)
{
  guint n = tst_table_data_get_n_columns (table);

  for (guint32 i = 0; i < n; i++)
    {
      const TstId *id = tst_table_data_get_column_id (table, i);

      if (id != NULL && strcmp (id->text, cell_id) == 0)
        return i;
    }

  return TST_ID_MAP_NONE;
}

static void
offer_all (Sorting *self)
{
  TstSortWalk walk;
  Entry entry;

  tst_sort_walk_init (&walk, self->table, self->cell_id == NULL, self->column);
  while (tst_sort_walk_next (&walk, &entry.slot, &entry.key, &self->texts))
    offer (self, &entry);
}

/* The rows from @start on, up to @end */
static char **
take_row_ids (Sorting *self,
              guint    start,
              guint    end)
{
  char **ids = g_new (char *, (gsize) (end - start) + 1);

  for (guint i = start; i < end; i++)
    ids[i - start] = g_strdup (tst_table_data_head (self->table, self->entries[i].slot)->id->text);
  ids[end - start] = NULL;

  return ids;
}

static char **
sort_rows (Sorting *self,
           int      offset,
           int      limit)
{
  guint n_rows = self->table ? tst_table_data_get_n_rows (self->table) : 0;
  guint start, end;
  char **ids;

  tst_sort_find_page (n_rows, offset, limit, &start, &end);
  if (start == end)
    return g_new0 (char *, 1);

  g_assert (self->table != NULL);
  self->capacity = end;
  self->entries = g_new (Entry, end);

  if (self->cell_id != NULL)
    self->column = find_column (self->table, self->cell_id);
  offer_all (self);

  g_qsort_with_data (self->entries, (gint) self->n, sizeof (Entry), compare_cb, self);
  ids = take_row_ids (self, start, end);

  g_free (self->entries);
  g_clear_pointer (&self->texts, g_string_chunk_free);

  return ids;
}

/**
 * tst_store_get_sorted_row_ids:
 * @self: a store
 * @table_id: the id of the table
 * @cell_id: (nullable): the cell to sort by; `NULL` for the row id
 * @descending: whether to reverse the order
 * @offset: how many rows to leave out; if negative, to begin so many before
 *   the end
 * @limit: how many rows to list at most; -1 for all
 *
 * Lists the rows of a table, or a page of them, in the order of a cell.
 *
 * First come the rows with a number, in rising order. `TRUE` counts as 1, and
 * `FALSE`, null and a cell that is not there as 0. Behind them come the rows
 * with a string, in the order of their UTF-16 code units. An array counts as a
 * string of its elements, with commas between them, and an object as the string
 * `[object Object]`.
 *
 * Rows whose cells are the same come in the order in which they were added.
 * Descending is the exact reverse: so they come in the reverse of that.
 *
 * Among numbers, booleans, null and nothing, and among strings, arrays and objects,
 * that is the order of TinyBase, which has none for a number and a string.
 *
 * A page at the beginning is found without sorting all rows.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the rows; none
 *   if there is no such table
 *
 * Since: 0.1
 */
char **
tst_store_get_sorted_row_ids (TstStore   *self,
                              const char *table_id,
                              const char *cell_id,
                              gboolean    descending,
                              int         offset,
                              int         limit)
{
  Sorting sorting = { .cell_id = cell_id, .descending = descending };
  const TstTable *table;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (limit >= -1, NULL);

  table = tst_engine_find_table (self->engine, table_id);
  sorting.table = table ? table->data : NULL;

  return sort_rows (&sorting, offset, limit);
}

/**
 * TstSorter:
 * @first: (nullable): a cell, or a row id
 * @second: (nullable): another one
 * @user_data: the data given with the function
 *
 * Compares what rows are sorted by.
 *
 * A cell that is not there is `NULL`.
 *
 * Returns: less than 0 if @first comes before @second, more than 0 if it comes
 *   behind it, and 0 if they are the same
 *
 * Since: 0.1
 */

/**
 * tst_store_get_sorted_row_ids_with_func:
 * @self: a store
 * @table_id: the id of the table
 * @cell_id: (nullable): the cell to sort by; `NULL` for the row id
 * @descending: whether to reverse the order
 * @offset: how many rows to leave out; if negative, to begin so many before
 *   the end
 * @limit: how many rows to list at most; -1 for all
 * @sorter: (scope call) (closure user_data): the function that compares
 * @user_data: data for @sorter
 *
 * Lists the rows of a table, or a page of them, in an order of one's own.
 *
 * The rows are those that there are when this is called, even if the function
 * writes to the store. [method@Store.get_sorted_row_ids] says what becomes of
 * rows that are the same to it.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the rows; none
 *   if there is no such table
 *
 * Since: 0.1
 */
char **
tst_store_get_sorted_row_ids_with_func (TstStore   *self,
                                        const char *table_id,
                                        const char *cell_id,
                                        gboolean    descending,
                                        int         offset,
                                        int         limit,
                                        TstSorter   sorter,
                                        gpointer    user_data)
{
  Sorting sorting = { NULL, cell_id, 0, descending, sorter, user_data };
  g_autoptr(TstSnapshot) snapshot = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (limit >= -1, NULL);
  g_return_val_if_fail (sorter != NULL, NULL);

  snapshot = tst_store_snapshot (self);
  sorting.table = tst_snapshot_find_table (snapshot, table_id);

  return sort_rows (&sorting, offset, limit);
}
