#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Persisters, from Python: the file, and a medium of one's own."""

import json
import tempfile
import threading
import unittest
from pathlib import Path

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore  # noqa: E402

FIDO = {"fido": {"species": "dog", "price": 5}}
CONTENT = json.dumps([{"pets": FIDO}, {}], separators=(",", ":"))
PATIENCE = 20_000  # ms; only a test that fails waits that long


def wait_for(condition):
    """Runs the main loop until condition() is true."""
    late = []
    timeout = GLib.timeout_add(PATIENCE, lambda: late.append(True) or GLib.SOURCE_CONTINUE)
    context = GLib.MainContext.default()
    try:
        while not condition():
            if late:
                raise TimeoutError
            context.iteration(True)
    finally:
        GLib.source_remove(timeout)


def finish(persister, operation, *args):
    """Calls an asynchronous function and waits for its end."""
    results = []
    getattr(persister, operation + "_async")(*args, None, lambda _persister, result: results.append(result))
    wait_for(lambda: results)
    finish_name = operation.replace("_variant", "") + "_finish"
    return getattr(persister, finish_name)(results[0])


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "pets.json")
        self.persisters = []

    def tearDown(self):
        for persister in self.persisters:
            finish(persister, "close")
        self.assertLessEqual({path.name for path in self.path.parent.iterdir()}, {"pets.json"})
        self.folder.cleanup()

    def make(self, content=None):
        store = TStore.Store()
        if content:
            store.set_json(content)
        persister = TStore.FilePersister.new(store, Gio.File.new_for_path(str(self.path)))
        self.persisters.append(persister)
        return store, persister

    def test_what_one_store_saves_another_loads(self):
        _store, persister = self.make(CONTENT)
        self.assertTrue(persister.save(None))
        self.assertEqual(self.path.read_text("utf-8").rstrip("\n"), CONTENT)
        other, other_persister = self.make()
        self.assertTrue(other_persister.load(None))
        self.assertEqual(other.get_json(), CONTENT)

    def test_the_same_without_blocking(self):
        _store, persister = self.make(CONTENT)
        self.assertTrue(finish(persister, "save"))
        other, other_persister = self.make()
        self.assertTrue(finish(other_persister, "load"))
        self.assertEqual(other.get_json(), CONTENT)
        self.assertEqual((other_persister.get_property("n-loads"), persister.get_property("n-saves")), (1, 1))

    def test_defaults_are_for_what_is_absent(self):
        store, persister = self.make()
        self.assertTrue(finish(persister, "start_auto_load", CONTENT))
        self.assertEqual(store.get_json(), CONTENT)
        persister.save(None)
        other, other_persister = self.make()
        content = GLib.Variant("(a{sa{sa{sv}}}a{sv})", ({"shops": {"a": {"name": GLib.Variant("s", "b")}}}, {}))
        self.assertTrue(finish(other_persister, "start_auto_load_variant", content))
        self.assertEqual(other.get_json(), CONTENT)

    def test_auto_load_sees_an_outside_change(self):
        store, persister = self.make(CONTENT)
        self.assertTrue(finish(persister, "start_auto_persisting", None))
        wait_for(self.path.exists)
        self.path.write_text(CONTENT.replace("5", "6"), "utf-8")
        wait_for(lambda: store.get_cell("pets", "fido", "price") == 6)

    def test_auto_save_saves_and_close_waits_for_it(self):
        store, persister = self.make()
        self.assertTrue(finish(persister, "start_auto_save"))
        store.set_json(CONTENT)
        self.assertTrue(persister.get_property("dirty"))
        self.assertTrue(finish(self.persisters.pop(), "close"))
        self.assertFalse(persister.get_property("dirty"))
        self.assertEqual(self.path.read_text("utf-8").rstrip("\n"), CONTENT)

    def test_what_is_discarded_is_never_saved(self):
        store, persister = self.make(CONTENT)
        self.assertTrue(finish(persister, "start_auto_save"))
        store.set_cell("pets", "felix", "species", "cat")
        persister.discard()
        self.assertTrue(persister.get_property("dirty"))
        self.assertFalse(persister.get_property("auto-save"))
        self.assertEqual(self.path.read_text("utf-8"), CONTENT)

    def test_a_journal_is_folded_when_it_is_closed(self):
        self.path.write_text(CONTENT, "utf-8")
        store, persister = self.make()
        persister.set_property("journal-threshold", 0)
        self.assertEqual(persister.get_journal_threshold(), 0)
        self.assertTrue(finish(persister, "start_auto_persisting", None))
        store.set_cell("pets", "fido", "price", 6)
        self.assertTrue(finish(persister, "flush"))
        self.assertEqual(self.path.read_text("utf-8"), CONTENT)
        self.assertTrue(self.path.with_name(".pets.json.tst-journal").exists())
        self.assertTrue(finish(self.persisters.pop(), "close"))
        self.assertEqual(self.path.read_text("utf-8"), CONTENT.replace("5", "6"))

    def test_a_broken_file_is_an_error_and_changes_nothing(self):
        store, persister = self.make(CONTENT)
        self.path.write_text("[{}", "utf-8")
        with self.assertRaises(GLib.Error) as caught:
            persister.load(None)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.assertEqual(store.get_json(), CONTENT)


