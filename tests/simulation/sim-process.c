/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-machine-private.h"
#include "tst-system-private.h"

static const char *const table_ids[] = { "a", "a", "a", "b" };
static const char *const row_ids[] = { "x", "y", "z" };
static const char *const cell_ids[] = { "p", "q", "r" };
static const char *const value_ids[] = { "v", "w" };

#define PICK(array, n) ((array)[(n) % G_N_ELEMENTS (array)])

static void
enter (SimProcess *self)
{
  self->n_entered++;
  sim_system_enter (self);
  g_main_context_push_thread_default (self->context);
}

static void
leave (SimProcess *self)
{
  g_main_context_pop_thread_default (self->context);
  if (--self->n_entered == 0)
    sim_system_enter (NULL);
}

/* --- Edits --- */

/* Whose row it is: all its cells tell of the same creation. */
static char *
get_creation (SimProcess *self,
              const char *table_id,
              const char *row_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (cell_ids); i++)
    {
      const char *value = tst_store_get_cell_string (self->store, table_id, row_id, cell_ids[i]);

      if (value != NULL)
        return g_strndup (value, strcspn (value, "."));
    }

  return g_strdup (row_id);
}

static void
set_cell (SimProcess *self,
          const char *table_id,
          const char *row_id,
          const char *cell_id)
{
  g_autofree char *creation = get_creation (self, table_id, row_id);
  g_autofree char *value = sim_new_value (self->sim, creation);

  sim_log (self->sim, "process %u sets %s/%s/%s to %s", self->number, table_id, row_id, cell_id,
           value);
  tst_store_set_cell_string (self->store, table_id, row_id, cell_id, value, NULL);
}

/* unique: under an id that nobody else has. The random ones of the store are not
 * the same each time. */
static void
add_row (SimProcess *self,
         const char *table_id,
         guint       b,
         gboolean    unique)
{
  g_autofree char *creation = g_strdup_printf ("c%u", ++self->sim->n_values);
  g_autofree char *p = sim_new_value (self->sim, creation);
  g_autofree char *q = sim_new_value (self->sim, creation);
  g_autofree char *json = NULL;
  g_autofree char *row_id = NULL;

  /* Two media that have given one id to two rows cannot be told from two that
   * have the same row. */
  unique |= self->sim->world.media > 1;

  if (b % 2)
    json = g_strdup_printf ("{\"p\":\"%s\",\"q\":\"%s\"}", p, q);
  else
    json = g_strdup_printf ("{\"p\":\"%s\"}", p);

  if (unique)
    {
      row_id = g_strdup_printf ("unique%u", self->sim->n_values);
      tst_store_set_row_json (self->store, table_id, row_id, json, NULL);
    }
  else
    {
      row_id = tst_store_add_row_json (self->store, table_id, json, 0, NULL);
    }

  sim_log (self->sim, "process %u adds %s/%s: %s", self->number, table_id, row_id, json);
}

static char *
pick_row (SimProcess *self,
          const char *table_id,
          guint       b)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, table_id);
  guint n = g_strv_length (ids);

  return n > 0 ? g_strdup (ids[b % n]) : NULL;
}

static void
edit_row (SimProcess *self,
          guint       a,
          guint       b)
{
  const char *table_id = PICK (table_ids, a / 16);
  const char *cell_id = PICK (cell_ids, b / 64);
  g_autofree char *row_id = pick_row (self, table_id, b);

  if (row_id == NULL)
    {
      add_row (self, table_id, b, FALSE);
    }
  else if (a % 16 <= 4)
    {
      set_cell (self, table_id, row_id, cell_id);
    }
  else if (a % 16 == 9)
    {
      sim_log (self->sim, "process %u removes %s/%s/%s", self->number, table_id, row_id, cell_id);
      tst_store_remove_cell (self->store, table_id, row_id, cell_id);
    }
  else
    {
      sim_log (self->sim, "process %u removes %s/%s", self->number, table_id, row_id);
      tst_store_remove_row (self->store, table_id, row_id);
    }
}

static void
edit_values (SimProcess *self,
             guint       a,
             guint       b)
{
  const char *value_id = PICK (value_ids, b);
  g_autofree char *value = sim_new_value (self->sim, NULL);

  if (a % 16 == 14)
    {
      sim_log (self->sim, "process %u removes %s", self->number, value_id);
      tst_store_remove_value (self->store, value_id);
      return;
    }

  sim_log (self->sim, "process %u sets %s to %s", self->number, value_id, value);
  tst_store_set_value_string (self->store, value_id, value, NULL);
}

