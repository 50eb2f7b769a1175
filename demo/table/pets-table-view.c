/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-table-view.h"

#include <glib/gi18n.h>

#include "pets-check-cell.h"
#include "pets-text-cell.h"

/* The pets in columns, as there is room for. The titles of the columns sort: by
 * which one, the properties say, and somebody else does it. */

/* Around the text of a cell, in pixels. */
#define CELL_PADDING 24

struct _PetsTableView
{
  GtkWidget parent_instance;

  GtkWidget         *scrolled_window;
  GtkColumnView     *column_view;
  GtkSelectionModel *model;         /* (nullable) */

  char              *sort_cell;     /* empty for the order of the table */
  gboolean           descending;
  const PetsColumn  *asked;         /* while the view's sorter is asked what it does */

  int                width;         /* what the columns are fitted to */
  GHashTable        *name_cells;    /* a set of PetsTextCell that are bound, not held */
  char              *edit_row_id;   /* (nullable): its name is to be edited once it is shown */
  guint              edit_source;
};

G_DEFINE_FINAL_TYPE (PetsTableView, pets_table_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SORT_CELL,
  PROP_DESCENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- Rows on the screen --- */

/**
 * pets_table_view_get_list:
 *
 * Gets the list in which the rows are: up to GTK 4.10, only its actions scroll.
 */
GtkWidget *
pets_table_view_get_list (PetsTableView *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

static gboolean
edit_name_cb (gpointer user_data)
{
  PetsTableView *self = PETS_TABLE_VIEW (user_data);
  GHashTableIter iter;
  gpointer cell;

  self->edit_source = 0;

  g_hash_table_iter_init (&iter, self->name_cells);
  while (self->edit_row_id != NULL && g_hash_table_iter_next (&iter, &cell, NULL))
    {
      TstRow *row = pets_text_cell_get_row (cell);

      if (g_str_equal (tst_row_get_row_id (row), self->edit_row_id))
        {
          g_clear_pointer (&self->edit_row_id, g_free);
          pets_text_cell_start_editing (cell);
          break;
        }
    }

  return G_SOURCE_REMOVE;
}

/* After the layout: the list moves its rows about in it. */
static void
queue_edit_name (PetsTableView *self)
{
  if (self->edit_row_id != NULL && self->edit_source == 0)
    self->edit_source = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, edit_name_cb, self, NULL);
}

/**
 * pets_table_view_edit_name:
 *
 * Lets a name be edited as soon as it is on the screen.
 */
void
pets_table_view_edit_name (PetsTableView *self,
                           const char    *row_id)
{
  g_free (self->edit_row_id);
  self->edit_row_id = g_strdup (row_id);
  queue_edit_name (self);
}

static void
activate_cb (GtkColumnView *column_view,
             guint          position,
             PetsTableView *self)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  pets_table_view_edit_name (self, tst_row_get_row_id (row));
}

/* --- Cells --- */

static void
set_up_cell_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                const PetsColumn         *column)
{
  gtk_list_item_set_child (item, column->kind == PETS_KIND_CHECK ? pets_check_cell_new (column)
                                                                 : pets_text_cell_new (column));
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              PetsTableView            *self)
{
  GtkWidget *cell = gtk_list_item_get_child (item);

  if (PETS_IS_CHECK_CELL (cell))
    pets_check_cell_bind (PETS_CHECK_CELL (cell), gtk_list_item_get_item (item));
  else
    pets_text_cell_bind (PETS_TEXT_CELL (cell), gtk_list_item_get_item (item));
}

static void
unbind_cell_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                PetsTableView            *self)
{
  GtkWidget *cell = gtk_list_item_get_child (item);

  if (PETS_IS_CHECK_CELL (cell))
    pets_check_cell_unbind (PETS_CHECK_CELL (cell));
  else
    pets_text_cell_unbind (PETS_TEXT_CELL (cell));
}

static void
bind_name_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              PetsTableView            *self)
{
  g_hash_table_add (self->name_cells, gtk_list_item_get_child (item));
  queue_edit_name (self);
}

