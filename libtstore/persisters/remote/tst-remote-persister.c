/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-persister.h"

#include "tst-event-stream-private.h"
#include "tst-http-headers-private.h"
#include "tst-persister-private.h"
#include "tst-remote-poller-private.h"
#include "tst-remote-private.h"

/**
 * TstRemotePersister:
 *
 * Keeps a store on an HTTP server, as JSON text.
 *
 * It is loaded with `GET` and saved with `PUT`, or with `POST` where it is saved to
 * another address than it is loaded from; see
 * [property@RemotePersister:save-method].
 *
 * ```c
 * TstPersister *persister = tst_remote_persister_new (store, "https://example.org/pets.json", NULL);
 *
 * tst_persister_start_auto_persisting_async (persister, NULL, NULL, started_cb, NULL);
 * ```
 *
 * Where both are the same, and the server checks preconditions (`If-Match`), a save
 * never replaces a version that was not read: so any number of programs can share
 * one resource, and their changes are merged. Where the server does not check them,
 * the persister looks right before each save whether the version is still the one
 * that it knows. What somebody else saves between that look and the save is
 * overwritten; a message in the log says so once.
 *
 * With automatic loading, the server is asked every few seconds whether there is
 * something new, without reading it. A server that sends a header
 *
 *     Link: </events>; rel="alternate"; type="text/event-stream"
 *
 * with the resource is listened to instead, and asked less often. From that stream,
 * events of the type `changed` count, whose data is the new entity tag.
 *
 * Whatever goes wrong (no network, a server that fails, a page that is not
 * content), the store is kept, what was changed stays dirty, and it is tried again
 * until the server has it. A resource that was there once and is not any more is a
 * failure too: it is not created again. A server that asks for a pause
 * (`Retry-After`) gets it, for an hour at most.
 *
 * For authentication, certificates and proxies, set a [property@RemotePersister:session].
 *
 * Since: 0.1
 */

#define DEFAULT_POLL_INTERVAL 5000
#define DEFAULT_TIMEOUT 30000
#define DEFAULT_MAX_SIZE (G_GUINT64_CONSTANT (256) * 1024 * 1024)

/* So much less often is the server asked while it tells by itself. */
#define STREAM_FACTOR 12

struct _TstRemotePersister
{
  TstPersister     parent_instance;

  char            *load_uri;         /* construct-only */
  char            *save_uri;         /* construct-only */
  SoupSession     *session;          /* (nullable): of the application */
  guint            poll_interval;
  gboolean         use_event_stream;

  TstRemote       *remote;           /* outlives us in the middle of a save */
  TstRemotePoller *poller;           /* (nullable): while listening */
  TstEventStream  *stream;           /* (nullable): while listening to one */
  gboolean         listening;
  gboolean         missed;           /* told of something that could not be judged yet */
  char            *missed_etag;      /* (nullable): of it */
  gboolean         polled;           /* what is read now, the stream should have told of */
  char            *polled_digest;    /* (nullable): of what was there before */
  gulong           network_id;
};

G_DEFINE_FINAL_TYPE (TstRemotePersister, tst_remote_persister, TST_TYPE_PERSISTER)

