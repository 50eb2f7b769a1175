/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-table-model.h"

#include <string.h>

#include "tst-changes.h"
#include "tst-store-listeners.h"

/**
 * TstTableModel:
 *
 * The rows of a table, as a list model.
 *
 * The items are [class@Row] objects. They are made when somebody asks for them,
 * and the same object is given out for a row for as long as anybody holds it, so
 * that a view of a table with a hundred thousand rows has objects for the rows
 * that it shows, and no others.
 *
 * Each row has its id, so that this is the model of the ids of rows, too.
 *
 * The rows come in the order of the table, which is that of their insertion. (A
 * row that one transaction removes and adds again keeps its place in the models
 * that are there already.) The model tells of rows that came and went; what
 * happens in a row is told by the row.
 *
 * Since: 0.1
 */

/* A row of the table, whether or not there is an object for it. */
typedef struct
{
  guint64  serial;  /* grows along the list: finds the position by bisection */
  TstRow  *row;     /* (nullable): not held; cleared by row_gone_cb() */
  char     id[];
} Entry;

struct _TstTableModel
{
  GObject parent_instance;

  TstStore   *store;        /* construct-only, held */
  char       *table_id;     /* construct-only */

  GPtrArray  *entries;      /* of Entry, owned by @by_id: the list */
  GHashTable *by_id;        /* a set of the same entries, by their ids */
  guint64     next_serial;

  gulong      row_ids_listener;
  gulong      finished_listener;  /* while what was read may be rolled back */
};

static void tst_table_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TstTableModel, tst_table_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tst_table_model_list_model_init))

enum
{
  PROP_0,
  PROP_STORE,
  PROP_TABLE_ID,
  PROP_ITEM_TYPE,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Each stretch of removed rows is told by itself, up to this many: each costs a
 * move of the list, and work in every view. */
#define MAX_STRETCHES 32

/* --- Entries --- */

static guint
hash_entry (gconstpointer key)
{
  return g_str_hash (((const Entry *) key)->id);
}

static gboolean
entries_equal (gconstpointer a,
               gconstpointer b)
{
  return strcmp (((const Entry *) a)->id, ((const Entry *) b)->id) == 0;
}

static void
row_gone_cb (gpointer  user_data,
             GObject  *where_the_object_was)
{
  Entry *entry = user_data;

  entry->row = NULL;
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  if (entry->row != NULL)
    g_object_weak_unref (G_OBJECT (entry->row), row_gone_cb, entry);

  g_free (entry);
}

static Entry *
new_entry (const char *id)
{
  gsize size = strlen (id) + 1;
  Entry *entry = g_malloc (sizeof (Entry) + size);

  entry->serial = 0;
  entry->row = NULL;
  memcpy (entry->id, id, size);

  return entry;
}

static Entry *
find_entry (TstTableModel *self,
            const char    *id)
{
  /* The set compares ids only, so an entry to look for needs no more. Ids are
   * short; the long ones do not fit the stack. */
  gsize size = strlen (id) + 1;
  union { Entry entry; char bytes[256]; } key;
  g_autofree Entry *long_key = NULL;

  if (sizeof (Entry) + size > sizeof key)
    {
      long_key = new_entry (id);
      return g_hash_table_lookup (self->by_id, long_key);
    }

  memcpy (key.bytes + G_STRUCT_OFFSET (Entry, id), id, size);

  return g_hash_table_lookup (self->by_id, &key.entry);
}

static void
append_entry (TstTableModel *self,
              Entry         *entry)
{
  entry->serial = self->next_serial++;
  g_ptr_array_add (self->entries, entry);
}

static guint
find_position (TstTableModel *self,
               const Entry   *entry)
{
  guint low = 0;
  guint high = self->entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Entry *other = g_ptr_array_index (self->entries, middle);

      if (other->serial < entry->serial)
        low = middle + 1;
      else
        high = middle;
    }

  g_assert (low < self->entries->len && g_ptr_array_index (self->entries, low) == entry);

  return low;
}

static void
tell_items_changed (TstTableModel *self,
                    guint          position,
                    guint          removed,
                    guint          added)
{
  if (removed == 0 && added == 0)
    return;

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);

  if (removed != added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* --- Rows that go --- */

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  guint first = *(const guint *) a;
  guint second = *(const guint *) b;

  return (first > second) - (first < second);
}

static GArray *
find_positions (TstTableModel      *self,
                const char * const *ids)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (guint));

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      Entry *entry = find_entry (self, ids[i]);

      /* A model made in the middle of things may have read the table when the
       * row was gone already. */
      if (entry != NULL)
        {
          guint position = find_position (self, entry);

          g_array_append_val (positions, position);
        }
    }

  g_array_sort (positions, compare_positions);

  return positions;
}

static guint
count_stretches (GArray *positions)
{
  guint n = 0;

  for (guint i = 0; i < positions->len; i++)
    if (i == 0 || g_array_index (positions, guint, i) != g_array_index (positions, guint, i - 1) + 1)
      n++;

  return n;
}

