/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool-medium.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool.h"
#include "tool-text.h"

/* --- Names --- */

#define URI_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED)

static char *
dup_shown_name (const char *name)
{
  g_autoptr(GUri) uri = g_uri_parse (name, URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_password (uri) == NULL)
    return g_strdup (name);

  return g_uri_to_string_partial (uri, G_URI_HIDE_PASSWORD);
}

static gboolean
is_address (const char *name)
{
  g_autoptr(GUri) uri = g_uri_parse (name, URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return FALSE;

  return g_str_equal (g_uri_get_scheme (uri), "http") || g_str_equal (g_uri_get_scheme (uri), "https");
}

static TstPersister *
fail_name (const char  *name,
           GError     **error)
{
  g_autofree char *shown = dup_shown_name (name);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no medium"), shown);

  return NULL;
}

/* APP-ID/NAME */
static TstPersister *
open_item (const char  *name,
           const char  *item,
           gboolean     is_local,
           TstStore    *store,
           GError     **error)
{
  const char *slash = strchr (item, '/');
  g_autofree char *app_id = slash != NULL ? g_strndup (item, (gsize) (slash - item)) : NULL;
  g_autoptr(TstStorage) storage = NULL;

  if (slash == NULL || !g_application_id_is_valid (app_id) || !g_utf8_validate (slash, -1, NULL))
    return fail_name (name, error);

  storage = is_local ? tst_storage_get_local (app_id, error)
                     : tst_storage_get_session (app_id, error);
  if (storage == NULL)
    return NULL;

  if (tst_storage_get_folder (storage) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("There is no folder for the session"));
      return NULL;
    }

  if (is_local)
    return tst_local_persister_new (store, storage, slash + 1);

  return tst_session_persister_new (store, storage, slash + 1);
}

static TstPersister *
open_file (const char *path,
           TstStore   *store)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TstPersister *persister = tst_file_persister_new (store, file);

  /* Who writes once has no use for a journal, and who reads the file next may not
   * know of it. */
  tst_file_persister_set_journal_threshold (TST_FILE_PERSISTER (persister), G_MAXUINT64);

  return persister;
}

static TstPersister *
open_persister (const char  *name,
                TstStore    *store,
                GError     **error)
{
  const char *scheme = g_uri_peek_scheme (name);

  if (g_str_has_prefix (name, "local:"))
    return open_item (name, name + strlen ("local:"), TRUE, store, error);
  if (g_str_has_prefix (name, "session:"))
    return open_item (name, name + strlen ("session:"), FALSE, store, error);

  if (*name == '\0')
    return fail_name (name, error);
  if (scheme == NULL || strstr (name, "://") == NULL)
    return open_file (name, store);

  if (!is_address (name))
    return fail_name (name, error);

  return tst_remote_persister_new (store, name, name);
}

/* What is left of this table after loading tells whether anything was there: there is
 * content that is empty, too. */
static char *
put_marker (TstStore *store)
{
  char *marker = g_uuid_string_random ();

  tst_store_set_cell_boolean (store, marker, marker, marker, TRUE, NULL);

  return marker;
}

