# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the demo's window share."""

import json
import os
import shutil
import tempfile
import traceback

from gtk4ui import App, wait


class Pets:
    """Files of pets in a folder of their own, and the demo to open them with."""

    def __init__(self, demo, sample_path):
        self.demo = demo
        self.folder = tempfile.mkdtemp(prefix="pets-")
        with open(sample_path, encoding="utf-8") as file:
            self.sample = json.load(file)[0]["pets"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, rows):
        with open(self.path(name), "w", encoding="utf-8") as file:
            json.dump([{"pets": rows} if rows else {}, {}], file, ensure_ascii=False)

    def rows(self, name):
        """What a file holds: it is whole at any moment."""
        with open(self.path(name), encoding="utf-8") as file:
            return json.load(file)[0].get("pets", {})

    def pet(self, name, pet):
        return next((row for row in self.rows(name).values() if row.get("name") == pet), None)

    def start(self, name, rows=None, env=None):
        """Opens a file, which is written first if there are rows."""
        if rows is not None:
            self.write(name, rows)
        # What GTK or GLib complain of ends the program, and with it the test.
        app = App([self.demo, "--standalone", self.path(name)], {"G_DEBUG": "fatal-criticals", **(env or {})})
        count = len(self.rows(name))
        app.find("label", "No Pets" if count == 0 else f"{count} pets", where=lambda n: n.is_shown())
        return app

    def wait_saved(self, what, func):
        wait(f"{what} in the file", func)

    def edit(self, app, old, new):
        app.find("label", old, where=lambda n: n.is_shown()).click(repeat=2)
        app.find("text", where=lambda n: "focused" in n.states())
        app.key("ctrl+a")
        app.type(new)
        app.key("Return")
        app.gone("text", where=lambda n: "focused" in n.states())


def run_tests(tests, pets, chosen=()):
    """Runs tests, or those that are chosen by name, and says in TAP how they went."""
    tests = [func for func in tests if not chosen or func.__name__ in chosen]
    failed = 0
    print(f"1..{len(tests)}")
    for number, func in enumerate(tests, 1):
        title = func.__name__.replace("_", " ")
        try:
            func()
            print(f"ok {number} - {title}", flush=True)
        except Exception:  # a failed test must not keep the others from running
            failed += 1
            print(f"not ok {number} - {title}", flush=True)
            traceback.print_exc()
    shutil.rmtree(pets.folder)
    return failed != 0
