/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What scripts see: part of the interface. */
typedef enum
{
  TOOL_DONE   = 0,
  TOOL_FAILED = 1,
  TOOL_USAGE  = 2,
  TOOL_NO     = 3  /* it was done, and the answer is no: they differ, it does not fit */
} ToolExit;

/* One call of the program. */
typedef struct
{
  gboolean  changes;
  gboolean  force;
  gboolean  initial;
  gboolean  json;
  gboolean  merge;
  gboolean  pretty;
  gboolean  recursive;
  gboolean  string;
  gboolean  to_stdout;
  gboolean  update;
  gboolean  value;
  char     *base;    /* (nullable) */

  char    **args;    /* what comes after the options */
  guint     n_args;

  ToolExit  answer;  /* TOOL_DONE, until a command finds that it is TOOL_NO */
} ToolCall;

typedef gboolean (*ToolFunc) (ToolCall  *call,
                              GError   **error);

/* An error of G_OPTION_ERROR is one of usage. */
gboolean tool_run_diff      (ToolCall  *call,
                             GError   **error);
gboolean tool_run_export    (ToolCall  *call,
                             GError   **error);
gboolean tool_run_add       (ToolCall  *call,
                             GError   **error);
gboolean tool_run_get       (ToolCall  *call,
                             GError   **error);
gboolean tool_run_import    (ToolCall  *call,
                             GError   **error);
gboolean tool_run_list      (ToolCall  *call,
                             GError   **error);
gboolean tool_run_merge     (ToolCall  *call,
                             GError   **error);
gboolean tool_run_remove    (ToolCall  *call,
                             GError   **error);
gboolean tool_run_set       (ToolCall  *call,
                             GError   **error);
gboolean tool_run_validate  (ToolCall  *call,
                             GError   **error);
gboolean tool_run_watch     (ToolCall  *call,
                             GError   **error);

gboolean tool_fail_usage    (GError     **error,
                             const char  *message);

G_END_DECLS
