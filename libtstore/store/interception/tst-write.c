/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-write-private.h"

#include <glib/gi18n-lib.h>

#include "tst-changes.h"
#include "tst-error.h"

/**
 * TstWrite:
 *
 * What somebody is about to write to a store.
 *
 * An interceptor gets it ([method@Store.add_interceptor]), and may look at it,
 * alter it, or refuse it. What is there now is still in the store.
 *
 * ```python
 * def look_at(store, write):
 *     if write.get_cell_id() == "price" and write.get_value() < 0:
 *         write.refuse("A price cannot be negative")
 *
 * store.add_interceptor(TStore.WriteKinds.SET_CELL, look_at)
 * ```
 *
 * What is to be set has two forms: that of a single cell or keyed value is
 * [method@Write.get_value], and that of everything, also of a cell, is JSON
 * text: [method@Write.get_json].
 *
 * It can be altered and refused until the interceptor returns.
 *
 * Since: 0.1
 */

struct _TstWrite
{
  GObject parent_instance;

  TstWriteKinds  kind;      /* one of them */
  char          *table_id;  /* (nullable) */
  char          *row_id;    /* (nullable) */
  char          *id;        /* (nullable): of the cell or value */

  /* What is to be set, by its kind */
  TstCell        cell;
  TstSnapshot   *content;   /* (nullable) */
  TstChanges    *changes;   /* (nullable) */

  GError        *refusal;   /* (nullable) */
  gboolean       is_over;
};

G_DEFINE_FINAL_TYPE (TstWrite, tst_write, G_TYPE_OBJECT)

static void
tst_write_finalize (GObject *object)
{
  TstWrite *self = TST_WRITE (object);

  g_free (self->table_id);
  g_free (self->row_id);
  g_free (self->id);
  tst_cell_clear (&self->cell);
  g_clear_pointer (&self->content, tst_snapshot_unref);
  g_clear_pointer (&self->changes, tst_changes_unref);
  g_clear_error (&self->refusal);

  G_OBJECT_CLASS (tst_write_parent_class)->finalize (object);
}

static void
tst_write_class_init (TstWriteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tst_write_finalize;
}

static void
tst_write_init (TstWrite *self)
{
}

/* --- For those who ask --- */

TstWrite *
tst_write_new (TstWriteKinds  kind,
               const char    *table_id,
               const char    *row_id,
               const char    *id)
{
  TstWrite *self = g_object_new (TST_TYPE_WRITE, NULL);

  self->kind = kind;
  self->table_id = g_strdup (table_id);
  self->row_id = g_strdup (row_id);
  self->id = g_strdup (id);

  return self;
}

const TstCell *
tst_write_peek_cell (TstWrite *self)
{
  return &self->cell;
}

void
tst_write_take_cell (TstWrite *self,
                     TstCell  *cell)
{
  tst_cell_clear (&self->cell);
  self->cell = *cell;
  *cell = (TstCell) TST_CELL_INIT;
}

TstSnapshot *
tst_write_peek_content (TstWrite *self)
{
  return self->content;
}

void
tst_write_take_content (TstWrite    *self,
                        TstSnapshot *content)
{
  g_clear_pointer (&self->content, tst_snapshot_unref);
  self->content = content;
}

TstChanges *
tst_write_peek_changes (TstWrite *self)
{
  return self->changes;
}

void
tst_write_take_changes (TstWrite   *self,
                        TstChanges *changes)
{
  g_clear_pointer (&self->changes, tst_changes_unref);
  self->changes = changes;
}

gboolean
tst_write_check (TstWrite       *self,
                 TstWriteKinds   kinds,
                 GError        **error)
{
  if (self->is_over)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                         _("A write can only be altered while an interceptor is asked about it"));
  else if (!(self->kind & kinds))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _("A write of this kind is not of this form"));
  else
    return TRUE;

  return FALSE;
}

/* It is not for want of trying that the write is as it was: better nothing
 * than what should have been altered. */
gboolean
tst_write_fail (TstWrite  *self,
                GError    *invalid,
                GError   **error)
{
  if (self->refusal == NULL)
    self->refusal = g_error_copy (invalid);
  g_propagate_error (error, invalid);

  return FALSE;
}

gboolean
tst_write_is_refused (TstWrite *self)
{
  return self->refusal != NULL;
}

GError *
tst_write_end (TstWrite *self)
{
  self->is_over = TRUE;

  return g_steal_pointer (&self->refusal);
}

/* --- What it is about --- */

/**
 * tst_write_get_kind:
 * @self: a write
 *
 * Tells what is about to be done.
 *
 * Returns: one of the kinds
 *
 * Since: 0.1
 */
TstWriteKinds
tst_write_get_kind (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), 0);

  return self->kind;
}

/**
 * tst_write_get_table_id:
 * @self: a write
 *
 * Tells which table it is about.
 *
 * Returns: (nullable): the id of the table, or `NULL` if it is not about one
 *
 * Since: 0.1
 */
const char *
tst_write_get_table_id (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->table_id;
}

