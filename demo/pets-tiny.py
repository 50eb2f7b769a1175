#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The smallest table of pets: pets-tiny.py FILE

Edit a cell, and it is in the file. Change the file, and it is in the cell.
"""

import sys

import gi

gi.require_version("Gtk", "4.0")
gi.require_version("TStore", "1")
from gi.repository import Gio, GLib, Gtk, TStore  # noqa: E402


def bind_cell(factory, item, cell_id):
    cell, row = item.get_child(), item.get_item()

    def show(row, changed):
        cell.set_text(row.get_string(cell_id) or "")

    def write(cell, pspec):
        if not cell.get_editing() and cell.get_text() != (row.get_string(cell_id) or ""):
            row.set_string(cell_id, cell.get_text())

    show(row, cell_id)
    item.handlers = ((row, row.connect(f"cell-changed::{cell_id}", show)),
                     (cell, cell.connect("notify::editing", write)))


def unbind_cell(factory, item, cell_id):
    for instance, handler in item.handlers:
        instance.disconnect(handler)


def make_column(title, cell_id):
    factory = Gtk.SignalListItemFactory()
    factory.connect("setup", lambda factory, item: item.set_child(Gtk.EditableLabel(text="")))
    factory.connect("bind", bind_cell, cell_id)
    factory.connect("unbind", unbind_cell, cell_id)
    return Gtk.ColumnViewColumn(title=title, factory=factory, expand=True)


class Window(Gtk.ApplicationWindow):
    def __init__(self, path, **kwargs):
        super().__init__(title="Tiny Pets", default_width=600, default_height=400, **kwargs)

        self.store = TStore.Store()
        self.persister = TStore.FilePersister.new(self.store, Gio.File.new_for_path(path))
        self.persister.start_auto_persisting_async(None, None, None)

        rows = TStore.TableModel.new(self.store, "pets")
        table = Gtk.ColumnView(model=Gtk.SingleSelection(model=rows))
        for title, cell_id in (("Name", "name"), ("Species", "species"), ("Breed", "breed")):
            table.append_column(make_column(title, cell_id))
        self.set_child(Gtk.ScrolledWindow(child=table))

        add = Gtk.Button(icon_name="list-add-symbolic", tooltip_text="Add a Pet")
        add.update_property([Gtk.AccessibleProperty.LABEL], ["Add a Pet"])
        add.connect("clicked", lambda button: self.store.add_row_json(
            "pets", '{"name":"New Pet"}', TStore.AddRowFlags.UNIQUE))
        header = Gtk.HeaderBar()
        header.pack_start(add)
        self.set_titlebar(header)
        self.connect("close-request", self.save_and_close)

    def save_and_close(self, window):
        def saved(persister, result):
            try:
                persister.close_finish(result)
                self.destroy()
            except GLib.Error as error:
                self.set_title(error.message)

        self.persister.close_async(None, saved)
        return True


app = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
app.connect("activate", lambda app: Window(sys.argv[1], application=app).present())
sys.exit(app.run([]))
