# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes libtstore feel at home in Python."""

import atexit
import gc
import json
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import contextmanager, suppress
from functools import wraps

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import Gio, GLib, GObject

TStore = get_introspection_module("TStore")


def _storable(value):
    """PyGObject makes a 32-bit integer of an int, and refuses those that are larger."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _refused(message):
    return GLib.Error.new_literal(TStore.error_quark(), message, TStore.Error.REFUSED)


# --- Dictionaries and JSON text ---

# What a string in a text begins with whose rest is JSON.
_JSON_MARK = "\ufffd"


def _plain(thing):
    if isinstance(thing, Mapping):
        return dict(thing)
    raise TypeError(f"A {type(thing).__name__} cannot be stored")


def _each_cell(func, thing, depth):
    """Calls a function for the cells in dictionaries: of a row, 1 deep, a table, 2, or tables, 3."""
    if depth == 0:
        return func(thing)
    return {key: _each_cell(func, value, depth - 1) for key, value in thing.items()}


def _marked(cell):
    if isinstance(cell, str) and cell.startswith(_JSON_MARK):
        return _JSON_MARK + json.dumps(cell)
    return cell


def _unmarked(cell):
    if isinstance(cell, str) and cell.startswith(_JSON_MARK):
        return _from_json(cell[1:])
    return cell


def _to_json(thing):
    return json.dumps(thing, default=_plain, ensure_ascii=False)


def _from_json(text):
    return json.loads(text, parse_int=float)


def _to_text(thing, depth):
    text = _to_json(thing)
    if _JSON_MARK in text:
        text = _to_json(_each_cell(_marked, json.loads(text), depth))
    return text


def _from_text(text, depth):
    thing = _from_json(text)
    return _each_cell(_unmarked, thing, depth) if _JSON_MARK in text else thing


def _set(set_variant, set_json, thing, depth, *ids):
    if isinstance(thing, Mapping):
        return set_json(*ids, _to_text(thing, depth))
    return set_variant(*ids, thing)


class _View(MutableMapping):
    """A part of a store as a mapping: it shows what is there when it is asked.

    `_whole` and `_part` are what the functions of the store call it, and what is in it.
    """

    def __init__(self, store, *ids):
        self._store = store
        self._ids = ids

    def _call(self, name, *args):
        func = getattr(self._store, name.format(whole=self._whole, part=self._part))
        return func(*self._ids, *args)

    def __repr__(self):
        return repr(self.to_dict())

    def __contains__(self, key):
        return self._call("has_{part}", key)

    def __iter__(self):
        return iter(self._call("get_{part}_ids"))

    def __len__(self):
        return len(self._call("get_{part}_ids"))

    def __delitem__(self, key):
        if key not in self:
            raise KeyError(key)
        if not self._call("remove_{part}", key):
            raise _refused(f"{key} cannot be removed")

    def clear(self):
        # Of the keyed values, it tells nothing.
        if self and self._call("remove_{whole}") is False:
            raise _refused("This cannot be removed")

    def pop(self, key, *default):
        """Removes something and returns what it was, which a view would not show any more."""
        if default and key not in self:
            return default[0]
        value = self[key]
        value = value.to_dict() if isinstance(value, _View) else value
        del self[key]
        return value

    def popitem(self):
        for key in self:
            return key, self.pop(key)
        raise KeyError("There is nothing in it")

    def setdefault(self, key, default=None):
        """Sets it if it is missing, and returns what is there: of a table, a view of the row."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *args, **kwargs):
        """Sets all that it is given in one transaction."""
        with self._store.transaction():
            super().update(*args, **kwargs)

    def to_dict(self):
        """Makes a dictionary of it, with dictionaries in it."""
        return _from_text(self._call("get_{whole}_json"), self._depth)


class _Table(_View):
    _whole, _part, _depth = "table", "row", 2

    def __getitem__(self, row_id):
        if row_id not in self:
            raise KeyError(row_id)
        return _Row(self._store, *self._ids, row_id)

    def __setitem__(self, row_id, row):
        self._call("set_row", row_id, row)


