#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Persisters whose medium is made of functions, from Python."""

import gc
import hashlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
import weakref
from pathlib import Path

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore  # noqa: E402
from test_persister import CONTENT, finish, wait_for  # noqa: E402


class Shelf:
    """A dictionary with versions that several persisters share; `has_tags` tells of them."""

    def __init__(self, has_tags=True):
        self.content = {}
        self.version = 0
        self.has_tags = has_tags
        self.persisters = []

    def held_tag(self):
        if not self.content:
            return None
        if self.has_tags:
            return str(self.version)
        return hashlib.sha256(self.content["json"].encode()).hexdigest()

    def tag(self):
        return self.held_tag() if self.has_tags else None

    def read(self, persister, request):
        if self.content:
            request.return_json(self.content["json"], self.tag())
        else:
            request.return_nothing()

    def write(self, persister, request):
        if request.get_base_tag() != self.held_tag():
            request.return_conflict()
            return
        self.put(request.get_json(), persister)
        request.return_saved(self.tag())

    def put(self, json, writer=None):
        self.content["json"] = json
        self.version += 1
        for persister in self.persisters:
            persister.notify_changed(self.tag())

    def start_listening(self, persister):
        self.persisters.append(persister)

    def stop_listening(self, persister):
        self.persisters.remove(persister)

    def persister(self, store, **functions):
        functions = {name: getattr(self, name)
                     for name in ("read", "write", "start_listening", "stop_listening")} | functions
        return TStore.CustomPersister.new(store, **functions)


def failure(persister, operation, *args):
    """Returns the error with which an operation fails."""
    try:
        finish(persister, operation, *args)
    except GLib.Error as error:
        return error
    raise AssertionError("an error was expected")


def is_not_answered(error):
    return error.matches(TStore.error_quark(), TStore.Error.NOT_ANSWERED)


def no_space():
    return GLib.Error.new_literal(Gio.io_error_quark(), "the disk is full", Gio.IOErrorEnum.NO_SPACE)


def raises(error):
    def function(*args):
        raise error
    return function


