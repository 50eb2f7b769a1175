#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The store, from Python."""

import gc
import json
import sys
import unittest
import weakref

import gi
import tap

gi.require_version("Json", "1.0")
gi.require_version("TStore", "1")
from gi.repository import GLib, GObject, Json, TStore  # noqa: E402

FIDO = {"fido": {"species": "dog", "price": 5}}


def make_store():
    store = TStore.Store()
    store.set_table_json("pets", json.dumps(FIDO))
    return store


class Cells(unittest.TestCase):
    def test_every_type_goes_in_and_comes_out(self):
        store = TStore.Store()
        for value, kind in ((None, "NULL"), ("dog", "STRING"), ("", "STRING"), ("Ünï 😀", "STRING"),
                            (5, "NUMBER"), (-2.5, "NUMBER"), (0, "NUMBER"), (True, "BOOLEAN"), (False, "BOOLEAN")):
            with self.subTest(value=value):
                store.set_cell("t", "r", "c", value)
                self.assertEqual(store.get_cell("t", "r", "c"), value)
                self.assertEqual(store.get_cell_type("t", "r", "c"), getattr(TStore.CellType, kind))
                store.set_value("v", value)
                self.assertEqual(store.get_value("v"), value)
                self.assertEqual(store.get_value_type("v"), getattr(TStore.CellType, kind))

    def test_a_boolean_is_no_number(self):
        store = TStore.Store()
        store.set_cell("t", "r", "c", True)
        self.assertIs(store.get_cell("t", "r", "c"), True)
        store.set_cell("t", "r", "c", 1)
        self.assertIsInstance(store.get_cell("t", "r", "c"), float)

    def test_large_integers_are_numbers(self):
        store = TStore.Store()
        for number in (2**31, -2**31 - 1, 2**53, 2**63, 2**64, 10**300):
            with self.subTest(number=number):
                store.set_cell("t", "r", "c", number)
                self.assertEqual(store.get_cell("t", "r", "c"), float(number))
                store.set_value("v", number)
                self.assertEqual(store.get_value("v"), float(number))

    def test_boxed_integers_are_numbers(self):
        store = TStore.Store()
        for kind in (GObject.TYPE_INT64, GObject.TYPE_UINT64, GObject.TYPE_UCHAR, GObject.TYPE_FLOAT):
            store.set_cell("t", "r", "c", GObject.Value(kind, 7))
            self.assertEqual(store.get_cell("t", "r", "c"), 7)

    def test_what_cannot_be_stored_is_refused(self):
        store = make_store()
        refused = []
        store.connect("invalid-cell", lambda *args: refused.append(args[1:4]))
        for value in (float("nan"), float("inf"), b"bytes", object(), [1], {"a": 1}):
            with self.subTest(value=value):
                with self.assertRaises(GLib.Error) as caught:
                    store.set_cell("pets", "fido", "price", value)
                self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.INVALID_VALUE))
        self.assertEqual(store.get_cell("pets", "fido", "price"), 5)
        self.assertEqual(refused, 6 * [("pets", "fido", "price")])

    def test_absent_is_not_null(self):
        store = TStore.Store()
        self.assertIsNone(store.get_cell("t", "r", "c"))
        self.assertEqual(store.get_cell_type("t", "r", "c"), TStore.CellType.NONE)
        self.assertFalse(store.has_cell("t", "r", "c"))
        store.set_cell("t", "r", "c", None)
        self.assertIsNone(store.get_cell("t", "r", "c"))
        self.assertTrue(store.has_cell("t", "r", "c"))
        self.assertTrue(store.remove_cell("t", "r", "c"))
        self.assertFalse(store.has_table("t"))

    def test_ids_are_lists(self):
        store = make_store()
        store.set_value("open", True)
        self.assertEqual(store.get_table_ids(), ["pets"])
        self.assertEqual(store.get_row_ids("pets"), ["fido"])
        self.assertEqual(store.get_cell_ids("pets", "fido"), ["species", "price"])
        self.assertEqual(store.get_row_ids("none"), [])
        self.assertEqual(store.get_value_ids(), ["open"])

    def test_foreach(self):
        store = make_store()
        cells = {}
        store.foreach_cell("pets", "fido", lambda _store, cell_id, value: cells.update({cell_id: value}))
        self.assertEqual(cells, FIDO["fido"])
        rows = []
        store.foreach_row("pets", lambda _store, row_id: rows.append(row_id))
        self.assertEqual(rows, ["fido"])

    def test_sorted_rows(self):
        store = make_store()
        for row_id, price in (("felix", 4), ("rex", None), ("tom", 12)):
            store.set_cell("pets", row_id, "price", price)
        self.assertEqual(store.get_sorted_row_ids("pets", "price", False, 0, -1), ["rex", "felix", "fido", "tom"])
        self.assertEqual(store.get_sorted_row_ids("pets", "price", True, 0, 2), ["tom", "fido"])
        self.assertEqual(store.get_sorted_row_ids("pets", None, False, 1, 2), ["fido", "rex"])

        def by_last_digit(first, second):
            return ((first or 0) % 10 > (second or 0) % 10) - ((first or 0) % 10 < (second or 0) % 10)

        self.assertEqual(store.get_sorted_row_ids_with_func("pets", "price", False, 0, -1, by_last_digit),
                         ["rex", "tom", "felix", "fido"])

    def test_foreach_table_cell(self):
        store = make_store()
        store.set_cell("pets", "felix", "species", "cat")
        counts = {}
        store.foreach_table_cell("pets", lambda _store, cell_id, n_rows: counts.update({cell_id: n_rows}))
        self.assertEqual(counts, {"species": 2, "price": 1})
        self.assertEqual(sorted(store.get_table_cell_ids("pets")), ["price", "species"])
        self.assertTrue(store.has_table_cell("pets", "price"))
        self.assertFalse(store.has_table_cell("pets", "color"))

    def test_cursor(self):
        store = make_store()
        store.set_row_json("pets", "felix", '{"species":"cat","price":4}')
        cursor = TStore.Cursor.new(store, "pets")
        price = cursor.add_column("price")
        total = 0
        while cursor.next():
            total += cursor.get_number(price)
            cursor.set_number(price, 10)
        self.assertEqual(total, 9)
        self.assertTrue(cursor.seek("felix"))
        self.assertEqual((cursor.get_row_id(), cursor.get_number(price)), ("felix", 10))


