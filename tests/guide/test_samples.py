#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs every sample of the README, the guides and the comments that make the reference.

    test_samples.py SOURCE BUILD SERVER LANGUAGE...

A whole program is run, and prints what its page says. The commands of a section that names
files are run where these files are. Around a part of a program, `frames.py` puts the rest;
and where the comment behind a call is a value, the call has to return it. The name of each
test says what is done; nothing may be printed about a mistake."""

import ast
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import tokenize
import unittest
from functools import lru_cache
from pathlib import Path
from unittest import mock

import frames
import programs
import samples
import tap
from programs import PATIENCE, command_of, run

SOURCE, BUILD, SERVER = map(os.path.abspath, sys.argv[1:4])
LANGUAGES = sys.argv[4:]

HOME = tempfile.TemporaryDirectory()

ALL = samples.read_pages(SOURCE)
PAGES = {sample.page: [other for other in ALL if other.page == sample.page] for sample in ALL}

# A comment that is a value, or begins with one.
JS_VALUE = re.compile(r"^(\s*)([^\s/].*);\s+// ('[^']*'|-?[\d.]+|true|false|null|\[.*\])(?:, .*)?$", re.MULTILINE)


def is_settings_schema(sample):
    return sample.language == "xml" and sample.text.startswith("<schemalist>")


def prepare():
    """Nothing is kept of what they store, and what pages show of schemas, they use, and what is in the tree."""
    programs.prepare(SOURCE, BUILD, HOME.name)
    schemas = Path(HOME.name, "schemas")
    schemas.mkdir()
    for i, sample in enumerate(filter(is_settings_schema, ALL)):
        Path(schemas, f"{i}.gschema.xml").write_text(sample.text, "utf-8")
    run(["glib-compile-schemas", "--strict", str(schemas)], None)
    os.environ["GSETTINGS_SCHEMA_DIR"] = f"{schemas}:{BUILD}/data"
    os.environ["XDG_DATA_HOME"] = os.path.join(HOME.name, "data")


@lru_cache(maxsize=None)
def modules():
    import gi
    gi.require_version("TStore", "1")
    from gi.repository import Gio, GLib, TStore
    return Gio, GLib, TStore


class Server:
    """A server that takes the place of those that the pages name."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([SERVER, "--port=0", f"--folder={self.folder.name}"],
                                        stdout=subprocess.PIPE, text=True)
        self.address = re.search(r"http://\S*?:\d+", self.process.stdout.readline())[0]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.folder.cleanup()
        assert status == 0, f"the server ended with {status}"


# --- Whole programs ---

def expected_output(page):
    """What the page says that its programs print, if it does."""
    texts = [sample.text for sample in PAGES[page] if sample.language == "text"]
    assert len(texts) < 2, f"{page} does not say which text is printed"
    return texts[0] if texts else None


def check_program(test, sample):
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as folder:
        source = Path(place, "sample." + {"python": "py"}.get(sample.language, sample.language))
        source.write_text(sample.text, "utf-8")
        out = run(command_of(sample.language, source), folder)
        expected = expected_output(sample.page)
        if expected is not None:
            test.assertEqual(out, expected)
        if sample.page == "README.md":
            test.assertEqual(Path(folder, "pets.json").read_text("utf-8").strip(), expected.splitlines()[-1])


# --- Commands ---

def section_files(sample):
    return [other for other in PAGES[sample.page] if other.section == sample.section and other.file]


