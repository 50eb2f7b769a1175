/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "listener-fixture.h"

G_BEGIN_DECLS

/* What an interceptor is to do. Whatever it is asked is heard, as a line such as
 * "set-cell pets/fido/price 5", unless it is quiet. */
typedef struct
{
  const char *on;       /* (nullable): how the line begins about which it does something */
  const char *json;     /* (nullable): what it makes of it */
  const char *reason;   /* (nullable): why it refuses it */
  void      (*act) (Fixture  *fixture,
                    TstWrite *write);
  const char *name;     /* (nullable): in front of the line */
  gboolean    is_quiet;
} Rule;

/* @rule has to live as long as the interceptor. */
gulong intercept          (Fixture       *fixture,
                           TstWriteKinds  kinds,
                           const Rule    *rule);

/* Sets everything, and hears nothing of it. Without any interceptor yet. */
void   fill               (Fixture       *fixture,
                           const char    *json);
void   assert_content     (Fixture       *fixture,
                           const char    *json);

/* That it was refused with @reason; clears the error. */
void   assert_refused     (gboolean       done,
                           GError       **error,
                           const char    *reason);

#define FIDO "[{\"pets\":{\"fido\":{\"price\":5,\"species\":\"dog\"}}},{}]"
#define BOTH "[{\"pets\":{\"fido\":{\"price\":5,\"species\":\"dog\"},\"felix\":{\"price\":4}}},{}]"

G_END_DECLS