enum
{
  PROP_0,
  PROP_LOAD_URI,
  PROP_SAVE_URI,
  PROP_SAVE_METHOD,
  PROP_POLL_INTERVAL,
  PROP_USE_EVENT_STREAM,
  PROP_TIMEOUT,
  PROP_MAX_SIZE,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- Listening --- */

static void
update_interval (TstRemotePersister *self)
{
  guint64 interval = self->poll_interval;

  if (self->poller == NULL)
    return;

  if (self->stream != NULL && tst_event_stream_is_alive (self->stream))
    interval *= STREAM_FACTOR;
  tst_remote_poller_set_interval (self->poller, MIN (interval, G_MAXINT));
}

/* Whoever only listens never learns that the other end has vanished without a word. So a
 * stream that should have told of this is not relied on any more. */
static void
distrust_stream (TstRemotePersister *self)
{
  if (self->stream == NULL || !tst_event_stream_is_alive (self->stream))
    return;

  tst_event_stream_reconnect (self->stream);
  update_interval (self);
}

static void
forget_polled (TstRemotePersister *self)
{
  self->polled = FALSE;
  g_clear_pointer (&self->polled_digest, g_free);
}

static void
judge_polled (TstRemotePersister *self)
{
  gboolean changed;

  if (!self->polled || self->remote->n_working > 0)
    return;

  changed = g_strcmp0 (self->polled_digest, self->remote->digest) != 0;
  forget_polled (self);
  if (changed)
    distrust_stream (self);
}

static void
polled_cb (gboolean by_itself,
           gpointer user_data)
{
  TstRemotePersister *self = user_data;
  TstRemote *remote = self->remote;

  forget_polled (self);
  if (by_itself && (remote->has_no_head || remote->has_no_tags))
    {
      self->polled = TRUE;
      self->polled_digest = g_strdup (remote->digest);
    }
  else if (by_itself)
    {
      distrust_stream (self);
    }

  tst_persister_notify_changed (TST_PERSISTER (self), NULL);
}

/* While a save is under way, nobody knows yet whether it is our own that is told. */
static void
judge_missed (TstRemotePersister *self)
{
  g_autofree char *etag = NULL;
  TstRemote *remote = self->remote;

  if (!self->missed || remote->n_working > 0)
    return;

  self->missed = FALSE;
  etag = g_steal_pointer (&self->missed_etag);
  if (remote->state == TST_REMOTE_VERSION && remote->tag.etag != NULL &&
      tst_http_etag_is_strong (etag) && g_str_equal (etag, remote->tag.etag))
    tst_persister_notify_changed (TST_PERSISTER (self), remote->digest);
  else
    tst_persister_notify_changed (TST_PERSISTER (self), NULL);
}

static void
event_cb (const char *etag,
          gpointer    user_data)
{
  TstRemotePersister *self = user_data;

  update_interval (self);
  if (etag == NULL)
    {
      tst_remote_poller_poll (self->poller);
      return;
    }

  forget_polled (self);

  /* Only the last one counts. */
  g_free (self->missed_etag);
  self->missed_etag = g_strdup (etag);
  self->missed = TRUE;
  judge_missed (self);
}

static void
update_stream (TstRemotePersister *self)
{
  gboolean wanted = self->listening && self->use_event_stream && self->remote->event_uri != NULL;

  if (!wanted)
    g_clear_pointer (&self->stream, tst_event_stream_free);
  else if (self->stream == NULL)
    self->stream = tst_event_stream_new (self->remote, event_cb, self);

  update_interval (self);
}

static void
learned_cb (gpointer user_data)
{
  TstRemotePersister *self = user_data;
  guint pause = tst_remote_get_pause (self->remote);

  if (pause > 0)
    tst_persister_hold (TST_PERSISTER (self), pause);

  /* A stream that fails just now is not to be freed by itself. */
  if (self->stream == NULL)
    update_stream (self);
  update_interval (self);
  judge_missed (self);
  judge_polled (self);
  if (self->poller != NULL)
    tst_remote_poller_catch_up (self->poller);
}

static gboolean
tst_remote_persister_start_listening (TstPersister  *persister,
                                      GError       **error)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (persister);

  self->listening = TRUE;
  self->poller = tst_remote_poller_new (self->remote, polled_cb, self);
  update_stream (self);

  return TRUE;
}

static void
tst_remote_persister_stop_listening (TstPersister *persister)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (persister);

  self->listening = FALSE;
  self->missed = FALSE;
  g_clear_pointer (&self->missed_etag, g_free);
  forget_polled (self);
  g_clear_pointer (&self->stream, tst_event_stream_free);
  g_clear_pointer (&self->poller, tst_remote_poller_free);
}

/* --- The network --- */

