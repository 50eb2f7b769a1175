#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The network is unplugged, and plugged in again: F7, F25, F27.

Whatever was under way then, nobody has to ask for anything: what is not saved is saved, what
has changed there is loaded, and nothing is lost."""

import os
import sys
import threading
import time
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

import network
from peers import PATIENCE_S, TICK_S
from proxy import Gate, Proxy
from remotes import DOCUMENT, RemotePlace, demo_server, start_server
import tap

GJS, NODE, demo_server.PROGRAM = sys.argv[1:4]

# Who tells of changes of the network. That of the desktop would know nothing of this one.
MONITOR = {'GIO_USE_NETWORK_MONITOR': 'netlink'}
NO_MONITOR = {'GIO_USE_NETWORK_MONITOR': 'base'}

# What does not answer is given up after this.
TIMEOUT = 1000

# So often it has to fail until the next try by itself is this far away.
N_FAILURES = 11
FAR_AWAY_S = 48


class Network(unittest.TestCase):

    def setUp(self):
        self.cable = self.enterContext(network.Cable())
        server = self.enterContext(start_server('demo'))
        self.place = self.enterContext(RemotePlace(GJS, NODE, server))
        self.proxy = self.enterContext(Proxy(server.port, self.cable.server))
        self.place.programs['libtstore'] = self.cable.there + self.place.programs['libtstore']
        self.place.replace([{}, {}])
        self.place.add('old')

    def start(self, poll=50, env=MONITOR):
        peer = self.place.start_behind(self.proxy, env=env, timeout=TIMEOUT, poll=poll)
        peer.ask('start')
        peer.ask('settle')
        self.assertEqual(peer.rows(), {'old'})
        return peer

    def wait(self, condition, what, seconds=PATIENCE_S):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f'waited too long for {what}')
            time.sleep(TICK_S)

    def fail_to_save(self, peer, n):
        """Edits until so many tries have failed."""
        for i in range(n):
            n_errors = len(peer.ask('errors'))
            peer.ask('set', row='failed', value=i)
            self.wait(lambda: len(peer.ask('errors')) > n_errors, 'a failure')

    def check_all_arrives(self, peer, rows, seconds=PATIENCE_S):
        self.wait(lambda: self.place.rows() == rows and peer.rows() == rows and not peer.ask('isDirty'),
                  f'{rows}', seconds)
        self.assertEqual(peer.content(), self.place.read())
        peer.end()
        self.assertEqual(self.place.rows(), rows)

    def check_saving(self, unplug, plug_in):
        """It is sent, and whether it has arrived, the persister is never told."""
        peer = self.start()
        with Gate(self.proxy) as gate:
            peer.ask('set', row='l1', value=1)
            gate.wait()
            unplug()
        self.fail_to_save(peer, 1)
        self.place.add('theirs')
        plug_in()
        self.check_all_arrives(peer, {'old', 'l1', 'failed', 'theirs'})

    def check_loading(self, unplug, plug_in):
        """It is asked for, and the answer never comes."""
        peer = self.start()
        arrived, unplugged = threading.Event(), threading.Event()

        def hold(exchange):
            if exchange.method == 'GET':
                arrived.set()
                unplugged.wait(PATIENCE_S)
        self.proxy.before = hold
        self.place.add('theirs')
        self.assertTrue(arrived.wait(PATIENCE_S))
        unplug()
        self.proxy.before = lambda exchange: None
        unplugged.set()
        self.fail_to_save(peer, 1)
        plug_in()
        self.check_all_arrives(peer, {'old', 'failed', 'theirs'})

    def check_idle(self, unplug, plug_in):
        """Nothing is under way; then both sides go on without each other."""
        peer = self.start()
        unplug()
        self.place.add('theirs')
        self.fail_to_save(peer, 2)
        self.assertEqual(peer.rows(), {'old', 'failed'})
        self.assertEqual(self.place.rows(), {'old', 'theirs'})
        plug_in()
        self.check_all_arrives(peer, {'old', 'failed', 'theirs'})

    def test_saving_there(self):
        self.check_saving(self.cable.unplug_there, self.cable.plug_in_there)

    def test_saving_here(self):
        self.check_saving(self.cable.unplug_here, self.cable.plug_in_here)

    def test_loading_there(self):
        self.check_loading(self.cable.unplug_there, self.cable.plug_in_there)

    def test_loading_here(self):
        self.check_loading(self.cable.unplug_here, self.cable.plug_in_here)

    def test_idle_there(self):
        self.check_idle(self.cable.unplug_there, self.cable.plug_in_there)

    def test_idle_here(self):
        self.check_idle(self.cable.unplug_here, self.cable.plug_in_here)

    def test_at_once(self):
        """The next try by itself is far away; when the network is back, nothing waits for it."""
        # Nothing but the network itself tells of it.
        self.proxy.change = lambda fields: [field for field in fields if field[0] != 'Link']
        peer = self.start(poll=0)
        self.cable.unplug_there()
        self.fail_to_save(peer, N_FAILURES)
        self.place.add('theirs')
        self.cable.plug_in_there()
        self.check_all_arrives(peer, {'old', 'failed', 'theirs'}, FAR_AWAY_S)

    def test_dead_stream(self):
        """What tells it of changes vanishes without a word: as soon as that is found out, which
        it is with the first change, it listens again."""
        peer = self.start(poll=100, env=NO_MONITOR)
        self.wait(lambda: self.proxy.streams() == 1, 'a stream')
        # By then it has heard of the stream, too.
        self.place.add('first')
        peer.wait_for_rows('first')
        peer.ask('settle')
        self.cable.lose()
        self.proxy.vanish()
        self.cable.lose_no_more()
        self.place.add('found')
        peer.wait_for_rows('found')
        self.wait(lambda: self.proxy.streams() == 2, 'another stream')
        self.place.add('told')
        self.check_all_arrives(peer, {'old', 'first', 'found', 'told'})

    def test_starts_without_network(self):
        """It begins with the defaults; they never replace what is there."""
        self.cable.unplug_there()
        peer = self.place.start_behind(self.proxy, env=MONITOR, timeout=TIMEOUT)
        starting = peer.send('start', defaults=[{'writes': {'default': {'n': 1}}}, {}])
        self.assertIn('error', peer.answer(starting))
        peer.ask('set', row='l1', value=1)
        self.cable.plug_in_there()
        peer.wait_for_rows('old', 'l1')
        self.check_all_arrives(peer, {'old', 'l1'})


if __name__ == '__main__':
    REASON = network.why_not()
    if REASON and os.environ.get('CI'):
        print(f'1..1\nnot ok 1 {REASON}')
        sys.exit(1)
    if REASON:
        print(f'1..0 # SKIP {REASON}')
        sys.exit(0)
    network.enter()
    tap.main()
