/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorder-private.h"

#include <string.h>

static guint64
sum_ids (const char * const *ids)
{
  guint64 sum = 0;

  g_assert_nonnull (ids);
  for (; *ids != NULL; ids++)
    sum += 1 + recorder_mix (GPOINTER_TO_SIZE (model_intern (*ids)));

  return sum;
}

/* --- Hearing --- */

static void
record (RecorderListener *listener,
        Event     event)
{
  if (listener->kind == EVENT_STARTED && listener->recorder->answered)
    return;

  event.kind = listener->kind;
  event.who = listener->who;
  event.is_mutator = listener->is_mutator;
  g_array_append_val (listener->recorder->events, event);
}

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  RecorderListener *listener = user_data;
  Event event = {
    .table_id = model_intern (table_id),
    .row_id = model_intern (row_id),
    .cell_id = model_intern (cell_id),
    .new_value = model_value_from (new_value),
    .old_value = model_value_from (old_value),
  };

  /* Everything is changed before the first listener is called. */
  if (!listener->recorder->answered && !listener->is_mutator)
    g_assert_cmpint (tst_store_has_cell (store, table_id, row_id, cell_id), ==, new_value != NULL);
  record (listener, event);
}

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .row_id = model_intern (row_id) });
}

static void
table_cb (TstStore   *store,
          const char *table_id,
          gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id) });
}

static void
store_cb (TstStore *store,
          gpointer  user_data)
{
  record (user_data, (Event) { 0 });
}

static void
cell_ids_cb (TstStore           *store,
             const char         *table_id,
             const char         *row_id,
             const char * const *added,
             const char * const *removed,
             gpointer            user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .row_id = model_intern (row_id),
                               .added = sum_ids (added),
                               .removed = sum_ids (removed) });
}

static void
row_ids_cb (TstStore           *store,
            const char         *table_id,
            const char * const *added,
            const char * const *removed,
            gpointer            user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .added = sum_ids (added),
                               .removed = sum_ids (removed) });
}

static void
ids_cb (TstStore           *store,
        const char * const *added,
        const char * const *removed,
        gpointer            user_data)
{
  record (user_data, (Event) { .added = sum_ids (added), .removed = sum_ids (removed) });
}

static void
has_cb (TstStore *store,
        gboolean  exists,
        gpointer  user_data)
{
  record (user_data, (Event) { .n = exists });
}

static void
has_table_cb (TstStore   *store,
              const char *table_id,
              gboolean    exists,
              gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id), .n = exists });
}

static void
has_table_cell_cb (TstStore   *store,
                   const char *table_id,
                   const char *cell_id,
                   gboolean    exists,
                   gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .cell_id = model_intern (cell_id),
                               .n = exists });
}

static void
has_row_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            gboolean    exists,
            gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .row_id = model_intern (row_id),
                               .n = exists });
}

static void
has_cell_cb (TstStore   *store,
             const char *table_id,
             const char *row_id,
             const char *cell_id,
             gboolean    exists,
             gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .row_id = model_intern (row_id),
                               .cell_id = model_intern (cell_id),
                               .n = exists });
}

static void
has_value_cb (TstStore   *store,
              const char *value_id,
              gboolean    exists,
              gpointer    user_data)
{
  record (user_data, (Event) { .cell_id = model_intern (value_id), .n = exists });
}

static void
row_count_cb (TstStore   *store,
              const char *table_id,
              guint       n_rows,
              gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id), .n = n_rows });
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  record (user_data, (Event) { .cell_id = model_intern (value_id),
                               .new_value = model_value_from (new_value),
                               .old_value = model_value_from (old_value) });
}

static void
cell_changed_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 gpointer    user_data)
{
  record (user_data, (Event) { .table_id = model_intern (table_id),
                               .row_id = model_intern (row_id),
                               .cell_id = model_intern (cell_id) });
}

