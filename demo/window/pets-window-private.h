/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-window.h"

#include "pets-card.h"
#include "pets-editor.h"
#include "pets-search.h"
#include "pets-sizer.h"
#include "pets-status.h"
#include "pets-table-view.h"
#include "pets-toast.h"

G_BEGIN_DECLS

struct _PetsWindow
{
  GtkApplicationWindow parent_instance;

  PetsDocument       *document;     /* construct-only */
  TstCheckpoints     *checkpoints;  /* of document */
  TstTableModel      *model;        /* the pets that are shown */
  GtkSelectionModel  *selection;    /* of them */
  GtkSelectionModel  *cards_model;  /* the same, without a selection */
  PetsSearch         *search;       /* (nullable) */

  GtkLabel           *title_label;
  GtkLabel           *count_label;
  GtkWidget          *state_box;
  GtkLabel           *state_label;
  PetsStatus         *status;
  GtkWidget          *problem_bar;
  GtkLabel           *problem_label;
  PetsSizer          *sizer;
  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  PetsTableView      *table;
  GtkListView        *cards;
  PetsEditor         *editor;
  PetsToast          *toast;
  GtkWidget          *add_button;
  GtkWidget          *remove_button;
  GtkWidget          *search_button;
  GtkWidget          *back_button;

  GtkWidget          *question;     /* (nullable): whether to close, while it is asked; not held */
  guint               last_added;   /* the position of the latest row that has come */
  guint               focus_source;
  guint               narrow : 1;
  guint               closing : 1;
};

gboolean  pets_window_is_page             (PetsWindow      *self,
                                           const char      *name);
void      pets_window_update_page         (PetsWindow      *self);
void      pets_window_update_count        (PetsWindow      *self);
void      pets_window_update_problem      (PetsWindow      *self);
void      pets_window_start_search        (PetsWindow      *self);
void      pets_window_stop_search         (PetsWindow      *self);
void      pets_window_show_position       (PetsWindow      *self,
                                           guint            position);
void      pets_window_show_row            (PetsWindow      *self,
                                           const char      *row_id);
void      pets_window_begin_rearranging   (PetsWindow      *self);
void      pets_window_end_rearranging     (PetsWindow      *self);
void      pets_window_set_edited          (PetsWindow      *self,
                                           TstRow          *row);
void      pets_window_open_editor         (PetsWindow      *self,
                                           guint            position);
void      pets_window_set_up_undo         (PetsWindow      *self);
void      pets_window_set_up_model        (PetsWindow      *self);
void      pets_window_actions_class_init  (GtkWidgetClass  *widget_class);
void      pets_window_view_class_init     (GtkWidgetClass  *widget_class);

G_END_DECLS
