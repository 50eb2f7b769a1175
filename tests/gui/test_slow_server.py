#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo with servers that take their time to save, or to tell of changes.

    run-gui-test.sh test_slow_server.py .../tstore-demo .../tstore-demo-server [TEST...]

With GUI_SHOTS, it leaves a picture of some states in that folder.
"""

import contextlib
import http.server
import json
import os
import sys
import threading

from gtk4ui import App, wait
from pets_ui import (DemoServer, answer, button_of, dialog_of, edit, focused, open_preferences, replace_text, shot, shown,
                     status)
from suite import Suite

# Not into the folder of the sources.
sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "counterparts"))

from proxy import PATIENCE_S, Gate, Proxy  # noqa: E402

suite = Suite(sys.argv[1])
test = suite.test

REX = {"1": {"name": "Rex", "species": "Dog"}, "2": {"name": "Milo", "species": "Cat"}}


@contextlib.contextmanager
def start():
    """Within, the server does not answer to a save, until it is let go on."""
    suite.write("pets.json", REX)
    with DemoServer(sys.argv[2], suite.home) as server, Proxy(server.port) as proxy:
        with App([suite.demo, "--standalone", "--url", proxy.uri + "pets.json"], suite.env()) as app:
            status(app, "Saved")
            app.focus()
            with Gate(proxy) as gate:
                edit(app, "Rex", "Max")
                gate.wait()
                yield app, gate.opened


def close_and_wait(app):
    """Closes the window, and waits until it is asked about."""
    app.focus()
    app.key("ctrl+w")
    dialog_of(app).find("label", "The latest changes are still being saved.")
    # It is there to be asked for, as screen readers do; GTK 4.8 crashes with one that is not.
    assert app.find("label", "Max", where=shown)


@test
def works_while_it_saves():
    with start() as (app, let_go):
        status(app, "Saving…")
        app.find("label", "Saving…", where=shown)
        app.type("milo")
        app.find("label", "1 of 2 pets", where=shown)
        app.key("Escape")
        app.find("label", "2 pets", where=shown)
        edit(app, "Milo", "Milou")
        assert suite.file("pets.json") == ["Milo", "Rex"]

        let_go.set()
        wait("both names on the server", lambda: suite.file("pets.json") == ["Max", "Milou"])
        status(app, "Saved")


@test
def ends_when_all_is_saved():
    with start() as (app, let_go):
        close_and_wait(app)
        let_go.set()
        assert app.wait_for_end() == 0
        assert suite.file("pets.json") == ["Max", "Milo"]


@test
def closing_can_be_cancelled():
    with start() as (app, let_go):
        close_and_wait(app)
        answer(app, "Cancel")
        app.focus()
        edit(app, "Milo", "Milou")
        let_go.set()
        wait("both names on the server", lambda: suite.file("pets.json") == ["Max", "Milou"])
        status(app, "Saved")

        app.key("ctrl+w")
        assert app.wait_for_end() == 0


@test
def need_not_be_waited_for():
    with start() as (app, let_go):
        close_and_wait(app)
        button_of(dialog_of(app), "Close without Saving").press()
        assert app.wait_for_end() == 0
        assert suite.file("pets.json") == ["Milo", "Rex"]


class LoadGate(Gate):
    """Holds the next load."""

    def hold(self, exchange):
        if exchange.method == "GET" and not exchange.target.endswith("?events"):
            self.proxy.before = lambda exchange: None
            self.arrived.set()
            self.opened.wait(PATIENCE_S)


def go_to_server(app, uri):
    preferences = open_preferences(app)
    preferences.find(name="A Server", where=lambda n: n.role in ("radio button", "check box")).click()
    preferences.find("text", "Address", where=focused)
    replace_text(preferences, uri)
    wait("the address", lambda: "sensitive" in button_of(preferences, "Connect").states())
    button_of(preferences, "Connect").click()
    return preferences


def leave(app, preferences):
    preferences.focus()
    preferences.key("Escape")
    wait("no preferences", lambda: preferences.window_id not in app.windows())
    app.focus()


@contextlib.contextmanager
def on_the_way():
    """Within, three pets are on their way to a server that has another one, and does not say so until it is let go on."""
    suite.command("--local", "--add", "Rex,Dog", "--add", "Milo,Cat", "--add", "Tom,Cat")
    suite.write("pets.json", {"1": {"name": "Bella", "species": "Dog"}})
    with DemoServer(sys.argv[2], suite.home) as server, Proxy(server.port) as proxy:
        with App([suite.demo, "--standalone", "--local"], suite.env()) as app:
            status(app, "Saved")
            preferences = go_to_server(app, proxy.uri + "pets.json")
            dialog_of(app).find("label", "There is 1 pet already")
            with LoadGate(proxy) as gate:
                answer(app, "Keep Both")
                gate.wait()
                leave(app, preferences)
                yield app, gate.opened, server


@test
def asks_while_pets_are_on_the_way():
    with on_the_way() as (app, let_go, _):
        app.key("ctrl+w")
        dialog_of(app).find("label", "The latest changes are still being saved.")
        shot(app, "moving")
        # Once is enough.
        app.proc.terminate()
        answer(app, "Cancel")
        assert not [child for child in app.children() if child.role in ("alert", "dialog")]
        app.find("label", "Rex", where=shown)

        let_go.set()
        wait("all on the server", lambda: suite.file("pets.json") == ["Bella", "Milo", "Rex", "Tom"])
        status(app, "Saved")
        app.focus()
        app.key("ctrl+w")
        assert app.wait_for_end() == 0


@test
def pets_on_the_way_can_be_left_behind():
    with on_the_way() as (app, _, _):
        app.key("ctrl+w")
        button_of(dialog_of(app), "Close without Saving").press()
        assert app.wait_for_end() == 0
        assert suite.file("pets.json") == ["Bella"]
        assert suite.local() == ["Milo", "Rex", "Tom"]


@test
def what_is_done_on_the_way_is_done():
    with on_the_way() as (app, let_go, server):
        app.find("label", "Milo", where=shown).click()
        app.key("Delete")
        app.find("label", "“Milo” removed", where=shown)
        edit(app, "Rex", "Max")
        assert suite.file("pets.json") == ["Bella"]

        let_go.set()
        wait("all on the server", lambda: suite.file("pets.json") == ["Bella", "Max", "Tom"])
        status(app, "Saved")

        # Nor does anything come back with what others do, or with the next save.
        suite.command("--url", server.base + "pets.json", "--add", "Kim,Bird")
        app.find("label", "Kim", where=shown)
        edit(app, "Tom", "Tim")
        wait("the name on the server", lambda: "Tim" in suite.file("pets.json"))
        assert suite.file("pets.json") == ["Bella", "Kim", "Max", "Tim"]
        status(app, "Saved")
        assert suite.local() == ["Milo", "Rex", "Tom"]


@test
def what_could_not_be_brought_can_be_tried_again():
    suite.command("--local", "--add", "Rex,Dog")
    with DemoServer(sys.argv[2], suite.home) as server, Proxy(server.port) as proxy:
        def refuse(exchange):
            if exchange.method == "PUT":
                exchange.method = "BREW"

        with App([suite.demo, "--standalone", "--local"], suite.env()) as app:
            status(app, "Saved")
            preferences = open_preferences(app)
            preferences.find(name="Save Automatically", where=lambda n: n.role != "label").click()
            wait("the switch", lambda: suite.preferences().get("auto-save") is False)
            leave(app, preferences)
            edit(app, "Rex", "Max")
            status(app, "Unsaved changes")

            proxy.before = refuse
            preferences = go_to_server(app, proxy.uri + "pets.json")
            status(app, "Not saved")
            leave(app, preferences)
            tried = len(proxy.exchanges)
            button_of(app, "Retry").press()
            wait("another try", lambda: "BREW" in [exchange.method for exchange in proxy.exchanges[tried:]])
            app.find("label", "Max", where=shown)
            status(app, "Not saved")

            # Nor is it lost by accident.
            app.key("ctrl+w")
            dialog_of(app).find(where=lambda n: n.name.startswith("The latest changes could not be saved: "))
            answer(app, "Cancel")

            proxy.before = lambda exchange: None
            button_of(app, "Retry").press()
            wait("the pet on the server", lambda: suite.file("pets.json") == ["Max"])
            status(app, "Saved")
            app.focus()
            app.key("ctrl+w")
            assert app.wait_for_end() == 0


class Quiet(http.server.BaseHTTPRequestHandler):
    """Has one document, and does not tell of changes."""

    def do_GET(self):
        body = self.server.body
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def quiet_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.body = json.dumps([{"pets": REX}, {}]).encode()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def set_interval(app, seconds, base="data"):
    preferences = open_preferences(app)
    preferences.key("alt+c")
    preferences.find("spin button", "Seconds between Checks", where=focused)
    replace_text(preferences, str(seconds), "Tab")
    wait("the interval in the preferences", lambda: suite.item(base, "preferences")[1].get("poll-interval") == seconds)
    preferences.key("Escape")


@test
def asks_as_often_as_is_chosen():
    with quiet_server() as server:
        argv = [suite.demo, "--standalone", "--url", f"http://127.0.0.1:{server.server_port}/pets.json"]
        with App(argv, suite.env()) as app:
            app.find("label", "Rex", where=shown)
            set_interval(app, 3600)

        # That is remembered. One that asks often has seen several changes before it asks.
        often_env = {**suite.env(), "XDG_DATA_HOME": suite.path("often")}
        with App(argv, suite.env()) as app, App(argv, often_env) as often:
            set_interval(often, 1, "often")
            app.find("label", "Rex", where=shown)
            for old, new in ("Rex", "Max"), ("Max", "Tom"), ("Tom", "Jim"):
                server.body = server.body.replace(old.encode(), new.encode())
                often.find("label", new, where=shown)
            app.find("label", "Rex", where=shown)

            # Then it is told to.
            set_interval(app, 1)
            app.find("label", "Jim", where=shown)


suite.run(sys.argv[3:])
