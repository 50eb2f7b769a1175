/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "recorder.h"

G_BEGIN_DECLS

typedef struct
{
  Recorder   *recorder;
  EventKind   kind;
  guint       who;
  guint       rank;      /* how general it is; signals come last */
  gboolean    is_signal;
  gboolean    is_mutator;
  gulong      handle;
  const char *table_id;
  const char *row_id;
  const char *cell_id;
} RecorderListener;

#define RECORDER_RANK_SIGNAL 8

static inline guint64
recorder_mix (guint64 hash)
{
  hash ^= hash >> 33;
  hash *= G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash ^= hash >> 33;

  return hash;
}

GArray *recorder_take_changes (TstChanges *changes);

G_END_DECLS
