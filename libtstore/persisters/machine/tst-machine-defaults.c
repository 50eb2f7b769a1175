/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include "tst-conflict-private.h"
#include "tst-merge-private.h"

/* The origin of default content, whoever applies it. */
static const char defaults_origin = 'd';

const TstOrigin tst_defaults_origin = &defaults_origin;

/* --- The persisters of one store --- */

static GQuark
machines_quark (void)
{
  return g_quark_from_static_string ("tst-machines");
}

/* Of TstMachine, not owned. */
static GPtrArray *
get_machines (TstStore *store)
{
  GPtrArray *machines = g_object_get_qdata (G_OBJECT (store), machines_quark ());

  if (machines == NULL)
    {
      machines = g_ptr_array_new ();
      g_object_set_qdata_full (G_OBJECT (store), machines_quark (), machines,
                               (GDestroyNotify) g_ptr_array_unref);
    }

  return machines;
}

void
tst_machine_join_store (TstMachine *m)
{
  g_ptr_array_add (get_machines (m->store), m);
}

void
tst_machine_leave_store (TstMachine *m)
{
  g_ptr_array_remove (get_machines (m->store), m);
}

/* Whether it has given the store its content, or is about to save what the app
 * has put there. */
static gboolean
is_keeping_store (TstMachine *m)
{
  gboolean active = !m->closed || m->step != NULL || m->steps.head != NULL;

  return active && (m->keeps_store || m->dirty || tst_machine_is_saving (m));
}

static gboolean
others_keep_store (TstMachine *m)
{
  GPtrArray *machines = get_machines (m->store);

  for (guint i = 0; i < machines->len; i++)
    {
      TstMachine *other = g_ptr_array_index (machines, i);

      if (other != m && is_keeping_store (other))
        return TRUE;
    }

  return FALSE;
}

/* --- Showing --- */

/* What another persister has shown as its defaults is not dirty here either: as
 * if it had been there when this one began. */
static void
absorb (TstMachine  *m,
        TstSnapshot *before,
        TstSnapshot *after)
{
  TstMergeBase merge_base = { before, tst_snapshot_get_number (before), TRUE };
  g_autoptr(TstConflict) conflict = tst_conflict_new ();
  g_autoptr(TstSnapshot) base = NULL;

  if (m->dirty)
    base = tst_merge (&merge_base, m->base.snapshot, after, conflict);
  else
    base = tst_snapshot_ref (after);

  tst_base_set (&m->base, m->base.state, m->base.tag, base, FALSE);
}

/* What the store is to become. */
static TstSnapshot *
merge_defaults (TstMachine  *m,
                TstSnapshot *before,
                TstSnapshot *defaults)
{
  g_autoptr(TstConflict) conflict = tst_conflict_new ();

  if (!m->dirty)
    return tst_snapshot_ref (defaults);

  return tst_base_merge (&m->base, before, defaults, conflict, NULL);
}

/* Default content is the base from then on, although no medium holds it: so it
 * yields to anything, and is not dirty. A store that another persister has given
 * content is in no need of it. */
void
tst_machine_show_defaults (TstMachine *m)
{
  g_autoptr(TstSnapshot) defaults = g_steal_pointer (&m->defaults);
  g_autoptr(TstSnapshot) before = NULL;
  g_autoptr(TstSnapshot) result = NULL;
  g_autoptr(TstSnapshot) after = NULL;
  GPtrArray *machines = get_machines (m->store);

  /* If something was sent, it is to be expected there. */
  if (defaults == NULL || !tst_sent_is_empty (&m->sent) || others_keep_store (m))
    return;

  before = tst_store_snapshot (m->store);
  result = merge_defaults (m, before, defaults);
  /* The app may not want them. */
  if (!tst_machine_write_to_store (m, result, TST_PART_ALL | TST_PART_POOLED,
                                   tst_defaults_origin, NULL))
    return;

  m->keeps_store = TRUE;
  tst_base_set (&m->base, m->base.state, m->base.tag, m->dirty ? defaults : result, FALSE);
  for (guint i = 0; i < machines->len; i++)
    if (g_ptr_array_index (machines, i) != m)
      absorb (g_ptr_array_index (machines, i), before, result);

  /* Listeners may have written something to it. */
  after = tst_store_snapshot (m->store);
  m->dirty |= !tst_snapshot_equal (after, result);
}
