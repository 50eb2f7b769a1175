/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-journal-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tst-error.h"
#include "tst-file-writer-private.h"
#include "tst-shared-file-insides-private.h"

/* More is not read. Ours are a part of the size of their file. */
#define MAX_SIZE (G_GINT64_CONSTANT (1) << 29)

#define DIGEST_LENGTH TST_JOURNAL_DIGEST_LENGTH

/* What stands around the digests. */
#define HEADER_START "{\"tst-journal\":1,\"base\":\""
#define ANY_HEADER_START "{\"tst-journal\":"
#define LINE_START   "{\"sum\":\""
#define SAVE_START   "\",\"save\":"
#define FOLD_START   "\",\"fold\":\""
#define TEXT_END     "\"}"

#define HEADER_LENGTH (strlen (HEADER_START) + DIGEST_LENGTH + strlen (TEXT_END) + 1)

char *
tst_journal_get_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *journal = g_strdup_printf (".%s.tst-journal", name);

  return g_build_filename (folder, journal, NULL);
}

static int
open_journal (const char  *path,
              int          flags,
              GError     **error)
{
  g_autofree char *journal = tst_journal_get_path (path);
  g_autoptr(GError) local_error = NULL;
  int fd = tst_file_writer_open (journal, flags | O_NOFOLLOW | O_NONBLOCK, 0, &local_error);

  if (fd == -1 && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));

  return fd;
}

/* --- Reading --- */

void
tst_journal_free (TstJournal *self)
{
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  g_clear_error (&self->damage);
  g_free (self);
}

static void
add_to_sum (char       *sum,
            const char *mark,
            const char *text,
            gsize       length)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) sum, DIGEST_LENGTH);
  g_checksum_update (checksum, (const guchar *) mark, (gssize) strlen (mark));
  g_checksum_update (checksum, (const guchar *) text, (gssize) length);
  memcpy (sum, g_checksum_get_string (checksum), DIGEST_LENGTH);
}

/* Takes @expected from the beginning. */
static gboolean
take (const char **text,
      const char  *end,
      const char  *expected)
{
  gsize length = strlen (expected);

  if ((gsize) (end - *text) < length || memcmp (*text, expected, length) != 0)
    return FALSE;

  *text += length;

  return TRUE;
}

static gboolean
take_digest (const char **text,
             const char  *end,
             const char **digest)
{
  *digest = *text;

  if (end - *text < DIGEST_LENGTH)
    return FALSE;
  for (gsize i = 0; i < DIGEST_LENGTH; i++)
    if (!g_ascii_isxdigit ((*digest)[i]) || g_ascii_isupper ((*digest)[i]))
      return FALSE;

  *text += DIGEST_LENGTH;

  return TRUE;
}

/* Up to @end, which is where the line ends. @sum: that of the line before, and then that
 * of this one. */
static gboolean
read_line (const char     *text,
           const char     *end,
           char           *sum,
           TstJournalLine *line)
{
  const char *said;

  if (!take (&text, end, LINE_START) || !take_digest (&text, end, &said))
    return FALSE;

  if (take (&text, end, SAVE_START) && end - text > 1 && end[-1] == '}')
    {
      line->kind = TST_JOURNAL_SAVE;
      line->text = text;
      line->length = (gsize) (end - 1 - text);
      add_to_sum (sum, SAVE_START, line->text, line->length);
    }
  else if (take (&text, end, FOLD_START) && take_digest (&text, end, &line->text) &&
           take (&text, end, TEXT_END) && text == end)
    {
      line->kind = TST_JOURNAL_FOLD;
      line->length = DIGEST_LENGTH;
      add_to_sum (sum, FOLD_START, line->text, line->length);
    }
  else
    {
      return FALSE;
    }

  memcpy (line->sum, sum, sizeof line->sum);

  return memcmp (said, sum, DIGEST_LENGTH) == 0;
}

