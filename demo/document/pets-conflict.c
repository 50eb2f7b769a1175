/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-conflict.h"

#include <glib/gi18n.h>

#include "pets-column.h"

/* What a merge did, in words. */

static const char *
find_column_title (const char *cell_id)
{
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    if (g_str_equal (columns[i].cell_id, cell_id))
      return _(columns[i].title);

  return cell_id;
}

static const char *
find_pet_name (TstConflict *conflict,
               guint        index,
               TstStore    *store)
{
  const char *row_id = tst_conflict_get_new_row_id (conflict, index);
  const char *name;

  if (row_id == NULL)
    row_id = tst_conflict_get_row_id (conflict, index);

  name = tst_store_get_cell_string (store, tst_conflict_get_table_id (conflict, index), row_id, "name");

  return name != NULL && *name != '\0' ? name : row_id;
}

/**
 * pets_conflict_summarize:
 *
 * Says what a merge did in one sentence.
 */
char *
pets_conflict_summarize (TstConflict *conflict)
{
  guint n = tst_conflict_get_n_entries (conflict);

  return g_strdup_printf (ngettext ("%u change was merged with one made elsewhere",
                                    "%u changes were merged with those made elsewhere", n), n);
}

/**
 * pets_conflict_describe:
 *
 * Says what became of one thing that was changed here and elsewhere.
 */
char *
pets_conflict_describe (TstConflict *conflict,
                        guint        index,
                        TstStore    *store)
{
  const char *name;

  if (tst_conflict_get_table_id (conflict, index) == NULL)
    return g_strdup (tst_conflict_get_cell_id (conflict, index));

  name = find_pet_name (conflict, index, store);

  switch (tst_conflict_get_kind (conflict, index))
    {
    case TST_CONFLICT_KEPT:
      /* Translators: the name of a pet, and of a column such as Price */
      return g_strdup_printf (_("“%s”, %s: your change was kept, not the one made elsewhere"), name,
                              find_column_title (tst_conflict_get_cell_id (conflict, index)));

    case TST_CONFLICT_TAKEN:
      /* Translators: the name of a pet, and of a column such as Price */
      return g_strdup_printf (_("“%s”, %s: removed here but changed elsewhere, so it is back"), name,
                              find_column_title (tst_conflict_get_cell_id (conflict, index)));

    case TST_CONFLICT_ROW_KEPT:
      return g_strdup_printf (_("“%s” was removed elsewhere, and kept because you changed it"), name);

    case TST_CONFLICT_ROW_TAKEN:
      return g_strdup_printf (_("“%s” was removed here but changed elsewhere, so it is back"), name);

    case TST_CONFLICT_ROW_MOVED:
    default:
      return g_strdup_printf (_("“%s” was added here while another pet was added elsewhere; both were kept"), name);
    }
}
