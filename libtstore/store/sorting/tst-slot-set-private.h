/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A set of slots of a table, in their order, that knows how many of them come before
 * another one: a bit for each, and counts, which take half a bit more. */
typedef struct _TstSlotSet TstSlotSet;

#define TST_SLOT_NONE G_MAXUINT32

TstSlotSet *tst_slot_set_new      (void);
void        tst_slot_set_free     (TstSlotSet       *self);
guint       tst_slot_set_get_n    (const TstSlotSet *self);
gboolean    tst_slot_set_contains (const TstSlotSet *self,
                                   guint32           slot);
/* How many come before @slot, which need not be in there. */
guint       tst_slot_set_rank     (const TstSlotSet *self,
                                   guint32           slot);
/* The one at @position, which must be less than their number. */
guint32     tst_slot_set_select   (const TstSlotSet *self,
                                   guint             position);
/* Returns: the first one from @slot on, or TST_SLOT_NONE */
guint32     tst_slot_set_next     (const TstSlotSet *self,
                                   guint32           slot);

/* It may not be in there yet. */
void        tst_slot_set_add      (TstSlotSet       *self,
                                   guint32           slot);
/* It must be in there. */
void        tst_slot_set_remove   (TstSlotSet       *self,
                                   guint32           slot);

/* Replaces all that is in there by the first @n slots: in no time. */
void        tst_slot_set_fill     (TstSlotSet       *self,
                                   guint32           n);
void        tst_slot_set_copy     (TstSlotSet       *self,
                                   const TstSlotSet *from);
/* Adds many: each is put, then all are counted. In between, the set can only be asked
 * what it contains. */
void        tst_slot_set_put      (TstSlotSet       *self,
                                   guint32           slot);
void        tst_slot_set_count    (TstSlotSet       *self);

/* The slots of @all, which has all that are in here, are numbered from 0 now, without
 * gaps, in their order. @all may be @self. */
void        tst_slot_set_renumber (TstSlotSet       *self,
                                   const TstSlotSet *all);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstSlotSet, tst_slot_set_free)

G_END_DECLS