class _Row(_View):
    _whole, _part, _depth = "row", "cell", 1

    def __getitem__(self, key):
        value = self._call("get_{part}", key)
        if value is None and key not in self:
            raise KeyError(key)
        # An object and an array come as text, and a string may look like it.
        if isinstance(value, str) and value.startswith(("{", "[")) and \
           self._call("get_{part}_type", key) in (TStore.CellType.OBJECT, TStore.CellType.ARRAY):
            return _from_json(value)
        return value

    def __setitem__(self, key, value):
        if isinstance(value, (list, tuple, Mapping)):
            self._call("set_{part}_json", key, _to_json(value))
        else:
            self._call("set_{part}", key, value)


class _Values(_Row):
    _whole, _part = "values", "value"


def _as_ids(key):
    """What is in the brackets: the id of a table; of a row as well; or of a cell as well."""
    ids = (key,) if isinstance(key, str) else key
    if not isinstance(ids, tuple) or not 1 <= len(ids) <= 3 or not all(isinstance(name, str) for name in ids):
        raise TypeError("A store takes the ids of a table, a row and a cell")
    return ids


class Store(TStore.Store):
    @property
    def values(self):
        """The keyed values as a mapping."""
        return _Values(self)

    def __getitem__(self, key):
        """Gets a table or a row as a mapping, or what is in a cell."""
        table_id, *ids = _as_ids(key)
        if len(ids) == 2:
            return _Row(self, table_id, ids[0])[ids[1]]
        table = _Table(self, table_id)
        return table[ids[0]] if ids else table

    def __setitem__(self, key, value):
        table_id, *ids = _as_ids(key)
        if len(ids) == 2:
            _Row(self, table_id, ids[0])[ids[1]] = value
        elif ids:
            self.set_row(table_id, *ids, value)
        else:
            self.set_table(table_id, value)

    def __delitem__(self, key):
        *ids, last = _as_ids(key)
        if ids:
            del (_Table, _Row)[len(ids) - 1](self, *ids)[last]
        elif not self.has_table(last):
            raise KeyError(last)
        elif not self.remove_table(last):
            raise _refused(f"{last} cannot be removed")

    def __contains__(self, key):
        ids = _as_ids(key)
        return (self.has_table, self.has_row, self.has_cell)[len(ids) - 1](*ids)

    # Without it, Python would try numbers from 0 on.
    __iter__ = None

    def set_tables(self, tables):
        return _set(super().set_tables, super().set_tables_json, tables, 3)

    def set_table(self, table_id, table):
        return _set(super().set_table, super().set_table_json, table, 2, table_id)

    def set_row(self, table_id, row_id, row):
        return _set(super().set_row, super().set_row_json, row, 1, table_id, row_id)

    def set_partial_row(self, table_id, row_id, row):
        return _set(super().set_partial_row, super().set_partial_row_json, row, 1, table_id, row_id)

    def add_row(self, table_id, row, flags=TStore.AddRowFlags.DEFAULT):
        if isinstance(row, Mapping):
            return super().add_row_json(table_id, _to_text(row, 1), flags)
        return super().add_row(table_id, row, flags)

    def set_values(self, values):
        return _set(super().set_values, super().set_values_json, values, 1)

    def set_partial_values(self, values):
        return _set(super().set_partial_values, super().set_partial_values_json, values, 1)

    @contextmanager
    def transaction(self):
        """Makes one transaction of what a `with` block writes, or nothing if it raises."""
        self.begin()
        try:
            yield self
        except BaseException:
            self.rollback()
            raise
        if not self.commit():
            raise GLib.Error.new_literal(TStore.error_quark(), "A listener rolled the transaction back",
                                         TStore.Error.ROLLED_BACK)

    def transact(self, func):
        """Calls `func(store)` in a transaction, which is rolled back if it raises."""
        results, raised = [], []

        def call(store, *_data):
            try:
                results.append(func(self))
            except BaseException as error:
                raised.append(error)
                raise GLib.Error.new_literal(TStore.error_quark(), "It was raised",
                                             TStore.Error.ROLLED_BACK) from error

        try:
            super().transact(call)
        except GLib.Error:
            if not raised:
                raise
        if raised:
            raise raised[0]
        return results[0]

    def set_cell(self, table_id, row_id, cell_id, value):
        return super().set_cell(table_id, row_id, cell_id, _storable(value))

    def set_value(self, value_id, value):
        return super().set_value(value_id, _storable(value))

    def add_interceptor(self, kinds, func, *user_data):
        """Asks `func(store, write)` about writes; what it raises refuses the write, and is printed."""
        def intercept(store, write, *data):
            try:
                func(store, write, *data)
            except BaseException as error:
                write.refuse(f"{type(error).__name__}: {error}")
                raise
        return super().add_interceptor(kinds, intercept, *user_data)

    def map_cell(self, table_id, row_id, cell_id, func):
        """Sets a cell to what `func(old value)` returns, or nothing if it raises."""
        with self.transaction():
            return self.set_cell(table_id, row_id, cell_id, func(self.get_cell(table_id, row_id, cell_id)))

    def map_value(self, value_id, func):
        """Sets a keyed value to what `func(old value)` returns, or nothing if it raises."""
        with self.transaction():
            return self.set_value(value_id, func(self.get_value(value_id)))

    # PyGObject asks for the data of a first function as a tuple, if there is a second.
    def bind_cell_with_mapping(self, table_id, row_id, cell_id, obj, name, flags, get_mapping, set_mapping=None):
        """Binds a property by way of functions, each of which takes a value and returns one."""
        super().bind_cell_with_mapping(table_id, row_id, cell_id, obj, name, flags, get_mapping, (), set_mapping)

    def bind_value_with_mapping(self, value_id, obj, name, flags, get_mapping, set_mapping=None):
        """Binds a property by way of functions, each of which takes a value and returns one."""
        super().bind_value_with_mapping(value_id, obj, name, flags, get_mapping, (), set_mapping)


