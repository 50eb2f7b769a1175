#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The remote persister, from Python."""

import hashlib
import json
import unittest

import gi
import tap

gi.require_version("TStore", "1")
gi.require_version("Soup", "3.0")
from gi.repository import Gio, GLib, Soup, TStore  # noqa: E402

from test_persister import finish, wait_for  # noqa: E402

CONTENT = json.dumps([{"pets": {"fido": {"species": "dog", "price": 5}}}, {}], separators=(",", ":"))


class Server:
    """Holds one text, and checks what is to be replaced."""

    def __init__(self):
        self.text = None
        self.server = Soup.Server()
        self.server.add_handler("/pets.json", self.handle)
        self.server.listen_local(0, Soup.ServerListenOptions.IPV4_ONLY)
        self.uri = f"http://127.0.0.1:{self.server.get_uris()[0].get_port()}/pets.json"

    def tag(self):
        return None if self.text is None else f'"{hashlib.sha256(self.text).hexdigest()}"'

    def handle(self, _server, message, _path, _query):
        asked = message.get_request_headers()
        headers = message.get_response_headers()
        headers.replace("Connection", "close")
        if message.get_method() == "PUT":
            match = asked.get_one("If-Match")
            if match and match != self.tag() or asked.get_one("If-None-Match") and self.text is not None:
                message.set_status(412, None)
                return
            self.text = message.get_request_body().flatten().get_data()
            headers.replace("ETag", self.tag())
            message.set_status(204, None)
        elif self.text is None:
            message.set_status(404, None)
        elif asked.get_one("If-None-Match") == self.tag():
            message.set_status(304, None)
        else:
            headers.replace("ETag", self.tag())
            message.set_status(200, None)
            message.set_response("application/json", Soup.MemoryUse.COPY, self.text)


class Remote(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def make(self, content=None):
        store = TStore.Store()
        if content:
            store.set_json(content)
        persister = TStore.RemotePersister.new(store, self.server.uri, None)
        self.addCleanup(finish, persister, "close")
        return store, persister

    def test_what_one_store_saves_another_loads(self):
        _store, persister = self.make(CONTENT)
        self.assertTrue(finish(persister, "save"))
        self.assertEqual(self.server.text.decode(), CONTENT)
        other, other_persister = self.make()
        self.assertTrue(finish(other_persister, "load"))
        self.assertEqual(other.get_json(), CONTENT)

    def test_two_follow_each_other(self):
        store, persister = self.make()
        other, other_persister = self.make()
        for each in (persister, other_persister):
            each.set_property("poll-interval", 20)
            self.assertTrue(finish(each, "start_auto_persisting", CONTENT))
        store.set_cell("pets", "felix", "species", "cat")
        wait_for(lambda: other.get_cell("pets", "felix", "species") == "cat")
        other.set_cell("pets", "fido", "price", 6)
        wait_for(lambda: store.get_cell("pets", "fido", "price") == 6)

    def test_an_error_is_one_of_gio(self):
        self.server.text = b"<html>"
        store, persister = self.make(CONTENT)
        with self.assertRaises(GLib.Error) as caught:
            finish(persister, "load")
        self.assertTrue(caught.exception.matches(TStore.error_quark(), TStore.Error.PARSE))
        self.server.server.disconnect()
        with self.assertRaises(GLib.Error) as caught:
            finish(persister, "load")
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CONNECTION_REFUSED))
        self.assertEqual(store.get_json(), CONTENT)

    def test_properties(self):
        session = Soup.Session()
        persister = TStore.RemotePersister(
            store=TStore.Store(), load_uri="http://localhost/a", save_uri="http://localhost/b",
            save_method="PATCH", poll_interval=7, timeout=8, max_size=9, session=session,
            use_event_stream=False)
        self.assertEqual(
            (persister.get_load_uri(), persister.get_save_uri(), persister.get_save_method(),
             persister.get_poll_interval(), persister.get_timeout(), persister.get_max_size(),
             persister.get_use_event_stream()),
            ("http://localhost/a", "http://localhost/b", "PATCH", 7, 8, 9, False))
        self.assertIs(persister.get_session(), session)
        persister.set_save_method(None)
        persister.set_session(None)
        self.assertEqual(persister.get_property("save-method"), "POST")
        self.assertIsNone(persister.get_property("session"))


if __name__ == "__main__":
    tap.main()
