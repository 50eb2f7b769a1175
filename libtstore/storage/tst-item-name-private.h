/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an item is called on the disk. */

#define TST_ITEM_SUFFIX ".ini"

/* A key may be this long. */
#define TST_ITEM_MAX_KEY_LENGTH 4096

/* The group: percent-escaped, so that it can be a group of a key file, a part of
 * a path of GSettings and a file name. */
char     *tst_item_group_new      (const char *key);

/* NULL: it is not the group of any key. */
char     *tst_item_group_get_key  (const char *group);

/* The name of the file: the group where it is short enough. */
char     *tst_item_file_name      (const char *group);

/* The group that a file of this name is for. NULL: it is none of an item, or
 * there is a digest in it. */
char     *tst_item_file_name_get_group
                                  (const char *name);

/* Whether it can be the name of the file of an item. */
gboolean  tst_item_file_name_is_ours
                                  (const char *name);

G_END_DECLS
