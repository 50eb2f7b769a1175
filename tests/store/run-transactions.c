/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <math.h>
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
      g_assert_true (tst_store_set_cell_number (store, ECHO_TABLE, row_id, cell_id, 1, NULL));
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

  run->n_rounds++;
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

/* --- Mutators --- */

/* Repeat numbers in a table of their own, where each row is removed as a cell of that
 * row is removed elsewhere; anything else becomes a value. And in answer to values,
 * cells. Some numbers undo the transaction. */
void
run_mutate_cell_cb (TstStore     *store,
                    const char   *table_id,
                    const char   *row_id,
                    const char   *cell_id,
                    const GValue *new_value,
                    const GValue *old_value,
                    gpointer      user_data)
{
  Run *run = user_data;
  Mutation mutation = {
    FALSE, model_intern (row_id), model_intern (cell_id), model_value_from (new_value)
  };

  if (strcmp (table_id, ECHO_TABLE) == 0 || strcmp (table_id, MUTANT_TABLE) == 0)
    return;
  g_assert_false (run->undone);

  if (mutation.value.type == TST_CELL_TYPE_NONE)
    {
      tst_store_remove_row (store, MUTANT_TABLE, row_id);
      mutation.cell_id = NULL;
    }
  else if (mutation.value.type == TST_CELL_TYPE_NUMBER)
    {
      g_assert_true (tst_store_set_cell (store, MUTANT_TABLE, row_id, cell_id, new_value, NULL));
      run->undone = run->undoing && fmod (fabs (mutation.value.number), 16) == 3;
    }
  else
    {
      g_assert_true (tst_store_set_value (store, cell_id, new_value, NULL));
      mutation.row_id = NULL;
    }

  g_array_append_val (run->mutations, mutation);
  if (run->undone)
    {
      tst_store_rollback (store);
      g_assert_true (tst_store_set_cell_number (store, MUTANT_TABLE, "too", "late", 1, NULL));
    }
}

void
run_mutate_value_cb (TstStore     *store,
                     const char   *value_id,
                     const GValue *new_value,
                     const GValue *old_value,
                     gpointer      user_data)
{
  Run *run = user_data;
  Mutation mutation = { TRUE, model_intern ("values"), model_intern (value_id),
                        model_value_from (new_value) };

  g_assert_false (run->undone);
  if (new_value != NULL)
    {
      g_assert_true (tst_store_set_cell (store, MUTANT_TABLE, "values", value_id, new_value, NULL));
    }
  else
    {
      tst_store_remove_row (store, MUTANT_TABLE, "values");
      mutation.cell_id = NULL;
    }

  g_array_append_val (run->mutations, mutation);
}

static void
mutate_in_model (Run      *run,
                 gboolean  of_values)
{
  const char *mutants = model_intern (MUTANT_TABLE);

  for (guint i = 0; i < run->mutations->len; i++)
    {
      const Mutation *mutation = &g_array_index (run->mutations, Mutation, i);

      if (mutation->of_values != of_values)
        continue;

      if (mutation->row_id == NULL)
        model_set_value (run->model, mutation->cell_id, mutation->value);
      else if (mutation->cell_id == NULL)
        model_remove_row (run->model, mutants, mutation->row_id);
      else
        model_set_cell (run->model, mutants, mutation->row_id, mutation->cell_id, mutation->value);
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
  run->schema_before = run->model->schema;
  g_array_set_size (run->invalid, 0);
  g_array_set_size (run->answers, 0);
  g_array_set_size (run->mutations, 0);
  run->n_rounds = 0;
  run->undone = FALSE;
}

/* What the operation did, and mutators in answer to it. */
static void
check_first_round (Run *run)
{
  g_autoptr(ModelContent) first = model_content_ref (run->model->now);
  g_autoptr(ModelContent) second = NULL;
  g_autoptr(ModelDiff) tables = model_diff (run->before, first);
  g_autoptr(ModelDiff) values = NULL;
  g_autoptr(ModelDiff) diff = NULL;

  mutate_in_model (run, FALSE);
  second = model_content_ref (run->model->now);
  values = model_diff (run->before, second);
  mutate_in_model (run, TRUE);

  if (run->undone)
    {
      model_content_unref (run->model->now);
      run->model->now = model_content_ref (run->before);
      run->model->schema = run->schema_before;
    }

  diff = model_diff (run->before, run->model->now);
  recorder_check (run->recorder, &(RecorderRound) {
    run->invalid, tables, values, diff, run->undone
  });
}

/* What the answering listener did in the first. */
static void
check_second_round (Run *run)
{
  g_autoptr(ModelContent) between = model_content_ref (run->model->now);
  g_autoptr(ModelDiff) diff = NULL;

  g_assert_cmpuint (run->n_rounds, <=, 2);
  g_assert_true (run->n_rounds == 2 || run->answers->len == 0);
  answer_in_model (run);
  diff = model_diff (between, run->model->now);
  if (run->n_rounds == 2)
    recorder_check (run->recorder, &(RecorderRound) { NULL, diff, diff, diff, FALSE });
}

void
run_finish (Run *run)
{
  run->n_operations++;
  run_take_misfits (run);
  if (run->model->stack->len > 0)
    return;

  check_first_round (run);
  if (run->answering)
    check_second_round (run);
  recorder_check_silence (run->recorder);
  if (run_chance (run, 10) == 0)
    run_check_pages (run);
  g_assert_cmpuint (run->model->misfits->len, ==, 0);
  run_assert_schema (run);
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
  run_assert_schema (run);
  if (run->model->stack->len > 0)
    return;

  diff = model_diff (run->before, run->model->now);
  g_assert_true (model_diff_is_empty (diff));
  recorder_check (run->recorder, &(RecorderRound) { run->invalid, NULL, NULL, diff, TRUE });
  recorder_check_silence (run->recorder);
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
  gboolean is_phase = kind == EVENT_STARTED || kind == EVENT_FINISHING || kind == EVENT_FINISHED;
  TstListenerFlags flags = !is_phase && run_chance (run, 3) == 0 ? TST_LISTENER_MUTATOR : 0;
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

  recorder_listen (run->recorder, kind, flags, t, r, c);
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
