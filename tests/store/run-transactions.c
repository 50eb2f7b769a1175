/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* --- A listener that answers --- */

/* Repeats numbers in a table of its own, and removes a row there for each
 * cell that is removed elsewhere. */
void
run_answer_cb (TstStore     *store,
               const char   *table_id,
               const char   *row_id,
               const char   *cell_id,
               const GValue *new_value,
               const GValue *old_value,
               gpointer      user_data)
{
  Run *run = user_data;
  Answer answer = { model_intern (row_id), model_intern (cell_id), model_value_from (new_value) };

  if (strcmp (table_id, ECHO_TABLE) == 0)
    return;

  if (answer.value.type == TST_CELL_TYPE_NUMBER)
    {
      g_assert_true (tst_store_set_cell (store, ECHO_TABLE, row_id, cell_id, new_value, NULL));
    }
  else if (answer.value.type == TST_CELL_TYPE_NONE)
    {
      tst_store_remove_row (store, ECHO_TABLE, row_id);
    }
  else
    {
      /* This comes to nothing. */
      tst_store_begin (store);
      tst_store_remove_tables (store);
      g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, 1, NULL));
      tst_store_rollback (store);
      return;
    }

  g_array_append_val (run->answers, answer);
}

void
run_round_cb (TstStore *store,
              gpointer  user_data)
{
  Run *run = user_data;

  g_array_append_val (run->rounds, run->recorder->events->len);
}

static void
answer_in_model (Run *run)
{
  const char *echo = model_intern (ECHO_TABLE);

  for (guint i = 0; i < run->answers->len; i++)
    {
      const Answer *answer = &g_array_index (run->answers, Answer, i);

      if (answer->value.type == TST_CELL_TYPE_NONE)
        model_remove_row (run->model, echo, answer->row_id);
      else
        model_set_cell (run->model, echo, answer->row_id, answer->cell_id, answer->value);
    }
}

/* --- Transactions and what is told of them --- */

void
run_start (Run *run)
{
  if (run->model->stack->len > 0)
    return;

  g_clear_pointer (&run->before, model_content_unref);
  run->before = model_content_ref (run->model->now);
  g_array_set_size (run->invalid, 0);
  g_array_set_size (run->answers, 0);
  g_array_set_size (run->rounds, 0);
}

/* The first round is what the operation did; the second, what the answering
 * listener did in the first. */
static void
finish_answered (Run             *run,
                 const ModelDiff *diff)
{
  g_autoptr(ModelContent) between = model_content_ref (run->model->now);
  g_autoptr(ModelDiff) answered = NULL;
  guint n_events = run->recorder->events->len;

  answer_in_model (run);
  answered = model_diff (between, run->model->now);
  g_assert_cmpuint (run->rounds->len, <=, 2);
  g_assert_true (run->rounds->len == 2 || run->answers->len == 0);

  if (run->rounds->len == 2)
    n_events = g_array_index (run->rounds, guint, 1);
  recorder_check (run->recorder, n_events, run->invalid, diff, FALSE);
  if (run->rounds->len == 2)
    recorder_check (run->recorder, run->recorder->events->len, NULL, answered, FALSE);
}

void
run_finish (Run *run)
{
  g_autoptr(ModelDiff) diff = NULL;

  run->n_operations++;
  if (run->model->stack->len > 0)
    return;

  diff = model_diff (run->before, run->model->now);
  if (run->answering)
    finish_answered (run, diff);
  else
    recorder_check (run->recorder, run->recorder->events->len, run->invalid, diff, FALSE);
}

void
run_begin (Run *run)
{
  run_start (run);
  tst_store_begin (run->store);
  model_begin (run->model);
  run->n_operations++;
}

void
run_commit (Run *run)
{
  tst_store_commit (run->store);
  model_commit (run->model);
  run_finish (run);
}