static void
network_changed_cb (TstRemotePersister *self,
                    gboolean            available)
{
  if (!available)
    return;

  tst_persister_retry (TST_PERSISTER (self));
  if (self->stream != NULL)
    tst_event_stream_reconnect (self->stream);
  if (self->poller != NULL)
    tst_remote_poller_poll (self->poller);
}

/* Not before something is asked of the medium: the first one to ask for the monitor may
 * have to wait for it. */
static void
watch_network (TstRemotePersister *self)
{
  if (self->network_id == 0)
    self->network_id = g_signal_connect_swapped (g_network_monitor_get_default (), "network-changed",
                                                 G_CALLBACK (network_changed_cb), self);
}

/* --- Requests --- */

static gboolean
tst_remote_persister_read (TstPersister  *persister,
                           TstRequest    *request,
                           GError       **error)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (persister);

  watch_network (self);
  tst_remote_read (self->remote, request, tst_persister_has_seen_content (persister));

  return TRUE;
}

static gboolean
tst_remote_persister_write (TstPersister  *persister,
                            TstRequest    *request,
                            GError       **error)
{
  tst_remote_write (TST_REMOTE_PERSISTER (persister)->remote, request);

  return TRUE;
}

/* --- The class --- */

static GUri *
parse_uri (const char *text)
{
  GUri *uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri != NULL && tst_http_may_follow (uri, uri))
    return uri;

  g_clear_pointer (&uri, g_uri_unref);

  return NULL;
}

static void
tst_remote_persister_constructed (GObject *object)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (object);
  GUri *load_uri;
  GUri *save_uri;

  G_OBJECT_CLASS (tst_remote_persister_parent_class)->constructed (object);

  load_uri = self->load_uri != NULL ? parse_uri (self->load_uri) : NULL;
  if (load_uri == NULL)
    {
      g_critical ("A TstRemotePersister has no HTTP address to load from");
      load_uri = g_uri_parse ("http://invalid.invalid/", SOUP_HTTP_URI_FLAGS, NULL);
    }

  if (self->save_uri == NULL)
    self->save_uri = g_strdup (self->load_uri);
  save_uri = self->save_uri != NULL ? parse_uri (self->save_uri) : NULL;
  if (save_uri == NULL)
    {
      if (self->load_uri != NULL)
        g_critical ("A TstRemotePersister has no HTTP address to save to");
      save_uri = g_uri_parse ("http://invalid.invalid/", SOUP_HTTP_URI_FLAGS, NULL);
    }

  self->remote = tst_remote_new (load_uri, save_uri);
  self->remote->timeout = DEFAULT_TIMEOUT;
  self->remote->max_size = DEFAULT_MAX_SIZE;
  self->remote->learned = learned_cb;
  self->remote->owner = self;
}

static void
tst_remote_persister_dispose (GObject *object)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (object);

  /* Perhaps the last save is asked of it after this. */
  self->remote->owner = NULL;
  if (self->remote->reading != NULL)
    g_cancellable_cancel (self->remote->reading);
  if (self->network_id != 0)
    g_clear_signal_handler (&self->network_id, g_network_monitor_get_default ());

  G_OBJECT_CLASS (tst_remote_persister_parent_class)->dispose (object);
}

static void
tst_remote_persister_finalize (GObject *object)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (object);

  g_free (self->load_uri);
  g_free (self->save_uri);
  g_free (self->missed_etag);
  g_free (self->polled_digest);
  g_clear_object (&self->session);
  tst_remote_unref (self->remote);

  G_OBJECT_CLASS (tst_remote_persister_parent_class)->finalize (object);
}

