/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* One of the processes that share a store. It is told what to do by lines on stdin,
 * and tells what it does by lines on stdout:
 *
 *   worker NAME SEED MEDIUM...     a file, or the address of a server; where there are
 *                                  several, they are kept in step
 *   worker print FILE              only tells what is there
 *
 *   unique           from now on, no row gets a number as its id
 *   go [DEFAULTS]    start persisting              ready
 *   run              write at random until "quiet"
 *   rapid N          write N times 1 to 7 ms apart, then as "quiet"
 *   do KIND N        write N times; see below
 *   flush            once                          ack or failed, see below
 *   quiet            stop writing, and flush       quiet SEQ TIME
 *   wait             stop writing, do not flush    clean SEQ TIME, once nothing is dirty
 *   state            what is in memory             state JSON
 *   stop             close, and end                stopped
 *
 * By itself, it tells:
 *
 *   intent SEQ TIME OPERATION...    before a transaction is made in memory
 *     set SLOT VALUE PREVIOUS       a cell or value; PREVIOUS "-": there was none
 *     del SLOT PREVIOUS
 *     add TAG                       a row with TAG in each of its cells
 *     rm TAG SLOT=VALUE,...         the row, and what was in it, or "-"
 *   ack SEQ TIME                    all up to SEQ has been flushed, or nothing is dirty
 *   failed SEQ CODE STATE MESSAGE   or could not be; CODE is of GIOErrorEnum, or -1; STATE
 *                                   "dirty" or "clean"
 *   error - CODE - MESSAGE          a load or save by itself failed
 *   moved OLD NEW                   a row got another id
 *   lost SLOT                       what was written here is not in memory
 *
 * A line is written by one call, before anything else is done: so it is in the
 * pipe, whole, whenever the process is killed, or it is not at all. Only those of
 * "state" and "do clear" may be longer than what a pipe takes at once. */

#include "../util.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Of a server, in milliseconds: short, since faults are many. */
#define POLL_INTERVAL 300
#define TIMEOUT 1500

#define FLUSH_AGAIN_MS 50

/* So that the processes meet. */
#define N_ROWS 3
#define N_CELLS 3
#define N_VALUES 3
#define N_EDITS 3
#define MAX_ROWS 40

typedef struct
{
  GMainLoop  *loop;
  TstStore   *store;
  GPtrArray  *persisters;
  guint       n_busy;       /* of them, which start or close */
  GRand      *rand;
  const char *name;
  char       *family;       /* of the name, up to the dot: it stays after a restart */
  guint       seq;
  guint       timeout_id;
  guint       n_rapid;      /* how many are still to be written */
  gboolean    unique;       /* no numbers as ids of rows */
  gboolean    waits;        /* until nothing is dirty */
  GHashTable *own;          /* slots that nobody else writes to: char * → char * */
} Worker;

typedef void (*Kind) (Worker  *self,
                      GString *line);

/* --- Telling --- */

static void
tell (const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line), done = 0;

  while (done < length)
    {
      gssize n = write (STDOUT_FILENO, line + done, length - done);

      if (n == -1 && errno == EINTR)
        continue;
      if (n == -1)
        _exit (0); /* nobody listens any more */
      done += n;
    }
}

static void G_GNUC_PRINTF (1, 2)
tell_printf (const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  tell (text);
}

static int
get_code (const GError *error)
{
  return error->domain == G_IO_ERROR ? error->code : -1;
}

static void
tell_error (const GError *error)
{
  if (error != NULL)
    tell_printf ("error - %d - %s", get_code (error), error->message);
}

/* --- Slots: TABLE/ROW/CELL, or values/VALUE --- */

static const char *
get_slot (Worker *self,
          char  **slot)
{
  const char *text;

  if (slot[2] == NULL)
    text = tst_store_get_value_string (self->store, slot[1]);
  else
    text = tst_store_get_cell_string (self->store, slot[0], slot[1], slot[2]);

  return text != NULL ? text : "-";
}

