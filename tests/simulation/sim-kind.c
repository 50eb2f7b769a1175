/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-digest-private.h"

/* How long a medium takes no tag for the one of a new version, and a cache may
 * still have the old one. */
#define WEAK_TIME G_USEC_PER_SEC
#define STALE_TIME G_USEC_PER_SEC

/* No more of cells and values together. */
#define MAX_SIZE 8

/* --- Versions --- */

void
sim_version_free (gpointer data)
{
  SimVersion *version = data;

  g_clear_pointer (&version->text, g_bytes_unref);
  g_clear_pointer (&version->content, g_hash_table_unref);
  g_free (version->tag);
  g_free (version);
}

static SimVersion *
get_version (SimMedium *self,
             guint      age)
{
  return age < self->past->len ? g_ptr_array_index (self->past, self->past->len - 1 - age) : NULL;
}

static gboolean
is_new (SimMedium *self,
        guint      age,
        gint64     time)
{
  SimVersion *version = get_version (self, age);

  return version != NULL && sim_system_get_time () - version->since < time;
}

gboolean
sim_medium_has_digests (SimMedium *self)
{
  return self->sim->world.digests || self->kind == SIM_KIND_SECONDS;
}

gboolean
sim_medium_is_checking (SimMedium *self)
{
  return self->kind != SIM_KIND_BLIND;
}

gboolean
sim_medium_is_exact (SimMedium *self)
{
  return self->kind == SIM_KIND_EXACT || self->kind == SIM_KIND_WEAK;
}

gboolean
sim_medium_is_weak (SimMedium *self)
{
  return self->kind == SIM_KIND_WEAK && self->text != NULL && is_new (self, 0, WEAK_TIME);
}

char *
sim_medium_get_tag (SimMedium *self)
{
  if (self->text == NULL)
    return NULL;
  if (sim_medium_has_digests (self))
    return tst_digest (self->text);

  return g_strdup_printf ("%sv%u", sim_medium_is_weak (self) ? "W/" : "", self->version);
}

SimVersion *
sim_medium_look (SimMedium *self,
                 guint      b)
{
  SimVersion *version = get_version (self, 0);
  guint age = 0;

  g_free (version->tag);
  version->tag = sim_medium_get_tag (self);

  /* A cache has the stamps with the content, so that a poll sees what a read does. */
  if (!self->sim->world.stale || self->sim->calm || self->kind == SIM_KIND_SECONDS)
    return version;

  while (b / 128 % 4 > age && is_new (self, age, STALE_TIME) && get_version (self, age + 1) != NULL)
    age++;

  return get_version (self, age);
}

static const char *
get_strong (const char *tag)
{
  return tag != NULL && g_str_has_prefix (tag, "W/") ? tag + 2 : tag;
}

gboolean
sim_tag_is_same (const char *tag,
                 const char *other)
{
  return g_strcmp0 (get_strong (tag), get_strong (other)) == 0;
}

SimVersion *
sim_medium_find (SimMedium  *self,
                 const char *tag)
{
  for (guint age = 0; tag != NULL && age < self->past->len; age++)
    {
      SimVersion *version = get_version (self, age);

      if (sim_tag_is_same (version->tag, tag))
        return version;
    }

  return NULL;
}

/* As one that takes no more than so much, and one that does not like something. */
gboolean
sim_medium_is_refusing (SimMedium  *self,
                        SimRequest *request)
{
  g_autoptr(SimContent) content = NULL;

  if (!self->refuses || !request->is_write)
    return FALSE;

  content = sim_content_new (request->text);

  return g_hash_table_size (content) > MAX_SIZE || g_hash_table_size (content) % 4 == 3;
}

/* --- News --- */

static gboolean
is_current (SimMedium  *self,
            const char *tag)
{
  g_autofree char *current = sim_medium_get_tag (self);

  return sim_tag_is_same (current, tag);
}

static void
tell (SimPeer    *self,
      const char *tag)
{
  sim_log (self->sim, "peer %u hears of %s", self->number, tag != NULL ? tag : "something");
  if (tag == NULL || is_current (self->medium, tag))
    self->told = self->medium->version;
  tst_persister_notify_changed (self->persister, tag);
}

gboolean
sim_peer_poll (SimPeer *self)
{
  SimMedium *medium = self->medium;
  SimVersion *version = get_version (medium, 0);
  gint64 second = version->since / G_USEC_PER_SEC;
  gint64 stamp = medium->text != NULL ? second : -1; /* the sizes are all the same */
  gboolean new;

  if (medium->kind != SIM_KIND_SECONDS || self->persister == NULL || !self->listening)
    return FALSE;

  /* What was as new as that when it was seen says nothing: more may have come in
   * the same second. */
  new = stamp != self->stamp || !self->stamp_tells;
  self->stamp = stamp;
  self->stamp_tells = sim_system_get_time () / G_USEC_PER_SEC > second;
  if (new)
    tell (self, NULL);

  return new;
}

gboolean
sim_peer_news (SimPeer *self)
{
  if (self->persister == NULL || !self->listening || !self->news ||
      self->medium->kind == SIM_KIND_SECONDS)
    return FALSE;

  self->news = FALSE;
  if (sim_medium_has_digests (self->medium) || self->sim->world.news == SIM_NEWS_POLLED)
    tell (self, NULL);
  else
    tell (self, self->news_tag);

  return TRUE;
}

/* Of what was, once more, or not at all. */
static void
hear_unreliably (SimPeer *self,
                 guint    a)
{
  SimVersion *version = get_version (self->medium, a / 4 % 4);

  if (a % 4 == 0)
    self->news = FALSE;
  else if (a % 4 == 1 && version != NULL)
    tell (self, sim_medium_has_digests (self->medium) ? NULL : version->tag);
  else if (a % 4 == 2)
    self->news = sim_peer_news (self);
  else
    sim_peer_news (self);
}

void
sim_peer_hear (SimPeer *self,
               guint    a)
{
  if (self->persister == NULL || !self->listening)
    return;

  if (self->medium->kind == SIM_KIND_SECONDS)
    {
      sim_peer_poll (self);
      return;
    }

  if (self->sim->world.news == SIM_NEWS_UNRELIABLE)
    {
      hear_unreliably (self, a);
      return;
    }

  self->news |= a % 8 == 0;
  if (self->sim->world.news == SIM_NEWS_TOLD || a % 4 == 0)
    sim_peer_news (self);
}
