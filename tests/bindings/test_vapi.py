#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Vala API is made without a warning.

    test_vapi.py VAPIGEN GIR METADATA PACKAGE...

The arguments are those of the build, in which nobody sees what is said."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

VAPIGEN, GIR, METADATA, *PACKAGES = sys.argv[1:]


class Vapi(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make(self, metadata):
        """Returns what is said about it."""
        Path(self.folder, Path(METADATA).name).write_text(metadata, "utf-8")
        shutil.copy(GIR, self.folder)
        done = subprocess.run(
            [VAPIGEN, "--quiet", "--library=libtstore-1", f"--directory={self.folder}",
             f"--metadatadir={self.folder}", *(f"--pkg={package}" for package in PACKAGES),
             str(self.folder / Path(GIR).name)],
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue((self.folder / "libtstore-1.vapi").exists())
        return done.stdout

    def test_no_warning(self):
        self.assertEqual(self.make(Path(METADATA).read_text("utf-8")), "")

    def test_a_warning_is_seen(self):
        """Of a line about what is not there."""
        self.assertIn("warning", self.make(Path(METADATA).read_text("utf-8") + "NoSuchClass skip\n"))


if __name__ == "__main__":
    tap.main()
