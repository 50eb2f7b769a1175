#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the README, the guides and the other pages of the tree link to is there.

    test_links.py SOURCE"""

import re
import sys
import unittest
from pathlib import Path

import samples
import tap

SOURCE = Path(sys.argv[1]).resolve()
FOLDERS = ("docs", "demo", "tests", "data")
PAGES = [*SOURCE.glob("*.md"), *(page for folder in FOLDERS for page in sorted((SOURCE / folder).rglob("*.md")))]

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[[^][]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
GUIDE = re.compile(r"^Slug: (.*)$", re.MULTILINE)

# What a test, a guide or a comment names: tests/bench/targets.py, `docs/storage.md`
PATH = re.compile(r"`((?!\S*ROOM)(?:libtstore|docs|demo|tests|data|po)/[\w./-]*[\w/])`")

# What those who work on the library read names without the first folder: text/tst-number-read.c, tst-table.c
IN_A_ROOM = re.compile(r"`((?!(?:docs|demo|tests|data)/)(?:(?:[\w-]+/)+[\w-]+|tst-[\w-]+)\.[ch])`")
FOR_DEVELOPERS = [SOURCE / "CONTRIBUTING.md", *sorted((SOURCE / "docs" / "decisions").glob("*.md"))]

# What a program of tests calls one of them, or several: /json-reader/limits/…; and fuzzers
TEST = re.compile(r"`(/[a-z][\w/-]*…?)`")
FUZZER = re.compile(r"`(fuzz_\w+)`")
STRING = re.compile(r'"([^"\\\n]*)"')


def prose(page):
    return FENCED.sub("", page.read_text("utf-8"))


def targets(page):
    return LINK.findall(CODE.sub("", prose(page)))


def is_elsewhere(target):
    return re.match(r"[a-z]+:", target)


def guides():
    """The pages of the documentation, by the names that they get there."""
    found = {}
    for page in (SOURCE / "docs").glob("*.md"):
        name = GUIDE.search(page.read_text("utf-8"))
        if name:
            found[name[1] + ".html"] = page
    return found


def has_test(strings, name):
    """Whether a program has these strings for a test: one, or two that it puts together at a slash."""
    if name.endswith("…"):
        return any(string.startswith(name[:-1]) or
                   name.startswith(string) and string.startswith("/") and string.endswith("/") and
                   any(other.startswith(name[len(string):-1]) for other in strings) for string in strings)
    parts = [(name[:i], name[i + 1:]) for i, c in enumerate(name) if c == "/" and i > 0]
    return name in strings or any((start in strings or f"{start}/" in strings) and end in strings
                                  for start, end in parts)


class Links(unittest.TestCase):

    def find(self, page, target):
        """The file that a target is about."""
        path = target.partition("#")[0]
        if not path:
            return page
        return guides().get(path) if path.endswith(".html") else (page.parent / path).resolve()

    def test_targets_are_there(self):
        missing = []
        for page in PAGES:
            for target in targets(page):
                found = None if is_elsewhere(target) else self.find(page, target)
                if not is_elsewhere(target) and (found is None or not found.exists()):
                    missing.append(f"{page.relative_to(SOURCE)}: {target}")
        self.assertEqual(missing, [])

    def test_sections_are_there(self):
        missing = []
        for page in PAGES:
            for target in targets(page):
                path, _, section = target.partition("#")
                found = None if is_elsewhere(target) else self.find(page, target)
                if section and found is not None and section not in map(samples.slug, HEADING.findall(prose(found))):
                    missing.append(f"{page.relative_to(SOURCE)}: {target}")
        self.assertEqual(missing, [])

    def test_paths_are_there(self):
        missing = [f"{page.relative_to(SOURCE)}: {path}" for page in PAGES for path in PATH.findall(prose(page))
                   if not (SOURCE / path).exists()]
        self.assertEqual(missing, [])

    def test_files_of_rooms_are_there(self):
        there = [f"/{path.relative_to(SOURCE)}" for path in (SOURCE / "libtstore").rglob("*.[ch]")]
        named = [(page, path) for page in FOR_DEVELOPERS for path in IN_A_ROOM.findall(prose(page))]
        self.assertGreater(len(named), 50)
        self.assertEqual([f"{page.relative_to(SOURCE)}: {path}" for page, path in named
                          if not any(other.endswith(f"/{path}") for other in there)], [])

    def test_tests_are_there(self):
        programs = [set(STRING.findall(path.read_text("utf-8"))) for path in sorted((SOURCE / "tests").rglob("*.c"))]
        text = prose(SOURCE / "CONTRIBUTING.md")
        named = TEST.findall(text)
        self.assertGreater(len(named), 20)
        self.assertEqual([name for name in named if not any(has_test(strings, name) for strings in programs)], [])
        self.assertEqual([name for name in FUZZER.findall(text)
                          if not (SOURCE / "tests" / "fuzz" / f"{name}.c").exists()], [])

    def test_a_link_is_a_link(self):
        """Pages that are shown by gi-docgen link to each other as .html, all others as .md."""
        wrong = []
        for page in PAGES:
            is_guide = page in guides().values()
            for target in targets(page):
                if not is_elsewhere(target) and re.search(r"\.(md)(#|$)" if is_guide else r"\.html(#|$)", target):
                    wrong.append(f"{page.relative_to(SOURCE)}: {target}")
        self.assertEqual(wrong, [])

    def test_guides_are_listed(self):
        """Each guide is part of the documentation, of what it depends on, and in the README."""
        names = sorted(page.name for page in guides().values())
        documentation = (SOURCE / "docs" / "tstore.toml.in").read_text("utf-8")
        build = (SOURCE / "docs" / "meson.build").read_text("utf-8")
        readme = targets(SOURCE / "README.md")
        self.assertEqual([name for name in names if f'"{name}"' not in documentation], [])
        self.assertEqual([name for name in names if f"'{name}'" not in build], [])
        self.assertEqual([name for name in names if f"docs/{name}" not in readme], [])


if __name__ == "__main__":
    tap.main()
