/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-item-private.h"

#include <glib/gi18n-lib.h>

#include "tst-digest-private.h"
#include "tst-error.h"
#include "tst-item-text-private.h"

/* Each time, somebody else was faster. */
#define MAX_TRIES 1000

/* So that it is the tag of no content. */
#define DAMAGED_PREFIX "damaged-"

struct _TstItem
{
  TstSharedFile *file;
  char          *group;

  GMutex         lock;      /* one call at a time; guards the rest */
  char          *file_tag;  /* (nullable): of the version of the file that was read last */
  char          *tag;       /* (nullable): of the content of the item in there */
};

/* A version of the file, and what it means. */
typedef struct
{
  TstItemResult  kind;
  GBytes        *text;      /* (nullable) */
  char          *file_tag;  /* (nullable): NULL: there is no file */
  GBytes        *content;   /* (nullable) */
  char          *tag;       /* (nullable) */
  GError        *error;     /* (nullable) */
} Version;

static void
version_clear (Version *version)
{
  g_clear_pointer (&version->text, g_bytes_unref);
  g_clear_pointer (&version->file_tag, g_free);
  g_clear_pointer (&version->content, g_bytes_unref);
  g_clear_pointer (&version->tag, g_free);
  g_clear_error (&version->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Version, version_clear)

/* Empty bytes have no data at all. */
char *
tst_item_string (GBytes *content)
{
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  return length > 0 ? g_strndup (data, length) : g_strdup ("");
}

TstItem *
tst_item_new (const char         *path,
              const char         *group,
              TstSharedFileFlags  flags)
{
  TstItem *self = g_new0 (TstItem, 1);

  self->file = tst_shared_file_new (path);
  tst_shared_file_set_kind (self->file, flags, TST_ITEM_MAX_SIZE);
  self->group = g_strdup (group);
  g_mutex_init (&self->lock);

  return self;
}

void
tst_item_free (TstItem *self)
{
  tst_shared_file_free (self->file);
  g_mutex_clear (&self->lock);
  g_free (self->group);
  g_free (self->file_tag);
  g_free (self->tag);
  g_free (self);
}

static void
remember (TstItem    *self,
          const char *file_tag,
          const char *tag)
{
  g_free (self->file_tag);
  g_free (self->tag);
  self->file_tag = g_strdup (file_tag);
  self->tag = g_strdup (tag);
}

/* --- Reading --- */

static void
interpret (TstItem *self,
           Version *version)
{
  char *content = NULL;

  if (g_bytes_get_size (version->text) == 0)
    {
      version->kind = TST_ITEM_EMPTY;
      version->tag = tst_digest (version->text);
    }
  else if (!tst_item_text_read (version->text, self->group, &content, &version->error))
    {
      version->kind = TST_ITEM_DAMAGED;
      version->tag = g_strconcat (DAMAGED_PREFIX, version->file_tag, NULL);
    }
  else if (content == NULL)
    {
      version->kind = TST_ITEM_NOTHING;
    }
  else
    {
      version->kind = TST_ITEM_CONTENT;
      version->content = g_bytes_new_take (content, strlen (content));
      version->tag = tst_digest (version->content);
    }
}

/* FALSE: it cannot be read. */
static gboolean
read_version (TstItem       *self,
              Version       *version,
              GCancellable  *cancellable,
              GError       **error)
{
  switch (tst_shared_file_read (self->file, NULL, cancellable,
                                &version->text, &version->file_tag, error))
    {
    case TST_FILE_READ_NOTHING:
      version->kind = TST_ITEM_NOTHING;
      break;
    case TST_FILE_READ_CONTENT:
      interpret (self, version);
      break;
    case TST_FILE_READ_FAILED:
      return FALSE;
    case TST_FILE_READ_UNCHANGED:
    default:
      g_assert_not_reached ();
    }

  remember (self, version->file_tag, version->kind == TST_ITEM_CONTENT ? version->tag : NULL);

  return TRUE;
}

/* Whether it can be told without reading that it still is the known version. */
static gboolean
is_unchanged (TstItem       *self,
              const char    *known_tag,
              GCancellable  *cancellable)
{
  g_autoptr(GBytes) text = NULL;
  g_autofree char *file_tag = NULL;

  return known_tag != NULL && self->file_tag != NULL && g_strcmp0 (known_tag, self->tag) == 0 &&
         tst_shared_file_read (self->file, self->file_tag, cancellable,
                               &text, &file_tag, NULL) == TST_FILE_READ_UNCHANGED;
}

TstItemResult
tst_item_read (TstItem       *self,
               const char    *known_tag,
               GCancellable  *cancellable,
               GBytes       **content,
               char         **tag,
               GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_auto(Version) version = { 0 };

  if (is_unchanged (self, known_tag, cancellable))
    return TST_ITEM_UNCHANGED;

  if (!read_version (self, &version, cancellable, error))
    return TST_ITEM_FAILED;

  if (known_tag != NULL && version.kind == TST_ITEM_CONTENT &&
      g_str_equal (known_tag, version.tag))
    return TST_ITEM_UNCHANGED;

  *content = g_steal_pointer (&version.content);
  *tag = g_steal_pointer (&version.tag);
  if (version.kind == TST_ITEM_DAMAGED)
    g_propagate_error (error, g_steal_pointer (&version.error));

  return version.kind;
}

/* --- Writing --- */

static GBytes *
make_text (TstItem             *self,
           const Version       *version,
           const TstItemChange *change,
           GError             **error)
{
  gboolean sound = version->text != NULL && tst_item_text_is_sound (version->text);
  g_autofree char *content = change->content != NULL ? tst_item_string (change->content) : NULL;
  g_autoptr(GBytes) text = NULL;

  text = tst_item_text_write (sound ? version->text : NULL, self->group, content);
  if (text != NULL && (gint64) g_bytes_get_size (text) > TST_ITEM_MAX_SIZE)
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_LIMIT, _("Too large for a storage item"));
      return NULL;
    }

  return g_steal_pointer (&text);
}

