/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-item-name-private.h"

#include <string.h>

/* Temporary files and what is kept of a corrupt one have longer names, and no name
 * may have more than 255 bytes. */
#define MAX_GROUP_LENGTH 200

/* Of what is left of a longer one, before its digest. */
#define PREFIX_LENGTH 120

/* Never comes out of escaping. */
#define EMPTY_GROUP "%"
#define DIGEST_MARK "%-"

static gboolean
is_plain (const char *key,
          gsize       i)
{
  /* A file whose name starts with a dot is hidden. */
  return g_ascii_isalnum (key[i]) || strchr ("-_~", key[i]) != NULL || (key[i] == '.' && i > 0);
}

char *
tst_item_group_new (const char *key)
{
  GString *group;

  if (key[0] == '\0')
    return g_strdup (EMPTY_GROUP);

  group = g_string_new (NULL);
  for (gsize i = 0; key[i] != '\0'; i++)
    {
      if (is_plain (key, i))
        g_string_append_c (group, key[i]);
      else
        g_string_append_printf (group, "%%%02X", (guint8) key[i]);
    }

  return g_string_free (group, FALSE);
}

static char *
unescape (const char *group)
{
  GString *key;

  if (g_str_equal (group, EMPTY_GROUP))
    return g_strdup ("");

  key = g_string_new (NULL);
  for (gsize i = 0; group[i] != '\0'; i++)
    {
      if (group[i] == '%' && g_ascii_isxdigit (group[i + 1]) && g_ascii_isxdigit (group[i + 2]))
        {
          g_string_append_c (key, (char) (g_ascii_xdigit_value (group[i + 1]) * 16 +
                                          g_ascii_xdigit_value (group[i + 2])));
          i += 2;
        }
      else
        {
          g_string_append_c (key, group[i]);
        }
    }

  return g_string_free (key, FALSE);
}

/* There is one way to escape a key. Whatever is escaped in another one is
 * somebody else's. */
char *
tst_item_group_get_key (const char *group)
{
  g_autofree char *key = unescape (group);
  g_autofree char *again = NULL;

  if (strlen (key) > TST_ITEM_MAX_KEY_LENGTH || !g_utf8_validate (key, -1, NULL))
    return NULL;

  again = tst_item_group_new (key);

  return g_str_equal (again, group) ? g_steal_pointer (&key) : NULL;
}

char *
tst_item_file_name (const char *group)
{
  g_autofree char *digest = NULL;
  g_autofree char *prefix = NULL;

  if (strlen (group) <= MAX_GROUP_LENGTH)
    return g_strconcat (group, TST_ITEM_SUFFIX, NULL);

  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, group, -1);
  prefix = g_strndup (group, PREFIX_LENGTH);

  return g_strconcat (prefix, DIGEST_MARK, digest, TST_ITEM_SUFFIX, NULL);
}

gboolean
tst_item_file_name_is_ours (const char *name)
{
  return name[0] != '.' && g_str_has_suffix (name, TST_ITEM_SUFFIX);
}

char *
tst_item_file_name_get_group (const char *name)
{
  g_autofree char *group = NULL;
  g_autofree char *key = NULL;

  if (!tst_item_file_name_is_ours (name))
    return NULL;

  group = g_strndup (name, strlen (name) - strlen (TST_ITEM_SUFFIX));
  if (strlen (group) > MAX_GROUP_LENGTH)
    return NULL;

  key = tst_item_group_get_key (group);

  return key != NULL ? g_steal_pointer (&group) : NULL;
}
