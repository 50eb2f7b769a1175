#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks in a GIR file what gi-docgen does not: that everything public says since
when it is there and what it is for, and that bindings can call it."""

import sys
import xml.etree.ElementTree as ET

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"

NEEDS_SINCE = {CORE + tag for tag in (
    "class", "interface", "record", "enumeration", "bitfield", "callback", "constant",
    "constructor", "method", "function", "virtual-method", "property")} | {GLIB + "signal"}
CALLABLE = {CORE + tag for tag in ("constructor", "method", "function", "virtual-method", "callback")}


def walk(node, path):
    """Yields each element under node, with its name in full."""
    for child in node:
        name = path
        if "name" in child.attrib:
            name = f"{path}.{child.get('name')}" if path else child.get("name")
        yield child, name
        if child.tag != CORE + "field":
            yield from walk(child, name)


def is_ours(node):
    """The scanner adds class structures by itself."""
    return GLIB + "is-gtype-struct-for" not in node.attrib


def problems(node):
    if node.tag in NEEDS_SINCE and is_ours(node):
        if "version" not in node.attrib:
            yield "no Since:"
        if node.find(CORE + "doc") is None:
            yield "no documentation"
    if node.tag in CALLABLE and is_ours(node):
        if node.get("introspectable") == "0" and node.get("name") not in ("ref", "unref"):
            yield "not introspectable"
        for parameter in node.iterfind(f"{CORE}parameters/{CORE}parameter"):
            kind = parameter.find(CORE + "type")
            if kind is not None and kind.get(C + "type", "").count("*") > 1 and \
               "direction" not in parameter.attrib:
                yield f"parameter {parameter.get('name')}: a list without (array)"


def main():
    namespace = ET.parse(sys.argv[1]).getroot().find(CORE + "namespace")
    found = [f"{name}: {problem}" for node, name in walk(namespace, "") for problem in problems(node)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
