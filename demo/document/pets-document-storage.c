/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "pets-document-private.h"
#include "pets-merge.h"

/* How a document is opened, taken to another place, saved, and closed. */

/* So many are remembered for who looks. */
#define MAX_CONFLICTS 20

/* --- The persister --- */

static void
set_unread (PetsDocument *self,
            const GError *error)
{
  g_free (self->unread);
  self->unread = error != NULL && !pets_state_is_offline_error (error) ? g_strdup (error->message) : NULL;
  pets_document_update (self);
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               will_retry,
           PetsDocument          *self)
{
  if (operation == TST_PERSISTER_LOAD)
    set_unread (self, error);
}

/* Only the persister replaces everything. */
static void
replace_cb (TstStore *store,
            TstWrite *write,
            gpointer  user_data)
{
  PetsDocument *self = PETS_DOCUMENT (user_data);

  g_free (self->brought);
  self->brought = tst_store_get_json (store);
}

/* The pets that are shown are to be in the new place, too. Which ones these are is found out
 * when those that are there take their place: until then, they can be edited and removed. */
static void
begin_bringing (PetsDocument *self)
{
  self->bringing = TRUE;
  if (self->bring_id == 0)
    self->bring_id =
      tst_store_add_interceptor (self->store,
                                 TST_WRITE_SET_CONTENT | TST_WRITE_SET_TABLES | TST_WRITE_REMOVE_TABLES,
                                 replace_cb, self, NULL);
}

static void
stop_intercepting (PetsDocument *self)
{
  if (self->bring_id != 0)
    tst_store_remove_interceptor (self->store, self->bring_id);
  self->bring_id = 0;
}

/* It is known what is here: what was brought comes in. */
static void
unpack (PetsDocument *self)
{
  g_autofree char *brought = g_steal_pointer (&self->brought);
  g_autoptr(GError) error = NULL;

  stop_intercepting (self);
  if (brought != NULL && !pets_merge_json (self->store, brought, &error))
    g_error ("The content of a store is not the content of a store: %s", error->message);
}

/* Until all is known to be here, each load is a reason to save: also one that finds what a save
 * has left here that seemed to fail. */
static void
loaded_cb (PetsDocument *self)
{
  if (self->bringing)
    {
      unpack (self);
      pets_document_save (self);
    }

  set_unread (self, NULL);
}

/* All of the store is here, and nothing else. */
static void
saved_cb (PetsDocument *self)
{
  stop_intercepting (self);
  g_clear_pointer (&self->brought, g_free);
  self->bringing = FALSE;
  pets_document_update (self);
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             PetsDocument *self)
{
  g_ptr_array_insert (self->conflicts, 0, tst_conflict_ref (conflict));
  if (self->conflicts->len > MAX_CONFLICTS)
    g_ptr_array_set_size (self->conflicts, MAX_CONFLICTS);

  pets_document_tell_conflict (self, conflict);
}

void
pets_document_use_place (PetsDocument *self,
                         PetsPlace    *place)
{
  static const char * const watched[] = {
    "notify::status", "notify::dirty", "notify::last-error", "notify::last-saved",
  };

  g_set_object (&self->place, place);
  g_free (self->title);
  self->title = pets_place_get_title (place);
  g_clear_pointer (&self->unread, g_free);

  self->persister = pets_place_make_persister (place, self->store);
  pets_document_apply_interval (self);
  g_signal_connect_object (self->persister, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (self->persister, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->persister, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->persister, "conflict", G_CALLBACK (conflict_cb), self, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->persister, watched[i], G_CALLBACK (pets_document_update), self, G_CONNECT_SWAPPED);
}

static void
leave_place (PetsDocument *self)
{
  g_signal_handlers_disconnect_by_data (self->persister, self);
  g_clear_object (&self->persister);
  self->started = FALSE;
}

/* What came of it is told by signals; that it is over, where nothing had to be done, is
 * told here alone. */
static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);

  pets_document_update (self);
}

/* Both properties of the persister would do; but one who knows when it is over is better. */
void
pets_document_apply_switches (PetsDocument *self)
{
  if (!self->started)
    return;

  tst_persister_set_auto_load (self->persister, self->auto_load);

  if (!self->auto_save)
    tst_persister_stop_auto_save (self->persister);
  else if (!tst_persister_get_auto_save (self->persister))
    tst_persister_start_auto_save_async (self->persister, NULL, done_cb, g_object_ref (self));
}

void
pets_document_apply_interval (PetsDocument *self)
{
  if (TST_IS_REMOTE_PERSISTER (self->persister))
    tst_remote_persister_set_poll_interval (TST_REMOTE_PERSISTER (self->persister), self->poll_interval * 1000);
}

/* --- Opening --- */

