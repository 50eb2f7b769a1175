# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of design 5.2 to 5.4, and of media, and how to take each of them out."""

from typing import NamedTuple

PERSISTERS = "libtstore/persisters/"
MACHINE = PERSISTERS + "machine/tst-machine.c"
ANSWER = PERSISTERS + "machine/tst-machine-answer.c"
DEFAULTS = PERSISTERS + "machine/tst-machine-defaults.c"
QUEUE = PERSISTERS + "machine/tst-machine-queue.c"
TIMERS = PERSISTERS + "machine/tst-machine-timers.c"
OPERATIONS = PERSISTERS + "tst-persister-operations.c"
SENT = PERSISTERS + "machine/tst-sent.c"
RESCUE = PERSISTERS + "machine/tst-rescue.c"
MERGE = PERSISTERS + "merging/tst-merge.c"
ARRIVED = PERSISTERS + "merging/tst-merge-arrived.c"
KIND = "tests/simulation/sim-kind.c"


class Mutation(NamedTuple):
    rule: str    # what is true as long as it is there
    edits: list  # of (file, old text, new text)
    world: str   # where to look for it: fields of the world
    story: str   # the one that shows it, where it would take long to find one; or ""


def rule(text, *edits, world="", story=""):
    """Each edit is a file, its old text and its new text."""
    return Mutation(text, [edits[i:i + 3] for i in range(0, len(edits), 3)], world, story)