static void
tst_remote_persister_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_LOAD_URI:
      g_value_set_string (value, self->load_uri);
      break;
    case PROP_SAVE_URI:
      g_value_set_string (value, self->save_uri);
      break;
    case PROP_SAVE_METHOD:
      g_value_set_string (value, tst_remote_persister_get_save_method (self));
      break;
    case PROP_POLL_INTERVAL:
      g_value_set_uint (value, self->poll_interval);
      break;
    case PROP_USE_EVENT_STREAM:
      g_value_set_boolean (value, self->use_event_stream);
      break;
    case PROP_TIMEOUT:
      g_value_set_uint (value, self->remote->timeout);
      break;
    case PROP_MAX_SIZE:
      g_value_set_uint64 (value, self->remote->max_size);
      break;
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_remote_persister_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  TstRemotePersister *self = TST_REMOTE_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_LOAD_URI:
      self->load_uri = g_value_dup_string (value);
      break;
    case PROP_SAVE_URI:
      self->save_uri = g_value_dup_string (value);
      break;
    case PROP_SAVE_METHOD:
      tst_remote_persister_set_save_method (self, g_value_get_string (value));
      break;
    case PROP_POLL_INTERVAL:
      tst_remote_persister_set_poll_interval (self, g_value_get_uint (value));
      break;
    case PROP_USE_EVENT_STREAM:
      tst_remote_persister_set_use_event_stream (self, g_value_get_boolean (value));
      break;
    case PROP_TIMEOUT:
      tst_remote_persister_set_timeout (self, g_value_get_uint (value));
      break;
    case PROP_MAX_SIZE:
      tst_remote_persister_set_max_size (self, g_value_get_uint64 (value));
      break;
    case PROP_SESSION:
      tst_remote_persister_set_session (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_remote_persister_class_init (TstRemotePersisterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TstPersisterClass *persister_class = TST_PERSISTER_CLASS (klass);

  object_class->constructed = tst_remote_persister_constructed;
  object_class->dispose = tst_remote_persister_dispose;
  object_class->finalize = tst_remote_persister_finalize;
  object_class->get_property = tst_remote_persister_get_property;
  object_class->set_property = tst_remote_persister_set_property;

  persister_class->read = tst_remote_persister_read;
  persister_class->write = tst_remote_persister_write;
  persister_class->start_listening = tst_remote_persister_start_listening;
  persister_class->stop_listening = tst_remote_persister_stop_listening;

  /**
   * TstRemotePersister:load-uri: (getter get_load_uri)
   *
   * The address to load from: `http` or `https`.
   *
   * Since: 0.1
   */
  properties[PROP_LOAD_URI] =
    g_param_spec_string ("load-uri", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstRemotePersister:save-uri: (getter get_save_uri)
   *
   * The address to save to; made with `NULL`, the one to load from.
   *
   * Since: 0.1
   */
  properties[PROP_SAVE_URI] =
    g_param_spec_string ("save-uri", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstRemotePersister:save-method: (getter get_save_method) (setter set_save_method)
   *
   * The HTTP method to save with.
   *
   * If it is not set, or set to `NULL`, it is `PUT` where the store is saved to the
   * address that it is loaded from, and `POST` where these are two.
   *
   * Since: 0.1
   */
  properties[PROP_SAVE_METHOD] =
    g_param_spec_string ("save-method", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstRemotePersister:poll-interval: (getter get_poll_interval) (setter set_poll_interval)
   *
   * How often the server is asked whether there is something new while loading
   * automatically, in milliseconds; 0 for never.
   *
   * While the server tells by itself, it is asked twelve times less often.
   *
   * Since: 0.1
   */
  properties[PROP_POLL_INTERVAL] =
    g_param_spec_uint ("poll-interval", NULL, NULL, 0, G_MAXINT, DEFAULT_POLL_INTERVAL,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstRemotePersister:use-event-stream: (getter get_use_event_stream) (setter set_use_event_stream)
   *
   * Whether to listen to the event stream of a server that has one.
   *
   * Since: 0.1
   */
  properties[PROP_USE_EVENT_STREAM] =
    g_param_spec_boolean ("use-event-stream", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstRemotePersister:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long to wait for a server that does not answer, or hardly, in milliseconds; 0
   * for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] =
    g_param_spec_uint ("timeout", NULL, NULL, 0, G_MAXINT, DEFAULT_TIMEOUT,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstRemotePersister:max-size: (getter get_max_size) (setter set_max_size)
   *
   * How many bytes of content are taken from the server. If it sends more, loading
   * fails.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_SIZE] =
    g_param_spec_uint64 ("max-size", NULL, NULL, 1, G_MAXINT64, DEFAULT_MAX_SIZE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstRemotePersister:session: (getter get_session) (setter set_session)
   *
   * The session with which everything is sent: for authentication, certificates,
   * proxies and cookies. `NULL` for one of the persister's own.
   *
   * If it has a timeout, event streams that have nothing to tell end with it, and are
   * begun again. An event stream keeps one connection; so a session that several
   * persisters share needs more [property@Soup.Session:max-conns-per-host] than there are
   * persisters. Those for which there is none to spare ask the server instead.
   *
   * Since: 0.1
   */
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SOUP_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_remote_persister_init (TstRemotePersister *self)
{
  self->poll_interval = DEFAULT_POLL_INTERVAL;
  self->use_event_stream = TRUE;
}

/* --- Public functions --- */

/**
 * tst_remote_persister_new:
 * @store: a store
 * @load_uri: the address to load from: `http` or `https`
 * @save_uri: (nullable): the address to save to, or `NULL` for the same
 *
 * Makes a persister that keeps @store on a server.
 *
 * Nothing is sent before it is asked to load or save.
 *
 * Returns: (transfer full) (type TstRemotePersister): a new persister
 *
 * Since: 0.1
 */
TstPersister *
tst_remote_persister_new (TstStore   *store,
                          const char *load_uri,
                          const char *save_uri)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (load_uri != NULL, NULL);

  return g_object_new (TST_TYPE_REMOTE_PERSISTER,
                       "store", store,
                       "load-uri", load_uri,
                       "save-uri", save_uri,
                       NULL);
}

/**
 * tst_remote_persister_get_load_uri: (get-property load-uri)
 * @self: a remote persister
 *
 * Returns the address that is loaded from.
 *
 * Returns: the address
 *
 * Since: 0.1
 */
const char *
tst_remote_persister_get_load_uri (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), NULL);

  return self->load_uri;
}

/**
 * tst_remote_persister_get_save_uri: (get-property save-uri)
 * @self: a remote persister
 *
 * Returns the address that is saved to.
 *
 * Returns: the address
 *
 * Since: 0.1
 */
const char *
tst_remote_persister_get_save_uri (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), NULL);

  return self->save_uri;
}

/**
 * tst_remote_persister_get_save_method: (get-property save-method)
 * @self: a remote persister
 *
 * Returns the HTTP method that is saved with.
 *
 * Returns: the method
 *
 * Since: 0.1
 */
const char *
tst_remote_persister_get_save_method (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), NULL);

  return tst_remote_get_save_method (self->remote);
}