class Structures(unittest.TestCase):
    def test_json(self):
        store = make_store()
        store.set_value("open", True)
        self.assertEqual(json.loads(store.get_json()), [{"pets": FIDO}, {"open": True}])
        other = TStore.Store()
        other.set_json(store.get_json())
        self.assertEqual(other.get_json(), store.get_json())
        self.assertEqual(json.loads(store.get_row_json("pets", "fido")), FIDO["fido"])

    def test_json_errors_say_where(self):
        store = make_store()
        with self.assertRaises(GLib.Error) as caught:
            store.set_json('[{"pets":\n{"fido":{"species":dog}}},{}]')
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.assertIn("2", caught.exception.message)
        self.assertEqual(json.loads(store.get_table_json("pets")), FIDO)

    def test_variants(self):
        store = make_store()
        self.assertEqual(store.get_content().unpack(), ({"pets": FIDO}, {}))
        row = GLib.Variant("a{sv}", {"species": GLib.Variant("s", "cat"), "price": GLib.Variant("i", 4)})
        store.set_row("pets", "felix", row)
        self.assertEqual(store.get_row("pets", "felix").unpack(), {"species": "cat", "price": 4})
        row_id = store.add_row("pets", row, TStore.AddRowFlags.DEFAULT)
        self.assertEqual(store.get_row_ids("pets"), ["fido", "felix", row_id])

    def test_objects_and_arrays(self):
        store = TStore.Store()
        store.set_cell_json("t", "r", "c", '{"a": [1, null]}')
        self.assertEqual(store.get_cell_type("t", "r", "c"), TStore.CellType.OBJECT)
        self.assertEqual(json.loads(store.get_cell_json("t", "r", "c")), {"a": [1, None]})

    def test_json_nodes(self):
        store = make_store()
        tables, values = store.get_json_node().get_array().get_elements()
        fido = tables.get_object().get_object_member("pets").get_object_member("fido")
        self.assertEqual(fido.get_members(), ["species", "price"])
        self.assertEqual(fido.get_int_member("price"), 5)
        self.assertEqual(values.get_object().get_size(), 0)
        row = Json.from_string('{"species":"cat","toys":["ball",{"legs":4}]}')
        store.set_row_json_node("pets", "felix", row)
        row_id = store.add_row_json_node("pets", row, TStore.AddRowFlags.DEFAULT)
        store.set_partial_row_json_node("pets", row_id, Json.from_string('{"price":0.5}'))
        toys = store.get_cell_json_node("pets", row_id, "toys").get_array()
        self.assertEqual(toys.get_object_element(1).get_int_member("legs"), 4)
        self.assertIsNone(store.get_cell_json_node("pets", "fido", "toys"))
        store.set_value_json_node("open", Json.from_string("true"))
        self.assertIs(store.get_value_json_node("open").get_boolean(), True)
        other = TStore.Store()
        other.set_json_node(store.get_json_node())
        self.assertEqual(other.get_json(), store.get_json())

    def test_json_nodes_are_refused_with_their_path(self):
        store = make_store()
        node = store.get_row_json_node("pets", "fido")
        node.get_object().set_double_member("price", float("nan"))
        with self.assertRaises(GLib.Error) as caught:
            store.set_row_json_node("pets", "fido", node)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.assertIn("/price", caught.exception.message)
        with self.assertRaises(GLib.Error) as caught:
            store.set_json_node(None)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.assertEqual(json.loads(store.get_table_json("pets")), FIDO)


