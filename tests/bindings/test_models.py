#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The list model and its rows, from Python."""

import unittest

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, TStore  # noqa: E402


class Models(unittest.TestCase):
    def setUp(self):
        self.store = TStore.Store()
        self.store.set_table_json("pets", '{"fido":{"species":"dog","price":5},"felix":{"species":"cat"}}')
        self.model = TStore.TableModel.new(self.store, "pets")

    def test_a_list_of_rows(self):
        self.assertIsInstance(self.model, Gio.ListModel)
        self.assertTrue(self.model.get_item_type().is_a(TStore.Row))
        self.assertEqual([row.get_row_id() for row in self.model], ["fido", "felix"])
        self.assertIs(self.model[0], self.model[0])

    def test_it_tells_of_rows_that_come_and_go(self):
        heard = []
        self.model.connect("items-changed", lambda _model, *args: heard.append(args))
        self.store.set_cell("pets", "polly", "species", "parrot")
        self.store.remove_row("pets", "fido")
        self.assertEqual(heard, [(2, 0, 1), (0, 1, 0)])
        self.assertEqual([row.get_row_id() for row in self.model], ["felix", "polly"])

    def row_ids(self):
        return [row.get_row_id() for row in self.model]

    def test_it_is_sorted(self):
        heard = []
        self.model.set_sort_cell("price")
        self.assertEqual(self.row_ids(), ["felix", "fido"])
        self.model.connect("items-changed", lambda _model, *args: heard.append(args))
        self.store.set_cell("pets", "felix", "price", 7)
        self.assertEqual(heard, [(0, 1, 0), (1, 0, 1)])
        self.model.props.descending = True
        self.model.props.limit = 1
        self.assertEqual(self.row_ids(), ["felix"])
        self.assertEqual(self.model.find("felix"), (True, 0))
        self.assertFalse(self.model.find("fido")[0])

    def test_it_is_filtered(self):
        species = "dog"
        self.model.set_filter_func(
            lambda store, table_id, row_id: store.get_cell(table_id, row_id, "species") == species)
        self.assertEqual(self.row_ids(), ["fido"])
        self.store.set_cell("pets", "rex", "species", "dog")
        self.assertEqual(self.row_ids(), ["fido", "rex"])
        species = "cat"
        self.model.filter_changed(TStore.FilterChange.DIFFERENT)
        self.assertEqual(self.row_ids(), ["felix"])
        self.model.set_filter_func(None)
        self.assertEqual(self.row_ids(), ["fido", "felix", "rex"])

    def test_its_rows_are_of_a_subclass(self):
        class Pet(TStore.Row):
            pass

        self.model = TStore.TableModel(store=self.store, table_id="pets", row_type=Pet,
                                       sort_by_row_id=True, offset=1)
        self.assertIsInstance(self.model[0], Pet)
        self.assertEqual(self.row_ids(), ["fido"])

    def test_rows_read_and_write_cells(self):
        row = self.model[0]
        heard = []
        row.connect("cell-changed::price", lambda _row, cell_id: heard.append(cell_id))
        row.set_cell("price", 2**40)
        row.set_cell("sold", True)
        row.set_cell("note", None)
        self.assertEqual(heard, ["price"])
        self.assertEqual(self.store.get_cell("pets", "fido", "price"), 2**40)
        self.assertIs(row.get_cell("sold"), True)
        self.assertEqual(row.get_cell_type("note"), TStore.CellType.NULL)
        self.assertEqual(row.get_string("species"), "dog")
        with self.assertRaises(GLib.Error):
            row.set_cell("price", float("nan"))

    def test_values_are_written_by_their_items(self):
        self.store.set_value("limit", 5)
        item = TStore.ValuesModel.new(self.store)[0]
        for value in (2**40, -2**63, 0.5, True, "many", None):
            self.assertTrue(item.set_value(value))
            self.assertEqual(self.store.get_value("limit"), value)

    def test_a_subclass_of_row(self):
        class Pet(TStore.Row):
            @property
            def label(self):
                return f"{self.get_row_id()}, a {self.get_string('species')}"

        pet = Pet(store=self.store, table_id="pets", row_id="fido")
        self.assertEqual(pet.label, "fido, a dog")


if __name__ == "__main__":
    tap.main()
