#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that the simulation notices each rule that is taken out of the library.

Copies the tree into a folder under BUILD, and there, one by one, breaks the rules
of mutations_table.py and runs stories until one fails. A rule that can be broken
without that is an error: then the simulation does not go there, or its oracle
does not look.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from mutations_table import MUTATIONS

NAMES = ("README.md", "meson.build", "meson_options.txt", "data", "demo", "docs", "libtstore", "po", "tests")
PROGRAM = "tests/simulation/test-simulation"
OPTIONS = ("introspection", "vapi", "documentation", "demo", "fuzzing")
STEPS = 16_000_000
STEPS_OF_A_STORY = 250
PATIENCE = 300  # seconds, for what may have become endless
FAILED = re.compile(r"^TST_TEST_SEED=(\d+) (fails: .*|crashes)$", re.MULTILINE)
STORY = re.compile(r"^world .*\n(?:[a-z]+ \d+ \d+ \d+\n)*", re.MULTILINE)
CRASH = re.compile(r"^.*(?:ERROR|CRITICAL|Bail out).*$", re.MULTILINE)


class Problem(Exception):
    """What is wrong with a mutation, or with what it is tried on."""


class Tree:
    """A copy of the tree that can be broken, built and mended."""

    def __init__(self, source, folder):
        self.root = folder / "tree"
        self.build_folder = folder / "build"
        copies = {self.root / path.relative_to(source): path
                  for name in NAMES for path in [source / name, *(source / name).rglob("*")]
                  if path.is_file() and "__pycache__" not in path.parts}
        for target, path in copies.items():
            self.copy(path, target)
        for path in [path for path in self.root.rglob("*") if path.is_file()]:
            if path not in copies:
                path.unlink()
        if not (self.build_folder / "build.ninja").exists():
            options = [f"-D{option}=disabled" for option in OPTIONS]
            self.call("meson", "setup", self.build_folder, self.root, "-Dwerror=false", *options)

    @staticmethod
    def copy(source, target):
        """Leaves alone what is the same, so that it is not built again."""
        if target.exists() and target.read_bytes() == source.read_bytes():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    @staticmethod
    def call(*command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode != 0:
            raise Problem("does not build:\n" + done.stdout[-3000:])

    def build(self):
        self.call("ninja", "-C", self.build_folder, PROGRAM)

    def play_story(self, name):
        """Returns what it says, or None if all goes well."""
        path = self.root / "tests" / "simulation" / "stories" / f"{name}.story"
        done = subprocess.run([self.build_folder / PROGRAM, path], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=PATIENCE, check=False)
        if done.returncode == 2:
            raise Problem(done.stdout)
        failed = re.search("^FAILED: (.*)", done.stdout, re.MULTILINE)
        return failed.group(1) if failed else None

    def play(self, seed, steps, world=""):
        """Returns the output of the stories, and whether all went well."""
        env = dict(os.environ, TST_TEST_SEED=str(seed), TST_TEST_STEPS=str(steps),
                   G_TEST_SRCDIR=str(self.root / "tests"), G_DEBUG="fatal-criticals")
        env.pop("TST_TEST_SOAK", None)
        env.pop("TST_TEST_WORLD", None)
        if world:
            env["TST_TEST_WORLD"] = world
        with subprocess.Popen([self.build_folder / PROGRAM, "-p", "/simulation/random"], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace") as process:
            try:
                output, _ = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGALRM)
                output = process.communicate()[0] + "\nERROR: it does not end\n"
        return output, process.returncode == 0


def replaced(name, text, old, new):
    if text.count(old) != 1:
        raise Problem(f"{name} has {text.count(old)} times:\n{old}")
    return text.replace(old, new)


class Edit:
    """One place in one file, while it is another."""

    def __init__(self, root, name, old, new):
        self.path = root / name
        self.text = self.path.read_text("utf-8")
        self.path.write_text(replaced(name, self.text, old, new), "utf-8")

    def undo(self):
        self.path.write_text(self.text, "utf-8")


def try_mutation(tree, mutation, args):
    """Returns the seed or story that fails, what it said, and the shrunk story."""
    edits = []
    try:
        for name, old, new in mutation.edits:
            edits.append(Edit(tree.root, name, old, new))
        tree.build()
        if mutation.story and not args.search:
            said = tree.play_story(mutation.story)
            if said is None:
                raise Problem(f"not caught by {mutation.story}")
            return mutation.story, said, None
        output, passed = tree.play(args.seed, args.steps, mutation.world)
    finally:
        for edit in reversed(edits):
            edit.undo()
    if passed:
        raise Problem(f"not caught by {args.steps // STEPS_OF_A_STORY} stories")
    failed = FAILED.search(output)
    if failed is None:
        raise Problem("fails before the first story:\n" + output[-3000:])
    said = failed.group(2).removeprefix("fails: ")
    if said == "crashes":
        crash = CRASH.search(output)
        said += ": " + crash.group(0) if crash else ""
    story = STORY.search(output)
    return int(failed.group(1)), said, story.group(0) if story else None


def check_places(source, mutations):
    """Counts the rules that have the places to break them."""
    n_found = 0
    for mutation in mutations:
        texts = {name: (source / name).read_text("utf-8") for name, _old, _new in mutation.edits}
        try:
            for name, old, new in mutation.edits:
                texts[name] = replaced(name, texts[name], old, new)
            n_found += 1
        except Problem as problem:
            print(f"{mutation.rule} | {problem}")
    print(f"{n_found} of {len(mutations)} rules are where they were")
    return n_found


def check_unmutated(tree, args):
    tree.build()
    output, passed = tree.play(args.seed, args.steps)
    if not passed:
        raise Problem("fails as it is:\n" + output[-5000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, metavar="BUILD", help="the tree's build folder")
    parser.add_argument("pattern", nargs="?", default="", help="only rules with this in their name")
    parser.add_argument("--seed", type=int, default=1, help="of the first story")
    parser.add_argument("--steps", type=int, default=STEPS, help="for each rule")
    parser.add_argument("--search", action="store_true", help="for another story, also where there "
                        "is one that shows it")
    parser.add_argument("--places", action="store_true", help="only look whether each rule is where it was")
    parser.add_argument("--stories", action="store_true", help="print what is left of each story")
    args = parser.parse_args()

    source = Path(__file__).resolve().parents[2]
    chosen = [mutation for mutation in MUTATIONS if args.pattern in mutation.rule]
    if args.places:
        return 0 if check_places(source, chosen) == len(chosen) else 1
    tree = Tree(source, args.build.resolve() / "tests" / "simulation" / "mutations")
    try:
        check_unmutated(tree, args)
    except Problem as problem:
        print(f"The library {problem}")
        return 1

    n_problems = 0
    for mutation in chosen:
        try:
            seed, said, story = try_mutation(tree, mutation, args)
            print(f"{mutation.rule} | {seed} | {said}", flush=True)
            if args.stories:
                print(story, flush=True)
        except Problem as problem:
            n_problems += 1
            print(f"{mutation.rule} | {problem}", flush=True)
    print(f"{len(chosen) - n_problems} of {len(chosen)} rules are checked")
    return 1 if n_problems or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