static void
unbind_name_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                PetsTableView            *self)
{
  g_hash_table_remove (self->name_cells, gtk_list_item_get_child (item));
}

static GtkColumnViewColumn *
get_view_column (PetsTableView *self,
                 guint          i)
{
  GListModel *view_columns = gtk_column_view_get_columns (self->column_view);
  g_autoptr(GtkColumnViewColumn) view_column = g_list_model_get_item (view_columns, i);

  return view_column;
}

/* --- Sorting --- */

/* The view's sorter does not say by which column it sorts, up to GTK 4.10. But
 * it asks the sorter of that column first, and turns its answer for a descending
 * order. */
static int
ask_cb (gconstpointer a,
        gconstpointer b,
        gpointer      user_data)
{
  PetsTableView *self = g_object_get_data (G_OBJECT (a), "pets-table");

  self->asked = user_data;

  return 1;
}

static void
set_sort (PetsTableView *self,
          const char    *sort_cell,
          gboolean       descending)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (!g_str_equal (self->sort_cell, sort_cell))
    {
      g_free (self->sort_cell);
      self->sort_cell = g_strdup (sort_cell);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_CELL]);
    }

  if (self->descending != descending)
    {
      self->descending = descending;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCENDING]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

static void
title_sorted_cb (GtkSorter      *sorter,
                 GtkSorterChange change,
                 PetsTableView  *self)
{
  GtkOrdering ordering;

  /* The view says so, too, when it goes away. */
  if (self->column_view == NULL)
    return;

  self->asked = NULL;
  ordering = gtk_sorter_compare (sorter, self->column_view, self);
  if (self->asked != NULL)
    set_sort (self, self->asked->cell_id, ordering == GTK_ORDERING_SMALLER);
}

/* Has the titles show what the properties say. */
static void
show_sort (PetsTableView *self)
{
  GtkColumnViewColumn *view_column = NULL;
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    if (g_str_equal (columns[i].cell_id, self->sort_cell))
      view_column = get_view_column (self, i);

  gtk_column_view_sort_by_column (self->column_view, view_column,
                                  self->descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* --- Columns --- */

static void
add_column (PetsTableView    *self,
            const PetsColumn *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) view_column = gtk_column_view_column_new (_(column->title), factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (ask_cb, (gpointer) column, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell_cb), self);

  if (g_str_equal (column->cell_id, "name"))
    {
      g_signal_connect (factory, "bind", G_CALLBACK (bind_name_cb), self);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_name_cb), self);
    }

  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_append_column (self->column_view, view_column);
}

static GtkAlign
get_alignment (const char *title,
               gboolean    rtl)
{
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    if (g_str_equal (_(columns[i].title), title) && columns[i].kind == PETS_KIND_PRICE)
      return rtl ? GTK_ALIGN_START : GTK_ALIGN_END;
    else if (g_str_equal (_(columns[i].title), title) && columns[i].kind == PETS_KIND_CHECK)
      return GTK_ALIGN_CENTER;

  return GTK_ALIGN_START;
}

/* GTK aligns all titles with text; a number's is to be above the numbers. A column
 * that was hidden has a new title, and not where it was among the others. */
static void
align_titles (PetsTableView *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *title = gtk_widget_get_first_child (header);
       title != NULL;
       title = gtk_widget_get_next_sibling (title))
    {
      GtkWidget *box = gtk_widget_get_first_child (title);
      GtkWidget *label = box != NULL ? gtk_widget_get_first_child (box) : NULL;

      if (GTK_IS_LABEL (label))
        gtk_widget_set_halign (box, get_alignment (gtk_label_get_label (GTK_LABEL (label)), rtl));
    }
}

static int
measure_column (PetsTableView    *self,
                const PetsColumn *column)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int char_width = pango_font_metrics_get_approximate_char_width (metrics);

  pango_font_metrics_unref (metrics);

  return PANGO_PIXELS_CEIL (char_width * column->width) + CELL_PADDING;
}