class Changes(unittest.TestCase):
    def test_changed_tells_once_what_happened(self):
        store = make_store()
        heard = []
        store.connect("changed", lambda _store, changes: heard.append(changes))
        with store.transaction():
            store.set_cell("pets", "fido", "price", 6)
            store.set_cell("pets", "felix", "species", "cat")
        self.assertEqual(len(heard), 1)
        self.assertEqual(heard[0].get_table_ids(), ["pets"])
        self.assertEqual(sorted(heard[0].get_row_ids("pets")), ["felix", "fido"])
        self.assertEqual(heard[0].get_n_cells(), 2)
        cells = []
        heard[0].foreach_cell(lambda _changes, *cell: cells.append(cell[:5]))
        self.assertEqual(sorted(cells, key=lambda cell: cell[1]),
                         [("pets", "felix", "species", "cat", None), ("pets", "fido", "price", 6, 5)])

    def test_changes_go_to_another_store(self):
        store = make_store()
        others = [make_store() for _ in range(5)]
        heard = []
        store.connect("changed", lambda _store, changes: heard.append(changes))
        with store.transaction():
            store.set_cell("pets", "fido", "price", None)
            store.remove_cell("pets", "fido", "species")
            store.set_cell("pets", "felix", "species", "cat")
        changes = heard[0]
        text = changes.to_json()
        self.assertEqual(json.loads(text),
                         [{"pets": {"fido": {"price": None, "species": "\ufffc"}, "felix": {"species": "cat"}}}, {}, 1])
        others[0].apply_changes(changes)
        others[1].apply_changes_json(text)
        others[2].apply_changes(TStore.Changes.new_from_variant(changes.to_variant()))
        others[3].apply_changes_json_node(changes.to_json_node())
        others[4].apply_changes(TStore.Changes.new_from_json_node(Json.from_string(text)))
        for other in others:
            self.assertEqual(other.get_json(), store.get_json())
        self.assertTrue(changes.equal(TStore.Changes.new_from_json(text)))

    def test_changes_tell_null_from_removed(self):
        changes = TStore.Changes.new_from_variant(GLib.Variant("(a{sma{sma{smv}}}a{smv})", (
            {"pets": {"fido": {"price": GLib.Variant("mv", None), "species": None}}, "shops": None},
            {"open": GLib.Variant("b", True)})))
        self.assertEqual(changes.get_table_change("shops"), TStore.Change.REMOVED)
        self.assertEqual(changes.get_cell_ids("pets", "fido"), ["price", "species"])
        self.assertEqual(changes.get_cell_change("pets", "fido", "price"), TStore.Change.UPDATED)
        self.assertEqual(changes.get_cell_change("pets", "fido", "species"), TStore.Change.REMOVED)
        self.assertEqual(changes.get_value_ids(), ["open"])
        store = make_store()
        store.apply_changes(changes)
        self.assertEqual(json.loads(store.get_json()), [{"pets": {"fido": {"price": None}}}, {"open": True}])

    def test_changes_that_are_none_are_refused(self):
        store = make_store()
        with self.assertRaises(GLib.Error) as caught:
            store.apply_changes_json('[{"pets":{"fido":null}},{},1]')
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.FORMAT))
        self.assertEqual(json.loads(store.get_table_json("pets")), FIDO)

    def test_no_change_tells_nobody(self):
        store = make_store()
        heard = []
        store.connect("changed", lambda *args: heard.append(args))
        store.set_cell("pets", "fido", "price", 5)
        with store.transaction():
            store.set_cell("pets", "fido", "price", 6)
            store.set_cell("pets", "fido", "price", 5)
        self.assertEqual(heard, [])

    def test_signal_details_are_table_ids(self):
        store = make_store()
        heard = []
        store.connect("cell-changed::pets", lambda _store, *ids: heard.append(ids))
        store.connect("cell-changed::shops", lambda *args: heard.append("another table"))
        store.set_cell("pets", "fido", "price", 6)
        self.assertEqual(heard, [("pets", "fido", "price")])

    def test_cell_listener(self):
        store = make_store()
        heard = []

        def listener(_store, *args):
            heard.append(args[:5])

        handle = store.add_cell_listener("pets", None, "price", TStore.ListenerFlags.DEFAULT, listener)
        store.set_cell("pets", "fido", "price", 6)
        store.set_cell("pets", "fido", "species", "wolf")
        store.set_cell("pets", "felix", "price", 4)
        self.assertEqual(heard, [("pets", "fido", "price", 6, 5), ("pets", "felix", "price", 4, None)])
        self.assertTrue(store.remove_listener(handle))
        self.assertFalse(store.remove_listener(handle))
        store.set_cell("pets", "fido", "price", 7)
        self.assertEqual(len(heard), 2)

    def test_ids_listeners_tell_added_and_removed(self):
        store = make_store()
        heard = []
        store.add_row_ids_listener("pets", TStore.ListenerFlags.DEFAULT,
                                   lambda _store, *args: heard.append(args[:3]))
        store.set_cell("pets", "felix", "species", "cat")
        store.remove_row("pets", "fido")
        self.assertEqual(heard, [("pets", ["felix"], []), ("pets", [], ["fido"])])

    def test_value_listener(self):
        store = make_store()
        heard = []
        store.add_value_listener(None, TStore.ListenerFlags.DEFAULT, lambda _store, *args: heard.append(args[:3]))
        store.set_value("open", True)
        store.remove_value("open")
        self.assertEqual(heard, [("open", True, None), ("open", None, True)])

    def test_listeners_to_what_exists(self):
        store = make_store()
        heard = []
        handle = store.add_has_row_listener("pets", None, TStore.ListenerFlags.DEFAULT,
                                            lambda _store, *args: heard.append(args[:3]))
        store.add_row_count_listener(None, TStore.ListenerFlags.DEFAULT,
                                     lambda _store, *args: heard.append(args[:2]))
        store.add_table_cell_ids_listener("pets", TStore.ListenerFlags.DEFAULT,
                                          lambda _store, *args: heard.append(args[:3]))
        store.add_has_tables_listener(TStore.ListenerFlags.DEFAULT, lambda _store, *args: heard.append(args[0]))
        store.set_cell("pets", "felix", "color", "black")
        self.assertEqual(heard, [("pets", ["color"], []), ("pets", 2), ("pets", "felix", True)])

        heard.clear()
        self.assertTrue(store.call_listener(handle))
        self.assertEqual(heard, [("pets", "fido", True), ("pets", "felix", True)])
        self.assertEqual(store.get_n_listeners(TStore.ListenerKind.HAS_ROW), 1)
        self.assertTrue(store.remove_listener(handle))
        self.assertFalse(store.call_listener(handle))

    def test_sorted_row_ids_listener(self):
        store = make_store()
        heard = []
        handle = store.add_sorted_row_ids_listener("pets", "price", True, 0, 2, TStore.ListenerFlags.DEFAULT,
                                                   lambda _store, *args: heard.append(args))
        store.set_cell("pets", "felix", "price", 4)
        store.set_cell("pets", "rex", "price", 3)
        store.set_cell("pets", "tom", "price", 12)
        self.assertEqual(heard, [("pets", "price", True, 0, 2, ["fido", "felix"]),
                                 ("pets", "price", True, 0, 2, ["tom", "fido"])])

        heard.clear()
        by_id = store.add_sorted_row_ids_listener("pets", None, False, -1, -1, TStore.ListenerFlags.MUTATOR,
                                                  lambda _store, *args: heard.append(args))
        store.remove_row("pets", "tom")
        self.assertEqual(heard, [("pets", None, False, -1, -1, ["rex"]),
                                 ("pets", "price", True, 0, 2, ["fido", "felix"])])
        self.assertEqual(store.get_n_listeners(TStore.ListenerKind.SORTED_ROW_IDS), 2)
        self.assertTrue(store.remove_listener(by_id))
        heard.clear()
        self.assertTrue(store.call_listener(handle))
        self.assertEqual(heard, [("pets", "price", True, 0, 2, ["fido", "felix"])])

    def test_invalid_cell_listener(self):
        store = make_store()
        heard = []
        store.add_invalid_cell_listener(None, None, None, TStore.ListenerFlags.DEFAULT,
                                        lambda _store, *args: heard.append((*args[:3], args[3].code)))
        with self.assertRaises(GLib.Error):
            store.set_cell("pets", "fido", "price", float("nan"))
        self.assertEqual(heard, [("pets", "fido", "price", TStore.Error.INVALID_VALUE)])

    def test_a_mutator_changes_or_undoes_what_is_committed(self):
        def mutate(store, table_id, row_id, cell_id, price, _before):
            if price < 0:
                store.rollback()
            elif price > 100:
                store.set_cell(table_id, row_id, cell_id, 100)

        store = make_store()
        store.add_cell_listener("pets", None, "price", TStore.ListenerFlags.MUTATOR, mutate)
        store.set_cell("pets", "fido", "price", 1000)
        self.assertEqual(store.get_cell("pets", "fido", "price"), 100)
        with self.assertRaises(GLib.Error) as caught:
            with store.transaction():
                store.set_cell("pets", "fido", "price", -1)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.ROLLED_BACK))
        self.assertEqual(store.get_cell("pets", "fido", "price"), 100)

    def test_an_interceptor_alters_and_refuses(self):
        def intercept(_store, write):
            self.assertEqual((write.get_table_id(), write.get_row_id(), write.get_value_id()), ("pets", "fido", None))
            if write.get_kind() == TStore.WriteKinds.REMOVE_CELL:
                write.refuse("Needed")
            elif write.get_cell_id() == "price" and write.get_value() < 0:
                write.refuse("Too cheap")
            elif write.get_cell_id() == "price" and write.get_value() > 100:
                write.set_value(2**40)
            elif write.get_cell_id() == "toys":
                write.set_json(json.dumps(json.loads(write.get_json()) + ["ball"]))

        store = make_store()
        kinds = TStore.WriteKinds.SET_CELL | TStore.WriteKinds.REMOVE_CELL
        handle = store.add_interceptor(kinds, intercept)
        with self.assertRaises(GLib.Error) as caught:
            store.set_cell("pets", "fido", "price", -1)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.REFUSED))
        self.assertEqual(caught.exception.message, "Too cheap")
        store.set_cell("pets", "fido", "price", 101)
        self.assertEqual(store.get_cell("pets", "fido", "price"), 2**40)
        store.set_cell_json("pets", "fido", "toys", '["bone"]')
        self.assertEqual(json.loads(store.get_cell_json("pets", "fido", "toys")), ["bone", "ball"])
        self.assertFalse(store.remove_cell("pets", "fido", "toys"))
        self.assertTrue(store.remove_interceptor(handle))
        self.assertTrue(store.remove_cell("pets", "fido", "toys"))

    def test_an_interceptor_sees_rows_and_changes(self):
        seen = []

        def intercept(_store, write, name):
            changes = write.get_changes()
            seen.append((name, write.get_json(), changes and changes.get_n_cells()))

        store = make_store()
        store.add_interceptor(TStore.WriteKinds.SET_ROW | TStore.WriteKinds.APPLY_CHANGES, intercept, "me")
        store.set_cell("pets", "fido", "price", 6)
        store.apply_changes_json('[{"pets":{"fido":{"price":7}}},{},1]')
        self.assertEqual(seen, [("me", '{"species":"dog","price":6}', None),
                                ("me", '[{"pets":{"fido":{"price":7}}},{},1]', 1)])

    def test_an_interceptor_that_raises_refuses(self):
        printed = []

        def intercept(store, _write):
            store.begin()
            store.set_cell("pets", "fido", "price", 7)
            store.rollback()
            raise KeyError("breed")

        store = make_store()
        store.add_interceptor(TStore.WriteKinds.SET_CELL, intercept)
        hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: printed.append(error)
        try:
            with self.assertRaises(GLib.Error) as caught:
                store.set_cell("pets", "fido", "price", 6)
        finally:
            sys.excepthook = hook
        self.assertEqual(caught.exception.message, "KeyError: 'breed'")
        self.assertIsInstance(printed[0], KeyError)
        self.assertEqual(store.get_cell("pets", "fido", "price"), 5)

        changed = []
        store.connect("changed", lambda *args: changed.append(args))
        store.set_value("open", True)
        self.assertEqual(len(changed), 1)  # so no transaction is open

    def test_an_interceptor_is_let_go(self):
        class Witness:
            def hear(self, _store, write):
                self.write = write

        store = make_store()
        witness = Witness()
        handle = store.add_interceptor(TStore.WriteKinds.ANY, witness.hear)
        store.set_cell("pets", "fido", "price", 6)
        with self.assertRaises(GLib.Error):
            witness.write.set_value(7)  # too late
        alive = weakref.ref(witness)
        del witness
        gc.collect()
        self.assertIsNotNone(alive())
        store.remove_interceptor(handle)
        gc.collect()
        self.assertIsNone(alive())

    def test_a_listener_is_let_go(self):
        class Witness:
            def hear(self, *args):
                pass

        store = make_store()
        witness = Witness()
        handle = store.add_tables_listener(TStore.ListenerFlags.DEFAULT, witness.hear)
        alive = weakref.ref(witness)
        del witness
        gc.collect()
        self.assertIsNotNone(alive())
        store.remove_listener(handle)
        gc.collect()
        self.assertIsNone(alive())


