/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-persister.h"

#include <glib/gi18n-lib.h>

#include "tst-file-medium-private.h"
#include "tst-file-watcher-private.h"
#include "tst-persister-private.h"

/**
 * TstFilePersister:
 *
 * Keeps a store in a file, as JSON text.
 *
 * ```c
 * g_autoptr(GFile) file = g_file_new_for_path ("pets.json");
 * g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
 *
 * if (!tst_persister_save (persister, NULL, &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * The file is replaced as a whole, or what was changed is appended to a journal beside
 * it, if it is large; see [property@FilePersister:journal-threshold]. Whenever an app
 * or the computer crashes, they hold the old content or the new one. When saving has
 * succeeded, the content is on the disk. The file keeps its mode, its owner where that
 * is permitted, and a symbolic link stays one.
 *
 * Several persisters, in one process or several, may share a file: each
 * notices within milliseconds what the others have saved, and merges instead
 * of overwriting. Programs that replace or edit the file without the lock
 * (`flock()`) that persisters take are noticed by its content.
 *
 * A file that is not the content of a store is never overwritten: before it is
 * replaced, it gets a second name that ends with `.corrupt-` and a part of the
 * digest of its content.
 *
 * Only local files can be used.
 *
 * Since: 0.1
 */

struct _TstFilePersister
{
  TstPersister      parent_instance;

  GFile            *file;       /* construct-only */
  TstJournaledFile *journaled;  /* owned by the parent */
  TstFileWatcher   *watcher;    /* (nullable): while listening */
};

G_DEFINE_FINAL_TYPE (TstFilePersister, tst_file_persister, TST_TYPE_PERSISTER)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_ALLOW_IN_PLACE_WRITE,
  PROP_JOURNAL_THRESHOLD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Smaller files are written as fast as not. */
#define DEFAULT_THRESHOLD (1 << 20)

static void
file_changed_cb (gpointer user_data)
{
  tst_persister_notify_changed (user_data, NULL);
}

static gboolean
tst_file_persister_start_listening (TstPersister  *persister,
                                    GError       **error)
{
  TstFilePersister *self = TST_FILE_PERSISTER (persister);

  self->watcher = tst_file_watcher_new (self->file, file_changed_cb, self);

  return TRUE;
}

static void
tst_file_persister_stop_listening (TstPersister *persister)
{
  TstFilePersister *self = TST_FILE_PERSISTER (persister);

  g_clear_pointer (&self->watcher, tst_file_watcher_free);
}

static void
tst_file_persister_constructed (GObject *object)
{
  TstFilePersister *self = TST_FILE_PERSISTER (object);
  g_autofree char *path = NULL;

  G_OBJECT_CLASS (tst_file_persister_parent_class)->constructed (object);

  if (self->file != NULL)
    path = g_file_get_path (self->file);

  self->journaled = tst_journaled_file_new (path);
  tst_journaled_file_set_threshold (self->journaled, DEFAULT_THRESHOLD);
  tst_persister_set_medium (TST_PERSISTER (self), tst_file_medium_perform, self->journaled,
                            (GDestroyNotify) tst_journaled_file_free);
}

static void
tst_file_persister_finalize (GObject *object)
{
  TstFilePersister *self = TST_FILE_PERSISTER (object);

  g_clear_pointer (&self->watcher, tst_file_watcher_free);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (tst_file_persister_parent_class)->finalize (object);
}

