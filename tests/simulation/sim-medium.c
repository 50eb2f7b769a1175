/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-call-private.h"
#include "tst-digest-private.h"
#include "tst-persister-private.h"

/* What becomes of a request. */
enum
{
  OUTCOME_ANSWER,       /* its effect, and an answer that says so */
  OUTCOME_LOST_ANSWER,  /* its effect, and an error: nobody knows */
  OUTCOME_FAIL,         /* no effect, and an error that says so */
  OUTCOME_LOST,         /* no effect, and an error: nobody knows */
  OUTCOME_CONFLICT
};

static void set_text (SimMedium *self,
                      GBytes    *text);

static void
request_free (gpointer data)
{
  SimRequest *request = data;

  g_clear_object (&request->request);
  g_clear_pointer (&request->text, g_bytes_unref);
  g_clear_pointer (&request->content, g_hash_table_unref);
  g_free (request->tag);
  g_free (request->base_tag);
  g_free (request);
}

/* --- The persister --- */

typedef struct
{
  TstPersister parent_instance;

  SimPeer *peer;
} SimPersister;

typedef TstPersisterClass SimPersisterClass;

static GType sim_persister_get_type (void);

G_DEFINE_TYPE (SimPersister, sim_persister, TST_TYPE_PERSISTER)

static gboolean
take_request (SimPeer    *peer,
              TstRequest *tst_request,
              gboolean    is_write)
{
  SimRequest *request = g_new0 (SimRequest, 1);

  request->peer = peer;
  request->request = g_object_ref (tst_request);
  request->is_write = is_write;
  request->base_tag = g_strdup (tst_request_get_base_tag (tst_request));
  if (is_write)
    {
      request->text = tst_request_get_text (tst_request, NULL);
      request->keeps_original = tst_request_keeps_original (tst_request);
      request->whole = tst_request_is_whole (tst_request);
      request->seq = peer->sim->seq;
      peer->is_overwriting |= peer->overwrites;
      request->overwrites = peer->is_overwriting;
      request->forced = peer->n_saves > 0 || peer->forced;
      sim_oracle_check_asked (request);
    }

  peer->medium->n_reads += !is_write;
  peer->medium->n_writes += is_write;

  g_ptr_array_add (peer->medium->requests, request);
  sim_log (peer->sim, "peer %u asks to %s, base %s", peer->number, is_write ? "write" : "read",
           request->base_tag != NULL ? request->base_tag : "none");

  return TRUE;
}

static gboolean
sim_persister_read (TstPersister  *persister,
                    TstRequest    *request,
                    GError       **error)
{
  return take_request (((SimPersister *) persister)->peer, request, FALSE);
}

static gboolean
sim_persister_write (TstPersister  *persister,
                     TstRequest    *request,
                     GError       **error)
{
  SimPeer *peer = ((SimPersister *) persister)->peer;

  /* What a process does on its way down in a crash, it does not do. */
  if (!peer->alive)
    return TRUE;

  return take_request (peer, request, TRUE);
}

static gboolean
sim_persister_start_listening (TstPersister  *persister,
                               GError       **error)
{
  SimPeer *peer = ((SimPersister *) persister)->peer;

  peer->listening = TRUE;
  peer->heard = peer->told = 0;
  peer->stamp_tells = FALSE;

  return TRUE;
}

static void
sim_persister_stop_listening (TstPersister *persister)
{
  SimPeer *peer = ((SimPersister *) persister)->peer;

  peer->listening = FALSE;
  peer->news = FALSE;
}

static void
sim_persister_class_init (SimPersisterClass *klass)
{
  klass->read = sim_persister_read;
  klass->write = sim_persister_write;
  klass->start_listening = sim_persister_start_listening;
  klass->stop_listening = sim_persister_stop_listening;
}

static void
sim_persister_init (SimPersister *self)
{
}

/* --- Effects --- */

void
sim_medium_tell (SimMedium *self)
{
  GPtrArray *peers = self->sim->peers;

  for (guint i = 0; i < peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (peers, i);

      if (peer->medium != self || !peer->listening)
        continue;

      peer->news = TRUE;
      g_free (peer->news_tag);
      peer->news_tag = sim_medium_get_tag (self);
    }
}