static void
edit_several (SimProcess *self,
              guint       a,
              guint       b)
{
  tst_store_begin (self->store);
  for (guint i = 0; i < 2 + b % 3; i++)
    sim_process_edit (self, (a + 7 * i + b) % 15, b / 3 + 11 * i);

  if (b % 5 == 0)
    {
      sim_log (self->sim, "process %u rolls that back", self->number);
      tst_store_rollback (self->store);
    }
  else
    {
      tst_store_commit (self->store);
    }
}

void
sim_process_edit (SimProcess *self,
                  guint       a,
                  guint       b)
{
  const char *table_id = PICK (table_ids, a / 16);

  if (!self->alive)
    return;

  enter (self);
  switch (a % 16)
    {
    case 5:
      set_cell (self, table_id, PICK (row_ids, b), PICK (cell_ids, b / 64));
      break;
    case 6:
    case 7:
      add_row (self, table_id, b, FALSE);
      break;
    case 8:
      add_row (self, table_id, b, TRUE);
      break;
    case 12:
      sim_log (self->sim, "process %u removes %s", self->number, table_id);
      tst_store_remove_table (self->store, table_id);
      break;
    case 13:
    case 14:
      edit_values (self, a, b);
      break;
    case 15:
      edit_several (self, a, b);
      break;
    default:
      edit_row (self, a, b);
      break;
    }
  leave (self);
}

void
sim_process_transaction (SimProcess *self,
                         guint       a)
{
  if (!self->alive)
    return;

  enter (self);
  if (self->n_open == 0 || (a % 4 == 0 && self->n_open < 3))
    {
      sim_log (self->sim, "process %u begins", self->number);
      self->n_open++;
      tst_store_begin (self->store);
    }
  else
    {
      sim_log (self->sim, "process %u %s", self->number, a % 4 == 1 ? "rolls back" : "commits");
      self->n_open--;
      if (a % 4 == 1)
        tst_store_rollback (self->store);
      else
        tst_store_commit (self->store);
    }
  leave (self);
}

static void
changed_cb (TstStore     *store,
            const char   *table_id,
            const char   *row_id,
            const char   *cell_id,
            const GValue *new_value,
            const GValue *old_value,
            gpointer      user_data)
{
  sim_process_react (user_data);
}

/* What an app might do when rows come and go, whoever made them. */
static void
echo_cb (TstStore           *store,
         const char         *table_id,
         const char * const *added,
         const char * const *removed,
         gpointer            user_data)
{
  tst_store_set_value_number (store, "echo", tst_store_get_n_rows (store, "a"), NULL);
}

/* --- Asking --- */

typedef struct
{
  SimPeer    *peer;
  const char *what;
  guint64     seq;
} Ask;

static Ask *
ask_new (SimPeer    *peer,
         const char *what)
{
  Ask *ask = g_new (Ask, 1);

  sim_log (peer->sim, "peer %u: %s", peer->number, what);
  ask->peer = peer;
  ask->what = what;
  ask->seq = peer->sim->seq;
  peer->n_asks++;
  peer->n_saves += g_str_equal (what, "save");

  return ask;
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Ask *ask = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  ask->peer->n_asks--;
  ask->peer->n_saves -= g_str_equal (ask->what, "save");
  ask->peer->forced |= !done && g_str_equal (ask->what, "save");
  sim_log (ask->peer->sim, "peer %u: %s %s", ask->peer->number, ask->what,
           done ? "is done" : error->message);
  if (!ask->peer->alive || !done)
    return;

  if (g_str_equal (ask->what, "flush") || g_str_equal (ask->what, "save") ||
      g_str_equal (ask->what, "close"))
    sim_oracle_check_saved (ask->peer, ask->seq, ask->what);
  if (g_str_equal (ask->what, "load") && ask->peer->sim->world.mode == SIM_MODE_EXPLICIT)
    sim_oracle_note_reverted (ask->peer);
  if (g_str_equal (ask->what, "close"))
    {
      /* What was changed since the call. */
      ask->peer->sim->may_double |= tst_persister_get_dirty (ask->peer->persister);
      g_clear_object (&ask->peer->persister);
    }
  sim_process_react (ask->peer->process);
}

static SimPeer *
pick_peer (SimProcess *self,
           guint       n)
{
  SimPeer *peer = self->peers[n % SIM_MAX_MEDIA];

  if (peer == NULL || peer->persister == NULL)
    peer = self->peers[(n + 1) % SIM_MAX_MEDIA];

  return self->alive && peer != NULL && peer->persister != NULL ? peer : NULL;
}