/* Takes @count entries from @position on out of the list. */
static void
remove_stretch (TstTableModel *self,
                guint          position,
                guint          count)
{
  for (guint i = position; i < position + count; i++)
    g_hash_table_remove (self->by_id, g_ptr_array_index (self->entries, i));

  g_ptr_array_remove_range (self->entries, position, count);

  tell_items_changed (self, position, count, 0);
}

/* Takes entries all over the list out of it in one pass. */
static void
remove_scattered (TstTableModel *self,
                  GArray        *positions)
{
  guint first = g_array_index (positions, guint, 0);
  guint last = g_array_index (positions, guint, positions->len - 1);
  guint span = last - first + 1;
  guint to = first;
  guint next = 0;

  for (guint from = first; from <= last; from++)
    {
      Entry *entry = g_ptr_array_index (self->entries, from);

      if (from == g_array_index (positions, guint, next))
        {
          g_hash_table_remove (self->by_id, entry);
          next++;
        }
      else
        {
          self->entries->pdata[to++] = entry;
        }
    }

  g_ptr_array_remove_range (self->entries, to, positions->len);

  tell_items_changed (self, first, span, span - positions->len);
}

static void
remove_ids (TstTableModel      *self,
            const char * const *ids)
{
  g_autoptr(GArray) positions = find_positions (self, ids);
  guint end = positions->len;

  if (end == 0)
    return;

  if (count_stretches (positions) > MAX_STRETCHES)
    {
      remove_scattered (self, positions);
      return;
    }

  /* From the end, so that the positions before stay right. */
  while (end > 0)
    {
      guint start = end - 1;

      while (start > 0 &&
             g_array_index (positions, guint, start - 1) + 1 == g_array_index (positions, guint, start))
        start--;

      remove_stretch (self, g_array_index (positions, guint, start), end - start);
      end = start;
    }
}

/* --- Rows that come --- */

static void
append_ids (TstTableModel      *self,
            const char * const *ids)
{
  guint position = self->entries->len;

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      Entry *entry = new_entry (ids[i]);

      /* A model made in the middle of things may have read the row already. */
      if (g_hash_table_contains (self->by_id, entry))
        {
          free_entry (entry);
          continue;
        }

      g_hash_table_add (self->by_id, entry);
      append_entry (self, entry);
    }

  tell_items_changed (self, position, 0, self->entries->len - position);
}

static void
row_ids_changed_cb (TstStore           *store,
                    const char         *table_id,
                    const char * const *added,
                    const char * const *removed,
                    gpointer            user_data)
{
  /* Whoever is told may let go of the model. */
  g_autoptr(TstTableModel) self = g_object_ref (TST_TABLE_MODEL (user_data));

  if (removed != NULL)
    remove_ids (self, removed);

  /* New rows are at the end of a table, in the order of @added. */
  if (added != NULL)
    append_ids (self, added);
}

/* --- The whole table --- */

static void
read_row_cb (TstStore   *store,
             const char *row_id,
             gpointer    user_data)
{
  TstTableModel *self = user_data;
  Entry *entry = new_entry (row_id);

  g_hash_table_add (self->by_id, entry);
  append_entry (self, entry);
}

typedef struct
{
  TstTableModel *model;
  GPtrArray     *entries;  /* of Entry, in the order of the table */
} Collecting;

static void
collect_row_cb (TstStore   *store,
                const char *row_id,
                gpointer    user_data)
{
  Collecting *collecting = user_data;
  Entry *entry = find_entry (collecting->model, row_id);

  g_ptr_array_add (collecting->entries, entry != NULL ? entry : new_entry (row_id));
}

/* Makes the list equal to the table, when it is not known what happened. */
static void
read_again (TstTableModel *self)
{
  g_autoptr(GPtrArray) old_entries = self->entries;
  g_autoptr(GHashTable) old_by_id = self->by_id;
  Collecting collecting = { self, g_ptr_array_sized_new (old_entries->len) };
  GPtrArray *entries = collecting.entries;
  guint start = 0;
  guint end = 0;

  tst_store_foreach_row (self->store, self->table_id, collect_row_cb, &collecting);

  self->entries = entries;
  self->by_id = g_hash_table_new_full (hash_entry, entries_equal, free_entry, NULL);
  self->next_serial = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (entries, i);

      entry->serial = self->next_serial++;
      g_hash_table_steal (old_by_id, entry);
      g_hash_table_add (self->by_id, entry);
    }

  while (start < MIN (entries->len, old_entries->len) &&
         entries->pdata[start] == old_entries->pdata[start])
    start++;

  while (end < MIN (entries->len, old_entries->len) - start &&
         entries->pdata[entries->len - 1 - end] == old_entries->pdata[old_entries->len - 1 - end])
    end++;

  tell_items_changed (self, start, old_entries->len - start - end, entries->len - start - end);
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  g_autoptr(TstTableModel) self = g_object_ref (TST_TABLE_MODEL (user_data));

  tst_store_remove_listener (store, self->finished_listener);
  self->finished_listener = 0;

  read_again (self);
}

