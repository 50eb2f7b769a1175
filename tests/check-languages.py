#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what is public, and in which languages the tests use it.

    check-languages.py GIR TESTS

Prints a table in Markdown. Fails if anything has no documentation or no Since:, if the tests of a
language never use a class, and if no test at all uses a function, property, signal or constant.

What is used is found by its name, written as that language writes it. So a method counts for
each class that has one of this name; a class counts where its own name stands, or that of a
function that only it has. Whether the test is a good one, nobody can count. Values of enumerations have
the version of these, and callbacks are written nowhere but in C."""

import re
import runpy
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

since = runpy.run_path(str(Path(__file__).with_name("check-since.py")))
CORE, GLIB, C = since["CORE"], since["GLIB"], since["C"]

KINDS = {
    "class": "classes", "record": "classes", "enumeration": "enumerations", "bitfield": "enumerations",
    "member": "values of enumerations", "function": "functions", "constructor": "functions", "method": "functions",
    "virtual-method": "virtual functions", "property": "properties", "signal": "signals", "constant": "constants",
    "callback": "callbacks",
}
NEED_A_TEST = {"functions", "virtual functions", "properties", "signals", "constants"}
LANGUAGES = {"C": (".c", ".h"), "Python": (".py",), "GJS": (".js", ".mjs"), "Vala": (".vala",)}


def camel(name):
    return re.sub("_(.)", lambda match: match[1].upper(), name)


class Symbol:
    def __init__(self, node, owner):
        self.node = node
        self.kind = KINDS[node.tag.partition("}")[2]]
        self.name = node.get("name").replace("-", "_")
        self.owner = owner
        self.full_name = f"{owner}.{self.name}" if owner else self.name
        self.c_name = node.get(C + "identifier") or node.get(C + "type")
        self.property = (node.get(GLIB + "get-property") or node.get(GLIB + "set-property") or "").replace("-", "_")

    def in_c(self):
        """A pattern, or None for a word."""
        if self.kind in ("properties", "signals"):
            dashed = self.name.replace("_", "-")
            return rf"\"(notify::)?{dashed}(::[^\"]*)?\""
        if self.kind == "virtual functions":
            return rf"->{self.name} = "
        return None

    def in_script(self):
        """In Python and GJS, which write much alike."""
        name, dashed = self.name, self.name.replace("_", "-")
        if self.kind == "functions":
            return rf"\.{name}\b"
        if self.kind == "virtual functions":
            return rf"\b(do|vfunc)_{name}\b"
        if self.kind == "properties":
            return rf"\.({name}|{camel(name)})\b|[(,{{ ]({name}=|({name}|{camel(name)}):)|['\"](notify::)?{dashed}['\"]"
        if self.kind == "signals":
            return rf"['\"]{dashed}(::[^'\"]*)?['\"]"
        if self.kind == "values of enumerations":
            return rf"\b{self.owner}\.{name.upper()}\b"
        return rf"\bTStore\.{name}\b"

    def in_vala(self):
        name = self.name
        if self.node.tag == CORE + "constructor":
            rest = name.removeprefix("new").removeprefix("_")
            return rf"\bnew TStore\.{self.owner}{'.' if rest else ''}{rest}\b"
        if self.kind == "functions":
            # A result is taken by yield or end(), and a property is a call.
            name = re.sub("_finish$", "_async", name)
            return rf"\.{name}\b" + (rf"|\.{self.property}\b" if self.property else "")
        if self.kind == "virtual functions":
            return rf"\boverride \w+ {name} "
        if self.kind == "properties":
            return rf"\.{name}\b|\b{name}: "
        if self.kind == "signals":
            return rf"\.{name}(\[[^]]*\])?\.connect"
        return self.in_script()

    def is_in(self, language, text, words):
        pattern = {"C": self.in_c, "Vala": self.in_vala}.get(language, self.in_script)()
        return bool(re.search(pattern, text)) if pattern else self.c_name in words


def find_symbols(namespace):
    for node in namespace:
        if not since["is_ours"](node):
            owner, name = node.get(GLIB + "is-gtype-struct-for"), None
        else:
            owner, name = node.get("name"), node.get("name")
            yield Symbol(node, None)
        for member in node:
            # Functions of enumerations are those of the namespace again.
            if member.tag.partition("}")[2] in KINDS and "moved-to" not in member.attrib and \
               "moved-to" not in node.attrib and (name or member.tag == CORE + "method"):
                yield Symbol(member, owner)


def read_tests(folder):
    texts = {language: [] for language in LANGUAGES}
    for path in sorted(Path(folder).rglob("*")):
        for language, suffixes in LANGUAGES.items():
            if path.suffix in suffixes and path.name != Path(__file__).name:
                text = path.read_text("utf-8")
                if "TStore" in text or "tst_" in text or language == "C":
                    texts[language].append(text)
    return {language: "\n".join(parts) for language, parts in texts.items()}


def main():
    gir, folder = sys.argv[1:]
    symbols = list(find_symbols(ET.parse(gir).getroot().find(CORE + "namespace")))
    texts = read_tests(folder)
    used = {}
    for language, text in texts.items():
        words = set(re.findall(r"\w+", text))
        used[language] = {symbol for symbol in symbols if symbol.is_in(language, text, words)}

    # Some objects come from elsewhere, and nobody writes the name of their class.
    names = Counter(symbol.name for symbol in symbols if symbol.kind == "functions")
    classes = {symbol.name: symbol for symbol in symbols if symbol.kind in ("classes", "enumerations")}
    for language, found in used.items():
        found |= {classes[symbol.owner] for symbol in found if symbol.owner in classes and
                  (language == "C" or symbol.kind == "functions" and names[symbol.name] == 1)}

    problems = [f"{symbol.full_name}: {problem}" for symbol in symbols for problem in since["problems"](symbol.node)]
    problems += [f"{symbol.full_name}: not used in {language}" for language in LANGUAGES
                 for symbol in symbols if symbol.kind == "classes" and symbol not in used[language]]
    problems += [f"{symbol.full_name}: not used by any test" for symbol in symbols
                 if symbol.kind in NEED_A_TEST and not any(symbol in found for found in used.values())]

    print(f"| public | all | documented | since | {' | '.join(LANGUAGES)} |")
    print(f"| --- |{' --- |' * (3 + len(LANGUAGES))}")
    groups = {kind: [symbol for symbol in symbols if symbol.kind == kind] for kind in dict.fromkeys(KINDS.values())}
    for symbol in symbols:
        if symbol.kind == "functions" and symbol.owner:
            groups.setdefault(f"functions of `{symbol.owner}`", []).append(symbol)
    for name, group in groups.items():
        counts = [len(group), sum(symbol.node.find(CORE + "doc") is not None for symbol in group),
                  sum("version" in symbol.node.attrib for symbol in group)]
        counts += [sum(symbol in used[language] for symbol in group) for language in LANGUAGES]
        print(f"| {name} | {' | '.join(map(str, counts))} |")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
