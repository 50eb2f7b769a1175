/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "recorder.h"
#include "test-util.h"

#include "tst-store-private.h"

G_BEGIN_DECLS

#define MAX_HELD  6
#define MAX_DEPTH 4
#define MAX_PAGES 4

/* What an episode draws its ids from, and how much it does. */
typedef struct
{
  const char *name;
  guint       n_tables;
  guint       n_rows;
  guint       n_cells;
  guint       n_values;
  guint       n_operations;
  guint       row_width;      /* cells of a structured write, at most */
  guint       table_height;   /* rows of structured content, at most */
  guint       burst;          /* writes at once, in a transaction; 0: never */
  guint       weight;         /* of a hundred episodes */
} Profile;

typedef struct
{
  TstSnapshot  *snapshot;
  ModelContent *content;
} Held;

/* What a listener did in answer to a change of a cell */
typedef struct
{
  const char *row_id;
  const char *cell_id;
  ModelValue  value;     /* none: the row was removed */
} Answer;

/* What a mutator wrote: a cell in MUTANT_TABLE, or a value. */
typedef struct
{
  gboolean    of_values;  /* in answer to a value */
  const char *row_id;     /* (nullable): NULL for a value */
  const char *cell_id;    /* (nullable): NULL if the row was removed */
  ModelValue  value;
} Mutation;

/* A page of sorted rows that a listener keeps live */
typedef struct
{
  gulong      handle;    /* 0: there is none */
  const char *table_id;
  const char *cell_id;   /* (nullable) */
  gboolean    descending;
  int         offset;
  int         limit;
  char      **known;
} WatchedPage;

typedef struct
{
  guint64        random;
  const Profile *profile;
  const char   **table_ids;
  const char   **row_ids;
  const char   **cell_ids;
  const char   **value_ids;
  TstStore      *store;
  Model         *model;
  ModelContent  *before;     /* the outermost transaction */
  Recorder      *recorder;
  GArray        *invalid;    /* Event: what was refused in this transaction */
  gboolean       answering;  /* a listener writes, too */
  GArray        *answers;    /* Answer, of this transaction */
  guint          n_rounds;   /* of this transaction that were committed */
  gboolean       mutating;   /* a mutator writes, too */
  gboolean       undoing;    /* … and undoes a transaction now and then */
  gboolean       undone;     /* … as this one */
  GArray        *mutations;  /* Mutation, of this transaction */
  WatchedPage    pages[MAX_PAGES];
  gboolean       with_schemas;
  GPtrArray     *schemas;    /* owned ModelSchema: all that the store had */
  ModelSchema   *schema_before; /* (nullable): before the outermost transaction */
  gboolean       careful;    /* not to write what the schema refuses */
  gulong         interceptor; /* that lets everything through … */
  guint          n_asked;    /* … and was asked so often */
  guint          n_misfits;
  Held           held[MAX_HELD];
  GThread       *thread;     /* (nullable) */
  guint          n_operations;
} Run;

/* Where the answering listener writes. */
#define ECHO_TABLE "the table of answers"

/* And where mutators write. */
#define MUTANT_TABLE "the table of mutants"

/* By chance */

guint        run_chance         (Run  *run,
                                 guint n);
const char **run_make_ids       (Run        *run,
                                 const char *prefix,
                                 guint       n);
const char  *run_pick_table     (Run *run);
const char  *run_pick_row       (Run        *run,
                                 const char *table_id);
const char  *run_pick_cell      (Run *run);
const char  *run_pick_value_id  (Run *run);
ModelValue   run_pick_value     (Run *run);
ModelValue   run_pick_value_for (Run        *run,
                                 const char *table_id,
                                 const char *cell_id);
const char  *run_pick_cell_for  (Run        *run,
                                 const char *table_id);
void         run_init_cell      (TstCell   *cell,
                                 ModelValue value);
void         run_init_gvalue    (Run       *run,
                                 GValue    *gvalue,
                                 ModelValue value);
