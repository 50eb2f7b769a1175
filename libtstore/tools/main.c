/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tool-text.h"

#define NAME "tstore"

typedef struct
{
  const char *name;
  const char *arguments;
  const char *options;   /* the letters of those that it takes */
  guint       min_args;
  guint       max_args;
  ToolFunc    run;
  const char *summary;
} Command;

static const Command commands[] = {
  { "list", N_("MEDIUM [TABLE [ROW]]"), "jrv", 1, 3, tool_run_list,
    N_("List the ids of tables, of the rows of a table, or of the cells of a row") },
  { "get", N_("MEDIUM [TABLE [ROW [CELL]]]"), "jpv", 1, 4, tool_run_get,
    N_("Print a cell, or a row, a table or everything as JSON") },
  { "set", N_("MEDIUM TABLE [ROW [CELL]] VALUE"), "jsuv", 2, 5, tool_run_set,
    N_("Set a cell, or a row or a table from JSON") },
  { "add", N_("MEDIUM TABLE JSON"), "", 3, 3, tool_run_add,
    N_("Add a row under a new id, and print the id") },
  { "remove", N_("MEDIUM TABLE [ROW [CELL]]"), "fv", 2, 4, tool_run_remove,
    N_("Remove a cell, a row or a table") },
  { "watch", N_("MEDIUM"), "ij", 1, 1, tool_run_watch,
    N_("Print each change, until interrupted") },
  { "import", N_("MEDIUM [FILE]"), "cm", 1, 2, tool_run_import,
    N_("Replace everything by the JSON of a file") },
  { "export", N_("MEDIUM [FILE]"), "p", 1, 2, tool_run_export,
    N_("Write everything as JSON to a file") },
  { "validate", N_("MEDIUM SCHEMA"), "j", 2, 2, tool_run_validate,
    N_("Tell what does not fit the schema in a file") },
  { "diff", N_("MEDIUM OTHER"), "j", 2, 2, tool_run_diff,
    N_("Tell what has to be changed to get the other one") },
  { "merge", N_("MEDIUM OTHER"), "bop", 2, 2, tool_run_merge,
    N_("Merge another one into a medium, and tell of conflicts") },
};

gboolean
tool_fail_usage (GError     **error,
                 const char  *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);

  return FALSE;
}

static void
call_clear (ToolCall *call)
{
  g_free (call->base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToolCall, call_clear)

/* --- Options --- */

static void
add_options (GOptionContext *context,
             const Command  *command,
             ToolCall       *call)
{
  const GOptionEntry all[] = {
    { "base", 'b', 0, G_OPTION_ARG_FILENAME, &call->base,
      N_("What both were made from"), N_("MEDIUM") },
    { "changes", 'c', 0, G_OPTION_ARG_NONE, &call->changes,
      N_("The file has changes, as “diff --json” prints them; make them"), NULL },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &call->force,
      N_("Do not fail if there is no such thing"), NULL },
    { "initial", 'i', 0, G_OPTION_ARG_NONE, &call->initial,
      N_("Begin with what is there already"), NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &call->json,
      N_("Print JSON, for programs; or take nothing but JSON, with “set”"), NULL },
    { "merge", 'm', 0, G_OPTION_ARG_NONE, &call->merge,
      N_("Keep the cells and values that the file does not have"), NULL },
    { "pretty", 'p', 0, G_OPTION_ARG_NONE, &call->pretty,
      N_("JSON on many lines, for people"), NULL },
    { "recursive", 'r', 0, G_OPTION_ARG_NONE, &call->recursive,
      N_("List all cells and values in it, one a line"), NULL },
    { "stdout", 'o', 0, G_OPTION_ARG_NONE, &call->to_stdout,
      N_("Print the result, and change nothing"), NULL },
    { "string", 's', 0, G_OPTION_ARG_NONE, &call->string,
      N_("The value is a string, whatever it looks like"), NULL },
    { "update", 'u', 0, G_OPTION_ARG_NONE, &call->update,
      N_("Keep the cells of the row that the JSON does not have"), NULL },
    { "value", 'v', 0, G_OPTION_ARG_NONE, &call->value,
      N_("Keyed values, not tables: an id and no more"), NULL },
  };
  GOptionEntry taken[G_N_ELEMENTS (all) + 1] = { { NULL } };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (strchr (command->options, all[i].short_name) != NULL)
      taken[n++] = all[i];

  g_option_context_add_main_entries (context, taken, GETTEXT_PACKAGE);
}