static void
set_slot (Worker     *self,
          char      **slot,
          const char *value)
{
  g_autoptr(GError) error = NULL;

  if (slot[2] == NULL)
    tst_store_set_value_string (self->store, slot[1], value, &error);
  else
    tst_store_set_cell_string (self->store, slot[0], slot[1], slot[2], value, &error);

  g_assert_no_error (error);
}

/* What is written where, this time: for one line. */
static char *
make_value (Worker *self)
{
  return g_strdup_printf ("%s.%u", self->name, self->seq);
}

static void
commit_line (Worker  *self,
             GString *line)
{
  tell_printf ("intent %u %" G_GINT64_FORMAT "%s", self->seq, g_get_monotonic_time (), line->str);
}

/* --- Kinds of writes. Each appends to the line what it is going to do; done is
 * it only after the line has been told. --- */

static void
write_slots (Worker     *self,
             GString    *line,
             GPtrArray  *names)
{
  g_autofree char *value = make_value (self);

  for (guint i = 0; i < names->len; i++)
    {
      g_auto(GStrv) slot = g_strsplit (names->pdata[i], "/", 3);

      g_string_append_printf (line, " set %s %s %s", (char *) names->pdata[i], value,
                              get_slot (self, slot));
    }

  commit_line (self, line);

  tst_store_begin (self->store);
  for (guint i = 0; i < names->len; i++)
    {
      g_auto(GStrv) slot = g_strsplit (names->pdata[i], "/", 3);

      set_slot (self, slot, value);
    }
  tst_store_commit (self->store);
}

static void
write_slot (Worker  *self,
            GString *line,
            char    *name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, name);
  write_slots (self, line, names);
}

static int
dice (Worker *self,
      int     sides)
{
  return g_rand_int_range (self->rand, 0, sides);
}

static char *
make_shared_slot (Worker *self)
{
  if (dice (self, 5) == 0)
    return g_strdup_printf ("values/v%d", dice (self, N_VALUES));

  return g_strdup_printf ("cells/r%d/c%d", dice (self, N_ROWS), dice (self, N_CELLS));
}

/* A cell that others write to as well. */
static void
write_shared (Worker  *self,
              GString *line)
{
  write_slot (self, line, make_shared_slot (self));
}

/* A cell of its own in a row that others write to as well. */
static void
write_own (Worker  *self,
           GString *line)
{
  char *slot = g_strdup_printf ("cells/r%d/%s", dice (self, N_ROWS), self->family);

  if (dice (self, 4) == 0)
    {
      g_free (slot);
      slot = g_strdup_printf ("values/%s", self->family);
    }

  g_hash_table_insert (self->own, g_strdup (slot), make_value (self));
  write_slot (self, line, slot);
}

static void
write_many (Worker  *self,
            GString *line)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int n = 2 + dice (self, 3);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = make_shared_slot (self);

      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }

  write_slots (self, line, names);
}

/* A cell that is there, or not. The row is, always. */
static void
write_gap (Worker  *self,
           GString *line)
{
  g_autofree char *name = g_strdup_printf ("gaps/g%d/c%d", dice (self, 2), dice (self, 2));
  g_auto(GStrv) slot = g_strsplit (name, "/", 3);
  const char *previous = get_slot (self, slot);

  if (strcmp (previous, "-") == 0 || dice (self, 2) == 0)
    {
      write_slot (self, line, g_steal_pointer (&name));
      return;
    }

  g_string_append_printf (line, " del %s %s", name, previous);
  commit_line (self, line);
  tst_store_remove_cell (self->store, slot[0], slot[1], slot[2]);
}

static void edit_row (Worker  *self,
                      GString *line);