static void
set_text (SimMedium *self,
          GBytes    *text)
{
  SimVersion *version = g_new0 (SimVersion, 1);
  const char *tag;

  if (text != NULL)
    g_bytes_ref (text);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->content, g_hash_table_unref);
  self->text = text;
  self->version++;
  self->unfolded = FALSE;

  if (text != NULL)
    self->content = sim_content_new (text);
  if (self->content != NULL)
    {
      g_clear_pointer (&self->held, g_hash_table_unref);
      self->held = g_hash_table_ref (self->content);
      g_ptr_array_add (self->history, g_bytes_ref (text));
    }

  version->since = sim_system_get_time ();
  version->text = text != NULL ? g_bytes_ref (text) : NULL;
  version->content = self->content != NULL ? g_hash_table_ref (self->content) : NULL;
  g_ptr_array_add (self->past, version);
  tag = version->tag = sim_medium_get_tag (self);
  sim_log (self->sim, "medium %u has %s: %.*s", self->number, tag != NULL ? tag : "nothing",
           text != NULL ? (int) g_bytes_get_size (text) : 0,
           text != NULL ? (const char *) g_bytes_get_data (text, NULL) : "");
  sim_oracle_note_version (self);
  sim_medium_tell (self);
}

/* Before it replaces what it has read. One that lives on without its persister asks
 * for less. */
static void
check_reason (SimMedium  *self,
              SimRequest *request)
{
  gboolean was_malformed = self->text != NULL && self->content == NULL &&
                           g_bytes_get_size (self->text) > 0;
  gboolean may_keep = self->sim->world.threads && request->keeps_original;
  SimPeer *peer = request->peer;

  if (was_malformed && !may_keep)
    sim_fail (self->sim, "peer %u replaced what is not our format, and did not keep it",
              peer->number);

  if (request->forced || peer->persister == NULL || request->request == NULL)
    return;

  if (was_malformed && !request->overwrites && !peer->touched)
    sim_fail (self->sim, "peer %u put something aside for nothing", peer->number);
  if (self->text != NULL && g_bytes_equal (self->text, request->text) &&
      !(self->unfolded && request->whole))
    sim_fail (self->sim, "peer %u wrote what was there", peer->number);
}

static gboolean
holds_base (SimMedium  *self,
            SimRequest *request)
{
  g_autofree char *tag = sim_medium_get_tag (self);

  return g_strcmp0 (tag, request->base_tag) == 0 && !sim_medium_is_weak (self);
}

/* It looks first, and replaces with its next step. */
static gboolean
is_to_check (SimMedium  *self,
             SimRequest *request)
{
  return request->is_write && !request->checked && !sim_medium_is_exact (self) &&
         sim_medium_is_checking (self) && holds_base (self, request);
}

static void
effect_of_write (SimMedium  *self,
                 SimRequest *request)
{
  g_autoptr(SimContent) before = NULL;
  SimVersion *base;

  if (!request->checked && sim_medium_is_checking (self) && !holds_base (self, request))
    {
      request->outcome = OUTCOME_CONFLICT;
      return;
    }

  request->blind = !holds_base (self, request);
  if (request->blind)
    self->sim->may_double = TRUE;
  else
    check_reason (self, request);
  /* Of one that was cancelled, nobody hears that it has arrived. */
  self->sim->may_double |= request->request == NULL ||
    g_cancellable_is_cancelled (tst_request_get_cancellable (request->request));
  base = sim_medium_find (self, request->base_tag);
  if (base != NULL && base->content != NULL)
    before = g_hash_table_ref (base->content);
  set_text (self, request->text);
  self->unfolded = self->sim->world.journal && self->kind == SIM_KIND_EXACT && !request->whole &&
                   self->version % 4 != 0;
  request->unfolded = self->unfolded;
  request->tag = sim_medium_get_tag (self);
  request->content = g_hash_table_ref (self->content);

  sim_oracle_check_effect (request, before);
}