static GCancellable *
new_cancellable (SimProcess *self)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_ptr_array_add (self->cancellables, cancellable);

  return cancellable;
}

/* A save that has taken effect and is not answered yet is found again, unless somebody else
 * changes what was written, or a cache has something else. */
static void
note_given_up (SimProcess *self)
{
  SimWorld *world = &self->sim->world;

  if (!world->foreign && !world->stale && !world->late)
    return;

  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    if (self->peers[i] != NULL)
      self->sim->may_double |= sim_medium_is_busy_for (self->peers[i]->medium, self->peers[i]);
}

static void
cancel (SimProcess *self,
        guint       b)
{
  if (self->cancellables->len == 0)
    return;

  sim_log (self->sim, "process %u cancels", self->number);
  self->has_cancelled = TRUE;
  note_given_up (self);
  g_cancellable_cancel (g_ptr_array_index (self->cancellables, b % self->cancellables->len));
  g_ptr_array_remove_index (self->cancellables, b % self->cancellables->len);
}

void
sim_process_ask (SimProcess *self,
                 guint       a,
                 guint       b)
{
  SimPeer *peer = pick_peer (self, b);
  gboolean explicit = self->sim->world.mode == SIM_MODE_EXPLICIT;

  if (peer == NULL)
    return;

  enter (self);
  if (a % 8 == 0)
    {
      cancel (self, b);
    }
  else if (a % 8 == 1 && (explicit || tst_persister_get_auto_save (peer->persister)))
    {
      peer->overwrites = FALSE;
      tst_persister_load_async (peer->persister, new_cancellable (self), done_cb,
                                ask_new (peer, "load"));
    }
  else if (a % 8 <= 3)
    {
      tst_persister_save_async (peer->persister, new_cancellable (self), done_cb,
                                ask_new (peer, "save"));
    }
  else
    {
      tst_persister_flush_async (peer->persister, a % 2 ? new_cancellable (self) : NULL, done_cb,
                                 ask_new (peer, "flush"));
    }
  leave (self);
}

static void
start_loading (SimPeer *peer)
{
  peer->overwrites = FALSE;
  tst_persister_start_auto_load_async (peer->persister, NULL, NULL, done_cb,
                                       ask_new (peer, "start to load"));
}

static void
start_saving (SimPeer *peer)
{
  tst_persister_start_auto_save_async (peer->persister, NULL, done_cb,
                                       ask_new (peer, "start to save"));
}

static void
stop_saving (SimPeer *peer)
{
  /* What fails from now on, or is reverted, is not tried again. */
  if (peer->n_asks == 0 && !peer->sim->world.faults && !peer->sim->world.foreign &&
      !peer->sim->world.refuses)
    sim_oracle_note_last (peer);
  tst_persister_stop_auto_save (peer->persister);
}

void
sim_process_switch (SimProcess *self,
                    guint       a,
                    guint       b)
{
  SimPeer *peer = pick_peer (self, b);

  if (peer == NULL || self->sim->world.mode != SIM_MODE_MIXED)
    return;

  enter (self);
  sim_log (self->sim, "peer %u switches %u", peer->number, a % 4);
  if (a % 4 == 0)
    tst_persister_stop_auto_load (peer->persister);
  else if (a % 4 == 1)
    stop_saving (peer);
  else if (a % 4 == 2)
    start_loading (peer);
  else
    start_saving (peer);
  leave (self);
}

void
sim_process_nudge (SimProcess *self)
{
  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    {
      SimPeer *peer = self->peers[i];

      if (!sim_peer_is_following (peer) || !tst_persister_get_dirty (peer->persister))
        continue;

      if (self->sim->world.nudge == SIM_NUDGE_EDIT)
        {
          sim_process_edit (self, 13, 0);
          return;
        }

      enter (self);
      tst_persister_flush_async (peer->persister, NULL, done_cb, ask_new (peer, "flush"));
      leave (self);
    }
}

/* --- Beginning and ending --- */

static char *
make_defaults (SimProcess *self)
{
  g_autofree char *p = g_strdup_printf ("x.default%u", self->number);
  g_autofree char *q = g_strdup_printf ("d%u.default", self->number);

  /* As if they were seen: an edit may have hidden them from the first moment. */
  sim_oracle_note_seen (self, p);
  sim_oracle_note_seen (self, q);

  return g_strdup_printf ("[{\"a\":{\"x\":{\"p\":\"%s\"},\"d%u\":{\"q\":\"%s\"}}},{}]", p,
                          self->number, q);
}

