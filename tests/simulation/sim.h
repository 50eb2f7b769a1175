/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* A world of processes that keep their stores on one or two media: the real
 * persisters, over a medium, a clock and threads that are simulated. Everything
 * that happens is a step of a story; a story is made from a seed, and does the
 * same each time. See README.md.
 *
 *   sim-story.c      steps: making them, playing them, and telling them
 *   sim-process.c    what an application does with its store
 *   sim-medium.c     what a medium answers, and what others do to it
 *   sim-kind.c       what kinds of media there are, and how one hears of changes
 *   sim-system.c     the clock, and the work that is done in threads
 *   sim-oracle.c     what must be true, whatever happens
 *   sim-content.c    content as a flat map */

typedef struct _Sim Sim;
typedef struct _SimMedium SimMedium;
typedef struct _SimPeer SimPeer;
typedef struct _SimProcess SimProcess;

#define SIM_MAX_PROCESSES 4
#define SIM_MAX_MEDIA 2

/* --- Stories --- */

typedef enum
{
  SIM_STEP_EDIT,        /* the app writes to its store */
  SIM_STEP_TRANSACTION, /* begins, commits or rolls back, across steps */
  SIM_STEP_ASK,         /* flush, save, load, cancel */
  SIM_STEP_REACT,       /* the next time that it is called back, the app does something */
  SIM_STEP_SWITCH,      /* stops and starts automatic loading and saving */
  SIM_STEP_RUN,         /* the main context, once */
  SIM_STEP_WORK,        /* a thread finishes something */
  SIM_STEP_MEDIUM,      /* a request takes effect, or is answered */
  SIM_STEP_NEWS,        /* a persister hears of a change of the medium */
  SIM_STEP_TIME,        /* passes */
  SIM_STEP_START,       /* a process, if it is not there */
  SIM_STEP_END,         /* crashes, closes, or drops its persister */
  SIM_STEP_FOREIGN,     /* somebody else writes to the medium */
  SIM_STEP_OUTAGE,      /* the medium fails, or works again */
  SIM_N_STEPS
} SimStepKind;

typedef struct
{
  guint8  kind;         /* a SimStepKind */
  guint8  process;
  guint16 a;            /* what exactly, and on what: any number means something */
  guint16 b;
} SimStep;

/* The kind of world that a story happens in. */
typedef struct
{
  guint processes;      /* 1 to SIM_MAX_PROCESSES */
  guint media;          /* with 2, the first process keeps its store on both */
  guint mode;           /* a SimMode */
  guint digests;        /* the medium has no tags of its own */
  guint variants;       /* it answers with variants, not with text */
  guint threads;        /* it works in threads, as a file does */
  guint late;           /* what was reported as failed may arrive later */
  guint echo;           /* listeners write */
  guint defaults;
  guint faults;
  guint foreign;
  guint delay;          /* of automatic saves, in milliseconds */
  guint nudge;          /* a SimNudge */
  guint kind;           /* a SimKind: of the first medium */
  guint kind2;          /* of the second */
  guint news;           /* a SimNews */
  guint stale;          /* there is a cache in front, which may answer with what was */
  guint refuses;        /* some content, however often it is asked for */
  guint journal;        /* an exact medium has one, now and then */
} SimWorld;

/* What a medium makes of the version that a write is to replace. */
typedef enum
{
  SIM_KIND_EXACT,       /* checks and replaces in one step */
  SIM_KIND_WEAK,        /* the same, but takes no version for the one that it is for a second */
  SIM_KIND_WINDOW,      /* checks, and then replaces whatever is there by then */
  SIM_KIND_BLIND,       /* does not check */
  SIM_KIND_SECONDS,     /* as WINDOW; and has only seconds to tell versions by */
  SIM_N_KINDS
} SimKind;

/* How one hears that the medium has changed. */
typedef enum
{
  SIM_NEWS_TOLD,        /* late, but always, and what it is now */
  SIM_NEWS_POLLED,      /* now and then, and not of what */
  SIM_NEWS_UNRELIABLE,  /* twice, out of order, or never; polls make up for it */
  SIM_N_NEWS
} SimNews;

typedef enum
{
  SIM_MODE_PERSISTING,  /* all load and save automatically */
  SIM_MODE_MIXED,       /* or only one of both */
  SIM_MODE_EXPLICIT     /* one process saves and loads when it is asked to */
} SimMode;