void
run_rollback (Run *run)
{
  g_autoptr(ModelDiff) diff = NULL;

  tst_store_rollback (run->store);
  model_rollback (run->model);
  run->n_operations++;
  if (run->model->stack->len > 0)
    return;

  diff = model_diff (run->before, run->model->now);
  g_assert_true (model_diff_is_empty (diff));
  recorder_check (run->recorder, run->recorder->events->len, run->invalid, diff, TRUE);
  if (run->profile->burst == 0 || run_chance (run, 8) == 0)
    run_assert_everything (run);
}

void
run_look_at_changes (Run *run)
{
  g_autoptr(TstChanges) changes = tst_store_get_changes (run->store);
  g_autoptr(ModelDiff) diff = NULL;

  g_assert_nonnull (changes);
  if (run->model->stack->len == 0)
    {
      g_assert_true (tst_changes_is_empty (changes));
      return;
    }

  diff = model_diff (run->before, run->model->now);
  recorder_check_changes (changes, diff);
}

/* --- Listeners --- */

/* The ids that a kind has. */
enum
{
  NONE = 0,
  TABLE = 1 << 0,
  ROW = 1 << 1,
  CELL = 1 << 2,
  VALUE = 1 << 3
};

static const guint8 ids_of_kind[N_EVENTS] = {
  [EVENT_INVALID_CELL] = TABLE | ROW | CELL,
  [EVENT_HAS_TABLE] = TABLE,
  [EVENT_TABLE_CELL_IDS] = TABLE,
  [EVENT_HAS_TABLE_CELL] = TABLE | CELL,
  [EVENT_ROW_COUNT] = TABLE,
  [EVENT_ROW_IDS] = TABLE,
  [EVENT_HAS_ROW] = TABLE | ROW,
  [EVENT_CELL_IDS] = TABLE | ROW,
  [EVENT_HAS_CELL] = TABLE | ROW | CELL,
  [EVENT_CELL] = TABLE | ROW | CELL,
  [EVENT_ROW] = TABLE | ROW,
  [EVENT_TABLE] = TABLE,
  [EVENT_INVALID_VALUE] = VALUE,
  [EVENT_HAS_VALUE] = VALUE,
  [EVENT_VALUE] = VALUE,
};

static void
add_signal (Run       *run,
            EventKind  kind)
{
  gboolean detailed = kind != EVENT_INVALID_CELL && kind != EVENT_INVALID_VALUE;
  guint8 ids = detailed ? ids_of_kind[kind] : NONE;
  const char *detail = NULL;

  if (run_chance (run, 2) == 0)
    detail = ids & TABLE ? run_pick_table (run) : ids & VALUE ? run_pick_value_id (run) : NULL;
  recorder_connect (run->recorder, kind, detail);
}

static void
add_listener (Run       *run,
              EventKind  kind)
{
  guint8 ids = ids_of_kind[kind];
  const char *t = NULL, *r = NULL, *c = NULL;

  if ((ids & TABLE) && run_chance (run, 2) == 0)
    t = run_pick_table (run);
  if ((ids & ROW) && run_chance (run, 2) == 0)
    r = run_pick_row (run, t != NULL ? t : run_pick_table (run));
  if ((ids & CELL) && run_chance (run, 2) == 0)
    c = run_pick_cell (run);
  if ((ids & VALUE) && run_chance (run, 2) == 0)
    c = run_pick_value_id (run);

  recorder_listen (run->recorder, kind, t, r, c);
}

void
run_change_listeners (Run *run)
{
  EventKind kind = run_chance (run, N_EVENTS);

  if (run->recorder->n_listeners > 60 ||
      (run->recorder->n_listeners > 8 && run_chance (run, 3) == 0))
    recorder_forget (run->recorder, run_chance (run, run->recorder->n_listeners));
  else if (kind == EVENT_CHANGED || (recorder_has_signal (kind) && run_chance (run, 3) == 0))
    add_signal (run, kind);
  else
    add_listener (run, kind);
}
