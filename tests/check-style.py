#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks the few rules of style that a program can check."""

import sys
from pathlib import Path

FOLDERS = ("libtstore", "demo", "tests", "data", "docs", "po")
ENDINGS = (".c", ".h", ".build", ".py", ".js", ".mjs", ".vala", ".ui")
COLUMNS = 120  # the aim is 100
LINES = 1200  # the aim is 500


def problems(path):
    text = path.read_text("utf-8")
    lines = text.splitlines()
    if not any("SPDX-License-Identifier: LGPL-2.1-or-later" in line for line in lines[:6]):
        yield 1, "no SPDX line"
    is_product = path.suffix in (".c", ".h") and "tests" not in path.parts
    if is_product and len(lines) > LINES:
        yield len(lines), f"more than {LINES} lines: split it by topic"
    if text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "space at the end"
        if is_product and len(line) > COLUMNS:
            yield number, f"more than {COLUMNS} columns"


def main():
    root = Path(sys.argv[1])
    paths = [root / "meson.build"]
    for folder in FOLDERS:
        paths += sorted(path for path in (root / folder).rglob("*") if path.suffix in ENDINGS)
    found = [f"{path}:{line}: {problem}" for path in paths for line, problem in problems(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