/* What makes a persister try again that has failed, before its time. */
typedef enum
{
  SIM_NUDGE_NONE,       /* it tries by itself */
  SIM_NUDGE_EDIT,       /* the next change */
  SIM_NUDGE_FLUSH
} SimNudge;

typedef struct
{
  SimWorld    world;
  GArray     *steps;    /* of SimStep */
  const char *failure;  /* (nullable): the kind of what went wrong the last time */
} SimStory;

SimStory   *sim_story_new         (guint32           seed,
                                   guint             n_steps);
SimStory   *sim_story_parse       (const char       *text,
                                   GError          **error);
void        sim_story_free        (SimStory         *self);
/* Some fields, as a story has them: "kind=3 news=1". */
gboolean    sim_story_set_world   (SimStory         *self,
                                   const char       *text);
char       *sim_story_to_text     (SimStory         *self);
/* Plays it. Returns what went wrong, or NULL; tells what happened in @log. */
char       *sim_story_play        (SimStory         *self,
                                   GString          *log);
/* Leaves out what does not matter for its failure: after it has failed. */
void        sim_story_shrink      (SimStory         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimStory, sim_story_free)

/* --- Content --- */

/* By the key `table/row/cell`, or `//value`: what is there, as a string. */
typedef GHashTable SimContent;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimContent, g_hash_table_unref)

SimContent *sim_content_new       (GBytes           *text);
SimContent *sim_content_new_for_store (TstStore     *store);
char       *sim_key               (const char       *table_id,
                                   const char       *row_id,
                                   const char       *cell_id);
gboolean    sim_key_is_in_row     (const char       *key);
gboolean    sim_content_has_row   (SimContent       *self,
                                   const char       *key);
gboolean    sim_content_equal     (SimContent       *self,
                                   SimContent       *other);

/* --- The world --- */

struct _Sim
{
  SimWorld    world;
  SimMedium  *media[SIM_MAX_MEDIA];
  SimProcess *processes[SIM_MAX_PROCESSES];
  GPtrArray  *peers;      /* of SimPeer: all there ever were */
  guint64     seq;        /* grows with each change of a store */
  guint       n_values;   /* each value that is ever written is another one */
  gboolean    calm;       /* no more faults */
  gboolean    may_double; /* a save was done twice, and its rows may be there twice */
  GString    *log;        /* (nullable) */
  char       *failure;    /* (nullable): the first thing that went wrong */
  const char *failure_kind; /* (nullable): the same for all of its kind */
};

