/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row-splices-private.h"

/* More steps than that are told as one: each is work in every view. */
#define MAX_STEPS 32

/* @removed rows at @before became @added rows at @after: positions when none of the
 * steps, and when all of them, have been told. */
typedef struct
{
  guint before;
  guint removed;
  guint after;
  guint added;
  guint first_id;  /* of those removed, in the array of them */
} Splice;

/* In the order of their positions. */
typedef struct
{
  GArray *splices;  /* of Splice */
  guint   n_left;   /* the first ones, which are still to be told */
} Stage;

struct _TstRowSplices
{
  Stage      first;    /* everything, but for … */
  Stage      then;     /* … adding rows that were removed elsewhere in the first stage */
  GPtrArray *removed;  /* of TstId, owned */
};

static inline Splice *
splice_at (const Stage *stage,
           guint        i)
{
  return &g_array_index (stage->splices, Splice, i);
}

/* --- What is known --- */

/* Returns: (nullable): the last one that begins at @position or before, of those left */
static const Splice *
find_before (const Stage *stage,
             guint        position)
{
  guint low = 0, high = stage->n_left;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (splice_at (stage, middle)->before <= position)
        low = middle + 1;
      else
        high = middle;
    }

  return low > 0 ? splice_at (stage, low - 1) : NULL;
}

static const Splice *
find_after (const Stage *stage,
            guint        position)
{
  guint low = 0, high = stage->n_left;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (splice_at (stage, middle)->after <= position)
        low = middle + 1;
      else
        high = middle;
    }

  return low > 0 ? splice_at (stage, low - 1) : NULL;
}

TstId *
tst_row_splices_look_up (const TstRowSplices *self,
                         guint               *position)
{
  const Stage *stages[] = { &self->first, &self->then };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      const Splice *splice = find_before (stages[i], *position);

      if (splice == NULL)
        continue;

      if (*position < splice->before + splice->removed)
        return g_ptr_array_index (self->removed, splice->first_id + *position - splice->before);

      *position += splice->after + splice->added - splice->before - splice->removed;
    }

  return NULL;
}

gboolean
tst_row_splices_is_known (const TstRowSplices *self,
                          guint               *position)
{
  const Stage *stages[] = { &self->then, &self->first };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      const Splice *splice = find_after (stages[i], *position);

      if (splice == NULL)
        continue;

      if (*position < splice->after + splice->added)
        return FALSE;

      *position += splice->before + splice->removed - splice->after - splice->added;
    }

  return TRUE;
}

gboolean
tst_row_splices_find (const TstRowSplices *self,
                      const char          *row_id,
                      guint               *position)
{
  for (guint i = 0; i < self->first.n_left; i++)
    {
      const Splice *splice = splice_at (&self->first, i);

      for (guint j = 0; j < splice->removed; j++)
        {
          const TstId *id = g_ptr_array_index (self->removed, splice->first_id + j);

          if (strcmp (id->text, row_id) == 0)
            {
              *position = splice->before + j;
              return TRUE;
            }
        }
    }

  return FALSE;
}

guint
tst_row_splices_get_n (const TstRowSplices *self,
                       guint                n)
{
  const Stage *stages[] = { &self->then, &self->first };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (stages[i]->n_left > 0)
      {
        const Splice *last = splice_at (stages[i], stages[i]->n_left - 1);

        n += last->before + last->removed - last->after - last->added;
      }

  return n;
}

/* --- Telling --- */

gboolean
tst_row_splices_is_empty (const TstRowSplices *self)
{
  return self->first.n_left == 0 && self->then.n_left == 0;
}

static gboolean
take_step (Stage *stage,
           guint *position,
           guint *removed,
           guint *added)
{
  const Splice *first, *last;

  if (stage->n_left == 0)
    return FALSE;

  last = splice_at (stage, stage->n_left - 1);
  first = stage->n_left > MAX_STEPS ? splice_at (stage, 0) : last;
  stage->n_left = stage->n_left > MAX_STEPS ? 0 : stage->n_left - 1;

  *position = first->before;
  *removed = last->before + last->removed - first->before;
  *added = last->after + last->added - first->after;

  return TRUE;
}

gboolean
tst_row_splices_next (TstRowSplices *self,
                      guint         *position,
                      guint         *removed,
                      guint         *added)
{
  if (!take_step (&self->first, position, removed, added) &&
      !take_step (&self->then, position, removed, added))
    return FALSE;

  if (tst_row_splices_is_empty (self))
    tst_row_splices_clear (self);

  return TRUE;
}

/* --- Making them --- */

void
tst_row_splices_clear (TstRowSplices *self)
{
  g_array_set_size (self->first.splices, 0);
  g_array_set_size (self->then.splices, 0);
  self->first.n_left = self->then.n_left = 0;
  g_ptr_array_set_size (self->removed, 0);
}

