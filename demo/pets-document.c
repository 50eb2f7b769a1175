/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-document.h"

#include <glib/gi18n.h>

#include "pets-column.h"

/* The pets of one file: a store that a persister keeps equal to the file, both
 * ways. What it has to say to people is in the properties state and problem. */

struct _PetsDocument
{
  GObject parent_instance;

  GFile        *file;        /* construct-only */
  char         *title;       /* a name for people */
  TstStore     *store;
  TstPersister *persister;

  const char   *state;       /* static, translated */
  char         *problem;     /* (nullable) */
  char         *unread;      /* (nullable): why the latest load failed */
  guint         opened : 1;  /* the first load is over, whatever came of it */
};

G_DEFINE_FINAL_TYPE (PetsDocument, pets_document, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_TITLE,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_OPENED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
describe_state (PetsDocument *self)
{
  if (!self->opened)
    return _("Loading…");

  if (tst_persister_get_status (self->persister) == TST_PERSISTER_SAVING &&
      tst_persister_get_last_error (self->persister) == NULL)
    return _("Saving…");

  return tst_persister_get_dirty (self->persister) ? _("Unsaved changes") : _("Saved");
}

static char *
describe_problem (PetsDocument *self)
{
  const GError *error = tst_persister_get_last_error (self->persister);

  if (error != NULL && tst_persister_get_dirty (self->persister))
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The changes could not be saved: %s"), error->message);

  /* Also after something else was saved in its place: the persister keeps what
   * it cannot read, but people must know. */
  if (self->unread != NULL)
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The file could not be read: %s"), self->unread);

  return NULL;
}

static void
persister_changed_cb (TstPersister *persister,
                      GParamSpec   *pspec,
                      PetsDocument *self)
{
  const char *state = describe_state (self);
  g_autofree char *problem = describe_problem (self);

  if (g_strcmp0 (self->state, state) != 0)
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
}

static void
set_unread (PetsDocument *self,
            const char   *reason)
{
  g_free (self->unread);
  self->unread = g_strdup (reason);
  persister_changed_cb (self->persister, NULL, self);
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               will_retry,
           PetsDocument          *self)
{
  if (operation == TST_PERSISTER_LOAD)
    set_unread (self, error->message);
}

static void
loaded_cb (PetsDocument *self)
{
  set_unread (self, NULL);
}

/* --- GObject --- */

static char *
make_title (GFile *file)
{
  g_autoptr(GFile) default_file = pets_document_get_default_file ();
  g_autofree char *name = NULL;

  if (g_file_equal (file, default_file))
    return g_strdup (_("Pets"));

  name = g_file_get_basename (file);

  return g_filename_display_name (name);
}

static void
pets_document_constructed (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  G_OBJECT_CLASS (pets_document_parent_class)->constructed (object);

  self->title = make_title (self->file);
  self->store = tst_store_new ();
  self->persister = tst_file_persister_new (self->store, self->file);
  self->state = describe_state (self);

  g_signal_connect_object (self->persister, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (self->persister, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->persister, "notify::status",
                           G_CALLBACK (persister_changed_cb), self, 0);
  g_signal_connect_object (self->persister, "notify::dirty",
                           G_CALLBACK (persister_changed_cb), self, 0);
  g_signal_connect_object (self->persister, "notify::last-error",
                           G_CALLBACK (persister_changed_cb), self, 0);
}

static void
pets_document_finalize (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  g_clear_object (&self->persister);
  g_clear_object (&self->store);
  g_clear_object (&self->file);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->unread, g_free);

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
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;

    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;

    case PROP_OPENED:
      g_value_set_boolean (value, self->opened);
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
    case PROP_FILE:
      self->file = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_document_class_init (PetsDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = pets_document_constructed;
  object_class->finalize = pets_document_finalize;
  object_class->get_property = pets_document_get_property;
  object_class->set_property = pets_document_set_property;

  properties[PROP_FILE] =
    g_param_spec_object ("file", NULL, NULL,
                         G_TYPE_FILE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /* Whether what is shown is in the file, in a word or two. */
  properties[PROP_STATE] =
    g_param_spec_string ("state", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /* What went wrong and still is, or NULL. */
  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  properties[PROP_OPENED] =
    g_param_spec_boolean ("opened", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pets_document_init (PetsDocument *self)
{
}

/* --- Files --- */

/**
 * pets_document_get_default_file:
 *
 * Gets the file for those who did not name one.
 */
GFile *
pets_document_get_default_file (void)
{
  return g_file_new_build_filename (g_get_user_data_dir (), "pets", "pets.json", NULL);
}

/**
 * pets_document_get_sample:
 *
 * Gets what a file begins with that is not there yet.
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

PetsDocument *
pets_document_new (GFile *file)
{
  return g_object_new (PETS_TYPE_DOCUMENT, "file", file, NULL);
}

GFile *
pets_document_get_file (PetsDocument *self)
{
  return self->file;
}

TstStore *
pets_document_get_store (PetsDocument *self)
{
  return self->store;
}

const char *
pets_document_get_title (PetsDocument *self)
{
  return self->title;
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  g_autoptr(GError) error = NULL;

  /* It keeps trying, and its last error says why it must. */
  if (!tst_persister_start_auto_persisting_finish (persister, result, &error))
    g_debug ("Opening %s: %s", self->title, error->message);

  self->opened = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPENED]);
  persister_changed_cb (persister, NULL, self);
}

static void
make_folder (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GFile *folder = G_FILE (task_data);

  /* Where that is not possible, the first save says so. */
  g_file_make_directory_with_parents (folder, cancellable, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
folder_made_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  PetsDocument *self = PETS_DOCUMENT (object);
  g_autoptr(GBytes) sample = pets_document_get_sample ();
  g_autofree char *json = g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));

  tst_persister_start_auto_persisting_async (self->persister, json, NULL,
                                             opened_cb, g_object_ref (self));
}

/**
 * pets_document_open:
 *
 * Starts to keep the store and the file equal. Begins with the sample if there
 * is no file.
 */
void
pets_document_open (PetsDocument *self)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, folder_made_cb, NULL);
  GFile *folder = g_file_get_parent (self->file);

  if (folder == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, folder, g_object_unref);
  g_task_run_in_thread (task, make_folder);
}

static void
retried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PetsDocument) self = PETS_DOCUMENT (user_data);
  g_autoptr(GError) error = NULL;

  if (!tst_persister_load_finish (TST_PERSISTER (object), result, &error))
    {
      g_debug ("Trying %s again: %s", self->title, error->message);
      return;
    }

  set_unread (self, NULL);
}

/**
 * pets_document_retry:
 *
 * Tries again at once what failed.
 */
void
pets_document_retry (PetsDocument *self)
{
  if (tst_persister_get_dirty (self->persister))
    tst_persister_flush_async (self->persister, NULL, NULL, NULL);
  else
    tst_persister_load_async (self->persister, NULL, retried_cb, g_object_ref (self));
}

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

static void
flushed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  TstPersister *persister = TST_PERSISTER (object);
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (!tst_persister_flush_finish (persister, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  tst_persister_close_async (persister, NULL, closed_cb, g_steal_pointer (&task));
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

  tst_persister_flush_async (self->persister, NULL, flushed_cb, task);
}

gboolean
pets_document_close_finish (PetsDocument  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
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
 * Removes pets, and returns those that there were.
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