/**
 * tst_write_get_row_id:
 * @self: a write
 *
 * Tells which row it is about.
 *
 * Returns: (nullable): the id of the row, or `NULL` if it is not about one
 *
 * Since: 0.1
 */
const char *
tst_write_get_row_id (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->row_id;
}

/**
 * tst_write_get_cell_id:
 * @self: a write
 *
 * Tells which cell it is about.
 *
 * Returns: (nullable): the id of the cell, or `NULL` if it is not about one
 *
 * Since: 0.1
 */
const char *
tst_write_get_cell_id (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->kind & (TST_WRITE_SET_CELL | TST_WRITE_REMOVE_CELL) ? self->id : NULL;
}

/**
 * tst_write_get_value_id:
 * @self: a write
 *
 * Tells which keyed value it is about.
 *
 * Returns: (nullable): the id of the value, or `NULL` if it is not about one
 *
 * Since: 0.1
 */
const char *
tst_write_get_value_id (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->kind & (TST_WRITE_SET_VALUE | TST_WRITE_REMOVE_VALUE) ? self->id : NULL;
}

/* --- What is to be set --- */

/**
 * tst_write_get_value:
 * @self: a write
 *
 * Gets what a cell or a keyed value is to be set to, as
 * [method@Store.get_cell] will get it.
 *
 * Returns: (transfer full) (nullable): what it is to be; `NULL` for a write of
 *   another kind than `TST_WRITE_SET_CELL` and `TST_WRITE_SET_VALUE`
 *
 * Since: 0.1
 */
GValue *
tst_write_get_value (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->kind & TST_WRITE_SETS_CELL ? tst_cell_dup_value (&self->cell) : NULL;
}

/**
 * tst_write_set_value:
 * @self: a write of the kind `TST_WRITE_SET_CELL` or `TST_WRITE_SET_VALUE`
 * @value: (nullable): a string, boolean, or number of any kind; `NULL` for null
 * @error: where to put an error
 *
 * Alters what a cell or a keyed value is to be set to.
 *
 * What cannot be stored refuses the write, with the same error.
 *
 * Returns: `TRUE` if it is altered; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] if that cannot be stored, with
 *   `G_IO_ERROR_NOT_SUPPORTED` if it is a write of another kind, and with
 *   `G_IO_ERROR_CLOSED` if it is too late
 *
 * Since: 0.1
 */
gboolean
tst_write_set_value (TstWrite      *self,
                     const GValue  *value,
                     GError       **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *invalid = NULL;

  g_return_val_if_fail (TST_IS_WRITE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_write_check (self, TST_WRITE_SETS_CELL, error))
    return FALSE;

  if (!tst_cell_init_value (&cell, value, &invalid))
    return tst_write_fail (self, invalid, error);

  tst_write_take_cell (self, &cell);

  return TRUE;
}

/**
 * tst_write_get_changes:
 * @self: a write
 *
 * Gets the changes that are to be applied.
 *
 * Returns: (transfer full) (nullable): the changes; `NULL` for a write of
 *   another kind than `TST_WRITE_APPLY_CHANGES`
 *
 * Since: 0.1
 */
TstChanges *
tst_write_get_changes (TstWrite *self)
{
  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  return self->changes ? tst_changes_ref (self->changes) : NULL;
}

/**
 * tst_write_set_changes:
 * @self: a write of the kind `TST_WRITE_APPLY_CHANGES`
 * @changes: other changes
 * @error: where to put an error
 *
 * Alters the changes that are to be applied.
 *
 * Returns: `TRUE` if they are altered; `FALSE` with
 *   `G_IO_ERROR_NOT_SUPPORTED` if it is a write of another kind, and with
 *   `G_IO_ERROR_CLOSED` if it is too late
 *
 * Since: 0.1
 */
gboolean
tst_write_set_changes (TstWrite    *self,
                       TstChanges  *changes,
                       GError     **error)
{
  g_return_val_if_fail (TST_IS_WRITE (self), FALSE);
  g_return_val_if_fail (changes != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_write_check (self, TST_WRITE_APPLY_CHANGES, error))
    return FALSE;

  tst_write_take_changes (self, tst_changes_ref (changes));

  return TRUE;
}

/* --- Refusing it --- */

/**
 * tst_write_refuse:
 * @self: a write
 * @reason: (nullable): why, for whoever wrote, or `NULL`
 *
 * Keeps it from being done.
 *
 * No further interceptor is asked. Whoever wrote gets
 * [error@TStore.Error.REFUSED] with @reason, if it was this that he asked for.
 * Does nothing if it is refused already, or if it is too late.
 *
 * Since: 0.1
 */
void
tst_write_refuse (TstWrite   *self,
                  const char *reason)
{
  g_autofree char *valid = NULL;

  g_return_if_fail (TST_IS_WRITE (self));

  if (self->is_over || self->refusal != NULL)
    return;

  valid = reason ? g_utf8_make_valid (reason, -1) : g_strdup (_("The write was refused"));
  self->refusal = g_error_new_literal (TST_ERROR, TST_ERROR_REFUSED, valid);
}
