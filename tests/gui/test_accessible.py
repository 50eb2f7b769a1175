#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Looks at each state of the demo as a screen reader does: whatever can be used has a
role that says what it is, and a name.

    run-gui-test.sh test_accessible.py .../tstore-demo .../pets.json
"""

import sys

from gtk4ui import wait
from pets_ui import Pets, focused, resize, shown

pets = Pets(*sys.argv[1:3])
test = pets.test

ROWS = {
    "a": {"name": "Zoe", "species": "Cat", "breed": "Persian", "born": "2020-02-03", "price": 70, "sold": True},
    "b": {"name": "Rex", "species": "Dog", "price": 1200, "sold": False},
}

# What a person does something with.
USED = {"push button", "toggle button", "check box", "radio button", "text", "entry", "menu item", "check menu item",
        "radio menu item", "combo box", "slider", "spin button", "switch", "list item", "link", "password text"}
# What may have the focus: of these, the name may be that of what is in it.
CONTAINERS = {"table row", "table", "tree table", "list", "table cell"}
# The names that GTK gives to what has none.
NO_NAMES = ("Gtk", "Pets")


def is_nameless(node):
    name = node.name or ""
    return name == "" or name.startswith(NO_NAMES) and " " not in name and len(name) > len("Pets")


def check(app, what, at_least):
    """Each one that can be used has a name, and there are as many as there have to be."""
    used, nameless = [], []
    for window in app.children():
        for node in window.walk():
            states = node.states()
            if node.role not in USED or not node.is_shown() or "sensitive" not in states:
                continue
            used.append(node)
            # A menu button is two objects, of which one has the name.
            if is_nameless(node) and not node.description:
                nameless.append((node.role, node.name))
    assert not nameless, f"{what}: without a name are {nameless}"
    assert len(used) >= at_least, f"{what}: there are only {[(node.role, node.name) for node in used]}"


def check_focus(app, what, keys):
    """Wherever the key goes, there is a role and a name."""
    seen = []
    for _ in range(keys):
        app.key("Tab")
        node = wait("the focus", lambda: next(
            (n for window in app.children() for n in window.walk() if "focused" in n.states()), None))
        seen.append((node.role, node.name))
        assert node.role in USED | CONTAINERS | {"panel", "grouping"}, f"{what}: the focus is on a {node.role}"
        if node.role not in CONTAINERS:
            assert not is_nameless(node), f"{what}: the focus is on a {node.role} named {node.name!r}"
    assert len(set(seen)) > 2, f"{what}: the focus goes nowhere: {seen}"


@test
def the_table():
    with pets.start("table.json", ROWS) as app:
        check(app, "the table", 6)
        cells = app.all("panel", "Price", where=shown)
        assert sorted(cell.description for cell in cells) == ["1200.00", "70.00"], [c.description for c in cells]
        app.focus()
        check_focus(app, "the table", 14)


@test
def a_cell_that_is_edited():
    with pets.start("table.json", ROWS) as app:
        app.find("label", "Rex", where=shown).click(repeat=2)
        app.find("text", "Name", where=focused)
        check(app, "a cell", 7)


@test
def searching():
    with pets.start("table.json", ROWS) as app:
        app.focus()
        app.key("ctrl+f")
        app.find("entry", "Search pets", where=shown)
        check(app, "the search", 7)
        app.type("unicorn")
        app.find("label", "No Results Found", where=shown)
        check(app, "nothing found", 5)


@test
def the_menu():
    with pets.start("table.json", ROWS) as app:
        app.focus()
        app.key("F10")
        app.find("menu item", "Import…", where=shown)
        check(app, "the menu", 10)


@test
def an_empty_table():
    with pets.start("empty.json", {}) as app:
        app.find("label", "Add Samples", where=shown)
        check(app, "the empty table", 6)


@test
def cards_and_a_pet():
    with pets.start("table.json", ROWS) as app:
        resize(app, 360, 640)
        app.find("list item", "Rex, Dog, 1200.00", where=shown)
        check(app, "the cards", 5)
        app.find("list item", "Rex, Dog, 1200.00", where=shown).click()
        app.find("push button", "Remove Pet", where=shown)
        for title in ("Name", "Species", "Breed", "Colour", "Born", "Price"):
            app.find("text", title, where=shown)
        check(app, "a pet", 9)


@test
def what_has_happened():
    with pets.start("removed.json", ROWS) as app:
        app.focus()
        app.find("label", "Rex", where=shown).click()
        app.key("Delete")
        app.find("label", "“Rex” removed", where=shown)
        check(app, "the toast", 7)


@test
def the_shortcuts():
    with pets.start("table.json", ROWS) as app:
        app.focus()
        app.key("F1")
        # The rest of this window is GTK's.
        for shortcut in ("Search, or just type", "Undo", "Edit, or double-click", "Quit"):
            app.find("label", shortcut, where=shown)


pets.run(sys.argv[3:])
