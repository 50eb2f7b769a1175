/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: operations on a store, one after the other, and inside each
 * other, as listeners do operations too. At the end of each of them, and in the
 * middle: counts agree with ids; the store is what its text says; what was
 * rolled back is as it was; snapshots stay what they are; and what was told,
 * done to a copy, makes it equal.
 *
 * The first byte of an operation says which: the lower six bits are its place
 * in the table at the end. If the upper two are 01, everything is looked at before
 * and after it; without that, nothing but the operations reads the store. The
 * bytes that follow are its arguments. */

#include "fuzz.h"
#include "world.h"

#include "tst-store-object-private.h"
#include "tst-text-private.h"

#include <math.h>
#include <string.h>

#define OPERATION(byte) ((byte) & 63)
#define LOOKS(byte)     ((byte) >> 6 == 1)

/* More of them only take longer. */
#define MAX_ROWS 200

/* An error, or it worked. */
static void
assert_error_or (gboolean   worked,
                 GError   **error)
{
  g_assert_cmpint (worked, ==, *error == NULL);
  if (*error != NULL)
    g_assert_true ((*error)->domain == TST_ERROR);
}

/* --- Cells and values --- */

static const char *const texts[] = {
  "", "short", "fifteen letters", "a text of more than fifteen letters",
  "\xef\xbf\xbd", "\xef\xbf\xbc", "\"\\\n\x01\xc3\xa9",
};

static const char *const json_values[] = {
  "1", "-0.5", "1e300", "\"x\"", "true", "null", "[]", "{\"a\":[1,null,{}]}",
  "\"\\ufffc\"", "[", "1e999",
};

static gboolean
set_one (World       *self,
         const char  *table_id,
         const char  *row_id,
         const char  *id,
         GError     **error)
{
  guint8 byte = world_take (self);
  guint which = byte / 4;

  switch (byte % 4)
    {
    case 0:
      return table_id != NULL
        ? tst_store_set_cell_number (self->store, table_id, row_id, id, which, error)
        : tst_store_set_value_number (self->store, id, which, error);
    case 1:
      return table_id != NULL
        ? tst_store_set_cell_string (self->store, table_id, row_id, id,
                                     texts[which % G_N_ELEMENTS (texts)], error)
        : tst_store_set_value_string (self->store, id, texts[which % G_N_ELEMENTS (texts)], error);
    case 2:
      return table_id != NULL
        ? tst_store_set_cell_boolean (self->store, table_id, row_id, id, which % 2, error)
        : tst_store_set_value_boolean (self->store, id, which % 2, error);
    default:
      return table_id != NULL
        ? tst_store_set_cell_json (self->store, table_id, row_id, id,
                                   json_values[which % G_N_ELEMENTS (json_values)], error)
        : tst_store_set_value_json (self->store, id,
                                    json_values[which % G_N_ELEMENTS (json_values)], error);
    }
}

static void
set_cell (World    *self,
          gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);
  const char *cell_id = world_take_cell_id (self);
  g_autoptr(GError) error = NULL;

  assert_error_or (set_one (self, table_id, row_id, cell_id, &error), &error);
}

static void
set_value (World    *self,
           gboolean  looks)
{
  const char *value_id = world_take_value_id (self);
  g_autoptr(GError) error = NULL;

  assert_error_or (set_one (self, NULL, NULL, value_id, &error), &error);
}

static void
refuse (World    *self,
        gboolean  looks)
{
  guint8 byte = world_take (self);

  if (byte % 2)
    g_assert_false (tst_store_set_cell_string (self->store, "t", "1", "c1", "\xff", NULL));
  else
    g_assert_false (tst_store_set_value_number (self->store, "v1", NAN, NULL));
}

static void
remove_cell (World    *self,
             gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);
  const char *cell_id = world_take_cell_id (self);
  gboolean there = tst_store_has_cell (self->store, table_id, row_id, cell_id);

  g_assert_cmpint (tst_store_remove_cell (self->store, table_id, row_id, cell_id), <=, there);
}

