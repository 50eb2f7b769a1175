/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-machine-private.h"

/* What must be true, whatever happens:
 *
 * - A peer changes on its medium only what was changed in its store by others
 *   than itself and is not known to be persisted; what it replaces or removes
 *   was known when that was written, or it tells of a conflict.
 * - What a peer says is persisted has been on the medium since.
 * - A row is never made of two.
 * - What a peer applies to its store leaves what is not persisted yet.
 * - A peer that is let go of, or switched off, saves its last changes.
 * - Nothing is written that is there already, or put aside for nothing.
 * - When nothing happens any more, all stores are what their medium holds, and to
 *   be told of that again does nothing.
 *
 * All values that are ever written are different, so that each tells where it
 * comes from. */

/* Numbers that a listener makes of what is there: they may be written twice. */
static gboolean
is_derived (const char *key)
{
  return g_str_equal (key, "//echo");
}

static guint64
lookup_seq (GHashTable *table,
            const char *key)
{
  guint64 *seq = g_hash_table_lookup (table, key);

  return seq != NULL ? *seq : 0;
}

static void
note_seq (GHashTable *table,
          const char *key,
          guint64     seq)
{
  g_hash_table_insert (table, g_strdup (key), g_memdup2 (&seq, sizeof seq));
}

void
sim_oracle_note_seen (SimProcess *process,
                      const char *value)
{
  if (value != NULL && lookup_seq (process->seen, value) == 0)
    note_seq (process->seen, value, MAX (process->sim->seq, 1));
}

/* --- What happens in stores --- */

static void
change_clear (gpointer data)
{
  SimChange *change = data;

  g_clear_pointer (&change->key, g_free);
  g_clear_pointer (&change->value, g_free);
  g_clear_pointer (&change->old, g_free);
}

static void
change_free (gpointer data)
{
  change_clear (data);
  g_free (data);
}

static char *
dup_value (const GValue *value)
{
  if (value == NULL)
    return NULL;
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);

  return g_strdup_printf ("%g", g_value_get_double (value));
}

static void
add_change (SimProcess   *process,
            char         *key,
            const GValue *value,
            const GValue *old)
{
  SimChange change = { .key = key, .value = dup_value (value), .old = dup_value (old) };

  g_array_append_val (process->changes, change);
}

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  add_change (user_data, sim_key (table_id, row_id, cell_id), new_value, old_value);
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  add_change (user_data, sim_key ("", "", value_id), new_value, old_value);
}

static gboolean
has_value (SimContent *content,
           const char *key,
           const char *value)
{
  return content != NULL && g_strcmp0 (g_hash_table_lookup (content, key), value) == 0;
}

static gboolean
is_default (const char *value)
{
  return strstr (value, ".default") != NULL;
}

static void
set_pending (SimPeer    *peer,
             const char *key,
             const char *value,
             const char *old,
             guint64     seq)
{
  SimChange *pending = g_new0 (SimChange, 1);

  pending->key = g_strdup (key);
  pending->value = g_strdup (value);
  pending->old = g_strdup (old);
  pending->seq = seq;
  pending->arrived = has_value (peer->medium->content, key, value) ||
                     has_value (peer->read, key, value);
  g_hash_table_replace (peer->pending, pending->key, pending);

  note_seq (value != NULL ? peer->mine : peer->removed, value != NULL ? value : key, seq);
}

/* A row that was made here has been given another id. */
static void
follow_moved_row (SimPeer   *peer,
                  SimChange *change)
{
  GHashTableIter iter;
  gpointer key, data;
  guint64 seq;

  if (change->value == NULL)
    return;

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, &key, &data))
    {
      SimChange *pending = data;

      if (g_strcmp0 (pending->value, change->value) != 0 || g_str_equal (key, change->key))
        continue;

      seq = pending->seq;
      g_hash_table_iter_remove (&iter);
      set_pending (peer, change->key, change->value, NULL, seq);
      return;
    }
}

/* Whether the row of @key that was removed here is in @content as it was here, when
 * that is known for certain: then nobody else has changed it. */