DOING = [
    rule("5.2.1 a save that waits is done",
         MACHINE, """    m->n_refused = 0;

  if (error == NULL)""", """    m->n_refused = 0;
  while (m->steps.length > 0)
    tst_step_finish (g_queue_pop_head (&m->steps), NULL);

  if (error == NULL)"""),
    rule("5.2.1 news during a save is not dropped",
         QUEUE, "  m->load_due = TRUE;", "  m->load_due = m->step == NULL;"),
    rule("5.2.1 a save that was asked for during another is one more",
         QUEUE, "  TstStep *step;\n\n  for (GList *l = m->steps.head",
         "  TstStep *step;\n\n  if (m->step != NULL && m->step->kind == kind)\n"
         "    return m->step;\n\n  for (GList *l = m->steps.head"),
    rule("5.2.1 flush waits for a save of the newest snapshot",
         QUEUE, "m->n_changes == m->n_changes_written &&", "TRUE &&"),
    rule("5.2.1 an operation is not done because another of its kind is cancelled",
         QUEUE, "  if (step->operations->len == 0 && !step->automatic)\n"
                "    abandon_step (operation",
         "  if (!step->automatic)\n    abandon_step (operation"),
    rule("5.2.1 what waits is joined, not replaced",
         MACHINE, "        tst_step_join (step, g_ptr_array_index (other->operations, i));",
         "        tst_operation_finish (g_ptr_array_index (other->operations, i), NULL);"),
    rule("5.2.2 what was changed during a save stays dirty",
         ANSWER, "m->dirty = m->n_changes != m->n_changes_written;", "m->dirty = FALSE;"),
    rule("5.2.2 the base of a save is what it wrote",
         ANSWER, "  tst_base_set_saved (&m->base, call, tag);\n",
         "  tst_base_set_saved (&m->base, call, tag);\n"
         "  tst_base_set (&m->base, TST_MEDIUM_HELD, tag, tst_store_snapshot (m->store), TRUE);\n"),
    rule("5.2.2 rows added during a save are not those of its snapshot",
         ANSWER, "  base->number = tst_call_get_number (call);", "  base->number = G_MAXUINT32 / 2;"),
    rule("5.2.2 the tag of a save is the base's from then on",
         ANSWER, "tst_base_set_saved (&m->base, call, tag)",
         "tst_base_set_saved (&m->base, call, m->base.tag)"),
    rule("5.2.3 content is applied between transactions",
         MACHINE, "  if (tst_store_is_busy (m->store))\n",
         "  if (tst_store_is_busy (m->store) && m->answer == NULL)\n"),
    rule("5.2.3 snapshots are taken between transactions",
         MACHINE, "  if (tst_store_is_busy (m->store))\n",
         "  if (tst_store_is_busy (m->store) && m->answer != NULL)\n"),
    rule("5.2.3 what waited for a transaction goes on after it",
         MACHINE, "          m->waits_for_store = FALSE;\n          tst_machine_schedule (m);",
         "          m->waits_for_store = FALSE;"),
    rule("5.2.3 the rescue waits for the end of a transaction",
         RESCUE, "  if (!tst_store_is_busy (store))", "  if (TRUE)"),
    rule("5.2.3 half of a transaction is not written in passing",
         RESCUE, "  if (tst_store_is_busy (store))", "  if (FALSE)"),
    rule("5.2.4 own writes are not news",
         MACHINE, "g_strcmp0 (m->news_tag, m->base.tag) != 0;", "TRUE;"),
    rule("5.2.4 only the latest tag counts, never a history",
         ANSWER, "      handle_content (m, answer);\n      break;",
         "      if (g_object_get_data (G_OBJECT (m->persister), answer->tag) != NULL)\n"
         "        handle_unchanged (m, FALSE);\n"
         "      else\n"
         "        handle_content (m, answer);\n"
         "      g_object_set_data (G_OBJECT (m->persister), answer->tag, m);\n"
         "      break;"),
    rule("5.2.4 after an ambiguous save, the medium is read",
         ANSWER, "  if (tst_answer_is_ambiguous (answer))",
         "  if (FALSE && tst_answer_is_ambiguous (answer))"),
    rule("5.2.4 what an ambiguous save has written is not the work of others",
         ANSWER, "  if (arrived != NULL)", "  if (FALSE)"),
    rule("5.2.4 more than one save may have arrived",
         SENT, "  if (sent->saves->len == TST_SENT_MAX)", "  if (sent->saves->len == 1)",
         SENT, "    sent->forgetful = TRUE;", "    sent->forgetful = FALSE;",
         story="first-of-two-arrives"),
    rule("5.2.4 a save that has not arrived is not taken for one that has",
         ARRIVED, "  return is_convincing (&evidence);",
         "  is_convincing (&evidence);\n  return TRUE;"),
    rule("5.2.5 a load that changes nothing dirties nothing",
         ANSWER, "  m->dirty = !equal;", "  m->dirty = TRUE;"),
    rule("5.2.5 a save of what is there does no I/O",
         MACHINE, "  if (!tst_snapshot_equal (snapshot, m->base.snapshot))",
         "  if (TRUE || !tst_snapshot_equal (snapshot, m->base.snapshot))"),
    rule("5.2.6 a failed save is tried again later",
         TIMERS, "    tst_machine_look_again (m);\n  tst_machine_schedule (m);\n\n"
                 "  return G_SOURCE_REMOVE;\n}\n\nvoid\ntst_machine_schedule_retry",
         "    tst_machine_look_again (m);\n\n"
         "  return G_SOURCE_REMOVE;\n}\n\nvoid\ntst_machine_schedule_retry"),
    rule("5.2.6 a failed load is tried again later",
         TIMERS, "  if (m->load_failed)\n    tst_machine_look_again (m);", ""),
    rule("5.2.6 what fails is not tried again at once",
         MACHINE, "  if (will_retry || m->load_failed)\n    tst_machine_schedule_retry (m);", ""),
    rule("5.2.6 what failed to be saved is dirty",
         MACHINE, "  m->n_failures++;", "  m->n_failures++;\n  m->dirty = FALSE;"),
    rule("5.2.6 the next change tries again at once",
         MACHINE, "  if (m->auto_save && m->retry_source != NULL && tst_machine_get_hold (m) == 0)\n"
         "    tst_machine_clear_timer", "  if (FALSE)\n"
         "    tst_machine_clear_timer"),
    rule("5.2.6 flush tries again at once",
         MACHINE, "  if (m->settle_source == NULL)\n    return FALSE;",
         "  if (m->retry_source != NULL)\n    return TRUE;\n"
         "  if (m->settle_source == NULL)\n    return FALSE;"),
    rule("5.2.7 flush waits for what is dirty",
         QUEUE, "  if (is_clean (m))\n", "  if (is_clean (m) || TRUE)\n"),
    rule("5.2.7 close flushes",
         OPERATIONS, "  tst_persister_flush_async (self, cancellable, flushed_cb, "
                     "g_steal_pointer (&task));",
         "  tst_machine_close (tst_persister_get_machine (self));\n"
         "  g_task_return_boolean (task, TRUE);\n"
         "  (void) flushed_cb;"),
    rule("5.2.7 losing the last reference loses no change",
         MACHINE, "  tst_machine_rescue (m);\n", ""),
    rule("5.2.7 an automatic save that is due is not lost by switching it off",
         QUEUE, "  if (due && !m->closed)", "  if (FALSE && due)"),
    rule("5.2.7 the rescue merges with what others wrote",
         RESCUE, "  if (!rescue->overwrite)\n", "  if (FALSE)\n"),
    rule("5.2.7 the rescue tries again after a conflict",
         RESCUE, "  *saved = answer->kind == TST_ANSWER_SAVED;", "  *saved = TRUE;"),
    rule("5.2.7 the rescue waits for what is half written",
         RESCUE, "  return rescue->base.state != TST_MEDIUM_UNKNOWN &&", "  return FALSE &&"),
    rule("5.2.9 automatic loading listens before the first load",
         QUEUE, "  if (!m->listening)\n", "  if (FALSE)\n",
         ANSWER, "  m->n_loads++;\n  tst_machine_end_step",
         "  if (m->auto_load && !m->listening)\n"
         "    m->listening = TST_PERSISTER_GET_CLASS (m->persister)"
         "->start_listening (m->persister, NULL);\n"
         "  m->n_loads++;\n  tst_machine_end_step"),
]