static void
remove_value (World    *self,
              gboolean  looks)
{
  tst_store_remove_value (self->store, world_take_value_id (self));
}

static void
remove_values (World    *self,
               gboolean  looks)
{
  tst_store_remove_values (self->store);
}

/* --- Rows and tables --- */

/* `{"c1":1,…}` of up to seven cells; now and then one twice, which is refused. */
static void
append_row (World   *self,
            GString *json)
{
  guint n = world_take (self) % 8;

  g_string_append_c (json, '{');
  for (guint i = 0; i < n; i++)
    {
      const char *cell_id = world_take_cell_id (self);
      guint which = world_take (self) % (G_N_ELEMENTS (json_values) - 2);

      g_string_append_printf (json, "%s\"%s\":%s", i > 0 ? "," : "", cell_id, json_values[which]);
    }
  g_string_append_c (json, '}');
}

static void
append_table (World   *self,
              GString *json)
{
  guint n = world_take (self) % 5;

  g_string_append_c (json, '{');
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (json, "%s\"%u\":", i > 0 ? "," : "", world_take (self) % 12);
      append_row (self, json);
    }
  g_string_append_c (json, '}');
}

static void
set_row (World    *self,
         gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  append_row (self, json);
  assert_error_or (tst_store_set_row_json (self->store, table_id, row_id, json->str, &error), &error);
}

static void
set_partial_row (World    *self,
                 gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  append_row (self, json);
  assert_error_or (tst_store_set_partial_row_json (self->store, table_id, row_id, json->str, &error),
                   &error);
}

static void
add_row (World    *self,
         gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  TstAddRowFlags flags = world_take (self) % 2 ? TST_ADD_ROW_NO_REUSE : TST_ADD_ROW_DEFAULT;
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  append_row (self, json);
  id = tst_store_add_row_json (self->store, table_id, json->str, flags, &error);
  assert_error_or (id != NULL, &error);
}

/* So many that they fill chunks of memory, and removing them leaves holes. */
static void
add_many_rows (World    *self,
               gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  guint n = world_take (self) % 70;

  self->answered = TRUE;
  for (guint i = 0; i < n && tst_store_get_n_rows (self->store, table_id) < MAX_ROWS; i++)
    g_free (tst_store_add_row_json (self->store, table_id, "{\"c1\":1,\"c2\":\"x\"}", 0, NULL));
}

static void
remove_many_rows (World    *self,
                  gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  guint step = world_take (self) % 8 + 1, n = world_take (self);
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, table_id);

  self->answered = TRUE;
  for (guint i = 0; ids[i] != NULL && n > 0; i++)
    if (i % step == 0)
      {
        tst_store_remove_row (self->store, table_id, ids[i]);
        n--;
      }
}

/* Only a mutator may undo what is valid. */
static void
assert_written (gboolean      written,
                const GError *error)
{
  g_assert_true (written || g_error_matches (error, TST_ERROR, TST_ERROR_ROLLED_BACK));
}

/* So many cells that the row has a layout of its own. */
static void
widen_row (World    *self,
           gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);
  guint n = world_take (self) % 80;

  self->answered = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell_id = g_strdup_printf ("c%u", i);
      g_autoptr(GError) error = NULL;

      gboolean written;

      written = tst_store_set_cell_number (self->store, table_id, row_id, cell_id, i, &error);
      assert_written (written, error);
    }
}

static void
remove_row (World    *self,
            gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *row_id = world_take_row_id (self, table_id);

  tst_store_remove_row (self->store, table_id, row_id);
}

static void
remove_table (World    *self,
              gboolean  looks)
{
  tst_store_remove_table (self->store, world_take_table_id (self));
}

static void
remove_tables (World    *self,
               gboolean  looks)
{
  tst_store_remove_tables (self->store);
}

