#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that po/POTFILES.in lists exactly the files with text for people, and that
xgettext sees the whole of each: it does not know what a macro in it stands for."""

import re
import sys
from pathlib import Path

FOLDERS = ("libtstore", "demo", "data")
TEXT = {
    ".c": re.compile(r'(?<!\w)(?:N?C?_|ngettext) ?\(\s*"'),
    ".ui": re.compile(r'translatable="(?:yes|true)"'),
    ".in": re.compile(r"^(?:Name|Comment|Keywords)=(?!@)|<component", re.MULTILINE),
}

STRING = r'"(?:[^"\\]|\\.)*"'
CUT = re.compile(rf'(?<!\w)(?:N?C?_|ngettext) ?\(\s*(?:{STRING}\s*,?\s*)*{STRING}\s*[A-Z]\w*')


def find_cut(path):
    """Returns the beginnings of texts that are cut by a macro."""
    return CUT.findall(path.read_text("utf-8")) if path.suffix == ".c" else []


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
    cut = [(name, text) for name in sorted(wanted) for text in find_cut(root / name)]
    for name, text in cut:
        print(f"cut by a macro, use %s: {name}: {text}")
    return 0 if wanted == listed and not cut else 1


if __name__ == "__main__":
    sys.exit(main())