static void
add_row (Worker         *self,
         GString        *line,
         TstAddRowFlags  flags)
{
  g_autofree char *tag = make_value (self);
  g_autofree char *json = g_strdup_printf ("{\"tag\":\"%s\",\"a\":\"%s\",\"b\":\"%s\"}",
                                           tag, tag, tag);
  g_autofree char *row_id = NULL;
  g_autoptr(GError) error = NULL;

  if (tst_store_get_n_rows (self->store, "rows") > MAX_ROWS)
    {
      edit_row (self, line);
      return;
    }

  g_string_append_printf (line, " add %s", tag);
  commit_line (self, line);
  row_id = tst_store_add_row_json (self->store, "rows", json, flags, &error);
  g_assert_no_error (error);
}

static void
add_pool_row (Worker  *self,
              GString *line)
{
  add_row (self, line, self->unique ? TST_ADD_ROW_UNIQUE : TST_ADD_ROW_DEFAULT);
}

static void
add_unique_row (Worker  *self,
                GString *line)
{
  add_row (self, line, TST_ADD_ROW_UNIQUE);
}

static gboolean
is_pool_id (const char *id)
{
  return strspn (id, "0123456789") == strlen (id);
}

/* NULL: there is none. */
static char *
pick_row (Worker      *self,
          gboolean     unique,
          const char **tag)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, "rows");
  guint n = g_strv_length (ids);
  guint first = n > 0 ? dice (self, n) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *id = ids[(first + i) % n];

      if (unique && is_pool_id (id))
        continue;

      *tag = tst_store_get_cell_string (self->store, "rows", id, "tag");
      if (*tag == NULL)
        g_error ("Row %s has no tag", id);
      return g_strdup (id);
    }

  return NULL;
}

static void
edit_row (Worker  *self,
          GString *line)
{
  g_autofree char *value = make_value (self);
  g_autofree char *cell_id = g_strdup_printf ("e%d", dice (self, N_EDITS));
  const char *tag = NULL, *previous;
  g_autofree char *row_id = pick_row (self, FALSE, &tag);
  g_autoptr(GError) error = NULL;

  if (row_id == NULL)
    {
      add_pool_row (self, line);
      return;
    }

  previous = tst_store_get_cell_string (self->store, "rows", row_id, cell_id);
  g_string_append_printf (line, " set %s/%s %s %s", tag, cell_id, value,
                          previous != NULL ? previous : "-");
  commit_line (self, line);
  tst_store_set_cell_string (self->store, "rows", row_id, cell_id, value, &error);
  g_assert_no_error (error);
}

static void
append_removal (Worker     *self,
                GString    *line,
                const char *row_id,
                const char *tag)
{
  const char *separator = "";

  g_string_append_printf (line, " rm %s ", tag);
  for (int i = 0; i < N_EDITS; i++)
    {
      g_autofree char *cell_id = g_strdup_printf ("e%d", i);
      const char *value = tst_store_get_cell_string (self->store, "rows", row_id, cell_id);

      if (value == NULL)
        continue;
      g_string_append_printf (line, "%s%s/%s=%s", separator, tag, cell_id, value);
      separator = ",";
    }
  if (*separator == '\0')
    g_string_append (line, "-");
}

/* Only one with a unique id: who removes 7 and adds a row may get 7 again, and
 * who has changed the first 7 without having seen that changes the second. */
static void
remove_row (Worker  *self,
            GString *line)
{
  const char *tag = NULL;
  g_autofree char *row_id = pick_row (self, TRUE, &tag);

  if (row_id == NULL)
    {
      add_unique_row (self, line);
      return;
    }

  append_removal (self, line, row_id, tag);
  commit_line (self, line);
  tst_store_remove_row (self->store, "rows", row_id);
}

/* All with ids of the pool: while everybody is quiet. */
static void
remove_pool_rows (Worker  *self,
                  GString *line)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (self->store, "rows");

  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (is_pool_id (ids[i]))
        append_removal (self, line, ids[i],
                        tst_store_get_cell_string (self->store, "rows", ids[i], "tag"));
    }
  commit_line (self, line);

  tst_store_begin (self->store);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (is_pool_id (ids[i]))
        tst_store_remove_row (self->store, "rows", ids[i]);
    }
  tst_store_commit (self->store);
}

