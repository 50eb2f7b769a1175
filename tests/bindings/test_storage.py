#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storages, and the persisters on them, from Python."""

import os
import tempfile
import unittest
from pathlib import Path

folder = tempfile.TemporaryDirectory()
for variable, name in (("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "runtime")):
    os.environ[variable] = str(Path(folder.name, name))
    os.mkdir(os.environ[variable], 0o700)

# GLib looks at them once.
import gi  # noqa: E402
import tap  # noqa: E402

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore  # noqa: E402

APP_ID = "org.tstore.Test"
CONTENT = '[{"pets":{"fido":{"species":"dog"}}},{}]'
PATIENCE = 20_000  # ms; only a test that fails waits that long


def wait_for(condition):
    """Runs the main loop until condition() is true."""
    late = []
    timeout = GLib.timeout_add(PATIENCE, lambda: late.append(True) or GLib.SOURCE_CONTINUE)
    try:
        while not condition():
            if late:
                raise TimeoutError
            GLib.MainContext.default().iteration(True)
    finally:
        GLib.source_remove(timeout)


def finish(persister, operation, *args):
    """Calls an asynchronous function and waits for its end."""
    results = []
    getattr(persister, operation + "_async")(*args, None, lambda _persister, result: results.append(result))
    wait_for(lambda: results)
    return getattr(persister, operation + "_finish")(results[0])


class Storages(unittest.TestCase):
    def storages(self):
        path = str(Path(folder.name, "own"))
        return (TStore.Storage.get_local(APP_ID), TStore.Storage.get_session(APP_ID),
                TStore.Storage.new(Gio.File.new_for_path(path)), TStore.Storage.new(None),
                TStore.Storage(folder=Gio.File.new_for_path(path)), TStore.Storage())

    def test_items(self):
        for storage in self.storages():
            self.assertIsNone(storage.get_item("pets"))
            self.assertTrue(storage.set_item("pets", "it's ünï 😀\n"))
            self.assertTrue(storage.set_item("a/b", ""))
            self.assertEqual(storage.get_item("pets"), "it's ünï 😀\n")
            self.assertEqual(storage.get_item("a/b"), "")
            self.assertEqual(storage.list_keys(), ["a/b", "pets"])
            self.assertTrue(storage.remove_item("pets"))
            self.assertIsNone(storage.get_item("pets"))
            self.assertTrue(storage.clear())
            self.assertEqual(storage.list_keys(), [])

    def test_places(self):
        local, session, _own, memory, _also_own, _also_memory = self.storages()
        self.assertEqual(local.get_folder().get_path(), f"{folder.name}/data/{APP_ID}/tstore")
        self.assertEqual(session.props.folder.get_path(), f"{folder.name}/runtime/app/{APP_ID}/tstore")
        self.assertIsNone(memory.props.folder)
        self.assertIs(local, TStore.Storage.get_local(APP_ID))

    def test_errors(self):
        with self.assertRaises(GLib.Error) as caught:
            TStore.Storage.get_local("../x")
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT))
        with self.assertRaises(GLib.Error) as caught:
            TStore.Storage.get_session(None)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND))

        storage = TStore.Storage.get_local("org.tstore.Damaged")
        Path(storage.get_folder().get_path(), "x.ini").write_text("garbage", "utf-8")
        with self.assertRaises(GLib.Error) as caught:
            storage.get_item("x")
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.assertIn("line 1", caught.exception.message)

    def test_changed(self):
        for storage in self.storages():
            heard, detailed = [], []
            storage.connect("changed", lambda _storage, key, heard=heard: heard.append(key))
            storage.connect("changed::pets", lambda _storage, key, heard=detailed: heard.append(key))
            storage.set_item("pets", "1")
            storage.set_item("pets", "1")
            storage.set_item("other", "1")
            wait_for(lambda heard=heard: "other" in heard)
            self.assertEqual((heard.count("pets"), detailed), (1, ["pets"]))
            storage.clear()

    def test_persisters(self):
        for kind, storage in ((TStore.LocalPersister, TStore.Storage.get_local(APP_ID)),
                              (TStore.SessionPersister, TStore.Storage.get_session(APP_ID)),
                              (TStore.SessionPersister, TStore.Storage.new(None))):
            store = TStore.Store()
            persister = kind.new(store, storage, "pets")
            self.assertTrue(finish(persister, "start_auto_persisting", CONTENT))
            wait_for(lambda storage=storage: storage.get_item("pets") == CONTENT)
            storage.set_item("pets", CONTENT.replace("dog", "wolf"))
            wait_for(lambda store=store: store.get_cell("pets", "fido", "species") == "wolf")
            store.set_cell("pets", "felix", "species", "cat")
            self.assertTrue(finish(persister, "close"))
            self.assertEqual(storage.get_item("pets"), store.get_json())

            other = kind(store=TStore.Store(), storage=storage, name="pets")
            self.assertTrue(other.load(None))
            self.assertEqual(other.get_store().get_json(), store.get_json())
            self.assertEqual((other.get_name(), other.props.storage), ("pets", storage))
            storage.clear()


if __name__ == "__main__":
    tap.main()