static gboolean
has_row_as_removed (SimPeer    *peer,
                    SimContent *content,
                    const char *key)
{
  gsize length = strrchr (key, '/') + 1 - key;
  SimWorld *world = &peer->sim->world;
  GHashTableIter iter;
  gpointer other, data;

  if (world->faults || world->foreign || world->defaults || world->stale || world->media > 1 ||
      peer->process->has_cancelled || content == NULL || !sim_key_is_in_row (key))
    return FALSE;

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, &other, &data))
    {
      SimChange *change = data;

      if (strncmp (key, other, length) == 0 &&
          (change->value != NULL || !has_value (content, other, change->old)))
        return FALSE;
    }

  g_hash_table_iter_init (&iter, content);
  while (g_hash_table_iter_next (&iter, &other, NULL))
    if (strncmp (key, other, length) == 0 && !g_hash_table_contains (peer->pending, other))
      return FALSE;

  return TRUE;
}

static void
check_removed_row (SimPeer   *peer,
                   SimChange *change)
{
  SimChange *pending = g_hash_table_lookup (peer->pending, change->key);

  /* A persister before this one may write yet. */
  if (pending != NULL && pending->value == NULL && sim_peer_is_following (peer) &&
      !peer->sim->may_double &&
      has_row_as_removed (peer, peer->read, change->key))
    sim_fail (peer->sim, "peer %u has brought back %s = %s", peer->number, change->key,
              change->value);
}

/* Not what another persister takes back: that is no change. And what two listeners
 * make of the same may be taken for a save that has arrived. */
static gboolean
must_be_kept (SimPeer *peer)
{
  SimWorld *world = &peer->sim->world;

  return sim_peer_is_following (peer) && world->media == 1 &&
         !(world->echo && (world->faults || peer->process->has_cancelled));
}

/* The peer itself has made the store what its medium holds, but for what is
 * pending. */
static void
note_applied (SimPeer *peer,
              GArray  *changes)
{
  peer->applied = peer->sim->seq;
  for (guint i = 0; i < changes->len; i++)
    check_removed_row (peer, &g_array_index (changes, SimChange, i));

  for (guint i = 0; i < changes->len; i++)
    follow_moved_row (peer, &g_array_index (changes, SimChange, i));

  for (guint i = 0; i < changes->len; i++)
    {
      SimChange *change = &g_array_index (changes, SimChange, i);
      SimChange *pending = g_hash_table_lookup (peer->pending, change->key);

      if (pending == NULL || g_strcmp0 (pending->value, change->value) == 0)
        continue;

      if (pending->value != NULL && !pending->arrived && must_be_kept (peer))
        sim_fail (peer->sim, "peer %u replaced %s = %s, which is not persisted", peer->number,
                  change->key, pending->value);
      g_hash_table_remove (peer->pending, change->key);
    }
}

/* A row has to move: from now on, all of it is what this peer has to persist. */
static void
note_moved_row (SimPeer    *peer,
               const char *table_id,
               const char *row_id)
{
  TstStore *store = peer->process->store;
  g_auto(GStrv) cell_ids = tst_store_get_cell_ids (store, table_id, row_id);

  for (guint i = 0; cell_ids[i] != NULL; i++)
    note_seq (peer->mine, tst_store_get_cell_string (store, table_id, row_id, cell_ids[i]),
              peer->sim->seq);
}

/* The same for default content, which does not have the rows that were changed. */
static void
note_kept_rows (SimPeer *peer)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (peer->pending, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_auto(GStrv) ids = g_strsplit (keys[i], "/", 3);

      if (sim_key_is_in_row (keys[i]))
        note_moved_row (peer, ids[0], ids[1]);
    }
}

static void
note_changes (SimPeer   *peer,
              GArray    *changes,
              TstOrigin  origin)
{
  if (origin == tst_defaults_origin)
    {
      note_kept_rows (peer);
      return;
    }

  if (origin == peer->origin)
    {
      note_applied (peer, changes);
      return;
    }

  peer->touched = TRUE;
  for (guint i = 0; i < changes->len; i++)
    {
      SimChange *change = &g_array_index (changes, SimChange, i);

      if (!is_derived (change->key))
        set_pending (peer, change->key, change->value, change->old, peer->sim->seq);
    }
}

