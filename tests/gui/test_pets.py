#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo as a person does, and looks at the file as a program does.

    run-gui-test.sh test_pets.py .../tstore-demo .../pets.json [TEST...]
"""

import os
import sys

from pets_ui import Pets, edit, focused, replace_text, shown

pets = Pets(*sys.argv[1:3])
test = pets.test
# As many as there is room for.
FEW = dict(list(pets.sample.items())[:12])
FIRST = next(iter(FEW.values()))


def cell(app, text):
    """The label of a cell, by what it shows."""
    return app.find("label", text, where=shown)


def saved(app, what, func):
    pets.wait_saved(what, func)
    app.find("label", "Saved")


def edit_cells(app):
    edit(app, FIRST["breed"], "Turkish Van")
    saved(app, "the breed", lambda: pets.pet("story.json", FIRST["name"])["breed"] == "Turkish Van")
    edit(app, "505.00", "512.5")
    cell(app, "512.50")
    saved(app, "the price", lambda: pets.pet("story.json", FIRST["name"])["price"] == 512.5)
    edit(app, "21 Sep 2026", "2026-09-01")
    cell(app, "1 Sep 2026")
    saved(app, "the birthday", lambda: pets.pet("story.json", FIRST["name"])["born"] == "2026-09-01")

    # Leaving the cell writes it; Escape does not.
    edit(app, FIRST["name"], "Lucky Luke", end="Tab")
    saved(app, "the name", lambda: pets.pet("story.json", "Lucky Luke"))
    edit(app, "Lucky Luke", "Nobody", end="Escape")
    cell(app, "Lucky Luke")

    sold = app.find("check box", "Sold", where=shown)
    assert "checked" not in sold.states()
    sold.click()
    saved(app, "that it is sold", lambda: pets.pet("story.json", "Lucky Luke")["sold"] is True)
    assert pets.pet("story.json", "Nobody") is None


def type_no_price(app):
    cell(app, "512.50").click(repeat=2)
    app.find("text", "Price", where=focused)
    replace_text(app, "cheap", "Return")
    app.find("label", "“cheap” is not a price")
    app.key("Escape")
    cell(app, "512.50")
    assert pets.pet("story.json", "Lucky Luke")["price"] == 512.5


def remove_and_undo(app):
    """By button; by key, another test does."""
    cell(app, "Mochi").click()
    app.key("Delete")
    app.find("label", "“Mochi” removed", where=shown)
    saved(app, "the removal", lambda: not pets.pet("story.json", "Mochi"))
    app.find("label", "Undo", where=shown).click()
    saved(app, "the undone removal", lambda: pets.pet("story.json", "Mochi"))


@test
def the_first_start_shows_the_sample():
    with pets.open("new.json") as app:
        app.find("label", f"{len(pets.sample)} pets")
        cell(app, FIRST["name"])
        saved(app, "the sample", lambda: pets.pets("new.json") == pets.sample)


@test
def a_file_from_start_to_start():
    with pets.start("story.json", FEW) as app:
        app.focus()
        app.key("ctrl+n")
        app.find("text", "Name", where=focused)
        app.type("Sir Barksalot")
        assert pets.pet("story.json", "Sir Barksalot") is None, "written before editing ended"
        app.key("Return")
        app.find("label", f"{len(FEW) + 1} pets")
        saved(app, "the new pet", lambda: pets.pet("story.json", "Sir Barksalot"))

        edit_cells(app)
        type_no_price(app)
        remove_and_undo(app)

        # What is being typed is saved, too.
        cell(app, "Digby").click(repeat=2)
        app.find("text", "Name", where=focused)
        replace_text(app, "Digby Doo", "ctrl+q")
        assert app.wait_for_end() == 0
    assert pets.pet("story.json", "Digby Doo")
    assert pets.pet("story.json", "Digby") is None

    with pets.start("story.json") as app:
        for text in ("Lucky Luke", "Turkish Van", "512.50", "Digby Doo", "Mochi", "Sir Barksalot"):
            cell(app, text)


@test
def two_processes_follow_each_other():
    with pets.start("both.json", FEW) as one, pets.start("both.json") as two:
        assert one.proc.pid != two.proc.pid
        edit(one, "Mochi", "Mochi of One")
        cell(two, "Mochi of One")
        edit(two, "Bertie", "Bertie of Two")
        cell(one, "Bertie of Two")

        two.key("ctrl+n")
        two.find("text", "Name", where=focused)
        two.type("Third")
        two.key("Return")
        one.find("label", f"{len(FEW) + 1} pets")
        pets.wait_saved("all", lambda: all(pets.pet("both.json", name)
                                           for name in ("Mochi of One", "Bertie of Two", "Third")))


@test
def an_empty_table_says_so():
    with pets.start("empty.json", {}) as app:
        app.find("label", "Add a Pet", where=shown).click()
        app.find("text", "Name", where=focused)
        app.type("Adam")
        app.key("Return")
        saved(app, "the first pet", lambda: pets.pet("empty.json", "Adam"))
        app.find("label", "1 pet")


@test
def a_problem_is_shown_until_it_is_over():
    # What is in the way is a folder: it can neither be read nor replaced.
    os.mkdir(pets.path("broken.json"))
    with pets.open("broken.json") as app:
        app.find("label", "Retry", where=shown)
        os.rmdir(pets.path("broken.json"))
        pets.write("broken.json", {"1": {"name": "Phoenix"}})
        cell(app, "Phoenix")
        app.gone("label", "Retry", where=shown)


@test
def what_cannot_be_read_is_told_and_kept():
    with open(pets.path("text.json"), "w", encoding="utf-8") as file:
        file.write("Not a table")
    with pets.open("text.json") as app:
        app.find("label", "Retry", where=shown)
    texts = []
    for name in os.listdir(pets.home):
        if name.startswith("text.json"):
            with open(pets.path(name), encoding="utf-8") as file:
                texts.append(file.read())
    assert "Not a table" in texts, texts


pets.run(sys.argv[3:])
