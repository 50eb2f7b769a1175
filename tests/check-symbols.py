#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what the library exports with the list kept in the tree."""

import subprocess
import sys

library, wanted = sys.argv[1:]
out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
exported = {line.split()[-1] for line in out.stdout.splitlines()}
with open(wanted, encoding="utf-8") as lines:
    listed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
for name in sorted(listed - exported):
    print(f"gone: {name}")
for name in sorted(exported - listed):
    print(f"new, not in the list: {name}")
sys.exit(exported != listed)
