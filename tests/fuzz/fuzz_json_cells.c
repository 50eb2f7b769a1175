/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: the JSON text of a row, or it is refused. Each of its cells is
 * the same after a way through text, and through a variant. */

#include "fuzz.h"

#include "tst-cell-variant-private.h"
#include "tst-error.h"
#include "tst-json-content-private.h"
#include "tst-json-writer-private.h"
#include "tst-text-private.h"

static void
check_text (const TstCell *cell)
{
  g_auto(TstJsonBuffer) text = TST_JSON_BUFFER_INIT;
  g_autoptr(GError) error = NULL;
  TstCell again;

  tst_json_write_cell (&text, cell);
  g_assert_true (tst_json_read_cell (&again, text.text, text.length, &error));
  g_assert_true (tst_cell_equal (cell, &again));
  tst_cell_clear (&again);
}

static void
check_variant (const TstCell *cell)
{
  g_autoptr(GVariant) variant = g_variant_ref_sink (tst_cell_to_variant (cell));
  g_autoptr(GError) error = NULL;
  TstCell again;

  g_assert_true (tst_cell_init_from_variant (&again, variant, &error));
  g_assert_true (tst_cell_equal (cell, &again));
  tst_cell_clear (&again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  g_autoptr(GError) error = NULL;

  if (!tst_json_read_cells (&cells, (const char *) data, size, &error))
    {
      g_assert_true (error != NULL && error->domain == TST_ERROR);
      return 0;
    }

  g_assert_no_error (error);
  for (gsize i = 0; i < cells.n_cells; i++)
    {
      g_assert_true (g_utf8_validate (cells.cells[i].id, (gssize) cells.cells[i].length, NULL));
      check_text (&cells.cells[i].cell);
      check_variant (&cells.cells[i].cell);
    }

  return 0;
}
