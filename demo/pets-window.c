/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pets-card.h"
#include "pets-editor.h"
#include "pets-exchange.h"
#include "pets-search.h"
#include "pets-sizer.h"
#include "pets-table-view.h"
#include "pets-toast.h"
#include "pets-window-files.h"

/* The window of one document: its pets as a table, or where there is no room for
 * that, as a list of cards and a page for each. */

struct _PetsWindow
{
  GtkApplicationWindow parent_instance;

  PetsDocument       *document;     /* construct-only */
  TstCheckpoints     *checkpoints;  /* each transaction of this program is a step */
  TstTableModel      *model;        /* the pets that are shown */
  GtkSelectionModel  *selection;    /* of them */
  GtkSelectionModel  *cards_model;  /* the same, without a selection */
  PetsSearch         *search;       /* (nullable) */

  GtkLabel           *title_label;
  GtkLabel           *count_label;
  GtkLabel           *state_label;
  GtkWidget          *problem_bar;
  GtkLabel           *problem_label;
  PetsSizer          *sizer;
  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  PetsTableView          *table;
  GtkListView        *cards;
  PetsEditor         *editor;
  PetsToast          *toast;
  GtkWidget          *add_button;
  GtkWidget          *remove_button;
  GtkWidget          *search_button;
  GtkWidget          *back_button;

  guint               last_added;   /* the position of the latest row that has come */
  guint               focus_source;
  guint               narrow : 1;
  guint               closing : 1;
};

G_DEFINE_FINAL_TYPE (PetsWindow, pets_window, GTK_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_DOCUMENT,
  PROP_SORT_CELL,
  PROP_DESCENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- What is shown --- */

static gboolean
is_page (PetsWindow *self,
         const char *name)
{
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), name);
}