MERGING = [
    rule("5.3 what is as it was here becomes theirs",
         MERGE, "  if (same_cell (base, ours) || same_cell (ours, theirs))",
         "  if (same_cell (ours, theirs))"),
    rule("5.3 a cell that was set here and not there stays",
         MERGE, "  if (same_cell (base, theirs))\n    return ours;",
         "  if (same_cell (base, theirs))\n    return theirs;"),
    rule("5.3 a cell that was set on both sides is ours",
         MERGE, "  return ours != NULL ? ours : theirs;", "  return theirs;"),
    rule("5.3 a cell that was removed here and set there is theirs",
         MERGE, "  return ours != NULL ? ours : theirs;", "  return ours;"),
    rule("5.3 a conflict is told",
         MERGE, "  *conflict = TRUE;", "  *conflict = FALSE;"),
    rule("5.3 a row that was removed there and changed here comes back",
         MERGE, "  put_row (merge, &merge->ours, ours, ours->id);\n  report",
         "  report",
         ANSWER, "  if (next != NULL)\n    *next = tst",
         "  if (next != NULL && FALSE)\n    *next = tst"),
    rule("5.3 a row that came back is told",
         MERGE, "  report (merge, TST_CONFLICT_ROW_KEPT", "  if (FALSE)\n    report (merge, "
                                                          "TST_CONFLICT_ROW_KEPT"),
    rule("5.3 a row that was removed there stays removed",
         MERGE, "  if (base != NULL && row_equal (merge->base, base, merge->ours.data, ours))\n"
                "    return;",
         ""),
    rule("5.3 a row that was removed here and changed there comes back",
         MERGE, "  put_row (merge, &merge->theirs, theirs, theirs->id);\n  if (base != NULL)\n"
                "    report (merge, TST_CONFLICT_ROW_TAKEN, theirs->id, NULL, NULL);\n}",
         "  if (base == NULL)\n    put_row (merge, &merge->theirs, theirs, theirs->id);\n}"),
    rule("5.3 a row that was removed here stays removed",
         MERGE, "  if (base != NULL && row_equal (merge->base, base, merge->theirs.data, theirs))\n"
                "    return;",
         ""),
    rule("5.3 a row from the pool moves where another has its id",
         MERGE, "  if (!ours->pooled)\n    return FALSE;", "  if (TRUE)\n    return FALSE;"),
    rule("5.3 a row that was moved may move again",
         MERGE, "  tst_engine_set_pooled (merge->engine, merge->table, slot, row->pooled);",
         "  (void) slot;"),
    rule("5.3 the store keeps which rows may move",
         ANSWER, "      parts |= TST_PART_POOLED;\n", ""),
    rule("5.3 a row that was added again under its id is a new one",
         MERGE, "  if (tst_row_view_is_later (ours, merge->number))\n    return TRUE;", ""),
    rule("5.3 the row that was removed here, and changed there, stays beside the new one",
         MERGE, "  put_row (merge, &merge->theirs, theirs, theirs->id);\n"
                "  if (row_equal (merge->ours.data",
         "  if (row_equal (merge->ours.data"),
    rule("5.3 a new row stays where the one before it is unchanged there",
         MERGE, "      put_added_row (merge, ours, ours->id);\n      return;\n    }\n\n"
                "  put_row (merge, &merge->theirs",
         "      return;\n    }\n\n  put_row (merge, &merge->theirs"),
    rule("5.3 a row moves to an id that nobody has",
         MERGE, "!find_row (merge->theirs.data, id, &row) &&", "TRUE &&"),
    rule("5.3 what the store began with may be other rows",
         MERGE, "  return !merge->agreed && (theirs == NULL || "
                "!have_common_cell (merge, base, theirs));",
         "  (void) have_common_cell;\n  return FALSE;"),
    rule("5.3 rows that were added before a load stay new",
         ANSWER, "  if (equal)\n    m->base.number =", "  if (TRUE)\n    m->base.number ="),
    rule("5.3 what is merged next is what was merged last",
         ANSWER, "equal ? now : theirs, has_values);",
         "equal ? now : m->base.snapshot, has_values);"),
    rule("5.3 a row that came back yields where it is unchanged",
         ANSWER, "  else if (next != NULL)\n", "  else if (FALSE)\n"),
    rule("5.3 defaults yield to what is there",
         DEFAULTS, "  tst_base_set (&m->base, m->base.state, m->base.tag, "
                   "m->dirty ? defaults : result, FALSE);\n",
         ""),
    rule("5.3 defaults are not put over the content of another persister",
         DEFAULTS, "|| others_keep_store (m))",
         "|| (FALSE && others_keep_store (m)))"),
    rule("5.3 defaults of another persister are no changes",
         DEFAULTS, "      absorb (g_ptr_array_index (machines, i), before, result);",
         "      (void) absorb;"),
    rule("5.3 defaults do not replace what was changed",
         DEFAULTS, "  if (!m->dirty)\n    return", "  if (TRUE)\n    return"),
    rule("5.3 an explicit load reverts",
         ANSWER, "m->purpose == TST_PURPOSE_LOAD && m->step->revert && !m->auto_save;",
         "FALSE;"),
    rule("5.3 an explicit load of what is known reverts",
         ANSWER, "  if (m->step->revert && !m->auto_save && m->dirty)", "  if (FALSE)"),
    rule("5.3 an automatic load merges",
         ANSWER, "  merged = m->dirty && !revert;", "  merged = FALSE;"),
    rule("5.3 a load while saving automatically merges",
         ANSWER, "m->step->revert && !m->auto_save;", "m->step->revert;"),
    rule("5.3 after a conflict, it is saved again",
         ANSWER, "  if (++m->rounds >= TST_MACHINE_MAX_ROUNDS)", "  if (++m->rounds >= 1)"),
    rule("5.3 after a conflict, it is read",
         ANSWER, "  m->reread = TRUE;\n\n  if (++m->rounds", "  if (++m->rounds"),
    rule("5.3 a save merges with what it finds",
         ANSWER, "  if (!apply_content (m, answer, revert, &conflict, &error))",
         "  if (m->purpose == TST_PURPOSE_REREAD)\n"
         "    {\n"
         "      m->reread = FALSE;\n"
         "      tst_base_set (&m->base, TST_MEDIUM_HELD, answer->tag, m->base.snapshot, TRUE);\n"
         "      return;\n"
         "    }\n"
         "  if (!apply_content (m, answer, revert, &conflict, &error))"),
]

