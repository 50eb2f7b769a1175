/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "world.h"

typedef struct
{
  World           *world;
  TstListenerKind  kind;
  gboolean         mutator;
  gulong           handle;
  gboolean         removed;
} Listener;

#define MAX_LISTENERS 12
#define MAX_NESTED    3

/* It may not leave a transaction open: the one that it is called for would not end. */
static gboolean
must_end_what_it_begins (const Listener *self)
{
  return self->mutator || self->kind == TST_LISTENER_KIND_FINISHING;
}

/* What it writes is part of the transaction that it is called for. */
static gboolean
is_part_of_it (const Listener *self)
{
  return must_end_what_it_begins (self) || self->kind == TST_LISTENER_KIND_STARTED;
}

/* It does some operations, and says itself whether it ends what it began. */
static void
hear (Listener *self)
{
  World *world = self->world;
  guint base = world->base;
  gboolean ends = must_end_what_it_begins (self);
  guint8 byte;

  g_assert_false (self->removed);
  world_assert_listeners (world);
  if (world_is_over (world) || world->n_nested == MAX_NESTED)
    return;

  byte = world_take (world);
  world->base = world->marks->len;
  world->n_nested++;
  for (guint i = 0; i < byte % 3 && world->n_answers > 0; i++)
    {
      world->n_answers--;
      world->answered |= !is_part_of_it (self);
      world_operate (world);
    }
  world->n_nested--;

  if (ends || byte < 128)
    world_commit_down_to (world, world->base);
  else if (self->kind == TST_LISTENER_KIND_STARTED)
    world_forget_down_to (world, world->base);
  world->base = MIN (base, world->marks->len);
}

/* --- What they are called with --- */

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  g_assert_true (table_id != NULL && row_id != NULL && cell_id != NULL);
  hear (user_data);
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_assert_nonnull (value_id);
  hear (user_data);
}

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  g_assert_true (table_id != NULL && row_id != NULL);
  hear (user_data);
}

static void
table_cb (TstStore   *store,
          const char *table_id,
          gpointer    user_data)
{
  g_assert_nonnull (table_id);
  hear (user_data);
}

static void
store_cb (TstStore *store,
          gpointer  user_data)
{
  hear (user_data);
}

static void
ids_cb (TstStore           *store,
        const char * const *added,
        const char * const *removed,
        gpointer            user_data)
{
  hear (user_data);
}

static void
table_ids_cb (TstStore           *store,
              const char         *table_id,
              const char * const *added,
              const char * const *removed,
              gpointer            user_data)
{
  g_assert_nonnull (table_id);
  hear (user_data);
}

static void
row_ids_cb (TstStore           *store,
            const char         *table_id,
            const char         *row_id,
            const char * const *added,
            const char * const *removed,
            gpointer            user_data)
{
  g_assert_true (table_id != NULL && row_id != NULL);
  hear (user_data);
}

static void
row_count_cb (TstStore   *store,
              const char *table_id,
              guint       n_rows,
              gpointer    user_data)
{
  g_assert_nonnull (table_id);
  hear (user_data);
}

static void
has_row_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            gboolean    exists,
            gpointer    user_data)
{
  g_assert_true (table_id != NULL && row_id != NULL);
  hear (user_data);
}

static void
has_values_cb (TstStore *store,
               gboolean  exists,
               gpointer  user_data)
{
  hear (user_data);
}

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_assert_nonnull (error);
  hear (user_data);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_assert_nonnull (error);
  hear (user_data);
}

/* --- Coming and going --- */

static void
destroy_cb (gpointer user_data)
{
  Listener *self = user_data;

  g_assert_true (g_ptr_array_remove (self->world->listeners, self));
  g_free (self);
}

/* One of every signature. A new one goes to the end. */
static const TstListenerKind kinds[] = {
  TST_LISTENER_KIND_CELL,
  TST_LISTENER_KIND_ROW,
  TST_LISTENER_KIND_TABLE,
  TST_LISTENER_KIND_TABLES,
  TST_LISTENER_KIND_CELL_IDS,
  TST_LISTENER_KIND_ROW_IDS,
  TST_LISTENER_KIND_TABLE_IDS,
  TST_LISTENER_KIND_TABLE_CELL_IDS,
  TST_LISTENER_KIND_ROW_COUNT,
  TST_LISTENER_KIND_HAS_ROW,
  TST_LISTENER_KIND_VALUE,
  TST_LISTENER_KIND_HAS_VALUES,
  TST_LISTENER_KIND_INVALID_CELL,
  TST_LISTENER_KIND_INVALID_VALUE,
  TST_LISTENER_KIND_STARTED,
  TST_LISTENER_KIND_FINISHING,
  TST_LISTENER_KIND_FINISHED
};