Store = override(Store)


class Checkpoints(TStore.Checkpoints):
    @contextmanager
    def group(self, label=None):
        """Makes one step of what a `with` block writes."""
        self.begin_group(label)
        try:
            yield self
        finally:
            self.end_group()


Checkpoints = override(Checkpoints)


class Write(TStore.Write):
    def set_value(self, value):
        return super().set_value(_storable(value))


Write = override(Write)


class ValueItem(TStore.ValueItem):
    def set_value(self, value):
        return super().set_value(_storable(value))


ValueItem = override(ValueItem)


class CellSpec(TStore.CellSpec):
    def set_default(self, value):
        return super().set_default(_storable(value))

    def add_choice(self, value):
        return super().add_choice(_storable(value))


CellSpec = override(CellSpec)


class cell(GObject.Property):
    """A property that is a cell of a row, or a keyed value.

    `type` is str, float, int, bool, list (of strings), GLib.DateTime, an enumeration
    or flags; other arguments are those of GObject.Property. The id is the name of
    the attribute, unless `id` says otherwise.
    """

    _types = {int: GObject.TYPE_INT64, list: GObject.TYPE_STRV}

    def __init__(self, type=str, default=None, id=None, **kwargs):
        super().__init__(getter=self._read, setter=self._write, type=type, default=default, **kwargs)
        self.id = id

    def _read(self, instance):
        return instance.get_property_value(self.name)

    def _write(self, instance, value):
        instance.set_property(self.name, value)

    def _type_from_python(self, type):
        return self._types.get(type) or getattr(type, "__gtype__", None) or super()._type_from_python(type)

    def _get_default(self, default):
        if default is None and self.type == GObject.TYPE_STRING:
            return None
        if default is None and self.type == GObject.TYPE_BOOLEAN:
            return False
        return super()._get_default(default)


