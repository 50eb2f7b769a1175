/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window.h"

#include <glib/gi18n.h>

#include "pets-check-cell.h"
#include "pets-closing.h"
#include "pets-column.h"
#include "pets-status.h"
#include "pets-storage-actions.h"
#include "pets-text-cell.h"

/* The window of one document: a column view on the model of its table. */

#define TOAST_SECONDS 8

struct _PetsWindow
{
  GtkApplicationWindow parent_instance;

  PetsDocument       *document;     /* construct-only */
  GListModel         *model;        /* the table, in its own order */
  GtkSelectionModel  *selection;    /* the table, as it is shown */

  GtkLabel           *title_label;
  GtkLabel           *count_label;
  GtkLabel           *state_label;
  PetsStatus         *status;
  GtkWidget          *problem_bar;
  GtkLabel           *problem_label;
  GtkStack           *stack;
  GtkColumnView      *column_view;
  GtkRevealer        *toast_revealer;
  GtkLabel           *toast_label;
  GtkWidget          *undo_button;

  GHashTable         *name_cells;   /* a set of PetsTextCell that are bound, not held */
  char               *edit_row_id;  /* (nullable): its name is to be edited once it is shown */
  guint               edit_source;
  GVariant           *removed;      /* (nullable): what can be undone */
  guint               toast_source;
  guint               closing : 1;
};

G_DEFINE_FINAL_TYPE (PetsWindow, pets_window, GTK_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_DOCUMENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- The toast --- */

static void
hide_toast (PetsWindow *self)
{
  g_clear_handle_id (&self->toast_source, g_source_remove);
  g_clear_pointer (&self->removed, g_variant_unref);
  gtk_revealer_set_reveal_child (self->toast_revealer, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", FALSE);
}

/* Gone, it is neither to be clicked on nor to be read out. */
static void
toast_revealed_cb (GtkRevealer *revealer,
                   GParamSpec  *pspec,
                   PetsWindow  *self)
{
  if (!gtk_revealer_get_child_revealed (revealer) && !gtk_revealer_get_reveal_child (revealer))
    gtk_widget_set_visible (GTK_WIDGET (revealer), FALSE);
}

static gboolean
toast_timeout_cb (gpointer user_data)
{
  PetsWindow *self = PETS_WINDOW (user_data);

  self->toast_source = 0;
  hide_toast (self);

  return G_SOURCE_REMOVE;
}

/* With @removed, it can be undone for as long as the toast is there. */
static void
show_toast (PetsWindow *self,
            const char *text,
            GVariant   *removed)
{
  hide_toast (self);

  gtk_label_set_label (self->toast_label, text);
  gtk_widget_set_visible (self->undo_button, removed != NULL);
  if (removed != NULL)
    self->removed = g_variant_ref (removed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", removed != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->toast_revealer), TRUE);
  gtk_revealer_set_reveal_child (self->toast_revealer, TRUE);
  self->toast_source = g_timeout_add_seconds (TOAST_SECONDS, toast_timeout_cb, self);
}

static void
tell_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  show_toast (PETS_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL);
}

/* --- Rows on the screen --- */

/* Up to GTK 4.10 there is no function for this, only the list's action. */
static void
scroll_to (PetsWindow *self,
           guint       position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);

  if (child != NULL)
    gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

static guint
find_row (PetsWindow *self,
          const char *row_id)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  /* New rows are at the end, unless the table is sorted. */
  for (guint i = n_items; i > 0; i--)
    {
      g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i - 1);

      if (g_str_equal (tst_row_get_row_id (row), row_id))
        return i - 1;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
show_row (PetsWindow *self,
          const char *row_id)
{
  guint position = find_row (self, row_id);

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_selection_model_select_item (self->selection, position, TRUE);
  scroll_to (self, position);
}

static gboolean
edit_name_cb (gpointer user_data)
{
  PetsWindow *self = PETS_WINDOW (user_data);
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
queue_edit_name (PetsWindow *self)
{
  if (self->edit_row_id != NULL && self->edit_source == 0)
    self->edit_source = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, edit_name_cb, self, NULL);
}

static void
edit_name (PetsWindow *self,
           const char *row_id)
{
  g_free (self->edit_row_id);
  self->edit_row_id = g_strdup (row_id);
  queue_edit_name (self);
}

static void
row_activated_cb (GtkColumnView *column_view,
                  guint          position,
                  PetsWindow    *self)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  edit_name (self, tst_row_get_row_id (row));
}

/* --- Actions --- */

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *row_id = pets_document_add_pet (self->document, &error);

  if (row_id == NULL)
    {
      show_toast (self, error->message, NULL);
      return;
    }

  show_row (self, row_id);
  edit_name (self, row_id);
}

static GStrv
get_selected_ids (PetsWindow *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  GtkBitsetIter iter;
  guint position;

  for (gboolean valid = gtk_bitset_iter_init_first (&iter, selected, &position);
       valid;
       valid = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      g_strv_builder_add (ids, tst_row_get_row_id (row));
    }

  return g_strv_builder_end (ids);
}

