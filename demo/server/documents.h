/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DemoDocuments DemoDocuments;

typedef struct
{
  char   *digest;   /* (nullable): of the content; NULL if there is no such document */
  gint64  modified; /* in seconds */
  gsize   size;
} DemoDocument;

#define DEMO_DOCUMENT_INIT { NULL, 0, 0 }

void           demo_document_clear         (DemoDocument   *document);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DemoDocument, demo_document_clear)

DemoDocuments *demo_documents_new          (const char     *folder,
                                            gsize           max_size,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void           demo_documents_free         (DemoDocuments  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoDocuments, demo_documents_free)

const char    *demo_documents_get_folder   (DemoDocuments  *self);
gsize          demo_documents_get_max_size (DemoDocuments  *self);
gboolean       demo_documents_is_name      (const char     *name);

GPtrArray     *demo_documents_list         (DemoDocuments  *self,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       demo_documents_look         (DemoDocuments  *self,
                                            const char     *name,
                                            DemoDocument   *document,
                                            GError        **error);
GBytes        *demo_documents_read         (DemoDocuments  *self,
                                            const char     *name,
                                            DemoDocument   *document,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;
char          *demo_documents_replace      (DemoDocuments  *self,
                                            const char     *name,
                                            GBytes         *content,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       demo_documents_delete       (DemoDocuments  *self,
                                            const char     *name,
                                            GError        **error);

G_END_DECLS