static void
store_changed_cb (TstStore  *store,
                  TstOrigin  origin,
                  gboolean   changed,
                  gpointer   user_data)
{
  SimProcess *process = user_data;
  GArray *changes = process->changes;

  if (!changed)
    return;

  process->sim->seq++;
  for (guint i = 0; i < changes->len; i++)
    {
      const char *key = g_array_index (changes, SimChange, i).key;
      const char *value = g_array_index (changes, SimChange, i).value;

      sim_log (process->sim, "process %u has %s = %s (%" G_GUINT64_FORMAT ")", process->number, key,
               value != NULL ? value : "nothing", process->sim->seq);
      sim_oracle_note_seen (process, value);
    }

  /* Also for those that are dropped, and still wait for the end of this. */
  for (guint i = 0; i < process->sim->peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (process->sim->peers, i);

      if (peer->process == process && peer->alive)
        note_changes (peer, changes, origin);
    }

  g_array_set_size (changes, 0);
}

void
sim_oracle_watch (SimProcess *process)
{
  g_array_set_clear_func (process->changes, change_clear);
  tst_store_add_cell_listener (process->store, NULL, NULL, NULL, 0, cell_cb, process, NULL);
  tst_store_add_value_listener (process->store, NULL, 0, value_cb, process, NULL);
  tst_store_add_observer (process->store, store_changed_cb, process);
}

/* --- What peers say --- */

/* Whether the medium has got what was changed, or what it had made that void. */
static gboolean
has_arrived (SimPeer   *peer,
             SimChange *change)
{
  SimContent *content = peer->medium->held;
  const char *there = content != NULL ? g_hash_table_lookup (content, change->key) : NULL;

  if (change->arrived)
    return TRUE;

  if (change->value != NULL)
    return g_strcmp0 (there, change->value) == 0;
  if (there == NULL)
    return TRUE;

  /* Removed here, and set elsewhere, or by default after all: that counts. */
  return is_default (there) ||
         lookup_seq (peer->process->seen, there) == 0 ||
         lookup_seq (peer->process->seen, there) > change->seq;
}

void
sim_oracle_check_saved (SimPeer    *peer,
                        guint64     seq,
                        const char *says)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      SimChange *change = data;

      if (change->seq > seq)
        continue;
      if (!has_arrived (peer, change))
        sim_fail (peer->sim, "peer %u says %s, but %s = %s was lost", peer->number, says,
                  change->key, change->value != NULL ? change->value : "nothing");
      g_hash_table_iter_remove (&iter);
    }

  peer->persisted = MAX (peer->persisted, seq);
}

static void
saved_cb (TstPersister *persister,
          gpointer      user_data)
{
  SimPeer *peer = user_data;

  peer->overwrites = peer->is_overwriting = FALSE;
  if (!peer->alive)
    return;

  sim_oracle_check_saved (peer, peer->answered, "saved");
  g_hash_table_remove_all (peer->conflicts);
  g_hash_table_remove_all (peer->kept);
  sim_process_react (peer->process);
}

static void
loaded_cb (TstPersister *persister,
           gpointer      user_data)
{
  SimPeer *peer = user_data;

  peer->loaded = peer->applied;
  peer->knows_content |= peer->read != NULL;
  sim_process_react (peer->process);
}

static gboolean
is_reverted (gpointer key,
             gpointer value,
             gpointer user_data)
{
  SimChange *change = value;
  SimPeer *peer = user_data;

  return change->seq <= peer->loaded;
}

void
sim_oracle_note_reverted (SimPeer *peer)
{
  g_hash_table_foreach_remove (peer->pending, is_reverted, peer);
  peer->persisted = MAX (peer->persisted, peer->loaded);
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               will_retry,
           gpointer               user_data)
{
  SimPeer *peer = user_data;

  sim_log (peer->sim, "peer %u failed to %s: %s", peer->number,
           operation == TST_PERSISTER_LOAD ? "load" : "save", error->message);
  if (g_error_matches (error, TST_ERROR, TST_ERROR_CHANGED_ELSEWHERE))
    sim_fail (peer->sim, "peer %u has given up", peer->number);
  sim_process_react (peer->process);
}

