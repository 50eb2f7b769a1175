/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "events.h"

#include <sys/socket.h>

#include "reply.h"

#define MAX_STREAMS 64

/* How much the system keeps for a reader who does not read. It is the only buffer:
 * what does not fit ends the stream, and the reader comes back for the last state. */
#define BUFFER_SIZE (16 * 1024)

/* After how many milliseconds a reader should come back. */
#define RETRY_TEXT "retry: 1000\n"

typedef struct
{
  DemoEvents *events;
  char       *name;    /* of the document */
  char       *digest;  /* (nullable): of what was told last */
  GPtrArray  *streams; /* of Stream */
} Watched;

typedef struct
{
  Watched   *watched;
  GIOStream *connection;
  GSocket   *socket;
  GSource   *source;
} Stream;

struct _DemoEvents
{
  DemoDocuments *documents;
  GHashTable    *watched; /* name → Watched */
  GFileMonitor  *monitor;
  guint          heartbeat_source;
  guint          n_streams;
};

/* --- One reader --- */

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  stream->watched->events->n_streams--;
  g_source_destroy (stream->source);
  g_source_unref (stream->source);
  g_io_stream_close (stream->connection, NULL, NULL);
  g_socket_close (stream->socket, NULL);
  g_object_unref (stream->connection);
  g_object_unref (stream->socket);
  g_free (stream);
}

static void
stream_end (Stream *stream)
{
  Watched *watched = stream->watched;

  g_ptr_array_remove_fast (watched->streams, stream);
  if (watched->streams->len == 0)
    g_hash_table_remove (watched->events->watched, watched->name);
}

/* There is nothing for a reader to say: it has gone, or is confused. */
static gboolean
readable_cb (GObject  *pollable,
             gpointer  user_data)
{
  Stream *stream = user_data;
  char buffer[64];
  g_autoptr(GError) error = NULL;

  if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (pollable), buffer,
                                                sizeof buffer, NULL, &error) == -1 &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  stream_end (stream);

  return G_SOURCE_REMOVE;
}

static void
add_stream (Watched   *watched,
            GIOStream *connection,
            GSocket   *socket)
{
  GInputStream *input = g_io_stream_get_input_stream (connection);
  Stream *stream = g_new0 (Stream, 1);

  stream->watched = watched;
  stream->connection = g_object_ref (connection);
  stream->socket = g_object_ref (socket);
  stream->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (stream->source, G_SOURCE_FUNC (readable_cb), stream, NULL);
  g_source_attach (stream->source, NULL);

  g_ptr_array_add (watched->streams, stream);
  watched->events->n_streams++;
}

/* --- All readers of one document --- */

static void
watched_free (gpointer data)
{
  Watched *watched = data;

  g_ptr_array_unref (watched->streams);
  g_free (watched->digest);
  g_free (watched->name);
  g_free (watched);
}

static Watched *
watch (DemoEvents *self,
       const char *name,
       const char *digest)
{
  Watched *watched = g_hash_table_lookup (self->watched, name);

  if (watched != NULL)
    return watched;

  watched = g_new0 (Watched, 1);
  watched->events = self;
  watched->name = g_strdup (name);
  watched->digest = g_strdup (digest);
  watched->streams = g_ptr_array_new_with_free_func (stream_free);
  g_hash_table_insert (self->watched, watched->name, watched);

  return watched;
}

/* May be the end of @watched. */
static void
tell_all (Watched    *watched,
          const char *text)
{
  g_autoptr(GPtrArray) streams = g_ptr_array_copy (watched->streams, NULL, NULL);

  g_ptr_array_set_free_func (streams, NULL);
  for (guint i = 0; i < streams->len; i++)
    {
      Stream *stream = g_ptr_array_index (streams, i);

      if (!demo_reply_write_now (stream->connection, text))
        stream_end (stream);
    }
}

static char *
make_event (const char *digest)
{
  if (digest == NULL)
    return g_strdup ("event: changed\ndata:\n\n");

  return g_strdup_printf ("event: changed\ndata: \"%s\"\n\n", digest);
}

/* --- What happens --- */

/*
 * demo_events_changed:
 * @self: the events
 * @name: the name of a document that may have changed
 *
 * Tells its readers, if it has.
 */
