/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-document.h"

#include <glib/gi18n.h>

#include "pets-column.h"
#include "pets-document-private.h"

/* The pets of one place: a store that a persister keeps equal to what is there, both
 * ways. The place can be changed; the store stays. What it has to say to people is in
 * the properties state and problem. */

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
  PROP_POLL_INTERVAL,
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

/* What is brought to a place is to be saved there, whether or not it differs from what
 * the persister began with. */
gboolean
pets_document_is_unsaved (PetsDocument *self)
{
  return tst_persister_get_dirty (self->persister) || (self->bringing && self->unread == NULL);
}

static PetsState
find_state (PetsDocument *self)
{
  PetsState state = pets_state_find (self->persister, self->opened, pets_document_is_unsaved (self));

  /* A save that finds nothing to do is no sign that all is well. */
  if (state == PETS_STATE_SAVED && self->unread != NULL &&
      tst_persister_get_last_saved (self->persister) == NULL)
    return PETS_STATE_NOT_LOADED;

  return state;
}

static char *
describe_problem (PetsDocument *self)
{
  const GError *error = tst_persister_get_last_error (self->persister);

  if (pets_state_is_offline_error (error))
    return NULL;

  if (error != NULL && pets_document_is_unsaved (self))
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The changes could not be saved: %s"), error->message);

  /* Also after something else was saved in its place: the persister keeps what
   * it cannot read, but people must know. */
  if (self->unread != NULL)
    /* Translators: %s is the reason */
    return g_strdup_printf (_("The pets could not be loaded: %s"), self->unread);

  return NULL;
}

void
pets_document_update (PetsDocument *self)
{
  PetsState state = find_state (self);
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

void
pets_document_set_opened (PetsDocument *self,
                          gboolean      opened)
{
  if (self->opened == opened)
    return;

  self->opened = opened;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPENED]);
}

void
pets_document_tell_conflict (PetsDocument *self,
                             TstConflict  *conflict)
{
  g_signal_emit (self, signals[SIGNAL_CONFLICT], 0, conflict);
  pets_document_update (self);
}

void
pets_document_notify_place (PetsDocument *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  pets_document_update (self);
}

/* --- GObject --- */

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

  pets_document_apply_switches (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_poll_interval (PetsDocument *self,
                   guint         poll_interval)
{
  if (self->poll_interval == poll_interval)
    return;

  self->poll_interval = poll_interval;
  pets_document_apply_interval (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POLL_INTERVAL]);
}

static void
pets_document_constructed (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  G_OBJECT_CLASS (pets_document_parent_class)->constructed (object);

  self->store = tst_store_new ();
  self->checkpoints = tst_checkpoints_new (self->store);
  tst_checkpoints_set_automatic (self->checkpoints, TRUE);
  pets_document_use_place (self, self->place);
  self->state = find_state (self);
}

static void
pets_document_finalize (GObject *object)
{
  PetsDocument *self = PETS_DOCUMENT (object);

  g_clear_object (&self->persister);
  g_clear_object (&self->checkpoints);
  /* Others may hold the store. */
  if (self->bring_id != 0)
    tst_store_remove_interceptor (self->store, self->bring_id);
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

    case PROP_POLL_INTERVAL:
      g_value_set_uint (value, self->poll_interval);
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

    case PROP_POLL_INTERVAL:
      set_poll_interval (self, g_value_get_uint (value));
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

  /* Of use where the place is a server that does not tell of changes by itself. */
  properties[PROP_POLL_INTERVAL] =
    g_param_spec_uint ("poll-interval", NULL, NULL, 1, PETS_POLL_INTERVAL_MAX, PETS_POLL_INTERVAL_DEFAULT, writable);

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
  self->poll_interval = PETS_POLL_INTERVAL_DEFAULT;
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

/* Of all its windows: what is done in one of them can be undone in another one. */
TstCheckpoints *
pets_document_get_checkpoints (PetsDocument *self)
{
  return self->checkpoints;
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
  pets_document_update (self);
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
 * Removes pets, and returns the names of those that there were; an empty one for a pet
 * without.
 */
GStrv
pets_document_remove_pets (PetsDocument       *self,
                           const char * const *row_ids)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  tst_store_begin (self->store);
  for (gsize i = 0; row_ids[i] != NULL; i++)
    {
      gboolean named = tst_store_get_cell_type (self->store, PETS_TABLE, row_ids[i], "name") == TST_CELL_TYPE_STRING;
      g_autofree char *name =
        g_strdup (named ? tst_store_get_cell_string (self->store, PETS_TABLE, row_ids[i], "name") : "");

      if (tst_store_remove_row (self->store, PETS_TABLE, row_ids[i]))
        g_strv_builder_add (names, name);
    }
  tst_store_commit (self->store);

  return g_strv_builder_end (names);
}
