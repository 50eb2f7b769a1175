/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W8 and W9: from a change until it is on the disk, and from a change of the file until it
 * is in the store; and for how long the main loop is held meanwhile. */

#include "bench-store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_APPENDS 200
#define N_WHOLE   5
#define N_OUTSIDE 50

typedef struct
{
  char         *dir;
  char         *path;
  TstStore     *store;
  TstPersister *persister;
  double        longest;    /* that one iteration of the main loop took, in ms */
} Bench;

typedef gboolean (*FinishFunc) (TstPersister  *persister,
                                GAsyncResult  *result,
                                GError       **error);

static void
take_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

/* One iteration, and what it takes once there is something to do. */
static void
iterate (Bench *self)
{
  double start = harness_now ();

  if (!g_main_context_iteration (NULL, FALSE))
    {
      g_usleep (20);
      return;
    }

  self->longest = MAX (self->longest, harness_now () - start);
}

static void
wait_for (Bench         *self,
          GAsyncResult **result,
          FinishFunc     finish)
{
  g_autoptr(GError) error = NULL;

  while (*result == NULL)
    iterate (self);

  finish (self->persister, *result, &error);
  g_assert_no_error (error);
  g_clear_object (result);
}

#define RUN(self, name, ...) \
  G_STMT_START { \
    GAsyncResult *_result = NULL; \
    tst_persister_ ## name ## _async ((self)->persister, ##__VA_ARGS__, NULL, take_result_cb, \
                                      &_result); \
    wait_for (self, &_result, tst_persister_ ## name ## _finish); \
  } G_STMT_END

static void
bench_init (Bench    *self,
            TstStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  *self = (Bench) { .dir = g_dir_make_tmp ("tst-bench-XXXXXX", &error) };
  g_assert_no_error (error);
  self->path = g_build_filename (self->dir, "store.json", NULL);
  file = g_file_new_for_path (self->path);
  self->store = store;
  self->persister = tst_file_persister_new (store, file);
}

static void
bench_clear (Bench *self)
{
  RUN (self, close);
  g_clear_object (&self->persister);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->dir), ==, 0);
  g_free (self->dir);
  g_free (self->path);
}

/* --- W8 --- */

static gsize
measure_journal_size (Bench *self)
{
  g_autofree char *path = g_build_filename (self->dir, ".store.json.tst-journal", NULL);
  GStatBuf st;

  return g_stat (path, &st) == 0 ? (gsize) st.st_size : 0;
}

/* What a save cannot do without. */
static void
append_raw (const Harness *harness,
            Bench         *self,
            gsize          size)
{
  g_autofree char *path = g_build_filename (self->dir, "raw", NULL);
  g_autofree char *text = g_strnfill (size, 'x');
  int fd = g_open (path, O_CREAT | O_WRONLY | O_APPEND, 0600);
  double start;

  g_assert_cmpint (write (fd, text, size), ==, size);
  g_assert_cmpint (fsync (fd), ==, 0);

  start = harness_now ();
  for (guint i = 0; i < N_APPENDS; i++)
    {
      g_assert_cmpint (write (fd, text, size), ==, size);
      g_assert_cmpint (fdatasync (fd), ==, 0);
    }
  harness_report (harness, "W8 raw", harness_now () - start, N_APPENDS, N_APPENDS);

  close (fd);
  g_unlink (path);
}

static void
set_one (Bench *self,
         double value)
{
  tst_store_set_cell_number (self->store, "t5", "r7", "c3", value, NULL);
}

static void
append_saves (const Harness *harness,
              Bench         *self)
{
  gsize size = measure_journal_size (self);
  double start;

  self->longest = 0;
  start = harness_now ();
  for (guint i = 0; i < N_APPENDS; i++)
    {
      set_one (self, i + 0.5);
      RUN (self, flush);
    }
  harness_report (harness, "W8", harness_now () - start, N_APPENDS,
                  tst_persister_get_dirty (self->persister) ? 0 : N_APPENDS);
  harness_report (harness, "W8 held", self->longest, 1, 1);

  if (measure_journal_size (self) > size)
    append_raw (harness, self, (measure_journal_size (self) - size) / N_APPENDS);
  else
    append_raw (harness, self, 500);
}

static void
save_whole (const Harness *harness,
            Bench         *self)
{
  double start;

  self->longest = 0;
  start = harness_now ();
  for (guint i = 0; i < N_WHOLE; i++)
    {
      set_one (self, i);
      RUN (self, save);
    }
  harness_report (harness, "W8 whole", harness_now () - start, N_WHOLE, N_WHOLE);
  harness_report (harness, "W8 whole held", self->longest, 1, 1);
}

/* Somebody else, with a main loop in a thread. */
typedef struct
{
  const char *path;
  double      value;
  gboolean    whole;
} Other;

