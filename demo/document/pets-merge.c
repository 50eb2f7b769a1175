/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-merge.h"

/* Brings the content of one place to another one, so that nothing of either is lost. */

static gboolean
add_row (TstStore    *store,
         TstStore    *other,
         const char  *table_id,
         const char  *row_id,
         GError     **error)
{
  g_autoptr(GVariant) row = tst_store_get_row (other, table_id, row_id);
  g_autoptr(GVariant) present = NULL;
  g_autofree char *new_id = NULL;

  if (!tst_store_has_row (store, table_id, row_id))
    return tst_store_set_row (store, table_id, row_id, row, error);

  present = tst_store_get_row (store, table_id, row_id);
  if (g_variant_equal (row, present))
    return TRUE;

  new_id = tst_store_add_row (store, table_id, row, TST_ADD_ROW_UNIQUE, error);

  return new_id != NULL;
}

static gboolean
add_table (TstStore    *store,
           TstStore    *other,
           const char  *table_id,
           GError     **error)
{
  g_auto(GStrv) row_ids = tst_store_get_row_ids (other, table_id);

  for (gsize i = 0; row_ids[i] != NULL; i++)
    if (!add_row (store, other, table_id, row_ids[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
add_value (TstStore    *store,
           TstStore    *other,
           const char  *value_id,
           GError     **error)
{
  g_autofree char *json = NULL;

  if (tst_store_has_value (store, value_id))
    return TRUE;

  json = tst_store_get_value_json (other, value_id);

  return tst_store_set_value_json (store, value_id, json, error);
}

static gboolean
add_all (TstStore  *store,
         TstStore  *other,
         GError   **error)
{
  g_auto(GStrv) table_ids = tst_store_get_table_ids (other);
  g_auto(GStrv) value_ids = tst_store_get_value_ids (other);

  for (gsize i = 0; table_ids[i] != NULL; i++)
    if (!add_table (store, other, table_ids[i], error))
      return FALSE;

  for (gsize i = 0; value_ids[i] != NULL; i++)
    if (!add_value (store, other, value_ids[i], error))
      return FALSE;

  return TRUE;
}

/**
 * pets_merge_json:
 *
 * Adds the content that is @json to a store. Of two rows with the same id that are not
 * the same, both stay: the added one gets another id. Of two values, the one in the
 * store stays.
 */
gboolean
pets_merge_json (TstStore    *store,
                 const char  *json,
                 GError     **error)
{
  g_autoptr(TstStore) other = tst_store_new ();
  gboolean added;

  if (!tst_store_set_json (other, json, error))
    return FALSE;

  tst_store_begin (store);
  added = add_all (store, other, error);
  if (!added)
    tst_store_rollback (store);
  else
    tst_store_commit (store);

  return added;
}