static const char *
choose_page (PetsWindow *self)
{
  TstStore *store = pets_document_get_store (self->document);
  gboolean opened;

  g_object_get (self->document, "opened", &opened, NULL);

  if (self->narrow && pets_editor_get_row (self->editor) != NULL)
    return "editor";
  if (opened && tst_store_get_n_rows (store, PETS_TABLE) == 0)
    return "empty";
  if (self->search != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return "nothing-found";

  return self->narrow ? "cards" : "table";
}

static void
update_page (PetsWindow *self)
{
  const char *page = choose_page (self);
  gboolean is_editor = g_str_equal (page, "editor");

  if (is_editor != is_page (self, "editor"))
    gtk_stack_set_transition_type (self->stack, is_editor ? GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT
                                                          : GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  else
    gtk_stack_set_transition_type (self->stack, GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_visible_child_name (self->stack, page);

  gtk_widget_set_visible (self->add_button, !is_editor);
  gtk_widget_set_visible (self->remove_button, !self->narrow);
  gtk_widget_set_visible (self->search_button, !is_editor);
  gtk_widget_set_visible (self->back_button, is_editor);
  gtk_widget_set_visible (GTK_WIDGET (self->search_bar), !is_editor);
}

static void
update_count (PetsWindow *self)
{
  guint n = tst_store_get_n_rows (pets_document_get_store (self->document), PETS_TABLE);
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *text = NULL;

  if (self->search != NULL)
    /* Translators: how many of all pets are those that are looked for */
    text = g_strdup_printf (ngettext ("%'u of %'u pet", "%'u of %'u pets", n), n_shown, n);
  else
    text = g_strdup_printf (ngettext ("%'u pet", "%'u pets", n), n);

  gtk_label_set_label (self->count_label, text);
  update_page (self);
}

static void
update_problem (PetsWindow *self)
{
  g_autofree char *problem = NULL;

  g_object_get (self->document, "problem", &problem, NULL);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_bar, problem != NULL);
}

/**
 * pets_window_tell:
 *
 * Tells of what has happened, and offers to undo it if @can_undo.
 */
void
pets_window_tell (PetsWindow *self,
                  const char *text,
                  gboolean    can_undo)
{
  pets_toast_show (self->toast, text, can_undo);
}

static void
tell_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  pets_window_tell (PETS_WINDOW (widget), g_variant_get_string (parameter, NULL), FALSE);
}

/* One of the two lists is shown. The other has no rows, which would be there for
 * nothing but to be read out. */
static void
show_model (PetsWindow *self)
{
  pets_table_view_set_model (self->table, self->narrow ? NULL : self->selection);
  gtk_list_view_set_model (self->cards, self->narrow ? self->cards_model : NULL);
}

static void
fit (PetsWindow *self)
{
  int width = pets_sizer_get_width (self->sizer);
  gboolean narrow;

  if (width == 0)
    return;

  narrow = !pets_table_view_fit (self->table, width);
  if (narrow == self->narrow)
    return;

  self->narrow = narrow;
  if (!narrow)
    pets_editor_set_row (self->editor, NULL);
  show_model (self);
  update_page (self);
}

/* --- Searching --- */

static void
set_search (PetsWindow *self,
            const char *text)
{
  if (*text == '\0' && self->search == NULL)
    return;

  g_clear_pointer (&self->search, pets_search_free);
  if (*text != '\0')
    self->search = pets_search_new (text);

  tst_table_model_filter_changed (self->model, TST_FILTER_CHANGE_DIFFERENT);
  update_count (self);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   PetsWindow     *self)
{
  set_search (self, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
start_search (PetsWindow *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
stop_search (PetsWindow *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  set_search (self, "");
}

static void
search_mode_cb (PetsWindow *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar))
    return;

  stop_search (self);
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

/* From the entry down into what was found. */
static void
search_activate_cb (GtkSearchEntry *entry,
                    PetsWindow     *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);

  if (!is_page (self, "editor"))
    start_search (self);
}

/* To type is to search, where it means nothing else. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                PetsWindow            *self)
{
  gunichar character = gdk_keyval_to_unicode (keyval);
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->search_entry));

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 ||
      !g_unichar_isgraph (character) || is_page (self, "editor") || is_page (self, "empty"))
    return GDK_EVENT_PROPAGATE;

  start_search (self);
  gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);

  return gtk_event_controller_key_forward (controller, GTK_WIDGET (text));
}

/* --- Rows on the screen --- */

static void
show_position (PetsWindow *self,
               guint       position)
{
  gtk_selection_model_select_item (self->selection, position, TRUE);

  /* Up to GTK 4.10 there is no function for this. */
  if (self->narrow)
    gtk_widget_activate_action (GTK_WIDGET (self->cards), "list.scroll-to-item", "u", position);
  else
    pets_table_view_scroll_to (self->table, position);
}

static void
show_row (PetsWindow *self,
          const char *row_id)
{
  guint position;

  if (tst_table_model_find (self->model, row_id, &position))
    show_position (self, position);
}

/* The pet of the editor is the one that is selected. */
static void
open_editor (PetsWindow *self,
             guint       position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  gtk_selection_model_select_item (self->selection, position, TRUE);
  pets_editor_set_row (self->editor, row);
  update_page (self);
}

static void
card_activated_cb (GtkListView *cards,
                   guint        position,
                   PetsWindow  *self)
{
  open_editor (self, position);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);

  if (!is_page (self, "editor"))
    return;

  pets_editor_set_row (self->editor, NULL);
  update_page (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->cards));
}

/* A pet that was removed, here or elsewhere, is not to be edited. */
static void
check_editor (PetsWindow *self)
{
  TstRow *row = pets_editor_get_row (self->editor);

  if (row != NULL && !tst_store_has_row (tst_row_get_store (row), PETS_TABLE, tst_row_get_row_id (row)))
    pets_editor_set_row (self->editor, NULL);
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
  guint position;

  if (row_id == NULL)
    {
      pets_window_tell (self, error->message, FALSE);
      return;
    }

  /* It is not one of those that are looked for. */
  stop_search (self);
  show_row (self, row_id);

  if (self->narrow)
    {
      if (tst_table_model_find (self->model, row_id, &position))
        open_editor (self, position);
      gtk_widget_grab_focus (GTK_WIDGET (self->editor));
    }
  else
    {
      pets_table_view_edit_name (self->table, row_id);
    }
}

static void
add_samples_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GBytes) sample = pets_document_get_sample ();
  g_autofree char *json = g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) pets = pets_exchange_parse (json, strlen (json), &error);

  if (pets == NULL || !pets_exchange_add (pets_document_get_store (self->document), pets, &error))
    pets_window_tell (self, error->message, FALSE);
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