/* The width of all columns up to a rank. */
static int
measure_rank (PetsTableView *self,
              guint          rank)
{
  int width = 0;
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    if (columns[i].rank <= rank)
      width += measure_column (self, &columns[i]);

  return width;
}

/**
 * pets_table_view_fit:
 *
 * Shows as many columns as there is room for. Returns whether these are enough.
 */
gboolean
pets_table_view_fit (PetsTableView *self,
                     int            width)
{
  guint rank = 4;
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  self->width = width;

  while (rank > 1 && measure_rank (self, rank) > width)
    rank--;

  for (guint i = 0; i < n_columns; i++)
    {
      GtkColumnViewColumn *view_column = get_view_column (self, i);
      gboolean visible = columns[i].rank <= rank;

      /* Up to GTK 4.8, a hidden column has its share of the width. */
      gtk_column_view_column_set_expand (view_column, visible && columns[i].expand);
      gtk_column_view_column_set_fixed_width (view_column, visible ? measure_column (self, &columns[i]) : -1);
      gtk_column_view_column_set_visible (view_column, visible);
    }
  align_titles (self);

  return measure_rank (self, rank) <= width;
}

/**
 * pets_table_view_set_model:
 *
 * Shows the rows of a model, or none.
 */
void
pets_table_view_set_model (PetsTableView     *self,
                           GtkSelectionModel *model)
{
  g_set_object (&self->model, model);
  gtk_column_view_set_model (self->column_view, model);
}

/* --- GObject --- */

static void
pets_table_view_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PetsTableView *self = PETS_TABLE_VIEW (object);

  switch (prop_id)
    {
    case PROP_SORT_CELL:
      g_value_set_string (value, self->sort_cell);
      break;

    case PROP_DESCENDING:
      g_value_set_boolean (value, self->descending);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_table_view_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  PetsTableView *self = PETS_TABLE_VIEW (object);

  switch (prop_id)
    {
    case PROP_SORT_CELL:
      set_sort (self, g_value_get_string (value), self->descending);
      show_sort (self);
      break;

    case PROP_DESCENDING:
      set_sort (self, self->sort_cell, g_value_get_boolean (value));
      show_sort (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
pets_table_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PETS_TABLE_VIEW (widget)->column_view));
}

static void
pets_table_view_dispose (GObject *object)
{
  PetsTableView *self = PETS_TABLE_VIEW (object);

  g_clear_handle_id (&self->edit_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_TABLE_VIEW);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (pets_table_view_parent_class)->dispose (object);
}

static void
pets_table_view_finalize (GObject *object)
{
  PetsTableView *self = PETS_TABLE_VIEW (object);

  g_clear_pointer (&self->name_cells, g_hash_table_unref);
  g_clear_pointer (&self->edit_row_id, g_free);
  g_clear_pointer (&self->sort_cell, g_free);

  G_OBJECT_CLASS (pets_table_view_parent_class)->finalize (object);
}

static void
pets_table_view_class_init (PetsTableViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pets_table_view_dispose;
  object_class->finalize = pets_table_view_finalize;
  object_class->get_property = pets_table_view_get_property;
  object_class->set_property = pets_table_view_set_property;
  widget_class->grab_focus = pets_table_view_grab_focus;

  /* The cell whose order the titles show, or an empty text. */
  properties[PROP_SORT_CELL] =
    g_param_spec_string ("sort-cell", NULL, NULL,
                         "",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  properties[PROP_DESCENDING] =
    g_param_spec_boolean ("descending", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-table-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsTableView, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, PetsTableView, column_view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
pets_table_view_init (PetsTableView *self)
{
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  self->sort_cell = g_strdup ("");
  self->name_cells = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < n_columns; i++)
    add_column (self, &columns[i]);
  align_titles (self);

  g_object_set_data (G_OBJECT (self->column_view), "pets-table", self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed",
                           G_CALLBACK (title_sorted_cb), self, 0);
}
