#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo as a person does, and looks at the file as a program does.

    run-gui-test.sh test_pets.py .../tstore-demo .../pets.json
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

from gtk4ui import App, run, wait

demo, sample_path = sys.argv[1:3]

with open(sample_path, encoding="utf-8") as sample_file:
    sample = json.load(sample_file)[0]["pets"]

folder = tempfile.mkdtemp(prefix="pets-")
tests = []


def test(func):
    tests.append(func)
    return func


def path_of(name):
    return os.path.join(folder, name)


def write(name, text):
    with open(path_of(name), "w", encoding="utf-8") as file:
        file.write(text)


def pets_in(name):
    """What the file holds: it is whole at any moment."""
    try:
        with open(path_of(name), encoding="utf-8") as file:
            return json.load(file)[0].get("pets", {})
    except FileNotFoundError:
        return {}


def pet_in(name, pet):
    return next((row for row in pets_in(name).values() if row.get("name") == pet), None)


def wait_saved(app, what, func):
    wait(f"{what} in the file", func)
    app.find("label", "Saved")


def start(name, *args):
    return App([demo, "--standalone", *args, path_of(name)])


def shown(node):
    return node.is_shown()


def cell(app, text):
    """The label of a cell, by what it shows."""
    return app.find("label", text, where=shown)


def edit(app, old, new, end="Return"):
    cell(app, old).click(repeat=2)
    app.find("text", where=lambda n: "focused" in n.states())
    app.key("ctrl+a")
    app.type(new)
    app.key(end)
    # The entry is there only while it is edited in.
    app.gone("text", where=lambda n: "focused" in n.states())


@test
def first_start_shows_the_sample():
    with start("new.json") as app:
        app.find("label", f"{len(sample)} pets")
        cell(app, next(iter(sample.values()))["name"])
        wait_saved(app, "the sample", lambda: pets_in("new.json") == sample)


@test
def adds_a_pet():
    with start("story.json") as app:
        app.find("label", "Saved")
        app.focus()
        app.key("ctrl+n")
        app.find("text", "Name", where=lambda n: "focused" in n.states())
        app.type("Sir Barksalot")
        assert pet_in("story.json", "Sir Barksalot") is None, "written before editing ended"
        app.key("Return")
        cell(app, "Sir Barksalot")
        app.find("label", f"{len(sample) + 1} pets")
        wait_saved(app, "the new pet", lambda: pet_in("story.json", "Sir Barksalot"))
        assert len(pets_in("story.json")) == len(sample) + 1


@test
def edits_cells():
    first = next(iter(sample.values()))
    with start("story.json") as app:
        edit(app, first["breed"], "Turkish Van")
        wait_saved(app, "the breed", lambda: pet_in("story.json", first["name"])["breed"] == "Turkish Van")

        edit(app, "505.00", "512.5")
        cell(app, "512.50")
        wait_saved(app, "the price", lambda: pet_in("story.json", first["name"])["price"] == 512.5)

        edit(app, "21 Sep 2026", "2026-09-01")
        cell(app, "1 Sep 2026")
        wait_saved(app, "the birthday", lambda: pet_in("story.json", first["name"])["born"] == "2026-09-01")

        # Leaving the cell writes it; Escape does not.
        edit(app, first["name"], "Lucky Luke", end="Tab")
        wait_saved(app, "the name", lambda: pet_in("story.json", "Lucky Luke"))
        edit(app, "Lucky Luke", "Nobody", end="Escape")
        cell(app, "Lucky Luke")

        sold = app.all("check box", "Sold", where=shown)[0]
        assert "checked" not in sold.states()
        sold.click()
        wait_saved(app, "that it is sold", lambda: pet_in("story.json", "Lucky Luke")["sold"] is True)
        assert pet_in("story.json", "Nobody") is None


@test
def refuses_what_is_no_price():
    with start("story.json") as app:
        cell(app, "512.50").click(repeat=2)
        app.find("text", "Price", where=lambda n: "focused" in n.states())
        app.key("ctrl+a")
        app.type("cheap")
        app.key("Return")
        app.find("label", "“cheap” is not a price")
        app.key("Escape")
        cell(app, "512.50")
        assert pet_in("story.json", "Lucky Luke")["price"] == 512.5


@test
def removes_a_pet():
    with start("story.json") as app:
        cell(app, "Mochi").click()
        app.key("Delete")
        app.find("label", "“Mochi” removed", where=shown)
        wait_saved(app, "the removal", lambda: not pet_in("story.json", "Mochi"))

        # It can be undone: by button, and by key. Then it is at the end of the table.
        app.find("label", "Undo", where=shown).click()
        wait_saved(app, "the undone removal", lambda: pet_in("story.json", "Mochi"))
        cell(app, "Mochi").click()
        app.key("Delete")
        wait_saved(app, "another removal", lambda: not pet_in("story.json", "Mochi"))
        app.key("ctrl+z")
        wait_saved(app, "the other undone removal", lambda: pet_in("story.json", "Mochi"))

        cell(app, "Sorrel").click()
        app.key("Delete")
        app.gone("label", "Sorrel", where=shown)
        wait_saved(app, "the last removal", lambda: not pet_in("story.json", "Sorrel"))
        app.find("label", f"{len(sample)} pets")


