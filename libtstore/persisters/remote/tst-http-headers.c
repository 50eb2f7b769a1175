/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-http-headers-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* What is shown of what a server calls its status. */
#define MAX_REASON 100

guint
tst_http_parse_retry_after (const char *value,
                            gint64      now)
{
  g_autoptr(GDateTime) date = NULL;
  gint64 seconds;
  char *end;

  if (value == NULL)
    return 0;

  if (g_ascii_isdigit (value[0]))
    {
      seconds = g_ascii_strtoll (value, &end, 10);
      if (*end != '\0')
        return 0;
    }
  else
    {
      date = soup_date_time_new_from_http_string (value);
      if (date == NULL)
        return 0;
      seconds = g_date_time_to_unix (date) - now;
    }

  return CLAMP (seconds, 0, TST_HTTP_MAX_RETRY_AFTER_S);
}

/* --- Links --- */

/* One after the other of: <address>; name=value; name="value", */
typedef struct
{
  const char *at;
} LinkReader;

static void
skip_space (LinkReader *reader)
{
  while (*reader->at == ' ' || *reader->at == '\t')
    reader->at++;
}

static char *
read_address (LinkReader *reader)
{
  const char *start;
  const char *end;

  while (*reader->at == ',' || *reader->at == ' ' || *reader->at == '\t')
    reader->at++;
  if (*reader->at != '<')
    return NULL;

  start = reader->at + 1;
  end = strchr (start, '>');
  if (end == NULL)
    return NULL;

  reader->at = end + 1;

  return g_strndup (start, end - start);
}

static char *
read_value (LinkReader *reader)
{
  GString *value = g_string_new (NULL);

  if (*reader->at != '"')
    {
      gsize length = strcspn (reader->at, ";, \t");

      g_string_append_len (value, reader->at, length);
      reader->at += length;

      return g_string_free (value, FALSE);
    }

  for (reader->at++; *reader->at != '\0' && *reader->at != '"'; reader->at++)
    {
      if (*reader->at == '\\' && reader->at[1] != '\0')
        reader->at++;
      g_string_append_c (value, *reader->at);
    }
  if (*reader->at == '"')
    reader->at++;

  return g_string_free (value, FALSE);
}

static gboolean
read_parameter (LinkReader  *reader,
                char       **name,
                char       **value)
{
  gsize length;

  skip_space (reader);
  if (*reader->at != ';')
    return FALSE;

  reader->at++;
  skip_space (reader);
  length = strcspn (reader->at, "=;, \t");
  *name = g_ascii_strdown (reader->at, length);
  reader->at += length;
  skip_space (reader);

  if (*reader->at == '=')
    {
      reader->at++;
      skip_space (reader);
      *value = read_value (reader);
    }
  else
    {
      *value = g_strdup ("");
    }

  return TRUE;
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_auto(GStrv) all = g_strsplit (words, " ", -1);

  for (guint i = 0; all[i] != NULL; i++)
    if (g_ascii_strcasecmp (all[i], word) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_event_stream (LinkReader *reader)
{
  gboolean alternate = FALSE;
  gboolean stream = FALSE;
  gboolean elsewhere = FALSE;
  char *name;
  char *value;

  while (read_parameter (reader, &name, &value))
    {
      alternate |= g_str_equal (name, "rel") && has_word (value, "alternate");
      stream |= g_str_equal (name, "type") && g_ascii_strcasecmp (value, "text/event-stream") == 0;
      /* Of something else than what was asked for. */
      elsewhere |= g_str_equal (name, "anchor");
      g_free (name);
      g_free (value);
    }

  return alternate && stream && !elsewhere;
}

GUri *
tst_http_find_event_stream (const char *links,
                            GUri       *base)
{
  LinkReader reader = { links };
  char *address;

  while ((address = read_address (&reader)) != NULL)
    {
      g_autofree char *owned = address;
      g_autoptr(GUri) uri = NULL;

      if (!is_event_stream (&reader))
        continue;

      uri = g_uri_parse_relative (base, address, SOUP_HTTP_URI_FLAGS, NULL);
      if (uri != NULL && tst_http_may_follow (base, uri))
        return g_steal_pointer (&uri);
    }

  return NULL;
}

/* --- Addresses --- */

gboolean
tst_http_may_follow (GUri *from,
                     GUri *to)
{
  const char *scheme = g_uri_get_scheme (to);
  const char *host = g_uri_get_host (to);

  if (host == NULL || *host == '\0')
    return FALSE;

  return g_str_equal (scheme, "https") ||
         (g_str_equal (scheme, "http") && g_str_equal (g_uri_get_scheme (from), "http"));
}

char *
tst_http_show_uri (GUri *uri)
{
  return g_uri_to_string_partial (uri, G_URI_HIDE_PASSWORD | G_URI_HIDE_AUTH_PARAMS);
}

/* --- Statuses --- */

/* Which of them leave it open whether something was saved is known to who asked:
 * see is_ambiguous() of the machine. */
static int
error_code (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
      return G_IO_ERROR_PERMISSION_DENIED;
    case SOUP_STATUS_PROXY_UNAUTHORIZED:
      return G_IO_ERROR_PROXY_AUTH_FAILED;
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      return G_IO_ERROR_NOT_FOUND;
    case SOUP_STATUS_REQUEST_TIMEOUT:
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      return G_IO_ERROR_TIMED_OUT;
    case SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE:
      return G_IO_ERROR_MESSAGE_TOO_LARGE;
    case 429: /* too many requests */
      return G_IO_ERROR_BUSY;
    case SOUP_STATUS_INSUFFICIENT_STORAGE:
      return G_IO_ERROR_NO_SPACE;
    default:
      return G_IO_ERROR_FAILED;
    }
}

GError *
tst_http_error_new (GUri       *uri,
                    guint       status,
                    const char *reason)
{
  g_autofree char *shown = tst_http_show_uri (uri);
  g_autofree char *start = g_strndup (reason != NULL ? reason : "", MAX_REASON);
  g_autofree char *text = g_utf8_make_valid (start, -1);

  if (SOUP_STATUS_IS_REDIRECTION (status))
    return g_error_new (G_IO_ERROR, error_code (status),
                        _("%s: the server sends elsewhere (%u %s)"), shown, status, text);

  return g_error_new (G_IO_ERROR, error_code (status),
                      _("%s: the server answered %u %s"), shown, status, text);
}