TstSnapshot *run_build_snapshot (Run                *run,
                                 const ModelContent *content);
GArray      *run_pick_cells     (Run         *run,
                                 const char  *table_id,
                                 guint        most,
                                 const char **ids,
                                 guint        n_ids);

/* Comparing */

void run_assert_snapshot     (TstSnapshot        *snapshot,
                              const ModelContent *content);
void run_assert_done         (const Run        *run,
                              gboolean          fits,
                              gboolean          done,
                              const GError     *error);
void run_assert_got          (Run              *run,
                              const char       *table_id,
                              const char       *row_id,
                              const char       *id,
                              const ModelValue *expected);
void run_assert_got_boxed    (Run              *run,
                              const char       *table_id,
                              const char       *row_id,
                              const char       *id,
                              const ModelValue *expected);
void run_assert_values       (Run *run);
void run_assert_by_getters   (Run *run);
void run_assert_by_walking   (Run *run);
void run_assert_by_snapshot  (Run *run);
void run_assert_cursor_cell  (TstCursor        *cursor,
                              guint             column,
                              const ModelValue *expected);
void run_assert_by_cursor    (Run        *run,
                              const char *table_id);
void run_assert_everything   (Run *run);
void run_assert_touched      (Run        *run,
                              const char *table_id,
                              const char *row_id);
void run_assert_touched_cell (Run        *run,
                              const char *table_id,
                              const char *row_id,
                              const char *cell_id);

/* Transactions */

void run_answer_cb        (TstStore     *store,
                           const char   *table_id,
                           const char   *row_id,
                           const char   *cell_id,
                           const GValue *new_value,
                           const GValue *old_value,
                           gpointer      user_data);
void run_mutate_cell_cb   (TstStore     *store,
                           const char   *table_id,
                           const char   *row_id,
                           const char   *cell_id,
                           const GValue *new_value,
                           const GValue *old_value,
                           gpointer      user_data);
void run_mutate_value_cb  (TstStore     *store,
                           const char   *value_id,
                           const GValue *new_value,
                           const GValue *old_value,
                           gpointer      user_data);
void run_round_cb         (TstStore *store,
                           gpointer  user_data);
void run_start            (Run *run);
void run_finish           (Run *run);
void run_begin            (Run *run);
void run_commit           (Run *run);
void run_rollback         (Run *run);
void run_look_at_changes  (Run *run);
void run_change_listeners (Run *run);

/* Pages of sorted rows */

void run_watch_pages  (Run *run);
void run_check_pages  (Run *run);
void run_forget_pages (Run *run);

/* Writing */

void run_set_cell     (Run *run);
void run_refuse_cell  (Run *run);
void run_refuse_value (Run *run);
void run_remove_cell  (Run *run);
void run_remove_row   (Run *run);
void run_remove_table (Run *run);
void run_write_row    (Run *run);
void run_add_row      (Run *run);
void run_set_value    (Run *run);
void run_remove_value (Run *run);
void run_write_values (Run *run);
void run_use_cursor   (Run *run);

/* Whole content, and snapshots */

ModelContent *run_pick_content (Run *run);
gboolean      run_replace_in_model (Run                *run,
                                    const ModelContent *content,
                                    TstParts            parts);
void          run_replace      (Run *run);
void          run_join_thread  (Run *run);
void          run_release      (Run  *run,
                                Held *held);
void          run_hold         (Run *run);

/* Schemas */

void run_make_cells_fit (Run        *run,
                         const char *table_id,
                         GArray     *cells);
void run_change_schema  (Run        *run);
void run_unset_schema   (Run        *run);
void run_assert_schema  (const Run  *run);
void run_take_misfits   (Run        *run);

/* As text */

void run_set_cell_json     (Run *run);
void run_write_row_json    (Run *run);
void run_add_row_json      (Run *run);
void run_write_values_json (Run *run);
void run_replace_json      (Run *run);

G_END_DECLS
