/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

/* When all is quiet, and somebody looks for news; in microseconds. */
#define POLL_INTERVAL (5 * G_USEC_PER_SEC)
#define REFUSED_TIME (600 * G_GINT64_CONSTANT (1000000))

/* Tries of one persister in that time: it waits for up to a minute between them. */
#define MAX_REFUSED 40

/* How often each kind of step comes, in a hundred. */
static const struct
{
  const char *name;
  guint       weight;
} kinds[SIM_N_STEPS] = {
  [SIM_STEP_EDIT] = { "edit", 15 },
  [SIM_STEP_TRANSACTION] = { "transaction", 2 },
  [SIM_STEP_ASK] = { "ask", 4 },
  [SIM_STEP_REACT] = { "react", 2 },
  [SIM_STEP_SWITCH] = { "switch", 1 },
  [SIM_STEP_RUN] = { "run", 28 },
  [SIM_STEP_WORK] = { "work", 12 },
  [SIM_STEP_MEDIUM] = { "medium", 20 },
  [SIM_STEP_NEWS] = { "news", 8 },
  [SIM_STEP_TIME] = { "time", 3 },
  [SIM_STEP_START] = { "start", 2 },
  [SIM_STEP_END] = { "end", 1 },
  [SIM_STEP_FOREIGN] = { "foreign", 1 },
  [SIM_STEP_OUTAGE] = { "outage", 1 },
};

#define FIELD(name) { #name, G_STRUCT_OFFSET (SimWorld, name) }

static const struct
{
  const char *name;
  gsize       offset;
} fields[] = {
  FIELD (processes), FIELD (media), FIELD (mode), FIELD (digests), FIELD (variants),
  FIELD (threads), FIELD (late), FIELD (echo), FIELD (defaults), FIELD (faults),
  FIELD (foreign), FIELD (delay), FIELD (nudge), FIELD (kind), FIELD (kind2),
  FIELD (news), FIELD (stale), FIELD (refuses), FIELD (journal),
};

static guint *
get_field (SimWorld *world,
           guint     i)
{
  return G_STRUCT_MEMBER_P (world, fields[i].offset);
}

/* --- Making --- */

static SimStory *
story_alloc (void)
{
  SimStory *self = g_new0 (SimStory, 1);

  self->steps = g_array_new (FALSE, FALSE, sizeof (SimStep));
  self->world.processes = 1;
  self->world.media = 1;

  return self;
}

static gboolean
toss (GRand *rand,
      guint  one_in)
{
  return g_rand_int_range (rand, 0, one_in) == 0;
}

static void
draw_world (SimWorld *world,
            GRand    *rand)
{
  world->mode = toss (rand, 6) ? SIM_MODE_MIXED : SIM_MODE_PERSISTING;
  if (toss (rand, 20))
    world->mode = SIM_MODE_EXPLICIT;

  world->processes = world->mode == SIM_MODE_EXPLICIT ? 1 :
                     (guint) g_rand_int_range (rand, 1, SIM_MAX_PROCESSES + 1);
  world->media = toss (rand, 5) ? 2 : 1;
  world->digests = toss (rand, 2);
  world->variants = toss (rand, 6);
  world->threads = toss (rand, 2);
  world->late = toss (rand, 4);
  world->echo = toss (rand, 6);
  world->defaults = toss (rand, 2);
  world->faults = toss (rand, 2);
  world->foreign = world->mode != SIM_MODE_EXPLICIT && toss (rand, 2);
  world->delay = toss (rand, 4) ? 300 : 0;
  if (world->faults && !world->foreign && world->delay == 0 && toss (rand, 2))
    world->nudge = toss (rand, 2) ? SIM_NUDGE_EDIT : SIM_NUDGE_FLUSH;
}

/* Of media that offer less. */
static void
draw_medium (SimWorld *world,
             GRand    *rand)
{
  if (toss (rand, 2))
    return;

  world->kind = (guint) g_rand_int_range (rand, 0, SIM_N_KINDS);
  world->kind2 = world->media > 1 ? (guint) g_rand_int_range (rand, 0, SIM_N_KINDS) : 0;
  world->news = (guint) g_rand_int_range (rand, 0, SIM_N_NEWS);
  world->stale = toss (rand, 4);
  world->refuses = toss (rand, 4);

  /* It may be refused again. */
  world->nudge = SIM_NUDGE_NONE;
}

static guint8
draw_kind (GRand *rand)
{
  guint n = g_rand_int_range (rand, 0, 100);

  for (guint8 kind = 0; kind < SIM_N_STEPS; kind++)
    {
      if (n < kinds[kind].weight)
        return kind;
      n -= kinds[kind].weight;
    }

  return SIM_STEP_RUN;
}

