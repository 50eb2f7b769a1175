/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

#define FIDO  "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{}]"
#define FELIX "[{\"pets\":{\"felix\":{\"species\":\"cat\"}}},{}]"
#define BOTH  "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"fido\":{\"species\":\"dog\"}}},{}]"
#define EMPTY "[{},{}]"

/* Runs the main loop until something is true; fails the test if that takes too
 * long. What is waited for may be outside of this process. */
#define wait_for(condition) \
  G_STMT_START { \
    Wait *_wait = wait_begin (); \
    while (!(condition)) \
      wait_step (_wait, G_STRLOC, #condition); \
    wait_end (_wait); \
  } G_STMT_END

typedef struct _Wait Wait;

Wait     *wait_begin        (void);
void      wait_step         (Wait         *wait,
                             const char   *where,
                             const char   *condition);
void      wait_end          (Wait         *wait);

/* Runs the main loop as long as there is something to do at once. */
void      run_ready         (void);
/* Waits until a persister has nothing to do. */
void      wait_idle         (TstPersister *persister);

/* Somebody who looks at a persister's status and whether it is dirty when it is made,
 * by look(), and whenever notify says that they are others. At rest, what was seen last
 * is what is true: assert_seen(). That says nothing of persisters
 * that nobody watches. */
void      watch_persister   (TstPersister *persister);
void      look              (TstPersister *persister);
void      assert_seen       (TstPersister *persister);

/* Waits until the last save of a persister that is gone is over. */
void      wait_last_save    (void);

/* Gives up a reference, and waits until nobody else has one: a thread may. */
void      wait_gone         (gpointer      object);

void      take_result_cb    (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data);

/* Begins an operation and waits for its end: run (save, persister, &error),
 * run_with (start_auto_load, persister, &error, FIDO). */
#define run(name, persister, error) \
  run_operation (tst_persister_ ## name ## _async, tst_persister_ ## name ## _finish, \
                 persister, error)

#define run_with(name, persister, error, argument) \
  run_operation_with (tst_persister_ ## name ## _async, tst_persister_ ## name ## _finish, \
                      persister, argument, error)

typedef void     (*BeginFunc)     (TstPersister         *persister,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
typedef void     (*BeginWithFunc) (TstPersister         *persister,
                                   const char           *argument,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
typedef gboolean (*FinishFunc)    (TstPersister         *persister,
                                   GAsyncResult         *result,
                                   GError              **error);

gboolean  run_operation      (BeginFunc       begin,
                              FinishFunc      finish,
                              TstPersister   *persister,
                              GError        **error);
gboolean  run_operation_with (BeginWithFunc   begin,
                              FinishFunc      finish,
                              TstPersister   *persister,
                              const char     *argument,
                              GError        **error);

/* The same, and it has to succeed. */
#define run_ok(name, persister) \
  G_STMT_START { \
    g_autoptr(GError) _error = NULL; \
    gboolean _done = run (name, persister, &_error); \
    g_assert_no_error (_error); \
    g_assert_true (_done); \
  } G_STMT_END

#define run_ok_with(name, persister, argument) \
  G_STMT_START { \
    g_autoptr(GError) _error = NULL; \
    gboolean _done = run_with (name, persister, &_error, argument); \
    g_assert_no_error (_error); \
    g_assert_true (_done); \
  } G_STMT_END

TstStore *new_store         (const char   *json);
void      set_store         (TstStore     *store,
                             const char   *json);
void      set_species       (TstStore     *store,
                             const char   *pet,
                             const char   *species);
gboolean  store_is          (TstStore     *store,
                             const char   *json);
void      assert_store      (TstStore     *store,
                             const char   *json);

G_END_DECLS