static char *
describe_removal (GVariant *removed)
{
  gsize n = g_variant_n_children (removed);
  g_autoptr(GVariant) row = NULL;
  const char *name;

  if (n == 1)
    {
      g_variant_get_child (removed, 0, "{&s@a{sv}}", NULL, &row);
      if (g_variant_lookup (row, "name", "&s", &name) && *name != '\0')
        /* Translators: %s is the name of a pet */
        return g_strdup_printf (_("“%s” removed"), name);
    }

  return g_strdup_printf (ngettext ("%u pet removed", "%u pets removed", n), (guint) n);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_auto(GStrv) ids = get_selected_ids (self);
  g_autoptr(GVariant) removed = pets_document_remove_pets (self->document, (const char * const *) ids);
  g_autofree char *text = NULL;

  if (g_variant_n_children (removed) == 0)
    return;

  text = describe_removal (removed);
  show_toast (self, text, removed);
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GVariant) removed = g_steal_pointer (&self->removed);
  g_autoptr(GError) error = NULL;
  const char *row_id;

  hide_toast (self);

  if (!pets_document_restore_pets (self->document, removed, &error))
    {
      show_toast (self, error->message, NULL);
      return;
    }

  g_variant_get_child (removed, 0, "{&s@a{sv}}", &row_id, NULL);
  show_row (self, row_id);
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  pets_document_retry (PETS_WINDOW (widget)->document);
}

/* --- What is shown around the table --- */

static void
update_count (PetsWindow *self)
{
  guint n = g_list_model_get_n_items (self->model);
  g_autofree char *text = g_strdup_printf (ngettext ("%'u pet", "%'u pets", n), n);
  gboolean opened;

  g_object_get (self->document, "opened", &opened, NULL);

  gtk_label_set_label (self->count_label, text);
  gtk_stack_set_visible_child_name (self->stack, n > 0 || !opened ? "table" : "empty");
}

static void
update_problem (PetsWindow *self)
{
  g_autofree char *problem = NULL;

  g_object_get (self->document, "problem", &problem, NULL);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_bar, problem != NULL);
}

static void
selection_changed_cb (GtkSelectionModel *selection,
                      guint              position,
                      guint              n_items,
                      PetsWindow        *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (selection);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.remove", !gtk_bitset_is_empty (selected));
}

static void
items_changed_cb (GListModel *selection,
                  guint       position,
                  guint       removed,
                  guint       added,
                  PetsWindow *self)
{
  selection_changed_cb (GTK_SELECTION_MODEL (selection), 0, 0, self);
}

/* --- Columns --- */

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
              PetsWindow               *self)
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
                PetsWindow               *self)
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
              PetsWindow               *self)
{
  g_hash_table_add (self->name_cells, gtk_list_item_get_child (item));
  queue_edit_name (self);
}

static void
unbind_name_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                PetsWindow               *self)
{
  g_hash_table_remove (self->name_cells, gtk_list_item_get_child (item));
}

static char *
get_sort_text (TstRow           *row,
               const PetsColumn *column)
{
  return pets_column_edit (column, row);
}

static double
get_sort_number (TstRow           *row,
                 const PetsColumn *column)
{
  if (column->kind == PETS_KIND_CHECK)
    return tst_row_get_boolean (row, column->cell_id);

  return tst_row_get_number (row, column->cell_id);
}

/* GTK's sorters read each row once: they need no row objects afterwards. */
static GtkSorter *
make_sorter (const PetsColumn *column)
{
  if (column->kind == PETS_KIND_TEXT || column->kind == PETS_KIND_DATE)
    return GTK_SORTER (gtk_string_sorter_new (
      gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                   G_CALLBACK (get_sort_text), (gpointer) column, NULL)));

  return GTK_SORTER (gtk_numeric_sorter_new (
    gtk_cclosure_expression_new (G_TYPE_DOUBLE, NULL, 0, NULL,
                                 G_CALLBACK (get_sort_number), (gpointer) column, NULL)));
}

static void
add_column (PetsWindow       *self,
            const PetsColumn *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) view_column = gtk_column_view_column_new (_(column->title), factory);
  g_autoptr(GtkSorter) sorter = make_sorter (column);

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell_cb), self);

  if (g_str_equal (column->cell_id, "name"))
    {
      g_signal_connect (factory, "bind", G_CALLBACK (bind_name_cb), self);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_name_cb), self);
    }

  gtk_column_view_column_set_fixed_width (view_column, column->width);
  gtk_column_view_column_set_expand (view_column, column->expand);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_append_column (self->column_view, view_column);
}

/* GTK aligns all titles with text; a number's is to be above the numbers. */
static void
align_titles (PetsWindow *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));
  GtkWidget *title = gtk_widget_get_first_child (header);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns && title != NULL; i++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (box != NULL && columns[i].kind == PETS_KIND_PRICE)
        gtk_widget_set_halign (box, GTK_ALIGN_END);
      else if (box != NULL && columns[i].kind == PETS_KIND_CHECK)
        gtk_widget_set_halign (box, GTK_ALIGN_CENTER);

      title = gtk_widget_get_next_sibling (title);
    }
}