static const struct
{
  const char *name;
  Kind        write;
  int         weight;
} kinds[] = {
  { "shared", write_shared, 25 },
  { "own", write_own, 15 },
  { "many", write_many, 10 },
  { "gap", write_gap, 12 },
  { "pool", add_pool_row, 10 },
  { "unique", add_unique_row, 4 },
  { "edit", edit_row, 16 },
  { "remove", remove_row, 8 },
  { "clear", remove_pool_rows, 0 },
};

static void
write_kind (Worker *self,
            Kind    write)
{
  g_autoptr(GString) line = g_string_new (NULL);

  self->seq++;
  write (self, line);
}

static void
write_any (Worker *self)
{
  int left = dice (self, 100);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      left -= kinds[i].weight;
      if (left < 0)
        {
          write_kind (self, kinds[i].write);
          return;
        }
    }
}

/* A row, or cells in a row of others, that are never written to again. */
static void
write_rapid (Worker *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) line = g_string_new (NULL);
  guint n = ++self->seq;

  if (n % 3 == 0)
    g_ptr_array_add (names, g_strdup_printf ("rapid/r%u/%s-%u", n / 30, self->name, n));
  else if (n % 3 == 1)
    g_ptr_array_add (names, g_strdup_printf ("rapid/%s-%u/c", self->name, n));
  else
    g_ptr_array_add (names, g_strdup_printf ("values/%s-%u", self->name, n % 50));

  g_hash_table_insert (self->own, g_strdup (names->pdata[0]), make_value (self));
  write_slots (self, line, names);
}

/* --- Flushing --- */

typedef struct
{
  Worker   *worker;
  guint     seq;
  gboolean  quiet;
  guint     n_left;     /* of the persisters */
  GError   *error;      /* (nullable): of the first that failed */
} Flush;

static void flush (Worker   *self,
                   gboolean  quiet);

static gboolean
is_dirty (Worker *self)
{
  for (guint i = 0; i < self->persisters->len; i++)
    {
      if (tst_persister_get_dirty (self->persisters->pdata[i]))
        return TRUE;
    }

  return FALSE;
}

/* Not at once: a server may have asked for a pause, in which a flush fails at once. */
static gboolean
flush_again_cb (gpointer user_data)
{
  flush (user_data, TRUE);

  return G_SOURCE_REMOVE;
}

static void
tell_flushed (Flush *flushed)
{
  if (flushed->error == NULL)
    {
      tell_printf ("%s %u %" G_GINT64_FORMAT, flushed->quiet ? "quiet" : "ack", flushed->seq,
                   g_get_monotonic_time ());
      return;
    }

  tell_printf ("failed %u %d %s %s", flushed->seq, get_code (flushed->error),
               is_dirty (flushed->worker) ? "dirty" : "clean", flushed->error->message);
  if (flushed->quiet)
    g_timeout_add (FLUSH_AGAIN_MS, flush_again_cb, flushed->worker);
}

static void
flushed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Flush *flushed = user_data;

  tst_persister_flush_finish (TST_PERSISTER (object), result,
                              flushed->error == NULL ? &flushed->error : NULL);
  if (--flushed->n_left > 0)
    return;

  tell_flushed (flushed);
  g_clear_error (&flushed->error);
  g_free (flushed);
}

static void
flush (Worker   *self,
       gboolean  quiet)
{
  Flush *data = g_new0 (Flush, 1);

  data->worker = self;
  data->seq = self->seq;
  data->quiet = quiet;
  data->n_left = self->persisters->len;
  for (guint i = 0; i < self->persisters->len; i++)
    tst_persister_flush_async (self->persisters->pdata[i], NULL, flushed_cb, data);
}

/* That nothing is dirty says the same as a flush. */
static void
dirty_cb (Worker *self)
{
  if (is_dirty (self))
    return;

  tell_printf ("%s %u %" G_GINT64_FORMAT, self->waits ? "clean" : "ack", self->seq,
               g_get_monotonic_time ());
  self->waits = FALSE;
}

