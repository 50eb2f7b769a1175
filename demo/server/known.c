/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "known.h"

#include <string.h>

/* The digests of files that have not been changed since they were read. */

/* A file that was changed so short a time before it was read may be changed again without
 * any other time or size: the system's clock of file times ticks every few milliseconds. */
#define TICK (100 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  DemoStamp  stamp;
  char      *digest;
} Entry;

struct _DemoKnown
{
  GHashTable *entries; /* name → Entry */
};

static gint64
to_nanoseconds (const struct timespec *time)
{
  return time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

void
demo_stamp_init (DemoStamp         *stamp,
                 const struct stat *st)
{
  memset (stamp, 0, sizeof *stamp);
  stamp->device = st->st_dev;
  stamp->inode = st->st_ino;
  stamp->size = st->st_size;
  stamp->changed = to_nanoseconds (&st->st_ctim);
  stamp->modified = to_nanoseconds (&st->st_mtim);
}

gboolean
demo_stamp_equal (const DemoStamp *a,
                  const DemoStamp *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->digest);
  g_free (entry);
}

DemoKnown *
demo_known_new (void)
{
  DemoKnown *self = g_new (DemoKnown, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);

  return self;
}

void
demo_known_free (DemoKnown *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

/*
 * demo_known_find:
 * @self: what is known
 * @name: the name of a file
 * @stamp: the stamp of the file now
 *
 * Returns: (nullable): its digest, or NULL if it has to be read
 */
const char *
demo_known_find (DemoKnown       *self,
                 const char      *name,
                 const DemoStamp *stamp)
{
  Entry *entry = g_hash_table_lookup (self->entries, name);

  return entry != NULL && demo_stamp_equal (&entry->stamp, stamp) ? entry->digest : NULL;
}

/*
 * demo_known_remember:
 * @self: what is known
 * @name: the name of a file
 * @stamp: its stamp, before and after it was read
 * @read_at: when reading it began, as g_get_real_time() tells it
 * @digest: what was found
 *
 * Remembers the digest, if the stamp is certain to change with the file.
 */
void
demo_known_remember (DemoKnown       *self,
                     const char      *name,
                     const DemoStamp *stamp,
                     gint64           read_at,
                     const char      *digest)
{
  Entry *entry;

  if (stamp->changed / 1000 + TICK > read_at)
    return;

  entry = g_new (Entry, 1);
  entry->stamp = *stamp;
  entry->digest = g_strdup (digest);
  g_hash_table_replace (self->entries, g_strdup (name), entry);
}

void
demo_known_forget (DemoKnown  *self,
                   const char *name)
{
  g_hash_table_remove (self->entries, name);
}
