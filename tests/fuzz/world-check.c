/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "world.h"

#include "tst-text-private.h"

#include <string.h>

/* --- Counts agree with ids, and ids with what is there --- */

typedef struct
{
  guint       n;
  GHashTable *uses;  /* (nullable): of a cell id in a table: by how many rows */
} Counting;

static void
count_value_cb (TstStore     *store,
                const char   *id,
                const GValue *value,
                gpointer      user_data)
{
  ((Counting *) user_data)->n++;
}

static void
count_id_cb (TstStore   *store,
             const char *id,
             gpointer    user_data)
{
  ((Counting *) user_data)->n++;
}

static void
assert_sound_row (World      *self,
                  const char *table_id,
                  const char *row_id,
                  GHashTable *uses)
{
  g_auto(GStrv) ids = tst_store_get_cell_ids (self->store, table_id, row_id);
  Counting counting = { 0, NULL };

  g_assert_true (tst_store_has_row (self->store, table_id, row_id));
  g_assert_nonnull (ids[0]);
  tst_store_foreach_cell (self->store, table_id, row_id, count_value_cb, &counting);
  g_assert_cmpuint (counting.n, ==, g_strv_length (ids));

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_assert_true (tst_store_has_cell (self->store, table_id, row_id, ids[i]));
      g_assert_true (tst_store_has_table_cell (self->store, table_id, ids[i]));
      g_hash_table_insert (uses, g_strdup (ids[i]),
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (uses, ids[i])) + 1));
    }
}

static void
assert_table_cell_cb (TstStore   *store,
                      const char *cell_id,
                      guint       n_rows,
                      gpointer    user_data)
{
  Counting *counting = user_data;

  g_assert_cmpuint (n_rows, ==, GPOINTER_TO_UINT (g_hash_table_lookup (counting->uses, cell_id)));
  counting->n++;
}

static void
assert_sound_table (World      *self,
                    const char *table_id)
{
  g_auto(GStrv) row_ids = tst_store_get_row_ids (self->store, table_id);
  g_auto(GStrv) cell_ids = tst_store_get_table_cell_ids (self->store, table_id);
  g_autoptr(GHashTable) uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Counting counting = { 0, uses };

  g_assert_true (tst_store_has_table (self->store, table_id));
  g_assert_nonnull (row_ids[0]);
  g_assert_cmpuint (tst_store_get_n_rows (self->store, table_id), ==, g_strv_length (row_ids));
  for (guint i = 0; row_ids[i] != NULL; i++)
    assert_sound_row (self, table_id, row_ids[i], uses);

  tst_store_foreach_table_cell (self->store, table_id, assert_table_cell_cb, &counting);
  g_assert_cmpuint (counting.n, ==, g_strv_length (cell_ids));
  g_assert_cmpuint (counting.n, ==, g_hash_table_size (uses));
}

static void
assert_sound_ids (World *self)
{
  g_auto(GStrv) table_ids = tst_store_get_table_ids (self->store);
  g_auto(GStrv) value_ids = tst_store_get_value_ids (self->store);
  Counting tables = { 0, NULL }, values = { 0, NULL };

  tst_store_foreach_table (self->store, count_id_cb, &tables);
  g_assert_cmpuint (tables.n, ==, g_strv_length (table_ids));
  g_assert_cmpuint (tst_store_get_n_tables (self->store), ==, tables.n);
  g_assert_cmpint (tst_store_has_tables (self->store), ==, tables.n > 0);
  for (guint i = 0; table_ids[i] != NULL; i++)
    assert_sound_table (self, table_ids[i]);

  tst_store_foreach_value (self->store, count_value_cb, &values);
  g_assert_cmpuint (values.n, ==, g_strv_length (value_ids));
  g_assert_cmpuint (tst_store_get_n_values (self->store), ==, values.n);
  g_assert_cmpint (tst_store_has_values (self->store), ==, values.n > 0);
  for (guint i = 0; value_ids[i] != NULL; i++)
    g_assert_true (tst_store_has_value (self->store, value_ids[i]));
}

/* --- Its text is the store --- */

void
world_assert_text (World      *self,
                   const char *expected)
{
  g_autofree char *text = tst_store_get_json (self->store);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_sound_text (World *self)
{
  g_autofree char *text = tst_store_get_json (self->store);
  g_autoptr(TstSnapshot) now = tst_store_snapshot (self->store);
  g_autoptr(TstSnapshot) then = NULL;
  g_autoptr(TstStore) fresh = tst_store_new ();
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;

  tst_store_set_json (fresh, text, &error);
  g_assert_no_error (error);
  then = tst_store_snapshot (fresh);
  g_assert_true (tst_snapshot_equal (now, then));
  g_assert_true (tst_snapshot_equal (then, now));
  again = tst_store_get_json (fresh);
  g_assert_cmpstr (again, ==, text);
}

void
world_assert_sound (World *self)
{
  assert_sound_ids (self);
  assert_sound_text (self);
}

/* --- What was told is what happened --- */

/* In a transaction, the changes that will be told are not in the shadow yet. */
void
world_assert_shadow (World *self)
{
  g_autoptr(TstChanges) changes = tst_store_get_changes (self->store);
  g_autoptr(TstSnapshot) told = tst_store_snapshot (self->shadow);
  g_autoptr(TstSnapshot) now = tst_store_snapshot (self->store);
  g_autoptr(TstStore) copy = tst_store_new ();

  g_assert_true (tst_store_replace (copy, told, TST_PART_ALL, NULL));
  g_assert_true (tst_store_apply_changes (copy, changes, NULL));
  g_clear_pointer (&told, tst_snapshot_unref);
  told = tst_store_snapshot (copy);
  g_assert_true (tst_snapshot_equal (told, now));

  if (self->marks->len == 0)
    g_assert_true (tst_changes_is_empty (changes));
}
