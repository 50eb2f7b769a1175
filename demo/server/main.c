/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>

#include "server.h"

#define DEFAULT_PORT 8042
#define DEFAULT_MAX_SIZE (64 * 1024 * 1024)
#define DEFAULT_HEARTBEAT 15

/* Room for its size in all kinds of numbers. */
#define GREATEST_MAX_SIZE (1024 * 1024 * 1024)

#define MAX_HEARTBEAT 3600

typedef struct
{
  char    *folder;
  int      port;
  gint64   max_size;
  int      heartbeat;
  char   **origins;
  char    *certificate;
  char    *key;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->folder);
  g_strfreev (options->origins);
  g_free (options->certificate);
  g_free (options->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* --- The command line --- */

static gboolean
fail_range (const char  *option,
            GError     **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Out of range: %s"), option);

  return FALSE;
}

static gboolean
check_options (const Options  *options,
               int             argc,
               char           *argv[],
               GError        **error)
{
  if (argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("Unexpected: %s"), argv[1]);
      return FALSE;
    }

  if (options->port < 0 || options->port > G_MAXUINT16)
    return fail_range ("--port", error);
  if (options->max_size < 1 || options->max_size > GREATEST_MAX_SIZE)
    return fail_range ("--max-size", error);
  if (options->heartbeat < 1 || options->heartbeat > MAX_HEARTBEAT)
    return fail_range ("--heartbeat", error);

  if (options->key == NULL || options->certificate != NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _("--tls-key needs --tls-certificate"));

  return FALSE;
}

static gboolean
parse_options (Options  *options,
               int       argc,
               char     *argv[],
               GError  **error)
{
  const GOptionEntry entries[] = {
    { "folder", 'f', 0, G_OPTION_ARG_FILENAME, &options->folder,
      N_("Where the documents are kept, one file each"), N_("FOLDER") },
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
      N_("Where to listen; 0 is any free port (8042)"), N_("PORT") },
    { "max-size", 'm', 0, G_OPTION_ARG_INT64, &options->max_size,
      N_("How large a document may be (67108864)"), N_("BYTES") },
    { "allow-origin", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &options->origins,
      N_("Let web pages from there read and write; * is any. May be repeated"), N_("ORIGIN") },
    { "heartbeat", 0, 0, G_OPTION_ARG_INT, &options->heartbeat,
      N_("How often streams of events say that they are alive (15)"), N_("SECONDS") },
    { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &options->certificate,
      N_("Use https, with this certificate"), N_("FILE") },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &options->key,
      N_("The key of the certificate, if it is in another file"), N_("FILE") },
    { "version", 'v', 0, G_OPTION_ARG_NONE, &options->version,
      N_("Print the version"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                _("Keeps the content of stores for programs on this computer."));
  g_option_context_set_description (
    context,
    _("Each document is at /NAME.json, and the events that tell of its changes are at\n"
      "/NAME.json?events. The address is printed once the server listens."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return g_option_context_parse (context, &argc, &argv, error) &&
         check_options (options, argc, argv, error);
}

/* --- Running --- */

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static GTlsCertificate *
load_certificate (const Options  *options,
                  GError        **error)
{
  if (options->key != NULL)
    return g_tls_certificate_new_from_files (options->certificate, options->key, error);

  return g_tls_certificate_new_from_file (options->certificate, error);
}

static gboolean
serve (const Options  *options,
       GMainLoop      *loop,
       GError        **error)
{
  const char * const none[] = { NULL };
  const char * const *origins = none;
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(DemoDocuments) documents = NULL;
  g_autoptr(DemoServer) server = NULL;
  g_autofree char *uri = NULL;

  if (options->origins != NULL)
    origins = (const char * const *) options->origins;

  if (options->certificate != NULL)
    {
      certificate = load_certificate (options, error);
      if (certificate == NULL)
        return FALSE;
    }

  documents = demo_documents_new (options->folder, options->max_size, error);
  if (documents == NULL)
    return FALSE;

  server = demo_server_new (documents, options->heartbeat, origins, certificate, error);
  if (server == NULL)
    return FALSE;

  uri = demo_server_listen (server, options->port, error);
  if (uri == NULL)
    return FALSE;

  g_print ("%s\n", uri);
  fflush (stdout);
  g_main_loop_run (loop);

  return TRUE;
}

/* Not only once it serves: who sees the address may end it at once. */
static gboolean
serve_until_signal (const Options  *options,
                    GError        **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint terminate_source = g_unix_signal_add (SIGTERM, quit_cb, loop);
  guint interrupt_source = g_unix_signal_add (SIGINT, quit_cb, loop);
  gboolean result = serve (options, loop, error);

  g_source_remove (terminate_source);
  g_source_remove (interrupt_source);

  return result;
}

int
main (int   argc,
      char *argv[])
{
  g_auto(Options) options = { NULL, DEFAULT_PORT, DEFAULT_MAX_SIZE, DEFAULT_HEARTBEAT };
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!parse_options (&options, argc, argv, &error))
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      return 2;
    }

  if (options.version)
    {
      g_print ("%s %s\n", "tstore-demo-server", PACKAGE_VERSION);
      return 0;
    }

  if (options.folder == NULL)
    options.folder = g_build_filename (g_get_user_data_dir (), "tstore-demo-server", NULL);

  if (serve_until_signal (&options, &error))
    return 0;

  g_printerr ("%s: %s\n", g_get_prgname (), error->message);

  return 1;
}
