# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import typing

# What is not in here is not unknown because TStore is: other stubs may have it, or none.
def __getattr__(name: str) -> typing.Any: ...