void        sim_log               (Sim              *self,
                                   const char       *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void        sim_fail              (Sim              *self,
                                   const char       *format,
                                   ...) G_GNUC_PRINTF (2, 3);
char       *sim_new_value         (Sim              *self,
                                   const char       *creation);

/* --- System --- */

void        sim_system_begin      (Sim              *sim);
void        sim_system_end        (Sim              *sim);
/* From now on, work is done in the threads of @process. */
void        sim_system_enter      (SimProcess       *process);
gint64      sim_system_get_time   (void);
void        sim_system_advance    (gint64            microseconds);
/* -1: nobody waits for anything. */
gint64      sim_system_get_due    (void);

typedef struct
{
  void     (*work) (gpointer data);
  gpointer   data;
  gboolean   alone;       /* waits for others: only when nothing is under way */
} SimJob;

/* --- Processes --- */

/* What happened to one cell or keyed value of a store. */
typedef struct
{
  char    *key;
  char    *value;         /* (nullable): NULL if it was removed */
  char    *old;           /* (nullable): what was there before */
  guint64  seq;
  gboolean arrived;       /* was on the medium since */
} SimChange;

struct _SimProcess
{
  Sim          *sim;
  guint         number;
  GMainContext *context;
  TstStore     *store;
  SimPeer      *peers[SIM_MAX_MEDIA];   /* (nullable) */
  GQueue        jobs;                   /* of SimJob */
  GPtrArray    *cancellables;           /* of GCancellable */
  GArray       *changes;                /* of SimChange: since the last end of a transaction */
  GHashTable   *seen;                   /* value to the seq at which it was in the store */
  guint         n_open;                 /* transactions */
  guint         n_entered;
  SimStep       reaction;               /* what to do in the next callback */
  gboolean      reacts;
  gboolean      has_cancelled;          /* something, which may have been done nevertheless */
  gboolean      alive;                  /* its program runs */
};

SimProcess *sim_process_new       (Sim              *sim,
                                   guint             number);
void        sim_process_free      (SimProcess       *self);
void        sim_process_start     (SimProcess       *self,
                                   guint             a);
void        sim_process_edit      (SimProcess       *self,
                                   guint             a,
                                   guint             b);
void        sim_process_transaction (SimProcess     *self,
                                   guint             a);
void        sim_process_ask       (SimProcess       *self,
                                   guint             a,
                                   guint             b);
void        sim_process_plan      (SimProcess       *self,
                                   const SimStep    *step);
/* In a callback of the store or a persister. */
void        sim_process_react     (SimProcess       *self);
void        sim_process_switch    (SimProcess       *self,
                                   guint             a,
                                   guint             b);
void        sim_process_nudge     (SimProcess       *self);
void        sim_process_end       (SimProcess       *self,
                                   guint             a);
void        sim_process_crash     (SimProcess       *self);
/* Return whether there was anything to do. */
gboolean    sim_process_run       (SimProcess       *self);
gboolean    sim_process_work      (SimProcess       *self,
                                   guint             a);
void        sim_process_settle    (SimProcess       *self);

/* --- Media --- */

typedef struct
{
  SimPeer    *peer;
  TstRequest *request;    /* (nullable): until it is answered */
  gboolean    is_write;
  gboolean    keeps_original;
  gboolean    whole;
  gboolean    unfolded;   /* of what it wrote, or read */
  gboolean    forced;     /* somebody has asked for a save */
  gboolean    overwrites; /* is the first save, of a peer that was not asked to load */
  gboolean    checked;    /* the medium held what is to be replaced, a moment ago */
  gboolean    blind;      /* replaces what it has not read */
  gboolean    done;       /* has had its effect */
  SimContent *content;    /* (nullable): that was read or written */
  guint       outcome;
  GBytes     *text;       /* (nullable): to be written, or that was read */
  char       *tag;        /* (nullable) */
  char       *base_tag;   /* (nullable) */
  guint64     seq;        /* of the snapshot that is written */
} SimRequest;

/* One that the medium holds, or has held. */
typedef struct
{
  gint64      since;
  char       *tag;        /* (nullable) */
  GBytes     *text;       /* (nullable) */
  SimContent *content;    /* (nullable) */
} SimVersion;

struct _SimMedium
{
  Sim        *sim;
  guint       number;
  guint       kind;       /* a SimKind */
  guint       version;
  GBytes     *text;       /* (nullable) */
  SimContent *content;    /* (nullable): of the text, if it is content */
  SimContent *held;       /* the latest content that there was */
  GPtrArray  *history;    /* of GBytes */
  GPtrArray  *past;       /* of SimVersion, by number: the last one is now */
  GPtrArray  *requests;   /* of SimRequest */
  GBytes     *torn;       /* (nullable): what a foreign writer has begun to write */
  guint       torn_version;
  gint64      torn_time;
  GHashTable *creations;  /* row to the creation that it comes from, or "many" */
  gboolean    unreadable;
  gboolean    unwritable;
  gboolean    refuses;
  gboolean    unfolded;   /* not everybody can read what it holds */
  guint       n_reads;    /* requests */
  guint       n_writes;
};

SimMedium  *sim_medium_new        (Sim              *sim,
                                   guint             number);
void        sim_medium_free       (SimMedium        *self);
gboolean    sim_medium_advance    (SimMedium        *self,
                                   guint             a,
                                   guint             b);
void        sim_medium_foreign    (SimMedium        *self,
                                   guint             a,
                                   guint             b);
void        sim_medium_outage     (SimMedium        *self,
                                   guint             a);
void        sim_medium_heal       (SimMedium        *self);
/* Tells all who listen of what is there, as if it had changed. */
void        sim_medium_tell       (SimMedium        *self);
/* A process is gone, with what it was about to do. */
void        sim_medium_forget     (SimMedium        *self,
                                   SimPeer          *peer);
gboolean    sim_medium_is_busy_for (SimMedium       *self,
                                   SimPeer          *peer);

TstPersister *sim_persister_new   (SimPeer          *peer,
                                   TstStore         *store);

/* --- Kinds of media --- */

void        sim_version_free      (gpointer          data);
/* Gives no tags: those of the machine are digests. */
gboolean    sim_medium_has_digests (SimMedium       *self);
gboolean    sim_medium_is_checking (SimMedium       *self);
/* And nothing happens between its check and the effect. */
gboolean    sim_medium_is_exact   (SimMedium        *self);
char       *sim_medium_get_tag    (SimMedium        *self);
/* Whether two tags are those of one version, weak or not. */
gboolean    sim_tag_is_same       (const char       *tag,
                                   const char       *other);
/* What somebody sees who asks now. */
SimVersion *sim_medium_look       (SimMedium        *self,
                                   guint             b);
/* (nullable): the latest that was known by @tag. */
SimVersion *sim_medium_find       (SimMedium        *self,
                                   const char       *tag);
/* What it holds has no tag that a write could name, for a second. */
gboolean    sim_medium_is_weak    (SimMedium        *self);
gboolean    sim_medium_is_refusing (SimMedium       *self,
                                   SimRequest       *request);
/* As a step of a story. */
void        sim_peer_hear         (SimPeer          *self,
                                   guint             a);
gboolean    sim_peer_news         (SimPeer          *self);
/* Looks whether there is anything new, and tells. */
gboolean    sim_peer_poll         (SimPeer          *self);

/* --- The oracle --- */

/* A persister, and what it owes its medium. */
struct _SimPeer
{
  Sim          *sim;
  SimMedium    *medium;
  SimProcess   *process;
  guint         number;
  TstPersister *persister;   /* (nullable): NULL when the app has let go of it */
  TstPersister *object;      /* (nullable): the same, weak: an operation may still hold it */
  gconstpointer origin;      /* of what it writes to the store */
  gboolean      alive;       /* may still do something to the medium */
  guint         n_asks;      /* operations under way */
  guint         n_saves;     /* of them, to save */
  gboolean      forced;      /* one was cancelled, but what it had joined goes on */
  guint64       due;         /* all changes up to this seq are persisted in the end */
  gboolean      touched;     /* others have written to the store, perhaps without effect */
  gboolean      listening;
  gboolean      news;
  char         *news_tag;    /* (nullable) */
  guint         told;        /* the latest version that news were of, or 0 */
  guint         heard;       /* the same, once the main context has brought it */
  gint64        stamp;       /* the second of what a poll has seen, or -1 */
  gboolean      stamp_tells; /* if another version comes, it has another stamp */
  GHashTable   *pending;     /* key to SimChange: changed here, not known to be persisted */
  GHashTable   *mine;        /* value to seq: what others than this peer wrote to the store */
  GHashTable   *removed;     /* key to seq: what they removed last */
  GHashTable   *conflicts;   /* keys that a conflict has told of, since the last save */
  GHashTable   *kept;        /* those of which it has told that ours was kept */
  guint64       persisted;   /* all changes up to this seq are persisted, it said */
  guint64       answered;    /* the seq of the snapshot that was written last */
  SimContent   *read;        /* (nullable): the latest that it has read or written */
  gboolean      knows_content; /* has read or written some */
  gboolean      overwrites;  /* if it saved now, its first save replaces what is there */
  gboolean      is_overwriting; /* has tried to */
  guint64       applied;     /* the seq when what it has read last was in the store */
  guint64       loaded;      /* the same, when it said so */
};

void        sim_peer_free         (SimPeer          *self);
void        sim_oracle_watch      (SimProcess       *process);
void        sim_oracle_watch_peer (SimPeer          *peer);
/* The process knows of a value that is or was on a medium. */
void        sim_oracle_note_seen  (SimProcess       *process,
                                   const char       *value);
/* A peer asks to replace a version. */
void        sim_oracle_check_asked  (SimRequest     *request);
/* The medium has another text. */
void        sim_oracle_check_effect (SimRequest     *request,
                                   SimContent       *before);
void        sim_oracle_note_read  (SimPeer          *peer,
                                   SimContent       *content);
void        sim_oracle_note_version (SimMedium      *medium);
/* All that was changed up to @seq is persisted, says @peer. */
void        sim_oracle_check_saved (SimPeer         *peer,
                                   guint64           seq,
                                   const char       *says);
/* It has loaded what is there, whatever was changed. */
void        sim_oracle_note_reverted (SimPeer       *peer);
/* A process has done something. */
void        sim_oracle_check_process (SimProcess    *process);
/* It is let go of, or saves no more by itself. */
void        sim_oracle_note_last  (SimPeer          *peer);
gboolean    sim_peer_is_following (SimPeer          *self);
/* No time has passed since all works again, and something made them try. */
void        sim_oracle_check_nudged (Sim            *sim);
/* Nothing happens any more. */
void        sim_oracle_check_quiet (Sim             *sim);

G_END_DECLS