static TstFileWriteResult
replace_version (TstItem             *self,
                 const Version       *version,
                 const TstItemChange *change,
                 GCancellable        *cancellable,
                 GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) text = make_text (self, version, change, &local_error);
  g_autofree char *file_tag = text != NULL ? tst_digest (text) : NULL;
  TstFileChange file_change = {
    version->file_tag,
    change->keep_original || version->kind == TST_ITEM_DAMAGED,
    text,
    file_tag,
  };
  TstFileWriteResult result;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return TST_FILE_WRITE_FAILED;
    }

  result = tst_shared_file_write (self->file, &file_change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remember (self, file_tag, change->tag);

  return result;
}

/* It is as it is to be, but whoever wrote it may have been killed before it was on the disk. */
static TstFileWriteResult
sync_version (TstItem        *self,
              const Version  *version,
              GCancellable   *cancellable,
              GError        **error)
{
  TstFileChange same = { version->file_tag, FALSE, version->text, version->file_tag };

  if (version->text == NULL)
    return TST_FILE_WRITE_DONE;

  return tst_shared_file_write (self->file, &same, cancellable, error);
}

static gboolean
is_already (const Version       *version,
            const TstItemChange *change)
{
  if (change->content == NULL)
    return version->kind == TST_ITEM_NOTHING;

  return version->kind == TST_ITEM_CONTENT && g_str_equal (version->tag, change->tag);
}

TstFileWriteResult
tst_item_write (TstItem              *self,
                const TstItemChange  *change,
                GCancellable         *cancellable,
                gboolean             *changed,
                GError              **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *changed = FALSE;

  for (guint n = 0; n < MAX_TRIES; n++)
    {
      g_auto(Version) version = { 0 };
      TstFileWriteResult result;
      gboolean already;

      if (!read_version (self, &version, cancellable, error))
        return TST_FILE_WRITE_FAILED;

      already = is_already (&version, change);
      if (!already && !change->any_base && g_strcmp0 (version.tag, change->base_tag) != 0)
        return TST_FILE_WRITE_CONFLICT;

      if (already)
        result = sync_version (self, &version, cancellable, error);
      else
        result = replace_version (self, &version, change, cancellable, error);

      /* A conflict need not be one of this item: then it is tried again. */
      if (result != TST_FILE_WRITE_CONFLICT)
        {
          *changed = result == TST_FILE_WRITE_DONE && !already;
          return result;
        }
    }

  g_set_error_literal (error, TST_ERROR, TST_ERROR_CHANGED_ELSEWHERE,
                       _("The file was changed again and again while it was to be replaced"));

  return TST_FILE_WRITE_FAILED;
}
