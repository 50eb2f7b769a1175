#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes a picture of each state of the demo, to be looked at:

    run-gui-test.sh screenshots.py .../tstore-demo .../tstore-demo-server .../pets.json .../librtl.so FOLDER [STATE...]

Also made by "ninja screenshots", in the folder tests/gui/screenshots of the build. Those that
software centres show are in data/screenshots; "ninja metainfo-screenshots" takes them anew.
"""

import contextlib
import os
import sys

from gtk4ui import App, run, wait
from pets_ui import (DemoServer, Pets, button_of, edit, focused, is_called, open_preferences, show_status, shown,
                     status as status_button)

demo, server_program, sample_path, rtl, folder = sys.argv[1:6]
pets = Pets(demo, sample_path)
states = {}

# The size that AppStream asks for.
METAINFO_SIZE = (1248, 702)


def state(env=None, settings="", rows=None, whole=False, place="file", metainfo=False):
    """With whole, what is above the window is in the picture, too. Where the place is a
    server, the function gets that as well. A picture for the metainfo has its size, and
    shows what is within the window."""
    def add(func):
        states[func.__name__] = (func, env or {}, settings, rows, whole, place, metainfo)
        return func
    return add


def settled(app, path, whole=False, metainfo=False):
    """Once the picture stays the same for some looks, all has been drawn."""
    seen = []
    whole = whole or metainfo

    def look():
        app.screenshot(path, whole)
        seen.append(run("identify", "-format", "%#", path))
        return len(seen) > 4 and len(set(seen[-4:])) == 1

    wait("a picture that stays", look, timeout=60, step=0.15)
    if metainfo:
        x, y = app.origin()
        width, height = METAINFO_SIZE
        run("convert", path, "-crop", f"{width}x{height}+{x}+{y}", "+repage", "-strip", "+dither", "-colors", "256",
            "-define", "png:compression-level=9", "png8:" + path)
    elif whole:
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
    show_status(app, "Saved")


@state(whole=True)
def preferences(app):
    open_preferences(app)


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
    put_folder_in_the_way(app)


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


@state(place="server", whole=True)
def offline(app, server):
    server.stop()
    edit(app, "Opal", "Opal the Great")
    show_status(app, "Offline")


@state({"GTK_THEME": "Adwaita:dark"}, place="server")
def offline_dark(app, server):
    server.stop()
    edit(app, "Opal", "Opal the Great")
    status_button(app, "Offline")


@state(place="server", whole=True)
def merged(app, server):
    server.stop()
    edit(app, "Opal", "Opal the Great")
    status_button(app, "Offline")
    key = next(key for key, pet in pets.sample.items() if pet["name"] == "Opal")
    pets.write("pets.json", {**pets.sample, key: {**pets.sample[key], "name": "Opaline", "price": 31}})
    server.start()
    app.find("label", "1 change was merged with one made elsewhere")
    app.find("label", "31.00", where=shown)
    show_status(app, "Saved")


def put_folder_in_the_way(app):
    os.rename(pets.path("pets.json"), pets.path("old.json"))
    os.mkdir(pets.path("pets.json"))
    app.find("push button", where=is_called("Retry"))


@state()
def not_loaded(app):
    put_folder_in_the_way(app)


@state(whole=True)
def not_saved(app):
    put_folder_in_the_way(app)
    edit(app, "Opal", "Opal the Great")
    app.find("label", "Not saved")
    button_of(app, "Details").press()
    app.find("label", "Kept in")


# --- For the metainfo ---


@state(place="local", metainfo=True)
def table(app):
    app.find("label", "Chocolate and white", where=shown).click(repeat=2)
    app.find("text", "Colour", where=focused)


@state(place="local", metainfo=True)
def storage(app):
    open_preferences(app)


@state(place="server", metainfo=True)
def away(app, server):
    server.stop()
    edit(app, "Opal", "Opal the Great")
    status_button(app, "Offline")


@state({"GTK_THEME": "Adwaita:dark"}, place="local", metainfo=True)
def search(app):
    searching(app)


@contextlib.contextmanager
def start(rows, env, place):
    """What is to be passed to the function of a state."""
    if place == "file":
        with pets.start("pets.json", rows, env) as app:
            yield (app,)
            # It does not end before it has saved.
            if os.path.isdir(pets.path("pets.json")):
                os.rmdir(pets.path("pets.json"))
    elif place == "local":
        with App([demo, "--standalone", "--local"], {**pets.env(), **env}) as app:
            status_button(app, "Saved")
            yield (app,)
    else:
        pets.write("pets.json", rows)
        with DemoServer(server_program, pets.home) as server:
            with App([demo, "--standalone", "--url", server.base + "pets.json"], {**pets.env(), **env}) as app:
                status_button(app, "Saved")
                yield app, server
                if server.proc.poll() is not None:
                    server.start()


os.makedirs(folder, exist_ok=True)
config = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
os.makedirs(config, exist_ok=True)
for name in sys.argv[6:] or states:
    take, env, settings, rows, whole, place, metainfo = states[name]
    with open(os.path.join(config, "settings.ini"), "w", encoding="utf-8") as file:
        file.write(f"[Settings]\n{settings}\n")
    pets.move_to(name)
    with start(pets.sample if rows is None else rows, env, place) as context:
        app = context[0]
        app.focus()
        if metainfo:
            resize(app, *METAINFO_SIZE)
        take(*context)
        path = os.path.join(folder, name.replace("_", "-") + ".png")
        settled(app, path, whole, metainfo)
        print(path, flush=True)
