/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <errno.h>
#include <gio/gio.h>
#include <sys/stat.h>

#include "tst-temporary-file-private.h"

G_BEGIN_DECLS

/* Durable and atomic writing of one local file. Blocking; any thread. Paths are
 * real ones: of the file, not of a symbolic link to it.
 *
 * When a function succeeds, the content is on the disk under its name. At any
 * crash there is the old content or the new one under it, whole. */

/* What a signal interrupts is done again. */
#define TST_RETRY(expression) \
  ({ \
    __typeof__ (expression) _result; \
    do \
      _result = (expression); \
    while (_result == -1 && errno == EINTR); \
    _result; \
  })

/* What tells one state of a file from another without reading it. */
typedef struct
{
  guint64 device;
  guint64 inode;
  gint64  size;
  gint64  mtime_ns;
  gint64  ctime_ns;
} TstFileStamp;

void      tst_file_stamp_init      (TstFileStamp         *stamp,
                                    const struct stat    *st);
gboolean  tst_file_stamp_equal     (const TstFileStamp   *a,
                                    const TstFileStamp   *b);

/* Creates a file. Fails with G_IO_ERROR_EXISTS if there is one by now.
 * mode: less what the umask takes away. */
gboolean  tst_file_writer_create   (const char           *path,
                                    int                   mode,
                                    GBytes               *content,
                                    GCancellable         *cancellable,
                                    TstFileStamp         *stamp,
                                    GError              **error);

/* Replaces the file that @original is an open descriptor of, and that the caller
 * has locked. Fails with G_IO_ERROR_EXISTS if there is another one by now, or it is
 * not what was @seen of it.
 * in_place: if the folder cannot be written in, write into the file itself,
 * which is neither atomic nor safe in a crash.
 * draft: (nullable): what was written of the content before */
gboolean  tst_file_writer_replace  (const char           *path,
                                    int                   original,
                                    const TstFileStamp   *seen,
                                    gboolean              in_place,
                                    GBytes               *content,
                                    TstFileDraft         *draft,
                                    GCancellable         *cancellable,
                                    TstFileStamp         *stamp,
                                    GError              **error);

/* Removes the file that the caller has locked, and has @seen. Fails with
 * G_IO_ERROR_EXISTS if there is another one by now. */
gboolean  tst_file_writer_remove   (const char           *path,
                                    const TstFileStamp   *seen,
                                    GError              **error);

/* Gives what is at @path a second name, @kept_path, unless there is one. */
gboolean  tst_file_writer_keep     (const char           *path,
                                    const char           *kept_path,
                                    GError              **error);

/* fsync of a file and of the folder that it is in. */
gboolean  tst_file_writer_sync     (const char           *path,
                                    GError              **error);

/* fsync of the folder that a file is in, or was. */
gboolean  tst_file_writer_sync_folder
                                   (const char           *path,
                                    GError              **error);

/* Makes a folder for nobody but the user, and those that it is in, unless they
 * are there. */
gboolean  tst_file_writer_make_folder
                                   (const char           *path,
                                    GError              **error);

/* Who may read one file, and who may not, is so for another one too. */
gboolean  tst_file_writer_copy_owner
                                   (int                   from,
                                    int                   to,
                                    const char           *path,
                                    GError              **error);

/* Where the symbolic links at @path lead, whether or not anything is there. */
char     *tst_file_writer_resolve  (const char           *path,
                                    GError              **error);

/* Like open(), with an error. */
int       tst_file_writer_open     (const char           *path,
                                    int                   flags,
                                    int                   mode,
                                    GError              **error);

/* Whether it may be the folder that could not be written in. */
gboolean  tst_file_writer_is_about_folder (const GError  *error);

/* Sets an error from errno, and returns FALSE. @action: what was tried, translated. */
gboolean  tst_file_writer_fail     (GError              **error,
                                    const char           *action,
                                    const char           *path);

G_END_DECLS
