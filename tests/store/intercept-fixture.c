/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "intercept-fixture.h"

typedef struct
{
  Fixture    *fixture;
  const Rule *rule;
} Interception;

static void
append_id (GString    *line,
           const char *id)
{
  if (id == NULL)
    return;

  if (line->str[line->len - 1] != ' ')
    g_string_append_c (line, '/');
  g_string_append (line, id);
}

static char *
describe (TstWrite *write)
{
  g_autoptr(GFlagsClass) klass = g_type_class_ref (TST_TYPE_WRITE_KINDS);
  GString *line = g_string_new (g_flags_get_first_value (klass, tst_write_get_kind (write))->value_nick);
  g_autofree char *json = tst_write_get_json (write);

  g_string_append_c (line, ' ');
  append_id (line, tst_write_get_table_id (write));
  append_id (line, tst_write_get_row_id (write));
  append_id (line, tst_write_get_cell_id (write));
  append_id (line, tst_write_get_value_id (write));
  if (json != NULL && line->str[line->len - 1] != ' ')
    g_string_append_c (line, ' ');
  if (json != NULL)
    g_string_append (line, json);

  return g_strchomp (g_string_free (line, FALSE));
}

static void
intercept_cb (TstStore *store,
              TstWrite *write,
              gpointer  user_data)
{
  Interception *self = user_data;
  const Rule *rule = self->rule;
  g_autofree char *line = describe (write);

  g_assert_true (store == self->fixture->store);
  if (!rule->is_quiet)
    g_string_append_printf (self->fixture->heard, "%s%s\n", rule->name ? rule->name : "", line);

  if (rule->on != NULL && !g_str_has_prefix (line, rule->on))
    return;

  if (rule->json != NULL)
    tst_write_set_json (write, rule->json, NULL);
  if (rule->reason != NULL)
    tst_write_refuse (write, rule->reason);
  if (rule->act != NULL)
    rule->act (self->fixture, write);
}

static void
interception_free (gpointer data)
{
  Interception *self = data;

  self->fixture->n_destroyed++;
  g_free (self);
}

gulong
intercept (Fixture       *fixture,
           TstWriteKinds  kinds,
           const Rule    *rule)
{
  Interception *self = g_new (Interception, 1);

  self->fixture = fixture;
  self->rule = rule;

  return tst_store_add_interceptor (fixture->store, kinds, intercept_cb, self, interception_free);
}

void
fill (Fixture    *fixture,
      const char *json)
{
  g_assert_true (tst_store_set_json (fixture->store, json, NULL));
}

void
assert_content (Fixture    *fixture,
                const char *json)
{
  g_autofree char *content = tst_store_get_json (fixture->store);

  g_assert_cmpstr (content, ==, json);
}

void
assert_refused (gboolean     done,
                GError     **error,
                const char  *reason)
{
  g_assert_false (done);
  g_assert_error (*error, TST_ERROR, TST_ERROR_REFUSED);
  g_assert_cmpstr ((*error)->message, ==, reason);
  g_clear_error (error);
}
