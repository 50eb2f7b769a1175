/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-storage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-digest-private.h"
#include "tst-error.h"
#include "tst-file-writer-private.h"
#include "tst-item-name-private.h"
#include "tst-storage-insides-private.h"

/**
 * TstStorage:
 *
 * Keeps texts under keys, as Web Storage does in a browser.
 *
 * Each application has two of them, which all of its processes share: one that
 * stays, [func@Storage.get_local], and one that ends with the login session,
 * [func@Storage.get_session].
 *
 * ```python
 * storage = TStore.Storage.get_local("org.example.Shop")
 * storage.set_item("last-pet", "fido")
 * storage.get_item("last-pet")        # 'fido'
 * storage.get_item("first-pet")       # None
 * ```
 *
 * Keys and contents are any text, the empty one too. What is set is on the disk
 * when [method@Storage.set_item] returns; after a crash there is the content before
 * or the one after it. Nothing is cached: an item is what it is on the disk now,
 * whoever wrote it.
 *
 * Each item has a file of its own. If one is damaged, the others are not; getting
 * that item is an error, and before it is set or removed, the damaged file gets a
 * second name that ends with `.corrupt-` and a part of its digest. The format is
 * that of GSettings; see [Storage](storage.html).
 *
 * All functions block until the disk has answered, which is right for what is
 * small. Keep a whole [class@Store] there with [class@LocalPersister] or
 * [class@SessionPersister], which do not block.
 *
 * They may be called from any thread. Signals are emitted in the main context that
 * was the default of the thread where the object was made.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (TstStorage, tst_storage, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FOLDER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
entry_free (gpointer data)
{
  TstStorageEntry *entry = data;

  g_clear_pointer (&entry->item, tst_item_free);
  g_free (entry->name);
  g_free (entry->told);
  g_free (entry);
}

/* --- Items --- */

static gboolean
check_key (const char  *key,
           GError     **error)
{
  if (!g_utf8_validate (key, -1, NULL))
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_ID, _("The key is not valid UTF-8"));
      return FALSE;
    }

  if (strlen (key) > TST_ITEM_MAX_KEY_LENGTH)
    {
      g_set_error (error, TST_ERROR, TST_ERROR_LIMIT, _("A key may have %d bytes"),
                   TST_ITEM_MAX_KEY_LENGTH);
      return FALSE;
    }

  return TRUE;
}

char *
tst_storage_get_path_of (TstStorage *self,
                         const char *key)
{
  g_autofree char *group = tst_item_group_new (key);
  g_autofree char *name = tst_item_file_name (group);

  return self->path != NULL ? g_build_filename (self->path, name, NULL) : NULL;
}

static TstStorageEntry *
entry_new (TstStorage *self,
           const char *key)
{
  TstStorageEntry *entry = g_new0 (TstStorageEntry, 1);
  g_autofree char *group = tst_item_group_new (key);

  entry->name = tst_item_file_name (group);
  if (self->memory == NULL)
    {
      g_autofree char *path = tst_storage_get_path_of (self, key);

      entry->item = tst_item_new (path, group, self->flags);
    }

  return entry;
}

TstStorageEntry *
tst_storage_get_entry (TstStorage *self,
                       const char *key)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TstStorageEntry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    {
      entry = entry_new (self, key);
      g_hash_table_insert (self->entries, g_strdup (key), entry);
    }

  return entry;
}

TstItemResult
tst_storage_read (TstStorage    *self,
                  const char    *key,
                  const char    *known_tag,
                  GCancellable  *cancellable,
                  GBytes       **content,
                  char         **tag,
                  GError       **error)
{
  if (!check_key (key, error))
    return TST_ITEM_FAILED;

  if (self->memory != NULL)
    return tst_memory_read (self->memory, key, known_tag, content, tag);

  return tst_item_read (tst_storage_get_entry (self, key)->item, known_tag, cancellable,
                        content, tag, error);
}

/* --- Writing --- */

static TstFileWriteResult
write_item (TstStorage           *self,
            const char           *key,
            const TstItemChange  *change,
            GCancellable         *cancellable,
            gboolean             *changed,
            GError              **error)
{
  TstStorageEntry *entry = tst_storage_get_entry (self, key);
  g_autoptr(GError) local_error = NULL;
  TstFileWriteResult result;

  if (self->memory != NULL)
    return tst_memory_write (self->memory, key, change, changed);

  result = tst_item_write (entry->item, change, cancellable, changed, &local_error);

  /* The folder, perhaps. */
  if (change->content != NULL && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_clear_error (&local_error);
      if (!tst_file_writer_make_folder (self->path, error))
        return TST_FILE_WRITE_FAILED;
      result = tst_item_write (entry->item, change, cancellable, changed, &local_error);
    }

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return result;
}

