# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the demo's windows share."""

import json
import os
import re
import subprocess

from gtk4ui import App, Window, run, wait
from suite import Suite


def shown(node):
    return node.is_shown()


def focused(node):
    return "focused" in node.states()


def is_called(name):
    """In front of the name of a button, GTK 4.8 has it once more, with the mnemonic."""
    return lambda node: node.name == name or node.name.endswith(" " + name)


def button_of(window, name):
    return window.find("push button", where=is_called(name))


def shot(app, name):
    """With GUI_SHOTS, leaves a picture in that folder."""
    if "GUI_SHOTS" in os.environ:
        app.screenshot(os.path.join(os.environ["GUI_SHOTS"], name + ".png"), whole=True)


def resize(app, width, height):
    run("xdotool", "windowsize", "--sync", app.window_id, str(width), str(height))
    app.forget_size()


def replace_text(app, text, *keys):
    app.key("ctrl+a")
    app.type(text)
    if keys:
        app.key(*keys)


def edit(app, old, new, end="Return"):
    """Edits a cell, by what it shows."""
    app.focus()
    app.find("label", old, where=shown).click(repeat=2)
    app.find("text", where=focused)
    replace_text(app, new, end)
    # The entry is there only while it is edited in.
    app.gone("text", where=focused)


def name_file(app, title, path, button, *keys):
    """Names a file in a file chooser, as who has no mouse does."""
    dialog = Window(app, title)
    # Before anything is typed: where a list of names comes and goes, GTK 4.8 crashes when it is asked for them.
    accept = button_of(dialog, button)
    dialog.focus()
    dialog.key(*keys)
    dialog.find("text", where=focused)
    replace_text(dialog, path)

    # While GTK looks at folders, it takes nothing.
    def is_closed():
        if not app.windows(f"^{title}$"):
            return True
        accept.press()
        return False

    wait("no dialog", is_closed, step=0.2)


def open_preferences(app):
    app.focus()
    app.key("ctrl+comma")
    preferences = Window(app, "Preferences")
    preferences.find("label", "Storage", where=shown)
    return preferences


def status(app, name):
    return app.find("push button", "Storage: " + name)


def show_status(app, name):
    """What is in a popover is there while that is shown; GTK 4.8 does not tell where it is."""
    # Not by mouse: while the window manager looks at a click, a popover gets no grab.
    status(app, name).find(where=lambda n: "click" in n.actions()).press()
    app.find("label", "Kept in")


def hide_status(app):
    app.key("Escape")
    app.gone("label", "Kept in")


def dialog_of(app):
    """A message dialog: it has no title."""
    def find():
        return next((child for child in app.children() if child.role in ("alert", "dialog")), None)
    return wait("the dialog", find)


def answer(app, button):
    dialog = dialog_of(app)
    before = set(app.windows())
    button_of(dialog, button).press()
    # That may be the end of the program.
    wait("no dialog", lambda: app.proc.poll() is not None or before - set(app.windows()))


class DemoServer:
    """The demo's server, which can go away and come back at the same address."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.port = 0
        self.start()

    def start(self):
        self.proc = subprocess.Popen([self.program, "--folder", self.folder, "--port", str(self.port)],
                                     stdout=subprocess.PIPE, text=True)
        self.base = self.proc.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.base)[1])

    def stop(self):
        self.proc.terminate()
        self.proc.wait()
        self.proc.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        if self.proc.poll() is None:
            self.stop()


class Pets(Suite):
    """The demo with a window, on files of pets."""

    def __init__(self, demo, sample_path):
        super().__init__(demo)
        with open(sample_path, encoding="utf-8") as file:
            self.sample = json.load(file)[0]["pets"]

    def start(self, name, rows=None, env=None):
        """Opens a file, which is written first if there are rows."""
        if rows is not None:
            self.write(name, rows)
        app = self.open(name, env)
        count = len(self.pets(name))
        app.find("label", "No Pets" if count == 0 else f"{count} pets", where=shown)
        return app

    def open(self, name, env=None):
        # What GTK or GLib complain of ends the program, and with it the test.
        return App([self.demo, "--standalone", self.path(name)],
                   {"G_DEBUG": "fatal-criticals", **self.env(), **(env or {})})

    def pet(self, name, pet):
        return next((row for row in self.pets(name).values() if row.get("name") == pet), None)

    def wait_saved(self, what, func):
        wait(f"{what} in the file", func)
