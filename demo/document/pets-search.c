/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-search.h"

#include <string.h>

#include "pets-column.h"

/* Whether a pet is one that is looked for: each word that was typed is in one of
 * its cells, whatever the case and the accents. */

struct _PetsSearch
{
  GStrv words;  /* folded */
};

static gboolean
is_ascii (const char *text)
{
  while (*text != '\0' && (guchar) *text < 0x80)
    text++;

  return *text == '\0';
}

/* What is the same for a search becomes the same: “Zoë” is “zoe”. */
static char *
fold (const char *text)
{
  g_autofree char *folded = NULL;
  g_autofree char *decomposed = NULL;
  GString *bare;

  /* Nearly all, and ten times as fast. */
  if (is_ascii (text))
    return g_ascii_strdown (text, -1);

  folded = g_utf8_casefold (text, -1);
  decomposed = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  bare = g_string_new (NULL);

  for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_NON_SPACING_MARK)
      g_string_append_unichar (bare, g_utf8_get_char (p));

  return g_string_free (bare, FALSE);
}

/**
 * pets_search_new:
 *
 * Looks for the words of @text.
 */
PetsSearch *
pets_search_new (const char *text)
{
  PetsSearch *self = g_new0 (PetsSearch, 1);
  g_autofree char *folded = fold (text);
  g_auto(GStrv) parts = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  self->words = g_strv_builder_end (words);

  return self;
}

void
pets_search_free (PetsSearch *self)
{
  g_strfreev (self->words);
  g_free (self);
}

static gboolean
word_is_in_row (const char *word,
                GStrv       cells)
{
  for (gsize i = 0; cells[i] != NULL; i++)
    if (strstr (cells[i], word) != NULL)
      return TRUE;

  return FALSE;
}

/* The texts and numbers of a row; whether it is sold is nothing to look for. */
static GStrv
read_cells (TstStore   *store,
            const char *row_id)
{
  g_autoptr(GStrvBuilder) cells = g_strv_builder_new ();
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    {
      const char *cell_id = columns[i].cell_id;
      g_autofree char *folded = NULL;

      switch (tst_store_get_cell_type (store, PETS_TABLE, row_id, cell_id))
        {
        case TST_CELL_TYPE_STRING:
          folded = fold (tst_store_get_cell_string (store, PETS_TABLE, row_id, cell_id));
          break;

        case TST_CELL_TYPE_NUMBER:
          folded = g_strdup_printf ("%.15g", tst_store_get_cell_number (store, PETS_TABLE, row_id, cell_id));
          break;

        case TST_CELL_TYPE_NONE:
        case TST_CELL_TYPE_NULL:
        case TST_CELL_TYPE_BOOLEAN:
        case TST_CELL_TYPE_OBJECT:
        case TST_CELL_TYPE_ARRAY:
        default:
          continue;
        }

      g_strv_builder_add (cells, folded);
    }

  return g_strv_builder_end (cells);
}

/**
 * pets_search_matches:
 *
 * Says whether a row has all the words.
 */
gboolean
pets_search_matches (PetsSearch *self,
                     TstStore   *store,
                     const char *row_id)
{
  g_auto(GStrv) cells = NULL;

  if (self->words[0] == NULL)
    return TRUE;

  cells = read_cells (store, row_id);
  for (gsize i = 0; self->words[i] != NULL; i++)
    if (!word_is_in_row (self->words[i], cells))
      return FALSE;

  return TRUE;
}

/* Whether what has all the words of @other has all those of @self. NULL: no words. */
static gboolean
is_implied_by (PetsSearch *self,
               PetsSearch *other)
{
  for (gsize i = 0; self != NULL && self->words[i] != NULL; i++)
    if (other == NULL || !word_is_in_row (self->words[i], other->words))
      return FALSE;

  return TRUE;
}

/**
 * pets_search_compare:
 * @before: (nullable): what was looked for, or `NULL` for all
 * @after: (nullable): what is looked for now, or `NULL` for all
 *
 * Says what the change means: who types on looks for fewer pets, all of them among those
 * that were found.
 */
TstFilterChange
pets_search_compare (PetsSearch *before,
                     PetsSearch *after)
{
  if (is_implied_by (before, after))
    return TST_FILTER_CHANGE_MORE_STRICT;
  if (is_implied_by (after, before))
    return TST_FILTER_CHANGE_LESS_STRICT;

  return TST_FILTER_CHANGE_DIFFERENT;
}