/* Of a program in a script, what looks like an option may be the id of a row. Of a
 * person, it is an option at the wrong place. */
static gboolean
check_args (const Command  *command,
            const ToolCall *call,
            gboolean        literal,
            GError        **error)
{
  if (call->n_args < command->min_args || call->n_args > command->max_args)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("Expected %s"),
                   _(command->arguments));
      return FALSE;
    }

  for (guint i = 0; !literal && i < call->n_args; i++)
    if (g_str_has_prefix (call->args[i], "--"))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                     _("Options come first; if “%s” is none, put -- before %s"),
                     call->args[i], call->args[0]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
parse (const Command  *command,
       ToolCall       *call,
       int             argc,
       char           *argv[],
       GError        **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (_(command->arguments));
  g_autofree char **before = g_memdup2 (argv, (gsize) argc * sizeof *argv);
  int n_before = argc;
  gboolean literal;

  g_option_context_set_summary (context, _(command->summary));
  g_option_context_set_description (
    context,
    _("A medium is a file, local:APP-ID/NAME, session:APP-ID/NAME, or an address that\n"
      "begins with http:// or https://."));
  /* So that -5 can be a value. */
  g_option_context_set_strict_posix (context, TRUE);
  add_options (context, command, call);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;

  /* GLib leaves the -- where something behind it begins with a -. */
  literal = argc > 1 && g_str_equal (argv[1], "--");
  call->args = argv + (literal ? 2 : 1);
  call->n_args = (guint) argc - (literal ? 2 : 1);
  literal |= g_str_equal (before[n_before - (int) call->n_args - 1], "--");

  return check_args (command, call, literal, error);
}

/* --- Running --- */

static ToolExit
tell_error (const char   *hint,
            const GError *error)
{
  g_autofree char *message = tool_make_visible (error->message);

  g_printerr ("%s: %s\n", NAME, message);
  if (error->domain != G_OPTION_ERROR)
    return TOOL_FAILED;

  g_printerr (_("Try “%s --help”.\n"), hint);

  return TOOL_USAGE;
}

static ToolExit
run_command (const Command *command,
             int            argc,
             char          *argv[])
{
  g_auto(ToolCall) call = { FALSE };
  g_autofree char *name = g_strconcat (NAME, " ", command->name, NULL);
  g_autoptr(GError) error = NULL;

  /* For the help. */
  g_set_prgname (name);

  if (parse (command, &call, argc, argv, &error) &&
      command->run (&call, &error) &&
      tool_flush (&error))
    return call.answer;

  fflush (stdout);

  return tell_error (name, error);
}

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}

static void
print_help (void)
{
  g_print (_("Usage:\n  %s COMMAND [OPTION…] MEDIUM …\n\n"), NAME);
  g_print ("%s\n\n%s\n", _("Reads, changes and watches the content of stores."), _("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i].name, _(commands[i].summary));
  g_print (_("\n“%s COMMAND --help” tells more of each.\n"), NAME);
}

static gboolean
print_about (const char *option)
{
  const char * const help[] = { "help", "--help", "-h", NULL };

  if (g_str_equal (option, "--version"))
    g_print ("%s %s\n", NAME, PACKAGE_VERSION);
  else if (g_strv_contains (help, option))
    print_help ();
  else
    return FALSE;

  return TRUE;
}

static ToolExit
run (int   argc,
     char *argv[])
{
  const char *name = argc > 1 ? argv[1] : NULL;
  g_autoptr(GError) error = NULL;
  const Command *command;

  if (name != NULL && print_about (name))
    return tool_flush (&error) ? TOOL_DONE : tell_error (NAME, error);

  command = name != NULL ? find_command (name) : NULL;
  if (command != NULL)
    return run_command (command, argc - 1, argv + 1);

  if (name == NULL)
    tool_fail_usage (&error, _("Expected a command"));
  else
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("There is no command “%s”"),
                 name);

  return tell_error (NAME, error);
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname (NAME);

  return run (argc, argv);
}
