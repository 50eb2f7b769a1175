#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stubs for type checkers tell what there is in Python.

    test_stubs.py GIR STUBS PACKAGE [MYPY]

PACKAGE is the file that is installed beside them."""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import gi
import tap
import typed

gi.require_version("TStore", "1")
from gi.repository import TStore  # noqa: E402

GIR, STUBS, PACKAGE = sys.argv[1:4]
MYPY = sys.argv[4] if len(sys.argv) > 4 else None

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
MEMBERS = [CORE + tag for tag in ("constructor", "function", "method", "property", "member", "virtual-method")]

TREE = ast.parse(Path(STUBS).read_text("utf-8"))


def names_in(body):
    """What is defined in a module or a class: names, and what they are."""
    names = {}
    for statement in body:
        if isinstance(statement, ast.AnnAssign):
            names[statement.target.id] = statement
        elif isinstance(statement, ast.Assign):
            names |= {target.id: statement for target in statement.targets}
        elif hasattr(statement, "name"):
            names[statement.name] = statement
    return names


MODULE = names_in(TREE.body)
CLASSES = {name: statement for name, statement in MODULE.items()
           if isinstance(statement, ast.ClassDef) and not name.startswith("_")}


def public_in_gir():
    """Yields each name in the GIR file that is one in Python: of a class, if any, and its own."""
    namespace = ET.parse(GIR).getroot().find(CORE + "namespace")
    for node in namespace:
        owner = node.get(GLIB + "is-gtype-struct-for")
        name = owner or node.get("name")
        if node.tag == CORE + "callback" or node.get("introspectable") == "0":
            continue
        if not owner:
            yield None, name, node
        for member in node:
            # The fields of a class are C's.
            if member.tag in MEMBERS and member.get("introspectable") != "0":
                yield name, member.get("name").replace("-", "_"), member


class Stubs(unittest.TestCase):
    def test_they_name_everything_public(self):
        missing = []
        for owner, name, node in public_in_gir():
            names = MODULE
            if owner:
                names = names_in(CLASSES[owner].body)
                if node.tag == CORE + "property":
                    names = names_in(names["Props"].body) if "Props" in names else {}
                elif node.tag == CORE + "virtual-method":
                    name = f"do_{name}"
                elif node.tag == CORE + "member":
                    name = name.upper()
            if name not in names:
                missing.append(f"{owner}.{name}")
        self.assertEqual(missing, [])

    def test_they_name_nothing_else(self):
        gone = [name for name in MODULE if not name.startswith("_") and not hasattr(TStore, name)]
        for name, statement in CLASSES.items():
            there = getattr(TStore, name)
            gone += [f"{name}.{member}" for member in names_in(statement.body)
                     if member != "Props" and not hasattr(there, member)]
        self.assertEqual(gone, [])

    def test_they_agree_with_the_overrides(self):
        """Functions that are written in Python take the same arguments."""
        compared = 0
        for name, statement in CLASSES.items():
            members = names_in(statement.body)
            for member, func in vars(getattr(TStore, name)).items():
                func = getattr(func, "__func__", func)
                if not inspect.isfunction(func) or member.startswith("_"):
                    continue
                with self.subTest(name=f"{name}.{member}"):
                    told = members[member].args
                    arguments = [*told.posonlyargs, *told.args, *filter(None, [told.vararg]), *told.kwonlyargs]
                    is_there = inspect.signature(func).parameters
                    self.assertEqual([argument.arg for argument in arguments], list(is_there))
                    self.assertEqual(len(told.defaults), sum(parameter.default is not inspect.Parameter.empty
                                                             for parameter in is_there.values()))
                    compared += 1
        self.assertGreater(compared, 15)


class Checker(unittest.TestCase):
    def test_what_it_accepts_works(self):
        typed.right()

    @unittest.skipUnless(MYPY, "no mypy")
    def test_it_finds_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            # As they are installed.
            repository = Path(folder, "site-packages", "gi-stubs", "repository")
            repository.mkdir(parents=True)
            shutil.copy(STUBS, repository)
            shutil.copy(PACKAGE, repository)
            out = subprocess.run(
                [MYPY, "--cache-dir", os.devnull, "--python-executable", sys.executable, "--ignore-missing-imports",
                 typed.__file__], text=True, capture_output=True, cwd=folder,
                env=os.environ | {"PYTHONPATH": str(repository.parents[1])}).stdout
        found = {int(line) for line in re.findall(r"typed\.py:(\d+): error", out)}
        lines = enumerate(Path(typed.__file__).read_text("utf-8").splitlines(), 1)
        self.assertEqual(found, {number for number, line in lines if line.endswith("# wrong")}, out)


if __name__ == "__main__":
    tap.main()
