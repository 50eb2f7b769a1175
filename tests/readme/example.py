#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes the examples out of the README, or a guide, and checks that they do what it says.

    example.py extract README LANGUAGE        prints the example
    example.py prints README COMMAND...       runs one in an empty folder
    example.py run README COMMAND...          the same; it leaves a file there
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def fenced(readme, language):
    """Returns the one block of that language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", Path(readme).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        sys.exit(f"{readme}: {len(blocks)} blocks of {language}, expected 1")
    return blocks[0]


def run(readme, command, leaves_file):
    expected = fenced(readme, "text")
    command = [os.path.abspath(word) if os.path.exists(word) else word for word in command]
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout
        files = {path.name: path.read_text("utf-8", "replace").rstrip("\n") for path in Path(folder).iterdir()}
    if out != expected:
        sys.exit(f"printed:\n{out}expected:\n{expected}")
    if leaves_file and files != {"pets.json": expected.splitlines()[-1]}:
        sys.exit(f"left behind: {files}")


if __name__ == "__main__":
    if sys.argv[1] == "extract":
        sys.stdout.write(fenced(sys.argv[2], sys.argv[3]))
    else:
        run(sys.argv[2], sys.argv[3:], leaves_file=sys.argv[1] == "run")