static void
add_step (SimStory *self,
          guint     kind,
          guint     process,
          guint     a,
          guint     b)
{
  SimStep step = { kind, process, a, b };

  g_array_append_val (self->steps, step);
}

SimStory *
sim_story_new (guint32 seed,
               guint   n_steps)
{
  SimStory *self = story_alloc ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);

  draw_world (&self->world, rand);
  /* With a tag of its own for each version: two may have the same text. */
  self->world.journal = seed % 3 == 0 && !self->world.digests;
  for (guint i = 0; i < self->world.processes; i++)
    add_step (self, SIM_STEP_START, i, g_rand_int_range (rand, 0, 4), 0);

  while (self->steps->len < n_steps)
    {
      guint32 draw = g_rand_int (rand);

      add_step (self, draw_kind (rand), g_rand_int_range (rand, 0, self->world.processes),
                draw & 0xffff, draw >> 16);
    }

  draw_medium (&self->world, rand);

  return self;
}

void
sim_story_free (SimStory *self)
{
  g_array_unref (self->steps);
  g_free (self);
}

/* --- As text --- */

char *
sim_story_to_text (SimStory *self)
{
  GString *text = g_string_new ("world");

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_string_append_printf (text, " %s=%u", fields[i].name, *get_field (&self->world, i));
  g_string_append_c (text, '\n');

  for (guint i = 0; i < self->steps->len; i++)
    {
      SimStep *step = &g_array_index (self->steps, SimStep, i);

      g_string_append_printf (text, "%s %u %u %u\n", kinds[step->kind].name, step->process,
                              step->a, step->b);
    }

  return g_string_free (text, FALSE);
}

static gboolean
parse_world (SimStory    *self,
             char       **words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (fields); j++)
        {
          gsize length = strlen (fields[j].name);

          if (!g_str_has_prefix (words[i], fields[j].name) || words[i][length] != '=')
            continue;
          *get_field (&self->world, j) = (guint) g_ascii_strtoull (words[i] + length + 1, NULL, 10);
          known = TRUE;
        }

      if (!known)
        return FALSE;
    }

  return TRUE;
}

gboolean
sim_story_set_world (SimStory   *self,
                     const char *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);

  return parse_world (self, words);
}

static gboolean
parse_step (SimStory  *self,
            char     **words)
{
  if (g_strv_length (words) != 4)
    return FALSE;

  for (guint kind = 0; kind < SIM_N_STEPS; kind++)
    {
      if (!g_str_equal (words[0], kinds[kind].name))
        continue;

      add_step (self, kind, (guint) g_ascii_strtoull (words[1], NULL, 10),
                (guint) g_ascii_strtoull (words[2], NULL, 10),
                (guint) g_ascii_strtoull (words[3], NULL, 10));
      return TRUE;
    }

  return FALSE;
}

SimStory *
sim_story_parse (const char  *text,
                 GError     **error)
{
  g_autoptr(SimStory) self = story_alloc ();
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);
      gboolean parsed;

      if (lines[i][0] == '\0' || lines[i][0] == '#')
        continue;

      if (g_str_equal (words[0], "world"))
        parsed = parse_world (self, words + 1);
      else
        parsed = parse_step (self, words);

      if (!parsed)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "line %u: %s", i + 1, lines[i]);
          return NULL;
        }
    }

  return g_steal_pointer (&self);
}

/* --- Playing --- */

void
sim_log (Sim        *self,
         const char *format,
         ...)
{
  va_list args;

  if (self->log == NULL)
    return;

  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
  g_string_append_c (self->log, '\n');
}

void
sim_fail (Sim        *self,
          const char *format,
          ...)
{
  va_list args;

  if (self->failure != NULL)
    return;

  va_start (args, format);
  self->failure = g_strdup_vprintf (format, args);
  va_end (args);
  self->failure_kind = format;
  sim_log (self, "FAILED: %s", self->failure);
}

char *
sim_new_value (Sim        *self,
               const char *creation)
{
  return g_strdup_printf ("%s.%u", creation != NULL ? creation : "", ++self->n_values);
}

static void
pass_time (guint a)
{
  gint64 due = sim_system_get_due ();
  gint64 now = sim_system_get_time ();

  if (a % 2 && due > now)
    sim_system_advance (due - now);
  else
    sim_system_advance (a * G_GINT64_CONSTANT (10));
}

