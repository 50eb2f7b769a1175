/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-commands.h"

#include <glib/gi18n.h>

#include "pets-column.h"
#include "pets-document.h"
#include "pets-list.h"
#include "pets-settings.h"

/* What scripts do with pets. Needs no display, and prints plain text. Each command is
 * done as a whole or not at all. */

#define EXIT_FAILED 1
#define EXIT_USAGE 2

typedef struct
{
  TstStore     *store;
  TstPersister *persister;
  GMainLoop    *loop;
  GError       *error;    /* (nullable): of what was waited for */
} Commands;

static void
commands_clear (Commands *self)
{
  g_clear_object (&self->persister);
  g_clear_object (&self->store);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Commands, commands_clear)

/* --- Where --- */

static gboolean
fail_usage (GError     **error,
            const char  *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);

  return FALSE;
}

/* A file is named by an option or by itself. */
static guint
find_file (GVariantDict  *options,
           GFile        **file)
{
  g_auto(GStrv) names = NULL;
  g_autofree char *name = NULL;
  guint n = 0;

  if (g_variant_dict_lookup (options, "file", "^ay", &name))
    {
      *file = g_file_new_for_commandline_arg (name);
      n++;
    }

  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^aay", &names))
    {
      if (n == 0 && names[0] != NULL)
        *file = g_file_new_for_commandline_arg (names[0]);
      n += g_strv_length (names);
    }

  return n;
}

/**
 * pets_commands_get_place:
 *
 * Finds the place that the options name; @place is `NULL` if they name none. To name
 * several ones is an error.
 */
gboolean
pets_commands_get_place (GVariantDict  *options,
                         PetsPlace    **place,
                         GError       **error)
{
  g_autoptr(GFile) file = NULL;
  gboolean is_local = g_variant_dict_contains (options, "local");
  gboolean is_session = g_variant_dict_contains (options, "session");
  g_autofree char *uri = NULL;
  gboolean is_remote = g_variant_dict_lookup (options, "url", "s", &uri);

  if (find_file (options, &file) + is_local + is_session + is_remote > 1)
    return fail_usage (error, _("Only one place can be named"));

  if (is_remote)
    {
      g_autoptr(GError) uri_error = NULL;

      *place = pets_place_new_for_uri (uri, &uri_error);

      return *place != NULL || fail_usage (error, uri_error->message);
    }

  if (file != NULL)
    *place = pets_place_new_for_file (file);
  else if (is_local)
    *place = pets_place_new_local ();
  else
    *place = is_session ? pets_place_new_session () : NULL;

  return TRUE;
}

/* --- Loading and saving --- */

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Commands *self = user_data;

  tst_persister_start_auto_load_finish (TST_PERSISTER (object), result, &self->error);
  tst_persister_stop_auto_load (TST_PERSISTER (object));
  g_main_loop_quit (self->loop);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Commands *self = user_data;

  tst_persister_save_finish (TST_PERSISTER (object), result, &self->error);
  g_main_loop_quit (self->loop);
}

static gboolean
run_loop (Commands  *self,
          GError   **error)
{
  g_main_loop_run (self->loop);

  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));

  return FALSE;
}

/* Where no place was named, scripts find what the window shows: the sample, too. */
static gboolean
load (Commands   *self,
      PetsPlace  *named,
      GError    **error)
{
  g_autoptr(PetsSettings) settings = named == NULL ? pets_settings_new () : NULL;
  g_autoptr(PetsPlace) place = named != NULL ? g_object_ref (named) : pets_settings_get_place (settings);
  g_autofree char *default_json = named == NULL ? pets_document_get_default_json (place) : NULL;

  self->loop = g_main_loop_new (NULL, FALSE);
  self->store = tst_store_new ();
  self->persister = pets_place_make_persister (place, self->store);
  tst_persister_start_auto_load_async (self->persister, default_json, NULL, loaded_cb, self);

  return run_loop (self, error);
}

static gboolean
save (Commands  *self,
      GError   **error)
{
  tst_persister_save_async (self->persister, NULL, saved_cb, self);

  return run_loop (self, error);
}

