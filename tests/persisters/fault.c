/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* To be preloaded: makes calls to files below one folder fail, do less than they
 * were asked to, or kill the process.
 *
 *   FAULT_DIR    the folder. Other calls are left alone: those of GLib's main
 *                loop, for example, which does not expect to fail
 *   FAULT_SPEC   CALL:ACTION:WHEN, several with commas between them
 *                  CALL    one of call_names; "any" counts all of them
 *                  ACTION  EIO and the like; SHORT (read or write less); KILL
 *                          (before it is done) or KILLAFTER; STOP (before)
 *                  WHEN    N: the Nth such call; N+: from the Nth on
 *   FAULT_LOG    a file that gets a line for each call: its number, its name,
 *                "main" or "thread", a path
 */

#define _GNU_SOURCE
/* Both names of open() are defined here, so they must not be one. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_RULES 32

enum
{
  CALL_OPEN,
  CALL_CREATE,
  CALL_READ,
  CALL_WRITE,
  CALL_FSYNC,
  CALL_RENAME,
  CALL_LINK,
  CALL_UNLINK,
  CALL_TRUNCATE,
  CALL_CHMOD,
  CALL_CHOWN,
  CALL_UTIMENS,
  CALL_FLOCK,
  CALL_ANY,
  N_CALLS
};

static const char *const call_names[] = {
  "open", "create", "read", "write", "fsync", "rename", "link", "unlink", "truncate", "chmod",
  "chown", "utimens", "flock", "any",
};

enum
{
  ACTION_ERROR,
  ACTION_SHORT,
  ACTION_KILL,
  ACTION_KILL_AFTER,
  ACTION_STOP
};

typedef struct
{
  int call;
  int action;
  int error;
  int from;
  int onward;
} Rule;

static Rule rules[MAX_RULES];
static int n_rules;
static atomic_int counts[N_CALLS];
static char folder[PATH_MAX];
static int log_fd = -1;

static const struct
{
  const char *name;
  int         number;
} errors[] = {
  { "EACCES", EACCES },
  { "EDQUOT", EDQUOT },
  { "EINTR", EINTR },
  { "EIO", EIO },
  { "EMFILE", EMFILE },
  { "EINVAL", EINVAL },
  { "ENOLCK", ENOLCK },
  { "ENOSPC", ENOSPC },
  { "EPERM", EPERM },
  { "EROFS", EROFS },
};

static void
bad_spec (const char *text)
{
  fprintf (stderr, "fault: what is %s?\n", text);
  _exit (99);
}

static void
parse_action (Rule       *rule,
              const char *text)
{
  if (strcmp (text, "SHORT") == 0)
    rule->action = ACTION_SHORT;
  else if (strcmp (text, "KILL") == 0)
    rule->action = ACTION_KILL;
  else if (strcmp (text, "KILLAFTER") == 0)
    rule->action = ACTION_KILL_AFTER;
  else if (strcmp (text, "STOP") == 0)
    rule->action = ACTION_STOP;
  else
    rule->action = ACTION_ERROR;

  if (rule->action != ACTION_ERROR)
    return;

  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    {
      if (strcmp (text, errors[i].name) == 0)
        rule->error = errors[i].number;
    }

  if (rule->error == 0)
    bad_spec (text);
}

static void
parse_rule (Rule       *rule,
            const char *text)
{
  char call[16] = "", action[16] = "", when[16] = "";

  if (sscanf (text, "%15[^:]:%15[^:]:%15s", call, action, when) != 3)
    bad_spec (text);

  rule->call = N_CALLS;
  for (int i = 0; i < N_CALLS; i++)
    {
      if (strcmp (call, call_names[i]) == 0)
        rule->call = i;
    }
  if (rule->call == N_CALLS)
    bad_spec (call);

  parse_action (rule, action);
  rule->from = atoi (when);
  rule->onward = strchr (when, '+') != NULL;
}

__attribute__ ((constructor))
static void
set_up (void)
{
  const char *dir = getenv ("FAULT_DIR");
  const char *spec = getenv ("FAULT_SPEC");
  const char *log = getenv ("FAULT_LOG");
  char *copy, *rest = NULL;

  if (dir == NULL || realpath (dir, folder) == NULL)
    {
      folder[0] = '\0';
      return;
    }

  if (log != NULL)
    log_fd = syscall (SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

  if (spec == NULL)
    return;

  copy = strdup (spec);
  for (char *text = strtok_r (copy, ",", &rest); text != NULL; text = strtok_r (NULL, ",", &rest))
    {
      if (n_rules < MAX_RULES)
        parse_rule (&rules[n_rules++], text);
    }
  free (copy);
}

static int
is_below (const char *path)
{
  size_t length = strlen (folder);

  return length > 0 && path != NULL && strncmp (path, folder, length) == 0 &&
         (path[length] == '/' || path[length] == '\0');
}

static const char *
path_of (int   fd,
         char *buffer)
{
  char link[64];
  ssize_t length;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = syscall (SYS_readlink, link, buffer, PATH_MAX - 1);
  buffer[length > 0 ? length : 0] = '\0';

  return buffer;
}

static void
write_log (int         number,
           int         call,
           const char *path)
{
  char line[PATH_MAX + 64];
  int length;

  if (log_fd < 0)
    return;

  length = snprintf (line, sizeof line, "%d %s %s %s\n", number, call_names[call],
                     syscall (SYS_gettid) == getpid () ? "main" : "thread", path);
  syscall (SYS_write, log_fd, line, length);
}

/* The rule for this call, or NULL. */
static const Rule *
count (int         call,
       const char *path)
{
  int n, all;

  if (!is_below (path))
    return NULL;

  n = ++counts[call];
  all = ++counts[CALL_ANY];
  write_log (all, call, path);

  for (int i = 0; i < n_rules; i++)
    {
      int number = rules[i].call == CALL_ANY ? all : rules[i].call == call ? n : 0;

      if (number == 0 || (number != rules[i].from && !(rules[i].onward && number > rules[i].from)))
        continue;
      if (rules[i].action == ACTION_KILL)
        kill (getpid (), SIGKILL);
      if (rules[i].action == ACTION_STOP)
        {
          kill (getpid (), SIGSTOP);
          return NULL;
        }
      return &rules[i];
    }

  return NULL;
}

