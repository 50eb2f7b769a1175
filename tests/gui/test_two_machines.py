#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two machines with the same table on a server, and a cable that is pulled.

    run-gui-test.sh test_two_machines.py .../tstore-demo .../tstore-demo-server .../pets.json

Each machine is a network of its own, with a cable to the one that the server is in.
"""

import contextlib
import json
import os
import sys

# Not into the folder of the sources.
sys.dont_write_bytecode = True

demo, server_program, sample_path = sys.argv[1:4]

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", name) for name in ("counterparts", "server")]

import network  # noqa: E402

reason = network.why_not()
if reason:
    print(f"1..0 # SKIP {reason}")
    sys.exit(77)
network.enter()

import demo_server  # noqa: E402
from gtk4ui import App, wait  # noqa: E402
from proxy import Proxy  # noqa: E402

demo_server.PROGRAM = server_program
DOCUMENT = "pets.json"


class Machine(contextlib.ExitStack):
    """A network with a demo in it, whose table is on a server at the other end of a cable."""

    def __init__(self, number, server):
        super().__init__()
        self.cable = self.enter_context(network.Cable(number))
        proxy = self.enter_context(Proxy(server.port, self.cable.server))
        self.app = self.enter_context(App(
            [*self.cable.there, demo, "--standalone", "--url", proxy.uri + DOCUMENT],
            env={"GIO_USE_NETWORK_MONITOR": "netlink"}))

    def cell(self, text):
        return self.app.find("label", text, where=lambda node: node.is_shown())

    def edit(self, old, new):
        self.app.focus()
        self.cell(old).click(repeat=2)
        self.app.find("text", where=lambda node: "focused" in node.states())
        self.app.key("ctrl+a")
        self.app.type(new)
        self.app.key("Return")
        self.cell(new)

    def state(self, text):
        self.app.find("label", text)


def names(server):
    pets = json.loads(server.get("/" + DOCUMENT).body)[0]["pets"]
    return {pet["name"] for pet in pets.values()}


def both_have(server, one, two, *expected):
    for machine in (one, two):
        for name in expected:
            machine.cell(name)
    wait("all on the server", lambda: names(server) >= set(expected))


def follow_each_other(server, one, two):
    one.edit("Mochi", "Mochi of One")
    two.cell("Mochi of One")
    two.edit("Bertie", "Bertie of Two")
    both_have(server, one, two, "Mochi of One", "Bertie of Two")


def pull_one_cable(server, one, two):
    """One edits without a network, the other one with it."""
    one.cable.unplug_there()
    one.edit("Mochi of One", "Mochi alone")
    one.state("Offline")
    two.edit("Bertie of Two", "Bertie meanwhile")
    two.state("Saved")
    assert "Mochi alone" not in names(server)
    one.cable.plug_in_there()
    both_have(server, one, two, "Mochi alone", "Bertie meanwhile")


def pull_both_cables(server, one, two):
    """Both edit, two cells of the same pet among them."""
    one.cable.unplug_there()
    two.cable.unplug_there()
    one.edit("Mochi alone", "Mochi in the dark")
    two.edit("Bertie meanwhile", "Bertie in the dark")
    one.state("Offline")
    two.state("Offline")
    one.cable.plug_in_there()
    two.cable.plug_in_there()
    both_have(server, one, two, "Mochi in the dark", "Bertie in the dark")
    one.state("Saved")
    two.state("Saved")


TESTS = [follow_each_other, pull_one_cable, pull_both_cables]

print(f"1..{len(TESTS)}")
with demo_server.Server() as the_server:
    with open(sample_path, "rb") as sample:
        reply = the_server.put("/" + DOCUMENT, sample.read())
        assert reply.status in (200, 201, 204), reply.status
    with Machine(0, the_server) as first, Machine(1, the_server) as second:
        for i, test in enumerate(TESTS, 1):
            test(the_server, first, second)
            print(f"ok {i} - {test.__name__.replace('_', ' ')}", flush=True)
