/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-sent-private.h"

#include "tst-merge-private.h"

typedef struct
{
  TstSnapshot *snapshot;
  guint32      number;
} Save;

static void
save_clear (gpointer data)
{
  Save *save = data;

  tst_snapshot_unref (save->snapshot);
}

static Save *
get_save (TstSent *sent,
          guint    i)
{
  return &g_array_index (sent->saves, Save, i);
}

void
tst_sent_add (TstSent     *sent,
              TstSnapshot *snapshot,
              guint32      number)
{
  Save save = { snapshot, number };

  if (sent->saves == NULL)
    {
      sent->saves = g_array_new (FALSE, FALSE, sizeof (Save));
      g_array_set_clear_func (sent->saves, save_clear);
    }
  else if (tst_snapshot_equal (get_save (sent, sent->saves->len - 1)->snapshot, snapshot))
    {
      return; /* the same, tried again */
    }

  if (sent->saves->len == TST_SENT_MAX)
    {
      g_array_remove_index (sent->saves, 0);
      sent->forgetful = TRUE;
    }
  tst_snapshot_ref (snapshot);
  g_array_append_val (sent->saves, save);
}

gboolean
tst_sent_is_empty (TstSent *sent)
{
  return sent->saves == NULL;
}

void
tst_sent_clear (TstSent *sent)
{
  g_clear_pointer (&sent->saves, g_array_unref);
  sent->forgetful = FALSE;
}

static Save *
find_equal (TstSent     *sent,
            TstSnapshot *theirs)
{
  for (guint i = sent->saves->len; i > 0; i--)
    {
      Save *save = get_save (sent, i - 1);

      if (tst_snapshot_equal (save->snapshot, theirs))
        return save;
    }

  return NULL;
}

/* Each has what the ones before it had, and more: what it has in common with them is no
 * evidence for it once one of them was found to have arrived. */
static Save *
find_latest_arrived (TstSent     *sent,
                     TstSnapshot *base,
                     TstSnapshot *theirs)
{
  Save *found = NULL;

  for (guint i = 0; i < sent->saves->len; i++)
    {
      Save *save = get_save (sent, i);

      if (tst_merge_has_arrived (found != NULL ? found->snapshot : base, save->snapshot, theirs))
        found = save;
    }

  return found;
}

TstSnapshot *
tst_sent_recognize (TstSent     *sent,
                    TstSnapshot *base,
                    TstSnapshot *theirs,
                    guint32     *number)
{
  Save *found;

  if (tst_sent_is_empty (sent))
    return NULL;

  found = find_equal (sent, theirs);
  /* What one that was forgotten has in common with another would count for that one. */
  if (found == NULL && !sent->forgetful)
    found = find_latest_arrived (sent, base, theirs);
  if (found == NULL)
    return NULL;

  *number = found->number;

  return found->snapshot;
}
