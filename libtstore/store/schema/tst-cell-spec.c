/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-schema-insides-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/**
 * TstCellSpec:
 *
 * Says what a cell, or a keyed value, may be.
 *
 * It is either of one or several types, or one of the choices of an
 * enumeration. It may be null only if the specification says so. A default is
 * what it becomes where it would be missing; and what is required and has no
 * default may never be missing.
 *
 * ```c
 * g_autoptr(TstCellSpec) species = tst_cell_spec_new_enum ((const char *[]) { "dog", "cat", NULL });
 * g_autoptr(TstCellSpec) name = tst_cell_spec_new (TST_CELL_TYPES_STRING);
 *
 * tst_cell_spec_set_required (name, TRUE);
 * ```
 *
 * Once it is added to a [struct@Schema] it cannot be changed any more. The
 * same specification can be added to many places.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (TstCellSpec, tst_cell_spec, tst_cell_spec_ref, tst_cell_spec_unref)

/**
 * tst_cell_spec_new:
 * @types: the types that are allowed, of which at least one is not null
 *
 * Makes a specification of cells that are of some types.
 *
 * Returns: (transfer full): a new specification
 *
 * Since: 0.1
 */
TstCellSpec *
tst_cell_spec_new (TstCellTypes types)
{
  TstCellSpec *self;

  g_return_val_if_fail ((types & ~TST_CELL_TYPES_ANY) == 0, NULL);
  g_return_val_if_fail ((types & ~TST_CELL_TYPES_NULL) != 0, NULL);

  self = g_new0 (TstCellSpec, 1);
  self->ref_count = 1;
  self->types = types;

  return self;
}

/**
 * tst_cell_spec_new_enum:
 * @choices: (nullable) (array zero-terminated=1): strings in UTF-8
 *
 * Makes a specification of cells that are one of some choices.
 *
 * More of them, and other ones than strings, can be added by
 * [method@CellSpec.add_choice].
 *
 * Returns: (transfer full): a new specification
 *
 * Since: 0.1
 */
TstCellSpec *
tst_cell_spec_new_enum (const char * const *choices)
{
  TstCellSpec *self = g_new0 (TstCellSpec, 1);

  self->ref_count = 1;
  self->choices = g_array_new (FALSE, FALSE, sizeof (TstCell));
  g_array_set_clear_func (self->choices, (GDestroyNotify) tst_cell_clear);

  for (guint i = 0; choices != NULL && choices[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;
      TstCell cell = TST_CELL_INIT;

      if (!tst_cell_init_string (&cell, choices[i], &error) ||
          !tst_cell_spec_take_choice (self, &cell, &error))
        g_critical ("A choice is left out: %s", error->message);
    }

  return self;
}

/**
 * tst_cell_spec_ref:
 * @self: a specification
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same specification
 *
 * Since: 0.1
 */
TstCellSpec *
tst_cell_spec_ref (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * tst_cell_spec_unref:
 * @self: (transfer full): a specification
 *
 * Lets go of a reference.
 *
 * Since: 0.1
 */
void
tst_cell_spec_unref (TstCellSpec *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->choices, g_array_unref);
  tst_cell_clear (&self->fallback);
  g_free (self);
}

static gboolean
has_same_choices (const TstCellSpec *self,
                  const TstCellSpec *other)
{
  if (self->choices == NULL || other->choices == NULL)
    return self->choices == other->choices;

  if (self->choices->len != other->choices->len)
    return FALSE;

  for (guint i = 0; i < self->choices->len; i++)
    if (!tst_cell_equal (&g_array_index (self->choices, TstCell, i),
                         &g_array_index (other->choices, TstCell, i)))
      return FALSE;

  return TRUE;
}

/**
 * tst_cell_spec_equal:
 * @self: a specification
 * @other: another one
 *
 * Tells whether two specifications say the same.
 *
 * Returns: `TRUE` if they do
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_equal (TstCellSpec *self,
                     TstCellSpec *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->types == other->types &&
         self->required == other->required &&
         tst_cell_equal (&self->fallback, &other->fallback) &&
         has_same_choices (self, other);
}

/* --- What is allowed --- */

gboolean
tst_cell_spec_allows_choice (const TstCellSpec *self,
                             const TstCell     *cell)
{
  if (tst_cell_type (cell) == TST_CELL_TYPE_NULL)
    return TRUE;

  for (guint i = 0; i < self->choices->len; i++)
    if (tst_cell_equal (&g_array_index (self->choices, TstCell, i), cell))
      return TRUE;

  return FALSE;
}

/**
 * tst_cell_spec_get_types:
 * @self: a specification
 *
 * Tells which types are allowed.
 *
 * Returns: the types; of an enumeration, those of its choices
 *
 * Since: 0.1
 */
TstCellTypes
tst_cell_spec_get_types (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->types;
}

/**
 * tst_cell_spec_get_nullable:
 * @self: a specification
 *
 * Tells whether null is allowed.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_get_nullable (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return (self->types & TST_CELL_TYPES_NULL) != 0;
}

/**
 * tst_cell_spec_set_nullable:
 * @self: a specification that is not in a schema yet
 * @nullable: whether null is allowed
 *
 * Says whether null is allowed.
 *
 * A default that is null is forgotten if it is not.
 *
 * Since: 0.1
 */
void
tst_cell_spec_set_nullable (TstCellSpec *self,
                            gboolean     nullable)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->sealed);

  if (nullable)
    {
      self->types |= TST_CELL_TYPES_NULL;
      return;
    }

  self->types &= ~TST_CELL_TYPES_NULL;
  if (tst_cell_type (&self->fallback) == TST_CELL_TYPE_NULL)
    tst_cell_clear (&self->fallback);
}