void
demo_events_changed (DemoEvents *self,
                     const char *name)
{
  Watched *watched = g_hash_table_lookup (self->watched, name);
  g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
  g_autofree char *event = NULL;
  g_autoptr(GError) error = NULL;

  if (watched == NULL)
    return;

  if (!demo_documents_look (self->documents, name, &document, &error))
    {
      /* Whoever is still writing to it will be noticed again. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
        g_printerr ("%s\n", error->message);
      return;
    }

  if (g_strcmp0 (document.digest, watched->digest) == 0)
    return;

  g_free (watched->digest);
  watched->digest = g_strdup (document.digest);
  event = make_event (document.digest);
  tell_all (watched, event);
}

static void
file_changed (DemoEvents *self,
              GFile      *file)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;

  if (name != NULL)
    demo_events_changed (self, name);
}

static void
folder_changed_cb (GFileMonitor      *monitor,
                   GFile             *file,
                   GFile             *other_file,
                   GFileMonitorEvent  event,
                   DemoEvents        *self)
{
  file_changed (self, file);
  file_changed (self, other_file);
}

/* Where nothing tells of changes by others, as on some network file systems, they
 * are found now. */
static gboolean
heartbeat_cb (gpointer user_data)
{
  DemoEvents *self = user_data;
  g_autofree char **names = (char **) g_hash_table_get_keys_as_array (self->watched, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      Watched *watched = g_hash_table_lookup (self->watched, names[i]);
      g_autofree char *name = g_strdup (names[i]);

      tell_all (watched, ":\n\n");
      demo_events_changed (self, name);
    }

  return G_SOURCE_CONTINUE;
}

/* --- Readers come --- */

static void
start_stream (DemoEvents        *self,
              SoupServerMessage *message,
              const char        *name,
              const char        *digest)
{
  g_autoptr(GSocket) socket = g_object_ref (soup_server_message_get_socket (message));
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *event = make_event (digest);
  g_autofree char *text = g_strconcat (RETRY_TEXT, event, NULL);
  g_autoptr(GIOStream) connection = NULL;

  soup_message_headers_replace (headers, "Content-Type", DEMO_EVENTS_TYPE);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");

  /* A reader may be silent for as long as it likes. */
  g_socket_set_timeout (socket, 0);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, BUFFER_SIZE, NULL);

  connection = demo_reply_take_over (message, SOUP_STATUS_OK, text);
  if (connection != NULL)
    add_stream (watch (self, name, digest), connection, socket);
}

/*
 * demo_events_open:
 * @self: the events
 * @message: a request for the events of a document
 * @name: the name of the document, which need not be there
 *
 * Replies with a stream of events, which begins with the state now.
 */
void
demo_events_open (DemoEvents        *self,
                  SoupServerMessage *message,
                  const char        *name)
{
  g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
  g_autoptr(GError) error = NULL;

  if (self->n_streams >= MAX_STREAMS)
    {
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           "There are too many streams of events");
      demo_reply_error (message, error);
      return;
    }

  /* So that who is there already is told as well, if this sees it first. */
  demo_events_changed (self, name);

  if (demo_documents_look (self->documents, name, &document, &error))
    start_stream (self, message, name, document.digest);
  else
    demo_reply_error (message, error);
}

/* --- Beginning and end --- */

DemoEvents *
demo_events_new (DemoDocuments  *documents,
                 guint           heartbeat,
                 GError        **error)
{
  g_autoptr(GFile) folder = g_file_new_for_path (demo_documents_get_folder (documents));
  g_autoptr(GFileMonitor) monitor = NULL;
  DemoEvents *self;

  monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (monitor == NULL)
    return NULL;

  self = g_new0 (DemoEvents, 1);
  self->documents = documents;
  self->monitor = g_steal_pointer (&monitor);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, watched_free);
  self->heartbeat_source = g_timeout_add_seconds (heartbeat, heartbeat_cb, self);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self);

  return self;
}

void
demo_events_free (DemoEvents *self)
{
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_object_unref (self->monitor);
  g_source_remove (self->heartbeat_source);
  g_hash_table_unref (self->watched);
  g_free (self);
}
