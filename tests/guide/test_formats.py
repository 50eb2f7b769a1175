#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of each format and version are read, and what docs/formats.md says of them is so.

    test_formats.py DATA

What reads and writes them here knows nothing but that page."""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore  # noqa: E402

DATA = Path(sys.argv[1])
EDITED = [{"pets": {"fido": {"species": "dog", "price": 6}, "rex": {"species": "dog"}}}, {"open": False}]
SAVE, FOLD = b'","save":', b'","fold":"'


def read(name):
    return Path(DATA, name).read_text("utf-8")


def sha256(data):
    return hashlib.sha256(data).hexdigest().encode()


def finish(persister, operation):
    results = []
    getattr(persister, operation + "_async")(None, lambda _persister, result: results.append(result))
    while not results:
        GLib.MainContext.default().iteration(True)
    getattr(persister, operation + "_finish")(results[0])


# --- The journal, as the page tells it ---

class Damage(Exception):
    pass


def read_lines(journal, base):
    """The saves and folds, with their entries and digests."""
    total, lines = base, []
    *whole, torn = journal.split(b"\n")[1:]
    for i, line in enumerate(whole):
        for mark, end in (SAVE, b"}"), (FOLD, b'"}'):
            head, found, text = line.partition(mark)
            text = text.removesuffix(end)
            if found and head == b'{"sum":"' + sha256(total + mark + text):
                total = head[8:]
                lines.append((mark, text))
                break
        else:
            if whole[i + 1:] or torn:
                raise Damage(i + 2)
            break
    return lines


def split_entry(entry):
    length, _, rest = entry[1:-1].partition(b",")
    was, comma, now = rest[:int(length)], rest[int(length):int(length) + 1], rest[int(length) + 1:]
    assert comma == b","
    return json.loads(was), json.loads(now)


def apply(content, was, now):
    tables, values = content
    for table in was[0]:
        for row in was[0][table]:
            if row not in now[0].get(table, {}):
                del tables[table][row]
        if not tables[table]:
            del tables[table]
    for table in now[0]:
        tables.setdefault(table, {}).update(now[0][table])
    for value in was[1]:
        if value not in now[1]:
            del values[value]
    values.update(now[1])


def read_journaled(file, journal):
    content, base = json.loads(file), json.loads(journal.split(b"\n")[0])
    assert base["tst-journal"] == 1
    lines = read_lines(journal, base["base"].encode())
    folds = [i for i, (mark, text) in enumerate(lines) if mark == FOLD and text == sha256(file)]
    assert folds or base["base"].encode() == sha256(file)
    for mark, text in lines[folds[-1] + 1 if folds else 0:]:
        if mark == SAVE:
            apply(content, *split_entry(text))
    return content


def write_journal(base, lines):
    journal, total = b'{"tst-journal":1,"base":"' + base + b'"}\n', base
    for mark, text in lines:
        total = sha256(total + mark + text)
        journal += b'{"sum":"' + total + mark + text + (b"}\n" if mark == SAVE else b'"}\n')
    return journal


# --- Tests ---

class Folder(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "pets.json"
        self.journal = self.folder / ".pets.json.tst-journal"

    def open(self):
        store = TStore.Store()
        persister = TStore.FilePersister.new(store, Gio.File.new_for_path(str(self.path)))
        persister.set_journal_threshold(0)
        self.addCleanup(finish, persister, "close")
        return store, persister

    def load(self):
        store, persister = self.open()
        persister.load(None)
        return store

    def put(self, file, journal):
        self.path.write_bytes(file)
        self.journal.write_bytes(journal)

    def assert_loads(self, content):
        self.assertEqual(json.loads(self.load().get_json()), content)

    def assert_fails(self, message):
        with self.assertRaisesRegex(GLib.Error, message):
            self.load()


class Texts(Folder):

    def test_content_is_read_and_written_as_it_is(self):
        store = TStore.Store()
        store.set_json(read("content.json"))
        self.assertEqual(store.get_json(), read("content.json"))
        self.assertEqual(store.get_cell("odd", "strings", "removed"), "\ufffc")
        self.assertEqual(store.get_cell("odd", "strings", "marked"), "\ufffd[1]")
        self.assertEqual(store.get_cell_json("pets", "fido", "tags"), '["brown","friendly"]')
        self.assertEqual(store.get_cell("odd", "numbers", "big"), 1e21)

    def test_a_file_holds_nothing_but_the_content(self):
        shutil.copy(DATA / "content.json", self.path)
        store, persister = self.open()
        persister.load(None)
        store.set_value("open", False)
        persister.save(None)
        self.assertEqual(self.path.read_text("utf-8"), read("content.json").replace('"open":true', '"open":false'))

    def test_older_forms_say_nothing_about_values(self):
        for name in ("content-tables.json", "content-bare.json"):
            store = TStore.Store()
            store.set_json('[{},{"open":true}]')
            store.set_json(read(name))
            self.assertEqual(store.get_json(), '[{"pets":{"fido":{"species":"dog","price":5}}},{"open":true}]')

    def test_content_that_a_person_writes(self):
        store = TStore.Store()
        store.set_json(read("content-by-hand.json"))
        self.assertEqual(store.get_json(), '[{"pets":{"fido":{"species":"dog","price":5,'
                                           '"tags":"\ufffd[\\"brown\\",\\"friendly\\"]"}}},{"open":true}]')

    def test_numbers(self):
        store = TStore.Store()
        for text, written in {"5.0": "5", "5e0": "5", "-0": "0", "1e21": "1e+21", "0.0000001": "1e-7",
                              "0.000001": "0.000001", "123456789012345678901": "123456789012345680000"}.items():
            store.set_value_json("n", text)
            self.assertEqual(store.get_json(), f'[{{}},{{"n":{written}}}]')
        self.assertRaises(GLib.Error, store.set_value_json, "n", "1e400")

    def test_changes(self):
        self.assertEqual(TStore.Changes.new_from_json(read("changes.json")).to_json(), read("changes.json"))
        store = TStore.Store()
        store.set_json('[{"pets":{"fido":{"species":"dog","price":5},"felix":{"species":"cat"}},'
                       '"shops":{"a":{"name":"b"}}},{"open":true,"till":1}]')
        store.apply_changes_json(read("changes.json"))
        self.assertEqual(store.get_json(),
                         '[{"pets":{"fido":{"price":6,"note":"\ufffd\\"\ufffc\\""}}},{"till":2}]')

    def test_a_schema(self):
        self.assertEqual(TStore.Schema.new_from_json(read("schema.json")).to_json(), read("schema.json"))


class JournaledFolder(Folder):

    def setUp(self):
        super().setUp()
        self.file_1 = (DATA / "journal-1" / "pets.json").read_bytes()
        self.journal_1 = (DATA / "journal-1" / "pets.json.tst-journal").read_bytes()


class Journals(JournaledFolder):

    def test_version_1_is_read(self):
        self.assertEqual(read_journaled(self.file_1, self.journal_1), EDITED)
        self.put(self.file_1, self.journal_1)
        self.assert_loads(EDITED)

    def test_the_same_is_written_today(self):
        self.path.write_bytes(self.file_1)
        store, persister = self.open()
        persister.load(None)
        finish(persister, "start_auto_save")
        store.set_cell("pets", "fido", "price", 6)
        finish(persister, "flush")
        with store.transaction():
            store.remove_row("pets", "felix")
            store.set_cell("pets", "rex", "species", "dog")
            store.set_value("open", False)
        finish(persister, "flush")
        self.assertEqual(self.path.read_bytes(), self.file_1)
        self.assertEqual(self.journal.read_bytes(), self.journal_1)

    def test_what_the_page_says_is_enough_to_write_one(self):
        entries = read_lines(self.journal_1, sha256(self.file_1))
        self.assertEqual(write_journal(sha256(self.file_1), entries), self.journal_1)
        other = b'[{"pets":{"cujo":{"species":"wolf"}}},{}]'
        entry = b'[7,[{},{}],[{"pets":{"7":{"species":"cat"}}},{"open":true}]]'
        journal = write_journal(sha256(self.file_1), [*entries, (FOLD, sha256(other)), (SAVE, entry)])
        self.put(other, journal)
        content = [{"pets": {"cujo": {"species": "wolf"}, "7": {"species": "cat"}}}, {"open": True}]
        self.assertEqual(read_journaled(other, journal), content)
        self.assert_loads(content)

    def test_a_last_line_that_was_not_finished_is_left_out(self):
        whole = self.journal_1.splitlines(True)
        before = [{"pets": {"fido": {"species": "dog", "price": 6}, "felix": {"species": "cat"}}}, {"open": True}]
        for cut in (whole[2][:-1], whole[2][:30], whole[2].replace(b"rex", b"max")):
            journal = b"".join(whole[:2]) + cut
            self.put(self.file_1, journal)
            self.assertEqual(read_journaled(self.file_1, journal), before)
            self.assert_loads(before)
        self.put(self.file_1, whole[0][:20])
        self.assert_loads(json.loads(self.file_1))

    def test_damage_in_front_of_others_is_an_error(self):
        journal = self.journal_1.replace(b'"price":6', b'"price":7')
        self.assertRaises(Damage, read_journaled, self.file_1, journal)
        self.put(self.file_1, journal)
        self.assert_fails("damaged")

    def test_a_later_version_is_an_error(self):
        self.put(self.file_1, self.journal_1.replace(b'"tst-journal":1', b'"tst-journal":2'))
        self.assert_fails("later version")

    def test_a_file_that_was_replaced_is_merged_with_it(self):
        self.put(b'[{"pets":{"fido":{"species":"dog","price":5},"cujo":{"species":"wolf"}}},{"open":true}]',
                 self.journal_1)
        content = json.loads(self.load().get_json())
        self.assertEqual(content, [{"pets": {"fido": {"species": "dog", "price": 6}, "cujo": {"species": "wolf"},
                                             "rex": {"species": "dog"}}}, {"open": False}])


class Writers(JournaledFolder):
    """A program that knows nothing but the page replaces a file that has a journal."""

    def change(self, with_journal):
        self.put(self.file_1, self.journal_1)
        with self.path.open("rb") as file, self.journal.open("rb+") as journal:
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.flock(journal, fcntl.LOCK_EX)
            old = journal.read()
            content = read_journaled(file.read(), old)
            content[0]["pets"]["fido"]["price"] = 9
            new = self.folder / "new"
            new.write_text(json.dumps(content), "utf-8")
            if with_journal:
                lines = [*read_lines(old, sha256(self.file_1)), (FOLD, sha256(new.read_bytes()))]
                journal.write(write_journal(sha256(self.file_1), lines)[len(old):])
                journal.flush()
            os.replace(new, self.path)
            if with_journal:
                self.journal.unlink()
        return content

    def test_the_journal_wins(self):
        self.change(False)
        self.assert_loads(EDITED)

    def test_a_fold_lets_it_win(self):
        self.assert_loads(self.change(True))

    def test_a_fold_alone_changes_nothing(self):
        """As a crash in front of the rename leaves it."""
        lines = [*read_lines(self.journal_1, sha256(self.file_1)), (FOLD, sha256(b"a file that never came"))]
        self.put(self.file_1, write_journal(sha256(self.file_1), lines))
        self.assert_loads(EDITED)

    def test_a_fold_counts_where_the_journal_stays(self):
        """As a crash behind the rename leaves it."""
        content = self.change(True)
        lines = [*read_lines(self.journal_1, sha256(self.file_1)), (FOLD, sha256(self.path.read_bytes()))]
        self.journal.write_bytes(write_journal(sha256(self.file_1), lines))
        self.assert_loads(content)


class Items(Folder):

    def storage(self):
        return TStore.Storage.new(Gio.File.new_for_path(str(self.folder)))

    def test_items_are_read(self):
        for file in (DATA / "storage").iterdir():
            shutil.copy(file, self.folder)
        self.assertEqual(self.storage().get_item("last-pet"), "fido")
        self.assertEqual(self.storage().get_item("a.b/ü"), "it's \"new\"\n")
        self.assertEqual(sorted(self.storage().list_keys()), ["a.b/ü", "last-pet"])

    def test_the_same_is_written_today(self):
        self.storage().set_item("last-pet", "fido")
        self.storage().set_item("a.b/ü", "it's \"new\"\n")
        for file in (DATA / "storage").iterdir():
            self.assertEqual((self.folder / file.name).read_bytes(), file.read_bytes())

    def test_names(self):
        long = "é" * 100
        group = "%C3%A9" * 100
        names = {"": "%.ini", ".hidden": "%2Ehidden.ini", "a_b~c-d.e": "a_b~c-d.e.ini",
                 long: f"{group[:120]}%-{sha256(group.encode()).decode()}.ini"}
        for key, name in names.items():
            self.storage().set_item(key, "x")
            self.assertTrue((self.folder / name).exists(), name)


class LeftBehind(Folder):

    def test_a_temporary_file_goes_if_nobody_has_locked_it(self):
        mine, dead, other = (self.folder / f".{name}.tst-tmp"
                             for name in ("pets.json.abcdefghij01", "pets.json.abcdefghij02", "cats.json.abcdefghij03"))
        for file in (mine, dead, other):
            file.touch()
        with mine.open() as locked:
            fcntl.flock(locked, fcntl.LOCK_EX)
            store, persister = self.open()
            store.set_value("open", True)
            persister.save(None)
        self.assertEqual(set(self.folder.iterdir()), {self.path, mine, other})

    def test_what_is_replaced_unread_is_kept(self):
        self.path.write_bytes(b"no content")
        store, persister = self.open()
        store.set_value("open", True)
        persister.save(None)
        kept = self.folder / f"pets.json.corrupt-{sha256(b'no content')[:16].decode()}"
        self.assertEqual(kept.read_bytes(), b"no content")
        self.assertEqual(self.path.read_bytes(), b'[{},{"open":true}]')


if __name__ == "__main__":
    tap.main()