static void
take_effect (SimMedium  *self,
             SimRequest *request,
             guint       b)
{
  SimVersion *version;

  request->done = TRUE;

  if (request->is_write)
    {
      effect_of_write (self, request);
      return;
    }

  version = sim_medium_look (self, b);
  request->text = version->text != NULL ? g_bytes_ref (version->text) : NULL;
  request->content = version->content != NULL ? g_hash_table_ref (version->content) : NULL;
  request->tag = g_strdup (version->tag);
  request->unfolded = self->unfolded;
}

static guint
draw_outcome (SimMedium  *self,
              SimRequest *request,
              guint       b)
{
  if (!self->sim->calm && (request->is_write ? self->unwritable : self->unreadable))
    return request->is_write && b % 2 ? OUTCOME_LOST : OUTCOME_FAIL;
  if (sim_medium_is_refusing (self, request))
    return b % 2 ? OUTCOME_LOST : OUTCOME_FAIL;
  if (self->sim->calm || !self->sim->world.faults || b % 8 != 0)
    return OUTCOME_ANSWER;
  if (!request->is_write)
    return OUTCOME_FAIL;

  return OUTCOME_LOST_ANSWER + b / 8 % 3;
}

/* --- Answers --- */

static void
answer_error (TstRequest *request,
              int         code)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, code, "it failed, as it may");

  tst_request_return_error (request, error);
}

static void
answer_read (SimMedium  *self,
             SimRequest *request)
{
  const char *tag = sim_medium_has_digests (self) ? NULL : request->tag;
  g_autoptr(SimContent) content = NULL;

  /* A load of nothing leaves the store as it is. */
  if (request->content != NULL)
    request->peer->applied = self->sim->seq;
  else if (request->text == NULL)
    request->peer->applied = 0;
  if (request->text == NULL)
    {
      tst_request_return_nothing (request->request);
      return;
    }

  if (request->content != NULL)
    sim_oracle_note_read (request->peer, request->content);

  if (self->sim->world.variants)
    content = sim_content_new (request->text);

  if (content != NULL)
    {
      g_autoptr(TstStore) store = tst_store_new ();
      g_autoptr(GVariant) variant = NULL;
      g_autofree char *json = g_strndup (g_bytes_get_data (request->text, NULL),
                                         g_bytes_get_size (request->text));

      tst_store_set_json (store, json, NULL);
      variant = g_variant_take_ref (tst_store_get_content (store));
      tst_request_return_content (request->request, variant, request->tag);
      return;
    }

  tst_request_return_text (request->request, request->text, tag);
}

static void
answer (SimMedium  *self,
        SimRequest *request)
{
  sim_system_enter (request->peer->process);
  sim_log (self->sim, "peer %u is answered: %s %u", request->peer->number,
           request->is_write ? "write" : "read", request->outcome);

  if (request->is_write && request->outcome == OUTCOME_ANSWER)
    {
      request->peer->answered = request->seq;
      sim_oracle_note_read (request->peer, request->content);
    }

  /* At once, if somebody else has written over it; that is seldom. */
  if (request->outcome == OUTCOME_ANSWER && request->unfolded)
    tst_request_want_fold (request->request, self->version % 3 == 0 ? 0 : 1000);

  if (request->outcome == OUTCOME_CONFLICT)
    tst_request_return_conflict (request->request);
  else if (request->outcome == OUTCOME_FAIL)
    answer_error (request->request, G_IO_ERROR_NO_SPACE);
  else if (request->outcome != OUTCOME_ANSWER)
    answer_error (request->request, G_IO_ERROR_TIMED_OUT);
  else if (request->is_write)
    tst_request_return_saved (request->request,
                              sim_medium_has_digests (self) ? NULL : request->tag);
  else
    answer_read (self, request);

  g_clear_object (&request->request);
}

