#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that po/POTFILES.in lists exactly the files with text for people."""

import re
import sys
from pathlib import Path

FOLDERS = ("libtstore", "demo", "data")
TEXT = {
    ".c": re.compile(r'(?<!\w)(?:N?C?_|ngettext) ?\(\s*"'),
    ".ui": re.compile(r'translatable="(?:yes|true)"'),
    ".in": re.compile(r"^(?:Name|Comment|Keywords)=(?!@)|<component", re.MULTILINE),
}


def has_text(path):
    pattern = TEXT.get(path.suffix)
    return pattern is not None and pattern.search(path.read_text("utf-8")) is not None


def main():
    root = Path(sys.argv[1])
    lines = (root / "po" / "POTFILES.in").read_text("utf-8").splitlines()
    listed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    wanted = {str(path.relative_to(root))
              for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file() and has_text(path)}
    for name in sorted(wanted - listed):
        print(f"has text for people, not in POTFILES.in: {name}")
    for name in sorted(listed - wanted):
        print(f"in POTFILES.in, without text for people: {name}")
    return 0 if wanted == listed else 1


if __name__ == "__main__":
    sys.exit(main())
