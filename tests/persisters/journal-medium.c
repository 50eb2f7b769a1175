/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "journal-medium.h"

#include <glib/gstdio.h>
#include <string.h>

char *
journal_path (Place *place)
{
  return place_path (place, ".store.json.tst-journal");
}

gboolean
has_journal (Place *place)
{
  g_autofree char *path = journal_path (place);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

TstPersister *
journal_persister (const char *path,
                   TstStore   *store)
{
  TstPersister *persister = file_persister (path, store);

  tst_file_persister_set_journal_threshold (TST_FILE_PERSISTER (persister), 0);

  return persister;
}

char *
read_all (const char *path)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = file_persister (path, store);

  return tst_persister_load (persister, NULL, NULL) ? tst_store_get_json (store) : NULL;
}

/* --- For the suite --- */

static gpointer
set_up (void)
{
  return place_new ();
}

static void
remove_journal (Place *place)
{
  g_autofree char *path = journal_path (place);

  g_remove (path);
}

/* That of a file which somebody has removed stays until the next one is made. */
static void
tear_down (gpointer medium)
{
  remove_journal (medium);
  place_free (medium);
}

static TstPersister *
new_persister (gpointer  medium,
               TstStore *store)
{
  Place *place = medium;

  return journal_persister (place->path, store);
}

static GBytes *
read_medium (gpointer medium)
{
  Place *place = medium;
  char *text = NULL;
  gsize length;

  if (!g_file_get_contents (place->path, &text, &length, NULL))
    return NULL;

  if (length > 0 && text[0] == '[')
    {
      char *all = read_all (place->path);

      if (all != NULL)
        {
          g_free (text);
          text = all;
          length = strlen (all);
        }
    }

  return g_bytes_new_take (text, length);
}

/* By another program that knows of journals. */
static gboolean
write_together (Place      *place,
                const char *text)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = file_persister (place->path, store);
  g_autoptr(GError) error = NULL;

  if (!g_file_test (place->path, G_FILE_TEST_IS_REGULAR) ||
      !tst_persister_load (persister, NULL, NULL) ||
      !tst_store_set_json (store, text, NULL))
    return FALSE;

  tst_persister_save (persister, NULL, &error);
  g_assert_no_error (error);

  return TRUE;
}

static void
write_medium (gpointer  medium,
              GBytes   *text)
{
  Place *place = medium;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  g_autofree char *string = g_strndup (length > 0 ? data : "", length);

  if (length == 0 || data[0] != '[' || data[length - 1] != ']')
    {
      file_medium.write (medium, text);
      return;
    }

  if (write_together (place, string))
    return;

  /* Of what cannot be read, nobody reads the journal either. */
  remove_journal (place);
  file_medium.write (medium, text);
}

static void
remove_medium (gpointer medium)
{
  file_medium.remove (medium);
}

static void
set_unreadable (gpointer medium,
                gboolean unreadable)
{
  file_medium.set_unreadable (medium, unreadable);
}

static char *
get_version (gpointer medium)
{
  g_autofree char *path = journal_path (medium);
  g_autofree char *version = file_medium.get_version (medium);
  GStatBuf st;

  if (g_stat (path, &st) == -1)
    return g_steal_pointer (&version);

  return g_strdup_printf ("%s+%" G_GINT64_FORMAT, version, (gint64) st.st_size);
}

const Medium journal_medium = {
  .name = "journal",
  .set_up = set_up,
  .tear_down = tear_down,
  .new_persister = new_persister,
  .read = read_medium,
  .write = write_medium,
  .remove = remove_medium,
  .set_unreadable = set_unreadable,
  .get_version = get_version,
  .works_in_thread = TRUE,
};