/* A request takes effect, or is answered. */
static void
advance_request (SimMedium  *self,
                 SimRequest *request,
                 guint       b)
{
  gboolean has_effect;

  if (request->done)
    {
      if (request->request != NULL)
        answer (self, request);
      g_ptr_array_remove (self->requests, request);
      return;
    }

  if (request->request == NULL)
    {
      /* It was said to have failed, and arrives now. */
      take_effect (self, request, b);
      g_ptr_array_remove (self->requests, request);
      return;
    }

  if (is_to_check (self, request))
    {
      request->checked = TRUE;
      return;
    }

  request->outcome = draw_outcome (self, request, b);
  has_effect = request->outcome == OUTCOME_ANSWER || request->outcome == OUTCOME_LOST_ANSWER;
  self->sim->may_double |= request->outcome == OUTCOME_LOST_ANSWER;

  if (request->outcome == OUTCOME_LOST_ANSWER && self->sim->world.late && b / 32 % 2)
    {
      answer (self, request);
      return;
    }

  if (has_effect)
    take_effect (self, request, b);
  request->done = TRUE;

  if (b / 64 % 2)
    advance_request (self, request, b);
}

/* A persister whose medium works one thing after the other sees its own
 * requests in order, also those that it has cancelled. */
static gboolean
is_next (SimMedium  *self,
         SimRequest *request)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      SimRequest *other = g_ptr_array_index (self->requests, i);

      if (other == request)
        return TRUE;
      if (other->peer == request->peer && !self->sim->world.late)
        return FALSE;
    }

  g_assert_not_reached ();
}

gboolean
sim_medium_advance (SimMedium *self,
                    guint      a,
                    guint      b)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      SimRequest *request = g_ptr_array_index (self->requests, (a + i) % self->requests->len);

      if (!is_next (self, request))
        continue;

      advance_request (self, request, b);
      return TRUE;
    }

  return FALSE;
}

gboolean
sim_medium_is_busy_for (SimMedium *self,
                        SimPeer   *peer)
{
  for (guint i = 0; i < self->requests->len; i++)
    if (((SimRequest *) g_ptr_array_index (self->requests, i))->peer == peer)
      return TRUE;

  return FALSE;
}

/* What was under way when a process was killed has happened, or not. */
void
sim_medium_forget (SimMedium *self,
                   SimPeer   *peer)
{
  for (guint i = self->requests->len; i > 0; i--)
    {
      SimRequest *request = g_ptr_array_index (self->requests, i - 1);

      if (request->peer != peer)
        continue;

      if (request->is_write && !request->done && (self->version + i) % 2)
        take_effect (self, request, i);
      g_ptr_array_remove_index (self->requests, i - 1);
    }
}

/* --- Work that is done at once, in a thread of its own --- */

static void
perform (TstRequest *tst_request,
         gpointer    data)
{
  SimPeer *peer = data;
  SimMedium *self = peer->medium;
  guint n = self->requests->len;
  SimRequest *request;

  if (!peer->alive)
    {
      answer_error (tst_request, G_IO_ERROR_NO_SPACE);
      return;
    }

  take_request (peer, tst_request, tst_request_is_write (tst_request));
  request = g_ptr_array_steal_index (self->requests, n);
  request->outcome = OUTCOME_ANSWER;
  take_effect (self, request, 0);
  answer (self, request);
  request_free (request);
}

static void
no_destroy (gpointer data)
{
}

TstPersister *
sim_persister_new (SimPeer  *peer,
                   TstStore *store)
{
  SimPersister *self = g_object_new (sim_persister_get_type (), "store", store, NULL);

  self->peer = peer;
  if (peer->sim->world.threads)
    tst_persister_set_medium (&self->parent_instance, perform, peer, no_destroy);

  return &self->parent_instance;
}

/* --- Somebody else --- */

static char *
get_json (SimMedium *self)
{
  return self->content != NULL ? g_strndup (g_bytes_get_data (self->text, NULL),
                                            g_bytes_get_size (self->text)) : NULL;
}