#define REAL(name) \
  static __typeof__ (name) *real; \
  if (real == NULL) \
    real = (__typeof__ (name) *) dlsym (RTLD_NEXT, #name)

#define DO(call, path, usual, less) \
  do \
    { \
      const Rule *rule = count (call, path); \
      if (rule == NULL) \
        return usual; \
      if (rule->action == ACTION_ERROR) \
        { \
          errno = rule->error; \
          return -1; \
        } \
      if (rule->action == ACTION_SHORT) \
        return less; \
      if (usual == -1) \
        perror ("fault"); \
      kill (getpid (), SIGKILL); \
      return -1; \
    } \
  while (0)

#define OPEN(name, path, arguments) \
  int mode = 0; \
  REAL (name); \
  if (flags & (O_CREAT | O_TMPFILE)) \
    { \
      va_list list; \
      va_start (list, flags); \
      mode = va_arg (list, int); \
      va_end (list); \
    } \
  DO ((flags & O_ACCMODE) == O_RDONLY ? CALL_OPEN : CALL_CREATE, path, \
      real arguments, real arguments)

int
open (const char *path, int flags, ...)
{
  OPEN (open, path, (path, flags, mode));
}

int
open64 (const char *path, int flags, ...)
{
  OPEN (open64, path, (path, flags, mode));
}

ssize_t
read (int fd, void *data, size_t size)
{
  char path[PATH_MAX];
  REAL (read);
  DO (CALL_READ, path_of (fd, path), real (fd, data, size), real (fd, data, (size + 1) / 2));
}

ssize_t
write (int fd, const void *data, size_t size)
{
  char path[PATH_MAX];
  REAL (write);
  DO (CALL_WRITE, path_of (fd, path), real (fd, data, size), real (fd, data, (size + 1) / 2));
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  char path[PATH_MAX];
  REAL (pwrite64);
  DO (CALL_WRITE, path_of (fd, path), real (fd, data, size, offset),
      real (fd, data, (size + 1) / 2, offset));
}

int
fdatasync (int fd)
{
  char path[PATH_MAX];
  REAL (fdatasync);
  DO (CALL_FSYNC, path_of (fd, path), real (fd), real (fd));
}

int
fsync (int fd)
{
  char path[PATH_MAX];
  REAL (fsync);
  DO (CALL_FSYNC, path_of (fd, path), real (fd), real (fd));
}

int
rename (const char *from, const char *to)
{
  REAL (rename);
  DO (CALL_RENAME, to, real (from, to), real (from, to));
}

int
renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
  REAL (renameat2);
  DO (CALL_RENAME, to, real (from_fd, from, to_fd, to, flags),
      real (from_fd, from, to_fd, to, flags));
}

int
link (const char *from, const char *to)
{
  REAL (link);
  DO (CALL_LINK, to, real (from, to), real (from, to));
}

int
unlink (const char *path)
{
  REAL (unlink);
  DO (CALL_UNLINK, path, real (path), real (path));
}

int
ftruncate64 (int fd, off64_t size)
{
  char path[PATH_MAX];
  REAL (ftruncate64);
  DO (CALL_TRUNCATE, path_of (fd, path), real (fd, size), real (fd, size));
}

int
fchmod (int fd, mode_t mode)
{
  char path[PATH_MAX];
  REAL (fchmod);
  DO (CALL_CHMOD, path_of (fd, path), real (fd, mode), real (fd, mode));
}

int
fchown (int fd, uid_t owner, gid_t group)
{
  char path[PATH_MAX];
  REAL (fchown);
  DO (CALL_CHOWN, path_of (fd, path), real (fd, owner, group), real (fd, owner, group));
}

int
futimens (int fd, const struct timespec times[2])
{
  char path[PATH_MAX];
  REAL (futimens);
  DO (CALL_UTIMENS, path_of (fd, path), real (fd, times), real (fd, times));
}

int
flock (int fd, int operation)
{
  char path[PATH_MAX];
  REAL (flock);
  DO (CALL_FLOCK, path_of (fd, path), real (fd, operation), real (fd, operation));
}
