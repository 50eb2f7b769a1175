/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* What tells that a file was changed. */
typedef struct
{
  guint64 device;
  guint64 inode;
  gint64  size;
  gint64  changed;  /* in nanoseconds, as the next */
  gint64  modified;
} DemoStamp;

typedef struct _DemoKnown DemoKnown;

void        demo_stamp_init     (DemoStamp         *stamp,
                                 const struct stat *st);
gboolean    demo_stamp_equal    (const DemoStamp   *a,
                                 const DemoStamp   *b);

DemoKnown  *demo_known_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void        demo_known_free     (DemoKnown         *self);
const char *demo_known_find     (DemoKnown         *self,
                                 const char        *name,
                                 const DemoStamp   *stamp);
void        demo_known_remember (DemoKnown         *self,
                                 const char        *name,
                                 const DemoStamp   *stamp,
                                 gint64             read_at,
                                 const char        *digest);
void        demo_known_forget   (DemoKnown         *self,
                                 const char        *name);

G_END_DECLS