static void
add_splice (Stage  *stage,
            Splice  splice)
{
  g_array_append_val (stage->splices, splice);
  stage->n_left = stage->splices->len;
}

static inline const TstRowPlace *
place_at (const GArray *places,
          guint         i)
{
  return &g_array_index (places, TstRowPlace, i);
}

/* The number of places from @start on that have as many rows before them that stay as
 * the first of them: all that is between two of those. */
static guint
count_gap (const GArray *places,
           guint         start,
           guint         n_before)
{
  guint n = 0;

  while (start + n < places->len && place_at (places, start + n)->position - (start + n) == n_before)
    n++;

  return n;
}

/* What is between two rows that stay, without the rows that are where they were. */
static void
add_gap (TstRowSplices     *self,
         const TstRowPlace *gone,
         guint              n_gone,
         const TstRowPlace *come,
         guint              n_come,
         guint              before,
         guint              after)
{
  guint start = 0, end = 0, most = MIN (n_gone, n_come);

  while (start < most && tst_id_equal (gone[start].id, come[start].id))
    start++;
  while (end < most - start && tst_id_equal (gone[n_gone - 1 - end].id, come[n_come - 1 - end].id))
    end++;
  if (start == n_gone && start == n_come)
    return;

  add_splice (&self->first, (Splice) {
    before + start, n_gone - start - end, after + start, n_come - start - end, self->removed->len
  });
  for (guint i = start; i < n_gone - end; i++)
    g_ptr_array_add (self->removed, tst_id_ref (gone[i].id));
}

static void
add_gaps (TstRowSplices *self,
          const GArray  *gone,
          const GArray  *come)
{
  guint i = 0, j = 0;

  while (i < gone->len || j < come->len)
    {
      guint n_before = MIN (i < gone->len ? place_at (gone, i)->position - i : G_MAXUINT,
                            j < come->len ? place_at (come, j)->position - j : G_MAXUINT);
      guint n_gone = count_gap (gone, i, n_before);
      guint n_come = count_gap (come, j, n_before);

      add_gap (self, place_at (gone, i), n_gone, place_at (come, j), n_come,
               n_before + i, n_before + j);
      i += n_gone;
      j += n_come;
    }
}

/* --- Windows --- */

typedef struct
{
  const TstRowWindow *was;
  const TstRowWindow *is;
  TstRowIdFunc        get_id;
  gpointer            user_data;
} Clipping;

/* A row among all rows that there were, of which @stage tells. */
static TstId *
find_old_id (const TstRowSplices *self,
             const Clipping      *clipping,
             guint                position)
{
  TstId *id = tst_row_splices_look_up (self, &position);

  return id != NULL ? id : clipping->get_id (position, clipping->user_data);
}

/* The rows of the window that was from @before up to @before_end became those of the one
 * that is. */
static void
add_clipped (const TstRowSplices *all,
             const Clipping      *clipping,
             TstRowSplices       *clipped,
             guint                before,
             guint                before_end,
             guint                after,
             guint                after_end)
{
  if (before == before_end && after == after_end)
    return;

  add_splice (&clipped->first, (Splice) {
    before - clipping->was->start, before_end - before,
    after - clipping->is->start, after_end - after, clipped->removed->len
  });
  for (guint i = before; i < before_end; i++)
    g_ptr_array_add (clipped->removed, tst_id_ref (find_old_id (all, clipping, i)));
}

/* From @all rows to those in the window. Rows that are in both windows are told of by
 * nobody, and what is between two of them is one step. */
static void
clip (const TstRowSplices *all,
      const Clipping      *clipping,
      TstRowSplices       *clipped)
{
  const TstRowWindow *was = clipping->was, *is = clipping->is;
  guint before = was->start, after = is->start;
  gint64 old_start = 0, new_start = 0;

  for (guint i = 0; i <= all->first.splices->len; i++)
    {
      const Splice *splice = i < all->first.splices->len ? splice_at (&all->first, i) : NULL;
      gint64 shift = new_start - old_start;
      gint64 start = MAX (old_start, MAX (was->start, is->start - shift));
      gint64 end = MIN (splice ? splice->before : was->n, MIN (was->end, is->end - shift));

      if (start < end)
        {
          add_clipped (all, clipping, clipped, before, (guint) start, after, (guint) (start + shift));
          before = (guint) end;
          after = (guint) (end + shift);
        }
      if (splice != NULL)
        {
          old_start = splice->before + splice->removed;
          new_start = splice->after + splice->added;
        }
    }

  add_clipped (all, clipping, clipped, before, was->end, after, is->end);
}