static void
value_changed_cb (TstStore   *store,
                  const char *value_id,
                  gpointer    user_data)
{
  record (user_data, (Event) { .cell_id = model_intern (value_id) });
}

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_assert_true (error != NULL && error->domain == TST_ERROR);
  record (user_data, (Event) { .table_id = table_id != NULL ? model_intern (table_id) : NULL,
                               .row_id = row_id != NULL ? model_intern (row_id) : NULL,
                               .cell_id = cell_id != NULL ? model_intern (cell_id) : NULL });
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_assert_true (error != NULL && error->domain == TST_ERROR);
  record (user_data, (Event) { .cell_id = value_id != NULL ? model_intern (value_id) : NULL });
}

static void
take_changed_cell_cb (TstChanges   *changes,
                      const char   *table_id,
                      const char   *row_id,
                      const char   *cell_id,
                      const GValue *new_value,
                      const GValue *old_value,
                      gpointer      user_data)
{
  Event event = {
    .kind = EVENT_CELL,
    .table_id = model_intern (table_id),
    .row_id = model_intern (row_id),
    .cell_id = model_intern (cell_id),
    .new_value = model_value_from (new_value),
    .old_value = model_value_from (old_value),
  };

  g_array_append_val (user_data, event);
}

static void
take_changed_value_cb (TstChanges   *changes,
                       const char   *value_id,
                       const GValue *new_value,
                       const GValue *old_value,
                       gpointer      user_data)
{
  Event event = {
    .kind = EVENT_VALUE,
    .cell_id = model_intern (value_id),
    .new_value = model_value_from (new_value),
    .old_value = model_value_from (old_value),
  };

  g_array_append_val (user_data, event);
}

GArray *
recorder_take_changes (TstChanges *changes)
{
  GArray *into = g_array_new (FALSE, FALSE, sizeof (Event));

  tst_changes_foreach_cell (changes, take_changed_cell_cb, into);
  g_assert_cmpuint (into->len, ==, tst_changes_get_n_cells (changes));
  tst_changes_foreach_value (changes, take_changed_value_cb, into);
  g_assert_cmpuint (into->len, ==,
                    tst_changes_get_n_cells (changes) + tst_changes_get_n_values (changes));
  g_assert_cmpint (tst_changes_is_empty (changes), ==, into->len == 0);

  return into;
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  RecorderListener *listener = user_data;

  g_ptr_array_add (listener->recorder->changed, recorder_take_changes (changes));
  record (listener, (Event) { 0 });
}

/* --- Listeners --- */

Recorder *
recorder_new (TstStore *store)
{
  Recorder *self = g_new0 (Recorder, 1);

  self->store = store;
  self->events = g_array_new (FALSE, FALSE, sizeof (Event));
  self->changed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < 2 * N_EVENTS; i++)
    self->listeners[i / N_EVENTS][i % N_EVENTS] = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
recorder_free (Recorder *self)
{
  while (self->n_listeners > 0)
    recorder_forget (self, 0);
  for (guint i = 0; i < 2 * N_EVENTS; i++)
    g_ptr_array_unref (self->listeners[i / N_EVENTS][i % N_EVENTS]);
  g_array_unref (self->events);
  g_ptr_array_unref (self->changed);
  g_free (self);
}

static RecorderListener *
add_listener (Recorder   *self,
              EventKind   kind,
              gboolean    is_signal,
              gboolean    is_mutator,
              const char *table_id,
              const char *row_id,
              const char *cell_id)
{
  static guint last;
  GPtrArray *listeners = self->listeners[is_mutator][kind];
  RecorderListener *listener = g_new0 (RecorderListener, 1);
  guint at;

  *listener = (RecorderListener) {
    self, kind, ++last, 0, is_signal, is_mutator, 0, table_id, row_id, cell_id
  };
  listener->rank = (table_id == NULL) * 4 + (row_id == NULL) * 2 + (cell_id == NULL);
  if (is_signal)
    listener->rank = RECORDER_RANK_SIGNAL;

  for (at = listeners->len; at > 0; at--)
    {
      RecorderListener *other = g_ptr_array_index (listeners, at - 1);

      if (other->rank <= listener->rank)
        break;
    }
  g_ptr_array_insert (listeners, at, listener);
  self->n_listeners++;

  return listener;
}

