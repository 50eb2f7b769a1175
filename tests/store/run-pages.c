/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

/* Listeners to sorted rows know the page that there is when all is said. What the
 * getter says is tested elsewhere. */

static void
page_cb (TstStore           *store,
         const char         *table_id,
         const char         *cell_id,
         gboolean            descending,
         int                 offset,
         int                 limit,
         const char * const *row_ids,
         gpointer            user_data)
{
  WatchedPage *page = user_data;

  g_assert_false (g_strv_equal ((const char * const *) page->known, row_ids));
  g_strfreev (page->known);
  page->known = g_strdupv ((char **) row_ids);
}

static char **
get_page (Run               *run,
          const WatchedPage *page)
{
  return tst_store_get_sorted_row_ids (run->store, page->table_id, page->cell_id,
                                       page->descending, page->offset, page->limit);
}

void
run_watch_pages (Run *run)
{
  for (guint i = 0; i < MAX_PAGES; i++)
    {
      WatchedPage *page = &run->pages[i];

      page->table_id = run_pick_table (run);
      page->cell_id = run_chance (run, 4) == 0 ? NULL : run_pick_cell (run);
      page->descending = (gboolean) run_chance (run, 2);
      page->offset = (int) run_chance (run, 20) - 10;
      page->limit = (int) run_chance (run, 12) - 1;
      page->known = get_page (run, page);
      page->handle =
        tst_store_add_sorted_row_ids_listener (run->store, page->table_id, page->cell_id,
                                               page->descending, page->offset, page->limit,
                                               0, page_cb, page, NULL);
    }
}

void
run_check_pages (Run *run)
{
  for (guint i = 0; i < MAX_PAGES; i++)
    {
      g_auto(GStrv) now = NULL;

      if (run->pages[i].handle == 0)
        continue;

      now = get_page (run, &run->pages[i]);
      g_assert_cmpstrv (run->pages[i].known, now);
    }
}

void
run_forget_pages (Run *run)
{
  for (guint i = 0; i < MAX_PAGES; i++)
    if (run->pages[i].handle != 0)
      {
        g_assert_true (tst_store_remove_listener (run->store, run->pages[i].handle));
        g_clear_pointer (&run->pages[i].known, g_strfreev);
        run->pages[i].handle = 0;
      }
}