static gboolean
is_whole (const TstRowWindow *window)
{
  return window->start == 0 && window->end == window->n;
}

/* --- Rows that move --- */

static guint
hash_id (gconstpointer key)
{
  return ((const TstId *) key)->hash;
}

static gboolean
ids_equal (gconstpointer a,
           gconstpointer b)
{
  return tst_id_equal (a, b);
}

/* Returns: (transfer full): from TstId, not owned, to the splice that removes it */
static GHashTable *
index_removed (const TstRowSplices *self)
{
  GHashTable *index = g_hash_table_new (hash_id, ids_equal);

  for (guint i = 0; i < self->first.splices->len; i++)
    for (guint j = 0; j < splice_at (&self->first, i)->removed; j++)
      g_hash_table_insert (index,
                           g_ptr_array_index (self->removed, splice_at (&self->first, i)->first_id + j),
                           GUINT_TO_POINTER (i));

  return index;
}

/* Whether a row that the splice adds is removed by another one. */
static gboolean
adds_moved_row (const TstRowSplices *self,
                GHashTable          *index,
                const Clipping      *clipping,
                guint                i)
{
  const Splice *splice = splice_at (&self->first, i);

  for (guint j = 0; j < splice->added; j++)
    {
      gpointer by;
      TstId *id = clipping->get_id (clipping->is->start + splice->after + j, clipping->user_data);

      if (g_hash_table_lookup_extended (index, id, NULL, &by) && GPOINTER_TO_UINT (by) != i)
        return TRUE;
    }

  return FALSE;
}

static void
separate_moved (TstRowSplices  *self,
                const Clipping *clipping)
{
  g_autoptr(GHashTable) index = NULL;
  g_autoptr(GArray) splices = NULL;
  guint n_splices = self->first.splices->len;

  if (self->removed->len == 0 || n_splices < 2 || n_splices > MAX_STEPS)
    return;

  index = index_removed (self);
  splices = g_array_new (FALSE, FALSE, sizeof (Splice));

  for (guint i = 0, n_late = 0; i < n_splices; i++)
    {
      Splice splice = *splice_at (&self->first, i);
      Splice late = { splice.after - n_late, 0, splice.after, splice.added, 0 };

      splice.after -= n_late;
      if (adds_moved_row (self, index, clipping, i))
        {
          add_splice (&self->then, late);
          n_late += splice.added;
          splice.added = 0;
        }
      if (splice.removed > 0 || splice.added > 0)
        g_array_append_val (splices, splice);
    }

  g_array_set_size (self->first.splices, 0);
  g_array_append_vals (self->first.splices, splices->data, splices->len);
  self->first.n_left = splices->len;
}

/* --- From one to the other --- */

void
tst_row_splices_set (TstRowSplices      *self,
                     const GArray       *gone,
                     const GArray       *come,
                     const TstRowWindow *was,
                     const TstRowWindow *is,
                     TstRowIdFunc        get_id,
                     gpointer            user_data)
{
  Clipping clipping = { was, is, get_id, user_data };

  tst_row_splices_clear (self);
  if (is_whole (was) && is_whole (is))
    {
      add_gaps (self, gone, come);
    }
  else
    {
      g_autoptr(TstRowSplices) all = tst_row_splices_new ();

      add_gaps (all, gone, come);
      clip (all, &clipping, self);
    }

  separate_moved (self, &clipping);
}

void
tst_row_splices_set_all (TstRowSplices   *self,
                         const GPtrArray *was,
                         const GPtrArray *is)
{
  guint start = 0, end = 0, most = MIN (was->len, is->len);

  tst_row_splices_clear (self);
  while (start < most && tst_id_equal (was->pdata[start], is->pdata[start]))
    start++;
  while (end < most - start && tst_id_equal (was->pdata[was->len - 1 - end], is->pdata[is->len - 1 - end]))
    end++;
  if (start == was->len && start == is->len)
    return;

  add_splice (&self->first, (Splice) { start, was->len - start - end, start, is->len - start - end, 0 });
  for (guint i = start; i < was->len - end; i++)
    g_ptr_array_add (self->removed, tst_id_ref (was->pdata[i]));
}

/* --- Life --- */

TstRowSplices *
tst_row_splices_new (void)
{
  TstRowSplices *self = g_new0 (TstRowSplices, 1);

  self->first.splices = g_array_new (FALSE, FALSE, sizeof (Splice));
  self->then.splices = g_array_new (FALSE, FALSE, sizeof (Splice));
  self->removed = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_id_unref);

  return self;
}

void
tst_row_splices_free (TstRowSplices *self)
{
  g_array_unref (self->first.splices);
  g_array_unref (self->then.splices);
  g_ptr_array_unref (self->removed);
  g_free (self);
}