/* The content with another value somewhere, or without some row. */
static GBytes *
make_edited (SimMedium *self,
             guint      b)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *json = get_json (self);
  g_autofree char *value = sim_new_value (self->sim, NULL);
  g_auto(GStrv) row_ids = NULL;
  guint n_rows;

  if (json != NULL)
    tst_store_set_json (store, json, NULL);
  row_ids = tst_store_get_row_ids (store, "a");
  n_rows = g_strv_length (row_ids);

  if (n_rows > 0 && b % 3 == 0)
    tst_store_remove_row (store, "a", row_ids[b / 3 % n_rows]);
  else if (b % 3 == 1)
    tst_store_set_cell_string (store, "a", "foreign", b / 3 % 2 ? "p" : "q", value, NULL);
  else
    tst_store_set_value_string (store, "foreign", value, NULL);

  g_free (json);
  json = tst_store_get_json (store);

  return g_bytes_new (json, strlen (json));
}

static void
begin_torn (SimMedium *self,
            guint      b)
{
  g_autoptr(GBytes) half = NULL;

  self->torn = make_edited (self, b);
  half = g_bytes_new_from_bytes (self->torn, 0,
                                 b / 8 % 2 ? 0 : g_bytes_get_size (self->torn) / 2);
  set_text (self, half);
  self->torn_version = self->version;
  self->torn_time = sim_system_get_time ();
}

static void
end_torn (SimMedium *self)
{
  g_autoptr(GBytes) text = g_steal_pointer (&self->torn);

  /* If it was replaced meanwhile, the rest goes into a file without a name. */
  if (text != NULL && self->version == self->torn_version)
    set_text (self, text);
}

static void
restore_older (SimMedium *self,
               guint      b)
{
  g_autoptr(GBytes) text = NULL;

  if (self->history->len == 0)
    return;

  text = g_bytes_ref (g_ptr_array_index (self->history, b % self->history->len));
  set_text (self, text);
}

void
sim_medium_foreign (SimMedium *self,
                    guint      a,
                    guint      b)
{
  g_autoptr(GBytes) edited = NULL;
  g_autoptr(GBytes) garbage = NULL;

  if (!self->sim->world.foreign)
    return;

  if (self->torn != NULL)
    {
      end_torn (self);
      return;
    }

  sim_log (self->sim, "somebody else writes to medium %u", self->number);
  switch (a % 8)
    {
    case 0:
      set_text (self, NULL);
      break;
    case 1:
      restore_older (self, b);
      break;
    case 2:
      garbage = g_bytes_new_static ("{\"a\":", b % 5 + 1);
      set_text (self, garbage);
      break;
    case 3:
    case 4:
      begin_torn (self, b);
      break;
    default:
      edited = make_edited (self, b);
      set_text (self, edited);
      break;
    }
}

void
sim_medium_outage (SimMedium *self,
                   guint      a)
{
  if (!self->sim->world.faults)
    return;

  self->unreadable = a % 4 == 1;
  self->unwritable = a % 4 == 1 || a % 4 == 2;
}

/* Everything works again, and what is there is content. */
void
sim_medium_heal (SimMedium *self)
{
  self->unreadable = self->unwritable = FALSE;
  end_torn (self);
  if (self->text != NULL && self->content == NULL && g_bytes_get_size (self->text) > 0)
    {
      if (self->history->len > 0)
        restore_older (self, self->history->len - 1);
      else
        set_text (self, NULL);
    }
}

SimMedium *
sim_medium_new (Sim   *sim,
                guint  number)
{
  SimMedium *self = g_new0 (SimMedium, 1);

  self->sim = sim;
  self->number = number;
  self->kind = (number == 0 ? sim->world.kind : sim->world.kind2) % SIM_N_KINDS;
  self->refuses = sim->world.refuses;
  self->creations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->past = g_ptr_array_new_with_free_func (sim_version_free);
  g_ptr_array_add (self->past, g_new0 (SimVersion, 1));
  self->requests = g_ptr_array_new_with_free_func (request_free);

  return self;
}

void
sim_medium_free (SimMedium *self)
{
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->history);
  g_ptr_array_unref (self->past);
  g_hash_table_unref (self->creations);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->torn, g_bytes_unref);
  g_clear_pointer (&self->content, g_hash_table_unref);
  g_clear_pointer (&self->held, g_hash_table_unref);
  g_free (self);
}