static gulong
listen_to_changes (TstStore         *store,
                   TstListenerFlags  flags,
                   RecorderListener *l)
{
  const char *t = l->table_id, *r = l->row_id, *c = l->cell_id;

  switch ((int) l->kind)
    {
    case EVENT_TABLE_IDS:
      return tst_store_add_table_ids_listener (store, flags, ids_cb, l, NULL);
    case EVENT_TABLE_CELL_IDS:
      return tst_store_add_table_cell_ids_listener (store, t, flags, row_ids_cb, l, NULL);
    case EVENT_ROW_COUNT:
      return tst_store_add_row_count_listener (store, t, flags, row_count_cb, l, NULL);
    case EVENT_ROW_IDS:
      return tst_store_add_row_ids_listener (store, t, flags, row_ids_cb, l, NULL);
    case EVENT_CELL_IDS:
      return tst_store_add_cell_ids_listener (store, t, r, flags, cell_ids_cb, l, NULL);
    case EVENT_CELL:
      return tst_store_add_cell_listener (store, t, r, c, flags, cell_cb, l, NULL);
    case EVENT_ROW:
      return tst_store_add_row_listener (store, t, r, flags, row_cb, l, NULL);
    case EVENT_TABLE:
      return tst_store_add_table_listener (store, t, flags, table_cb, l, NULL);
    case EVENT_TABLES:
      return tst_store_add_tables_listener (store, flags, store_cb, l, NULL);
    case EVENT_VALUE_IDS:
      return tst_store_add_value_ids_listener (store, flags, ids_cb, l, NULL);
    case EVENT_VALUE:
      return tst_store_add_value_listener (store, c, flags, value_cb, l, NULL);
    case EVENT_VALUES:
      return tst_store_add_values_listener (store, flags, store_cb, l, NULL);
    default:
      return 0;
    }
}

static gulong
listen_to_rest (TstStore         *store,
                TstListenerFlags  flags,
                RecorderListener *l)
{
  const char *t = l->table_id, *r = l->row_id, *c = l->cell_id;

  switch ((int) l->kind)
    {
    case EVENT_STARTED:
      return tst_store_add_started_listener (store, store_cb, l, NULL);
    case EVENT_FINISHING:
      return tst_store_add_finishing_listener (store, store_cb, l, NULL);
    case EVENT_FINISHED:
      return tst_store_add_finished_listener (store, store_cb, l, NULL);
    case EVENT_INVALID_CELL:
      return tst_store_add_invalid_cell_listener (store, t, r, c, flags, invalid_cell_cb, l, NULL);
    case EVENT_INVALID_VALUE:
      return tst_store_add_invalid_value_listener (store, c, flags, invalid_value_cb, l, NULL);
    case EVENT_HAS_TABLES:
      return tst_store_add_has_tables_listener (store, flags, has_cb, l, NULL);
    case EVENT_HAS_TABLE:
      return tst_store_add_has_table_listener (store, t, flags, has_table_cb, l, NULL);
    case EVENT_HAS_TABLE_CELL:
      return tst_store_add_has_table_cell_listener (store, t, c, flags, has_table_cell_cb, l, NULL);
    case EVENT_HAS_ROW:
      return tst_store_add_has_row_listener (store, t, r, flags, has_row_cb, l, NULL);
    case EVENT_HAS_CELL:
      return tst_store_add_has_cell_listener (store, t, r, c, flags, has_cell_cb, l, NULL);
    case EVENT_HAS_VALUES:
      return tst_store_add_has_values_listener (store, flags, has_cb, l, NULL);
    case EVENT_HAS_VALUE:
      return tst_store_add_has_value_listener (store, c, flags, has_value_cb, l, NULL);
    default:
      return 0;
    }
}