static gpointer
change_in_thread (gpointer user_data)
{
  Other *other = user_data;
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_path (other->path);
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
  g_autoptr(GError) error = NULL;

  tst_persister_load (persister, NULL, &error);
  g_assert_no_error (error);
  tst_store_set_cell_number (store, "t5", "r7", "c3", other->value, NULL);
  if (other->whole)
    tst_persister_save (persister, NULL, &error);
  else
    tst_persister_flush (persister, NULL, &error);
  g_assert_no_error (error);

  return NULL;
}

static void
sync_with_other (const Harness *harness,
                 Bench         *self,
                 const char    *name,
                 gboolean       whole)
{
  g_autofree char *held = g_strconcat (name, " held", NULL);
  double total = 0, longest = 0;

  for (guint i = 0; i < N_WHOLE; i++)
    {
      Other other = { self->path, 1000 + i + whole * 100, whole };
      GThread *thread = g_thread_new ("other", change_in_thread, &other);
      double start;

      g_thread_join (thread);
      self->longest = 0;
      start = harness_now ();
      while (tst_store_get_cell_number (self->store, "t5", "r7", "c3") != other.value)
        iterate (self);
      total += harness_now () - start;
      longest = MAX (longest, self->longest);
    }

  harness_report (harness, name, total, N_WHOLE, N_WHOLE);
  harness_report (harness, held, longest, 1, 1);
}

static void
load_all (const Harness *harness,
          Bench         *self)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_path (self->path);
  Bench fresh = { .store = store, .persister = tst_file_persister_new (store, file) };
  double start = harness_now ();

  RUN (&fresh, load);
  harness_report (harness, "W8 load", harness_now () - start, 1, 1);
  harness_report (harness, "W8 load held", fresh.longest, 1, 1);
  g_object_unref (fresh.persister);
}

void
bench_run_w8 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  Bench self;

  bench_init (&self, store);
  RUN (&self, save);
  RUN (&self, start_auto_persisting, NULL);
  /* The journal is made, and the file is old enough to be known by its times. */
  set_one (&self, -1);
  RUN (&self, flush);

  append_saves (harness, &self);
  save_whole (harness, &self);
  sync_with_other (harness, &self, "W8 sync", FALSE);
  sync_with_other (harness, &self, "W8 sync whole", TRUE);
  load_all (harness, &self);

  bench_clear (&self);
}

/* --- W9 --- */

static void
write_with (const char *path,
            int         flags,
            const char *text)
{
  int fd = g_open (path, O_WRONLY | flags, 0600);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  close (fd);
}

/* Not waiting for the disk, which is not what is measured. */
static void
write_by_rename (const char *path,
                 const char *text)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);

  write_with (temporary, O_CREAT, text);
  g_assert_cmpint (g_rename (temporary, path), ==, 0);
}

static void
write_in_place (const char *path,
                const char *text)
{
  write_with (path, 0, text);
}

static void
write_by_truncating (const char *path,
                     const char *text)
{
  write_with (path, O_TRUNC, text);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

static void
measure_outside (const Harness *harness,
                 Bench         *self,
                 const char    *name,
                 void         (*write_file) (const char *path,
                                             const char *text))
{
  double times[N_OUTSIDE];

  for (guint i = 0; i < N_OUTSIDE; i++)
    {
      g_autofree char *text = g_strdup_printf ("[{\"pets\":{\"fido\":{\"age\":%u}}},{}]", 100 + i);
      double start = harness_now ();

      write_file (self->path, text);
      while (tst_store_get_cell_number (self->store, "pets", "fido", "age") != 100 + i)
        g_main_context_iteration (NULL, TRUE);
      times[i] = harness_now () - start;

      /* Until what follows the last event is over. */
      for (double end = harness_now () + 30; harness_now () < end;)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (1000);
    }

  qsort (times, N_OUTSIDE, sizeof *times, compare_doubles);
  harness_report (harness, name, times[N_OUTSIDE / 2], 1, 1);
}

static guint n_polls;

static gint
count_poll (GPollFD *fds,
            guint    n_fds,
            gint     timeout)
{
  n_polls += timeout != 0;

  return g_poll (fds, n_fds, timeout);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

/* How often the main loop wakes up in a second in which nothing happens. */
static void
measure_idle (const Harness *harness)
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);

  g_main_context_set_poll_func (NULL, count_poll);
  n_polls = 0;
  g_timeout_add (1000, quit_cb, loop);
  g_main_loop_run (loop);
  g_main_context_set_poll_func (NULL, NULL);

  /* One of them was for the end. */
  harness_report (harness, "W9 idle", 0, 1, n_polls - 1);
  g_main_loop_unref (loop);
}

void
bench_run_w9 (const Harness *harness)
{
  g_autoptr(TstStore) store = tst_store_new ();
  Bench self;

  bench_init (&self, store);
  tst_store_set_cell_number (store, "pets", "fido", "age", 1, NULL);
  RUN (&self, start_auto_persisting, NULL);

  measure_outside (harness, &self, "W9 rename", write_by_rename);
  measure_outside (harness, &self, "W9 in place", write_in_place);
  measure_outside (harness, &self, "W9 truncate", write_by_truncating);
  measure_idle (harness);

  bench_clear (&self);
}
