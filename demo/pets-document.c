/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-document.h"

#include <glib/gi18n.h>

#include "pets-column.h"
#include "pets-merge.h"

/* The pets of one place: a store that a persister keeps equal to what is there, both
 * ways. The place can be changed; the store stays. What it has to say to people is in
 * the properties state and problem. */

/* So many are remembered for who looks. */
#define MAX_CONFLICTS 20

struct _PetsDocument
{
  GObject parent_instance;

  PetsPlace    *place;
  char         *title;       /* a name for people */
  TstStore     *store;
  TstPersister *persister;   /* of place */

  PetsState     state;
  char         *problem;     /* (nullable) */
  char         *unread;      /* (nullable): why the latest load failed */
  GPtrArray    *conflicts;   /* of TstConflict, the latest one first */

  GTask        *move_task;   /* (nullable): while the place is being changed */
  char         *brought;     /* (nullable): content for a new place, until that is loaded */

  guint         opened : 1;  /* the first load is over, whatever came of it */
  guint         started : 1; /* persister does what is wanted of it */
  guint         auto_load : 1;
  guint         auto_save : 1;
};

G_DEFINE_FINAL_TYPE (PetsDocument, pets_document, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PLACE,
  PROP_TITLE,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_OPENED,
  PROP_AUTO_LOAD,
  PROP_AUTO_SAVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CHANGED,
  SIGNAL_CONFLICT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
describe_problem (PetsDocument *self)
{
  const GError *error = tst_persister_get_last_error (self->persister);

  if (pets_state_is_offline_error (error))
    return NULL;

  if (error != NULL && tst_persister_get_dirty (self->persister))
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The changes could not be saved: %s"), error->message);

  /* Also after something else was saved in its place: the persister keeps what
   * it cannot read, but people must know. */
  if (self->unread != NULL)
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The pets could not be loaded: %s"), self->unread);

  return NULL;
}

static void
update (PetsDocument *self)
{
  PetsState state = pets_state_find (self->persister, self->opened);
  g_autofree char *problem = describe_problem (self);

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  if (g_strcmp0 (self->problem, problem) != 0)
    {
      g_free (self->problem);
      self->problem = g_steal_pointer (&problem);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
    }

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
set_opened (PetsDocument *self,
            gboolean      opened)
{
  if (self->opened == opened)
    return;

  self->opened = opened;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPENED]);
}

/* --- The persister --- */

