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
from gi.repository import Gio, GLib

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


class Row(TStore.Row):
    def set_cell(self, cell_id, value):
        return super().set_cell(cell_id, _storable(value))


Row = override(Row)


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


__all__ = ["CustomPersister", "Persister", "Request", "Row", "Store", "Write"]
