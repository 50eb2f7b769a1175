/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-event-parser-private.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

/* More digits are no time that anybody means. */
#define MAX_RETRY_DIGITS 9

struct _TstEventParser
{
  TstEventFunc  func;
  gpointer      user_data;

  GString      *line;      /* so far, without its end */
  gboolean      after_cr;  /* a LF that comes next belongs to the CR before it */
  gboolean      started;   /* there was a line: no byte order mark any more */
  gboolean      failed;

  GString      *type;
  GString      *data;
  gboolean      has_data;
  gint64        retry;
};

TstEventParser *
tst_event_parser_new (TstEventFunc func,
                      gpointer     user_data)
{
  TstEventParser *self = g_new0 (TstEventParser, 1);

  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->type = g_string_new (NULL);
  self->data = g_string_new (NULL);
  self->retry = -1;

  return self;
}

void
tst_event_parser_free (TstEventParser *self)
{
  g_string_free (self->line, TRUE);
  g_string_free (self->type, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self);
}

gint64
tst_event_parser_get_retry (TstEventParser *self)
{
  return self->retry;
}

static void
dispatch (TstEventParser *self)
{
  /* Text that is not UTF-8, or has a NUL in it, is no event of ours. */
  if (self->has_data && g_utf8_validate (self->data->str, self->data->len, NULL) &&
      g_utf8_validate (self->type->str, self->type->len, NULL))
    self->func (self->type->len > 0 ? self->type->str : "message", self->data->str, self->user_data);

  g_string_truncate (self->type, 0);
  g_string_truncate (self->data, 0);
  self->has_data = FALSE;
}

static void
set_retry (TstEventParser *self,
           const char     *value,
           gsize           length)
{
  if (length == 0 || length > MAX_RETRY_DIGITS || strspn (value, "0123456789") != length)
    return;

  self->retry = g_ascii_strtoll (value, NULL, 10);
}

static void
set_field (TstEventParser *self,
           const char     *name,
           gsize           name_length,
           const char     *value,
           gsize           length)
{
  if (name_length == strlen ("data") && memcmp (name, "data", name_length) == 0)
    {
      if (self->has_data)
        g_string_append_c (self->data, '\n');
      g_string_append_len (self->data, value, length);
      self->has_data = TRUE;
    }
  else if (name_length == strlen ("event") && memcmp (name, "event", name_length) == 0)
    {
      g_string_truncate (self->type, 0);
      g_string_append_len (self->type, value, length);
    }
  else if (name_length == strlen ("retry") && memcmp (name, "retry", name_length) == 0)
    {
      set_retry (self, value, length);
    }
}

static void
end_line (TstEventParser *self)
{
  const char *line = self->line->str;
  gsize length = self->line->len;
  const char *colon;

  if (!self->started && g_str_has_prefix (line, BOM))
    {
      line += strlen (BOM);
      length -= strlen (BOM);
    }
  self->started = TRUE;

  colon = memchr (line, ':', length);
  if (length == 0)
    {
      dispatch (self);
    }
  else if (colon == NULL)
    {
      set_field (self, line, length, "", 0);
    }
  else if (colon > line)
    {
      const char *value = colon + 1;

      /* One space belongs to the colon. */
      value += *value == ' ';
      set_field (self, line, colon - line, value, line + length - value);
    }

  g_string_truncate (self->line, 0);
}

static gboolean
feed_byte (TstEventParser *self,
           char            byte)
{
  gboolean after_cr = self->after_cr;

  self->after_cr = byte == '\r';
  if (byte == '\n' && after_cr)
    return TRUE;

  if (byte == '\n' || byte == '\r')
    {
      end_line (self);
      return self->data->len <= TST_EVENT_PARSER_MAX_BYTES;
    }

  g_string_append_c (self->line, byte);

  return self->line->len <= TST_EVENT_PARSER_MAX_BYTES;
}

gboolean
tst_event_parser_feed (TstEventParser *self,
                       const char     *bytes,
                       gsize           length)
{
  for (gsize i = 0; i < length && !self->failed; i++)
    self->failed = !feed_byte (self, bytes[i]);

  return !self->failed;
}
