/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* Compact JSON text, written into a buffer that grows. Never fails. */
typedef struct
{
  char  *text;   /* owned; no NUL at its end */
  gsize  length;
  gsize  size;
} TstJsonBuffer;

#define TST_JSON_BUFFER_INIT { NULL, 0, 0 }

void      tst_json_buffer_grow        (TstJsonBuffer       *self,
                                       gsize                extra);
void      tst_json_buffer_clear       (TstJsonBuffer       *self);
/* With a NUL behind it. */
char     *tst_json_buffer_steal       (TstJsonBuffer       *self);

void      tst_json_write_string       (TstJsonBuffer       *self,
                                       const char          *text,
                                       gsize                length);
void      tst_json_write_number       (TstJsonBuffer       *self,
                                       double               number);

/* As in the text of a store: objects and arrays as marked strings. */
void      tst_json_write_cell         (TstJsonBuffer       *self,
                                       const TstCell       *cell);
void      tst_json_write_row          (TstJsonBuffer       *self,
                                       const TstTableData  *table,
                                       const TstRowView    *row);
void      tst_json_write_table        (TstJsonBuffer       *self,
                                       const TstTableData  *table);
void      tst_json_write_tables       (TstJsonBuffer       *self,
                                       const TstSnapshot   *snapshot);
void      tst_json_write_values       (TstJsonBuffer       *self,
                                       const TstSnapshot   *snapshot);
/* [tables,values] */
void      tst_json_write_content      (TstJsonBuffer       *self,
                                       const TstSnapshot   *snapshot);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstJsonBuffer, tst_json_buffer_clear)

/* What TinyBase puts in front of the JSON text of an object or array, and what
 * it means by a string of nothing but the other one: U+FFFD and U+FFFC. */
#define TST_JSON_MARK    "\357\277\275"
#define TST_JSON_REMOVED "\357\277\274"
#define TST_JSON_MARK_LENGTH 3

/* Makes room for @extra bytes, and returns where they go. */
static inline char *
tst_json_buffer_reserve (TstJsonBuffer *self,
                         gsize          extra)
{
  if (G_UNLIKELY (self->size - self->length < extra))
    tst_json_buffer_grow (self, extra);

  return self->text + self->length;
}

static inline void
tst_json_buffer_append_char (TstJsonBuffer *self,
                             char           c)
{
  *tst_json_buffer_reserve (self, 1) = c;
  self->length++;
}

static inline void
tst_json_buffer_append (TstJsonBuffer *self,
                        const char    *text,
                        gsize          length)
{
  memcpy (tst_json_buffer_reserve (self, length), text, length);
  self->length += length;
}

/* Behind the members of an object or array: in the place of the last comma, if
 * there is one. */
static inline void
tst_json_buffer_close (TstJsonBuffer *self,
                       char           closing)
{
  if (self->text[self->length - 1] == ',')
    self->text[self->length - 1] = closing;
  else
    tst_json_buffer_append_char (self, closing);
}

static inline gboolean
tst_json_is_marked (const char *text,
                    gsize       length)
{
  return length >= TST_JSON_MARK_LENGTH && text[0] == TST_JSON_MARK[0] &&
         memcmp (text, TST_JSON_MARK, TST_JSON_MARK_LENGTH) == 0;
}

static inline gboolean
tst_json_is_removed (const char *text,
                     gsize       length)
{
  return length == TST_JSON_MARK_LENGTH && memcmp (text, TST_JSON_REMOVED, length) == 0;
}

/* TRUE for strings that would be taken for something else: only the mark of
 * removed things, or anything behind the mark of objects and arrays. */
static inline gboolean
tst_json_is_reserved (const char *text,
                      gsize       length)
{
  if (length < TST_JSON_MARK_LENGTH || text[0] != TST_JSON_MARK[0])
    return FALSE;

  return tst_json_is_marked (text, length) || tst_json_is_removed (text, length);
}

G_END_DECLS