/* --- GListModel --- */

static GType
tst_table_model_get_item_type (GListModel *model)
{
  return TST_TYPE_ROW;
}

static guint
tst_table_model_get_n_items (GListModel *model)
{
  return TST_TABLE_MODEL (model)->entries->len;
}

static gpointer
tst_table_model_get_item (GListModel *model,
                          guint       position)
{
  TstTableModel *self = TST_TABLE_MODEL (model);
  Entry *entry;

  if (position >= self->entries->len)
    return NULL;

  entry = g_ptr_array_index (self->entries, position);

  if (entry->row != NULL)
    return g_object_ref (entry->row);

  entry->row = tst_row_new (self->store, self->table_id, entry->id);
  g_object_weak_ref (G_OBJECT (entry->row), row_gone_cb, entry);

  return entry->row;
}

static void
tst_table_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tst_table_model_get_item_type;
  iface->get_n_items = tst_table_model_get_n_items;
  iface->get_item = tst_table_model_get_item;
}

/* --- GObject --- */

static void
tst_table_model_constructed (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);
  g_autoptr(TstChanges) changes = NULL;

  G_OBJECT_CLASS (tst_table_model_parent_class)->constructed (object);

  if (self->store == NULL || self->table_id == NULL)
    {
      g_critical ("A TstTableModel needs a store and a table id");
      return;
    }

  /* Not held by the listeners: the model removes them before it goes away. */
  self->row_ids_listener =
    tst_store_add_row_ids_listener (self->store, self->table_id, TST_LISTENER_DEFAULT,
                                    row_ids_changed_cb, self, NULL);

  /* What an open transaction did so far is in the table already, but a rollback
   * would tell nobody of its end. */
  changes = tst_store_get_changes (self->store);
  if (!tst_changes_is_empty (changes))
    self->finished_listener =
      tst_store_add_finished_listener (self->store, finished_cb, self, NULL);

  tst_store_foreach_row (self->store, self->table_id, read_row_cb, self);
}

static void
tst_table_model_dispose (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  if (self->row_ids_listener != 0)
    {
      tst_store_remove_listener (self->store, self->row_ids_listener);
      self->row_ids_listener = 0;
    }

  if (self->finished_listener != 0)
    {
      tst_store_remove_listener (self->store, self->finished_listener);
      self->finished_listener = 0;
    }

  G_OBJECT_CLASS (tst_table_model_parent_class)->dispose (object);
}

static void
tst_table_model_finalize (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->table_id, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_table_model_parent_class)->finalize (object);
}

static void
tst_table_model_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_TABLE_ID:
      g_value_set_string (value, self->table_id);
      break;

    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, TST_TYPE_ROW);
      break;

    case PROP_N_ITEMS:
      g_value_set_uint (value, self->entries->len);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_model_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_TABLE_ID:
      self->table_id = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_model_class_init (TstTableModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_table_model_constructed;
  object_class->dispose = tst_table_model_dispose;
  object_class->finalize = tst_table_model_finalize;
  object_class->get_property = tst_table_model_get_property;
  object_class->set_property = tst_table_model_set_property;

  /**
   * TstTableModel:store: (getter get_store)
   *
   * The store that has the table.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:table-id: (getter get_table_id)
   *
   * The id of the table.
   *
   * Since: 0.1
   */
  properties[PROP_TABLE_ID] =
    g_param_spec_string ("table-id", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:item-type:
   *
   * The type of the items, [class@Row].
   *
   * Since: 0.1
   */
  properties[PROP_ITEM_TYPE] =
    g_param_spec_gtype ("item-type", NULL, NULL,
                        TST_TYPE_ROW,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:n-items:
   *
   * The number of rows.
   *
   * Since: 0.1
   */
  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL,
                       0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_table_model_init (TstTableModel *self)
{
  self->entries = g_ptr_array_new ();
  self->by_id = g_hash_table_new_full (hash_entry, entries_equal, free_entry, NULL);
}

/**
 * tst_table_model_new:
 * @store: a store
 * @table_id: the id of a table
 *
 * Makes a model of a table, which need not exist yet.
 *
 * Returns: (transfer full): a new model
 *
 * Since: 0.1
 */
TstTableModel *
tst_table_model_new (TstStore   *store,
                     const char *table_id)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  return g_object_new (TST_TYPE_TABLE_MODEL,
                       "store", store,
                       "table-id", table_id,
                       NULL);
}

/**
 * tst_table_model_get_store: (get-property store)
 * @self: a table model
 *
 * Gets the store that has the table.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_table_model_get_store (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), NULL);

  return self->store;
}

/**
 * tst_table_model_get_table_id: (get-property table-id)
 * @self: a table model
 *
 * Gets the id of the table.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_table_model_get_table_id (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), NULL);

  return self->table_id;
}
