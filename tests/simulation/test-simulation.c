/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include <stdlib.h>
#include <string.h>

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

static void
tell_story (SimStory   *story,
            const char *failure)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  sim_story_shrink (story);
  text = sim_story_to_text (story);
  again = sim_story_play (story, log);
  g_printerr ("%s\n%s\n%s\n", failure, text, log->str);
}

static void
test_simulation_random (void)
{
  guint32 seed = test_seed ();
  guint n_steps = g_getenv ("TST_TEST_SOAK") != NULL ? 100 * 1000 * 1000 : test_scale (1200 * 1000);
  guint n_stories = n_steps / STEPS_OF_A_STORY;

  g_test_summary ("Whatever happens in any order, nothing is lost, and all agree in the end");

  for (guint i = 0; i < n_stories; i++)
    {
      g_autoptr(SimStory) story = sim_story_new (seed + i, STEPS_OF_A_STORY);
      g_autofree char *failure = sim_story_play (story, NULL);

      if (failure == NULL)
        continue;

      tell_story (story, failure);
      g_test_message ("TST_TEST_SEED=%u fails: %s", seed + i, failure);
      g_test_fail ();
      return;
    }

  g_test_message ("%u steps in %u stories", n_stories * STEPS_OF_A_STORY, n_stories);
}

/* A story in a file that is named on the command line, step by step. */
static int
play_file (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(SimStory) story = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *failure = NULL;

  if (g_file_get_contents (path, &text, NULL, &error))
    story = sim_story_parse (text, &error);
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

  g_test_add_func ("/simulation/random", test_simulation_random);

  return g_test_run ();
}