/**
 * tst_remote_persister_set_save_method: (set-property save-method)
 * @self: a remote persister
 * @save_method: (nullable): `PUT`, `POST` or what else the server understands, or `NULL`
 *
 * Sets the HTTP method to save with.
 *
 * With `NULL`, it is chosen by the addresses: see
 * [property@RemotePersister:save-method].
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_save_method (TstRemotePersister *self,
                                      const char         *save_method)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));
  g_return_if_fail (save_method == NULL || *save_method != '\0');

  if (g_strcmp0 (self->remote->save_method, save_method) == 0)
    return;

  g_free (self->remote->save_method);
  self->remote->save_method = g_strdup (save_method);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVE_METHOD]);
}

/**
 * tst_remote_persister_get_poll_interval: (get-property poll-interval)
 * @self: a remote persister
 *
 * Returns how often the server is asked whether there is something new.
 *
 * Returns: milliseconds, or 0 for never
 *
 * Since: 0.1
 */
guint
tst_remote_persister_get_poll_interval (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), 0);

  return self->poll_interval;
}

/**
 * tst_remote_persister_set_poll_interval: (set-property poll-interval)
 * @self: a remote persister
 * @milliseconds: how often to ask, or 0 for never
 *
 * Sets how often the server is asked whether there is something new while
 * loading automatically.
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_poll_interval (TstRemotePersister *self,
                                        guint               milliseconds)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));
  g_return_if_fail (milliseconds <= G_MAXINT);

  if (self->poll_interval == milliseconds)
    return;

  self->poll_interval = milliseconds;
  update_interval (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POLL_INTERVAL]);
}

/**
 * tst_remote_persister_get_use_event_stream: (get-property use-event-stream)
 * @self: a remote persister
 *
 * Returns whether the event stream of a server that has one is listened to.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
tst_remote_persister_get_use_event_stream (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), FALSE);

  return self->use_event_stream;
}

/**
 * tst_remote_persister_set_use_event_stream: (set-property use-event-stream)
 * @self: a remote persister
 * @use_event_stream: whether to listen to it
 *
 * Sets whether to listen to the event stream of a server that has one.
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_use_event_stream (TstRemotePersister *self,
                                           gboolean            use_event_stream)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));

  if (self->use_event_stream == !!use_event_stream)
    return;

  self->use_event_stream = !!use_event_stream;
  update_stream (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USE_EVENT_STREAM]);
}

/**
 * tst_remote_persister_get_timeout: (get-property timeout)
 * @self: a remote persister
 *
 * Returns how long a server that does not answer is waited for.
 *
 * Returns: milliseconds, or 0 for ever
 *
 * Since: 0.1
 */
