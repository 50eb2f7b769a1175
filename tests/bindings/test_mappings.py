#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The store as mappings, in Python."""

import json
import unittest

import gi
import tap

gi.require_version("TStore", "1")
from gi.repository import GLib, TStore  # noqa: E402

PETS = {"fido": {"species": "dog", "price": 5}, "felix": {"species": "cat", "price": 4}}

# Each is something else in a text, if it is not marked.
ODD = ["\ufffc", "\ufffd", "\ufffd[1]", '\ufffd"x"', "[1]", '{"a":1}', "null", "", "Ünï 😀\n"]


class Mappings(unittest.TestCase):
    def setUp(self):
        self.store = TStore.Store()
        self.store["pets"] = PETS
        self.heard = []
        self.store.connect("changed", lambda _store, changes: self.heard.append(changes.to_json()))

    def assertRefused(self, code, func, *args):
        with self.assertRaises(GLib.Error) as caught:
            func(*args)
        self.assertTrue(caught.exception.matches(TStore.error_quark(), code), caught.exception)


class Cells(Mappings):
    def test_it_is_set_and_got(self):
        for value in (None, True, False, 0, 2.5, 2**60, "dog", [1, [None, "x"]], {"a": {"b": []}}, {}, [], *ODD):
            with self.subTest(value=value):
                self.store["pets", "fido", "it"] = value
                self.assertEqual(self.store["pets", "fido", "it"], value)
                self.assertEqual(self.store["pets", "fido"].to_dict()["it"], value)
                self.assertEqual(self.store["pets"].to_dict()["fido"]["it"], value)
                self.store.values["it"] = value
                self.assertEqual(self.store.values["it"], value)
                self.assertEqual(self.store.values.to_dict(), {"it": value})

    def test_a_tuple_is_an_array(self):
        self.store["pets", "fido", "toys"] = ("ball", "bone")
        self.assertEqual(self.store.get_cell_json("pets", "fido", "toys"), '["ball","bone"]')

    def test_what_is_not_there_is_a_key_error(self):
        for key in (("pets", "fido", "age"), ("pets", "nobody", "age"), ("shops", "nobody", "age"),
                    ("pets", "nobody"), ("shops", "nobody")):
            with self.subTest(key=key):
                self.assertNotIn(key, self.store)
                with self.assertRaises(KeyError) as caught:
                    self.store[key]
                self.assertEqual(caught.exception.args, ("age" if len(key) > 2 else "nobody",))
                with self.assertRaises(KeyError):
                    del self.store[key]
        with self.assertRaises(KeyError):
            del self.store["shops"]
        with self.assertRaises(KeyError):
            self.store.values["open"]
        self.assertEqual(self.heard, [])

    def test_null_is_there(self):
        self.store["pets", "fido", "note"] = None
        self.assertIn(("pets", "fido", "note"), self.store)
        self.assertIsNone(self.store["pets", "fido", "note"])

    def test_it_is_removed(self):
        del self.store["pets", "fido", "price"]
        self.assertEqual(self.store["pets", "fido"], {"species": "dog"})
        del self.store["pets", "fido"]
        self.assertNotIn(("pets", "fido"), self.store)
        del self.store["pets"]
        self.assertNotIn("pets", self.store)

    def test_a_refusal_is_an_error(self):
        self.store.set_schema_json('{"pets":{"species":{"type":"string","required":true},'
                                   '"price":{"type":"number"}}}', TStore.SchemaFlags.DEFAULT)
        self.store.add_interceptor(TStore.WriteKinds.REMOVE_ROW | TStore.WriteKinds.REMOVE_TABLE,
                                   lambda _store, write: write.refuse("Needed"))
        errors = TStore.Error
        self.assertRefused(errors.SCHEMA, self.store.__setitem__, ("pets", "fido", "price"), "cheap")
        self.assertRefused(errors.REFUSED, self.store.__delitem__, ("pets", "fido", "species"))
        self.assertRefused(errors.REFUSED, self.store.__delitem__, ("pets", "fido"))
        self.assertRefused(errors.REFUSED, self.store.__delitem__, "pets")
        self.assertRefused(errors.REFUSED, self.store["pets"].clear)
        self.assertEqual(self.store["pets"], PETS)

    def test_what_json_cannot_say_is_refused(self):
        self.assertRefused(TStore.Error.PARSE, self.store.__setitem__, ("pets", "fido"), {"price": float("nan")})
        self.assertRefused(TStore.Error.EMPTY, self.store.__setitem__, ("pets", "fido"), {})
        for row in ({"price": b"5"}, {"price": object()}, {"price": {1, 2}}):
            with self.assertRaises(TypeError):
                self.store["pets", "fido"] = row
        self.assertEqual(self.store["pets"], PETS)

    def test_ids_are_strings(self):
        for key in (0, None, (), ("a", 1), ("a", "b", "c", "d"), slice("a", "b"), ["pets"]):
            with self.subTest(key=key):
                for func in (self.store.__getitem__, self.store.__delitem__, self.store.__contains__):
                    with self.assertRaises(TypeError):
                        func(key)
                with self.assertRaises(TypeError):
                    self.store[key] = 5
        with self.assertRaises(TypeError):
            iter(self.store)
        self.assertTrue(TStore.Store())