/* What was read from a text is what it says, unless somebody was told of it. */
static void
assert_content (World      *self,
                const char *table_id,
                const char *json)
{
  g_autoptr(TstStore) expected = tst_store_new ();
  g_autoptr(TstStore) actual = tst_store_new ();
  g_autoptr(TstSnapshot) one = NULL;
  g_autoptr(TstSnapshot) other = NULL;
  g_autofree char *text = NULL;

  if (self->listeners->len > 0)
    return;

  if (table_id != NULL)
    {
      text = tst_store_get_table_json (self->store, table_id);
      g_assert_true (tst_store_set_table_json (expected, table_id, json, NULL));
      g_assert_true (tst_store_set_table_json (actual, table_id, text, NULL));
    }
  else
    {
      text = tst_store_get_json (self->store);
      g_assert_true (tst_store_set_json (expected, json, NULL));
      g_assert_true (tst_store_set_json (actual, text, NULL));
    }

  one = tst_store_snapshot (expected);
  other = tst_store_snapshot (actual);
  g_assert_true (tst_snapshot_equal (one, other));
}

static void
set_table (World    *self,
           gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  append_table (self, json);
  assert_error_or (tst_store_set_table_json (self->store, table_id, json->str, &error), &error);
  if (error == NULL)
    assert_content (self, table_id, json->str);
}

static void
set_values (World    *self,
            gboolean  looks)
{
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  append_row (self, json);
  if (world_take (self) % 2)
    assert_error_or (tst_store_set_values_json (self->store, json->str, &error), &error);
  else
    assert_error_or (tst_store_set_partial_values_json (self->store, json->str, &error), &error);
}

static void
set_content (World    *self,
             gboolean  looks)
{
  g_autoptr(GString) json = g_string_new ("[{");
  g_autoptr(GError) error = NULL;
  guint n = world_take (self) % 4;

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (json, "%s\"%s\":", i > 0 ? "," : "", world_take_table_id (self));
      append_table (self, json);
    }
  g_string_append (json, "},");
  append_row (self, json);
  g_string_append_c (json, ']');

  assert_error_or (tst_store_set_json (self->store, json->str, &error), &error);
  if (error == NULL)
    assert_content (self, NULL, json->str);
}

/* --- Transactions --- */

static void
begin (World    *self,
       gboolean  looks)
{
  if (self->marks->len < 5)
    world_begin (self, looks);
}

static void
commit (World    *self,
        gboolean  looks)
{
  if (self->marks->len > self->base)
    world_commit (self);
}

static void
rollback (World    *self,
          gboolean  looks)
{
  if (self->marks->len > self->base)
    world_rollback (self);
}

/* What those who are called before the end may do: undo all of it. */
static void
undo (World    *self,
      gboolean  looks)
{
  if (!self->store->closing || tst_store_depth (self->store) != 1)
    return;

  tst_store_rollback (self->store);
  self->undone = TRUE;
}

static void
transact_cb (TstStore  *store,
             gpointer   user_data,
             GError   **error)
{
  World *self = user_data;
  guint base = self->base;
  guint8 byte = world_take (self);

  self->base = self->marks->len;
  for (guint i = 0; i < byte % 4 && self->n_answers > 0; i++)
    {
      self->n_answers--;
      world_operate (self);
    }
  world_commit_down_to (self, self->base);
  self->base = base;

  if (byte >= 128)
    g_set_error_literal (error, TST_ERROR, TST_ERROR_FORMAT, "on purpose");
}

static void
transact (World    *self,
          gboolean  looks)
{
  g_autofree char *text = looks ? tst_store_get_json (self->store) : NULL;
  g_autoptr(GError) error = NULL;
  gboolean answered = self->answered;

  self->answered = FALSE;
  assert_error_or (tst_store_transact (self->store, transact_cb, self, &error), &error);
  if (text != NULL && error != NULL && !self->answered)
    world_assert_text (self, text);
  self->answered |= answered;
}