static void
set_unread (PetsDocument *self,
            const GError *error)
{
  g_free (self->unread);
  self->unread = error != NULL && !pets_state_is_offline_error (error) ? g_strdup (error->message) : NULL;
  update (self);
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

/* What was brought here comes in when it is known what is here. */
static gboolean
unpack (PetsDocument *self)
{
  g_autofree char *brought = g_steal_pointer (&self->brought);
  g_autoptr(GError) error = NULL;

  if (brought == NULL)
    return FALSE;

  if (!pets_merge_json (self->store, brought, &error))
    g_error ("The content of a store is not the content of a store: %s", error->message);

  return TRUE;
}

static void
loaded_cb (PetsDocument *self)
{
  if (unpack (self))
    pets_document_save (self);

  set_unread (self, NULL);
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             PetsDocument *self)
{
  g_ptr_array_insert (self->conflicts, 0, tst_conflict_ref (conflict));
  if (self->conflicts->len > MAX_CONFLICTS)
    g_ptr_array_set_size (self->conflicts, MAX_CONFLICTS);

  g_signal_emit (self, signals[SIGNAL_CONFLICT], 0, conflict);
  update (self);
}

static void
use_place (PetsDocument *self,
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
  g_signal_connect_object (self->persister, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (self->persister, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->persister, "conflict", G_CALLBACK (conflict_cb), self, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->persister, watched[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);
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

  update (self);
}

/* Both properties of the persister would do; but one who knows when it is over is better. */
static void
apply_switches (PetsDocument *self)
{
  if (!self->started)
    return;

  tst_persister_set_auto_load (self->persister, self->auto_load);

  if (!self->auto_save)
    tst_persister_stop_auto_save (self->persister);
  else if (!tst_persister_get_auto_save (self->persister))
    tst_persister_start_auto_save_async (self->persister, NULL, done_cb, g_object_ref (self));
}

static void
set_switch (PetsDocument *self,
            guint         prop_id,
            gboolean      wanted)
{
  if (wanted == (prop_id == PROP_AUTO_LOAD ? self->auto_load : self->auto_save))
    return;

  if (prop_id == PROP_AUTO_LOAD)
    self->auto_load = wanted;
  else
    self->auto_save = wanted;

  apply_switches (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/* --- GObject --- */

static void
pets_document_constructed (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  G_OBJECT_CLASS (pets_document_parent_class)->constructed (object);

  self->store = tst_store_new ();
  use_place (self, self->place);
  self->state = pets_state_find (self->persister, FALSE);
}

static void
pets_document_finalize (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  g_clear_object (&self->persister);
  g_clear_object (&self->store);
  g_clear_object (&self->place);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->unread, g_free);
  g_clear_pointer (&self->brought, g_free);
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);

  G_OBJECT_CLASS (pets_document_parent_class)->finalize (object);
}

static void
pets_document_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_STATE:
      g_value_set_string (value, pets_state_get_label (self->state));
      break;

    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;

    case PROP_OPENED:
      g_value_set_boolean (value, self->opened);
      break;

    case PROP_AUTO_LOAD:
      g_value_set_boolean (value, self->auto_load);
      break;

    case PROP_AUTO_SAVE:
      g_value_set_boolean (value, self->auto_save);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_document_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      self->place = g_value_dup_object (value);
      break;

    case PROP_AUTO_LOAD:
    case PROP_AUTO_SAVE:
      set_switch (self, prop_id, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_document_class_init (PetsDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->constructed = pets_document_constructed;
  object_class->finalize = pets_document_finalize;
  object_class->get_property = pets_document_get_property;
  object_class->set_property = pets_document_set_property;

  properties[PROP_PLACE] =
    g_param_spec_object ("place", NULL, NULL, PETS_TYPE_PLACE, writable | G_PARAM_CONSTRUCT_ONLY);

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);

  /* Whether what is shown is in its place, in a word or two. */
  properties[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, readable);

  /* What went wrong and still is, or NULL. */
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, readable);

  properties[PROP_OPENED] = g_param_spec_boolean ("opened", NULL, NULL, FALSE, readable);

  /* What is wanted of the persister, whatever the place. */
  properties[PROP_AUTO_LOAD] = g_param_spec_boolean ("auto-load", NULL, NULL, TRUE, writable);
  properties[PROP_AUTO_SAVE] = g_param_spec_boolean ("auto-save", NULL, NULL, TRUE, writable);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* Something that can be asked for is another one: state, times, conflicts. */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  signals[SIGNAL_CONFLICT] =
    g_signal_new ("conflict", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, TST_TYPE_CONFLICT);
}

static void
pets_document_init (PetsDocument *self)
{
  self->conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_conflict_unref);
  self->auto_load = TRUE;
  self->auto_save = TRUE;
}

/**
 * pets_document_get_sample:
 *
 * Gets what a place begins with that is not there yet.
 */
GBytes *
pets_document_get_sample (void)
{
  g_autoptr(GError) error = NULL;
  GBytes *sample = g_resources_lookup_data ("/org/tstore/Pets/pets.json", 0, &error);

  if (sample == NULL)
    g_error ("The sample is missing from the program: %s", error->message);

  return sample;
}

/**
 * pets_document_get_default_json:
 *
 * Gets the content of a place where nothing is yet: the sample; but `NULL` on a server,
 * whose pets are somebody else's, too.
 */
char *
pets_document_get_default_json (PetsPlace *place)
{
  g_autoptr(GBytes) sample = pets_document_get_sample ();

  if (pets_place_get_kind (place) == PETS_PLACE_REMOTE)
    return NULL;

  return g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));
}

PetsDocument *
pets_document_new (PetsPlace *place)
{
  return g_object_new (PETS_TYPE_DOCUMENT, "place", place, NULL);
}