@test
def saves_what_is_being_typed_when_closed():
    with start("story.json") as app:
        cell(app, "Digby").click(repeat=2)
        app.find("text", "Name", where=lambda n: "focused" in n.states())
        app.key("ctrl+a")
        app.type("Digby Doo")
        app.key("ctrl+q")
        assert app.wait_for_end() == 0
    assert pet_in("story.json", "Digby Doo")
    assert pet_in("story.json", "Digby") is None


@test
def finds_all_after_a_restart():
    with start("story.json") as app:
        cell(app, "Lucky Luke")
        cell(app, "Turkish Van")
        cell(app, "512.50")
        cell(app, "Digby Doo")
        app.find("label", f"{len(sample)} pets")
        # The new one is near the end of the table, where the removed one was.
        cell(app, "Digby Doo").click()
        app.key("End")
        cell(app, "Sir Barksalot")
        assert not app.all("label", "Sorrel")


@test
def two_processes_follow_each_other():
    shutil.copy(sample_path, path_of("both.json"))
    with start("both.json") as one, start("both.json") as two:
        assert one.proc.pid != two.proc.pid
        cell(two, "Mochi")
        one.focus()
        edit(one, "Mochi", "Mochi of One")
        cell(two, "Mochi of One")
        two.focus()
        edit(two, "Bertie", "Bertie of Two")
        cell(one, "Bertie of Two")

        two.key("ctrl+n")
        two.find("text", "Name", where=lambda n: "focused" in n.states())
        two.type("Third")
        two.key("Return")
        one.find("label", f"{len(sample) + 1} pets")

        wait("all in the file", lambda: pet_in("both.json", "Mochi of One") and
             pet_in("both.json", "Bertie of Two") and pet_in("both.json", "Third"))


@test
def an_empty_table_says_so():
    write("empty.json", "[{},{}]")
    with start("empty.json") as app:
        app.find("label", "No Pets", where=shown)
        app.find("label", "Add a Pet", where=shown).click()
        app.find("text", "Name", where=lambda n: "focused" in n.states())
        app.type("Adam")
        app.key("Return")
        wait_saved(app, "the first pet", lambda: pet_in("empty.json", "Adam"))
        app.find("label", "1 pet")


@test
def a_problem_is_shown_until_it_is_over():
    # What is in the way is a folder: it can neither be read nor replaced.
    os.mkdir(path_of("broken.json"))
    with start("broken.json") as app:
        app.find("label", "Retry", where=shown)
        os.rmdir(path_of("broken.json"))
        write("broken.json", json.dumps([{"pets": {"1": {"name": "Phoenix"}}}, {}]))
        cell(app, "Phoenix")
        app.gone("label", "Retry", where=shown)


@test
def what_cannot_be_read_is_told_and_kept():
    write("text.json", "Not a table")
    with start("text.json") as app:
        app.find("label", "Retry", where=shown)
    kept = [name for name in os.listdir(folder) if name.startswith("text.json")]
    assert any(open(path_of(name), encoding="utf-8").read() == "Not a table" for name in kept), kept


def without_display(*args):
    env = {key: value for key, value in os.environ.items()
           if key not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    return subprocess.run([demo, *args], env=env, capture_output=True, text=True, check=False)


@test
def lists_without_a_display():
    write("list.json", json.dumps([{"pets": {
        "1": {"name": "Zoë", "species": "Cat", "price": 7.5, "born": "2020-02-03", "sold": True},
        "2": {"name": "Rex", "species": "Dog", "breed": "Saint\nBernard", "price": 1200, "sold": False}}}, {}]))
    result = without_display("--list", path_of("list.json"))
    assert result.stderr == "", result.stderr
    assert result.returncode == 0
    assert result.stdout == (
        "Name  Species  Breed          Colour  Born          Price  Sold\n"
        "Zoë   Cat                             2020-02-03     7.50  Yes\n"
        "Rex   Dog      Saint Bernard                      1200.00  No\n"), result.stdout

    result = without_display("--list", path_of("nowhere.json"))
    assert result.returncode == 1 and result.stderr != ""

    result = without_display("--list")
    assert len(result.stdout.splitlines()) == len(sample) + 1

    result = without_display("--version")
    assert result.returncode == 0 and result.stdout.startswith("tstore-demo ")


print(f"1..{len(tests)}")
failed = 0
for number, func in enumerate(tests, 1):
    title = func.__name__.replace("_", " ")
    try:
        func()
        print(f"ok {number} - {title}", flush=True)
    except Exception:  # a failed test must not keep the others from running
        failed += 1
        print(f"not ok {number} - {title}", flush=True)
        traceback.print_exc()

shutil.rmtree(folder)
sys.exit(failed != 0)