guint
tst_remote_persister_get_timeout (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), 0);

  return self->remote->timeout;
}

/**
 * tst_remote_persister_set_timeout: (set-property timeout)
 * @self: a remote persister
 * @milliseconds: how long to wait, or 0 for ever
 *
 * Sets how long to wait for a server that does not answer.
 *
 * In each such time, something has to come or to go: a hundred bytes per second.
 * What is under way already has the old one.
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_timeout (TstRemotePersister *self,
                                  guint               milliseconds)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));
  g_return_if_fail (milliseconds <= G_MAXINT);

  if (self->remote->timeout == milliseconds)
    return;

  self->remote->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * tst_remote_persister_get_max_size: (get-property max-size)
 * @self: a remote persister
 *
 * Returns how many bytes of content are taken from the server.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
tst_remote_persister_get_max_size (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), 0);

  return self->remote->max_size;
}

/**
 * tst_remote_persister_set_max_size: (set-property max-size)
 * @self: a remote persister
 * @max_size: bytes, at least 1
 *
 * Sets how many bytes of content are taken from the server.
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_max_size (TstRemotePersister *self,
                                   guint64             max_size)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));
  g_return_if_fail (max_size > 0 && max_size <= G_MAXINT64);

  if (self->remote->max_size == max_size)
    return;

  self->remote->max_size = max_size;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_SIZE]);
}

/**
 * tst_remote_persister_get_session: (get-property session)
 * @self: a remote persister
 *
 * Returns the session that was set.
 *
 * Returns: (transfer none) (nullable): the session, or `NULL` if the persister uses one
 *   of its own
 *
 * Since: 0.1
 */
SoupSession *
tst_remote_persister_get_session (TstRemotePersister *self)
{
  g_return_val_if_fail (TST_IS_REMOTE_PERSISTER (self), NULL);

  return self->session;
}

/**
 * tst_remote_persister_set_session: (set-property session)
 * @self: a remote persister
 * @session: (nullable): a session, or `NULL` for one of the persister's own
 *
 * Sets the session with which everything is sent from now on.
 *
 * Since: 0.1
 */
void
tst_remote_persister_set_session (TstRemotePersister *self,
                                  SoupSession        *session)
{
  g_return_if_fail (TST_IS_REMOTE_PERSISTER (self));
  g_return_if_fail (session == NULL || SOUP_IS_SESSION (session));

  if (self->session == session)
    return;

  g_clear_pointer (&self->stream, tst_event_stream_free);
  g_set_object (&self->session, session);
  tst_remote_set_session (self->remote, session);
  update_stream (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
