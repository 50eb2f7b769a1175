#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual pages of the demo and of its server tell of each option, and of no other one.

    test_manuals.py PROGRAM MANUAL [PROGRAM MANUAL]..."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import tap

PAIRS = list(zip(sys.argv[1::2], sys.argv[2::2]))
OPTION = re.compile(r"--[a-z][a-z-]*")
# Of every program with GTK, not of this one.
OF_OTHERS = {"--help-all", "--help-gapplication"}


class Manuals(unittest.TestCase):

    def test_options(self):
        self.assertTrue(PAIRS)
        for program, manual in PAIRS:
            out = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
            told = set(OPTION.findall(" ".join(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", out, re.MULTILINE))))
            text = Path(manual).read_text("utf-8").replace("\\-", "-")
            entries = set(OPTION.findall(" ".join(re.findall(r"^\.TP\n(\.BR? .*)$", text, re.MULTILINE))))
            with self.subTest(manual):
                self.assertEqual(entries, told - OF_OTHERS)

    if shutil.which("groff"):
        def test_roff(self):
            for _program, manual in PAIRS:
                out = subprocess.run(["groff", "-man", "-ww", "-z", "-K", "utf8", manual], capture_output=True,
                                     timeout=60, check=True)
                with self.subTest(manual):
                    self.assertEqual((out.stdout, out.stderr), (b"", b""))


if __name__ == "__main__":
    tap.main()
