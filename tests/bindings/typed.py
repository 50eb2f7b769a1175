# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a type checker has to say of the library: nothing, but where a line says wrong."""

import gi

gi.require_version("TStore", "1")
from gi.repository import Gio, TStore  # noqa: E402


class Pet(TStore.Row, naming=TStore.CellNaming.CAMEL_CASE):
    birth_date = TStore.cell(str)


def right() -> None:
    store = TStore.Store()
    store["pets"] = {"fido": {"species": "dog", "price": 5}}
    store["pets", "fido"].update(sold=True)
    store["pets", "fido", "toys"] = ["ball"]
    store.values["open"] = True
    total: float = sum(row["price"] for row in store["pets"].values())
    total += store.get_cell_number("pets", "fido", "price") + store.get_cell("pets", "fido", "price")
    row_id: str = store.add_row("pets", {"species": "cat"}, TStore.AddRowFlags.UNIQUE)
    row: dict[str, object] = store["pets"].pop(row_id)
    assert ("pets", row_id) not in store and row

    with store.transaction() as same:
        same.set_cell("pets", "fido", "price", None)
    store["pets"].setdefault("rex", {"species": "dog"})["price"] = 7
    del store["pets", "rex"]
    price: int = store.transact(lambda store: 5)
    handle: int = store.add_cell_listener("pets", None, "price", TStore.ListenerFlags.DEFAULT, print, "data", 5)
    store.remove_listener(handle)
    kinds: TStore.WriteKinds = TStore.WriteKinds.SET_CELL | TStore.WriteKinds.SET_ROW
    store.remove_interceptor(store.add_interceptor(kinds, print))

    model = TStore.TableModel(store=store, table_id="pets", row_type=Pet, limit=price)
    found, position = model.find("fido")
    names: list[str] = [pet.get_row_id().upper() for pet in model]
    pet = Pet(store=store, table_id="pets", row_id="fido")
    pet.birth_date = "2020-02-29"
    assert found and names[position] == "FIDO" and model.props.limit == 5

    item = TStore.ValuesModel.new(store)[0]
    item.set_value(2**40)
    spec = TStore.CellSpec.new(TStore.CellTypes.NUMBER)
    spec.set_default(2**40)
    assert spec.get_types() == TStore.CellTypes.NUMBER

    persister = TStore.CustomPersister.new(store, write=lambda persister, request: request.return_saved())
    persister.set_save_delay(0)
    persister.save_async(callback=lambda persister, result: persister.save_finish(result))
    nick: str = persister.get_status().value_nick
    assert nick and not persister.props.auto_save

    remote = TStore.RemotePersister(store=store, load_uri="https://example.org/", save_uri=None, save_method=None)
    assert remote.props.save_uri.startswith("https:") and remote.props.session is None
    ids: list[int] = TStore.Checkpoints.new(store).get_backward_ids()
    assert ids == []

    other = TStore.FilePersister(store=store, file=Gio.File.new_for_path("pets.json"), save_delay=0)
    assert other.props.save_delay == 0 and other.props.journal_threshold


def wrong(store: TStore.Store, persister: TStore.Persister) -> None:
    store.get_cell("pets", 5, "price")  # wrong
    store.get_cell("pets", "fido")  # wrong
    store.get_cell_number("pets", "fido", "price").upper()  # wrong
    store.has_table("pets").upper()  # wrong
    store["pets", "fido", "price", "euro"] = 5  # wrong
    store["pets"]["fido"].upper()  # wrong
    store[5]  # wrong
    store.values[5] = True  # wrong
    store["pets"].setdefault("rex")  # wrong
    TStore.Checkpoints.new(store).get_backward_ids().n_ids  # wrong
    store.set_cell("pets", "fido", "price", [1])  # wrong with PyGObject's stubs
    store.add_row("pets", {"price": 5}, "unique")  # wrong
    TStore.CellType.WORD  # wrong
    TStore.AddRowFlags.UNIQUE = 5  # wrong
    TStore.FilePersister(stor=store)  # wrong
    persister.get_status().upper()  # wrong
    persister.set_save_delay("long")  # wrong
    TStore.Changes.new_from_json(b"[]")  # wrong
    TStore.TableModel.new(store)  # wrong
    TStore.TableModel.new(store, "pets")[0].get_row_id() + 5  # wrong
    TStore.Store("pets")  # wrong
    TStore.no_such_function()  # wrong