class Transactions(unittest.TestCase):
    def test_an_exception_rolls_back(self):
        store = make_store()
        before = store.get_json()
        heard = []
        store.connect("changed", lambda *args: heard.append(args))
        with self.assertRaisesRegex(ValueError, "^on purpose$"):
            with store.transaction():
                store.set_cell("pets", "fido", "price", 6)
                store.remove_table("pets")
                raise ValueError("on purpose")
        self.assertEqual(store.get_json(), before)
        self.assertEqual(heard, [])

    def test_transact_rolls_back_and_raises(self):
        store = make_store()
        before = store.get_json()

        def sell(store):
            store.remove_row("pets", "fido")
            raise KeyError("on purpose")

        with self.assertRaises(KeyError):
            store.transact(sell)
        self.assertEqual(store.get_json(), before)
        store.set_cell("pets", "fido", "price", 6)  # none is open any more
        self.assertEqual(store.get_cell("pets", "fido", "price"), 6)

    def test_transact_leaves_nothing_open(self):
        store = make_store()
        before = store.get_json()

        def sell(store):
            store.begin()
            store.remove_row("pets", "fido")
            raise KeyError("on purpose")

        with self.assertRaises(KeyError):
            store.transact(sell)
        self.assertEqual(store.get_json(), before)
        heard = []
        store.connect("changed", lambda *args: heard.append(args))
        store.set_cell("pets", "fido", "price", 6)
        self.assertEqual(len(heard), 1)

    def test_transact_returns_what_the_function_returns(self):
        store = make_store()
        self.assertEqual(store.transact(lambda store: store.get_cell("pets", "fido", "species")), "dog")

    def test_map(self):
        store = make_store()
        self.assertTrue(store.map_cell("pets", "fido", "price", lambda price: price + 1))
        self.assertEqual(store.get_cell("pets", "fido", "price"), 6)
        self.assertTrue(store.map_value("n", lambda n: (n or 0) + 1))
        self.assertTrue(store.map_value("n", lambda n: (n or 0) + 1))
        self.assertEqual(store.get_value("n"), 2)

    def test_map_raises_and_changes_nothing(self):
        store = make_store()

        def fail(price):
            store.remove_tables()
            raise KeyError(price)

        with self.assertRaises(KeyError):
            store.map_cell("pets", "fido", "price", fail)
        with self.assertRaises(GLib.Error):
            store.map_cell("pets", "fido", "price", lambda price: price * float("inf"))
        self.assertEqual(json.loads(store.get_table_json("pets")), FIDO)

    def test_an_inner_transaction_rolls_back_alone(self):
        store = make_store()
        with store.transaction():
            store.set_cell("pets", "fido", "price", 6)
            try:
                with store.transaction():
                    store.set_cell("pets", "fido", "price", 7)
                    raise ValueError
            except ValueError:
                pass
        self.assertEqual(store.get_cell("pets", "fido", "price"), 6)