MISSING = [
    rule("5.4 what is absent is known to be absent",
         ANSWER, "  tst_base_set (&m->base, TST_MEDIUM_ABSENT, tag, m->base.snapshot, FALSE);",
         "  tst_base_set (&m->base, TST_MEDIUM_ABSENT, m->base.tag, m->base.snapshot, FALSE);"),
    rule("5.4 what was removed is not what the base was",
         ANSWER, "  tst_base_set (&m->base, TST_MEDIUM_ABSENT, tag, m->base.snapshot, FALSE);",
         "  tst_base_set (&m->base, TST_MEDIUM_HELD, tag, m->base.snapshot, TRUE);"),
    rule("5.4 a text of 0 bytes has to settle",
         ANSWER, "m->base.state == TST_MEDIUM_UNKNOWN || tst_machine_is_settled (m, tag))",
         "TRUE)"),
    rule("5.4 half a text has to settle",
         ANSWER, "  if (m->base.state == TST_MEDIUM_UNKNOWN || "
                 "tst_machine_is_settled (m, answer->tag))",
         "  if (TRUE)"),
    rule("5.4 it has settled when it was the same for a moment",
         TIMERS, "  else if (tag != NULL && now - m->unsettled_since >= "
                 "TST_MACHINE_SETTLE_MS * G_GINT64_CONSTANT (1000))",
         "  else if (tag != NULL)"),
    rule("5.4 an automatic save waits until it has settled",
         MACHINE, "m->settle_source != NULL || m->retry_source != NULL ||",
         "m->retry_source != NULL ||"),
    rule("5.4 a save waits until it has settled",
         MACHINE, "  return step->kind == TST_STEP_SAVE || !(m->load_due || step->revert);",
         "  return step->kind != TST_STEP_SAVE && !(m->load_due || step->revert);"),
    rule("5.4 what cannot be read is not taken for absent",
         ANSWER, "  if (!cancelled)\n    m->base.state = TST_MEDIUM_UNREADABLE;",
         "  if (!cancelled)\n    m->base.state = TST_MEDIUM_ABSENT;"),
    rule("5.4 what could not be read is read before it is replaced",
         MACHINE, "         m->base.state == TST_MEDIUM_UNREADABLE ||\n", ""),
    rule("5.4 what is not our format is kept",
         MACHINE, "tst_call_set_snapshot (m->call, snapshot, "
                  "m->base.state == TST_MEDIUM_MALFORMED);",
         "tst_call_set_snapshot (m->call, snapshot, FALSE);"),
    rule("5.4 what is not our format is kept by the rescue",
         RESCUE, "rescue->snapshot, rescue->base.state == TST_MEDIUM_MALFORMED);",
         "rescue->snapshot, FALSE);"),
    rule("5.4 what is not our format fails without a medium that can keep it",
         MACHINE, "         (m->base.state == TST_MEDIUM_MALFORMED && m->medium == NULL);",
         "         FALSE;",
         ANSWER, "  if (m->purpose == TST_PURPOSE_REREAD && m->medium != NULL)",
         "  if (m->purpose == TST_PURPOSE_REREAD)"),
    rule("5.4 what is only shown is no reason to put something aside",
         MACHINE, "  return m->base.state == TST_MEDIUM_MALFORMED && m->no_overwrite && "
                  "!m->dirty;",
         "  return FALSE;"),
    rule("5.4 defaults are saved only where nothing is",
         DEFAULTS, "  m->keeps_store = TRUE;\n  tst_base_set",
         "  m->keeps_store = TRUE;\n  m->dirty = TRUE;\n  tst_base_set"),
    rule("5.4 the store is kept when what it was on is removed",
         ANSWER, "  if (first && m->defaults != NULL)\n",
         "  if (!first)\n"
         "    {\n"
         "      g_autoptr(TstEngine) engine = tst_engine_new ();\n"
         "      g_autoptr(TstSnapshot) nothing = tst_engine_snapshot (engine);\n\n"
         "      tst_machine_write_to_store (m, nothing, TST_PART_ALL, m, NULL);\n"
         "    }\n\n"
         "  if (first && m->defaults != NULL)\n"),
    rule("5.4 a version that was not read is not replaced",
         ANSWER, "TST_PURPOSE_REREAD && !m->base.seen && !m->no_overwrite)",
         "TST_PURPOSE_REREAD && !m->no_overwrite)"),
]