/* To load from where nothing is yet is no error; to look for something there is one. */
static gboolean
check_file (PetsPlace  *place,
            GError    **error)
{
  GFile *file = place != NULL ? pets_place_get_file (place) : NULL;
  g_autofree char *name = NULL;

  if (file == NULL || g_file_query_exists (file, NULL))
    return TRUE;

  name = g_file_get_parse_name (file);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no file %s"), name);

  return FALSE;
}

/* --- The commands --- */

static gboolean
write_fields (TstStore    *store,
              const char  *row_id,
              char       **fields,
              GError     **error)
{
  g_autoptr(TstRow) row = tst_row_new (store, PETS_TABLE, row_id);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (i == n_columns || columns[i].kind == PETS_KIND_CHECK)
        return fail_usage (error, _("A pet has not so many fields"));

      if (!pets_column_write (&columns[i], row, fields[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_pet (TstStore    *store,
         const char  *text,
         GPtrArray   *added,
         GError     **error)
{
  g_auto(GStrv) fields = g_strsplit (text, ",", -1);
  GVariantDict row;
  char *row_id;

  if (fields[0] == NULL || *fields[0] == '\0')
    return fail_usage (error, _("A pet needs a name"));

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "name", "s", fields[0]);
  g_variant_dict_insert (&row, "sold", "b", FALSE);
  row_id = tst_store_add_row (store, PETS_TABLE, g_variant_dict_end (&row), TST_ADD_ROW_UNIQUE, error);
  if (row_id == NULL)
    return FALSE;

  g_ptr_array_add (added, row_id);

  return write_fields (store, row_id, fields, error);
}

static gboolean
remove_pet (TstStore    *store,
            const char  *row_id,
            GError     **error)
{
  if (tst_store_remove_row (store, PETS_TABLE, row_id))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no pet %s"), row_id);

  return FALSE;
}

static gboolean
change (Commands   *self,
        char      **to_add,
        char      **to_remove,
        GError    **error)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; to_remove != NULL && to_remove[i] != NULL; i++)
    if (!remove_pet (self->store, to_remove[i], error))
      return FALSE;

  for (gsize i = 0; to_add != NULL && to_add[i] != NULL; i++)
    if (!add_pet (self->store, to_add[i], added, error))
      return FALSE;

  if (!save (self, error))
    return FALSE;

  /* So that a script knows what it may remove. */
  for (guint i = 0; i < added->len; i++)
    g_print ("%s\n", (const char *) g_ptr_array_index (added, i));

  return TRUE;
}

static gboolean
run (GVariantDict  *options,
     GError       **error)
{
  g_auto(Commands) self = { NULL, NULL, NULL, NULL };
  g_autoptr(PetsPlace) place = NULL;
  g_auto(GStrv) to_add = NULL;
  g_auto(GStrv) to_remove = NULL;

  g_variant_dict_lookup (options, "add", "^as", &to_add);
  g_variant_dict_lookup (options, "remove", "^as", &to_remove);

  if (!pets_commands_get_place (options, &place, error) ||
      (to_add == NULL && !check_file (place, error)) ||
      !load (&self, place, error))
    return FALSE;

  if ((to_add != NULL || to_remove != NULL) && !change (&self, to_add, to_remove, error))
    return FALSE;

  if (g_variant_dict_contains (options, "list"))
    pets_list_print (self.store, g_variant_dict_contains (options, "ids"));

  return TRUE;
}

gboolean
pets_commands_are_wanted (GVariantDict *options)
{
  return g_variant_dict_contains (options, "list") || g_variant_dict_contains (options, "add") ||
         g_variant_dict_contains (options, "remove");
}

/**
 * pets_commands_run:
 *
 * Does what the options want, and returns the exit code: 0, 1 if it failed, 2 if the
 * options do not make sense.
 */
int
pets_commands_run (GVariantDict *options)
{
  g_autoptr(GError) error = NULL;

  if (run (options, &error))
    return 0;

  g_printerr ("%s: %s\n", g_get_prgname (), error->message);

  return error->domain == G_OPTION_ERROR ? EXIT_USAGE : EXIT_FAILED;
}