class Schemas(unittest.TestCase):
    JSON = ('[{"pets":{"species":{"enum":["dog","cat"],"default":"dog"},'
            '"price":{"type":"number","allowNull":true},'
            '"name":{"type":"string","required":true}}},'
            '{"open":{"type":"boolean","default":true}}]')

    def make_schema(self):
        schema = TStore.Schema.new()
        species = TStore.CellSpec.new_enum(["dog", "cat"])
        species.set_default("dog")
        price = TStore.CellSpec.new(TStore.CellTypes.NUMBER)
        price.set_nullable(True)
        name = TStore.CellSpec.new(TStore.CellTypes.STRING)
        name.set_required(True)
        shop_open = TStore.CellSpec.new(TStore.CellTypes.BOOLEAN)
        shop_open.set_default_json("true")
        schema.add_cell("pets", "species", species)
        schema.add_cell("pets", "price", price)
        schema.add_cell("pets", "name", name)
        schema.add_value("open", shop_open)
        return schema

    def test_built_and_read_are_the_same(self):
        schema = self.make_schema()
        self.assertEqual(schema.to_json(), self.JSON)
        self.assertTrue(schema.equal(TStore.Schema.new_from_json(self.JSON)))
        self.assertEqual(schema.get_table_ids(), ["pets"])
        self.assertEqual(schema.get_cell_ids("pets"), ["species", "price", "name"])
        self.assertEqual(schema.get_value_ids(), ["open"])
        self.assertIsNone(schema.get_cell("toys", "name"))
        species = schema.get_cell("pets", "species")
        self.assertEqual([species.get_choice(i) for i in range(species.get_n_choices())], ["dog", "cat"])
        self.assertEqual(species.get_default(), "dog")
        price = schema.get_cell("pets", "price")
        self.assertEqual(price.get_types(), TStore.CellTypes.NUMBER | TStore.CellTypes.NULL)
        self.assertTrue(price.get_nullable())
        self.assertIsNone(price.get_default())
        self.assertIs(schema.get_value("open").get_default(), True)

    def test_numbers_of_any_size(self):
        size = TStore.CellSpec.new(TStore.CellTypes.NUMBER)
        self.assertTrue(size.set_default(2**40))
        self.assertEqual(size.get_default(), 2**40)
        sizes = TStore.CellSpec.new_enum(["none"])
        for choice in (1, 2**40, True, "all"):
            self.assertTrue(sizes.add_choice(choice))
        self.assertEqual([sizes.get_choice(i) for i in range(5)], ["none", 1, 2**40, True, "all"])
        self.assertEqual(sizes.get_types(), TStore.CellTypes.STRING | TStore.CellTypes.NUMBER | TStore.CellTypes.BOOLEAN)

    def test_what_is_no_schema_raises(self):
        with self.assertRaises(GLib.Error) as caught:
            TStore.Schema.new_from_json('{"pets":{}}')
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.FORMAT))
        number = TStore.CellSpec.new(TStore.CellTypes.NUMBER)
        for value in ("x", None):
            with self.assertRaises(GLib.Error) as caught:
                number.set_default(value)
            self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.SCHEMA))
        with self.assertRaises(GLib.Error):
            TStore.Schema.new().add_cell("pets", "species", TStore.CellSpec.new_enum([]))

    def test_preview_and_drop(self):
        store = make_store()
        schema = self.make_schema()
        store.set_json('[{"pets":{"fido":{"name":"Fido","species":"fish"},"rex":{"price":5}}},{"shut":1}]')
        before = store.get_json()
        preview = store.preview_schema(schema)
        self.assertEqual(store.get_json(), before)
        with self.assertRaises(GLib.Error) as caught:
            store.set_schema(schema, TStore.SchemaFlags.DEFAULT)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.SCHEMA))
        self.assertIsNone(store.get_schema())

        heard = []
        store.connect("changed", lambda _store, changes: heard.append(changes.to_json()))
        self.assertTrue(store.set_schema(schema, TStore.SchemaFlags.DROP))
        self.assertEqual(heard, [preview.to_json()])
        self.assertEqual(json.loads(store.get_json()),
                         [{"pets": {"fido": {"name": "Fido", "species": "dog"}}}, {"open": True}])
        self.assertTrue(store.get_schema().equal(schema))
        self.assertEqual(store.get_schema_json(), self.JSON)

    def test_refused_writes_raise_and_defaults_come(self):
        store = TStore.Store()
        store.set_schema_json(self.JSON, TStore.SchemaFlags.DEFAULT)
        refused = []
        store.connect("invalid-cell", lambda _store, *args: refused.append((*args[:3], args[3].code)))
        self.assertIs(store.get_value("open"), True)
        store.set_cell("pets", "fido", "name", "Fido")
        self.assertEqual(store.get_cell("pets", "fido", "species"), "dog")
        store.set_cell("pets", "fido", "price", None)
        for cell_id, value in (("price", "5"), ("species", "fish"), ("name", None), ("color", "red")):
            with self.subTest(cell_id=cell_id), self.assertRaises(GLib.Error) as caught:
                store.set_cell("pets", "fido", cell_id, value)
            self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.SCHEMA))
            self.assertIn(f"/pets/fido/{cell_id}", caught.exception.message)
        with self.assertRaises(GLib.Error):
            store.set_value("open", 1)
        self.assertEqual(refused, [("pets", "fido", cell_id, TStore.Error.SCHEMA)
                                   for cell_id in ("price", "species", "name", "color")])
        self.assertFalse(store.remove_cell("pets", "fido", "name"))
        store.set_schema(None, TStore.SchemaFlags.DEFAULT)
        store.set_cell("pets", "fido", "color", "red")


if __name__ == "__main__":
    tap.main()