static void
set_up_table (PetsWindow *self)
{
  TstTableModel *model = tst_table_model_new (pets_document_get_store (self->document), PETS_TABLE);
  GtkSortListModel *sorted;
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    add_column (self, &columns[i]);
  align_titles (self);

  self->model = G_LIST_MODEL (g_object_ref (model));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (model),
                                    g_object_ref (gtk_column_view_get_sorter (self->column_view)));
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (sorted)));

  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (items_changed_cb), self, 0);
  g_signal_connect_object (self->model, "notify::n-items",
                           G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);

  gtk_column_view_set_model (self->column_view, self->selection);
  selection_changed_cb (self->selection, 0, 0, self);
}

/* --- Closing --- */

static void close_document (PetsWindow *self);

static void
not_saved_response_cb (GtkDialog  *dialog,
                       int         response,
                       PetsWindow *self)
{
  /* The window may go before the dialog does. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    close_document (self);
  else if (response == GTK_RESPONSE_CLOSE)
    {
      pets_document_discard (self->document);
      gtk_window_destroy (GTK_WINDOW (self));
    }
}

static void
ask_what_to_do (PetsWindow   *self,
                const GError *error)
{
  GtkWidget *dialog =
    gtk_message_dialog_new (GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                            GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE,
                            _("Close without saving?"));

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog),
                                            _("The latest changes could not be saved: %s"),
                                            error->message);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("Close _without Saving"), GTK_RESPONSE_CLOSE,
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Try Again"), GTK_RESPONSE_ACCEPT,
                          NULL);
  gtk_widget_add_css_class (gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_CLOSE),
                            "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_signal_connect (dialog, "response", G_CALLBACK (not_saved_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
document_closed_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(PetsWindow) self = PETS_WINDOW (user_data);
  g_autoptr(GError) error = NULL;

  self->closing = FALSE;

  if (pets_document_close_finish (PETS_DOCUMENT (object), result, &error))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  gtk_window_present (GTK_WINDOW (self));
  ask_what_to_do (self, error);
}

/* The application lives as long as its windows: this one goes out of sight at
 * once, and away when all is saved. */
static void
close_document (PetsWindow *self)
{
  if (self->closing)
    return;

  self->closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  pets_document_close_async (self->document, document_closed_cb, g_object_ref (self));
}

static gboolean
pets_window_close_request (GtkWindow *window)
{
  PetsWindow *self = PETS_WINDOW (window);

  /* What is being typed is to be saved, too. */
  gtk_window_set_focus (window, NULL);

  if (pets_closing_is_shared (self))
    gtk_window_destroy (window);
  else if (!pets_closing_ask (self))
    close_document (self);

  return GDK_EVENT_STOP;
}

/* --- GObject --- */

static void
pets_window_constructed (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  G_OBJECT_CLASS (pets_window_parent_class)->constructed (object);

  set_up_table (self);

  pets_status_set_document (self->status, self->document);
  pets_storage_actions_add (self, self->status);
  g_object_bind_property (self->document, "title", self, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "title", self->title_label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "state", self->state_label, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->document, "notify::opened",
                           G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "notify::problem",
                           G_CALLBACK (update_problem), self, G_CONNECT_SWAPPED);
  update_count (self);
  update_problem (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
pets_window_dispose (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_handle_id (&self->toast_source, g_source_remove);
  g_clear_handle_id (&self->edit_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_WINDOW);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (pets_window_parent_class)->dispose (object);
}

static void
pets_window_finalize (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_object (&self->document);
  g_clear_pointer (&self->name_cells, g_hash_table_unref);
  g_clear_pointer (&self->edit_row_id, g_free);
  g_clear_pointer (&self->removed, g_variant_unref);

  G_OBJECT_CLASS (pets_window_parent_class)->finalize (object);
}

static void
pets_window_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PetsWindow *self = PETS_WINDOW (object);

  switch (prop_id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_window_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  PetsWindow *self = PETS_WINDOW (object);

  switch (prop_id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_window_class_init (PetsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = pets_window_constructed;
  object_class->dispose = pets_window_dispose;
  object_class->finalize = pets_window_finalize;
  object_class->get_property = pets_window_get_property;
  object_class->set_property = pets_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = pets_window_close_request;

  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL,
                         PETS_TYPE_DOCUMENT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "win.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "win.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", tell_action);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, state_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, status);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, column_view);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, toast_revealer);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, toast_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, undo_button);
  gtk_widget_class_bind_template_callback (widget_class, hide_toast);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, toast_revealed_cb);
}

static void
pets_window_init (PetsWindow *self)
{
  g_type_ensure (PETS_TYPE_STATUS);
  self->name_cells = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", FALSE);
}

PetsWindow *
pets_window_new (GtkApplication *application,
                 PetsDocument   *document)
{
  return g_object_new (PETS_TYPE_WINDOW,
                       "application", application,
                       "document", document,
                       NULL);
}

PetsDocument *
pets_window_get_document (PetsWindow *self)
{
  return self->document;
}