static gulong
connect_listener (Listener         *self,
                  const char       *table,
                  const char       *row,
                  const char       *cell,
                  TstListenerFlags  flags)
{
  TstStore *store = self->world->store;

  switch ((guint) self->kind)
    {
    case TST_LISTENER_KIND_CELL:
      return tst_store_add_cell_listener (store, table, row, cell, flags, cell_cb, self, destroy_cb);
    case TST_LISTENER_KIND_ROW:
      return tst_store_add_row_listener (store, table, row, flags, row_cb, self, destroy_cb);
    case TST_LISTENER_KIND_TABLE:
      return tst_store_add_table_listener (store, table, flags, table_cb, self, destroy_cb);
    case TST_LISTENER_KIND_TABLES:
      return tst_store_add_tables_listener (store, flags, store_cb, self, destroy_cb);
    case TST_LISTENER_KIND_CELL_IDS:
      return tst_store_add_cell_ids_listener (store, table, row, flags, row_ids_cb, self, destroy_cb);
    case TST_LISTENER_KIND_ROW_IDS:
      return tst_store_add_row_ids_listener (store, table, flags, table_ids_cb, self, destroy_cb);
    case TST_LISTENER_KIND_TABLE_IDS:
      return tst_store_add_table_ids_listener (store, flags, ids_cb, self, destroy_cb);
    case TST_LISTENER_KIND_TABLE_CELL_IDS:
      return tst_store_add_table_cell_ids_listener (store, table, flags, table_ids_cb, self,
                                                    destroy_cb);
    case TST_LISTENER_KIND_ROW_COUNT:
      return tst_store_add_row_count_listener (store, table, flags, row_count_cb, self, destroy_cb);
    case TST_LISTENER_KIND_HAS_ROW:
      return tst_store_add_has_row_listener (store, table, row, flags, has_row_cb, self, destroy_cb);
    case TST_LISTENER_KIND_VALUE:
      return tst_store_add_value_listener (store, NULL, flags, value_cb, self, destroy_cb);
    case TST_LISTENER_KIND_HAS_VALUES:
      return tst_store_add_has_values_listener (store, flags, has_values_cb, self, destroy_cb);
    case TST_LISTENER_KIND_INVALID_CELL:
      return tst_store_add_invalid_cell_listener (store, table, row, cell, flags, invalid_cell_cb,
                                                  self, destroy_cb);
    case TST_LISTENER_KIND_INVALID_VALUE:
      return tst_store_add_invalid_value_listener (store, NULL, flags, invalid_value_cb, self,
                                                   destroy_cb);
    case TST_LISTENER_KIND_STARTED:
      return tst_store_add_started_listener (store, store_cb, self, destroy_cb);
    case TST_LISTENER_KIND_FINISHING:
      return tst_store_add_finishing_listener (store, store_cb, self, destroy_cb);
    case TST_LISTENER_KIND_FINISHED:
      return tst_store_add_finished_listener (store, store_cb, self, destroy_cb);
    default:
      g_assert_not_reached ();
    }
}

/* A byte says what listens, to which of the ids, and whether it is a mutator. */
void
world_add_listener (World *self)
{
  guint8 kind = world_take (self), scope = world_take (self);
  const char *table = scope & 1 ? world_take_table_id (self) : NULL;
  const char *row = scope & 2 ? world_take_row_id (self, table ? table : "t") : NULL;
  const char *cell = scope & 4 ? world_take_cell_id (self) : NULL;
  Listener *listener;

  if (self->listeners->len == MAX_LISTENERS)
    return;

  listener = g_new0 (Listener, 1);
  listener->world = self;
  listener->kind = kinds[kind % G_N_ELEMENTS (kinds)];
  listener->mutator = (scope & 8) != 0 && listener->kind < TST_LISTENER_KIND_STARTED;
  g_ptr_array_add (self->listeners, listener);
  listener->handle = connect_listener (listener, table, row, cell,
                                       listener->mutator ? TST_LISTENER_MUTATOR : 0);
  g_assert_cmpuint (listener->handle, >, 0);
}

static Listener *
take_listener (World *self)
{
  guint8 byte = world_take (self);

  return self->listeners->len > 0 ? self->listeners->pdata[byte % self->listeners->len] : NULL;
}

/* It may be the one that is being called; and it may have been removed already,
 * if it is still being called. */
void
world_remove_listener (World *self)
{
  Listener *listener = take_listener (self);
  gboolean removed;

  if (listener == NULL)
    return;

  removed = listener->removed;
  listener->removed = TRUE;
  g_assert_cmpint (tst_store_remove_listener (self->store, listener->handle), ==, !removed);
}

void
world_call_listener (World *self)
{
  Listener *listener = take_listener (self);

  if (listener == NULL || self->n_nested > 0)
    return;

  g_assert_true (tst_store_call_listener (self->store, listener->handle));
}

void
world_assert_listeners (World *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint n = 0;

      for (guint j = 0; j < self->listeners->len; j++)
        {
          const Listener *listener = self->listeners->pdata[j];

          n += listener->kind == kinds[i] && !listener->removed;
        }
      g_assert_cmpuint (tst_store_get_n_listeners (self->store, kinds[i]), ==, n);
    }
}
