/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W10 with what GLib and GTK have: a GListStore of objects, and a GtkSortListModel. */

#include "bench-model.h"

#include <gtk/gtk.h>

typedef struct
{
  GObject parent_instance;

  double  number;
  char    id[16];
} Item;

typedef struct { GObjectClass parent_class; } ItemClass;

GType item_get_type (void);
G_DEFINE_TYPE (Item, item, G_TYPE_OBJECT)

static void
item_get_property (GObject    *object,
                   guint       prop_id,
                   GValue     *value,
                   GParamSpec *pspec)
{
  g_value_set_double (value, ((Item *) object)->number);
}

static void
item_class_init (ItemClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = item_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_double ("number", NULL, NULL,
                                                        -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
item_init (Item *self)
{
}

static const char *
get_id (gpointer item)
{
  return ((Item *) item)->id;
}

static GListModel *
make_items (guint n_rows)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_full (n_rows, g_object_unref);
  GListStore *store = g_list_store_new (item_get_type ());
  guint32 seed = 4;

  for (guint i = 0; i < n_rows; i++)
    {
      Item *item = g_object_new (item_get_type (), NULL);

      item->number = bench_model_next_number (&seed);
      g_snprintf (item->id, sizeof item->id, "r%u", i);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (store, 0, 0, items->pdata, items->len);

  return G_LIST_MODEL (store);
}

static void
change_cb (guint    row,
           double   number,
           gpointer user_data)
{
  Item *item = g_list_model_get_item (user_data, row);

  item->number = number;
  g_list_model_items_changed (user_data, row, 1, 1);
  g_object_unref (item);
}

static void
run_w10 (const Harness *harness)
{
  guint n_rows = BENCH_MODEL_ROWS (harness);
  double memory = harness_memory (), start = harness_now ();
  g_autoptr(GListModel) items = make_items (n_rows);
  guint32 hash = bench_model_hash_page (items, get_id);
  g_autoptr(GListModel) sorted = NULL;
  GtkSorter *sorter;

  harness_report (harness, "W10 open", harness_now () - start, 1, hash);

  sorter = GTK_SORTER (gtk_numeric_sorter_new (gtk_property_expression_new (item_get_type (), NULL,
                                                                            "number")));
  start = harness_now ();
  sorted = G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (items), sorter));
  hash = bench_model_hash_page (sorted, get_id);
  harness_report (harness, "W10 sorted", harness_now () - start, 1, hash);

  memory = (harness_memory () - memory) / n_rows;
  harness_report_bytes (harness, "W10 memory", memory, memory, n_rows);

  bench_model_edit (harness, sorted, get_id, change_cb, items);
  bench_model_scroll (harness, sorted, get_id);
}

int
main (int   argc,
      char *argv[])
{
  static const HarnessWorkload workloads[] = {
    { "W10", run_w10 },
    { NULL, NULL }
  };

  return harness_main (argc, argv, "gtk", workloads);
}