/* --- Listeners --- */

static void
add_listener (World    *self,
              gboolean  looks)
{
  world_add_listener (self);
}

static void
remove_listener (World    *self,
                 gboolean  looks)
{
  world_remove_listener (self);
}

static void
call_listener (World    *self,
               gboolean  looks)
{
  world_call_listener (self);
}

/* --- Snapshots and changes --- */

static void
hold (World    *self,
      gboolean  looks)
{
  Held *held = &self->held[world_take (self) % N_HELD];

  if (held->snapshot != NULL)
    {
      g_autoptr(GBytes) text = tst_text_write_content (held->snapshot);

      g_assert_true (g_bytes_equal (text, held->text));
      g_clear_pointer (&held->snapshot, tst_snapshot_unref);
      g_clear_pointer (&held->text, g_bytes_unref);
      return;
    }

  held->snapshot = tst_store_snapshot (self->store);
  held->text = tst_text_write_content (held->snapshot);
}

/* As a persister does. */
static void
replace (World    *self,
         gboolean  looks)
{
  guint8 byte = world_take (self);
  const Held *held = &self->held[byte % N_HELD];
  TstParts parts = byte & 4 ? TST_PART_TABLES : byte & 8 ? TST_PART_VALUES : TST_PART_ALL;
  gboolean as_other = (byte & 16) && !tst_store_is_busy (self->store);
  g_autoptr(TstSnapshot) now = NULL;

  if (held->snapshot == NULL)
    return;

  if (as_other)
    tst_store_push_origin (self->store, self);
  tst_store_write_content (self->store, held->snapshot, parts | (byte & 32 ? TST_PART_POOLED : 0), NULL);
  if (as_other)
    tst_store_pop_origin (self->store);

  now = tst_store_snapshot (self->store);
  if (parts == TST_PART_ALL && self->listeners->len == 0)
    g_assert_true (tst_snapshot_equal (now, held->snapshot));
}

static void
apply_changes (World    *self,
               gboolean  looks)
{
  g_autoptr(TstChanges) changes = self->kept != NULL ? tst_changes_ref (self->kept) : NULL;
  g_autoptr(GError) error = NULL;
  gboolean written;

  if (changes == NULL)
    return;

  written = tst_store_apply_changes (self->store, changes, &error);
  assert_written (written, error);
}

/* --- Cursors and sorting --- */

static TstCursor **
take_cursor (World *self)
{
  return &self->cursors[world_take (self) % N_CURSORS];
}

static void
open_cursor (World    *self,
             gboolean  looks)
{
  TstCursor **cursor = take_cursor (self);

  g_clear_object (cursor);
  *cursor = tst_cursor_new (self->store, world_take_table_id (self));
  for (guint i = 0; i < N_COLUMNS; i++)
    g_assert_cmpuint (tst_cursor_add_column (*cursor, world_take_cell_id (self)), ==, i);
}

static void
move_cursor (World    *self,
             gboolean  looks)
{
  TstCursor *cursor = *take_cursor (self);
  guint8 byte = world_take (self);

  if (cursor == NULL)
    return;

  if (byte % 4 == 0)
    tst_cursor_rewind (cursor);
  else if (byte % 4 == 1)
    tst_cursor_seek (cursor, world_take_row_id (self, "t"));
  else
    for (guint i = 0; i < byte && tst_cursor_next (cursor); i++)
      g_assert_nonnull (tst_cursor_get_row_id (cursor));
}