static void
start_peer (SimProcess *self,
            guint       i,
            guint       a)
{
  SimPeer *peer = g_new0 (SimPeer, 1);
  g_autofree char *defaults = NULL;

  peer->sim = self->sim;
  peer->medium = self->sim->media[i];
  peer->process = self;
  peer->number = self->sim->peers->len;
  peer->alive = TRUE;
  peer->overwrites = TRUE;
  /* Rows that are here already may be those of the medium. */
  self->sim->may_double |= tst_store_has_tables (self->store);
  g_ptr_array_add (self->sim->peers, peer);
  self->peers[i] = peer;

  peer->persister = sim_persister_new (peer, self->store);
  g_set_weak_pointer (&peer->object, peer->persister);
  tst_persister_set_save_delay (peer->persister, self->sim->world.delay);
  sim_oracle_watch_peer (peer);
  sim_log (self->sim, "process %u has peer %u on medium %u", self->number, peer->number, i);

  if (self->sim->world.mode == SIM_MODE_EXPLICIT)
    return;

  if (self->sim->world.mode == SIM_MODE_MIXED && a % 4 == 1)
    {
      start_saving (peer);
      return;
    }

  if (self->sim->world.mode == SIM_MODE_MIXED && a % 4 == 2)
    {
      start_loading (peer);
      return;
    }

  if (self->sim->world.defaults)
    defaults = make_defaults (self);
  peer->overwrites = FALSE;
  tst_persister_start_auto_persisting_async (peer->persister, defaults, NULL, done_cb,
                                             ask_new (peer, "start"));
}

static gboolean
is_on_medium (SimProcess *self,
              guint       i)
{
  return i < self->sim->world.media && (self->number == 0 || self->number % 2 == i % 2);
}

/* What is missing of it. */
void
sim_process_start (SimProcess *self,
                   guint       a)
{
  if (!self->alive)
    {
      sim_log (self->sim, "process %u starts", self->number);
      self->alive = TRUE;
      self->context = g_main_context_new ();
      self->store = tst_store_new ();
      sim_oracle_watch (self);
      tst_store_add_cell_listener (self->store, NULL, NULL, NULL, 0, changed_cb, self, NULL);
      if (self->sim->world.echo)
        tst_store_add_row_ids_listener (self->store, "a", 0, echo_cb, NULL, NULL);
    }

  /* What a store holds in the middle of a transaction is no beginning. */
  if (self->n_open > 0)
    return;

  enter (self);
  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    {
      if (is_on_medium (self, i) && (self->peers[i] == NULL || self->peers[i]->persister == NULL))
        start_peer (self, i, a);
    }
  leave (self);
}

static void
close_peer (SimPeer *peer)
{
  if (peer->n_asks == 0)
    tst_persister_close_async (peer->persister, NULL, done_cb, ask_new (peer, "close"));
}

/* Without a word. */
static void
drop_peer (SimPeer *peer)
{
  if (peer->n_asks > 0)
    return;

  sim_log (peer->sim, "peer %u is dropped", peer->number);
  peer->sim->may_double = TRUE;
  peer->due = 0;
  if (peer->sim->world.threads)
    sim_oracle_note_last (peer);
  g_clear_object (&peer->persister);
}

void
sim_process_end (SimProcess *self,
                 guint       a)
{
  SimPeer *peer = pick_peer (self, a / 4);

  if (!self->alive)
    return;

  if (a % 4 <= 1)
    {
      sim_process_crash (self);
      return;
    }

  if (peer == NULL)
    return;

  enter (self);
  if (a % 4 == 2)
    close_peer (peer);
  else
    drop_peer (peer);
  leave (self);
}

static void
let_go_of_store (SimProcess *self)
{
  TstStore *store = self->store;

  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &self->store);
  g_object_unref (store);
  if (self->store == NULL)
    return;

  g_clear_weak_pointer (&self->store);
  sim_fail (self->sim, "somebody still holds the store of process %u", self->number);
}

