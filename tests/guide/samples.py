# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The fenced blocks of the README, the guides and the comments in the code."""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)$")
HEADING = re.compile(r"^#+ (.*)$")
COMMENT = re.compile(r"^ *\* ?")
FILE = re.compile(r"`([\w-]+\.(?:build|c|js|py|vala))`:$")

# What is a program of its own, and not a part of one.
PROGRAM = {
    "c": re.compile(r"^main \(", re.MULTILINE),
    "vala": re.compile(r"\bmain \("),
    "python": re.compile(r"^import gi$", re.MULTILINE),
    "js": re.compile(r"^import .* from 'gi://TStore", re.MULTILINE),
}


@dataclass(frozen=True)
class Sample:
    page: str
    name: str      # page#section:language, and which one of several
    section: str
    language: str
    text: str
    line: int
    file: str      # the name that the page gives to it, or ""

    @property
    def is_program(self):
        return self.language in PROGRAM and bool(PROGRAM[self.language].search(self.text))


def slug(heading):
    """The name of a section in a link to it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def read_page(path):
    """Yields the lines of a page, with their numbers."""
    return enumerate(path.read_text("utf-8").splitlines(), 1)


def read_comments(path):
    """Yields the lines of the comments that make the reference, as a page with a section for each."""
    begins = inside = False
    for number, line in read_page(path):
        if line.strip() == "/**":
            begins = inside = True
        elif line.strip() == "*/":
            inside = False
        elif inside:
            text = COMMENT.sub("", line)
            yield number, f"# {text.split(':')[0]}" if begins else text
            begins = False


def find_samples(path, lines):
    """Lists the samples of a page."""
    samples, names = [], {}
    section, block, before = "", None, ""
    for number, line in lines:
        fence = FENCE.match(line)
        if block is None and fence:
            block = (number + 1, fence[1], FILE.search(before), [])
        elif block is not None and line == "```":
            start, language, file, lines = block
            name = f"{path.name}#{section}:{language or 'plain'}"
            names[name] = names.get(name, 0) + 1
            if names[name] > 1:
                name += f"-{names[name]}"
            samples.append(Sample(path.name, name, section, language, "".join(lines), start, file[1] if file else ""))
            block, before = None, ""
        elif block is not None:
            block[3].append(line + "\n")
        elif line:
            before = line
            heading = HEADING.match(line)
            section = slug(heading[1]) if heading else section
    assert block is None, f"{path}: a block does not end"
    return samples


def read_pages(root):
    """Lists the samples of all pages."""
    root = Path(root)
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    code = sorted((root / "libtstore").rglob("*.c"))
    return [sample for paths, read in ((pages, read_page), (code, read_comments))
            for path in paths for sample in find_samples(path, read(path))]
