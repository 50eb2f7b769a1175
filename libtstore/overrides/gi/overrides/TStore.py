# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes libtstore feel at home in Python."""

from contextlib import contextmanager

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

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


Store = override(Store)


class Write(TStore.Write):
    def set_value(self, value):
        return super().set_value(_storable(value))


Write = override(Write)


class Row(TStore.Row):
    def set_cell(self, cell_id, value):
        return super().set_cell(cell_id, _storable(value))


Row = override(Row)

__all__ = ["Row", "Store", "Write"]
