#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests/packages.sh says is missing, where another program than apt installs packages."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PACKAGES = Path(sys.argv.pop(1)).absolute()
TOOLS = ("sh", "awk", "sort")

# What is asked of each, about one package that is installed and one that is not.
MANAGERS = {
    "dnf": ("rpm", "-q --whatprovides", "dnf install", "gtk4-devel", "meson xprop xwininfo"),
    "zypper": ("rpm", "-q --whatprovides", "zypper install", "gtk4-devel", "meson xprop xwininfo"),
    "pacman": ("pacman", "-T", "pacman -S", "gtk4", "meson xorg-xprop xorg-xwininfo"),
    "apk": ("apk", "info -e", "apk add", "gtk4.0-dev", "meson xprop xwininfo"),
}


class Elsewhere(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.programs = Path(folder.name)
        for tool in TOOLS:
            Path(self.programs, tool).symlink_to(shutil.which(tool))

    def add_program(self, name, body):
        path = Path(self.programs, name)
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)

    def need(self, *packages, **env):
        script = f". '{PACKAGES}'; need_packages {' '.join(packages)}"
        done = subprocess.run([Path(self.programs, "sh"), "-euc", script], capture_output=True, text=True,
                              env={"PATH": str(self.programs), **env}, check=False)
        return done.returncode, done.stderr

    def test_says_what_is_missing_by_the_names_there(self):
        for manager, (query, options, install, installed, missing) in MANAGERS.items():
            with self.subTest(manager=manager):
                self.add_program(manager, "exit 9")
                self.add_program(query, f'[ "$*" = "{options} {installed}" ]')
                self.assertEqual(self.need("libgtk-4-dev", "meson", "x11-utils"),
                                 (0, f"Please install as root: {install} {missing}\n"))
                self.add_program(query, "exit 0")
                self.assertEqual(self.need("libgtk-4-dev", "meson", "x11-utils"), (0, ""))
                for name in (manager, query):
                    Path(self.programs, name).unlink(missing_ok=True)

    def test_ci_installs_or_fails(self):
        self.add_program("dnf", "exit 9")
        status, said = self.need("meson", CI="true")
        self.assertEqual(status, 1)
        self.assertIn("CI needs apt-get", said)

    def test_somewhere_else_meson_will_tell(self):
        self.assertEqual(self.need("meson"), (0, ""))


class Table(unittest.TestCase):
    def test_has_every_package_that_is_needed(self):
        text = PACKAGES.read_text("utf-8")
        needed = {name for names in re.findall(r"^packages_\w+='([^'\n]+)'$", text, re.MULTILINE) for name in names.split()}
        needed |= {"nodejs", "npm"}
        rows = re.search(r"^packages_elsewhere='\n(.*?)'", text, re.MULTILINE | re.DOTALL)[1].splitlines()
        self.assertEqual([row for row in rows if len(row.split()) != 5], [])
        self.assertEqual(needed - {row.split()[0] for row in rows}, set())


if __name__ == "__main__":
    os.environ.pop("CI", None)
    unittest.main()