static void
damage (TstJournal *self,
        TstError    code,
        const char *message,
        guint       line)
{
  /* translators: what is wrong, and where */
  g_set_error (&self->damage, TST_ERROR, (gint) code, _("%s (line %u)"), message, line);
}

/* Returns where the second line begins, or NULL. */
static const char *
read_header (TstJournal *self,
             const char *text,
             const char *end)
{
  const char *start = text;
  const gsize length = (gsize) (end - start);
  const char *base;

  if (take (&text, end, HEADER_START) && take_digest (&text, end, &base) &&
      take (&text, end, TEXT_END "\n"))
    {
      memcpy (self->base, base, DIGEST_LENGTH);
      return text;
    }

  /* What was not written to its end. */
  if (length < HEADER_LENGTH && memchr (start, '\n', length) == NULL &&
      memcmp (start, HEADER_START, MIN (length, strlen (HEADER_START))) == 0)
    return NULL;

  text = start;
  if (take (&text, end, ANY_HEADER_START) && !take (&text, end, "1,"))
    damage (self, TST_ERROR_FORMAT, _("The journal is of a later version"), 1);
  else
    damage (self, TST_ERROR_FORMAT, _("This is no journal"), 1);

  return NULL;
}

static void
read_lines (TstJournal *self)
{
  gsize size;
  const char *start = g_bytes_get_data (self->content, &size);
  const char *end, *text;
  TstJournalLine line;
  const char *line_end;

  if (size == 0)
    return;

  end = start + size;
  text = read_header (self, start, end);
  if (text == NULL)
    return;

  self->end.length = (gsize) (text - start);
  memcpy (self->end.sum, self->base, sizeof self->base);

  while ((line_end = memchr (text, '\n', (gsize) (end - text))) != NULL)
    {
      char sum[DIGEST_LENGTH + 1];

      memcpy (sum, self->end.sum, sizeof sum);
      if (!read_line (text, line_end, sum, &line))
        {
          if (line_end + 1 != end)
            damage (self, TST_ERROR_FORMAT, _("The journal is damaged"), self->lines->len + 2);
          return;
        }

      g_array_append_val (self->lines, line);
      memcpy (self->end.sum, sum, sizeof sum);
      text = line_end + 1;
      self->end.length = (gsize) (text - start);
    }
}

TstJournal *
tst_journal_new_for_content (GBytes *content)
{
  TstJournal *self = g_new0 (TstJournal, 1);

  self->content = g_bytes_ref (content);
  self->lines = g_array_new (FALSE, FALSE, sizeof (TstJournalLine));
  self->end.size = g_bytes_get_size (content);
  read_lines (self);

  return self;
}

static void
set_stat (TstJournalEnd     *end,
          const struct stat *st)
{
  TstFileStamp stamp;

  tst_file_stamp_init (&stamp, st);
  end->device = stamp.device;
  end->inode = stamp.inode;
  end->mtime_ns = stamp.mtime_ns;
}

static TstJournal *
refuse (const struct stat *st)
{
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);
  TstJournal *self = tst_journal_new_for_content (nothing);

  self->end.size = (gsize) st->st_size;
  if (S_ISREG (st->st_mode))
    damage (self, TST_ERROR_LIMIT, _("The journal is too large"), 1);
  else
    damage (self, TST_ERROR_FORMAT, _("This is no journal"), 1);

  return self;
}

static TstJournal *
read_fd (const char    *path,
         int            fd,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(GBytes) content = NULL;
  TstJournal *self;
  struct stat st;

  if (fstat (fd, &st) == -1)
    {
      tst_file_writer_fail (error, _("Cannot read the journal of"), path);
      return NULL;
    }

  if (!S_ISREG (st.st_mode) || st.st_size > MAX_SIZE)
    {
      self = refuse (&st);
    }
  else
    {
      content = tst_file_read_all (fd, path, (gsize) st.st_size, MAX_SIZE, cancellable,
                                   error);
      if (content == NULL)
        return NULL;
      self = tst_journal_new_for_content (content);
    }

  set_stat (&self->end, &st);

  return self;
}

