/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tst-version.h"

G_BEGIN_DECLS

typedef struct _TstStore TstStore;
typedef struct _TstChanges TstChanges;
typedef struct _TstCursor TstCursor;
typedef struct _TstPersister TstPersister;
typedef struct _TstRequest TstRequest;

/**
 * TstCellType:
 * @TST_CELL_TYPE_NONE: there is no such cell
 * @TST_CELL_TYPE_NULL: null, which is a value like any other
 * @TST_CELL_TYPE_STRING: a string in UTF-8
 * @TST_CELL_TYPE_NUMBER: a finite double
 * @TST_CELL_TYPE_BOOLEAN: a boolean
 * @TST_CELL_TYPE_OBJECT: a JSON object, kept as its text
 * @TST_CELL_TYPE_ARRAY: a JSON array, kept as its text
 *
 * What a cell, or a keyed value, holds.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_CELL_TYPE_NONE,
  TST_CELL_TYPE_NULL,
  TST_CELL_TYPE_STRING,
  TST_CELL_TYPE_NUMBER,
  TST_CELL_TYPE_BOOLEAN,
  TST_CELL_TYPE_OBJECT,
  TST_CELL_TYPE_ARRAY
} TstCellType;

/**
 * TstChange:
 * @TST_CHANGE_NONE: it is not among the changes
 * @TST_CHANGE_ADDED: it was not there before
 * @TST_CHANGE_UPDATED: it was there before, and still is; or it is not known
 *   what was there before
 * @TST_CHANGE_REMOVED: it is no longer there
 *
 * What became of a table, row, cell or keyed value.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_CHANGE_NONE,
  TST_CHANGE_ADDED,
  TST_CHANGE_UPDATED,
  TST_CHANGE_REMOVED
} TstChange;

/**
 * TstAddRowFlags:
 * @TST_ADD_ROW_DEFAULT: the next number, or a number that a removed row gave back
 * @TST_ADD_ROW_NO_REUSE: always the next number
 * @TST_ADD_ROW_UNIQUE: a random id that no other writer makes: for a store
 *   whose medium is shared
 *
 * How [method@Store.add_row] makes the id of the new row.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_ADD_ROW_DEFAULT = 0,
  TST_ADD_ROW_NO_REUSE = 1 << 0,
  TST_ADD_ROW_UNIQUE = 1 << 1
} TstAddRowFlags;

/**
 * TstListenerFlags:
 * @TST_LISTENER_DEFAULT: called after the transaction, when everything agrees
 *
 * How a listener is called.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_LISTENER_DEFAULT = 0
} TstListenerFlags;

G_END_DECLS
