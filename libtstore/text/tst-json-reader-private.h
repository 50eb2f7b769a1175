/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"
#include "tst-error.h"
#include "tst-json-writer-private.h"

G_BEGIN_DECLS

/* Reads strict JSON (RFC 8259) piece by piece, from a text that may be
 * anything. Each function that fails returns FALSE and leaves an error in the
 * reader; the first one counts. */

/* The longest text that is read */
#define TST_JSON_MAX_LENGTH (G_GUINT64_CONSTANT (1) << 30)

/* How deep objects and arrays may be nested in a cell, the outermost counted */
#define TST_JSON_MAX_DEPTH 64

typedef struct
{
  const char *start;
  const char *p;            /* what is read next */
  const char *end;

  TstJsonBuffer scratch;    /* the last string that had something escaped */
  TstJsonBuffer container;  /* the last object or array */

  /* What went wrong, if error_message is not NULL */
  const char *error_message;
  const char *error_at;
  TstError    error_code;
  gboolean    is_unsupported; /* it was correct JSON that cannot be stored */
} TstJsonReader;

void      tst_json_reader_init         (TstJsonReader  *self,
                                        const char     *text,
                                        gsize           length);
void      tst_json_reader_clear        (TstJsonReader  *self);

/* Always FALSE. @at: (nullable): where; where the reader is, if NULL.
 * @message is marked with N_(), and translated when it is wanted: looking it
 * up on the way to each row would cost more than reading the row. */
gboolean  tst_json_reader_fail         (TstJsonReader  *self,
                                        TstError        code,
                                        const char     *at,
                                        const char     *message);
/* With TST_ERROR_FORMAT where another value begins, else with TST_ERROR_PARSE */
gboolean  tst_json_reader_fail_expected (TstJsonReader  *self,
                                         const char     *message);
/* There is neither a comma nor the end of an object. */
gboolean  tst_json_reader_fail_next    (TstJsonReader  *self);
void      tst_json_reader_set_error    (TstJsonReader  *self,
                                        GError        **error);

/* The beginning, and the end, of a whole text */
gboolean  tst_json_reader_begin        (TstJsonReader  *self);
gboolean  tst_json_reader_finish       (TstJsonReader  *self);

/* A string. *string has no NUL at its end, and is valid until the next is read. */
gboolean  tst_json_reader_read_string  (TstJsonReader  *self,
                                        const char    **string,
                                        gsize          *length);
/* A string, a colon, and all space up to the value */
gboolean  tst_json_reader_read_key     (TstJsonReader  *self,
                                        const char    **string,
                                        gsize          *length);
/* Any value that a cell can hold. @cell is written to only if it returns TRUE. */
gboolean  tst_json_reader_read_cell    (TstJsonReader  *self,
                                        TstCell        *cell);

/* A string with the mark in front, as a cell. If the rest is not JSON, then it is a
 * string like any other; but if it is JSON that cannot be stored, making a string of
 * it would change what it is: FALSE, and why. */
gboolean  tst_json_read_marked         (const char     *string,
                                        gsize           length,
                                        TstCell        *cell,
                                        TstError       *code,
                                        const char    **message);

/* An object that may be empty: calls @read_member at each key. */
typedef gboolean (*TstJsonMemberFunc) (gpointer user_data);

gboolean  tst_json_reader_read_members (TstJsonReader     *self,
                                        const char        *expected,
                                        TstJsonMemberFunc  read_member,
                                        gpointer           user_data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstJsonReader, tst_json_reader_clear)

static inline void
tst_json_reader_skip_space (TstJsonReader *self)
{
  while (self->p < self->end &&
         (*self->p == ' ' || *self->p == '\n' || *self->p == '\r' || *self->p == '\t'))
    self->p++;
}

static inline gboolean
tst_json_reader_is_at (const TstJsonReader *self,
                       char                 c)
{
  return self->p < self->end && *self->p == c;
}

/* Takes @c, if it is what comes next. */
static inline gboolean
tst_json_reader_take (TstJsonReader *self,
                      char           c)
{
  if (!tst_json_reader_is_at (self, c))
    return FALSE;

  self->p++;

  return TRUE;
}

/* Behind a member of an object: takes the comma, and what is between it and
 * the next member, or the brace. *more tells which. */
static inline gboolean
tst_json_reader_next_member (TstJsonReader *self,
                             gboolean      *more)
{
  tst_json_reader_skip_space (self);

  *more = tst_json_reader_take (self, ',');
  if (*more)
    {
      tst_json_reader_skip_space (self);
      return TRUE;
    }

  return tst_json_reader_take (self, '}') ||
         tst_json_reader_fail_next (self);
}

G_END_DECLS
