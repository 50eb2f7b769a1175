# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the test programs of the demo share: they print TAP, and leave nothing behind."""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

from gi.repository import GLib


class Suite:
    """Runs functions that are decorated with test, each in a home of its own."""

    def __init__(self, demo):
        self.demo = os.path.abspath(demo)
        self.folder = tempfile.mkdtemp(prefix="pets-")
        self.tests = []
        self.home = self.folder

    def test(self, func):
        self.tests.append(func)
        return func

    def move_to(self, name):
        """Nothing is remembered from before: neither pets nor the size of a window."""
        self.home = os.path.join(self.folder, name)
        os.makedirs(self.path("run"), mode=0o700)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def env(self):
        """Where the demo finds its data and that of the session."""
        return {"XDG_DATA_HOME": self.path("data"), "XDG_RUNTIME_DIR": self.path("run")}

    def command(self, *args):
        """Runs the demo without a display."""
        env = {key: value for key, value in os.environ.items()
               if key not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        return subprocess.run([self.demo, *args], env={**env, **self.env()}, capture_output=True, text=True,
                              check=False, cwd=self.home)

    def write(self, name, pets):
        """Replaces a file as other programs do: whole."""
        with open(self.path(name + ".new"), "w", encoding="utf-8") as file:
            json.dump([{"pets": pets} if pets else {}, {}], file, ensure_ascii=False)
        os.rename(self.path(name + ".new"), self.path(name))

    def pets(self, name):
        """What a file holds: it is whole at any moment."""
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return json.load(file)[0].get("pets", {})
        except FileNotFoundError:
            return {}

    def item(self, base, key):
        """What an item of a storage of the demo holds."""
        for path in glob.glob(self.path(base, "**", "tstore", key + ".ini"), recursive=True):
            keys = GLib.KeyFile()
            keys.load_from_file(path, GLib.KeyFileFlags.NONE)
            return json.loads(GLib.Variant.parse(None, keys.get_value(key, "content"), None, None).unpack())
        return [{}, {}]

    def names(self, pets):
        return sorted(pet.get("name") for pet in pets.values())

    def local(self):
        return self.names(self.item("data", "pets")[0].get("pets", {}))

    def session(self):
        return self.names(self.item("run", "pets")[0].get("pets", {}))

    def file(self, name):
        return self.names(self.pets(name))

    def preferences(self):
        return self.item("data", "preferences")[1]

    def run(self, chosen):
        """Runs all tests, or those that are named."""
        tests = [func for func in self.tests if not chosen or func.__name__ in chosen]
        failed = 0
        print(f"1..{len(tests)}")
        for number, func in enumerate(tests, 1):
            self.move_to(func.__name__)
            title = func.__name__.replace("_", " ")
            try:
                func()
                print(f"ok {number} - {title}", flush=True)
            except Exception:  # a failed test must not keep the others from running
                failed += 1
                print(f"not ok {number} - {title}", flush=True)
                traceback.print_exc()
        shutil.rmtree(self.folder)
        sys.exit(failed != 0)
