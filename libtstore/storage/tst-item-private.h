/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-shared-file-private.h"

G_BEGIN_DECLS

/* One item of a storage in a file of its own. A version of it is known by its
 * tag, the digest of its content; what else is in the file does not count.
 * Blocking; any thread, one call at a time. */
typedef struct _TstItem TstItem;

typedef enum
{
  TST_ITEM_FAILED,
  TST_ITEM_NOTHING,    /* there is no such item */
  TST_ITEM_UNCHANGED,  /* it is the known version */
  TST_ITEM_CONTENT,    /* content, tag */
  TST_ITEM_EMPTY,      /* there is a file of 0 bytes; tag */
  TST_ITEM_DAMAGED     /* it cannot be told; tag, error */
} TstItemResult;

typedef struct
{
  gboolean    any_base;       /* whatever is there is replaced */
  const char *base_tag;       /* (nullable): else: of what is replaced; NULL: nothing */
  gboolean    keep_original;  /* under another name. What is damaged always is */
  GBytes     *content;        /* (nullable): UTF-8; NULL: remove it */
  const char *tag;            /* (nullable): of the content */
} TstItemChange;

/* More is neither read nor written. */
#define TST_ITEM_MAX_SIZE (G_GINT64_CONSTANT (1) << 28)

/* Of a content. */
char               *tst_item_string (GBytes               *content);

TstItem            *tst_item_new    (const char           *path,
                                     const char           *group,
                                     TstSharedFileFlags    flags);
void                tst_item_free   (TstItem              *self);

TstItemResult       tst_item_read   (TstItem              *self,
                                     const char           *known_tag,
                                     GCancellable         *cancellable,
                                     GBytes              **content,
                                     char                **tag,
                                     GError              **error);
/* changed: whether it is not what it was. */
TstFileWriteResult  tst_item_write  (TstItem              *self,
                                     const TstItemChange  *change,
                                     GCancellable         *cancellable,
                                     gboolean             *changed,
                                     GError              **error);

G_END_DECLS