PetsPlace *
pets_document_get_place (PetsDocument *self)
{
  return self->place;
}

TstStore *
pets_document_get_store (PetsDocument *self)
{
  return self->store;
}

/**
 * pets_document_get_persister:
 *
 * Gets what keeps the pets. After the place has changed, it is another one.
 */
TstPersister *
pets_document_get_persister (PetsDocument *self)
{
  return self->persister;
}

const char *
pets_document_get_title (PetsDocument *self)
{
  return self->title;
}

PetsState
pets_document_get_state (PetsDocument *self)
{
  return self->state;
}

/**
 * pets_document_get_conflicts:
 *
 * Gets what was merged of late, the latest first.
 */
GPtrArray *
pets_document_get_conflicts (PetsDocument *self)
{
  return self->conflicts;
}

void
pets_document_forget_conflicts (PetsDocument *self)
{
  g_ptr_array_set_size (self->conflicts, 0);
  update (self);
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
  else if (unpack (self))
    pets_document_save (self);

  self->started = TRUE;
  apply_switches (self);
  set_opened (self, TRUE);
  update (self);

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
 * Tries at once what has failed.
 */
void
pets_document_retry (PetsDocument *self)
{
  if (tst_persister_get_dirty (self->persister))
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

  set_opened (self, FALSE);
  leave_place (self);
  use_place (self, place);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  update (self);

  start_persister (self, self->brought);
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

/* Where this fails, all is brought along nevertheless. */
static void
left_with_all_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  g_autoptr(GError) error = NULL;

  if (!tst_persister_close_finish (persister, result, &error))
    {
      g_debug ("Leaving %s: %s", self->title, error->message);
      tst_persister_stop_auto_load (persister);
      tst_persister_stop_auto_save (persister);
    }

  self->brought = tst_store_get_json (self->store);
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

  if (self->move_task != NULL || !self->opened)
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
      self->brought = tst_store_get_json (self->store);
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
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  tst_persister_close_async (self->persister, NULL, closed_cb, task);
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
  tst_persister_stop_auto_load (self->persister);
  tst_persister_stop_auto_save (self->persister);
}

/* --- Pets --- */

/**
 * pets_document_add_pet:
 *
 * Adds a pet, under an id that no other writer of the file makes.
 */
char *
pets_document_add_pet (PetsDocument  *self,
                       GError       **error)
{
  GVariantDict row;

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "name", "s", _("New Pet"));
  g_variant_dict_insert (&row, "sold", "b", FALSE);

  return tst_store_add_row (self->store, PETS_TABLE, g_variant_dict_end (&row),
                            TST_ADD_ROW_UNIQUE, error);
}

/**
 * pets_document_remove_pets:
 *
 * Removes pets, and returns what pets_document_restore_pets() brings back.
 */
GVariant *
pets_document_remove_pets (PetsDocument       *self,
                           const char * const *row_ids)
{
  GVariantBuilder pets;

  g_variant_builder_init (&pets, G_VARIANT_TYPE ("a{sa{sv}}"));

  tst_store_begin (self->store);
  for (gsize i = 0; row_ids[i] != NULL; i++)
    {
      g_autoptr(GVariant) row = tst_store_get_row (self->store, PETS_TABLE, row_ids[i]);

      if (tst_store_remove_row (self->store, PETS_TABLE, row_ids[i]))
        g_variant_builder_add (&pets, "{s@a{sv}}", row_ids[i], row);
    }
  tst_store_commit (self->store);

  return g_variant_ref_sink (g_variant_builder_end (&pets));
}

gboolean
pets_document_restore_pets (PetsDocument  *self,
                            GVariant      *pets,
                            GError       **error)
{
  GVariantIter iter;
  const char *row_id;
  GVariant *row;
  gboolean restored = TRUE;

  tst_store_begin (self->store);
  g_variant_iter_init (&iter, pets);
  while (restored && g_variant_iter_next (&iter, "{&s@a{sv}}", &row_id, &row))
    {
      restored = tst_store_set_row (self->store, PETS_TABLE, row_id, row, error);
      g_variant_unref (row);
    }
  tst_store_commit (self->store);

  return restored;
}
