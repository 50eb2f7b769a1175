/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib/gi18n.h>

#include "tool-changes.h"
#include "tool-medium.h"
#include "tool-text.h"

/* diff and merge */

/* --- diff --- */

static TstChanges *
compare (TstStore  *before,
         TstStore  *after,
         GError   **error)
{
  g_autoptr(TstStore) store = tst_store_new ();
  TstChanges *changes = NULL;

  if (!tool_copy_content (before, store, error))
    return NULL;

  tst_store_begin (store);
  if (tool_copy_content (after, store, error))
    changes = tst_store_get_changes (store);
  tst_store_commit (store);

  return changes;
}

static void
print_json (TstChanges *changes)
{
  g_autofree char *json = tst_changes_to_json (changes);

  tool_print_document (json, FALSE);
}

gboolean
tool_run_diff (ToolCall  *call,
               GError   **error)
{
  g_autoptr(ToolMedium) before = tool_medium_read (call->args[0], error);
  g_autoptr(ToolMedium) after = before != NULL ? tool_medium_read (call->args[1], error) : NULL;
  g_autoptr(TstChanges) changes = NULL;

  if (after == NULL)
    return FALSE;

  changes = compare (before->store, after->store, error);
  if (changes == NULL)
    return FALSE;

  if (call->json)
    print_json (changes);
  else
    tool_print_changes (changes, before->store, after->store);

  if (!tst_changes_is_empty (changes))
    call->answer = TOOL_NO;

  return TRUE;
}

/* --- merge --- */

/* A medium that has moved on, from the base to theirs, when ours is saved: so it is
 * merged by the rules by which persisters merge. */
typedef struct
{
  char       *held;
  const char *tag;
  ToolCall   *call;
} Middle;

static gboolean
read_cb (TstPersister  *persister,
         TstRequest    *request,
         gpointer       user_data,
         GError       **error)
{
  const Middle *middle = user_data;

  tst_request_return_json (request, middle->held, middle->tag);

  return TRUE;
}

static gboolean
write_cb (TstPersister  *persister,
          TstRequest    *request,
          gpointer       user_data,
          GError       **error)
{
  const Middle *middle = user_data;

  if (g_strcmp0 (tst_request_get_base_tag (request), middle->tag) == 0)
    tst_request_return_saved (request, "merged");
  else
    tst_request_return_conflict (request);

  return TRUE;
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             gpointer      user_data)
{
  const Middle *middle = user_data;

  tool_tell_conflict (conflict);
  middle->call->answer = TOOL_NO;
}

static void
hold (Middle     *middle,
      TstStore   *store,
      const char *tag)
{
  g_free (middle->held);
  middle->held = tst_store_get_json (store);
  middle->tag = tag;
}

/* Returns a store with what becomes of it. */
static TstStore *
merge (ToolCall  *call,
       TstStore  *base,
       TstStore  *ours,
       TstStore  *theirs,
       GError   **error)
{
  Middle middle = { NULL, NULL, call };
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = tst_custom_persister_new (store);
  gboolean merged;

  tst_custom_persister_set_read_func (TST_CUSTOM_PERSISTER (persister), read_cb, &middle, NULL);
  tst_custom_persister_set_write_func (TST_CUSTOM_PERSISTER (persister), write_cb, &middle, NULL);
  g_signal_connect (persister, "conflict", G_CALLBACK (conflict_cb), &middle);

  hold (&middle, base, "base");
  merged = tool_load (persister, error) && tool_copy_content (ours, store, error);
  hold (&middle, theirs, "theirs");
  merged = merged && tool_save (persister, error);

  g_clear_object (&persister);
  g_free (middle.held);

  return merged ? g_steal_pointer (&store) : NULL;
}

static ToolMedium *
read_base (const ToolCall  *call,
           GError         **error)
{
  ToolMedium *empty;

  if (call->base != NULL)
    return tool_medium_read (call->base, error);

  empty = g_new0 (ToolMedium, 1);
  empty->store = tst_store_new ();

  return empty;
}

/* In the order of git's merge drivers: tstore merge --base %O %A %B */
gboolean
tool_run_merge (ToolCall  *call,
                GError   **error)
{
  g_autoptr(ToolMedium) base = NULL;
  g_autoptr(ToolMedium) ours = NULL;
  g_autoptr(ToolMedium) theirs = NULL;
  g_autoptr(TstStore) store = NULL;
  g_autofree char *json = NULL;

  if (g_str_equal (call->args[0], "-") && !call->to_stdout)
    return tool_fail_usage (error, _("The standard input cannot be written to: use --stdout"));

  base = read_base (call, error);
  ours = base != NULL ? tool_medium_read (call->args[0], error) : NULL;
  theirs = ours != NULL ? tool_medium_read (call->args[1], error) : NULL;
  if (theirs == NULL)
    return FALSE;

  store = merge (call, base->store, ours->store, theirs->store, error);
  if (store == NULL)
    return FALSE;

  if (call->to_stdout)
    {
      json = tst_store_get_json (store);
      tool_print_document (json, call->pretty);
      return TRUE;
    }

  if (!tool_copy_content (store, ours->store, error) || !tool_medium_save (ours, error))
    return FALSE;

  /* With what somebody else has written there meanwhile. */
  if (ours->conflicted)
    call->answer = TOOL_NO;

  return TRUE;
}