class Rows(Mappings):
    def test_it_is_a_mapping(self):
        row = self.store["pets", "fido"]
        self.assertEqual(list(row), ["species", "price"])
        self.assertEqual(dict(row), PETS["fido"])
        self.assertEqual(len(row), 2)
        self.assertEqual(row.get("price"), 5)
        self.assertEqual(row.get("age", 7), 7)
        self.assertEqual(row, PETS["fido"])
        self.assertNotEqual(row, PETS["felix"])
        self.assertEqual(repr(row), "{'species': 'dog', 'price': 5.0}")

    def test_it_is_live(self):
        row = self.store["pets", "fido"]
        self.store.set_cell("pets", "fido", "price", 6)
        self.assertEqual(row["price"], 6)
        self.store.remove_row("pets", "fido")
        self.assertEqual(row, {})
        row["price"] = 7
        self.assertEqual(self.store.get_row_json("pets", "fido"), '{"price":7}')

    def test_more_cells_are_one_transaction(self):
        self.store["pets", "fido"].update({"price": 6}, sold=True)
        self.assertEqual(self.heard, ['[{"pets":{"fido":{"price":6,"sold":true}}},{},1]'])
        self.assertRefused(TStore.Error.INVALID_VALUE, self.store["pets", "fido"].update,
                           {"price": 7, "sold": float("nan")})
        self.assertEqual(self.store["pets", "fido", "price"], 6)
        self.assertEqual(len(self.heard), 1)

    def test_it_gives_what_it_loses(self):
        row = self.store["pets", "fido"]
        self.assertEqual(row.pop("price", None), 5)
        self.assertIsNone(row.pop("price", None))
        with self.assertRaises(KeyError):
            row.pop("price")
        self.assertEqual(row.popitem(), ("species", "dog"))
        with self.assertRaises(KeyError):
            row.popitem()
        self.assertEqual(row.setdefault("price", 8), 8)
        self.assertEqual(self.store["pets", "fido"], {"price": 8})

    def test_it_is_cleared(self):
        self.store["pets", "fido"].clear()
        self.assertEqual(self.store["pets"], {"felix": PETS["felix"]})
        self.assertEqual(len(self.heard), 1)
        self.store.values["open"] = True
        self.store.values.clear()
        self.assertEqual(self.store.values, {})