/* --- Writing by itself --- */

static void schedule (Worker *self);

static gboolean
write_cb (gpointer user_data)
{
  Worker *self = user_data;

  self->timeout_id = 0;

  if (self->n_rapid > 0)
    {
      write_rapid (self);
      if (--self->n_rapid == 0)
        {
          flush (self, TRUE);
          return G_SOURCE_REMOVE;
        }
    }
  else
    {
      write_any (self);
    }

  if (dice (self, 6) == 0)
    flush (self, FALSE);
  schedule (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (Worker *self)
{
  self->timeout_id = g_timeout_add (1 + dice (self, 7), write_cb, self);
}

static void
be_quiet (Worker *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  flush (self, TRUE);
}

/* --- Hearing --- */

static void
check_own (Worker *self)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->own);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_auto(GStrv) slot = g_strsplit (name, "/", 3);

      if (strcmp (get_slot (self, slot), value) != 0)
        tell_printf ("lost %s: %s for %s", (char *) name, get_slot (self, slot), (char *) value);
    }
}

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             gpointer      user_data)
{
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_ROW_MOVED)
        tell_printf ("moved %s %s", tst_conflict_get_row_id (conflict, i),
                     tst_conflict_get_new_row_id (conflict, i));
    }
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               will_retry,
           gpointer               user_data)
{
  tell_error (error);
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Worker *self = user_data;
  g_autoptr(GError) error = NULL;

  tst_persister_start_auto_persisting_finish (TST_PERSISTER (object), result, &error);
  tell_error (error);
  if (--self->n_busy == 0)
    tell ("ready");
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Worker *self = user_data;
  g_autoptr(GError) error = NULL;

  tst_persister_close_finish (TST_PERSISTER (object), result, &error);
  tell_error (error);
  if (--self->n_busy > 0)
    return;

  tell ("stopped");
  g_main_loop_quit (self->loop);
}

static void
do_kind (Worker     *self,
         const char *name,
         guint       n)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (name, kinds[i].name) != 0)
        continue;
      while (n-- > 0)
        write_kind (self, kinds[i].write);
      return;
    }

  if (strcmp (name, "any") != 0)
    g_error ("What is %s?", name);
  while (n-- > 0)
    write_any (self);
}

static void
go (Worker     *self,
    const char *defaults)
{
  self->n_busy = self->persisters->len;
  for (guint i = 0; i < self->persisters->len; i++)
    tst_persister_start_auto_persisting_async (self->persisters->pdata[i], defaults, NULL,
                                               started_cb, self);
}

static void
stop (Worker *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->n_busy = self->persisters->len;
  for (guint i = 0; i < self->persisters->len; i++)
    tst_persister_close_async (self->persisters->pdata[i], NULL, closed_cb, self);
}

static void
obey (Worker *self,
      char   *line)
{
  g_auto(GStrv) words = g_strsplit (g_strchomp (line), " ", 3);
  const char *word = words[0];

  if (strcmp (word, "go") == 0)
    {
      go (self, words[1]);
    }
  else if (strcmp (word, "unique") == 0)
    {
      self->unique = TRUE;
    }
  else if (strcmp (word, "run") == 0)
    {
      schedule (self);
    }
  else if (strcmp (word, "rapid") == 0)
    {
      self->n_rapid = atoi (words[1]);
      schedule (self);
    }
  else if (strcmp (word, "do") == 0)
    {
      do_kind (self, words[1], atoi (words[2]));
    }
  else if (strcmp (word, "flush") == 0)
    {
      flush (self, FALSE);
    }
  else if (strcmp (word, "quiet") == 0)
    {
      be_quiet (self);
    }
  else if (strcmp (word, "wait") == 0)
    {
      g_clear_handle_id (&self->timeout_id, g_source_remove);
      self->waits = TRUE;
      dirty_cb (self);
    }
  else if (strcmp (word, "state") == 0)
    {
      g_autofree char *json = tst_store_get_json (self->store);

      tell_printf ("state %s", json);
    }
  else if (strcmp (word, "stop") == 0)
    {
      stop (self);
    }
  else
    {
      g_error ("What is %s?", word);
    }
}

