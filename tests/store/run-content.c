/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* --- Whole content --- */

static void
fill_table (Run           *run,
            ModelContent **content,
            const char    *table_id)
{
  guint n_rows = 1 + run_chance (run, run->profile->table_height);
  guint at = run_chance (run, run->profile->n_rows);

  for (guint j = 0; j < n_rows; j++)
    {
      g_autoptr(GArray) cells = run_pick_cells (run, table_id, run->profile->row_width,
                                                run->cell_ids, run->profile->n_cells);
      const char *row_id = run->row_ids[(at + j * 3) % run->profile->n_rows];

      for (guint k = 0; k < cells->len; k++)
        {
          const ModelCell *cell = &g_array_index (cells, ModelCell, k);

          model_content_set_cell (content, table_id, row_id, cell->id, cell->value);
        }
    }
}

ModelContent *
run_pick_content (Run *run)
{
  ModelContent *content;
  guint n_tables = run_chance (run, run->profile->n_tables + 1);

  /* Sometimes what there is, with a few changes. */
  if (run_chance (run, 2) == 0)
    {
      content = model_content_ref (run->model->now);
      for (guint i = run_chance (run, 5); i > 0; i--)
        {
          const char *t = run_pick_table (run);
          const char *r = run_pick_row (run, t);
          const char *c = run_pick_cell_for (run, t);

          model_content_set_cell (&content, t, r, c, run_pick_value_for (run, t, c));
        }
      return content;
    }

  content = model_content_new ();
  for (guint i = 0; i < n_tables; i++)
    fill_table (run, &content, run_pick_table (run));
  for (guint i = run_chance (run, 4); i > 0; i--)
    {
      const char *v = run_pick_value_id (run);

      model_content_set_value (&content, v, run_pick_value_for (run, NULL, v));
    }

  return content;
}

/* Returns: FALSE if it is refused */
gboolean
run_replace_in_model (Run                *run,
                      const ModelContent *content,
                      TstParts            parts)
{
  model_open_statement (run->model);
  if (parts & TST_PART_TABLES)
    model_replace_tables (run->model, content);
  if (parts & TST_PART_VALUES)
    model_set_values (run->model, content->values->cells, content->values->n_cells, FALSE);

  return model_close_statement (run->model);
}

static void
replace_with (Run          *run,
              TstSnapshot  *snapshot,
              ModelContent *content)
{
  TstParts parts = 1 + run_chance (run, 3);
  g_autoptr(GError) error = NULL;
  gboolean done;

  run_start (run);
  done = tst_store_write_content (run->store, snapshot, parts, &error);
  run_assert_done (run, run_replace_in_model (run, content, parts), done, error);
  run_finish (run);
}

void
run_replace (Run *run)
{
  g_autoptr(ModelContent) content = run_pick_content (run);
  g_autoptr(TstSnapshot) snapshot = run_build_snapshot (run, content);
  const char *table_id = run_pick_table (run);
  const ModelTable *table = model_content_find (content, table_id);
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (table != NULL && run_chance (run, 2) == 0)
    {
      run_start (run);
      done = tst_store_write_table (run->store, table_id, snapshot, &error);
      run_assert_done (run, model_replace_table (run->model, table_id, table), done, error);
      run_finish (run);
    }
  else
    {
      replace_with (run, snapshot, content);
    }

  run_assert_by_snapshot (run);
}

/* --- Snapshots --- */

static gpointer
read_in_thread (gpointer user_data)
{
  Held *held = user_data;

  run_assert_snapshot (held->snapshot, held->content);
  tst_snapshot_unref (held->snapshot);

  return held;
}

void
run_join_thread (Run *run)
{
  Held *held;

  if (run->thread == NULL)
    return;

  held = g_thread_join (g_steal_pointer (&run->thread));
  model_content_unref (held->content);
  g_free (held);
}

void
run_release (Run  *run,
             Held *held)
{
  run_assert_snapshot (held->snapshot, held->content);
  g_clear_pointer (&held->snapshot, tst_snapshot_unref);
  g_clear_pointer (&held->content, model_content_unref);
}

void
run_hold (Run *run)
{
  Held *held = &run->held[run_chance (run, MAX_HELD)];
  const Held *other = &run->held[run_chance (run, MAX_HELD)];

  if (held->snapshot != NULL && run_chance (run, 3) == 0)
    {
      replace_with (run, held->snapshot, held->content);
    }
  else if (held->snapshot != NULL && run_chance (run, 3) == 0)
    {
      run_join_thread (run);
      /* Both may be read here at the same time. */
      tst_snapshot_ref (held->snapshot);
      model_content_ref (held->content);
      run->thread = g_thread_new ("snapshot", read_in_thread, g_memdup2 (held, sizeof (Held)));
    }
  else if (held->snapshot != NULL)
    {
      if (other->snapshot != NULL)
        g_assert_cmpint (tst_snapshot_equal (held->snapshot, other->snapshot), ==,
                         model_content_equal (held->content, other->content));
      run_release (run, held);
    }
  else
    {
      held->snapshot = tst_store_snapshot (run->store);
      held->content = model_content_ref (run->model->now);
    }
}