/* Lets go of everything, without a trace on the media. */
void
sim_process_crash (SimProcess *self)
{
  sim_log (self->sim, "process %u is killed", self->number);

  for (guint i = 0; i < self->sim->peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (self->sim->peers, i);

      if (peer->process != self || !peer->alive)
        continue;

      peer->alive = peer->listening = FALSE;
      sim_medium_forget (peer->medium, peer);
    }

  enter (self);
  for (; self->n_open > 0; self->n_open--)
    tst_store_rollback (self->store);
  for (guint i = 0; i < self->sim->peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (self->sim->peers, i);

      if (peer->process == self && peer->object != NULL)
        g_object_run_dispose (G_OBJECT (peer->object));
    }

  while (sim_process_work (self, 0) || g_main_context_iteration (self->context, FALSE))
    ;

  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    {
      if (self->peers[i] != NULL)
        g_clear_object (&self->peers[i]->persister);
      self->peers[i] = NULL;
    }
  leave (self);

  g_ptr_array_set_size (self->cancellables, 0);
  g_array_set_size (self->changes, 0);
  g_hash_table_remove_all (self->seen);
  self->reacts = FALSE;
  self->alive = FALSE;
  let_go_of_store (self);
  g_clear_pointer (&self->context, g_main_context_unref);
}

/* --- Reacting --- */

void
sim_process_plan (SimProcess    *self,
                  const SimStep *step)
{
  self->reaction = *step;
  self->reacts = TRUE;
}

void
sim_process_react (SimProcess *self)
{
  guint a = self->reaction.a / 8;
  guint b = self->reaction.b;

  if (!self->reacts || !self->alive)
    return;

  self->reacts = FALSE;
  sim_log (self->sim, "process %u reacts", self->number);
  switch (self->reaction.a % 8)
    {
    case 0:
    case 1:
      sim_process_edit (self, a, b);
      break;
    case 2:
      /* In a listener, it would not be clear what a load was to do. */
      if (!tst_store_is_busy (self->store))
        sim_process_switch (self, a, b);
      break;
    case 3:
      sim_process_end (self, 2 + 4 * a);
      break;
    case 4:
      sim_process_end (self, 3 + 4 * a);
      break;
    case 5:
      /* In a listener, a persister would begin in the middle of a transaction. */
      if (!tst_store_is_busy (self->store))
        sim_process_start (self, a);
      break;
    default:
      sim_process_ask (self, a, b);
      break;
    }
}

/* --- Going on --- */

gboolean
sim_process_run (SimProcess *self)
{
  gboolean done;

  if (!self->alive)
    return FALSE;

  enter (self);
  done = g_main_context_iteration (self->context, FALSE);
  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    if (self->peers[i] != NULL)
      self->peers[i]->heard = self->peers[i]->told;
  leave (self);
  sim_oracle_check_process (self);

  return done;
}

/* Whether there is something that a job may wait for. */
static gboolean
is_busy (SimProcess *self)
{
  for (GList *l = self->jobs.head; l != NULL; l = l->next)
    if (!((SimJob *) l->data)->alone)
      return TRUE;

  for (guint i = 0; i < self->sim->peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (self->sim->peers, i);

      if (peer->process == self && sim_medium_is_busy_for (peer->medium, peer))
        return TRUE;
    }

  return FALSE;
}

gboolean
sim_process_work (SimProcess *self,
                  guint       a)
{
  for (guint i = 0; i < self->jobs.length; i++)
    {
      guint n = (a + i) % self->jobs.length;
      SimJob *job = g_queue_peek_nth (&self->jobs, n);

      if (job->alone && is_busy (self))
        continue;

      g_queue_pop_nth (&self->jobs, n);
      sim_system_enter (self);
      job->work (job->data);
      g_free (job);
      return TRUE;
    }

  return FALSE;
}

/* Ends what it has begun, and runs with all that it had in the beginning. */
void
sim_process_settle (SimProcess *self)
{
  self->reacts = FALSE;
  while (self->alive && self->n_open > 0)
    sim_process_transaction (self, 2);
  sim_process_start (self, 0);
}

SimProcess *
sim_process_new (Sim   *sim,
                 guint  number)
{
  SimProcess *self = g_new0 (SimProcess, 1);

  self->sim = sim;
  self->number = number;
  g_queue_init (&self->jobs);
  self->cancellables = g_ptr_array_new_with_free_func (g_object_unref);
  self->changes = g_array_new (FALSE, FALSE, sizeof (SimChange));
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
sim_process_free (SimProcess *self)
{
  if (self->alive)
    sim_process_crash (self);

  g_ptr_array_unref (self->cancellables);
  g_array_unref (self->changes);
  g_hash_table_unref (self->seen);
  g_free (self);
}
