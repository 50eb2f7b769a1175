#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes a picture of each state of the demo, to be looked at:

    run-gui-test.sh screenshots.py .../tstore-demo .../pets.json .../librtl.so FOLDER [STATE...]

Also made by "ninja screenshots", in the folder tests/gui/screenshots of the build.
"""

import os
import sys

from gtk4ui import Window, run, wait
from pets_ui import Pets, focused, is_called, shown

demo, sample_path, rtl, folder = sys.argv[1:5]
pets = Pets(demo, sample_path)
states = {}


def state(env=None, settings="", rows=None, whole=False):
    """With whole, what is above the window is in the picture, too."""
    def add(func):
        states[func.__name__] = (func, env or {}, settings, rows, whole)
        return func
    return add


def settled(app, path, whole=False):
    """Once the picture stays the same for some looks, all has been drawn."""
    seen = []

    def look():
        app.screenshot(path, whole)
        seen.append(run("identify", "-format", "%#", path))
        return len(seen) > 4 and len(set(seen[-4:])) == 1

    wait("a picture that stays", look, timeout=60, step=0.15)
    if whole:
        run("convert", path, "-trim", path)


def resize(app, width, height):
    # What is hidden when it is narrow makes room for the last pixels.
    for _ in range(2):
        run("xdotool", "windowsize", app.window_id, str(width), str(height))
        settled(app, os.path.join(pets.folder, "look.png"))
    app.forget_size()


@state()
def filled(app):
    pass


@state(rows={})
def empty(app):
    pass


@state()
def searching(app):
    app.type("cat")
    app.find("label", where=lambda n: " of " in n.name and n.is_shown())


@state()
def nothing_found(app):
    app.type("unicorn")
    app.find("label", "No Results Found", where=shown)


@state()
def editing(app):
    app.find("label", "Opal", where=shown).click()
    app.key("Delete")
    app.find("label", "Chocolate and white", where=shown).click(repeat=2)
    app.find("text", "Colour", where=focused)


@state()
def sorted_by_price(app):
    app.find("label", "Price", where=shown).click()


@state(whole=True)
def menu(app):
    app.key("F10")
    app.find("menu item", "Import…", where=shown)


@state(whole=True)
def status(app):
    app.find("push button", "Storage: Saved").first(where=lambda n: "click" in n.actions()).press()
    app.find("label", "Kept in")


@state(whole=True)
def preferences(app):
    app.key("ctrl+comma")
    Window(app, "Preferences").find("label", "Storage", where=shown)


@state({"GTK_THEME": "Adwaita:dark"}, whole=True)
def preferences_dark(app):
    preferences(app)


@state({"LD_PRELOAD": rtl}, whole=True)
def preferences_right_to_left(app):
    preferences(app)


@state(whole=True)
def shortcuts(app):
    app.key("F1")
    app.find("label", "Quit", where=shown)


@state({"GTK_THEME": "Adwaita:dark"})
def dark(app):
    editing(app)


@state({"GTK_THEME": "Default-hc"})
def high_contrast(app):
    editing(app)


@state({"GTK_THEME": "Default-hc-dark"})
def high_contrast_dark(app):
    editing(app)


@state(settings="gtk-font-name=Sans 15")
def large_text(app):
    app.find("label", "Dutch", where=shown).click(repeat=2)
    app.find("text", "Breed", where=focused)


@state({"LD_PRELOAD": rtl})
def right_to_left(app):
    app.find("label", "Opal", where=shown).click()


@state({"LD_PRELOAD": rtl})
def right_to_left_narrow(app):
    resize(app, 360, 640)
    app.find("list item", where=lambda n: n.name.startswith("Mochi") and n.is_shown())


@state()
def medium(app):
    resize(app, 600, 640)


@state()
def narrow(app):
    resize(app, 360, 640)
    app.find("list item", where=lambda n: n.name.startswith("Mochi") and n.is_shown())


@state()
def narrow_pet(app):
    narrow(app)
    app.find("list item", where=lambda n: n.name.startswith("Mochi") and n.is_shown()).click()
    app.find("push button", "Remove Pet", where=shown)


@state(whole=True)
def narrow_status(app):
    narrow(app)
    status(app)


@state()
def narrow_problem(app):
    narrow(app)
    path = pets.path("narrow_problem.json")
    os.rename(path, path + ".old")
    os.mkdir(path)
    app.find("push button", where=is_called("Retry"))


@state({"GTK_THEME": "Adwaita:dark"}, settings="gtk-font-name=Sans 15")
def narrow_dark_large(app):
    narrow(app)


@state()
def narrow_search(app):
    resize(app, 360, 640)
    app.key("ctrl+f")
    app.find("entry", "Search pets", where=focused)
    app.type("cat")
    app.find("label", where=lambda n: " of " in n.name and n.is_shown())


os.makedirs(folder, exist_ok=True)
config = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
os.makedirs(config, exist_ok=True)
for name in sys.argv[5:] or states:
    take, env, settings, rows, whole = states[name]
    with open(os.path.join(config, "settings.ini"), "w", encoding="utf-8") as file:
        file.write(f"[Settings]\n{settings}\n")
    pets.move_to(name)
    with pets.start(f"{name}.json", pets.sample if rows is None else rows, env) as app:
        app.focus()
        take(app)
        path = os.path.join(folder, name.replace("_", "-") + ".png")
        settled(app, path, whole)
        print(path, flush=True)
