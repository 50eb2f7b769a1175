/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-item-private.h"

G_BEGIN_DECLS

/* The items of a storage that is nowhere but in this process. Any thread. */
typedef struct _TstMemory TstMemory;

TstMemory          *tst_memory_new    (void);
TstMemory          *tst_memory_ref    (TstMemory            *self);
void                tst_memory_unref  (TstMemory            *self);

TstItemResult       tst_memory_read   (TstMemory            *self,
                                       const char           *key,
                                       const char           *known_tag,
                                       GBytes              **content,
                                       char                **tag);
TstFileWriteResult  tst_memory_write  (TstMemory            *self,
                                       const char           *key,
                                       const TstItemChange  *change,
                                       gboolean             *changed);
void                tst_memory_list   (TstMemory            *self,
                                       GHashTable           *keys);

G_END_DECLS