class Functions(unittest.TestCase):
    def setUp(self):
        self.shelf = Shelf()
        self.store = TStore.Store()

    def test_one_after_the_other(self):
        persister = TStore.CustomPersister.new(self.store)
        calls = []

        def read(persister, request, *data):
            calls.append(data)
            self.shelf.read(persister, request)
            return True

        persister.set_read_func(read, "some", "data")
        persister.set_write_func(self.shelf.write)
        self.store.set_json(CONTENT)
        self.assertTrue(finish(persister, "save"))
        self.assertEqual(self.shelf.content["json"], CONTENT)
        self.store.remove_tables()
        self.assertTrue(finish(persister, "load"))
        self.assertEqual(self.store.get_json(), CONTENT)
        self.assertEqual(calls, [("some", "data")] * 2)
        persister.set_write_func(None)
        self.assertTrue(failure(persister, "save").matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_SUPPORTED))
        finish(persister, "close")

    def test_later_and_in_a_thread(self):
        self.shelf.put(CONTENT)
        later = []
        for read in (lambda _persister, request: later.append(request),
                     lambda *args: threading.Thread(target=self.shelf.read, args=args).start()):
            self.store.remove_tables()
            persister = self.shelf.persister(self.store, read=read)
            GLib.timeout_add(10, lambda: not (later and (self.shelf.read(None, later.pop()) or True)))
            self.assertTrue(finish(persister, "load"))
            self.assertEqual(self.store.get_json(), CONTENT)
            finish(persister, "close")

    def test_as_variants_and_bytes(self):
        kept = []

        def read(_persister, request):
            if isinstance(kept[0], GLib.Bytes):
                request.return_text(kept[0])
            else:
                request.return_content(kept[0])

        for get in ("get_content", "get_text"):
            def write(_persister, request):
                kept[:] = [getattr(request, get)()]
                request.return_saved()

            self.store.set_json(CONTENT)
            persister = TStore.CustomPersister.new(self.store, write=write)
            self.assertTrue(finish(persister, "save"))
            persister.set_read_func(read)
            self.store.remove_tables()
            self.assertTrue(finish(persister, "load"))
            self.assertEqual(self.store.get_json(), CONTENT)
            finish(persister, "close")

    def test_exceptions_are_errors_with_their_message(self):
        persister = self.shelf.persister(self.store, read=raises(ValueError("a bug")))
        error = failure(persister, "load")
        self.assertEqual(error.message, "ValueError: a bug")
        self.assertTrue(error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.FAILED))
        self.assertEqual(failure(persister, "start_auto_load", None).message, "ValueError: a bug")
        persister.stop_auto_load()

        persister.set_read_func(raises(no_space()))
        self.assertTrue(failure(persister, "load").matches(Gio.io_error_quark(), Gio.IOErrorEnum.NO_SPACE))
        persister.set_read_func(lambda _persister, request: request.return_error(KeyError("x")))
        self.assertEqual(failure(persister, "load").message, "KeyError: 'x'")

        persister.set_read_func(self.shelf.read)
        self.assertTrue(finish(persister, "load"))
        self.store.set_json(CONTENT)
        persister.set_write_func(raises(ValueError("a bug")))
        self.assertEqual(failure(persister, "save").message, "ValueError: a bug")
        self.assertEqual(persister.get_last_error().message, "ValueError: a bug")
        self.assertTrue(persister.get_dirty())
        persister.set_write_func(self.shelf.write)
        self.assertTrue(finish(persister, "save"))
        self.assertEqual(self.shelf.content["json"], CONTENT)

        persister.set_start_listening_func(raises(ValueError("a bug")))
        self.assertEqual(failure(persister, "start_auto_load", None).message, "ValueError: a bug")
        self.assertFalse(persister.get_auto_load())
        finish(persister, "close")

    def test_requests_that_are_not_answered(self):
        persister = self.shelf.persister(self.store, read=lambda *args: None)
        self.assertTrue(is_not_answered(failure(persister, "load")))
        persister.set_read_func(lambda *args: False)
        self.assertTrue(is_not_answered(failure(persister, "load")))

        held = []
        persister.set_read_func(lambda _persister, request: held.append(request))
        persister.set_request_timeout(20)
        self.assertTrue(failure(persister, "load").matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT))
        self.assertTrue(held[0].get_cancellable().is_cancelled())
        held[0].return_json(CONTENT)
        finish(persister, "close")
        held[0].return_json(CONTENT)
        del persister
        held[0].return_json(CONTENT)
        self.assertEqual(self.store.get_json(), "[{},{}]")

    def test_answered_twice_and_wrongly(self):
        def twice(_persister, request):
            request.return_json(CONTENT)
            request.return_nothing()

        persister = self.shelf.persister(self.store, read=twice)
        self.assertTrue(finish(persister, "load"))
        self.assertEqual(self.store.get_json(), CONTENT)
        persister.set_read_func(lambda _persister, request: request.return_saved())
        self.assertTrue(failure(persister, "load").matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT))
        finish(persister, "close")

    def test_functions_may_use_the_persister_and_the_store(self):
        done = []

        def read(persister, request):
            persister.load_async(None, lambda persister, result: done.append(persister.load_finish(result)))
            persister.set_read_func(self.shelf.read)
            self.shelf.read(persister, request)

        def write(persister, request):
            persister.set_write_func(self.shelf.write)
            persister.save_async(None, lambda persister, result: done.append(persister.save_finish(result)))
            self.store.set_cell("pets", "toto", "species", "dog")
            self.shelf.write(persister, request)

        def start_listening(persister):
            self.shelf.start_listening(persister)
            persister.close_async(None, lambda persister, result: done.append(persister.close_finish(result)))

        persister = self.shelf.persister(self.store, read=read, write=write, start_listening=start_listening)
        self.assertTrue(finish(persister, "load"))
        self.store.set_json(CONTENT)
        self.assertTrue(finish(persister, "save"))
        wait_for(lambda: done == [True, True])
        self.assertIn("toto", self.shelf.content["json"])
        error = failure(persister, "start_auto_load", None)
        self.assertTrue(error.matches(TStore.error_quark(), TStore.Error.CLOSED) or
                        error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED), error)
        self.assertEqual((done, self.shelf.persisters), ([True] * 3, []))

    def test_nothing_is_kept(self):
        persister = self.shelf.persister(self.store)
        alive = weakref.ref(self.shelf)
        finish(persister, "start_auto_persisting", CONTENT)
        finish(persister, "close")
        del persister, self.shelf
        gc.collect()
        self.assertIsNone(alive())

    def test_a_transaction_does_not_stay_open(self):
        """F37: an exception in the middle of one undoes it, and what was there is saved."""
        persister = self.shelf.persister(self.store)
        finish(persister, "start_auto_persisting", CONTENT)
        with self.assertRaises(ValueError), self.store.transaction():
            self.store.remove_tables()
            raise ValueError
        finish(persister, "close")
        self.assertEqual(self.shelf.content["json"], CONTENT)


class Merging(unittest.TestCase):
    def merge(self, has_tags):
        shelf = Shelf(has_tags)
        stores = [TStore.Store(), TStore.Store()]
        told = []
        stores[0].set_json(CONTENT)
        persisters = [shelf.persister(store) for store in stores]
        for persister in persisters:
            finish(persister, "start_auto_persisting", None)
            persister.connect("conflict", lambda _, conflict: told.extend(
                (conflict.get_kind(i), conflict.get_table_id(i), conflict.get_row_id(i), conflict.get_cell_id(i))
                for i in range(conflict.get_n_entries())))
        self.assertEqual(stores[1].get_json(), CONTENT)
        # One that still reads, which it does without tags, would save last.
        wait_for(lambda: all(persister.get_status() == TStore.PersisterStatus.IDLE for persister in persisters))

        stores[0].set_cell("pets", "fido", "price", 6)
        stores[0].set_cell("pets", "felix", "species", "cat")
        stores[1].set_cell("pets", "fido", "price", 7)
        stores[1].set_cell("pets", "toto", "species", "dog")
        wait_for(lambda: all(store.has_row("pets", "felix") and store.has_row("pets", "toto")
                             and store.get_cell("pets", "fido", "price") == 7 for store in stores))
        wait_for(lambda: all(persister.get_status() == TStore.PersisterStatus.IDLE for persister in persisters))
        self.assertEqual(told, [(TStore.ConflictKind.KEPT, "pets", "fido", "price")])
        self.assertFalse(any(persister.get_dirty() for persister in persisters))
        for persister in persisters:
            finish(persister, "close")

    def test_two_on_one_shelf(self):
        """F22"""
        self.merge(True)

    def test_two_on_one_shelf_without_tags(self):
        """F22"""
        self.merge(False)


