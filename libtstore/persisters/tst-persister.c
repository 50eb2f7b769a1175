/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister.h"

#include "tst-enum-types.h"
#include "tst-machine-private.h"

/**
 * TstPersister:
 *
 * Keeps a store somewhere: in a file, for example.
 *
 * A persister loads what is persisted into its store and saves what is in the
 * store, when asked to ([method@Persister.load_async],
 * [method@Persister.save_async]) or by itself
 * ([method@Persister.start_auto_load_async],
 * [method@Persister.start_auto_save_async]). Where it is kept depends on the
 * subclass, its *medium*. Whatever the medium, it promises this:
 *
 * - Loads and saves never overlap, and none is dropped: what cannot run now
 *   runs next. At most one save waits, and it saves what is in the store by
 *   then.
 * - Content is applied, and what is saved is fixed, between transactions only.
 * - What a persister has written itself is no news to it.
 * - A load that changes nothing makes nothing dirty, and a save of what is there
 *   already writes nothing.
 * - A save that fails is not forgotten: the persister stays
 *   [property@Persister:dirty], [signal@Persister::failed] tells of it, and it
 *   is tried again.
 * - Nothing waits for the medium in the thread of the main loop, but for the
 *   few blocking functions that say so.
 *
 * ```python
 * persister = TStore.FilePersister.new(store, Gio.File.new_for_path("pets.json"))
 * persister.connect("failed", lambda persister, operation, error, will_retry: print(error.message))
 * persister.start_auto_persisting_async(None, None, None)
 * ```
 *
 * ## Loading while there are changes
 *
 * An explicit load without automatic saving makes the store what is persisted.
 * Every automatic load, and any load while saving automatically, merges: what is
 * persisted replaces everything except what was changed here since the two last
 * agreed, and that is saved afterwards. What was in the store before the
 * persister was made does not count as changed: saving writes it, loading
 * replaces it. Where both sides changed the same thing, fixed rules decide and
 * [signal@Persister::conflict] tells.
 *
 * ## Media of your own
 *
 * A subclass implements `read` and `write`, which take a [class@Request] and
 * answer it now or later, from any thread, and perhaps `start_listening` and
 * `stop_listening`, which watch the medium and call
 * [method@Persister.notify_changed]. [class@CustomPersister] has functions instead.
 * See [A medium of your own](custom-persister.html).
 *
 * A persister belongs to the thread, and the thread-default main context, in
 * which it was made.
 *
 * Since: 0.1
 */

typedef struct
{
  TstMachine machine;
} TstPersisterPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TstPersister, tst_persister, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STORE,
  PROP_STATUS,
  PROP_DIRTY,
  PROP_LAST_SAVED,
  PROP_LAST_ERROR,
  PROP_N_LOADS,
  PROP_N_SAVES,
  PROP_SAVE_DELAY,
  PROP_REQUEST_TIMEOUT,
  PROP_AUTO_LOAD,
  PROP_AUTO_SAVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_LOADED,
  SIGNAL_SAVED,
  SIGNAL_FAILED,
  SIGNAL_CONFLICT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

TstMachine *
tst_persister_get_machine (TstPersister *self)
{
  TstPersisterPrivate *priv = tst_persister_get_instance_private (self);

  return &priv->machine;
}

/* --- Emitting --- */

void
tst_persister_emit_loaded (TstPersister *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_LOADS]);
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

void
tst_persister_emit_saved (TstPersister *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SAVES]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SAVED]);
  g_signal_emit (self, signals[SIGNAL_SAVED], 0);
}

void
tst_persister_notify_last_error (TstPersister *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_ERROR]);
}

void
tst_persister_emit_failed (TstPersister          *self,
                           TstPersisterOperation  operation,
                           const GError          *error,
                           gboolean               will_retry)
{
  tst_persister_notify_last_error (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, operation, error, will_retry);
}

void
tst_persister_emit_conflict (TstPersister *self,
                             TstConflict  *conflict)
{
  if (conflict != NULL && tst_conflict_get_n_entries (conflict) > 0)
    g_signal_emit (self, signals[SIGNAL_CONFLICT], 0, conflict);
}

/* --- The class --- */