static void
play_step (Sim     *self,
           SimStep *step)
{
  SimProcess *process = self->processes[step->process % self->world.processes];
  SimMedium *medium = self->media[step->process % self->world.media];
  SimPeer *peer = process->peers[step->b % SIM_MAX_MEDIA];

  switch (step->kind)
    {
    case SIM_STEP_EDIT:
      sim_process_edit (process, step->a, step->b);
      break;
    case SIM_STEP_TRANSACTION:
      sim_process_transaction (process, step->a);
      break;
    case SIM_STEP_ASK:
      sim_process_ask (process, step->a, step->b);
      break;
    case SIM_STEP_REACT:
      sim_process_plan (process, step);
      break;
    case SIM_STEP_SWITCH:
      sim_process_switch (process, step->a, step->b);
      break;
    case SIM_STEP_RUN:
      sim_process_run (process);
      break;
    case SIM_STEP_WORK:
      sim_process_work (process, step->a);
      break;
    case SIM_STEP_MEDIUM:
      sim_medium_advance (medium, step->a, step->b);
      break;
    case SIM_STEP_NEWS:
      if (peer != NULL)
        sim_peer_hear (peer, step->a);
      break;
    case SIM_STEP_TIME:
      pass_time (step->a);
      break;
    case SIM_STEP_START:
      sim_process_start (process, step->a);
      break;
    case SIM_STEP_END:
      sim_process_end (process, step->a);
      break;
    case SIM_STEP_FOREIGN:
      sim_medium_foreign (medium, step->a, step->b);
      break;
    case SIM_STEP_OUTAGE:
      sim_medium_outage (medium, step->a);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Everybody does what there is to do, once. */
static gboolean
go_on (Sim *self)
{
  gboolean done = FALSE;

  for (guint i = 0; i < self->world.processes; i++)
    {
      done |= sim_process_run (self->processes[i]);
      done |= sim_process_work (self->processes[i], 0);
    }

  for (guint i = 0; i < self->peers->len; i++)
    done |= sim_peer_news (g_ptr_array_index (self->peers, i));

  for (guint i = 0; i < self->world.media; i++)
    done |= sim_medium_advance (self->media[i], 0, 0);

  return done;
}

/* Until nothing happens before more time has passed. */
static void
go_on_without_time (Sim *self)
{
  for (guint round = 0; self->failure == NULL && go_on (self); round++)
    if (round > 5000)
      sim_fail (self, "it does not become quiet");
}

/* All works again: who has failed tries at once when there is a reason. */
static void
nudge (Sim *self)
{
  /* What was asked before fails yet. */
  go_on_without_time (self);
  for (guint i = 0; i < self->world.processes; i++)
    sim_process_nudge (self->processes[i]);
  go_on_without_time (self);
  if (self->failure == NULL)
    sim_oracle_check_nudged (self);
}

/* Those that have to look for news by themselves. */
static gboolean
poll_all (Sim *self)
{
  gboolean new = FALSE;

  sim_system_advance (POLL_INTERVAL);
  for (guint i = 0; i < self->peers->len; i++)
    new |= sim_peer_poll (g_ptr_array_index (self->peers, i));

  return new;
}

static gboolean
knows_versions (SimMedium *medium)
{
  return !sim_medium_has_digests (medium) && medium->kind != SIM_KIND_WEAK &&
         medium->sim->world.news != SIM_NEWS_POLLED;
}

/* What everybody knows is no news. */
static void
tell_again (Sim *self)
{
  guint n_reads[SIM_MAX_MEDIA], n_writes[SIM_MAX_MEDIA];

  for (guint i = 0; i < self->world.media; i++)
    {
      n_reads[i] = self->media[i]->n_reads;
      n_writes[i] = self->media[i]->n_writes;
      sim_medium_tell (self->media[i]);
    }

  poll_all (self);
  go_on_without_time (self);

  for (guint i = 0; i < self->world.media; i++)
    if (n_writes[i] != self->media[i]->n_writes)
      sim_fail (self, "medium %u is written to for no reason", i);
    else if (n_reads[i] != self->media[i]->n_reads && self->media[i]->content != NULL &&
             knows_versions (self->media[i]))
      sim_fail (self, "medium %u is read for no reason", i);
}

/* What is refused for ever is tried again now and then, and no more often because
 * somebody looks for news. */
static void
hold (Sim *self)
{
  gint64 end = sim_system_get_time () + REFUSED_TIME;
  GString *log = self->log;
  guint n_writes[SIM_MAX_MEDIA];

  for (guint i = 0; i < self->world.media; i++)
    n_writes[i] = self->media[i]->n_writes;

  while (self->failure == NULL && sim_system_get_time () < end)
    {
      gint64 next = sim_system_get_time () + POLL_INTERVAL;
      gint64 due;

      for (guint i = 0; i < self->world.media; i++)
        sim_medium_tell (self->media[i]);
      poll_all (self);
      go_on_without_time (self);
      while ((due = sim_system_get_due ()) != -1 && due < next && self->failure == NULL)
        {
          sim_system_advance (MAX (due - sim_system_get_time (), 0));
          go_on_without_time (self);
        }
      sim_system_advance (MAX (next - sim_system_get_time (), 0));
      if (end - next < REFUSED_TIME - 10 * POLL_INTERVAL)
        self->log = NULL;
    }

  self->log = log;
  sim_log (self, "And so on for ten minutes.");

  for (guint i = 0; i < self->world.media; i++)
    {
      if (self->media[i]->n_writes - n_writes[i] > MAX_REFUSED * self->world.processes)
        sim_fail (self, "medium %u is asked again and again for what it refuses", i);
      self->media[i]->refuses = FALSE;
    }
}

/* Lets all go on without trouble until nothing happens any more. */
static void
settle (Sim *self)
{
  self->calm = TRUE;
  sim_log (self, "And then nobody does anything any more.");
  for (guint i = 0; i < self->world.processes; i++)
    sim_process_settle (self->processes[i]);
  for (guint i = 0; i < self->world.media; i++)
    sim_medium_heal (self->media[i]);
  if (self->world.nudge != SIM_NUDGE_NONE)
    nudge (self);
  if (self->world.news != SIM_NEWS_TOLD || self->world.stale)
    for (guint i = 0; i < self->world.media; i++)
      sim_medium_tell (self->media[i]);
  if (self->world.refuses)
    hold (self);

  for (guint round = 0; self->failure == NULL; round++)
    {
      gint64 due;

      go_on_without_time (self);
      if (round > 5000)
        sim_fail (self, "it does not become quiet");

      due = sim_system_get_due ();
      if (due == -1 && !poll_all (self))
        break;
      sim_system_advance (MAX (due - sim_system_get_time (), 0));
    }

  if (self->failure == NULL)
    sim_oracle_check_quiet (self);
  if (self->failure == NULL && self->world.mode == SIM_MODE_PERSISTING)
    tell_again (self);
}

static void
sim_init (Sim            *self,
          const SimWorld *world,
          GString        *log)
{
  /* The first store of all draws numbers for the hashing of ids. */
  g_autoptr(TstStore) first_store = tst_store_new ();

  self->world = *world;
  self->log = log;
  self->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_peer_free);
  sim_system_begin (self);
  g_random_set_seed (1);

  for (guint i = 0; i < world->media; i++)
    self->media[i] = sim_medium_new (self, i);
  for (guint i = 0; i < world->processes; i++)
    self->processes[i] = sim_process_new (self, i);
}

static void
sim_clear (Sim *self)
{
  for (guint i = 0; i < self->world.processes; i++)
    sim_process_free (self->processes[i]);
  for (guint i = 0; i < self->world.media; i++)
    sim_medium_free (self->media[i]);
  g_ptr_array_unref (self->peers);
  sim_system_end (self);
}

char *
sim_story_play (SimStory *self,
                GString  *log)
{
  Sim sim = { 0 };

  sim_init (&sim, &self->world, log);
  for (guint i = 0; i < self->steps->len && sim.failure == NULL; i++)
    play_step (&sim, &g_array_index (self->steps, SimStep, i));

  if (sim.failure == NULL)
    settle (&sim);
  sim_clear (&sim);
  self->failure = sim.failure_kind;

  return sim.failure;
}

/* --- Shrinking --- */

static gboolean
still_fails (SimStory *self)
{
  const char *kind = self->failure;
  g_autofree char *failure = sim_story_play (self, NULL);
  gboolean fails = self->failure == kind;

  self->failure = kind;

  return fails;
}

static gboolean
try_without (SimStory *self,
             guint     first,
             guint     n)
{
  g_autoptr(GArray) kept = self->steps;

  self->steps = g_array_new (FALSE, FALSE, sizeof (SimStep));
  g_array_append_vals (self->steps, kept->data, first);
  if (first + n < kept->len)
    g_array_append_vals (self->steps, &g_array_index (kept, SimStep, first + n),
                         kept->len - first - n);

  if (still_fails (self))
    return TRUE;

  g_array_unref (self->steps);
  self->steps = g_steal_pointer (&kept);

  return FALSE;
}

static void
shrink_world (SimStory *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      guint *field = get_field (&self->world, i);
      guint old = *field;
      guint least = field == &self->world.processes || field == &self->world.media ? 1 : 0;

      while (*field > least)
        {
          old = *field;
          *field = *field > 10 ? 0 : *field - 1;
          if (!still_fails (self))
            {
              *field = old;
              break;
            }
        }
    }
}

void
sim_story_shrink (SimStory *self)
{
  gboolean shrunk;

  do
    {
      shrunk = FALSE;
      shrink_world (self);
      for (guint n = MAX (self->steps->len / 2, 1); n > 0; n /= 2)
        for (guint i = 0; i + n <= self->steps->len; )
          {
            if (try_without (self, i, n))
              shrunk = TRUE;
            else
              i += n;
          }
    }
  while (shrunk);
}
