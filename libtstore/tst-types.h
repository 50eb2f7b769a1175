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
typedef struct _TstSchema TstSchema;
typedef struct _TstCellSpec TstCellSpec;

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
 * TstCellTypes:
 * @TST_CELL_TYPES_NULL: null
 * @TST_CELL_TYPES_STRING: a string
 * @TST_CELL_TYPES_NUMBER: a number
 * @TST_CELL_TYPES_BOOLEAN: a boolean
 * @TST_CELL_TYPES_OBJECT: a JSON object
 * @TST_CELL_TYPES_ARRAY: a JSON array
 * @TST_CELL_TYPES_ANY: any of them
 *
 * What a cell, or a keyed value, may hold: a set of [enum@CellType].
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_CELL_TYPES_NULL = 1 << TST_CELL_TYPE_NULL,
  TST_CELL_TYPES_STRING = 1 << TST_CELL_TYPE_STRING,
  TST_CELL_TYPES_NUMBER = 1 << TST_CELL_TYPE_NUMBER,
  TST_CELL_TYPES_BOOLEAN = 1 << TST_CELL_TYPE_BOOLEAN,
  TST_CELL_TYPES_OBJECT = 1 << TST_CELL_TYPE_OBJECT,
  TST_CELL_TYPES_ARRAY = 1 << TST_CELL_TYPE_ARRAY,
  TST_CELL_TYPES_ANY = 0x7e
} TstCellTypes;

/**
 * TstSchemaFlags:
 * @TST_SCHEMA_DEFAULT: refuse the schema if anything does not fit it
 * @TST_SCHEMA_DROP: remove what does not fit it
 *
 * What [method@Store.set_schema] does with data that does not fit the schema.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_SCHEMA_DEFAULT = 0,
  TST_SCHEMA_DROP = 1 << 0
} TstSchemaFlags;

/**
 * TstCellNaming:
 * @TST_CELL_NAMING_AS_IS: the name of the property, as in `birth-date`
 * @TST_CELL_NAMING_SNAKE_CASE: with underscores, as in `birth_date`
 * @TST_CELL_NAMING_CAMEL_CASE: in one word, as in `birthDate`
 *
 * How the ids of cells, or of keyed values, are made of the names of properties.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_CELL_NAMING_AS_IS,
  TST_CELL_NAMING_SNAKE_CASE,
  TST_CELL_NAMING_CAMEL_CASE
} TstCellNaming;

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
 * @TST_LISTENER_MUTATOR: called before the transaction is committed, and may
 *   change what is committed
 *
 * How a listener is called.
 *
 * Mutators are told what the transaction did until the first of them is called,
 * in the same order as other listeners, and each of them once. What they write
 * becomes part of the transaction, so that everybody else sees only what came
 * out of it. No mutator is told of what another one wrote, but that mutators of
 * keyed values are told of values which mutators of tables wrote, and all of them
 * of what those wrote that were told before them what was refused.
 *
 * A mutator may undo the whole transaction with [method@Store.rollback]. Then
 * no further mutator is called.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_LISTENER_DEFAULT = 0,
  TST_LISTENER_MUTATOR = 1 << 0
} TstListenerFlags;

/**
 * TstListenerKind:
 * @TST_LISTENER_KIND_INVALID_CELL: writes to the tables that were refused
 * @TST_LISTENER_KIND_HAS_TABLES: whether there is any table
 * @TST_LISTENER_KIND_TABLE_IDS: tables that came and went
 * @TST_LISTENER_KIND_HAS_TABLE: whether there is a table
 * @TST_LISTENER_KIND_TABLE_CELL_IDS: cell ids that a table began and ceased to use
 * @TST_LISTENER_KIND_HAS_TABLE_CELL: whether a table uses a cell id
 * @TST_LISTENER_KIND_ROW_COUNT: the number of rows of a table
 * @TST_LISTENER_KIND_ROW_IDS: rows that came and went
 * @TST_LISTENER_KIND_HAS_ROW: whether there is a row
 * @TST_LISTENER_KIND_SORTED_ROW_IDS: a page of the rows of a table, sorted
 * @TST_LISTENER_KIND_CELL_IDS: cells of a row that came and went
 * @TST_LISTENER_KIND_HAS_CELL: whether there is a cell
 * @TST_LISTENER_KIND_CELL: a cell
 * @TST_LISTENER_KIND_ROW: a cell of a row
 * @TST_LISTENER_KIND_TABLE: a cell of a table
 * @TST_LISTENER_KIND_TABLES: a cell of any table
 * @TST_LISTENER_KIND_INVALID_VALUE: writes to the keyed values that were refused
 * @TST_LISTENER_KIND_HAS_VALUES: whether there is any keyed value
 * @TST_LISTENER_KIND_VALUE_IDS: keyed values that came and went
 * @TST_LISTENER_KIND_HAS_VALUE: whether there is a keyed value
 * @TST_LISTENER_KIND_VALUE: a keyed value
 * @TST_LISTENER_KIND_VALUES: any keyed value
 * @TST_LISTENER_KIND_STARTED: that a transaction begins
 * @TST_LISTENER_KIND_FINISHING: that a transaction is about to be committed
 * @TST_LISTENER_KIND_FINISHED: that a transaction is over
 *
 * What a listener is told of.
 *
 * After a transaction, they are told in this order.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_LISTENER_KIND_INVALID_CELL,
  TST_LISTENER_KIND_HAS_TABLES,
  TST_LISTENER_KIND_TABLE_IDS,
  TST_LISTENER_KIND_HAS_TABLE,
  TST_LISTENER_KIND_TABLE_CELL_IDS,
  TST_LISTENER_KIND_HAS_TABLE_CELL,
  TST_LISTENER_KIND_ROW_COUNT,
  TST_LISTENER_KIND_ROW_IDS,
  TST_LISTENER_KIND_HAS_ROW,
  TST_LISTENER_KIND_SORTED_ROW_IDS,
  TST_LISTENER_KIND_CELL_IDS,
  TST_LISTENER_KIND_HAS_CELL,
  TST_LISTENER_KIND_CELL,
  TST_LISTENER_KIND_ROW,
  TST_LISTENER_KIND_TABLE,
  TST_LISTENER_KIND_TABLES,
  TST_LISTENER_KIND_INVALID_VALUE,
  TST_LISTENER_KIND_HAS_VALUES,
  TST_LISTENER_KIND_VALUE_IDS,
  TST_LISTENER_KIND_HAS_VALUE,
  TST_LISTENER_KIND_VALUE,
  TST_LISTENER_KIND_VALUES,
  TST_LISTENER_KIND_STARTED,
  TST_LISTENER_KIND_FINISHING,
  TST_LISTENER_KIND_FINISHED
} TstListenerKind;

G_END_DECLS