void
recorder_listen (Recorder         *self,
                 EventKind         kind,
                 TstListenerFlags  flags,
                 const char       *table_id,
                 const char       *row_id,
                 const char       *cell_id)
{
  RecorderListener *listener = add_listener (self, kind, FALSE, flags & TST_LISTENER_MUTATOR,
                                             table_id, row_id, cell_id);

  listener->handle = listen_to_changes (self->store, flags, listener);
  if (listener->handle == 0)
    listener->handle = listen_to_rest (self->store, flags, listener);

  g_assert_cmpuint (listener->handle, >, self->last_handle);
  self->last_handle = listener->handle;
}

static const struct
{
  const char *name;
  GCallback   func;
} signal_of[N_EVENTS] = {
  [EVENT_STARTED] = { "transaction-started", G_CALLBACK (store_cb) },
  [EVENT_FINISHING] = { "transaction-finishing", G_CALLBACK (store_cb) },
  [EVENT_INVALID_CELL] = { "invalid-cell", G_CALLBACK (invalid_cell_cb) },
  [EVENT_TABLE_IDS] = { "table-ids-changed", G_CALLBACK (store_cb) },
  [EVENT_ROW_IDS] = { "row-ids-changed", G_CALLBACK (table_cb) },
  [EVENT_CELL_IDS] = { "cell-ids-changed", G_CALLBACK (row_cb) },
  [EVENT_CELL] = { "cell-changed", G_CALLBACK (cell_changed_cb) },
  [EVENT_ROW] = { "row-changed", G_CALLBACK (row_cb) },
  [EVENT_TABLE] = { "table-changed", G_CALLBACK (table_cb) },
  [EVENT_TABLES] = { "tables-changed", G_CALLBACK (store_cb) },
  [EVENT_INVALID_VALUE] = { "invalid-value", G_CALLBACK (invalid_value_cb) },
  [EVENT_VALUE_IDS] = { "value-ids-changed", G_CALLBACK (store_cb) },
  [EVENT_VALUE] = { "value-changed", G_CALLBACK (value_changed_cb) },
  [EVENT_VALUES] = { "values-changed", G_CALLBACK (store_cb) },
  [EVENT_CHANGED] = { "changed", G_CALLBACK (changed_cb) },
  [EVENT_FINISHED] = { "transaction-finished", G_CALLBACK (store_cb) },
};

gboolean
recorder_has_signal (EventKind kind)
{
  return signal_of[kind].name != NULL;
}

void
recorder_connect (Recorder   *self,
                  EventKind   kind,
                  const char *table_id)
{
  g_autofree char *name = NULL;
  RecorderListener *listener;

  /* An empty detail is none, says GObject. */
  if (table_id != NULL && *table_id == '\0')
    table_id = NULL;

  name = table_id == NULL ? g_strdup (signal_of[kind].name)
                          : g_strconcat (signal_of[kind].name, "::", table_id, NULL);
  listener = add_listener (self, kind, TRUE, FALSE,
                           kind == EVENT_VALUE ? NULL : table_id, NULL,
                           kind == EVENT_VALUE ? table_id : NULL);
  listener->handle = g_signal_connect (self->store, name, signal_of[kind].func, listener);
  g_assert_cmpuint (listener->handle, !=, 0);
}

void
recorder_forget (Recorder *self,
                 guint     nth)
{
  for (guint i = 0; i < 2 * N_EVENTS; i++)
    {
      GPtrArray *listeners = self->listeners[i / N_EVENTS][i % N_EVENTS];

      if (nth < listeners->len)
        {
          RecorderListener *listener = g_ptr_array_index (listeners, nth);

          if (listener->is_signal)
            g_signal_handler_disconnect (self->store, listener->handle);
          else
            g_assert_true (tst_store_remove_listener (self->store, listener->handle));
          g_ptr_array_remove_index (listeners, nth);
          self->n_listeners--;
          return;
        }
      nth -= listeners->len;
    }

  g_assert_not_reached ();
}