static void
tst_file_persister_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  TstFilePersister *self = TST_FILE_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_ALLOW_IN_PLACE_WRITE:
      g_value_set_boolean (value, tst_file_persister_get_allow_in_place_write (self));
      break;
    case PROP_JOURNAL_THRESHOLD:
      g_value_set_uint64 (value, tst_file_persister_get_journal_threshold (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_file_persister_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  TstFilePersister *self = TST_FILE_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_FILE:
      self->file = g_value_dup_object (value);
      break;
    case PROP_ALLOW_IN_PLACE_WRITE:
      tst_file_persister_set_allow_in_place_write (self, g_value_get_boolean (value));
      break;
    case PROP_JOURNAL_THRESHOLD:
      tst_file_persister_set_journal_threshold (self, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_file_persister_class_init (TstFilePersisterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TstPersisterClass *persister_class = TST_PERSISTER_CLASS (klass);

  object_class->constructed = tst_file_persister_constructed;
  object_class->finalize = tst_file_persister_finalize;
  object_class->get_property = tst_file_persister_get_property;
  object_class->set_property = tst_file_persister_set_property;

  persister_class->start_listening = tst_file_persister_start_listening;
  persister_class->stop_listening = tst_file_persister_stop_listening;

  /**
   * TstFilePersister:file: (getter get_file)
   *
   * The file.
   *
   * It need not exist, and neither need its folder; saving creates the file, but
   * never a folder.
   *
   * Since: 0.1
   */
  properties[PROP_FILE] =
    g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstFilePersister:allow-in-place-write: (getter get_allow_in_place_write) (setter set_allow_in_place_write)
   *
   * Whether the file may be written to in place, if its folder cannot be written
   * in.
   *
   * That is not safe: after a crash, the file may hold a mix of the old and the
   * new content. Without it, saving fails in such a folder.
   *
   * Since: 0.1
   */
  properties[PROP_ALLOW_IN_PLACE_WRITE] =
    g_param_spec_boolean ("allow-in-place-write", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstFilePersister:journal-threshold: (getter get_journal_threshold) (setter set_journal_threshold)
   *
   * The size in bytes from which on a file has a journal: changes are appended to
   * a hidden file beside it, `.NAME.tst-journal`, and are brought into the file
   * later.
   *
   * With 0, every file that exists has one; with `G_MAXUINT64`, each save writes the
   * file. A journal that is there is read in any case.
   *
   * Since: 0.1
   */
  properties[PROP_JOURNAL_THRESHOLD] =
    g_param_spec_uint64 ("journal-threshold", NULL, NULL, 0, G_MAXUINT64, DEFAULT_THRESHOLD,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_file_persister_init (TstFilePersister *self)
{
}

/**
 * tst_file_persister_new:
 * @store: a store
 * @file: a local file, which need not exist
 *
 * Makes a persister that keeps @store in @file.
 *
 * Nothing is read or written before it is asked to load or save.
 *
 * Returns: (transfer full) (type TstFilePersister): a new persister
 *
 * Since: 0.1
 */
TstPersister *
tst_file_persister_new (TstStore *store,
                        GFile    *file)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return g_object_new (TST_TYPE_FILE_PERSISTER,
                       "store", store,
                       "file", file,
                       NULL);
}

/**
 * tst_file_persister_get_file: (get-property file)
 * @self: a file persister
 *
 * Returns the file.
 *
 * Returns: (transfer none): the file
 *
 * Since: 0.1
 */
GFile *
tst_file_persister_get_file (TstFilePersister *self)
{
  g_return_val_if_fail (TST_IS_FILE_PERSISTER (self), NULL);

  return self->file;
}

/**
 * tst_file_persister_get_allow_in_place_write: (get-property allow-in-place-write)
 * @self: a file persister
 *
 * Returns whether the file may be written to in place.
 *
 * Returns: whether that is allowed
 *
 * Since: 0.1
 */
gboolean
tst_file_persister_get_allow_in_place_write (TstFilePersister *self)
{
  g_return_val_if_fail (TST_IS_FILE_PERSISTER (self), FALSE);

  return tst_shared_file_get_in_place (tst_journaled_file_get_shared (self->journaled));
}

/**
 * tst_file_persister_set_allow_in_place_write: (set-property allow-in-place-write)
 * @self: a file persister
 * @allow_in_place_write: whether to allow that
 *
 * Sets whether the file may be written to in place, if its folder cannot be
 * written in.
 *
 * Since: 0.1
 */
void
tst_file_persister_set_allow_in_place_write (TstFilePersister *self,
                                             gboolean          allow_in_place_write)
{
  TstSharedFile *shared;

  g_return_if_fail (TST_IS_FILE_PERSISTER (self));

  shared = tst_journaled_file_get_shared (self->journaled);
  if (tst_shared_file_get_in_place (shared) == !!allow_in_place_write)
    return;

  tst_shared_file_set_in_place (shared, !!allow_in_place_write);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALLOW_IN_PLACE_WRITE]);
}

/**
 * tst_file_persister_get_journal_threshold: (get-property journal-threshold)
 * @self: a file persister
 *
 * Returns from which size on a file has a journal.
 *
 * Returns: the size, in bytes
 *
 * Since: 0.1
 */
guint64
tst_file_persister_get_journal_threshold (TstFilePersister *self)
{
  g_return_val_if_fail (TST_IS_FILE_PERSISTER (self), 0);

  return tst_journaled_file_get_threshold (self->journaled);
}

/**
 * tst_file_persister_set_journal_threshold: (set-property journal-threshold)
 * @self: a file persister
 * @journal_threshold: a size in bytes; 0 for always, `G_MAXUINT64` for never
 *
 * Sets from which size on a file has a journal.
 *
 * Since: 0.1
 */
void
tst_file_persister_set_journal_threshold (TstFilePersister *self,
                                          guint64           journal_threshold)
{
  g_return_if_fail (TST_IS_FILE_PERSISTER (self));

  if (tst_journaled_file_get_threshold (self->journaled) == journal_threshold)
    return;

  tst_journaled_file_set_threshold (self->journaled, journal_threshold);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOURNAL_THRESHOLD]);
}