typedef struct
{
  TstPersister *persister;
  GFile        *folder;       /* (nullable): to be made if it is not there */
  char         *default_json;
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;

  g_clear_object (&start->persister);
  g_clear_object (&start->folder);
  g_free (start->default_json);
  g_free (start);
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  g_autoptr(GTask) task = g_steal_pointer (&self->move_task);
  g_autoptr(GError) error = NULL;

  /* It keeps trying, and its last error says why it must. */
  if (!tst_persister_start_auto_load_finish (persister, result, &error))
    g_debug ("Opening %s: %s", self->title, error->message);

  self->started = TRUE;
  pets_document_apply_switches (self);
  pets_document_set_opened (self, TRUE);
  pets_document_update (self);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
make_folder (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Start *start = task_data;

  /* Where that is not possible, the first save says so. */
  g_file_make_directory_with_parents (start->folder, cancellable, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
folder_made_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Start *start = g_task_get_task_data (G_TASK (result));

  tst_persister_start_auto_load_async (start->persister, start->default_json, NULL,
                                       started_cb, g_object_ref (object));
}

/* Listens and loads in any case: whether it goes on to is decided when it is known what
 * is there. */
static void
start_persister (PetsDocument *self,
                 const char   *default_json)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, folder_made_cb, NULL);
  GFile *file = pets_place_get_file (self->place);
  Start *start = g_new0 (Start, 1);

  start->persister = g_object_ref (self->persister);
  start->folder = file != NULL ? g_file_get_parent (file) : NULL;
  start->default_json = g_strdup (default_json);
  g_task_set_task_data (task, start, start_free);

  if (start->folder != NULL)
    g_task_run_in_thread (task, make_folder);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * pets_document_open:
 *
 * Starts to keep the store and its place equal. Begins with the sample if there is
 * nothing yet.
 */
void
pets_document_open (PetsDocument *self)
{
  g_autofree char *json = pets_document_get_default_json (self->place);

  start_persister (self, json);
}

static void
retried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);

  if (tst_persister_load_finish (TST_PERSISTER (object), result, NULL))
    set_unread (self, NULL);
}

/**
 * pets_document_retry:
 *
 * Tries at once what has failed. What was brought to a place that could not be read waits
 * until it can.
 */
void
pets_document_retry (PetsDocument *self)
{
  if (pets_document_is_unsaved (self))
    pets_document_save (self);
  else
    pets_document_load (self);
}

/**
 * pets_document_save:
 *
 * Saves what is shown. What comes of it is in the properties.
 */
void
pets_document_save (PetsDocument *self)
{
  tst_persister_save_async (self->persister, NULL, done_cb, g_object_ref (self));
}

/**
 * pets_document_load:
 *
 * Loads what is in the place. Unless changes are saved by themselves, those that were
 * not saved are gone.
 */
void
pets_document_load (PetsDocument *self)
{
  tst_persister_load_async (self->persister, NULL, retried_cb, g_object_ref (self));
}

/* --- Another place --- */

static void
go (PetsDocument *self)
{
  PetsPlace *place = g_task_get_task_data (self->move_task);

  /* What was done to the pets that stay behind is not done to those that are there. */
  if (!self->bringing)
    tst_checkpoints_clear (self->checkpoints);

  pets_document_set_opened (self, FALSE);
  leave_place (self);
  pets_document_use_place (self, place);
  pets_document_notify_place (self);

  start_persister (self, NULL);
}

static void
end_move (PetsDocument *self,
          GError       *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->move_task);

  g_task_return_error (task, error);
}

static void
left_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  GError *error = NULL;

  if (!tst_persister_close_finish (persister, result, &error))
    end_move (self, error);
  else
    go (self);
}

/* Where this fails, all is brought along nevertheless; unless that was given up meanwhile. */
static void
left_with_all_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  g_autoptr(GError) error = NULL;
  gboolean closed = tst_persister_close_finish (persister, result, &error);

  if (self->discarded)
    {
      end_move (self, closed ? g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled"))
                             : g_steal_pointer (&error));
      return;
    }

  if (!closed)
    {
      g_debug ("Leaving %s: %s", self->title, error->message);
      tst_persister_discard (persister);
    }

  begin_bringing (self);
  go (self);
}

/**
 * pets_document_move_async:
 *
 * Goes to another place.
 *
 * With @bring, the pets go along, and are there together with those that are there
 * already. Otherwise those that are there are shown, after what was changed is saved in
 * the old place; where that fails, this fails, and the place is what it was.
 */
void
pets_document_move_async (PetsDocument        *self,
                          PetsPlace           *place,
                          gboolean             bring,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, g_object_ref (place), g_object_unref);

  /* What was brought would be lost among those that are there. */
  if (self->move_task != NULL || !self->opened || (self->bringing && !bring))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "%s", _("Still loading"));
      g_object_unref (task);
      return;
    }

  self->move_task = task;

  if (bring && !self->auto_save && tst_persister_get_dirty (self->persister))
    {
      /* It was not asked to save them there. */
      tst_persister_stop_auto_load (self->persister);
      begin_bringing (self);
      go (self);
    }
  else
    {
      tst_persister_close_async (self->persister, NULL, bring ? left_with_all_cb : left_cb,
                                 g_object_ref (self));
    }
}

gboolean
pets_document_move_finish (PetsDocument  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pets_document_is_moving:
 *
 * Tells whether pets are between two places: those that were brought along, and are not
 * known to be in the new one.
 */
gboolean
pets_document_is_moving (PetsDocument *self)
{
  return self->move_task != NULL || self->bringing;
}

/* --- Closing --- */

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (tst_persister_close_finish (TST_PERSISTER (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pets_document_close_async:
 *
 * Saves what is to be saved, then ends. If that fails, the document stays open.
 */
void
pets_document_close_async (PetsDocument        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  /* What cannot be undone is not to be called cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  tst_persister_close_async (self->persister, cancellable, closed_cb, task);
}

gboolean
pets_document_close_finish (PetsDocument  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pets_document_discard:
 *
 * Ends without saving what is not saved.
 */
void
pets_document_discard (PetsDocument *self)
{
  self->discarded = TRUE;
  tst_persister_discard (self->persister);
}
