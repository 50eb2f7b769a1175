#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what the library exports with the lists kept in the tree.

    check-symbols.py LIBRARY LIST...

A list has a name a line; or it is that of Debian's package, with a version behind each name."""

import subprocess
import sys

library, *lists = sys.argv[1:]
out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
exported = {line.split()[-1] for line in out.stdout.splitlines()}
same = True
for path in lists:
    with open(path, encoding="utf-8") as lines:
        listed = {line.split("@")[0].strip() for line in lines if line.lstrip().startswith("tst_")}
    for name in sorted(listed - exported):
        print(f"{path}: gone: {name}")
    for name in sorted(exported - listed):
        print(f"{path}: new, not in the list: {name}")
    same = same and exported == listed
sys.exit(not same)