/**
 * tst_cell_spec_get_required:
 * @self: a specification
 *
 * Tells whether every row has such a cell.
 *
 * Returns: `TRUE` if it is required
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_get_required (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->required;
}

/**
 * tst_cell_spec_set_required:
 * @self: a specification that is not in a schema yet
 * @required: whether it is required
 *
 * Says whether every row has such a cell.
 *
 * Then a row without it is refused, unless there is a default. As there are no
 * keyed values for a start, those that are required are asked for with the
 * first of them.
 *
 * Since: 0.1
 */
void
tst_cell_spec_set_required (TstCellSpec *self,
                            gboolean     required)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->sealed);

  self->required = !!required;
}

gboolean
tst_cell_spec_is_sealed (TstCellSpec *self)
{
  return self->sealed;
}

/* --- The default --- */

const TstCell *
tst_cell_spec_peek_default (TstCellSpec *self)
{
  return tst_cell_spec_has_default (self) ? &self->fallback : NULL;
}

gboolean
tst_cell_spec_take_default (TstCellSpec  *self,
                            TstCell      *cell,
                            GError      **error)
{
  if (!tst_cell_spec_allows (self, cell))
    {
      tst_cell_clear (cell);
      g_set_error_literal (error, TST_ERROR, TST_ERROR_SCHEMA,
                           _("The default of a cell is not allowed for the cell"));
      return FALSE;
    }

  tst_cell_clear (&self->fallback);
  self->fallback = *cell;
  *cell = (TstCell) TST_CELL_INIT;

  return TRUE;
}

/**
 * tst_cell_spec_get_default:
 * @self: a specification
 *
 * Gets the default, as [method@Store.get_cell] gets a cell.
 *
 * Returns: (transfer full) (nullable): the default, or `NULL` if there is none
 *
 * Since: 0.1
 */
GValue *
tst_cell_spec_get_default (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tst_cell_dup_value (tst_cell_spec_peek_default (self));
}

/**
 * tst_cell_spec_set_default:
 * @self: a specification that is not in a schema yet
 * @value: (nullable): a string, boolean, or number of any kind; `NULL` for null
 * @error: where to put an error
 *
 * Says what a cell becomes where it would be missing.
 *
 * A default that is an object or an array can be given by
 * [method@CellSpec.set_default_json].
 *
 * Returns: `TRUE` if it is set; `FALSE` with [error@TStore.Error.INVALID_VALUE], or
 *   with [error@TStore.Error.SCHEMA] if the specification does not allow it
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_set_default (TstCellSpec   *self,
                           const GValue  *value,
                           GError       **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (!self->sealed, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_cell_init_value (&cell, value, error) &&
         tst_cell_spec_take_default (self, &cell, error);
}

/* --- Choices --- */

gboolean
tst_cell_spec_take_choice (TstCellSpec  *self,
                           TstCell      *cell,
                           GError      **error)
{
  TstCellTypes type = 1 << tst_cell_type (cell);

  if ((type & (TST_CELL_TYPES_STRING | TST_CELL_TYPES_NUMBER | TST_CELL_TYPES_BOOLEAN)) == 0)
    {
      tst_cell_clear (cell);
      g_set_error_literal (error, TST_ERROR, TST_ERROR_SCHEMA,
                           _("Only strings, numbers and booleans can be choices"));
      return FALSE;
    }

  self->types |= type;
  g_array_append_val (self->choices, *cell);
  *cell = (TstCell) TST_CELL_INIT;

  return TRUE;
}

const TstCell *
tst_cell_spec_peek_choice (TstCellSpec *self,
                           guint        position)
{
  return &g_array_index (self->choices, TstCell, position);
}

/**
 * tst_cell_spec_add_choice:
 * @self: the specification of an enumeration that is not in a schema yet
 * @value: a string, boolean, or number of any kind
 * @error: where to put an error
 *
 * Adds a choice to an enumeration.
 *
 * Returns: `TRUE` if it is added; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE], or with [error@TStore.Error.SCHEMA] if it is
 *   null
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_add_choice (TstCellSpec   *self,
                          const GValue  *value,
                          GError       **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (!self->sealed, FALSE);
  g_return_val_if_fail (self->choices != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_cell_init_value (&cell, value, error) &&
         tst_cell_spec_take_choice (self, &cell, error);
}

/**
 * tst_cell_spec_get_n_choices:
 * @self: a specification
 *
 * Counts the choices of an enumeration.
 *
 * Returns: the number of choices; 0 if it is not an enumeration
 *
 * Since: 0.1
 */
guint
tst_cell_spec_get_n_choices (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->choices != NULL ? self->choices->len : 0;
}

/**
 * tst_cell_spec_get_choice:
 * @self: the specification of an enumeration
 * @position: which of the choices, less than [method@CellSpec.get_n_choices]
 *
 * Gets a choice of an enumeration, as [method@Store.get_cell] gets a cell.
 *
 * Returns: (transfer full): the choice
 *
 * Since: 0.1
 */
GValue *
tst_cell_spec_get_choice (TstCellSpec *self,
                          guint        position)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (position < tst_cell_spec_get_n_choices (self), NULL);

  return tst_cell_dup_value (tst_cell_spec_peek_choice (self, position));
}