static void
notify_cb (TstPersister *persister,
           GParamSpec   *pspec,
           gpointer      user_data)
{
  sim_process_react (((SimPeer *) user_data)->process);
}

/* Where nobody else ever was, and nothing is unknown. */
static gboolean
is_only_writer (SimPeer *peer)
{
  SimWorld *world = &peer->sim->world;

  return peer->sim->peers->len == 1 && !world->foreign && !world->faults && !world->stale &&
         !world->refuses && !peer->process->has_cancelled;
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             gpointer      user_data)
{
  SimPeer *peer = user_data;

  if (is_only_writer (peer))
    sim_fail (peer->sim, "peer %u has a conflict with nobody", peer->number);

  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      const char *table_id = tst_conflict_get_table_id (conflict, i);
      const char *row_id = tst_conflict_get_row_id (conflict, i);
      const char *cell_id = tst_conflict_get_cell_id (conflict, i);
      char *key = sim_key (table_id != NULL ? table_id : "", row_id != NULL ? row_id : "",
                           cell_id != NULL ? cell_id : "");

      sim_log (peer->sim, "peer %u has a conflict: %u %s", peer->number,
               tst_conflict_get_kind (conflict, i), key);
      g_hash_table_add (peer->conflicts, key);
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_KEPT)
        g_hash_table_add (peer->kept, g_strdup (key));
      if (peer->read != NULL)
        sim_oracle_note_seen (peer->process, g_hash_table_lookup (peer->read, key));
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_ROW_MOVED)
        note_moved_row (peer, table_id, tst_conflict_get_new_row_id (conflict, i));
    }

  sim_process_react (peer->process);
}

void
sim_oracle_watch_peer (SimPeer *peer)
{
  peer->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, change_free);
  peer->mine = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  peer->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  peer->conflicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  peer->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  peer->persisted = peer->sim->seq;
  peer->origin = tst_persister_get_machine (peer->persister);

  g_signal_connect (peer->persister, "saved", G_CALLBACK (saved_cb), peer);
  g_signal_connect (peer->persister, "loaded", G_CALLBACK (loaded_cb), peer);
  g_signal_connect (peer->persister, "failed", G_CALLBACK (failed_cb), peer);
  g_signal_connect (peer->persister, "conflict", G_CALLBACK (conflict_cb), peer);
  g_signal_connect (peer->persister, "notify", G_CALLBACK (notify_cb), peer);
}

void
sim_peer_free (SimPeer *self)
{
  g_assert (self->persister == NULL);

  g_hash_table_unref (self->pending);
  g_hash_table_unref (self->mine);
  g_hash_table_unref (self->removed);
  g_hash_table_unref (self->conflicts);
  g_hash_table_unref (self->kept);
  g_clear_pointer (&self->read, g_hash_table_unref);
  g_free (self->news_tag);
  g_free (self);
}

void
sim_oracle_check_process (SimProcess *process)
{
  for (guint i = 0; i < SIM_MAX_MEDIA; i++)
    {
      SimPeer *peer = process->peers[i];

      if (peer == NULL || peer->persister == NULL || tst_store_is_busy (process->store))
        continue;
      if (!tst_persister_get_dirty (peer->persister))
        sim_oracle_check_saved (peer, process->sim->seq, "that nothing is dirty");
    }
}

/* --- What happens on media --- */

/* A row that moves after its peer is gone does not move in the store. */
static void
note_moved_elsewhere (SimPeer    *peer,
                      SimContent *content)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      SimChange *change = data;
      GHashTableIter there;
      gpointer value;

      g_hash_table_iter_init (&there, content);
      while (!change->arrived && g_hash_table_iter_next (&there, NULL, &value))
        change->arrived = g_strcmp0 (value, change->value) == 0;
    }
}

/* It may be what is pending, and have been replaced meanwhile. */
void
sim_oracle_note_read (SimPeer    *peer,
                      SimContent *content)
{
  GHashTableIter iter;
  gpointer data;

  g_clear_pointer (&peer->read, g_hash_table_unref);
  peer->read = g_hash_table_ref (content);

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      SimChange *change = data;

      change->arrived |= has_value (content, change->key, change->value);
    }
}