static void
tst_persister_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TstPersister *self = TST_PERSISTER (object);
  TstMachine *m = tst_persister_get_machine (self);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, m->store);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, tst_machine_get_status (m));
      break;
    case PROP_DIRTY:
      g_value_set_boolean (value, tst_machine_get_dirty (m));
      break;
    case PROP_LAST_SAVED:
      g_value_set_boxed (value, m->last_saved);
      break;
    case PROP_LAST_ERROR:
      g_value_set_boxed (value, m->last_error);
      break;
    case PROP_N_LOADS:
      g_value_set_uint (value, m->n_loads);
      break;
    case PROP_N_SAVES:
      g_value_set_uint (value, m->n_saves);
      break;
    case PROP_SAVE_DELAY:
      g_value_set_uint (value, m->save_delay);
      break;
    case PROP_REQUEST_TIMEOUT:
      g_value_set_uint (value, m->request_timeout);
      break;
    case PROP_AUTO_LOAD:
      g_value_set_boolean (value, m->auto_load);
      break;
    case PROP_AUTO_SAVE:
      g_value_set_boolean (value, m->auto_save);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_persister_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  TstPersister *self = TST_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_STORE:
      /* Construct-only; without a store, it has one of its own. */
      if (g_value_get_object (value) != NULL)
        tst_machine_init (tst_persister_get_machine (self), self, g_value_get_object (value));
      break;
    case PROP_SAVE_DELAY:
      tst_persister_set_save_delay (self, g_value_get_uint (value));
      break;
    case PROP_REQUEST_TIMEOUT:
      tst_persister_set_request_timeout (self, g_value_get_uint (value));
      break;
    case PROP_AUTO_LOAD:
      tst_persister_set_auto_load (self, g_value_get_boolean (value));
      break;
    case PROP_AUTO_SAVE:
      tst_persister_set_auto_save (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_persister_constructed (GObject *object)
{
  TstPersister *self = TST_PERSISTER (object);
  TstMachine *m = tst_persister_get_machine (self);

  G_OBJECT_CLASS (tst_persister_parent_class)->constructed (object);

  if (m->store == NULL)
    {
      g_autoptr(TstStore) store = tst_store_new ();

      tst_machine_init (m, self, store);
    }
}

static void
tst_persister_dispose (GObject *object)
{
  tst_machine_dispose (tst_persister_get_machine (TST_PERSISTER (object)));

  G_OBJECT_CLASS (tst_persister_parent_class)->dispose (object);
}

static void
tst_persister_finalize (GObject *object)
{
  tst_machine_finalize (tst_persister_get_machine (TST_PERSISTER (object)));

  G_OBJECT_CLASS (tst_persister_parent_class)->finalize (object);
}

static void
install_signals (TstPersisterClass *klass)
{
  /**
   * TstPersister::loaded:
   * @self: a persister
   *
   * Emitted when what is persisted was loaded.
   *
   * Also when that changed nothing in the store, if the load was asked for.
   *
   * Since: 0.1
   */
  signals[SIGNAL_LOADED] =
    g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * TstPersister::saved:
   * @self: a persister
   *
   * Emitted when the store was persisted.
   *
   * Since: 0.1
   */
  signals[SIGNAL_SAVED] =
    g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * TstPersister::failed:
   * @self: a persister
   * @operation: what failed
   * @error: why
   * @will_retry: whether it is tried again without being asked for
   *
   * Emitted when loading or saving failed.
   *
   * Nothing is lost: after a failed load the store is what it was, and after a
   * failed save the persister is still [property@Persister:dirty].
   *
   * Since: 0.1
   */
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, TST_TYPE_PERSISTER_OPERATION, G_TYPE_ERROR, G_TYPE_BOOLEAN);

  /**
   * TstPersister::conflict:
   * @self: a persister
   * @conflict: what was changed on both sides, and what became of it
   *
   * Emitted when the same things were changed here and elsewhere.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CONFLICT] =
    g_signal_new ("conflict", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, TST_TYPE_CONFLICT);
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * TstPersister:store: (getter get_store)
   *
   * The store that is persisted.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL, TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstPersister:status: (getter get_status)
   *
   * What the persister is doing, or about to do.
   *
   * Since: 0.1
   */
  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, TST_TYPE_PERSISTER_STATUS, TST_PERSISTER_IDLE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:dirty: (getter get_dirty)
   *
   * Whether there are changes in the store that are not persisted.
   *
   * Notifications of this property come from the main loop, not from within
   * the change.
   *
   * Since: 0.1
   */
  properties[PROP_DIRTY] =
    g_param_spec_boolean ("dirty", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:last-saved: (getter get_last_saved)
   *
   * When the store was last persisted, or `NULL`.
   *
   * Since: 0.1
   */
  properties[PROP_LAST_SAVED] =
    g_param_spec_boxed ("last-saved", NULL, NULL, G_TYPE_DATE_TIME,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:last-error: (getter get_last_error)
   *
   * Why the latest operation failed, or `NULL` if it did not.
   *
   * Since: 0.1
   */
  properties[PROP_LAST_ERROR] =
    g_param_spec_boxed ("last-error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:n-loads: (getter get_n_loads)
   *
   * How often the store was loaded.
   *
   * An automatic look at the medium that finds nothing new does not count.
   *
   * Since: 0.1
   */
  properties[PROP_N_LOADS] =
    g_param_spec_uint ("n-loads", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:n-saves: (getter get_n_saves)
   *
   * How often the store was persisted.
   *
   * Since: 0.1
   */
  properties[PROP_N_SAVES] =
    g_param_spec_uint ("n-saves", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:save-delay: (getter get_save_delay) (setter set_save_delay)
   *
   * How long an automatic save waits for further changes, in milliseconds.
   *
   * Counted from the first change. With 0, a save begins as soon as the main
   * loop runs; changes during a save are saved together after it either way.
   *
   * Since: 0.1
   */
  properties[PROP_SAVE_DELAY] =
    g_param_spec_uint ("save-delay", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:request-timeout: (getter get_request_timeout) (setter set_request_timeout)
   *
   * How long the medium may take to answer a request, in milliseconds, or 0 for
   * as long as it likes.
   *
   * Reading or writing then fails with `G_IO_ERROR_TIMED_OUT`, is cancelled, and
   * tried again like after any other failure. This is for media of your own that
   * may hang; a file has no need of it. Blocking operations do not heed it.
   *
   * Since: 0.1
   */
  properties[PROP_REQUEST_TIMEOUT] =
    g_param_spec_uint ("request-timeout", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:auto-load: (getter get_auto_load) (setter set_auto_load)
   *
   * Whether the store follows what is persisted.
   *
   * Since: 0.1
   */
  properties[PROP_AUTO_LOAD] =
    g_param_spec_boolean ("auto-load", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstPersister:auto-save: (getter get_auto_save) (setter set_auto_save)
   *
   * Whether changes in the store are persisted.
   *
   * If nothing was loaded before, setting it replaces what is persisted with what is in
   * the store, like [method@Persister.start_auto_save_async].
   *
   * Since: 0.1
   */
  properties[PROP_AUTO_SAVE] =
    g_param_spec_boolean ("auto-save", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_persister_class_init (TstPersisterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_persister_constructed;
  object_class->dispose = tst_persister_dispose;
  object_class->finalize = tst_persister_finalize;
  object_class->get_property = tst_persister_get_property;
  object_class->set_property = tst_persister_set_property;

  /**
   * TstPersisterClass::read:
   * @self: a persister
   * @request: what is asked for
   * @error: return location for an error
   *
   * Answers @request with what is persisted, now or later, from any thread.
   *
   * Answer with [method@Request.return_text], [method@Request.return_content] or
   * [method@Request.return_nothing], and give the version a tag if the medium
   * can tell one from another.
   *
   * Returns: `TRUE` if @request was or will be answered, `FALSE` with @error set
   *   otherwise
   *
   * Since: 0.1
   */
  klass->read = tst_persister_ask_medium;

  /**
   * TstPersisterClass::write:
   * @self: a persister
   * @request: what is to be persisted
   * @error: return location for an error
   *
   * Persists the content of @request, and answers now or later, from any thread.
   *
   * Answer with [method@Request.return_saved]; or with
   * [method@Request.return_conflict], and write nothing, if the medium no longer
   * holds the version of [method@Request.get_base_tag].
   *
   * Returns: `TRUE` if @request was or will be answered, `FALSE` with @error set
   *   otherwise
   *
   * Since: 0.1
   */
  klass->write = tst_persister_ask_medium;

  /**
   * TstPersisterClass::start_listening:
   * @self: a persister
   * @error: return location for an error
   *
   * Begins to watch the medium.
   *
   * From then on, [method@Persister.notify_changed] is to be called when the
   * medium may have changed. A medium that cannot be watched leaves this out.
   *
   * Returns: `TRUE` if it is watched now, `FALSE` with @error set otherwise
   *
   * Since: 0.1
   */

  /**
   * TstPersisterClass::stop_listening:
   * @self: a persister
   *
   * Stops watching the medium.
   *
   * Since: 0.1
   */

  install_properties (object_class);
  install_signals (klass);
}

static void
tst_persister_init (TstPersister *self)
{
}
