/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text of the file of an item: a key file, as GSettings has them. Pure
 * functions; any thread. */

/* content: what the item is, or NULL if it is not in there. Fails with
 * TST_ERROR_PARSE or TST_ERROR_FORMAT, line and column, if it cannot be told. */
gboolean  tst_item_text_read   (GBytes      *text,
                                const char  *group,
                                char       **content,
                                GError     **error);

/* What the file becomes with another content, everything else kept; NULL if there
 * is nothing else.
 * text (nullable): what it is, which is not damaged as a whole
 * content (nullable): NULL: without the item */
GBytes   *tst_item_text_write  (GBytes      *text,
                                const char  *group,
                                const char  *content);

/* The groups that are in there; none if it is damaged. */
GStrv     tst_item_text_get_groups
                               (GBytes      *text);

/* Whether it is a key file, whatever is in it. */
gboolean  tst_item_text_is_sound
                               (GBytes      *text);

G_END_DECLS