void
sim_oracle_note_version (SimMedium *medium)
{
  for (guint i = 0; i < medium->sim->peers->len; i++)
    {
      SimPeer *peer = g_ptr_array_index (medium->sim->peers, i);
      GHashTableIter iter;
      gpointer data;

      if (peer->medium != medium || medium->content == NULL)
        continue;

      if (peer->persister == NULL)
        note_moved_elsewhere (peer, medium->content);

      g_hash_table_iter_init (&iter, peer->pending);
      while (g_hash_table_iter_next (&iter, NULL, &data))
        {
          SimChange *change = data;

          const char *there = g_hash_table_lookup (medium->content, change->key);

          if (g_strcmp0 (there, change->value) == 0 ||
              (change->value == NULL && is_default (there)))
            change->arrived = TRUE;
        }
    }
}

static gboolean
is_owed (SimPeer    *peer,
         const char *value)
{
  return lookup_seq (peer->mine, value) > peer->persisted;
}

/* Whether something in the row of @key was changed here and is not persisted:
 * then all of the row comes back if it was removed elsewhere. */
static gboolean
row_is_owed (SimPeer    *peer,
             SimContent *content,
             const char *key)
{
  gsize length = strrchr (key, '/') + 1 - key;
  GHashTableIter iter;
  gpointer other, value;

  g_hash_table_iter_init (&iter, content);
  while (g_hash_table_iter_next (&iter, &other, &value))
    if (strncmp (key, other, length) == 0 && is_owed (peer, value))
      return TRUE;

  g_hash_table_iter_init (&iter, peer->removed);
  while (g_hash_table_iter_next (&iter, &other, &value))
    if (strncmp (key, other, length) == 0 && *(guint64 *) value > peer->persisted)
      return TRUE;

  return FALSE;
}

static gboolean
has_told_of (SimPeer    *peer,
             const char *key)
{
  g_autofree char *row_key = g_strndup (key, strrchr (key, '/') + 1 - key);

  /* One that is gone cannot tell. */
  return peer->persister == NULL || g_hash_table_contains (peer->conflicts, key) ||
         g_hash_table_contains (peer->conflicts, row_key);
}

static void
check_written (SimPeer    *peer,
               SimContent *before,
               SimContent *after,
               const char *key,
               const char *value)
{
  const char *old = g_hash_table_lookup (before, key);
  guint64 seen;

  if (g_strcmp0 (old, value) == 0 || is_derived (key))
    return;

  /* One that is gone cannot tell that it has moved a row. */
  if (peer->persister == NULL && old == NULL && !sim_content_has_row (before, key) &&
      lookup_seq (peer->process->seen, value) != 0)
    return;

  if (!is_owed (peer, value))
    {
      if (old != NULL || !sim_key_is_in_row (key) || sim_content_has_row (before, key) ||
          !row_is_owed (peer, after, key))
        sim_fail (peer->sim, "peer %u wrote %s = %s over %s for no reason", peer->number, key,
                  value, old != NULL ? old : "nothing");
      return;
    }

  seen = old != NULL ? lookup_seq (peer->process->seen, old) : 1;
  if ((seen == 0 || seen > lookup_seq (peer->mine, value)) && !has_told_of (peer, key))
    sim_fail (peer->sim, "peer %u wrote %s = %s over %s without a word", peer->number, key, value,
              old);
}

static void
check_removed (SimPeer    *peer,
               const char *key,
               const char *old)
{
  guint64 removed = lookup_seq (peer->removed, key);
  guint64 seen = lookup_seq (peer->process->seen, old);

  if (is_derived (key))
    return;

  /* Ours was kept, and then removed. */
  if (removed > peer->persisted && g_hash_table_contains (peer->kept, key))
    return;

  /* What was removed before a save was known to have arrived was saved as removed when
   * a cache said that it had not, or before it had. */
  if (removed > 0 && removed <= peer->persisted && (peer->sim->world.stale || peer->sim->world.late))
    return;

  if (removed <= peer->persisted || seen == 0 || seen > removed)
    sim_fail (peer->sim, "peer %u removed %s = %s for no reason", peer->number, key, old);
}

