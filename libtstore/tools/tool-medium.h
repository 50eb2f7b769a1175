/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

typedef struct
{
  char         *name;       /* as it is shown: without a password */
  TstStore     *store;
  TstPersister *persister;  /* (nullable): NULL for the standard input */
  char         *marker;     /* (nullable): a table that is there until anything is loaded */
  gboolean      exists;     /* known once it is loaded */
  gboolean      conflicted; /* when it was saved */
} ToolMedium;

typedef void     (*ToolStartFunc)  (TstPersister         *persister,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
typedef gboolean (*ToolFinishFunc) (TstPersister         *persister,
                                    GAsyncResult         *result,
                                    GError              **error);

ToolMedium *tool_medium_open      (const char     *name,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;
ToolMedium *tool_medium_read      (const char     *name,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;
ToolMedium *tool_medium_edit      (const char     *name,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    tool_medium_save      (ToolMedium     *self,
                                   GError        **error);
gboolean    tool_medium_fail      (ToolMedium     *self,
                                   GError        **error);
void        tool_medium_free      (ToolMedium     *self);

gboolean    tool_wait             (TstPersister   *persister,
                                   ToolStartFunc   start,
                                   ToolFinishFunc  finish,
                                   GCancellable   *cancellable,
                                   GError        **error);
gboolean    tool_load             (TstPersister   *persister,
                                   GError        **error);
gboolean    tool_save             (TstPersister   *persister,
                                   GError        **error);
void        tool_tell_conflict    (TstConflict    *conflict);
gboolean    tool_copy_content     (TstStore       *from,
                                   TstStore       *to,
                                   GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolMedium, tool_medium_free)

G_END_DECLS