TstFileWriteResult
tst_storage_write (TstStorage           *self,
                   const char           *key,
                   const TstItemChange  *change,
                   GCancellable         *cancellable,
                   GError              **error)
{
  TstFileWriteResult result;
  gboolean changed = FALSE;

  if (!check_key (key, error))
    return TST_FILE_WRITE_FAILED;

  result = write_item (self, key, change, cancellable, &changed, error);
  if (changed)
    tst_storage_wrote (self, key, change->tag);

  return result;
}

/* --- The object --- */

static void
tst_storage_constructed (GObject *object)
{
  TstStorage *self = TST_STORAGE (object);

  G_OBJECT_CLASS (tst_storage_parent_class)->constructed (object);

  self->context = g_main_context_ref_thread_default ();
  if (self->folder != NULL)
    self->path = g_file_get_path (self->folder);
  else
    self->memory = tst_memory_new ();

  if (self->path != NULL)
    tst_storage_start_watching (self);
}

static void
tst_storage_finalize (GObject *object)
{
  TstStorage *self = TST_STORAGE (object);

  g_clear_pointer (&self->watcher, tst_folder_watcher_free);
  g_clear_pointer (&self->memory, tst_memory_unref);
  g_clear_object (&self->folder);
  g_free (self->path);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->entries);
  g_ptr_array_unref (self->watches);
  g_clear_pointer (&self->due, g_hash_table_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tst_storage_parent_class)->finalize (object);
}

static void
tst_storage_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  TstStorage *self = TST_STORAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_storage_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  TstStorage *self = TST_STORAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      self->folder = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_storage_class_init (TstStorageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_storage_constructed;
  object_class->finalize = tst_storage_finalize;
  object_class->get_property = tst_storage_get_property;
  object_class->set_property = tst_storage_set_property;

  /**
   * TstStorage:folder: (getter get_folder)
   *
   * The folder that the items are in, or `NULL` if they are in the memory of the
   * process.
   *
   * Since: 0.1
   */
  properties[PROP_FOLDER] =
    g_param_spec_object ("folder", NULL, NULL, G_TYPE_FILE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TstStorage::changed:
   * @self: a storage
   * @key: the key of the item
   *
   * Emitted when an item was set or removed, by this process or another one.
   *
   * The detail is the key: connect to `changed::pets` to hear of one item only.
   *
   * It is emitted from the main loop, never before the function that changed the
   * item returns. Setting an item to what it is tells nobody. Two changes in a short
   * time may be told as one. If an item that this object has not told of before is
   * touched by another process, it may be told of although it is as it was.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
tst_storage_init (TstStorage *self)
{
  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->watches = g_ptr_array_new ();
  self->flags = TST_SHARED_FILE_PRIVATE;
}

TstStorage *
tst_storage_new_full (const char         *path,
                      TstSharedFileFlags  flags,
                      TstMemory          *memory)
{
  g_autoptr(GFile) folder = path != NULL ? g_file_new_for_path (path) : NULL;
  TstStorage *self = tst_storage_new (folder);

  self->flags |= flags;
  if (memory != NULL)
    {
      tst_memory_unref (self->memory);
      self->memory = tst_memory_ref (memory);
    }

  return self;
}

gboolean
tst_storage_is_heard (TstStorage *self)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, signals[SIGNAL_CHANGED],
                                0, NULL, NULL, NULL) != 0;
}

/* The detail is a quark only if somebody made it one by connecting: keys from
 * the disk never become quarks. */
void
tst_storage_emit_changed (TstStorage *self,
                          const char *key)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_try_string (key), key);
}

/* --- The interface --- */

/**
 * tst_storage_new:
 * @folder: (nullable): a local folder, or `NULL` for the memory of this process
 *
 * Makes a storage of one's own, which nobody knows of who does not know the folder.
 *
 * Applications use [func@Storage.get_local] and [func@Storage.get_session], and
 * need no other one.
 *
 * The folder need not exist: it is made, for nobody but the user, when the first
 * item is set. But until it exists, it may take some seconds to hear of what another
 * process does in it.
 *
 * Returns: (transfer full): a new storage
 *
 * Since: 0.1
 */
TstStorage *
tst_storage_new (GFile *folder)
{
  g_return_val_if_fail (folder == NULL || G_IS_FILE (folder), NULL);

  return g_object_new (TST_TYPE_STORAGE,
                       "folder", folder,
                       NULL);
}

/**
 * tst_storage_get_folder: (get-property folder)
 * @self: a storage
 *
 * Returns the folder that the items are in.
 *
 * Returns: (transfer none) (nullable): the folder, or `NULL` if they are in the
 *   memory of the process
 *
 * Since: 0.1
 */
GFile *
tst_storage_get_folder (TstStorage *self)
{
  g_return_val_if_fail (TST_IS_STORAGE (self), NULL);

  return self->folder;
}