/* So that Delete can be pressed again, and the arrow keys go on from there. */
static void
select_near (PetsWindow *self,
             guint       position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (self->narrow || n_items == 0)
    return;

  show_position (self, MIN (position, n_items - 1));
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  guint position = gtk_bitset_get_minimum (selected);
  g_auto(GStrv) ids = get_selected_ids (self);
  g_autoptr(GVariant) removed = NULL;
  g_autofree char *text = NULL;

  removed = pets_document_remove_pets (self->document, (const char * const *) ids);
  if (g_variant_n_children (removed) == 0)
    return;

  select_near (self, position);
  text = describe_removal (removed);
  pets_window_tell (self, text, TRUE);
}

/* What came back may be far from what is on the screen. */
static void
show_last_added (PetsWindow *self)
{
  if (self->last_added < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    show_position (self, self->last_added);
}

/* Where something is being typed, the keys are for that alone. */
static gboolean
is_typing (PetsWindow *self)
{
  return GTK_IS_TEXT (gtk_window_get_focus (GTK_WINDOW (self)));
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GError) error = NULL;

  if (is_typing (self))
    return;

  pets_toast_hide (self->toast);
  self->last_added = GTK_INVALID_LIST_POSITION;

  if (!tst_checkpoints_undo (self->checkpoints, &error))
    pets_window_tell (self, error->message, FALSE);
  show_last_added (self);
}

static void
redo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GError) error = NULL;

  if (is_typing (self))
    return;

  pets_toast_hide (self->toast);
  self->last_added = GTK_INVALID_LIST_POSITION;

  if (!tst_checkpoints_redo (self->checkpoints, &error))
    pets_window_tell (self, error->message, FALSE);
  show_last_added (self);
}

static void
update_undo (PetsWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo",
                                 tst_checkpoints_get_can_undo (self->checkpoints));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo",
                                 tst_checkpoints_get_can_redo (self->checkpoints));
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  pets_document_retry (PETS_WINDOW (widget)->document);
}

/* --- The model --- */

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
  if (added > 0)
    self->last_added = position + added - 1;
  selection_changed_cb (GTK_SELECTION_MODEL (selection), 0, 0, self);
  check_editor (self);
  update_count (self);
}

static gboolean
filter_cb (TstStore   *store,
           const char *table_id,
           const char *row_id,
           gpointer    user_data)
{
  PetsWindow *self = user_data;

  return self->search == NULL || pets_search_matches (self->search, store, row_id);
}

static void
set_up_undo (PetsWindow *self)
{
  self->checkpoints = tst_checkpoints_new (pets_document_get_store (self->document));
  tst_checkpoints_set_automatic (self->checkpoints, TRUE);

  g_signal_connect_object (self->checkpoints, "notify::can-undo",
                           G_CALLBACK (update_undo), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->checkpoints, "notify::can-redo",
                           G_CALLBACK (update_undo), self, G_CONNECT_SWAPPED);
  update_undo (self);
}

static void
set_up_model (PetsWindow *self)
{
  TstStore *store = pets_document_get_store (self->document);
  g_autoptr(GtkListItemFactory) factory = pets_card_factory_new ();

  self->model = tst_table_model_new (store, PETS_TABLE);
  tst_table_model_set_filter_func (self->model, filter_cb, self, NULL);
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->model))));
  self->cards_model = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->model))));

  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (items_changed_cb), self, 0);
  /* Of those that are not shown, too. */
  g_signal_connect_object (store, "row-ids-changed::" PETS_TABLE,
                           G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);

  gtk_list_view_set_factory (self->cards, factory);
  show_model (self);
  selection_changed_cb (self->selection, 0, 0, self);
}

static gboolean
focus_cb (gpointer user_data)
{
  PetsWindow *self = PETS_WINDOW (user_data);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  self->focus_source = 0;
  if (focus == NULL || !gtk_widget_get_mapped (focus))
    gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);

  return G_SOURCE_REMOVE;
}

/* Up to GTK 4.8, a submenu keeps the focus when it has been chosen from, and no
 * key does anything any more. */
static void
queue_focus (PetsWindow *self)
{
  if (self->focus_source == 0)
    self->focus_source = g_idle_add (focus_cb, self);
}