class Table:
    """A row of an SQLite table, which other connections write to as well."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None, timeout=20)
        self.database.execute("CREATE TABLE IF NOT EXISTS stores (name TEXT PRIMARY KEY, json TEXT, version INTEGER)")
        self.source = 0

    def read(self, _persister, request):
        row = self.database.execute("SELECT json, version FROM stores WHERE name = 'pets'").fetchone()
        if row:
            request.return_json(row[0], str(row[1]))
        else:
            request.return_nothing()

    def write(self, _persister, request):
        version = int(request.get_base_tag() or 0)
        self.database.execute("INSERT OR IGNORE INTO stores VALUES ('pets', NULL, 0)")
        written = self.database.execute("UPDATE stores SET json = ?, version = version + 1"
                                        " WHERE name = 'pets' AND version = ?", (request.get_json(), version))
        if written.rowcount:
            request.return_saved(str(version + 1))
        else:
            request.return_conflict()

    def start_listening(self, persister):
        version = self.data_version()

        def look():
            nonlocal version
            if version != self.data_version():
                version = self.data_version()
                persister.notify_changed()
            return GLib.SOURCE_CONTINUE

        self.source = GLib.timeout_add(10, look)

    def stop_listening(self, _persister):
        GLib.source_remove(self.source)

    def data_version(self):
        """What SQLite changes when another connection has written."""
        return self.database.execute("PRAGMA data_version").fetchone()[0]

    def persister(self, store):
        return TStore.CustomPersister.new(store, self.read, self.write, self.start_listening, self.stop_listening)


class Database(unittest.TestCase):
    def test_two_connections(self):
        with tempfile.TemporaryDirectory() as folder:
            stores = [TStore.Store(), TStore.Store()]
            tables = [Table(Path(folder, "pets.db")) for _store in stores]
            persisters = [table.persister(store) for table, store in zip(tables, stores)]
            for persister in persisters:
                self.assertTrue(finish(persister, "start_auto_persisting", CONTENT))
            for i, store in enumerate(stores):
                store.set_cell("pets", f"toto{i}", "species", "dog")
            wait_for(lambda: all(store.has_row("pets", f"toto{i}") for store in stores for i in range(2)))
            for persister in persisters:
                finish(persister, "close")
            json = tables[0].database.execute("SELECT json FROM stores").fetchall()
            self.assertEqual(len(json), 1)
            self.assertIn("toto0", json[0][0])
            self.assertIn("toto1", json[0][0])
            for table in tables:
                table.database.close()


LOSE = """
import sys
import gi
gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore
from test_custom import finish

def read(persister, request):
    request.return_nothing()

def write(persister, request):
    print(request.get_json(), flush=True)
    request.return_saved()

class Printer(TStore.Persister):
    do_read, do_write = read, write

def make(kind, store, path):
    if kind == "file":
        return TStore.FilePersister.new(store, Gio.File.new_for_path(path))
    return Printer(store=store) if kind == "class" else TStore.CustomPersister.new(store, read, write)

store = TStore.Store()
persister = make(sys.argv[1], store, sys.argv[3])
finish(persister, "start_auto_save")
store.set_cell("pets", "fido", "species", "dog")
if sys.argv[2] == "transaction":
    store.begin()
    store.set_cell("pets", "felix", "species", "cat")
    del persister
    store.rollback()
    while GLib.MainContext.default().iteration(False):
        pass
elif sys.argv[2] == "drop":
    del persister
elif sys.argv[2] == "raise":
    raise ValueError
"""


class Losing(unittest.TestCase):
    def lose(self, kind, how, path="none"):
        result = subprocess.run([sys.executable, "-c", LOSE, kind, how, path], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, timeout=60, cwd=Path(__file__).parent)
        self.assertIn("lost its last reference", result.stderr)
        return result.stdout.splitlines()

    def test_what_is_dirty_at_the_end_is_saved(self):
        for kind in ("functions", "class"):
            for how in ("exit", "raise", "drop"):
                with self.subTest(kind=kind, how=how):
                    self.assertEqual(self.lose(kind, how), ["[{},{}]", '[{"pets":{"fido":{"species":"dog"}}},{}]'])

    def test_also_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pets.json")
            self.lose("file", "exit", str(path))
            self.assertIn("fido", path.read_text("utf-8"))

    def test_dropped_in_a_transaction(self):
        self.assertEqual(self.lose("functions", "transaction")[1:], ['[{"pets":{"fido":{"species":"dog"}}},{}]'])


if __name__ == "__main__":
    tap.main()