class Tables(Mappings):
    def test_what_is_set_by_default_is_written_to(self):
        row = self.store["pets"].setdefault("rex", {"species": "dog"})
        row["price"] = 5
        self.assertEqual(self.store["pets", "rex"], {"species": "dog", "price": 5})
        same = self.store["pets"].setdefault("rex", {"species": "cat"})
        same["price"] = 6
        self.assertEqual(self.store["pets", "rex"], {"species": "dog", "price": 6})

    def test_it_is_a_mapping(self):
        table = self.store["pets"]
        self.assertEqual(list(table), ["fido", "felix"])
        self.assertEqual(len(table), 2)
        self.assertIn("fido", table)
        self.assertNotIn("nobody", table)
        self.assertIsNone(table.get("nobody"))
        self.assertEqual({row_id: row["price"] for row_id, row in table.items()}, {"fido": 5, "felix": 4})
        self.assertEqual(sum(row["price"] for row in table.values()), 9)
        self.assertEqual(table["fido"]["species"], "dog")
        self.assertEqual(table, PETS)

    def test_one_that_is_not_there_is_empty(self):
        self.assertFalse(self.store["shops"])
        self.assertEqual(list(self.store["shops"]), [])
        self.assertEqual(self.store["shops"].to_dict(), {})
        self.store["shops"]["north"] = {"open": True}
        self.assertEqual(self.store["shops"], {"north": {"open": True}})

    def test_rows_may_go_while_it_is_walked(self):
        for row_id, row in self.store["pets"].items():
            if row["price"] < 5:
                del self.store["pets", row_id]
        self.assertEqual(list(self.store["pets"]), ["fido"])

    def test_it_gives_what_it_loses(self):
        self.assertEqual(self.store["pets"].pop("fido"), PETS["fido"])
        self.assertEqual(self.store["pets"].popitem(), ("felix", PETS["felix"]))
        self.assertNotIn("pets", self.store)

    def test_a_view_goes_into_another_store(self):
        other = TStore.Store()
        other["pets"] = self.store["pets"]
        self.assertEqual(other["pets"], PETS)
        other["pets", "copy"] = self.store["pets", "fido"]
        self.assertEqual(other["pets", "copy"], PETS["fido"])

    def test_it_is_one_transaction(self):
        self.store["pets"] = {"rex": {"species": "dog"}}
        self.assertEqual(len(self.heard), 1)
        self.assertEqual(self.store["pets"], {"rex": {"species": "dog"}})


class Functions(Mappings):
    def test_they_take_dictionaries(self):
        odd = {f"c{i}": value for i, value in enumerate(ODD)}
        row_id = self.store.add_row("pets", odd)
        self.assertEqual(self.store["pets", row_id], odd)
        self.store.add_row("pets", {"species": "newt"}, flags=TStore.AddRowFlags.UNIQUE)
        self.store.set_row("pets", "fido", odd)
        self.assertEqual(self.store["pets", "fido"].to_dict(), odd)
        self.store.set_partial_row("pets", "felix", {"toys": ["ball"]})
        self.assertEqual(self.store["pets", "felix"], PETS["felix"] | {"toys": ["ball"]})
        self.store.set_table("odd", {"row": odd})
        self.assertEqual(self.store["odd"].to_dict(), {"row": odd})
        self.store.set_tables({"pets": PETS, "odd": {"row": odd}})
        self.assertEqual(self.store.get_table_ids(), ["pets", "odd"])
        self.assertEqual(self.store["odd", "row"].to_dict(), odd)
        self.store.set_values(odd)
        self.store.set_partial_values({"open": True})
        self.assertEqual(self.store.values.to_dict(), odd | {"open": True})
        self.assertEqual(self.store.values["open"], True)

    def test_they_still_take_variants(self):
        row = GLib.Variant("a{sv}", {"price": GLib.Variant("d", 1)})
        self.store.set_row("pets", "rex", row)
        self.store["pets", "tom"] = row
        self.store.add_row("pets", row, TStore.AddRowFlags.DEFAULT)
        self.store.set_partial_row("pets", "fido", row)
        self.store.set_values(row)
        self.store.set_partial_values(row)
        self.assertEqual([pet["price"] for pet in self.store["pets"].values()], [1, 4, 1, 1, 1])
        self.store.set_table("pets", GLib.Variant("a{sa{sv}}", {"rex": {"price": GLib.Variant("d", 2)}}))
        self.store.set_tables(self.store.get_tables())
        self.assertEqual(json.loads(self.store.get_json()), [{"pets": {"rex": {"price": 2}}}, {"price": 1}])


if __name__ == "__main__":
    tap.main()