class _CellsMeta(type(TStore.Row)):
    """Maps the properties of a class that are made by cell(), once there is a GType."""

    def __new__(mcs, name, bases, namespace, naming=None):
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, naming=None):
        super().__init__(name, bases, namespace)
        for attribute, prop in namespace.items():
            if isinstance(prop, cell):
                cls.map_property(prop.name, prop.id or _named(attribute, naming))

    def _setup_vfuncs(cls):
        """Rows are Json.Serializable, which has functions named as those of GObject; a class means the latter."""
        own = {name: cls.__dict__[name] for name in ("do_get_property", "do_set_property") if name in cls.__dict__}
        for name in own:
            delattr(cls, name)
        super()._setup_vfuncs()
        for name, func in own.items():
            setattr(cls, name, func)


def _named(attribute, naming):
    if naming == TStore.CellNaming.CAMEL_CASE:
        first, *others = attribute.split("_")
        return first + "".join(word.capitalize() for word in others)
    return attribute


class Row(TStore.Row, metaclass=_CellsMeta):
    def set_cell(self, cell_id, value):
        return super().set_cell(cell_id, _storable(value))


Row = override(Row)


class Values(TStore.Values, metaclass=_CellsMeta):
    def set_value(self, value_id, value):
        return super().set_value(value_id, _storable(value))


Values = override(Values)


def _as_error(error):
    """What a medium raises becomes an error that an operation can fail with."""
    if isinstance(error, GLib.Error):
        return error
    return GLib.Error.new_literal(Gio.io_error_quark(), f"{type(error).__name__}: {error}",
                                  Gio.IOErrorEnum.FAILED)


class Request(TStore.Request):
    def return_error(self, error):
        """Answers that it failed with any exception."""
        super().return_error(_as_error(error))


Request = override(Request)


def _reader(func):
    """Makes a function that takes a request: it need not return anything, and may raise anything."""
    @wraps(func)
    def take(persister, request, *data):
        try:
            return func(persister, request, *data) is not False
        except BaseException as error:
            request.return_error(error)
            raise
    return take


def _listener(func):
    """The same for a function that begins to listen."""
    @wraps(func)
    def listen(persister, *data):
        try:
            return func(persister, *data) is not False
        except BaseException as error:
            if not isinstance(error, GLib.Error):
                traceback.print_exc()
            raise _as_error(error) from None
    return listen


class Persister(TStore.Persister):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name, wrap in (("do_read", _reader), ("do_write", _reader), ("do_start_listening", _listener)):
            if name in cls.__dict__:
                setattr(cls, name, wrap(cls.__dict__[name]))


Persister = override(Persister)


class CustomPersister(TStore.CustomPersister):
    @staticmethod
    def new(store, read=None, write=None, start_listening=None, stop_listening=None):
        """Creates a persister whose medium is made of functions."""
        self = TStore.CustomPersister.new(store)
        self.set_read_func(read)
        self.set_write_func(write)
        self.set_start_listening_func(start_listening)
        self.set_stop_listening_func(stop_listening)
        return self

    def set_read_func(self, func, *user_data):
        super().set_read_func(func and _reader(func), *user_data)

    def set_write_func(self, func, *user_data):
        super().set_write_func(func and _reader(func), *user_data)

    def set_start_listening_func(self, func, *user_data):
        super().set_start_listening_func(func and _listener(func), *user_data)


CustomPersister = override(CustomPersister)


@atexit.register
def _dispose_persisters():
    """Python lets go of nothing when it exits; a persister then saves what is not saved yet."""
    for thing in gc.get_objects():
        # One whose __init__ has failed is none, and must not keep the others from being saved.
        with suppress(Exception):
            if issubclass(type(thing), TStore.Persister) and thing.get_dirty():
                thing.run_dispose()


__all__ = ["CellSpec", "Checkpoints", "CustomPersister", "Persister", "Request", "Row", "Store", "ValueItem", "Values",
           "Write", "cell"]
