/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-custom-persister.h"

/**
 * TstCustomPersister:
 *
 * Keeps a store wherever functions of your own read and write it.
 *
 * This is for a medium that is not worth a class: two functions are enough, one
 * that answers requests to read and one that answers requests to write. Two more
 * watch the medium, if that is possible.
 *
 * ```python
 * def read(persister, request):
 *     request.return_json(kept[-1], None) if kept else request.return_nothing()
 *
 * def write(persister, request):
 *     kept.append(request.get_json())
 *     request.return_saved(None)
 *
 * kept = []
 * persister = TStore.CustomPersister.new(store, read, write)
 * ```
 *
 * Each function is optional. A medium that cannot be written to has no function
 * to write, and saving fails with `G_IO_ERROR_NOT_SUPPORTED`; one without a
 * function to read, such as a log, can only be saved to; and without functions
 * to listen, it is enough to call [method@Persister.notify_changed] when the
 * medium has changed, or never.
 *
 * The functions get the persister, and should not hold it: what they hold lives
 * as long as the persister does, so that it would never be freed.
 *
 * See [A medium of your own](custom-persister.html) for examples.
 *
 * Since: 0.1
 */

/* A function with its data. One that is running is held, so that it may be
 * replaced. */
typedef struct
{
  GCallback      func;
  gpointer       user_data;
  GDestroyNotify destroy;    /* (nullable) */
} Func;

typedef enum
{
  FUNC_READ,
  FUNC_WRITE,
  FUNC_START_LISTENING,
  FUNC_STOP_LISTENING,
  N_FUNCS
} FuncKind;

struct _TstCustomPersister
{
  TstPersister parent_instance;

  Func *funcs[N_FUNCS];      /* (nullable) */
};

G_DEFINE_FINAL_TYPE (TstCustomPersister, tst_custom_persister, TST_TYPE_PERSISTER)

static void
func_clear (gpointer data)
{
  Func *func = data;

  if (func->destroy != NULL)
    func->destroy (func->user_data);
}

static void
func_unref (Func *func)
{
  g_atomic_rc_box_release_full (func, func_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Func, func_unref)

static Func *
hold_func (TstPersister *persister,
           FuncKind      kind)
{
  Func *func = TST_CUSTOM_PERSISTER (persister)->funcs[kind];

  return func != NULL ? g_atomic_rc_box_acquire (func) : NULL;
}

static void
set_func (TstCustomPersister *self,
          FuncKind            kind,
          GCallback           callback,
          gpointer            user_data,
          GDestroyNotify      destroy)
{
  g_autoptr(Func) old = g_steal_pointer (&self->funcs[kind]);
  Func *func;

  if (callback == NULL)
    return;

  func = g_atomic_rc_box_new0 (Func);
  func->func = callback;
  func->user_data = user_data;
  func->destroy = destroy;
  self->funcs[kind] = func;
}

static gboolean
tst_custom_persister_read (TstPersister  *persister,
                           TstRequest    *request,
                           GError       **error)
{
  TstPersisterClass *parent_class = TST_PERSISTER_CLASS (tst_custom_persister_parent_class);
  g_autoptr(Func) func = hold_func (persister, FUNC_READ);

  if (func == NULL)
    return parent_class->read (persister, request, error);

  return ((TstRequestFunc) func->func) (persister, request, func->user_data, error);
}

static gboolean
tst_custom_persister_write (TstPersister  *persister,
                            TstRequest    *request,
                            GError       **error)
{
  TstPersisterClass *parent_class = TST_PERSISTER_CLASS (tst_custom_persister_parent_class);
  g_autoptr(Func) func = hold_func (persister, FUNC_WRITE);

  if (func == NULL)
    return parent_class->write (persister, request, error);

  return ((TstRequestFunc) func->func) (persister, request, func->user_data, error);
}

static gboolean
tst_custom_persister_start_listening (TstPersister  *persister,
                                      GError       **error)
{
  g_autoptr(Func) func = hold_func (persister, FUNC_START_LISTENING);

  if (func == NULL)
    return TRUE;

  return ((TstStartListeningFunc) func->func) (persister, func->user_data, error);
}

static void
tst_custom_persister_stop_listening (TstPersister *persister)
{
  g_autoptr(Func) func = hold_func (persister, FUNC_STOP_LISTENING);

  if (func != NULL)
    ((TstStopListeningFunc) func->func) (persister, func->user_data);
}

/* Not in dispose, which still calls them for what is not saved. */
static void
tst_custom_persister_finalize (GObject *object)
{
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (object);

  for (guint kind = 0; kind < N_FUNCS; kind++)
    g_clear_pointer (&self->funcs[kind], func_unref);

  G_OBJECT_CLASS (tst_custom_persister_parent_class)->finalize (object);
}

static void
tst_custom_persister_class_init (TstCustomPersisterClass *klass)
{
  TstPersisterClass *persister_class = TST_PERSISTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tst_custom_persister_finalize;

  persister_class->read = tst_custom_persister_read;
  persister_class->write = tst_custom_persister_write;
  persister_class->start_listening = tst_custom_persister_start_listening;
  persister_class->stop_listening = tst_custom_persister_stop_listening;
}

static void
tst_custom_persister_init (TstCustomPersister *self)
{
}

/**
 * TstRequestFunc:
 * @persister: the persister
 * @request: what is asked for
 * @user_data: data of the function
 * @error: return location for an error
 *
 * A function that reads from a medium, or writes to it.
 *
 * It takes @request and answers it with one of its `return_` functions, now or
 * later, from any thread.
 *
 * Returns: `TRUE` if @request was or will be answered, `FALSE` with @error set
 *   otherwise
 *
 * Since: 0.1
 */

/**
 * TstStartListeningFunc:
 * @persister: the persister
 * @user_data: data of the function
 * @error: return location for an error
 *
 * A function that begins to watch a medium.
 *
 * From then on, [method@Persister.notify_changed] is to be called when the
 * medium may have changed.
 *
 * Returns: `TRUE` if it is watched now, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * TstStopListeningFunc:
 * @persister: the persister
 * @user_data: data of the function
 *
 * A function that stops watching a medium.
 *
 * Since: 0.1
 */

/**
 * tst_custom_persister_new:
 * @store: a store
 *
 * Creates a persister whose medium is made of functions.
 *
 * In Python and in JavaScript, the functions can be given at once:
 * `TStore.CustomPersister.new(store, read=…, write=…)` and
 * `TStore.CustomPersister.new(store, {read, write})`.
 *
 * Returns: (transfer full) (type TstCustomPersister): a new persister
 *
 * Since: 0.1
 */
TstPersister *
tst_custom_persister_new (TstStore *store)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);

  return g_object_new (TST_TYPE_CUSTOM_PERSISTER, "store", store, NULL);
}

