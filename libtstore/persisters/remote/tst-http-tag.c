/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-http-tag-private.h"

#include <string.h>

/* Longer ones are not taken for tags. */
#define MAX_ETAG 1024

/* Modification times are told in whole seconds, and many a server makes its tags of
 * them. Whoever writes once more in the same second gives another content the same
 * validators; after two seconds, nobody can. */
#define SETTLED_S 2

void
tst_http_tag_clear (TstHttpTag *tag)
{
  g_clear_pointer (&tag->etag, g_free);
  g_clear_pointer (&tag->last_modified, g_free);
  tag->settled = FALSE;
}

void
tst_http_tag_take (TstHttpTag *tag,
                   TstHttpTag *from)
{
  tst_http_tag_clear (tag);
  tag->etag = g_steal_pointer (&from->etag);
  tag->last_modified = g_steal_pointer (&from->last_modified);
  tag->settled = from->settled;
}

/* --- Entity tags --- */

static const char *
skip_weak (const char *etag)
{
  return g_str_has_prefix (etag, "W/") ? etag + 2 : etag;
}

gboolean
tst_http_etag_is_valid (const char *etag)
{
  gsize length = strlen (etag);
  const char *opaque = skip_weak (etag);
  const char *end = etag + length - 1;

  if (length > MAX_ETAG || opaque >= end || *opaque != '"' || *end != '"')
    return FALSE;

  for (const char *c = opaque + 1; c < end; c++)
    if ((guchar) *c < 0x21 || *c == '"' || *c == 0x7f)
      return FALSE;

  return TRUE;
}

gboolean
tst_http_etag_is_strong (const char *etag)
{
  return etag[0] == '"';
}

gboolean
tst_http_etags_match (const char *a,
                      const char *b)
{
  return g_str_equal (skip_weak (a), skip_weak (b));
}

/* --- Reading them --- */

static gboolean
is_settled (SoupMessageHeaders *headers,
            const char         *last_modified)
{
  const char *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr(GDateTime) modified = soup_date_time_new_from_http_string (last_modified);
  g_autoptr(GDateTime) now = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  if (modified == NULL || now == NULL)
    return FALSE;

  return g_date_time_difference (now, modified) >= SETTLED_S * G_TIME_SPAN_SECOND;
}

void
tst_http_tag_read (TstHttpTag         *tag,
                   SoupMessageHeaders *headers)
{
  const char *etag = soup_message_headers_get_one (headers, "ETag");
  const char *last_modified = soup_message_headers_get_one (headers, "Last-Modified");

  tst_http_tag_clear (tag);
  if (etag != NULL && tst_http_etag_is_valid (etag))
    tag->etag = g_strdup (etag);
  tag->last_modified = g_strdup (last_modified);

  if (last_modified != NULL)
    tag->settled = is_settled (headers, last_modified);
  else
    tag->settled = tag->etag != NULL;
}

gboolean
tst_http_tag_is_set (const TstHttpTag *tag)
{
  return tag->etag != NULL || tag->last_modified != NULL;
}

gboolean
tst_http_tag_is_strong (const TstHttpTag *tag)
{
  return tag->etag != NULL && tst_http_etag_is_strong (tag->etag);
}

gboolean
tst_http_tag_proves_same (const TstHttpTag *known,
                          const TstHttpTag *seen)
{
  gboolean same_time = g_strcmp0 (known->last_modified, seen->last_modified) == 0;

  if (known->etag == NULL || seen->etag == NULL)
    return known->etag == seen->etag && known->last_modified != NULL && same_time &&
           known->settled;

  if (!tst_http_etags_match (known->etag, seen->etag))
    return FALSE;

  /* A tag that outlives the time is not made of it. */
  return known->settled || !same_time;
}

gboolean
tst_http_tag_ask_unchanged (const TstHttpTag   *tag,
                            SoupMessageHeaders *headers)
{
  if (!tag->settled)
    return FALSE;

  if (tag->etag != NULL)
    soup_message_headers_replace (headers, "If-None-Match", tag->etag);
  else
    soup_message_headers_replace (headers, "If-Modified-Since", tag->last_modified);

  return TRUE;
}