TstJournal *
tst_journal_read (const char    *path,
                  GCancellable  *cancellable,
                  GError       **error)
{
  int fd = open_journal (path, O_RDONLY, error);
  TstJournal *self;

  if (fd == -1)
    return NULL;

  self = read_fd (path, fd, cancellable, error);
  close (fd);

  return self;
}

static gboolean
is_that (const struct stat   *st,
         const TstJournalEnd *end)
{
  return st->st_dev == end->device && st->st_ino == end->inode;
}

static gboolean
is_as_it_was (const struct stat   *st,
              const TstJournalEnd *end)
{
  TstFileStamp stamp;

  tst_file_stamp_init (&stamp, st);

  return is_that (st, end) && (gsize) st->st_size == end->size && stamp.mtime_ns == end->mtime_ns;
}

gboolean
tst_journal_is (const char          *path,
                const TstJournalEnd *end)
{
  g_autofree char *journal = tst_journal_get_path (path);
  struct stat st;

  if (lstat (journal, &st) == -1)
    return errno == ENOENT && end->inode == 0;

  return is_as_it_was (&st, end);
}

/* --- Writing --- */

int
tst_journal_lock (const char    *path,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *journal = tst_journal_get_path (path);
  struct stat st;

  if (lstat (journal, &st) == -1 && errno == ENOENT)
    return -1;

  return tst_file_open_locked (journal, O_RDWR | O_NOFOLLOW, cancellable, error);
}

static GBytes *
make_lines (const TstJournalEnd *end,
            TstJournalKind       kind,
            GBytes              *text,
            char                *sum)
{
  const char *mark = kind == TST_JOURNAL_SAVE ? SAVE_START : FOLD_START;
  GByteArray *lines = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (text, &length);

  memcpy (sum, end->sum, DIGEST_LENGTH + 1);
  add_to_sum (sum, mark, (const char *) data, length);

#define APPEND(string) g_byte_array_append (lines, (const guint8 *) (string), strlen (string))
  if (end->length == 0)
    {
      APPEND (HEADER_START);
      APPEND (end->sum);
      APPEND (TEXT_END "\n");
    }
  APPEND (LINE_START);
  APPEND (sum);
  APPEND (mark);
  g_byte_array_append (lines, data, (guint) length);
  APPEND (kind == TST_JOURNAL_SAVE ? "}\n" : TEXT_END "\n");
#undef APPEND

  return g_byte_array_free_to_bytes (lines);
}

/* Somebody who has locked a file that has taken the place of ours may have been quicker. */
static gboolean
take_new (int fd)
{
  struct stat st;

  if (TST_RETRY (flock (fd, LOCK_EX | LOCK_NB)) == -1 && errno == EWOULDBLOCK)
    return FALSE;

  return fstat (fd, &st) == 0 && st.st_size == 0 && st.st_nlink > 0;
}

static int
make_journal (const char  *path,
              int          original,
              GError     **error)
{
  g_autofree char *journal = tst_journal_get_path (path);
  int fd = tst_file_writer_open (journal, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600, error);

  if (fd != -1 && !take_new (fd))
    {
      close (fd);
      errno = EEXIST;
      tst_file_writer_fail (error, _("Cannot write the journal of"), path);
      return -1;
    }

  if (fd != -1 && !tst_file_writer_copy_owner (original, fd, journal, error))
    {
      unlink (journal);
      close (fd);
      return -1;
    }

  return fd;
}

/* Who may read the file may have changed since the journal was made. */
static gboolean
follow_owner (const char  *path,
              int          original,
              int          fd,
              GError     **error)
{
  struct stat st, own;

  if (original == -1 || fstat (original, &st) == -1 || fstat (fd, &own) == -1 ||
      (st.st_uid == own.st_uid && st.st_gid == own.st_gid && st.st_mode == own.st_mode))
    return TRUE;

  return tst_file_writer_copy_owner (original, fd, path, error);
}

