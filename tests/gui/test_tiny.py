#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Edits a cell in the smallest table of pets, and changes its file.

    run-gui-test.sh test_tiny.py .../pets-tiny.py .../pets.json
"""

import sys

from gtk4ui import App, wait
from pets_ui import Pets, shown

pets = Pets(*sys.argv[1:3])
ROWS = {"a": {"name": "Zoe", "species": "Cat", "price": 70}, "b": {"name": "Rex", "species": "Dog"}}


def edit(app, old, new):
    app.find("filler", text=old, where=shown).act("editing.start")
    app.type(new)
    app.key("Return")


@pets.test
def the_smallest_table_is_a_whole_program():
    path = pets.path("tiny.json")
    pets.write("tiny.json", ROWS)
    with App([sys.executable, pets.demo, path]) as app:
        app.focus()
        edit(app, "Rex", "Roy")
        pets.wait_saved("the name", lambda: pets.pet("tiny.json", "Roy"))
        assert pets.pets("tiny.json")["a"] == ROWS["a"]

        app.find("push button", "Add a Pet").press()
        app.find("filler", text="New Pet", where=shown)

        # What another program writes is shown.
        wait("the new pet in the file", lambda: pets.pet("tiny.json", "New Pet"))
        rows = pets.pets("tiny.json")
        rows["a"]["name"] = "Zora"
        pets.write("tiny.json", rows)
        app.find("filler", text="Zora", where=shown)

        # What is typed last is saved before it ends.
        edit(app, "Zora", "Last")
        app.key("alt+F4")
        assert app.wait_for_end() == 0
    assert pets.pet("tiny.json", "Last")


pets.run(sys.argv[3:])
