/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test-util.h"

#define STEPS_OF_A_STORY 250

/* A persister that goes away with changes says so; anything else is a bug. */
static void
warning_cb (const char     *domain,
            GLogLevelFlags  level,
            const char     *message,
            gpointer        user_data)
{
  if (strstr (message, "lost its last reference") == NULL &&
      strstr (message, "last changes of a store are lost") == NULL)
    g_error ("%s", message);
}

/* --- Crashes --- */

/* "TST_TEST_SEED=1 crashes" */
static char crash_text[64];

/* The program goes down anyway: but which story it was would be lost. */
static void
crashed_cb (int number)
{
  gssize written = write (STDERR_FILENO, crash_text, strlen (crash_text));

  (void) written;
  signal (number, SIG_DFL);
  raise (number);
}

static void
note_seed (guint32 seed)
{
  g_snprintf (crash_text, sizeof crash_text, "TST_TEST_SEED=%u crashes\n", seed);
}

static void
handle_crashes (void)
{
  static const int signals[] = { SIGABRT, SIGALRM, SIGSEGV, SIGTRAP };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    signal (signals[i], crashed_cb);
}

/* --- Random stories --- */

static void
tell_story (SimStory *story)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  sim_story_shrink (story);
  text = sim_story_to_text (story);
  again = sim_story_play (story, log);
  g_printerr ("%s\n%s\n", text, log->str);
}

static guint
get_n_steps (void)
{
  const char *text = g_getenv ("TST_TEST_STEPS");

  if (text != NULL)
    return (guint) g_ascii_strtoull (text, NULL, 10);
  if (g_getenv ("TST_TEST_SOAK") != NULL && g_getenv ("TST_TEST_FEW") == NULL)
    return (test_is_slow () ? 10 : 100) * 1000 * 1000;

  return test_scale (1200 * 1000);
}

/* Something other than what was drawn. */
static void
set_world (SimStory *story)
{
  const char *text = g_getenv ("TST_TEST_WORLD");

  if (text != NULL && !sim_story_set_world (story, text))
    g_error ("TST_TEST_WORLD: %s", text);
}

static void
test_simulation_random (void)
{
  guint32 seed = test_seed ();
  guint n_stories = MAX (get_n_steps () / STEPS_OF_A_STORY, 1);

  g_test_summary ("Whatever happens in any order, nothing is lost, and all agree in the end");

  for (guint i = 0; i < n_stories; i++)
    {
      g_autoptr(SimStory) story = sim_story_new (seed + i, STEPS_OF_A_STORY);
      g_autofree char *failure = NULL;

      note_seed (seed + i);
      set_world (story);
      failure = sim_story_play (story, NULL);
      crash_text[0] = '\0';
      if (failure == NULL)
        continue;

      /* Before the story is shrunk: that may take a while, and go wrong. */
      g_printerr ("TST_TEST_SEED=%u fails: %s\n", seed + i, failure);
      tell_story (story);
      g_test_message ("TST_TEST_SEED=%u fails: %s", seed + i, failure);
      g_test_fail ();
      return;
    }

  g_test_message ("%u steps in %u stories", n_stories * STEPS_OF_A_STORY, n_stories);
}

/* --- The simulation itself --- */

static void
test_simulation_deterministic (void)
{
  guint32 seed = test_seed ();

  g_test_summary ("A seed makes the same story, and a story does the same, each time");

  for (guint i = 0; i < test_scale (20); i++)
    {
      g_autoptr(SimStory) first = sim_story_new (seed + i, STEPS_OF_A_STORY);
      g_autoptr(SimStory) second = sim_story_new (seed + i, STEPS_OF_A_STORY);
      g_autoptr(GString) first_log = g_string_new (NULL);
      g_autoptr(GString) second_log = g_string_new (NULL);
      g_autofree char *first_failure = sim_story_play (first, first_log);
      g_autofree char *second_failure = sim_story_play (second, second_log);

      g_assert_cmpstr (first_failure, ==, second_failure);
      g_assert_cmpstr (first_log->str, ==, second_log->str);
    }
}

static void
test_simulation_text (void)
{
  guint32 seed = test_seed ();

  g_test_summary ("A story is the same when it was written down and read");

  for (guint i = 0; i < test_scale (100); i++)
    {
      g_autoptr(SimStory) story = sim_story_new (seed + i, STEPS_OF_A_STORY);
      g_autofree char *text = sim_story_to_text (story);
      g_autofree char *with_comment = g_strconcat ("# What it is about.\n\n", text, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(SimStory) again = sim_story_parse (with_comment, &error);
      g_autofree char *text_again = NULL;

      g_assert_no_error (error);
      text_again = sim_story_to_text (again);
      g_assert_cmpstr (text_again, ==, text);
      g_assert_cmpmem (&again->world, sizeof again->world, &story->world, sizeof story->world);
      g_assert_cmpuint (again->steps->len, ==, STEPS_OF_A_STORY);
    }
}

static void
test_simulation_text_bad (void)
{
  static const char *const texts[] = {
    "world processes=1 nonsense=1\n",
    "world\nedit 0 1\n",
    "world\nrun 0 0 0 0\n",
    "world\nnonsense 0 0 0\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SimStory) story = sim_story_parse (texts[i], &error);

      g_assert_null (story);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

/* --- Stories in files --- */

static SimStory *
read_story (const char  *path,
            GError     **error)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, error) ? sim_story_parse (text, error) : NULL;
}

static void
test_simulation_story (gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SimStory) story = read_story (data, &error);
  g_autofree char *failure = NULL;

  g_test_summary ("What has gone wrong once does not go wrong again");

  g_assert_no_error (error);
  failure = sim_story_play (story, NULL);
  g_assert_cmpstr (failure, ==, NULL);
}

static void
add_stories (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "simulation", "stories", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *stem = NULL;
      g_autofree char *test_path = NULL;

      if (!g_str_has_suffix (name, ".story"))
        continue;

      stem = g_strndup (name, strlen (name) - strlen (".story"));
      test_path = g_strconcat ("/simulation/story/", stem, NULL);
      g_test_add_data_func_full (test_path, g_build_filename (folder, name, NULL),
                                 test_simulation_story, g_free);
    }
}

/* One that is named on the command line, step by step. */
static int
play_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SimStory) story = read_story (path, &error);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *failure = NULL;

  if (story == NULL)
    {
      g_printerr ("%s: %s\n", path, error->message);
      return 2;
    }

  failure = sim_story_play (story, log);
  g_print ("%s", log->str);

  return failure != NULL;
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_handler ("TStore", G_LOG_LEVEL_WARNING, warning_cb, NULL);

  if (argc > 1)
    return play_file (argv[1]);

  handle_crashes ();
  g_test_add_func ("/simulation/deterministic", test_simulation_deterministic);
  g_test_add_func ("/simulation/text", test_simulation_text);
  g_test_add_func ("/simulation/text/bad", test_simulation_text_bad);
  add_stories ();
  g_test_add_func ("/simulation/random", test_simulation_random);

  return g_test_run ();
}
