# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds and runs programs that pages show, as whoever reads them would."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

PATIENCE = 120  # s; only a test that fails waits that long
COMPILE_C = [*shlex.split(os.environ.get("CC", "cc")), *shlex.split(os.environ.get("CFLAGS", "")),
             "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable", "-Wno-unused-value", "-Wno-unused-function",
             "-Wno-unused-parameter"]
LIBRARY = "libtstore-1"


def run(command, folder):
    """Returns what it prints."""
    done = subprocess.run(command, cwd=folder, text=True, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, shell=isinstance(command, str))
    if done.returncode or done.stderr:
        told = command if isinstance(command, str) else f"{command[0]} … {command[-1]}"
        raise AssertionError(f"{told}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def describe_without_spaces(source, build, home):
    """A shell takes what pkg-config prints apart at each space, also at one in the path of a folder."""
    folder = Path(home, "pkgconfig")
    folder.mkdir()
    places = {build: Path(home, "build"), source: Path(home, "source")}
    for path, link in places.items():
        link.symlink_to(path)
    for file in Path(build, "meson-uninstalled").glob("*.pc"):
        text = file.read_text("utf-8")
        for path, link in places.items():
            text = text.replace(path.replace(" ", "\\ "), str(link))
        Path(folder, file.name).write_text(text, "utf-8")
    os.environ["PKG_CONFIG_PATH"] = f"{folder}:{os.environ.get('PKG_CONFIG_PATH', '')}"


def prepare(source, build, home):
    """They find what is built, and this Python, by way of a folder that is theirs."""
    vapi, programs = Path(home, "vala", "vapi"), Path(home, "bin")
    vapi.mkdir(parents=True)
    programs.mkdir()
    for file in (*Path(build, "libtstore").glob("*.vapi"), *Path(build, "meson-private").glob("*.deps")):
        Path(vapi, file.name).symlink_to(file)
    Path(programs, "python3").symlink_to(sys.executable)
    describe_without_spaces(source, build, home)
    os.environ["PATH"] = f"{programs}:{os.environ['PATH']}"
    os.environ["XDG_DATA_DIRS"] = home + ":" + os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share")


def compile_program(language, source, packages):
    program = str(source.with_suffix(""))
    if language == "c":
        flags = shlex.split(run(["pkg-config", "--cflags", "--libs", *packages], None))
        run([*COMPILE_C, "-o", program, str(source), *flags], source.parent)
    else:
        wanted = [argument for package in packages for argument in ("--pkg", package)]
        run(["valac", "--quiet", "-X", "-w", "-o", program, *wanted, str(source)], source.parent)
    return [program]


def command_of(language, source, *packages):
    """What runs the program in that file, which is compiled first, if need be."""
    interpreters = {"python": [sys.executable], "js": ["gjs", "-m"]}
    if language in interpreters:
        return [*interpreters[language], str(source)]
    return compile_program(language, source, (LIBRARY, *packages))