/* Where there is no row, there is nothing to set. */
static void
set_by_cursor (World    *self,
               gboolean  looks)
{
  TstCursor *cursor = *take_cursor (self);
  guint column = world_take (self) % N_COLUMNS;
  guint8 byte = world_take (self);
  g_autoptr(GError) error = NULL;
  gboolean set;

  if (cursor == NULL || tst_cursor_get_row_id (cursor) == NULL)
    return;

  if (byte % 3 == 0)
    set = tst_cursor_set_number (cursor, column, byte, &error);
  else if (byte % 3 == 1)
    set = tst_cursor_set_string (cursor, column, texts[byte % G_N_ELEMENTS (texts)], &error);
  else
    set = tst_cursor_set_boolean (cursor, column, byte % 2, &error);
  assert_error_or (set, &error);

  /* Whoever is told may remove it. */
  if (self->listeners->len == 0)
    g_assert_cmpint (tst_cursor_get_cell_type (cursor, column), !=, TST_CELL_TYPE_NONE);
}

/* A page is part of the whole, which has each row once, and backwards is the
 * reverse. */
static void
sort_rows (World    *self,
           gboolean  looks)
{
  const char *table_id = world_take_table_id (self);
  const char *cell_id = world_take (self) % 4 ? world_take_cell_id (self) : NULL;
  guint8 byte = world_take (self);
  int offset = byte / 16, limit = byte % 16;
  g_auto(GStrv) all = tst_store_get_sorted_row_ids (self->store, table_id, cell_id, FALSE, 0, -1);
  g_auto(GStrv) back = tst_store_get_sorted_row_ids (self->store, table_id, cell_id, TRUE, 0, -1);
  g_auto(GStrv) page = tst_store_get_sorted_row_ids (self->store, table_id, cell_id, FALSE, offset,
                                                     limit);
  guint n = tst_store_get_n_rows (self->store, table_id);

  g_assert_cmpuint (g_strv_length (all), ==, n);
  g_assert_cmpuint (g_strv_length (back), ==, n);
  g_assert_cmpint (g_strv_length (page), ==, CLAMP ((int) n - offset, 0, limit));
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (tst_store_has_row (self->store, table_id, all[i]));
      g_assert_cmpstr (all[i], ==, back[n - 1 - i]);
    }
  for (guint i = 0; page[i] != NULL; i++)
    g_assert_cmpstr (page[i], ==, all[(guint) offset + i]);
}

/* --- All of them --- */

/* A new one goes to the end, so that the samples stay what they are. What is
 * behind the end does nothing. */
static void (*const operations[]) (World    *self,
                                   gboolean  looks) = {
  set_cell,         /* 0 */
  set_value,
  refuse,
  remove_cell,
  remove_value,
  remove_values,
  set_row,
  set_partial_row,
  add_row,          /* 8 */
  add_many_rows,
  remove_many_rows,
  widen_row,
  remove_row,
  remove_table,
  remove_tables,
  set_table,
  set_values,       /* 16 */
  set_content,
  begin,
  commit,
  rollback,
  undo,
  transact,
  add_listener,
  remove_listener,  /* 24 */
  call_listener,
  hold,
  replace,
  apply_changes,
  open_cursor,
  move_cursor,
  set_by_cursor,
  sort_rows,        /* 32 */
};

void
world_operate (World *self)
{
  guint8 byte = world_take (self);

  if (OPERATION (byte) < G_N_ELEMENTS (operations))
    operations[OPERATION (byte)] (self, LOOKS (byte));
  if (LOOKS (byte))
    world_assert_sound (self);
}

/* One that is not inside another. */
static void
operate_outside (World *self)
{
  gboolean looks = LOOKS (*self->at);
  g_autofree char *before = NULL;

  if (looks && self->marks->len > 0)
    before = g_strdup (g_array_index (self->marks, Mark, 0).text);
  else if (looks)
    before = tst_store_get_json (self->store);

  self->n_answers = 40;
  self->answered = self->undone = FALSE;
  world_operate (self);
  g_assert_cmpuint (tst_store_depth (self->store), ==, self->marks->len);

  if (!looks)
    return;

  world_assert_shadow (self);
  if (self->undone && !self->answered && before != NULL)
    world_assert_text (self, before);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  World world;

  world_init (&world, data, size);
  while (!world_is_over (&world))
    operate_outside (&world);
  world_clear (&world);

  return 0;
}