/* The model has NULL for no cell, which the state of an action cannot be. */
static const char *
get_sort_cell (PetsWindow *self)
{
  const char *sort_cell = self->model != NULL ? tst_table_model_get_sort_cell (self->model) : NULL;

  return sort_cell != NULL ? sort_cell : "";
}

static void
set_sort_cell (PetsWindow *self,
               const char *sort_cell)
{
  if (self->model == NULL || g_str_equal (get_sort_cell (self), sort_cell))
    return;

  tst_table_model_set_sort_cell (self->model, *sort_cell != '\0' ? sort_cell : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_CELL]);
  queue_focus (self);
}

static void
set_descending (PetsWindow *self,
                gboolean    descending)
{
  if (self->model == NULL || tst_table_model_get_descending (self->model) == descending)
    return;

  tst_table_model_set_descending (self->model, descending);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCENDING]);
  queue_focus (self);
}

/* --- Closing --- */

static void close_document (PetsWindow *self);

static void
not_saved_response_cb (GtkDialog  *dialog,
                       int         response,
                       PetsWindow *self)
{
  gtk_window_destroy (GTK_WINDOW (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    close_document (self);
  else if (response == GTK_RESPONSE_CLOSE)
    gtk_window_destroy (GTK_WINDOW (self));
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
  /* What is being typed is to be saved, too. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  pets_document_close_async (self->document, document_closed_cb, g_object_ref (self));
}

static gboolean
pets_window_close_request (GtkWindow *window)
{
  close_document (PETS_WINDOW (window));

  return GDK_EVENT_STOP;
}

/* --- GObject --- */

static void
pets_window_constructed (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);
  g_autofree char *name = NULL;

  G_OBJECT_CLASS (pets_window_parent_class)->constructed (object);

  set_up_undo (self);
  set_up_model (self);
  pets_window_files_init (self);

  name = g_file_get_parse_name (pets_document_get_file (self->document));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state_label), name);
  g_object_bind_property (self->document, "title", self, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "title", self->title_label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "state", self->state_label, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->document, "notify::opened",
                           G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "notify::problem",
                           G_CALLBACK (update_problem), self, G_CONNECT_SWAPPED);
  update_count (self);
  update_problem (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
pets_window_dispose (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_handle_id (&self->focus_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_WINDOW);
  g_clear_object (&self->selection);
  g_clear_object (&self->cards_model);
  g_clear_object (&self->checkpoints);
  /* Others may hold the model. */
  if (self->model != NULL)
    tst_table_model_set_filter_func (self->model, NULL, NULL, NULL);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (pets_window_parent_class)->dispose (object);
}

static void
pets_window_finalize (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_object (&self->document);
  g_clear_pointer (&self->search, pets_search_free);

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

    case PROP_SORT_CELL:
      g_value_set_string (value, get_sort_cell (self));
      break;

    case PROP_DESCENDING:
      g_value_set_boolean (value, self->model != NULL && tst_table_model_get_descending (self->model));
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

    case PROP_SORT_CELL:
      set_sort_cell (self, g_value_get_string (value));
      break;

    case PROP_DESCENDING:
      set_descending (self, g_value_get_boolean (value));
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

  /* Properties that actions of the menu are made of: an empty text is none. */
  properties[PROP_SORT_CELL] =
    g_param_spec_string ("sort-cell", NULL, NULL,
                         "",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  properties[PROP_DESCENDING] =
    g_param_spec_boolean ("descending", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "win.sort-by", "sort-cell");
  gtk_widget_class_install_property_action (widget_class, "win.sort-descending", "descending");
  gtk_widget_class_install_action (widget_class, "win.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "win.add-samples", NULL, add_samples_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  pets_window_files_class_init (widget_class);
  gtk_widget_class_install_action (widget_class, "win.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo_action);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", tell_action);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, state_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, sizer);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, table);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, cards);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, editor);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, toast);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, back_button);
  gtk_widget_class_bind_template_callback (widget_class, card_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, fit);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
}

static void
pets_window_init (PetsWindow *self)
{
  g_type_ensure (PETS_TYPE_EDITOR);
  g_type_ensure (PETS_TYPE_SIZER);
  g_type_ensure (PETS_TYPE_TABLE_VIEW);
  g_type_ensure (PETS_TYPE_TOAST);
  gtk_widget_init_template (GTK_WIDGET (self));
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