/* Of the creation that a value comes from; NULL: it is no matter. */
static char *
get_creation (const char *key,
              const char *value)
{
  return sim_key_is_in_row (key) ? g_strndup (value, strcspn (value, ".")) : NULL;
}

/* All cells of a row come from one creation. But where an id was given to a
 * second row after the first was gone, nobody can tell. */
static void
check_fused (SimPeer    *peer,
             SimContent *after)
{
  g_autoptr(GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) creations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTable *known = peer->medium->creations;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autofree char *creation = get_creation (key, value);
      g_autofree char *row = g_strndup (key, strrchr (key, '/') - (char *) key);
      const char *other = g_hash_table_lookup (rows, row);
      const char *other_row;

      if (creation == NULL)
        continue;

      if (other == NULL)
        g_hash_table_insert (rows, g_strdup (row), g_strdup (creation));
      else if (!g_str_equal (other, creation) &&
               g_strcmp0 (g_hash_table_lookup (known, row), "many") != 0)
        sim_fail (peer->sim, "peer %u made one row of two: %s of %s and %s", peer->number, row,
                  other, creation);

      other_row = g_hash_table_lookup (creations, creation);
      if (other_row == NULL)
        g_hash_table_insert (creations, g_strdup (creation), g_strdup (row));
      else if (!g_str_equal (other_row, row) && creation[0] == 'c' && !peer->sim->may_double)
        sim_fail (peer->sim, "peer %u made two rows of one: %s and %s", peer->number, other_row,
                  row);
    }

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const char *other = g_hash_table_lookup (known, key);

      g_hash_table_insert (known, g_strdup (key),
                           g_strdup (other == NULL || g_str_equal (other, value) ? value : "many"));
    }
}

static void
check_changes (SimPeer    *peer,
               SimContent *before,
               SimContent *after)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &key, &value))
    check_written (peer, before, after, key, value);

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (after, key))
      check_removed (peer, key, value);
}

static void
check_known (SimPeer    *peer,
             SimContent *content)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, content);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!is_derived (key) && lookup_seq (peer->process->seen, value) == 0)
      sim_fail (peer->sim, "peer %u wrote %s = %s, which it never had", peer->number,
                (char *) key, (char *) value);
}

/* There was nothing that counts: then all of the store is written. */
static void
check_created (SimPeer    *peer,
               SimRequest *request)
{
  /* Without tags, one text of 0 bytes is as good as another. */
  if (peer->medium->torn != NULL && !request->blind && peer->knows_content &&
      !sim_medium_has_digests (peer->medium) &&
      sim_system_get_time () - peer->medium->torn_time < 200 * 1000)
    sim_fail (peer->sim, "peer %u replaced what somebody was writing", peer->number);

  check_known (peer, request->content);
}

void
sim_oracle_check_asked (SimRequest *request)
{
  SimPeer *peer = request->peer;
  GPtrArray *past = peer->medium->past;

  /* One that is gone hears of nothing; and what is new may not be in the cache yet. */
  if (peer->persister == NULL || !peer->listening || peer->sim->world.stale || peer->heard == 0)
    return;

  for (guint i = peer->heard; i < past->len; i++)
    if (sim_tag_is_same (((SimVersion *) g_ptr_array_index (past, i))->tag, request->base_tag))
      return;

  sim_fail (peer->sim, "peer %u is to replace %s, and has heard that it is another one",
            peer->number, request->base_tag != NULL ? request->base_tag : "nothing");
}

/* What was given up may arrive after what came later, and replace it where nobody
 * checks: it cannot know. Elsewhere, what it writes may have been taken back since. */
static gboolean
is_out_of_turn (SimRequest *request)
{
  return request->blind &&
         (request->request == NULL ||
          g_cancellable_is_cancelled (tst_request_get_cancellable (request->request)));
}

void
sim_oracle_check_effect (SimRequest *request,
                         SimContent *before)
{
  SimPeer *peer = request->peer;

  if (request->blind && peer->persister != NULL && is_only_writer (peer))
    sim_fail (peer->sim, "peer %u has lost what it wrote itself", peer->number);

  if (is_out_of_turn (request))
    ;
  else if (before == NULL)
    check_created (peer, request);
  else if (request->request == NULL)
    check_known (peer, request->content);
  else if (!request->overwrites)
    check_changes (peer, before, request->content);

  check_fused (peer, request->content);
  peer->knows_content = TRUE;
}