def check_commands(test, sample):
    """Runs them where the files of the section are, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for file in section_files(sample):
            Path(folder, file.file).write_text(file.text, "utf-8")
        out = run("set -e\n" + sample.text, folder)
        test.assertTrue(out.endswith(expected_output(sample.page)), out)


# --- Parts of programs ---

def around(sample):
    return frames.AROUND.get(sample.name, frames.AROUND.get(f"{sample.page}:{sample.language}", ("", "")))


def is_definition(sample):
    """It is only compiled, in front of the other samples of its section."""
    return sample.language == "c" and sample.text.startswith(("static ", "G_DECLARE_"))


def fill(sample, text):
    """Puts the frame around it; all at once, as what is put in may look like a mark."""
    before, after = around(sample)
    top = [other.text for other in PAGES[sample.page] if other.section == sample.section
           and other.language == sample.language and is_definition(other)]
    content = frames.CONTENT.replace('"', '\\"') if sample.language == "c" else frames.CONTENT
    if sample.language == "vala":
        content = f'"""{content}"""'
    parts = {"BEFORE": before, "AFTER": after, "TOP": "\n".join(top), "CONTENT": content,
             "SAMPLE": "" if is_definition(sample) else text}
    return re.sub("@([A-Z]+)@", lambda mark: parts[mark[1]], frames.WHOLE[sample.language])


def check_fragment(test, sample):
    text = sample.text
    server = Server() if "https://example.org" in text else None
    if server:
        test.addCleanup(server.stop)
        text = text.replace("https://example.org", server.address)
    if sample.language == "js":
        text = JS_VALUE.sub(r"\1expect(\2, \3);", text)

    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as folder:
        text = text.replace(".../", folder + "/")
        source = Path(place, "sample." + sample.language)
        source.write_text(fill(sample, text), "utf-8")
        run(command_of(sample.language, source), folder)


def comments(text):
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def as_value(comment):
    """A list with the value that the comment is, or begins with; else an empty one."""
    for part in (comment, comment.partition(", ")[0]):
        try:
            return [ast.literal_eval(part)]
        except (SyntaxError, ValueError):
            pass
    return []


def with_checks(text):
    """The tree of a sample in Python, whose calls return what the comments behind them say."""
    tree = ast.parse(text)
    told = comments(text)
    for i, statement in enumerate(tree.body):
        value = as_value(told.get(statement.end_lineno, ""))
        if isinstance(statement, ast.Expr) and value:
            check = ast.parse(f"expect(0, {value[0]!r})").body[0]
            check.value.args[0] = statement.value
            tree.body[i] = ast.copy_location(check, statement)
    return ast.fix_missing_locations(tree)


def check_python_fragment(test, sample):
    Gio, GLib, TStore = modules()

    def finish(persister, operation):
        results = []
        getattr(persister, operation + "_async")(None, lambda _persister, result: results.append(result))
        while not results:
            GLib.MainContext.default().iteration(True)
        getattr(persister, operation + "_finish")(results[0])

    store = TStore.Store()
    store.set_json(frames.CONTENT)
    names = {"Gio": Gio, "GLib": GLib, "TStore": TStore, "json": json, "store": store,
             "finish": finish, "expect": test.assertEqual, "print": lambda *args: None}
    before, after = around(sample)
    with tempfile.TemporaryDirectory() as folder, mock.patch("sys.excepthook") as raised_in_callback:
        os.chdir(folder)
        test.addCleanup(os.chdir, "/")
        exec(before, names)
        exec(compile(with_checks(sample.text), f"{sample.page}:{sample.line}", "exec"), names)
        exec(after, names)
    raised_in_callback.assert_not_called()


# --- What is neither ---

def check_compilers(test, sample):
    """Compiles what the pages show by the lines that compile; the first one installs into the system."""
    installs, *commands = sample.text.splitlines()
    test.assertIn("install", installs)
    test.assertEqual([command.split()[0] for command in commands], ["cc", "valac"])
    sources = {"example.c": ("README.md", "c"), "example.vala": ("getting-started.md", "vala")}
    with tempfile.TemporaryDirectory() as folder:
        for name, (page, language) in sources.items():
            text = next(other.text for other in PAGES[page] if other.language == language and other.is_program)
            Path(folder, name).write_text(text, "utf-8")
        run(commands[0], folder)
        test.assertEqual(run("./a.out", folder), expected_output(sample.page))
        run(commands[1], folder)
        test.assertTrue(Path(folder, "example").exists())


def check_item(test, sample):
    """Is the file of the item that the page sets."""
    Gio, _GLib, TStore = modules()

    with tempfile.TemporaryDirectory() as folder:
        storage = TStore.Storage.new(Gio.File.new_for_path(folder))
        storage.set_item("last-pet", "fido")
        test.assertEqual(Path(folder, "last-pet.ini").read_text("utf-8"), sample.text)


@lru_cache(maxsize=None)
def answers_of_server(page):
    """What the commands of the page print, one after the other on one server."""
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return "".join(run(as_script(other.text).replace("http://localhost:8042", server.address), folder)
                           for other in PAGES[page] if other.language == "sh" and other.name not in frames.NOT_RUN)
    finally:
        server.stop()


def as_script(commands):
    """A stream of events does not end."""
    commands = re.sub(r"^curl -N .*$", r"\g<0> --max-time 1 || test $? = 28", commands, flags=re.MULTILINE)
    return "set -e\n" + commands.replace("curl ", "curl --silent ")


def check_server_commands(test, sample):
    out = answers_of_server(sample.page).replace("\r", "")
    for line in sample.text.splitlines() if sample.language == "text" else []:
        if not line.startswith("Last-Modified: "):
            test.assertIn(line, out)


def check_text(test, sample):
    """The library reads it, and writes it the same."""
    _Gio, _GLib, TStore = modules()
    text = sample.text.rstrip("\n")
    if sample.section == "content":
        store = TStore.Store()
        store.set_json(text)
        test.assertEqual(store.get_json(), text)
    else:
        kind = {"changes": TStore.Changes, "schemas": TStore.Schema}[sample.section]
        test.assertEqual(kind.new_from_json(text).to_json(), text)


def check_schema(test, sample):
    """The library reads it, and leaves nothing out."""
    _Gio, _GLib, TStore = modules()
    test.assertEqual(json.loads(TStore.Schema.new_from_json(sample.text).to_json()), json.loads(sample.text))


def check_journal(test, sample):
    """Is the one that the tests keep, and read."""
    kept = Path(SOURCE, "tests", "data", "journal-1", "pets.json.tst-journal")
    test.assertEqual(kept.read_text("utf-8"), sample.text)


PARTS = {"c": check_fragment, "js": check_fragment, "python": check_python_fragment, "vala": check_fragment}

BY_NAME = {
    "README.md#use-it:sh": ("compiles, where libtstore is installed", check_compilers),
    "formats.md#changes:json": ("read and written", check_text),
    "formats.md#content:json": ("read and written", check_text),
    "formats.md#items-of-a-storage:ini": ("is what the library writes", check_item),
    "formats.md#schemas:json": ("read and written", check_text),
    "formats.md#the-journal:text": ("is what test_formats.py reads", check_journal),
    "tst-schema-json.c#tst_schema_new_from_json:json": ("read and written", check_schema),
    "tst-schema.c#tstschema:json": ("read and written", check_schema),
    "storage.md#the-files:ini": ("is what the library writes", check_item),
}


def how(sample):
    """Says how a sample is checked, and by what; None if it is not."""
    reason = frames.NOT_RUN.get(sample.name, frames.NOT_RUN.get(sample.page))
    if reason:
        return f"not run: {reason}", None
    if sample.name in BY_NAME:
        return BY_NAME[sample.name]
    if sample.page == "demo-server.md" and sample.language in ("sh", "text"):
        return "run against a server", check_server_commands
    if sample.language == "sh" and section_files(sample):
        return "run", check_commands
    if sample.file and any(other.language == "sh" for other in PAGES[sample.page]):
        return "a file of the commands of its section", None
    if is_settings_schema(sample):
        return "a schema that the samples find", None
    if sample.is_program:
        return "a program, run", check_program
    if sample.language == "text" and any(other.is_program for other in PAGES[sample.page]):
        return "what the programs of its page print", None
    if sample.language in PARTS:
        return "a part of a program, run", PARTS[sample.language]
    return None


class Samples(unittest.TestCase):
    """A test for each of them."""


def add_tests():
    for sample in ALL:
        told = how(sample)
        if told is None or told[1] is None or sample.language not in LANGUAGES:
            continue

        def check(test, sample=sample, func=told[1]):
            func(test, sample)
        setattr(Samples, f"test {sample.name}: {told[0]}", check)


class Lists(unittest.TestCase):

    def test_each_sample_is_checked(self):
        for sample in ALL:
            print(f"# {sample.page}:{sample.line}: {sample.name}: {(how(sample) or ['nobody knows how'])[0]}")
        self.assertEqual([sample.name for sample in ALL if how(sample) is None], [])

    def test_lists_hold_nothing_that_is_gone(self):
        names = {name for sample in ALL
                 for name in (sample.name, sample.page, f"{sample.page}:{sample.language}")}
        told = [*frames.AROUND, *frames.NOT_RUN, *BY_NAME]
        self.assertEqual([name for name in told if name not in names], [])


if __name__ == "__main__":
    prepare()
    add_tests()
    tap.main()