/* One that can be written to, and followed. */
ToolMedium *
tool_medium_open (const char  *name,
                  GError     **error)
{
  g_autoptr(ToolMedium) self = NULL;

  if (g_str_equal (name, "-"))
    {
      tool_fail_usage (error, _("The standard input can only be read; a file of that name is ./-"));
      return NULL;
    }

  self = g_new0 (ToolMedium, 1);
  self->name = dup_shown_name (name);
  self->store = tst_store_new ();
  self->persister = open_persister (name, self->store, error);
  if (self->persister == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
tool_medium_free (ToolMedium *self)
{
  g_clear_object (&self->persister);
  g_clear_object (&self->store);
  g_free (self->marker);
  g_free (self->name);
  g_free (self);
}

/* Most errors say of what they speak. */
gboolean
tool_medium_fail (ToolMedium  *self,
                  GError     **error)
{
  if (strstr ((*error)->message, self->name) == NULL)
    g_prefix_error (error, "%s: ", self->name);

  return FALSE;
}

/* --- Waiting --- */

static void
take_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **taken = user_data;

  *taken = g_object_ref (result);
}

gboolean
tool_wait (TstPersister    *persister,
           ToolStartFunc    start,
           ToolFinishFunc   finish,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  start (persister, cancellable, take_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return finish (persister, result, error);
}

gboolean
tool_load (TstPersister  *persister,
           GError       **error)
{
  return tool_wait (persister, tst_persister_load_async, tst_persister_load_finish, NULL, error);
}

gboolean
tool_save (TstPersister  *persister,
           GError       **error)
{
  return tool_wait (persister, tst_persister_save_async, tst_persister_save_finish, NULL, error);
}

/* --- Loading and saving --- */

/* A file of no bytes is one that is empty, for those who call mktemp first. */
static gboolean
is_file (ToolMedium *self)
{
  if (!TST_IS_FILE_PERSISTER (self->persister))
    return FALSE;

  return g_file_query_exists (tst_file_persister_get_file (TST_FILE_PERSISTER (self->persister)),
                              NULL);
}

static gboolean
load (ToolMedium  *self,
      GError     **error)
{
  self->marker = put_marker (self->store);
  if (!tool_load (self->persister, error))
    return tool_medium_fail (self, error);

  self->exists = !tst_store_remove_table (self->store, self->marker) || is_file (self);

  return TRUE;
}

static ToolMedium *
read_input (GError **error)
{
  g_autofree char *text = tool_read_text ("-", error);
  g_autoptr(ToolMedium) self = NULL;

  if (text == NULL)
    return NULL;

  self = g_new0 (ToolMedium, 1);
  self->name = g_strdup ("-");
  self->store = tst_store_new ();
  self->exists = TRUE;
  if (!tst_store_set_json (self->store, text, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* What is there has to be. */
ToolMedium *
tool_medium_read (const char  *name,
                  GError     **error)
{
  g_autoptr(ToolMedium) self = NULL;

  if (g_str_equal (name, "-"))
    return read_input (error);

  self = tool_medium_edit (name, error);
  if (self != NULL && !self->exists)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s: There is nothing"),
                   self->name);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* What is not there may be made. */
ToolMedium *
tool_medium_edit (const char  *name,
                  GError     **error)
{
  g_autoptr(ToolMedium) self = tool_medium_open (name, error);

  if (self == NULL || !load (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
tool_copy_content (TstStore  *from,
                   TstStore  *to,
                   GError   **error)
{
  g_autofree char *json = tst_store_get_json (from);

  return tst_store_set_json (to, json, error);
}

static const char *
describe (TstConflictKind kind)
{
  switch (kind)
    {
    case TST_CONFLICT_KEPT:
      return _("Changed on both sides; ours was kept");
    case TST_CONFLICT_TAKEN:
      return _("Removed by us, changed by others; theirs was taken");
    case TST_CONFLICT_ROW_KEPT:
      return _("Changed by us, removed by others; it was kept");
    case TST_CONFLICT_ROW_TAKEN:
      return _("Removed by us, changed by others; it came back");
    case TST_CONFLICT_ROW_MOVED:
    default:
      return _("Added on both sides; ours got another id");
    }
}

void
tool_tell_conflict (TstConflict *conflict)
{
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      g_autofree char *ids = tool_quote_ids (tst_conflict_get_table_id (conflict, i),
                                             tst_conflict_get_row_id (conflict, i),
                                             tst_conflict_get_cell_id (conflict, i));

      g_printerr ("%s: %s\n", ids, describe (tst_conflict_get_kind (conflict, i)));
    }
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             gpointer      user_data)
{
  ToolMedium *self = user_data;

  self->conflicted = TRUE;
  tool_tell_conflict (conflict);
}

/* What others have written since it was loaded is merged. Where nothing is to be
 * changed, what somebody else has laid out in another way stays as it is. */
gboolean
tool_medium_save (ToolMedium  *self,
                  GError     **error)
{
  if (self->exists && !tst_persister_get_dirty (self->persister))
    return TRUE;

  g_signal_connect (self->persister, "conflict", G_CALLBACK (conflict_cb), self);

  if (tool_save (self->persister, error))
    return TRUE;

  return tool_medium_fail (self, error);
}
