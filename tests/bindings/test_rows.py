#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows whose properties are cells, from Python."""

import unittest

import gi
import tap

gi.require_version("Json", "1.0")
gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, GObject, Json, TStore  # noqa: E402


class Pet(TStore.Row):
    __gtype_name__ = "Pet"
    name = TStore.cell(str, default="Nobody")
    price = TStore.cell(float)
    sold = TStore.cell(bool)
    age = TStore.cell(int, minimum=0, id="years")
    tags = TStore.cell(list)
    born = TStore.cell(GLib.DateTime)
    bus_type = TStore.cell(Gio.BusType, default=Gio.BusType.NONE)
    note = TStore.cell(str)
    label = GObject.Property(type=str, default="a pet")


class Dog(Pet, naming=TStore.CellNaming.CAMEL_CASE):
    __gtype_name__ = "Dog"
    best_friend = TStore.cell(str)


class Settings(TStore.Values):
    __gtype_name__ = "Settings"
    theme = TStore.cell(str, default="light")
    font_size = TStore.cell(int, default=12, id="fontSize")


class Rows(unittest.TestCase):
    def setUp(self):
        self.store = TStore.Store()
        self.store.set_table_json("pets", '{"fido":{"name":"Fido","price":5,"sold":true,"years":3}}')
        self.pet = self.make(Pet)
        self.heard = []
        self.pet.connect("notify", lambda _pet, pspec: self.heard.append(pspec.name))

    def make(self, kind, **properties):
        return kind(store=self.store, table_id="pets", row_id="fido", **properties)

    def cell(self, cell_id):
        return self.store.get_cell("pets", "fido", cell_id)

    def test_properties_are_cells(self):
        pet = self.pet
        self.assertEqual((pet.name, pet.price, pet.sold, pet.age), ("Fido", 5, True, 3))
        self.assertEqual((pet.tags, pet.born, pet.bus_type, pet.note), ([], None, Gio.BusType.NONE, None))
        self.assertEqual(pet.props.name, "Fido")
        self.assertEqual(pet.get_property("age"), 3)

        pet.name = "Rex"
        pet.props.price = 2.5
        pet.set_property("sold", False)
        pet.age = 2**40
        pet.tags = ["good", "old"]
        pet.born = GLib.DateTime.new_utc(2020, 2, 29, 0, 0, 0)
        pet.bus_type = Gio.BusType.SESSION
        pet.note = None
        self.assertEqual([self.cell(cell_id) for cell_id in ("name", "price", "sold", "years")],
                         ["Rex", 2.5, False, 2**40])
        self.assertEqual(self.cell("tags"), '["good","old"]')
        self.assertEqual(self.cell("born"), "2020-02-29T00:00:00Z")
        self.assertEqual(self.cell("bus_type"), "session")
        self.assertEqual(self.store.get_cell_type("pets", "fido", "note"), TStore.CellType.NULL)
        self.assertEqual((pet.tags, pet.bus_type, pet.born.get_year()), (["good", "old"], Gio.BusType.SESSION, 2020))

    def test_they_notify_after_the_transaction(self):
        with self.store.transaction():
            self.pet.name = "Rex"
            self.pet.price = 1
            self.pet.price = 5
            self.assertEqual(self.pet.name, "Rex")
            self.assertEqual(self.heard, [])
        self.assertEqual(self.heard, ["name"])

        self.store.remove_row("pets", "fido")
        self.assertEqual(self.heard, ["name", "name", "price", "sold", "age"])
        self.assertEqual(self.pet.name, "Nobody")

    def test_bindings(self):
        other = Pet(store=self.store, table_id="others", row_id="one")
        self.pet.bind_property("name", other, "note",
                               GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.BIDIRECTIONAL)
        self.assertEqual(self.store.get_cell("others", "one", "note"), "Fido")
        other.note = "Rex"
        self.assertEqual(self.pet.name, "Rex")
        self.store.set_cell("pets", "fido", "name", "Max")
        self.assertEqual(other.note, "Max")

    def test_what_is_refused_is_not_kept(self):
        self.store.set_schema(TStore.Schema.new_from_json('{"pets":{"name":{"type":"string"}}}'),
                              TStore.SchemaFlags.DROP)
        self.heard.clear()
        self.pet.price = 7
        self.assertEqual((self.pet.price, self.heard), (0, ["price"]))

    def test_other_properties_are_no_cells(self):
        self.pet.label = "a cat"
        self.assertEqual(self.pet.label, "a cat")
        self.assertEqual(self.store.get_cell_ids("pets", "fido"), ["name", "price", "sold", "years"])

    def test_construction(self):
        pet = self.make(Pet, name="Rex", label="mine")
        self.assertEqual((self.cell("name"), pet.label), ("Rex", "mine"))

    def test_a_subclass(self):
        dog = self.make(Dog, best_friend="Felix")
        dog.age = 4
        self.assertEqual((self.cell("bestFriend"), self.cell("years")), ("Felix", 4))
        self.assertEqual((dog.best_friend, dog.name, dog.label), ("Felix", "Fido", "a pet"))

    def test_values(self):
        settings = Settings(store=self.store)
        self.assertEqual((settings.theme, settings.font_size), ("light", 12))
        heard = []
        settings.connect("value-changed::fontSize", lambda _settings, value_id: heard.append(value_id))
        settings.connect("notify::font-size", lambda _settings, pspec: heard.append(pspec.name))
        settings.font_size = 14
        settings.set_value("large", 2**40)
        self.assertEqual(self.store.get_value("fontSize"), 14)
        self.assertEqual(settings.get_value("large"), 2**40)
        self.assertEqual(heard, ["fontSize", "font-size"])

    def test_models_of_ids(self):
        tables = TStore.TablesModel.new(self.store)
        values = TStore.ValuesModel.new(self.store)
        self.store.set_cell("people", "bob", "age", 30)
        self.store.set_value("theme", "dark")
        self.assertEqual([(item.props.table_id, item.props.n_rows) for item in tables],
                         [("pets", 1), ("people", 1)])
        self.assertIsInstance(tables[0], TStore.TableItem)
        item = values[0]
        self.assertIsInstance(item, TStore.ValueItem)
        self.assertEqual((item.props.value_id, item.props.value, item.props.text), ("theme", "dark", "dark"))

        heard = []
        item.connect("notify::value", lambda item, _pspec: heard.append(item.get_value()))
        item.props.value = 5
        item.set_value(None)
        self.assertEqual(heard, [5, None])
        self.assertEqual((item.props.value_type, item.props.text), (TStore.CellType.NULL, "null"))

    def test_json(self):
        self.assertEqual(Json.gobject_to_data(self.pet)[0].replace("\n", "").replace(" ", ""),
                         '{"name":"Fido","price":5,"sold":true,"years":3}')


if __name__ == "__main__":
    tap.main()