/* --- Quiet --- */

gboolean
sim_peer_is_following (SimPeer *self)
{
  return self != NULL && self->persister != NULL &&
         tst_persister_get_auto_load (self->persister) &&
         tst_persister_get_auto_save (self->persister);
}

void
sim_oracle_note_last (SimPeer *peer)
{
  if (tst_persister_get_auto_save (peer->persister))
    peer->due = peer->sim->seq;
}

/* What others have changed and changed back meanwhile is as if it had been refused for
 * no reason, if it has the tag that it had. */
static gboolean
may_be_refused (Sim *sim)
{
  return sim->world.digests && sim->world.processes > 1;
}

void
sim_oracle_check_nudged (Sim *sim)
{
  for (guint i = 0; i < sim->world.processes; i++)
    for (guint j = 0; j < SIM_MAX_MEDIA; j++)
      {
        SimPeer *peer = sim->processes[i]->peers[j];

        if (sim_peer_is_following (peer) && tst_persister_get_dirty (peer->persister) &&
            !may_be_refused (sim))
          sim_fail (sim, "peer %u does not try again at once", peer->number);
      }
}

static gboolean
is_lost (SimPeer   *peer,
         SimChange *change)
{
  SimWorld *world = &peer->sim->world;

  if (change->arrived || change->seq > peer->due)
    return FALSE;

  /* What it has removed, and somebody else has changed, comes back. */
  return change->value != NULL ||
         (world->processes == 1 &&
          has_row_as_removed (peer, peer->medium->held, change->key));
}

static void
check_last (SimPeer *peer)
{
  GHashTableIter iter;
  gpointer data;

  if (!peer->alive || peer->due == 0)
    return;

  if (peer->persister != NULL)
    {
      sim_oracle_check_saved (peer, peer->due, "goodbye");
      return;
    }

  g_hash_table_iter_init (&iter, peer->pending);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      SimChange *change = data;

      if (is_lost (peer, change))
        sim_fail (peer->sim, "peer %u is gone, and %s = %s was lost", peer->number, change->key,
                  change->value != NULL ? change->value : "nothing");
    }
}

static void
check_quiet_peer (SimPeer *peer)
{
  g_autoptr(SimContent) content = sim_content_new_for_store (peer->process->store);

  if (tst_persister_get_dirty (peer->persister) ||
      tst_persister_get_status (peer->persister) != TST_PERSISTER_IDLE)
    sim_fail (peer->sim, "peer %u does not come to rest", peer->number);
  else if (peer->medium->content != NULL && !sim_content_equal (content, peer->medium->content))
    sim_fail (peer->sim, "process %u has something else than medium %u", peer->process->number,
              peer->medium->number);
  else if (peer->medium->text == NULL && g_hash_table_size (content) > 0 &&
           !peer->sim->world.foreign)
    sim_fail (peer->sim, "peer %u has not created medium %u", peer->number, peer->medium->number);
  else if (peer->medium->unfolded)
    sim_fail (peer->sim, "peer %u has not folded medium %u", peer->number, peer->medium->number);
}

/* One that only loads. */
static void
check_quiet_loader (SimPeer *peer)
{
  g_autoptr(SimContent) content = sim_content_new_for_store (peer->process->store);

  if (tst_persister_get_dirty (peer->persister) && !peer->touched &&
      peer->medium->content != NULL && sim_content_equal (content, peer->medium->content))
    sim_fail (peer->sim, "peer %u is dirty for nothing", peer->number);
}

void
sim_oracle_check_quiet (Sim *sim)
{
  for (guint i = 0; i < sim->world.processes; i++)
    for (guint j = 0; j < SIM_MAX_MEDIA; j++)
      {
        SimPeer *peer = sim->processes[i]->peers[j];

        if (sim_peer_is_following (peer))
          check_quiet_peer (peer);
        else if (peer != NULL && peer->listening)
          check_quiet_loader (peer);
      }

  for (guint i = 0; i < sim->peers->len; i++)
    check_last (g_ptr_array_index (sim->peers, i));
}