class MemoryPersister(TStore.Persister):
    """Keeps a store in a text, with its length as the tag."""

    def __init__(self, store):
        super().__init__(store=store)
        self.text = None
        self.listening = False

    def tag(self):
        return None if self.text is None else str(len(self.text.get_data()))

    def do_read(self, request):
        if self.text is None:
            request.return_nothing()
        else:
            request.return_text(self.text, self.tag())
        return True

    def do_write(self, request):
        if request.get_base_tag() != self.tag():
            request.return_conflict()
        else:
            self.text = request.get_text()
            request.return_saved(self.tag())
        return True

    def do_start_listening(self):
        self.listening = True
        return True

    def do_stop_listening(self):
        self.listening = False

    def change(self, text):
        self.text = GLib.Bytes.new(text.encode())
        if self.listening:
            self.notify_changed(self.tag())


class LaterPersister(MemoryPersister):
    def do_read(self, request):
        GLib.idle_add(lambda: super(LaterPersister, self).do_read(request) and GLib.SOURCE_REMOVE)
        return True


class ThreadPersister(MemoryPersister):
    def do_read(self, request):
        threading.Thread(target=super().do_read, args=(request,)).start()
        return True


class VariantPersister(TStore.Persister):
    content = None

    def do_read(self, request):
        if self.content is None:
            request.return_nothing()
        else:
            request.return_content(self.content, None)
        return True

    def do_write(self, request):
        self.content = request.get_content()
        request.return_saved(None)
        return True


class FaultyReader(TStore.Persister):
    def do_read(self, request):
        raise ValueError("a bug")


class FaultyWriter(TStore.Persister):
    def do_read(self, request):
        request.return_nothing()
        return True

    def do_write(self, request):
        raise GLib.Error.new_literal(Gio.io_error_quark(), "the disk is full", Gio.IOErrorEnum.NO_SPACE)


class Media(unittest.TestCase):
    def test_saved_and_loaded(self):
        for kind in (MemoryPersister, LaterPersister, ThreadPersister):
            with self.subTest(kind=kind.__name__):
                store = TStore.Store()
                persister = kind(store)
                store.set_json(CONTENT)
                self.assertTrue(finish(persister, "save"))
                self.assertEqual(persister.text.get_data().decode().rstrip("\n"), CONTENT)
                store.remove_tables()
                self.assertTrue(finish(persister, "load"))
                self.assertEqual(store.get_json(), CONTENT)
                finish(persister, "close")

    def test_saved_and_loaded_as_a_variant(self):
        store = TStore.Store()
        persister = VariantPersister(store=store)
        store.set_json(CONTENT)
        self.assertTrue(finish(persister, "save"))
        self.assertEqual(persister.content.unpack(), ({"pets": FIDO}, {}))
        store.remove_tables()
        self.assertTrue(finish(persister, "load"))
        self.assertEqual(store.get_json(), CONTENT)
        finish(persister, "close")

    def test_auto_persisting(self):
        store = TStore.Store()
        persister = MemoryPersister(store)
        self.assertTrue(finish(persister, "start_auto_persisting", CONTENT))
        self.assertTrue(persister.listening)
        store.set_cell("pets", "felix", "species", "cat")
        self.assertTrue(finish(persister, "flush"))
        self.assertIn(b"felix", persister.text.get_data())
        persister.change(CONTENT.replace("5", "600"))
        wait_for(lambda: store.get_cell("pets", "fido", "price") == 600)
        self.assertFalse(store.has_row("pets", "felix"))
        finish(persister, "close")
        self.assertFalse(persister.listening)

    def test_a_conflict_is_merged(self):
        store = TStore.Store()
        persister = MemoryPersister(store)
        self.assertTrue(finish(persister, "start_auto_persisting", CONTENT))
        self.assertTrue(finish(persister, "flush"))
        persister.text = GLib.Bytes.new(CONTENT.replace("5", "600").encode())  # nobody is told
        told = []
        persister.connect("conflict", lambda _, conflict: told.extend(
            (conflict.get_kind(i), conflict.get_table_id(i), conflict.get_row_id(i),
             conflict.get_cell_id(i), conflict.get_new_row_id(i))
            for i in range(conflict.get_n_entries())))
        store.set_cell("pets", "felix", "species", "cat")
        self.assertTrue(finish(persister, "flush"))
        self.assertEqual(store.get_cell("pets", "fido", "price"), 600)
        self.assertEqual(told, [])

        persister.text = GLib.Bytes.new(store.get_json().replace("600", "7000").encode())
        store.set_cell("pets", "fido", "price", 8)
        self.assertTrue(finish(persister, "flush"))
        self.assertEqual(told, [(TStore.ConflictKind.KEPT, "pets", "fido", "price", None)])
        self.assertEqual(store.get_cell("pets", "fido", "price"), 8)
        self.assertEqual(persister.text.get_data().decode().rstrip("\n"), store.get_json())
        self.assertIn("felix", store.get_json())
        finish(persister, "close")

    def test_exceptions_are_errors(self):
        store = TStore.Store()
        store.set_json(CONTENT)
        with self.assertRaises(GLib.Error) as caught:
            finish(FaultyReader(store=store), "load")
        self.assertEqual(caught.exception.message, "ValueError: a bug")
        with self.assertRaises(GLib.Error) as caught:
            finish(FaultyWriter(store=store), "save")
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NO_SPACE))
        self.assertEqual(store.get_json(), CONTENT)


if __name__ == "__main__":
    tap.main()