static gboolean
write_at (int         fd,
          const char *path,
          gsize       offset,
          GBytes     *lines,
          GError    **error)
{
  gsize left;
  const char *data = g_bytes_get_data (lines, &left);

  while (left > 0)
    {
      gssize written = TST_RETRY (pwrite (fd, data, left, (off_t) offset));

      if (written == 0)
        errno = ENOSPC;
      if (written <= 0)
        return tst_file_writer_fail (error, _("Cannot write the journal of"), path);

      data += written;
      offset += (gsize) written;
      left -= (gsize) written;
    }

  return TRUE;
}

static gboolean
write_lines (int                  fd,
             const char          *path,
             const TstJournalEnd *end,
             GBytes              *lines,
             GError             **error)
{
  if (end->size > end->length && TST_RETRY (ftruncate (fd, (off_t) end->length)) == -1)
    return tst_file_writer_fail (error, _("Cannot write the journal of"), path);

  if (!write_at (fd, path, end->length, lines, error))
    return FALSE;

  if (TST_RETRY (fdatasync (fd)) == -1)
    return tst_file_writer_fail (error, _("Cannot write to disk the journal of"), path);

  /* Nothing that is told to be there is under a name that is not; whoever has made it may
   * have been killed before. */
  return end->named || tst_file_writer_sync_folder (path, error);
}

static gboolean
is_as_read (int                  fd,
            const TstJournalEnd *end)
{
  struct stat st;

  return fstat (fd, &st) == 0 && is_as_it_was (&st, end);
}

/* What failed must not be found later: nobody knows what becomes of it. */
static void
take_back (const char          *path,
           int                  fd,
           const TstJournalEnd *end)
{
  g_autofree char *journal = tst_journal_get_path (path);

  if (end->inode == 0)
    unlink (journal);
  else if (TST_RETRY (ftruncate (fd, (off_t) end->length)) == -1)
    g_debug ("The end of the journal of %s stays as it is", path);
}

static gboolean
append (const char     *path,
        int             fd,
        TstJournalEnd  *end,
        TstJournalKind  kind,
        GBytes         *text,
        GError        **error)
{
  char sum[DIGEST_LENGTH + 1];
  g_autoptr(GBytes) lines = make_lines (end, kind, text, sum);
  struct stat st;

  if (!write_lines (fd, path, end, lines, error))
    {
      take_back (path, fd, end);
      return FALSE;
    }

  if (fstat (fd, &st) == 0)
    set_stat (end, &st);
  end->named = TRUE;
  end->length += g_bytes_get_size (lines);
  end->size = end->length;
  memcpy (end->sum, sum, sizeof sum);

  return TRUE;
}

gboolean
tst_journal_append (const char      *path,
                    int              fd,
                    int              original,
                    TstJournalEnd   *end,
                    TstJournalKind   kind,
                    GBytes          *text,
                    GError         **error)
{
  gboolean done;

  if (fd != -1)
    {
      if (is_as_read (fd, end))
        return follow_owner (path, original, fd, error) &&
               append (path, fd, end, kind, text, error);

      errno = EEXIST;
      return tst_file_writer_fail (error, _("Cannot write the journal of"), path);
    }

  fd = make_journal (path, original, error);
  if (fd == -1)
    return FALSE;

  done = append (path, fd, end, kind, text, error);
  close (fd);

  return done;
}

void
tst_journal_remove (const char          *path,
                    const TstJournalEnd *end)
{
  g_autofree char *journal = tst_journal_get_path (path);
  struct stat st;

  if (lstat (journal, &st) == 0 && is_that (&st, end))
    unlink (journal);
}

gboolean
tst_journal_sync (const char  *path,
                  GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  int fd = open_journal (path, O_RDONLY, &local_error);
  gboolean done;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (fd == -1)
    return TRUE;

  done = TST_RETRY (fsync (fd)) == 0 ||
         tst_file_writer_fail (error, _("Cannot write to disk the journal of"), path);
  close (fd);

  return done;
}
