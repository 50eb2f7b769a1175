# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes libtstore feel at home in Python."""

import atexit
import gc
import traceback
from contextlib import contextmanager
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


class Store(TStore.Store):
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
        with self.transaction():
            return func(self)

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
        if issubclass(type(thing), TStore.Persister) and thing.get_dirty():
            thing.run_dispose()


__all__ = ["CustomPersister", "Persister", "Request", "Row", "Store", "Values", "Write", "cell"]
