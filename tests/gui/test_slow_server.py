#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo with a server that takes its time to save.

    run-gui-test.sh test_slow_server.py .../tstore-demo .../tstore-demo-server [TEST...]
"""

import contextlib
import os
import sys

from gtk4ui import App, wait
from pets_ui import DemoServer, answer, button_of, dialog_of, edit, shown, status
from suite import Suite

# Not into the folder of the sources.
sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "counterparts"))

from proxy import Gate, Proxy  # noqa: E402

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


suite.run(sys.argv[3:])
