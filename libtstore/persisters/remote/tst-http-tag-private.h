/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What a response says of the version that it is about: its validators. Pure
 * functions, which hold for any server. */
typedef struct
{
  char     *etag;           /* (nullable): as in the header, with `W/` if it is weak */
  char     *last_modified;  /* (nullable) */
  gboolean  settled;        /* nothing else can get the same validators any more */
} TstHttpTag;

void      tst_http_tag_clear          (TstHttpTag          *tag);
/* Takes over what @from holds. */
void      tst_http_tag_take           (TstHttpTag          *tag,
                                       TstHttpTag          *from);
/* Replaces what is in @tag. */
void      tst_http_tag_read           (TstHttpTag          *tag,
                                       SoupMessageHeaders  *headers);
gboolean  tst_http_tag_is_set         (const TstHttpTag    *tag);
/* Whether it can be a precondition of replacing that version. */
gboolean  tst_http_tag_is_strong      (const TstHttpTag    *tag);
/* Whether @seen is certainly the version that @known was read with. */
gboolean  tst_http_tag_proves_same    (const TstHttpTag    *known,
                                       const TstHttpTag    *seen);
/* Has the server answer with 304 if it still holds that version, if its word can be
 * taken for it. Returns whether it was asked so. */
gboolean  tst_http_tag_ask_unchanged  (const TstHttpTag    *tag,
                                       SoupMessageHeaders  *headers);

gboolean  tst_http_etag_is_valid      (const char          *etag);
gboolean  tst_http_etag_is_strong     (const char          *etag);
/* Comparison for saying that nothing has changed: weak tags count as well. */
gboolean  tst_http_etags_match        (const char          *a,
                                       const char          *b);

G_END_DECLS
