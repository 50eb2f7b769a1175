#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Undo, bindings and actions, from Python."""

import gc
import unittest
import weakref

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, GObject, TStore  # noqa: E402


class Label(GObject.Object):
    text = GObject.Property(type=str, default="")
    on = GObject.Property(type=bool, default=False)
    number = GObject.Property(type=int, default=0)


class Undo(unittest.TestCase):
    def setUp(self):
        self.store = TStore.Store()
        self.store.set_table_json("pets", '{"fido":{"species":"dog","price":5}}')
        self.checkpoints = TStore.Checkpoints(store=self.store, automatic=True)

    def price(self):
        return self.store.get_cell("pets", "fido", "price")

    def test_undo_and_redo(self):
        self.store.set_cell("pets", "fido", "price", 6)
        self.store.remove_row("pets", "fido")
        self.assertTrue(self.checkpoints.props.can_undo)
        self.checkpoints.undo()
        self.assertEqual(self.price(), 6)
        self.checkpoints.undo()
        self.assertEqual(self.price(), 5)
        self.assertFalse(self.checkpoints.props.can_undo)
        self.checkpoints.redo()
        self.assertEqual(self.price(), 6)
        with self.assertRaises(GLib.Error) as raised:
            self.checkpoints.go_to(77)
        self.assertTrue(raised.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND))

    def test_groups_and_ids(self):
        heard = []
        self.checkpoints.connect("changed", lambda checkpoints: heard.append(checkpoints.get_current()))
        self.checkpoints.connect("notify::undo-label", lambda checkpoints, _pspec:
                                 heard.append(checkpoints.props.undo_label))
        with self.checkpoints.group("Raise"):
            self.store.set_cell("pets", "fido", "price", 6)
            self.store.set_cell("pets", "fido", "price", 7)
        self.assertEqual(heard, ["Raise", 2])
        self.assertEqual(self.checkpoints.get_backward_ids(), [1])
        self.assertEqual(self.checkpoints.get_forward_ids(), [])
        self.checkpoints.undo()
        self.assertEqual(self.price(), 5)
        self.assertEqual(self.checkpoints.get_forward_ids(), [2])
        self.assertEqual(self.checkpoints.get_redo_label(), "Raise")
        self.assertEqual(self.checkpoints.get_label(2), "Raise")
        with self.assertRaises(ZeroDivisionError), self.checkpoints.group():
            self.store.set_cell("pets", "fido", "price", 1 / 0)
        self.assertTrue(self.checkpoints.props.can_redo)

    def test_actions(self):
        group = Gio.SimpleActionGroup()
        group.add_action(self.checkpoints.create_undo_action())
        group.add_action(self.checkpoints.create_redo_action())
        group.add_action(self.store.create_value_action(None, "dark", GLib.VariantType("b")))
        self.assertFalse(group.get_action_enabled("undo"))
        group.activate_action("dark", None)
        self.assertIs(self.store.get_value("dark"), True)
        self.assertTrue(group.get_action_enabled("undo"))
        group.activate_action("undo", None)
        self.assertIsNone(self.store.get_value("dark"))
        self.assertFalse(group.get_action_state("dark").get_boolean())
        action = self.store.create_cell_action("price", "pets", "fido", "price", None)
        action.activate(GLib.Variant("d", 9))
        self.assertEqual(self.price(), 9)


class Bind(unittest.TestCase):
    def setUp(self):
        self.store = TStore.Store()
        self.store.set_table_json("pets", '{"fido":{"species":"dog","price":5,"sold":true}}')
        self.label = Label()

    def test_a_cell(self):
        self.store.bind_cell("pets", "fido", "species", self.label, "text", TStore.BindFlags.DEFAULT)
        self.assertEqual(self.label.text, "dog")
        self.label.text = "cat"
        self.assertEqual(self.store.get_cell("pets", "fido", "species"), "cat")
        self.store.set_cell("pets", "fido", "species", "parrot")
        self.assertEqual(self.label.text, "parrot")
        TStore.Store.unbind(self.label, "text")
        self.label.text = "horse"
        self.assertEqual(self.store.get_cell("pets", "fido", "species"), "parrot")

    def test_flags(self):
        self.store.bind_cell("pets", "fido", "sold", self.label, "on", TStore.BindFlags.INVERT_BOOLEAN)
        self.assertFalse(self.label.on)
        self.store.bind_value("limit", self.label, "number", TStore.BindFlags.SET)
        self.label.number = 7
        self.assertEqual(self.store.get_value("limit"), 7)
        self.store.set_value("limit", 8)
        self.assertEqual(self.label.number, 7)

    def test_functions(self):
        self.store.bind_cell_with_mapping(
            "pets", "fido", "price", self.label, "text", TStore.BindFlags.DEFAULT,
            lambda price: "free" if price is None else f"{price:.2f} EUR",
            lambda text: None if text == "?" else float(text.split()[0]))
        self.assertEqual(self.label.text, "5.00 EUR")
        self.label.text = "7.5"
        self.assertEqual(self.store.get_cell("pets", "fido", "price"), 7.5)
        self.label.text = "?"
        self.assertEqual(self.store.get_cell("pets", "fido", "price"), 7.5)
        self.store.remove_cell("pets", "fido", "price")
        self.assertEqual(self.label.text, "free")

        self.store.bind_value_with_mapping("limit", self.label, "number", TStore.BindFlags.GET,
                                           lambda limit: 10 * (limit or 0))
        self.store.set_value("limit", 3)
        self.assertEqual(self.label.number, 30)

    def test_it_ends_with_the_object(self):
        gone = weakref.ref(self.label)
        self.store.bind_cell_with_mapping("pets", "fido", "price", self.label, "text",
                                          TStore.BindFlags.DEFAULT, str, float)
        self.label = None
        gc.collect()
        self.assertIsNone(gone())
        self.store.set_cell("pets", "fido", "price", 6)


if __name__ == "__main__":
    tap.main()
