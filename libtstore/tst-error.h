/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include <glib.h>

#include "tst-version.h"

G_BEGIN_DECLS

/**
 * TST_ERROR:
 *
 * The domain of the library's own errors.
 *
 * Errors of input and output keep their own domain, such as `G_IO_ERROR`.
 *
 * Since: 0.1
 */
#define TST_ERROR (tst_error_quark ())

/**
 * TstError:
 * @TST_ERROR_FAILED: for media of one's own to answer: something else went wrong
 * @TST_ERROR_INVALID_ID: an id is not valid UTF-8
 * @TST_ERROR_INVALID_VALUE: a value of a kind that a cell cannot hold, such as
 *   a number that is not finite
 * @TST_ERROR_EMPTY: a row, table or set of values without anything in it
 *   cannot be stored
 * @TST_ERROR_PARSE: a text is not valid JSON
 * @TST_ERROR_FORMAT: a text is valid JSON, but not the content of a store
 * @TST_ERROR_LIMIT: a text is larger or nested deeper than what is accepted
 * @TST_ERROR_CHANGED_ELSEWHERE: what is persisted was changed by somebody else
 *   again and again while it was to be replaced
 * @TST_ERROR_UNSETTLED: for media of one's own to answer: what is persisted is empty, as
 *   if a writer were in the middle of replacing it
 * @TST_ERROR_NOT_ANSWERED: a medium did not answer a request
 * @TST_ERROR_CLOSED: the persister was closed
 * @TST_ERROR_ROLLED_BACK: a transaction was undone by a mutator
 * @TST_ERROR_SCHEMA: something does not fit the schema of the store
 * @TST_ERROR_REFUSED: an interceptor refused a write
 *
 * The library's own errors.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_ERROR_FAILED,
  TST_ERROR_INVALID_ID,
  TST_ERROR_INVALID_VALUE,
  TST_ERROR_EMPTY,
  TST_ERROR_PARSE,
  TST_ERROR_FORMAT,
  TST_ERROR_LIMIT,
  TST_ERROR_CHANGED_ELSEWHERE,
  TST_ERROR_UNSETTLED,
  TST_ERROR_NOT_ANSWERED,
  TST_ERROR_CLOSED,
  TST_ERROR_ROLLED_BACK,
  TST_ERROR_SCHEMA,
  TST_ERROR_REFUSED
} TstError;

TST_AVAILABLE_IN_0_1
GQuark tst_error_quark (void);

G_END_DECLS
