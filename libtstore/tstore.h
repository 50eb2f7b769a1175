/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#define TSTORE_INSIDE

#include "tst-cell-spec.h"
#include "tst-changes.h"
#include "tst-changes-json.h"
#include "tst-changes-json-node.h"
#include "tst-changes-variant.h"
#include "tst-checkpoints.h"
#include "tst-conflict.h"
#include "tst-cursor.h"
#include "tst-custom-persister.h"
#include "tst-enum-types.h"
#include "tst-error.h"
#include "tst-file-persister.h"
#include "tst-local-persister.h"
#include "tst-persister.h"
#include "tst-remote-persister.h"
#include "tst-request.h"
#include "tst-row.h"
#include "tst-schema.h"
#include "tst-schema-json.h"
#include "tst-schema-json-node.h"
#include "tst-session-persister.h"
#include "tst-storage.h"
#include "tst-storage-persister.h"
#include "tst-store.h"
#include "tst-store-has-listeners.h"
#include "tst-store-intercept.h"
#include "tst-store-json.h"
#include "tst-store-json-node.h"
#include "tst-store-listeners.h"
#include "tst-store-schema.h"
#include "tst-store-sorted.h"
#include "tst-store-variant.h"
#include "tst-table-model.h"
#include "tst-types.h"
#include "tst-version.h"
#include "tst-write.h"
#include "tst-write-json.h"

#undef TSTORE_INSIDE