/**
 * tst_storage_get_item:
 * @self: a storage
 * @key: a key
 * @error: return location for an error
 *
 * Gets the content of an item.
 *
 * It is an error if it cannot be read, or if its file is damaged; the error then
 * tells line and column. That there is no such item is none.
 *
 * This blocks until it is read.
 *
 * Returns: (transfer full) (nullable): the content, or `NULL` if there is no such
 *   item, or with @error set
 *
 * Since: 0.1
 */
char *
tst_storage_get_item (TstStorage  *self,
                      const char  *key,
                      GError     **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *tag = NULL;

  g_return_val_if_fail (TST_IS_STORAGE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (tst_storage_read (self, key, NULL, NULL, &content, &tag, error) != TST_ITEM_CONTENT)
    return NULL;

  return tst_item_string (content);
}

static gboolean
write_any (TstStorage  *self,
           const char  *key,
           const char  *content,
           GError     **error)
{
  g_autoptr(GBytes) bytes = content != NULL ? g_bytes_new (content, strlen (content)) : NULL;
  g_autofree char *tag = bytes != NULL ? tst_digest (bytes) : NULL;
  TstItemChange change = { TRUE, NULL, FALSE, bytes, tag };

  return tst_storage_write (self, key, &change, NULL, error) == TST_FILE_WRITE_DONE;
}

/**
 * tst_storage_set_item:
 * @self: a storage
 * @key: a key
 * @content: the content
 * @error: return location for an error
 *
 * Sets the content of an item.
 *
 * When this returns `TRUE`, the content is on the disk. If the item is what it is
 * set to, nothing is written.
 *
 * This blocks until then, and while another process writes the same item.
 *
 * Returns: `TRUE`, or `FALSE` with @error set
 *
 * Since: 0.1
 */
gboolean
tst_storage_set_item (TstStorage  *self,
                      const char  *key,
                      const char  *content,
                      GError     **error)
{
  const char *end;

  g_return_val_if_fail (TST_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (content != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!g_utf8_validate (content, -1, &end))
    {
      g_autofree char *place = g_strdup_printf ("%" G_GSIZE_FORMAT, (gsize) (end - content));

      g_set_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                   _("The content is not valid UTF-8 at byte %s"), place);
      return FALSE;
    }

  return write_any (self, key, content, error);
}

/**
 * tst_storage_remove_item:
 * @self: a storage
 * @key: a key
 * @error: return location for an error
 *
 * Removes an item.
 *
 * It is no error if there is none. This blocks like [method@Storage.set_item].
 *
 * Returns: `TRUE` if there is no such item any more, or `FALSE` with @error set
 *
 * Since: 0.1
 */
gboolean
tst_storage_remove_item (TstStorage  *self,
                         const char  *key,
                         GError     **error)
{
  g_return_val_if_fail (TST_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_any (self, key, NULL, error);
}

static gboolean
has_item (TstStorage *self,
          const char *key)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *tag = NULL;

  switch (tst_storage_read (self, key, NULL, NULL, &content, &tag, NULL))
    {
    case TST_ITEM_NOTHING:
    case TST_ITEM_EMPTY:
      return FALSE;
    case TST_ITEM_FAILED:
    case TST_ITEM_UNCHANGED:
    case TST_ITEM_CONTENT:
    case TST_ITEM_DAMAGED:
    default:
      return TRUE;
    }
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * tst_storage_list_keys:
 * @self: a storage
 * @error: return location for an error
 *
 * Lists the keys of all items, in the order of their bytes.
 *
 * Items that cannot be read, or whose file is damaged, are listed too. This blocks
 * until all files are read.
 *
 * Returns: (transfer full): the keys, or `NULL` with @error set
 *
 * Since: 0.1
 */
char **
tst_storage_list_keys (TstStorage  *self,
                       GError     **error)
{
  g_autoptr(GHashTable) candidates = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (TST_IS_STORAGE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  candidates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!tst_storage_add_all_keys (self, candidates, error))
    return NULL;

  keys = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, candidates);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (has_item (self, key))
        g_ptr_array_add (keys, g_strdup (key));
    }

  g_ptr_array_sort (keys, compare_keys);
  g_ptr_array_add (keys, NULL);

  return (char **) g_ptr_array_steal (keys, NULL);
}

/**
 * tst_storage_clear:
 * @self: a storage
 * @error: return location for an error
 *
 * Removes all items.
 *
 * Files in the folder that are none of an item are left alone. If an item cannot be
 * removed, the others are nevertheless. This blocks like [method@Storage.set_item].
 *
 * Returns: `TRUE`, or `FALSE` with @error set
 *
 * Since: 0.1
 */
gboolean
tst_storage_clear (TstStorage  *self,
                   GError     **error)
{
  g_auto(GStrv) keys = NULL;
  gboolean done = TRUE;

  g_return_val_if_fail (TST_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  keys = tst_storage_list_keys (self, error);
  if (keys == NULL)
    return FALSE;

  for (guint i = 0; keys[i] != NULL; i++)
    done &= write_any (self, keys[i], NULL, done ? error : NULL);

  return done;
}
