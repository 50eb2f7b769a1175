/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "conditions.h"

#include <string.h>

/* --- Entity tags: RFC 9110, 8.8.3 --- */

typedef struct
{
  const char *opaque; /* what is between the quotes */
  gsize       length;
  gboolean    weak;
} Tag;

static const char *
skip_space (const char *text)
{
  return text + strspn (text, " \t");
}

/* Returns what is behind the tag, or NULL if there is none. */
static const char *
read_tag (const char *text,
          Tag        *tag)
{
  const char *end;

  tag->weak = strncmp (text, "W/", 2) == 0;
  if (tag->weak)
    text += 2;

  if (*text != '"')
    return NULL;

  tag->opaque = text + 1;
  end = strchr (tag->opaque, '"');
  if (end == NULL)
    return NULL;

  tag->length = end - tag->opaque;

  return end + 1;
}

/* What was given out with the plain form and with the compressed one stands for
 * the same content, so either is right, whichever of them was asked for now. */
static gboolean
is_tag_of (const Tag  *tag,
           const char *digest)
{
  gsize length = strlen (digest);

  if (tag->length < length || memcmp (tag->opaque, digest, length) != 0)
    return FALSE;

  return tag->length == length ||
         (tag->length == length + strlen (DEMO_GZIP_SUFFIX) &&
          memcmp (tag->opaque + length, DEMO_GZIP_SUFFIX, strlen (DEMO_GZIP_SUFFIX)) == 0);
}

/* Returns FALSE if it is not a list of tags. */
static gboolean
find_in_list (const char *list,
              const char *digest,
              gboolean    weakly,
              gboolean   *found)
{
  gboolean is_first = TRUE;
  Tag tag;

  *found = FALSE;

  list = skip_space (list);
  if (*list == '*')
    {
      *found = digest != NULL;
      return *skip_space (list + 1) == '\0';
    }

  while (*list != '\0')
    {
      if (*list == ',')
        {
          list = skip_space (list + 1);
          is_first = TRUE;
          continue;
        }

      list = is_first ? read_tag (list, &tag) : NULL;
      if (list == NULL)
        return FALSE;

      if (digest != NULL && (weakly || !tag.weak) && is_tag_of (&tag, digest))
        *found = TRUE;

      list = skip_space (list);
      is_first = FALSE;
    }

  return TRUE;
}

/* --- Conditions: RFC 9110, 13.2.2 --- */

/* A date that cannot be read is to be ignored. */
static gboolean
is_date (const char *text,
         gint64     *date)
{
  g_autoptr(GDateTime) parsed = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (parsed != NULL)
    *date = g_date_time_to_unix (parsed);

  return parsed != NULL;
}

static guint
check_match (SoupMessageHeaders *request,
             const char         *digest,
             gint64              modified)
{
  const char *list = soup_message_headers_get_list (request, "If-Match");
  const char *text = soup_message_headers_get_one (request, "If-Unmodified-Since");
  gint64 date;
  gboolean found;

  if (list != NULL)
    {
      /* Strongly: a weak tag never matches. */
      if (!find_in_list (list, digest, FALSE, &found))
        return SOUP_STATUS_BAD_REQUEST;

      return found ? SOUP_STATUS_NONE : SOUP_STATUS_PRECONDITION_FAILED;
    }

  if (digest != NULL && is_date (text, &date) && modified > date)
    return SOUP_STATUS_PRECONDITION_FAILED;

  return SOUP_STATUS_NONE;
}

static guint
check_none_match (SoupMessageHeaders *request,
                  gboolean            is_read,
                  const char         *digest,
                  gint64              modified)
{
  const char *list = soup_message_headers_get_list (request, "If-None-Match");
  const char *text = soup_message_headers_get_one (request, "If-Modified-Since");
  gint64 date;
  gboolean found;

  if (list != NULL)
    {
      if (!find_in_list (list, digest, TRUE, &found))
        return SOUP_STATUS_BAD_REQUEST;

      if (!found)
        return SOUP_STATUS_NONE;

      return is_read ? SOUP_STATUS_NOT_MODIFIED : SOUP_STATUS_PRECONDITION_FAILED;
    }

  if (is_read && digest != NULL && is_date (text, &date) && modified <= date)
    return SOUP_STATUS_NOT_MODIFIED;

  return SOUP_STATUS_NONE;
}

/*
 * demo_conditions_check:
 * @request: what was asked
 * @is_read: whether it is GET or HEAD
 * @digest: (nullable): the digest of the document, or NULL if there is none
 * @modified: when it was modified, in seconds
 *
 * Returns: SOUP_STATUS_NONE to go on, or else what to answer
 */
guint
demo_conditions_check (SoupMessageHeaders *request,
                       gboolean            is_read,
                       const char         *digest,
                       gint64              modified)
{
  guint status = check_match (request, digest, modified);

  if (status != SOUP_STATUS_NONE)
    return status;

  return check_none_match (request, is_read, digest, modified);
}
