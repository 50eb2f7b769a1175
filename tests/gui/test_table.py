#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo's table: search, sort, undo, import, export, narrow windows, keys alone.

    run-gui-test.sh test_table.py .../tstore-demo .../pets.json
"""

import csv
import json
import sys

from gtk4ui import App, run, wait
from pets_ui import Pets, edit, focused, name_file, replace_text, resize, shown

pets = Pets(*sys.argv[1:3])
test = pets.test

SMALL = {
    "a": {"name": "Zoë", "species": "Cat", "breed": "Persian", "born": "2020-02-03", "price": 70, "sold": True},
    "b": {"name": "Rex", "species": "Dog", "breed": "Beagle", "born": "2021-05-06", "price": 1200, "sold": False},
    "c": {"name": "Bo", "species": "Cat", "breed": "Siamese", "born": "2019-01-01", "price": 9.5, "sold": False},
    "d": {"name": "Kim", "species": "Parrot", "price": 300, "sold": False},
}


def names(app):
    """The names of the pets that are shown, from the top."""
    known = {row["name"] for row in SMALL.values()}
    labels = app.all("label", where=lambda n: n.name in known and n.is_shown())
    return [node.name for node in sorted(labels, key=lambda n: n.extents().y)]


def wait_names(app, *expected):
    wait(f"the pets {expected}", lambda: names(app) == list(expected))


def menu(app, **items):
    """Chooses from the main menu: each item is found by its label, and chosen by its key."""
    app.key("F10")
    for item, key in items.items():
        app.find("menu item", item.replace("_", " "), where=shown)
        app.key(key)
    app.gone("menu item", where=shown)


@test
def searches():
    with pets.start("search.json", SMALL) as app:
        app.focus()
        app.key("ctrl+f")
        app.find("entry", "Search pets", where=focused)
        app.type("cat")
        app.find("label", "2 of 4 pets")
        wait_names(app, "Zoë", "Bo")

        # All words, in any cell; without accents and capitals.
        app.key("ctrl+a")
        app.type("per zoe")
        app.find("label", "1 of 4 pets")
        wait_names(app, "Zoë")

        app.key("ctrl+a")
        app.type("unicorn")
        app.find("label", "0 of 4 pets")
        app.find("label", "No Results Found", where=shown)

        app.key("Escape")
        app.find("label", "4 pets")
        wait_names(app, "Zoë", "Rex", "Bo", "Kim")
        app.gone("entry", "Search pets", where=focused)


@test
def typing_starts_a_search():
    with pets.start("typing.json", SMALL) as app:
        app.focus()
        app.type("rex")
        app.find("label", "1 of 4 pets")
        wait_names(app, "Rex")

        # Enter goes on to what was found, and what is typed into a cell is for the cell.
        app.key("Return")
        app.find("label", "Rex", where=shown).click(repeat=2)
        app.find("text", "Name", where=focused)
        app.key("ctrl+a")
        app.type("T. Rex")
        app.key("Return")
        pets.wait_saved("the name", lambda: pets.pet("typing.json", "T. Rex"))
        app.find("label", "1 of 4 pets")


@test
def a_new_pet_ends_the_search():
    with pets.start("new.json", SMALL) as app:
        app.focus()
        app.type("parrot")
        app.find("label", "1 of 4 pets")
        wait("that all was typed", lambda: app.all("entry", "Search pets", text="parrot"))
        app.find("push button", "Add a Pet", where=shown).press()
        app.find("text", "Name", where=focused)
        app.find("label", "5 pets")


@test
def sorts_by_titles_and_by_menu():
    with pets.start("sort.json", SMALL) as app:
        app.focus()
        wait_names(app, "Zoë", "Rex", "Bo", "Kim")
        title = app.find("label", "Price", where=shown)
        title.click()
        wait_names(app, "Bo", "Zoë", "Kim", "Rex")
        title.click(aside=12)
        wait_names(app, "Rex", "Kim", "Zoë", "Bo")

        menu(app, Sort_By="b", Name="n")
        wait_names(app, "Zoë", "Rex", "Kim", "Bo")
        menu(app, Sort_By="b", Descending="d")
        wait_names(app, "Bo", "Kim", "Rex", "Zoë")

        # An edited pet goes to its place, and the file keeps its order.
        edit(app, "Bo", "Tom")
        SMALL["c"]["name"] = "Tom"
        try:
            wait_names(app, "Kim", "Rex", "Tom", "Zoë")
        finally:
            SMALL["c"]["name"] = "Bo"
        pets.wait_saved("the name", lambda: pets.pet("sort.json", "Tom"))
        assert list(pets.pets("sort.json")) == ["a", "b", "c", "d"]

        menu(app, Sort_By="b", Order_of_Entry="e")
        wait("the order of the file", lambda: names(app) == ["Zoë", "Rex", "Kim"])


def is_selection_shown(app):
    """A whole row has its colour. GTK 4.8 tells of rows that are out of view that they are where they were."""
    share = run("convert", "x:" + app.window_id, "-fuzz", "7%", "-fill", "black", "+opaque", "#3584e4",
                "-fill", "white", "+opaque", "black", "-format", "%[fx:mean]", "info:")
    return float(share) > 0.03


@test
def sorting_shows_the_first_ones_or_what_is_selected():
    by_name = sorted(pet["name"] for pet in pets.sample.values())
    with pets.start("sort.json", pets.sample) as app:
        app.focus()
        title = app.find("label", "Name", where=shown)
        below = title.extents().y + 2 * title.extents().height
        assert not is_selection_shown(app)

        title.click()
        app.find("label", by_name[0], where=lambda n: shown(n) and abs(n.extents().y - below) < 20).click()
        wait("the selected row", lambda: is_selection_shown(app))
        app.key("Delete")
        app.find("label", f"“{by_name[0]}” removed", where=shown)
        wait("the next row selected", lambda: is_selection_shown(app))

        # It will be among the last, then among the first again.
        def rows():
            return run("convert", "x:" + app.window_id, "-crop", "+0+80", "-format", "%#", "info:")

        for aside in (12, 0):
            before = rows()
            title.click(aside=aside)
            wait("the selected row among others", lambda: rows() != before and is_selection_shown(app))


@test
def undoes_and_does_again():
    with pets.start("undo.json", SMALL) as app:
        app.focus()
        edit(app, "Rex", "Roy")
        pets.wait_saved("the edit", lambda: pets.pet("undo.json", "Roy"))
        app.find("label", "Kim", where=shown).click()
        app.key("Delete")
        pets.wait_saved("the removal", lambda: not pets.pet("undo.json", "Kim"))

        app.key("ctrl+z")
        pets.wait_saved("Kim again", lambda: pets.pets("undo.json").get("d") == SMALL["d"])
        app.key("ctrl+z")
        pets.wait_saved("Rex again", lambda: pets.pets("undo.json") == SMALL)
        app.key("ctrl+shift+z")
        pets.wait_saved("the edit again", lambda: pets.pet("undo.json", "Roy"))
        menu(app, Redo="r")
        pets.wait_saved("the removal again", lambda: not pets.pet("undo.json", "Kim"))
        menu(app, Undo="u")
        pets.wait_saved("Kim once more", lambda: pets.pet("undo.json", "Kim"))

        # In an entry, it is the entry's.
        app.find("label", "Roy", where=shown).click(repeat=2)
        app.find("text", "Name", where=focused)
        app.type("x")
        app.key("ctrl+z", "ctrl+z", "ctrl+z", "Return")
        app.find("label", "Roy", where=shown)
        assert pets.pet("undo.json", "Roy") and pets.pet("undo.json", "Kim")


@test
def removes_several():
    with pets.start("several.json", SMALL) as app:
        app.focus()
        app.find("label", "Zoë", where=shown).click()
        app.key("shift+Down", "Delete")
        app.find("label", "2 pets removed", where=shown)
        app.find("label", "2 pets")
        pets.wait_saved("the removal", lambda: list(pets.pets("several.json")) == ["c", "d"])
        app.key("ctrl+a", "Delete")
        app.find("label", "No Pets", where=shown)
        app.key("ctrl+z", "ctrl+z")
        app.find("label", "4 pets")
        pets.wait_saved("all of them", lambda: pets.pets("several.json") == SMALL)


@test
def an_empty_table_offers_samples():
    with pets.start("samples.json", {}) as app:
        app.find("label", "Add Samples", where=shown).click()
        app.find("label", f"{len(pets.sample)} pets")
        pets.wait_saved("the samples",
                        lambda: list(pets.pets("samples.json").values()) == list(pets.sample.values()))
        app.focus()
        app.key("ctrl+z")
        app.find("label", "No Pets", where=shown)


def import_file(app, path):
    app.focus()
    app.key("ctrl+i")
    name_file(app, "Import Pets", path, "Import", "ctrl+l")


@test
def imports_a_table():
    table = pets.path("more.csv")
    with open(table, "w", encoding="utf-8", newline="") as file:
        file.write('Name;Species;Price;Sold\r\nFido;Dog;12.5;yes\r\n"Tom; Jr.";Cat;;no\r\n')
    with pets.start("import.json", SMALL) as app:
        import_file(app, table)
        app.find("label", "2 pets imported", where=shown)
        app.find("label", "6 pets")
        pets.wait_saved("the import", lambda: pets.pet("import.json", "Fido") == {
            "name": "Fido", "species": "Dog", "price": 12.5, "sold": True})
        assert pets.pet("import.json", "Tom; Jr.") == {"name": "Tom; Jr.", "species": "Cat", "sold": False}

        # It is one step.
        app.find("label", "Undo", where=shown).click()
        pets.wait_saved("that it is undone", lambda: pets.pets("import.json") == SMALL)


@test
def tells_what_cannot_be_imported():
    table = pets.path("bad.csv")
    with open(table, "w", encoding="utf-8") as file:
        file.write("name,price\nFido,5\nTom,cheap\n")
    with pets.start("import.json", SMALL) as app:
        import_file(app, table)
        app.find("label", "“bad.csv” Cannot Be Imported", where=shown)
        app.find("label", "Line 3, column “Price”: “cheap” is not a price", where=shown)
        app.key("Return")
        app.find("label", "4 pets")
        assert pets.pets("import.json") == SMALL


def export_file(app, path):
    app.focus()
    app.key("ctrl+e")
    name_file(app, "Export Pets", path, "Export", "alt+n")


@test
def exports_both():
    with pets.start("export.json", SMALL) as app:
        export_file(app, pets.path("out.csv"))
        app.find("label", "Exported to “out.csv”", where=shown)
        with open(pets.path("out.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["name"] for row in rows] == ["Zoë", "Rex", "Bo", "Kim"], rows
        assert rows[2] == {"name": "Bo", "species": "Cat", "breed": "Siamese", "colour": "", "born": "2019-01-01",
                           "price": "9.5", "sold": "false"}, rows[2]

        export_file(app, pets.path("out.json"))
        app.find("label", "Exported to “out.json”", where=shown)
        assert pets.pets("out.json") == SMALL

        # Nobody can write there, not even root.
        export_file(app, "/proc/out.csv")
        app.find("label", "“out.csv” Cannot Be Exported", where=shown)


def card(app, name):
    return app.find("list item", where=lambda n: n.name.startswith(f"{name}, ") and n.is_shown())


@test
def a_phone_is_wide_enough():
    with pets.start("narrow.json", SMALL) as app:
        resize(app, 360, 640)
        # What is hidden then makes room for the last pixels. The frame has some, too.
        card(app, "Zoë")
        resize(app, 360, 640)
        wait("the width of a phone", lambda: 355 < app.measure()[0] < 372)
        app.focus()
        assert card(app, "Zoë").name == "Zoë, Cat · Persian, 70.00, Sold"
        card(app, "Rex").click()
        price = app.find("text", "Price", where=shown)
        assert price.text() == "1200"
        price.click()
        app.key("ctrl+a")
        app.type("99.5")
        app.key("Tab")
        pets.wait_saved("the price", lambda: pets.pet("narrow.json", "Rex")["price"] == 99.5)

        price.click()
        app.key("ctrl+a")
        app.type("cheap")
        app.key("Return")
        app.find("label", "“cheap” is not a price", where=shown)
        app.key("ctrl+a")
        app.type("98")
        app.find("push button", "Back", where=shown).press()
        pets.wait_saved("the other price", lambda: pets.pet("narrow.json", "Rex")["price"] == 98)
        wait("the card", lambda: card(app, "Rex").name == "Rex, Dog · Beagle, 98.00")

        # What is added is edited at once; what is removed is off the screen.
        app.find("push button", "Add a Pet", where=shown).press()
        app.find("text", "Name", where=focused)
        app.key("ctrl+a")
        app.type("Neo")
        app.key("alt+Left")
        pets.wait_saved("the new pet", lambda: pets.pet("narrow.json", "Neo"))
        card(app, "Neo").click()
        app.find("push button", "Remove Pet", where=shown).press()
        app.find("label", "4 pets", where=shown)
        card(app, "Rex")
        assert not pets.pet("narrow.json", "Neo")

        # Where there is room again, there is a table.
        resize(app, 1000, 640)
        app.find("label", "Breed", where=shown)


@test
def the_pet_on_the_page_is_the_one_to_remove():
    with pets.start("page.json", SMALL) as app:
        app.focus()
        menu(app, Sort_By="b", Price="p")
        resize(app, 360, 640)

        # With its new price, it goes to another place.
        card(app, "Zoë").click()
        app.find("text", "Price", where=shown).click()
        replace_text(app, "5000", "Tab")
        pets.wait_saved("the price", lambda: pets.pet("page.json", "Zoë")["price"] == 5000)
        app.find("push button", "Remove Pet", where=lambda n: n.is_shown() and "sensitive" in n.states()).press()
        app.find("label", "“Zoë” removed", where=shown)
        pets.wait_saved("the removal", lambda: not pets.pet("page.json", "Zoë"))

        # With its new name, it is not one that is looked for. Then it is removed elsewhere.
        app.find("list item", where=shown)
        app.focus()
        app.key("ctrl+f")
        app.find("entry", "Search pets", where=focused)
        app.type("rex")
        app.find("label", "1 of 3 pets")
        card(app, "Rex").click()
        app.find("text", "Name", where=shown).click()
        replace_text(app, "Max", "Tab")
        pets.wait_saved("the name", lambda: pets.pet("page.json", "Max"))
        app.find("push button", "Back", where=shown)
        pets.write("page.json", {"c": SMALL["c"]})
        app.gone("push button", "Back", where=shown)


@test
def saving_leaves_the_keyboard_where_it_is():
    with pets.start("focus.json", SMALL) as app:
        app.focus()
        app.find("label", "Rex", where=shown).click(repeat=2)
        app.find("text", "Name", where=focused)
        replace_text(app, "Max", "ctrl+s")
        pets.wait_saved("the name", lambda: pets.pet("focus.json", "Max"))
        app.gone("text", "Name", where=focused)
        app.key("F2")
        app.find("text", "Name", where=focused)
        app.key("End")
        app.type("imilian")
        app.key("Return")
        pets.wait_saved("the longer name", lambda: pets.pet("focus.json", "Maximilian"))


def heights(app, role):
    return [node.box()[3] for node in app.all(role, where=lambda n: n.is_shown() and n.name[:3] in ("Rex", "Mi\n"))]


@test
def each_pet_has_one_line():
    rows = {"1": {"name": "Rex", "species": "Dog"}, "2": {"name": "Mi\nlo", "species": "Cat\nor\ndog"}}
    with pets.start("lines.json", rows) as app:
        one, other = heights(app, "table row")
        assert one == other, (one, other)
        resize(app, 360, 640)
        app.find("list item", where=shown)
        one, other = heights(app, "list item")
        assert one == other, (one, other)


@test
def columns_go_where_there_is_no_room():
    with pets.start("columns.json", SMALL) as app:
        app.find("label", "Colour", where=shown)
        app.find("label", "Born", where=shown)
        resize(app, 860, 640)
        app.gone("label", "Colour", where=shown)
        app.find("label", "Born", where=shown)
        resize(app, 560, 640)
        app.gone("label", "Breed", where=shown)
        app.find("label", "Sold", where=shown)
        resize(app, 1000, 640)
        app.find("label", "Colour", where=shown)


@test
def keys_are_enough():
    """A whole session: nothing is clicked on."""
    with pets.start("keys.json", SMALL) as app:
        app.find("label", "Zoë", where=shown)
        app.focus()
        app.key("ctrl+n")
        app.find("text", "Name", where=focused)
        app.type("Ada")
        app.key("Tab", "Return")
        app.find("text", "Species", where=focused)
        app.type("Owl")
        app.key("Tab", "Return")
        app.find("text", "Breed", where=focused)
        app.type("Snowy")
        app.key("Escape", "Tab", "F2")
        app.find("text", "Colour", where=focused)
        app.type("White")
        app.key("Tab", "Return")
        app.find("text", "Born", where=focused)
        app.type("2024-05-31")
        app.key("Tab", "Return")
        app.find("text", "Price", where=focused)
        app.type("45.5")
        app.key("Tab", "space")
        pets.wait_saved("Ada", lambda: pets.pet("keys.json", "Ada") == {
            "name": "Ada", "sold": True, "species": "Owl", "colour": "White", "born": "2024-05-31", "price": 45.5})

        # To the row above, its name, and gone with it.
        app.key("Up")
        app.key("Delete")
        pets.wait_saved("the removal", lambda: not pets.pet("keys.json", "Kim"))
        app.key("ctrl+z")
        pets.wait_saved("that it is undone", lambda: pets.pet("keys.json", "Kim"))

        # Search, down into what was found, edit it, and back.
        app.key("ctrl+f")
        app.type("beagle")
        app.find("label", "1 of 5 pets")
        app.key("Return", "Return")
        app.find("text", "Name", where=focused)
        app.key("ctrl+a")
        app.type("Rexona")
        app.key("Return")
        pets.wait_saved("the name", lambda: pets.pet("keys.json", "Rexona"))
        app.key("ctrl+f", "Escape")
        app.find("label", "5 pets")

        # Sort by the menu.
        menu(app, Sort_By="b", Price="p")
        wait("the pets by price", lambda: names(app) == ["Bo", "Zoë", "Kim"])
        app.key("ctrl+q")
        assert app.wait_for_end() == 0


DRAG = """
import sys
import gi
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GObject, Gtk
def activate(app):
    window = Gtk.ApplicationWindow(application=app, title='Source', default_width=150, default_height=150)
    label = Gtk.Label(label='Drag me')
    source = Gtk.DragSource()
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(sys.argv[1])])
    source.set_content(Gdk.ContentProvider.new_for_value(files))
    label.add_controller(source)
    window.set_child(label)
    window.present()
app = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
app.connect('activate', activate)
app.run([])
"""


@test
def takes_a_dropped_file():
    dropped = pets.path("dropped.json")
    with open(dropped, "w", encoding="utf-8") as file:
        json.dump([{"name": "Dropsy", "price": 5}, {"name": "Droopy"}], file)
    with pets.start("drop.json", SMALL) as app, App(["/usr/bin/python3", "-c", DRAG, dropped]) as source:
        run("xdotool", "windowmove", "--sync", app.window_id, "250", "0")
        run("xdotool", "windowmove", "--sync", source.window_id, "20", "300")
        source.focus()
        x, y, width, height = source.find("label", "Drag me").box()
        to_x, to_y = (a + 200 for a in app.origin())
        run("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "mousedown", "1")
        for step in range(1, 21):
            run("xdotool", "mousemove", "--sync", str(x + (to_x - x) * step // 20), str(y + (to_y - y) * step // 20))
        run("xdotool", "mouseup", "1")
        app.find("label", "2 pets imported", where=shown)
        pets.wait_saved("what was dropped", lambda: pets.pet("drop.json", "Dropsy") == {
            "name": "Dropsy", "price": 5})
        app.focus()
        app.key("ctrl+z")
        pets.wait_saved("that it is undone", lambda: pets.pets("drop.json") == SMALL)


pets.run(sys.argv[3:])