static gboolean
command_cb (GIOChannel   *channel,
            GIOCondition  condition,
            gpointer      user_data)
{
  Worker *self = user_data;

  do
    {
      g_autofree char *line = NULL;
      GIOStatus status = g_io_channel_read_line (channel, &line, NULL, NULL, NULL);

      if (status == G_IO_STATUS_AGAIN)
        return G_SOURCE_CONTINUE;
      /* Who started this is gone. */
      if (status != G_IO_STATUS_NORMAL)
        _exit (1);
      obey (self, line);
    }
  while (g_io_channel_get_buffer_condition (channel) & G_IO_IN);

  return G_SOURCE_CONTINUE;
}

/* What the file holds, and its journal. */
static int
print_content (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  if (!tst_persister_load (persister, NULL, &error))
    {
      tell (error->message);
      return 1;
    }

  json = tst_store_get_json (store);
  tell (json);

  return 0;
}

static TstPersister *
make_persister (Worker     *self,
                const char *medium)
{
  g_autoptr(GFile) file = NULL;
  TstPersister *persister;

  if (!g_str_has_prefix (medium, "http://"))
    {
      file = g_file_new_for_commandline_arg (medium);
      persister = tst_file_persister_new (self->store, file);
      if (g_getenv ("TST_TEST_JOURNAL") != NULL)
        tst_file_persister_set_journal_threshold (TST_FILE_PERSISTER (persister), 0);
      return persister;
    }

  persister = tst_remote_persister_new (self->store, medium, NULL);
  tst_remote_persister_set_poll_interval (TST_REMOTE_PERSISTER (persister), POLL_INTERVAL);
  tst_remote_persister_set_timeout (TST_REMOTE_PERSISTER (persister), TIMEOUT);

  return persister;
}

static void
add_medium (Worker     *self,
            const char *medium)
{
  TstPersister *persister = make_persister (self, medium);

  g_ptr_array_add (self->persisters, persister);
  g_signal_connect (persister, "conflict", G_CALLBACK (conflict_cb), NULL);
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), NULL);
  g_signal_connect_swapped (persister, "notify::dirty", G_CALLBACK (dirty_cb), self);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GIOChannel) channel = g_io_channel_unix_new (STDIN_FILENO);
  Worker self = { .name = argv[1] };

  if (strcmp (argv[1], "print") == 0)
    return print_content (argv[2]);

  self.loop = g_main_loop_new (NULL, FALSE);
  self.store = tst_store_new ();
  self.persisters = g_ptr_array_new ();
  self.rand = g_rand_new_with_seed (g_ascii_strtoull (argv[2], NULL, 10) ^ g_str_hash (argv[1]));
  self.family = g_strndup (self.name, strcspn (self.name, "."));
  self.own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (int i = 3; i < argc; i++)
    add_medium (&self, argv[i]);
  g_signal_connect_swapped (self.store, "changed", G_CALLBACK (check_own), &self);

  g_io_channel_set_encoding (channel, NULL, NULL);
  g_io_channel_set_flags (channel, G_IO_FLAG_NONBLOCK, NULL);
  g_io_add_watch (channel, G_IO_IN | G_IO_HUP, command_cb, &self);
  g_main_loop_run (self.loop);

  for (guint i = 0; i < self.persisters->len; i++)
    g_assert_finalize_object (self.persisters->pdata[i]);
  g_ptr_array_unref (self.persisters);
  g_assert_finalize_object (self.store);
  g_main_loop_unref (self.loop);
  g_rand_free (self.rand);
  g_free (self.family);
  g_hash_table_unref (self.own);

  return 0;
}