/**
 * tst_custom_persister_set_read_func:
 * @self: a custom persister
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): a
 *   function, or `NULL`
 * @user_data: data for @func
 * @destroy: (nullable): called when @func is not needed any more
 *
 * Sets the function that answers requests to read.
 *
 * It answers with [method@Request.return_json], [method@Request.return_text],
 * [method@Request.return_content] or [method@Request.return_nothing].
 *
 * Since: 0.1
 */
void
tst_custom_persister_set_read_func (TstCustomPersister *self,
                                    TstRequestFunc      func,
                                    gpointer            user_data,
                                    GDestroyNotify      destroy)
{
  g_return_if_fail (TST_IS_CUSTOM_PERSISTER (self));

  set_func (self, FUNC_READ, G_CALLBACK (func), user_data, destroy);
}

/**
 * tst_custom_persister_set_write_func:
 * @self: a custom persister
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): a
 *   function, or `NULL`
 * @user_data: data for @func
 * @destroy: (nullable): called when @func is not needed any more
 *
 * Sets the function that answers requests to write.
 *
 * It answers with [method@Request.return_saved], or with
 * [method@Request.return_conflict] if the medium no longer holds the version of
 * [method@Request.get_base_tag].
 *
 * Since: 0.1
 */
void
tst_custom_persister_set_write_func (TstCustomPersister *self,
                                     TstRequestFunc      func,
                                     gpointer            user_data,
                                     GDestroyNotify      destroy)
{
  g_return_if_fail (TST_IS_CUSTOM_PERSISTER (self));

  set_func (self, FUNC_WRITE, G_CALLBACK (func), user_data, destroy);
}

/**
 * tst_custom_persister_set_start_listening_func:
 * @self: a custom persister
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): a
 *   function, or `NULL`
 * @user_data: data for @func
 * @destroy: (nullable): called when @func is not needed any more
 *
 * Sets the function that begins to watch the medium.
 *
 * It is called when automatic loading is started; so set it before.
 *
 * Since: 0.1
 */
void
tst_custom_persister_set_start_listening_func (TstCustomPersister    *self,
                                               TstStartListeningFunc  func,
                                               gpointer               user_data,
                                               GDestroyNotify         destroy)
{
  g_return_if_fail (TST_IS_CUSTOM_PERSISTER (self));

  set_func (self, FUNC_START_LISTENING, G_CALLBACK (func), user_data, destroy);
}

/**
 * tst_custom_persister_set_stop_listening_func:
 * @self: a custom persister
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): a
 *   function, or `NULL`
 * @user_data: data for @func
 * @destroy: (nullable): called when @func is not needed any more
 *
 * Sets the function that stops watching the medium.
 *
 * Since: 0.1
 */
void
tst_custom_persister_set_stop_listening_func (TstCustomPersister   *self,
                                              TstStopListeningFunc  func,
                                              gpointer              user_data,
                                              GDestroyNotify        destroy)
{
  g_return_if_fail (TST_IS_CUSTOM_PERSISTER (self));

  set_func (self, FUNC_STOP_LISTENING, G_CALLBACK (func), user_data, destroy);
}
