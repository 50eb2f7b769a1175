/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window-private.h"

#include <glib/gi18n.h>

/* What a window shows: which of its pages, as much as there is room for, and of
 * the pets those that are looked for. */

/* --- What is shown --- */

gboolean
pets_window_is_page (PetsWindow *self,
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

void
pets_window_update_page (PetsWindow *self)
{
  const char *page = choose_page (self);
  gboolean is_editor = g_str_equal (page, "editor");

  if (is_editor != pets_window_is_page (self, "editor"))
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

void
pets_window_update_count (PetsWindow *self)
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
  pets_window_update_page (self);
}

void
pets_window_update_problem (PetsWindow *self)
{
  g_autofree char *problem = NULL;

  g_object_get (self->document, "problem", &problem, NULL);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_bar, problem != NULL);
}

/* One of the two lists is shown. The other has no rows, which would be there for
 * nothing but to be read out. */
static void
show_model (PetsWindow *self)
{
  pets_table_view_set_model (self->table, self->narrow ? NULL : self->selection);
  gtk_list_view_set_model (self->cards, self->narrow ? self->cards_model : NULL);
}

/* A narrow window has room for one button of its own, wherever people have theirs. */
static void
fit_title_buttons (PetsWindow *self)
{
  GtkHeaderBar *header_bar = GTK_HEADER_BAR (gtk_window_get_titlebar (GTK_WINDOW (self)));
  g_autofree char *layout = NULL;
  g_autoptr(GString) narrow = NULL;

  if (!self->narrow)
    {
      gtk_header_bar_set_decoration_layout (header_bar, NULL);
      return;
    }

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout, NULL);
  narrow = g_string_new (layout);
  g_string_replace (narrow, "minimize", "", 0);
  g_string_replace (narrow, "maximize", "", 0);
  gtk_header_bar_set_decoration_layout (header_bar, narrow->str);
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
    pets_window_set_edited (self, NULL);
  show_model (self);
  fit_title_buttons (self);
  /* The button of the storage tells it, too. */
  gtk_widget_set_visible (self->state_box, !narrow);
  pets_window_update_page (self);
}

/* --- Other rows, or in another order --- */

static GtkWidget *
get_list (PetsWindow *self)
{
  return self->narrow ? GTK_WIDGET (self->cards) : pets_table_view_get_list (self->table);
}

static void
scroll_to (PetsWindow *self,
           guint       position)
{
  gtk_widget_activate_action (get_list (self), "list.scroll-to-item", "u", position);
}

/* Where who comes with the keyboard begins: a list with a new model would begin with the
 * second row, and not at all if there is only one, up to GTK 4.8. */
static void
set_first_focus (GtkWidget *list)
{
  GtkWidget *row = gtk_widget_get_first_child (list);

  for (GtkWidget *child = row; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_state_flags (child) & GTK_STATE_FLAG_SELECTED)
      {
        row = child;
        break;
      }

  if (row != NULL)
    gtk_widget_set_focus_child (list, row);
  gtk_widget_set_focus_child (list, NULL);
}

/**
 * pets_window_begin_rearranging:
 *
 * To be called before most rows are somewhere else, or gone. GTK 4.8 would look for the row
 * at the top among all others, one after the other, and make an object for each; and it would
 * stay with that row, wherever it is then.
 */
void
pets_window_begin_rearranging (PetsWindow *self)
{
  pets_table_view_set_model (self->table, NULL);
  gtk_list_view_set_model (self->cards, NULL);
}

/* Shows what people have selected, or what is the first now. */
void
pets_window_end_rearranging (PetsWindow *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  show_model (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    scroll_to (self, gtk_bitset_is_empty (selected) ? 0 : gtk_bitset_get_minimum (selected));
  set_first_focus (get_list (self));
}

/* --- Searching --- */

static void
set_search (PetsWindow *self,
            const char *text)
{
  g_autoptr(PetsSearch) before = NULL;

  if (*text == '\0' && self->search == NULL)
    return;

  before = g_steal_pointer (&self->search);
  if (*text != '\0')
    self->search = pets_search_new (text);

  pets_window_begin_rearranging (self);
  tst_table_model_filter_changed (self->model, pets_search_compare (before, self->search));
  pets_window_end_rearranging (self);
  pets_window_update_count (self);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   PetsWindow     *self)
{
  set_search (self, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

void
pets_window_start_search (PetsWindow *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
pets_window_stop_search (PetsWindow *self)
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

  pets_window_stop_search (self);
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

/* From the entry down into what was found. */
static void
search_activate_cb (GtkSearchEntry *entry,
                    PetsWindow     *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
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
      !g_unichar_isgraph (character) || pets_window_is_page (self, "editor") || pets_window_is_page (self, "empty"))
    return GDK_EVENT_PROPAGATE;

  pets_window_start_search (self);
  gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);

  return gtk_event_controller_key_forward (controller, GTK_WIDGET (text));
}

/* --- Rows on the screen --- */

void
pets_window_show_position (PetsWindow *self,
                           guint       position)
{
  gtk_selection_model_select_item (self->selection, position, TRUE);
  scroll_to (self, position);
}

void
pets_window_show_row (PetsWindow *self,
                      const char *row_id)
{
  guint position;

  if (tst_table_model_find (self->model, row_id, &position))
    pets_window_show_position (self, position);
}

static void
update_remove (PetsWindow *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.remove",
                                 !gtk_bitset_is_empty (selected) || pets_editor_get_row (self->editor) != NULL);
}

/**
 * pets_window_set_edited:
 *
 * Has a pet edited on a page of its own, or none.
 */
void
pets_window_set_edited (PetsWindow *self,
                        TstRow     *row)
{
  pets_editor_set_row (self->editor, row);
  update_remove (self);
}

/* The pet of the editor is the one that is selected. */
void
pets_window_open_editor (PetsWindow *self,
                         guint       position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  gtk_selection_model_select_item (self->selection, position, TRUE);
  pets_window_set_edited (self, row);
  pets_window_update_page (self);
}

static void
card_activated_cb (GtkListView *cards,
                   guint        position,
                   PetsWindow  *self)
{
  pets_window_open_editor (self, position);
}

/* A pet that was removed, here or elsewhere, is not to be edited. */
static void
check_editor (PetsWindow *self)
{
  TstRow *row = pets_editor_get_row (self->editor);

  if (row != NULL && !tst_store_has_row (tst_row_get_store (row), PETS_TABLE, tst_row_get_row_id (row)))
    pets_window_set_edited (self, NULL);
}

/* --- The model --- */

static void
selection_changed_cb (GtkSelectionModel *selection,
                      guint              position,
                      guint              n_items,
                      PetsWindow        *self)
{
  update_remove (self);
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
  update_remove (self);
  check_editor (self);
  pets_window_update_count (self);
}

/* Of those that are not shown, too. */
static void
row_ids_changed_cb (PetsWindow *self)
{
  check_editor (self);
  pets_window_update_count (self);
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

void
pets_window_set_up_model (PetsWindow *self)
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
  g_signal_connect_object (store, "row-ids-changed::" PETS_TABLE,
                           G_CALLBACK (row_ids_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_list_view_set_factory (self->cards, factory);
  show_model (self);
  update_remove (self);
}

void
pets_window_view_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, card_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, fit);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
}