# What media offer that are no files.
MEDIA = [
    rule("5.2.4 what was heard of is read before it is replaced",
         MACHINE, "  if (m->step->kind == TST_STEP_SAVE && take_news (m))\n    m->reread = TRUE;\n", ""),
    rule("5.2.4 news are not forgotten with a load that is cancelled",
         ANSWER, "  tst_machine_look_again (m);\n", "",
         world="nudge=0 kind=3 processes=1"),
    rule("5.2.4 old news do not undo that something has to be looked at again",
         QUEUE, "  g_clear_pointer (&m->news_tag, g_free);\n  m->load_due", "  m->load_due",
         story="unsettled-is-looked-at-again"),
    rule("5.2.4 old news do not undo new ones",
         QUEUE, "  if (m->load_due && g_strcmp0 (tag, m->news_tag) != 0)", "  if (FALSE)",
         world="nudge=0 kind=2 news=2"),
    rule("5.2.4 what arrives after a revert is not what the store was made from",
         ANSWER, "          tst_sent_clear (&m->sent);\n        }",
         "        }",
         world="nudge=0 mode=2 processes=1 foreign=0 faults=1 stale=1"),
    rule("5.2.6 what is refused for no reason is not tried again at once",
         ANSWER, "      if (after_conflict)\n        wait_after_refusal (m);\n", ""),
    rule("5.2.6 what is refused for no reason is tried again",
         TIMERS, "  tst_machine_clear_timer (&m->refused_source);\n  tst_machine_schedule (m);\n",
         "  tst_machine_clear_timer (&m->refused_source);\n"),
    rule("5.2.6 the rescue does not try at once what is refused for no reason",
         RESCUE, "      if (round > 0 && rescue->unchanged)", "      if (FALSE)",
         world="nudge=0 kind=1 threads=1"),
    rule("5.2.6 that it can be read is no reason to save again",
         MACHINE, "  if (!still_due || m->load_failed)", "  if (TRUE)"),
    rule("5.2.6 that it can be read again is no reason to forget a save",
         MACHINE, "  m->save_failed &= still_due;",
         "  m->save_failed &= still_due && m->n_failures > 0;",
         story="readable-again-and-saved"),
    rule("5.2.6 what to fold is tried more and more seldom",
         TIMERS, "  if (m->n_failed_folds > 0)", "  if (m->n_failures > 0)",
         TIMERS, "MIN (m->n_failed_folds, 10)", "MIN (m->n_failures, 10)",
         story="failed-fold-waits-longer"),
    rule("5.2.6 looking for news does not end the wait of a save",
         MACHINE, "  if (step->kind == TST_STEP_SAVE || m->load_failed || !m->save_failed)",
         "  if (TRUE)"),
    rule("5.2.6 a save that failed is tried again, dirty or not",
         MACHINE, "m->dirty || m->save_failed ||", "m->dirty ||"),
    rule("media: a stamp of this second does not tell",
         KIND, "> second;", ">= second;",
         world="nudge=0 kind=4"),
]

FOLDING = [
    rule("5.6 what not everybody can read is written whole when it is quiet",
         TIMERS, "  m->fold_due = TRUE;\n", ""),
    rule("5.6 a fold is no needless save",
         MACHINE, "    return m->fold_after == TST_NO_FOLD;\n", "    return TRUE;\n"),
    rule("5.6 a fold is written whole",
         MACHINE, "  if (m->step->forced || m->step->whole)", "  if (m->step->forced)"),
    rule("5.6 what others have left is folded, too",
         ANSWER, "      take_fold (m, answer->fold_after, TRUE);\n      handle_content",
         "      handle_content"),
    rule("5.6 nobody folds what somebody else has folded",
         ANSWER, "  m->fold_after = fold_after;\n",
         "  m->fold_after = MAX (m->fold_after, fold_after);\n"),
]

MUTATIONS = DOING + MERGING + MISSING + MEDIA + FOLDING
