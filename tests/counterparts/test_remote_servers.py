#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Two programs with libtstore on one document: F25, F26. On tstore-demo-server, and on Apache,
nginx and rclone, none of which knows libtstore.

Where the server checks what a save replaces, nothing is lost. Where it does not, each save
looks first, and exactly that is lost which comes between the look and the save."""

import os
import sys
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import SEED, SOAK, wait_for
from proxy import Gate
from remotes import RemotePlace, demo_server, servers, start_server
from windows import checked_too_early, may_lose, nothing, unchecked
import tap

GJS, NODE, demo_server.PROGRAM = sys.argv[1:4]
N = 1000 if SOAK else 50


class OnServer:
    """The same on each."""

    n_turns = 100 if SOAK else 10

    def setUp(self):
        print(f'# seed {SEED}', flush=True)
        server = self.enterContext(start_server(self.kind))
        self.place = self.enterContext(RemotePlace(GJS, NODE, server))

    def open_two(self, **options):
        self.proxies = [self.place.start_proxy() for _ in range(2)]
        self.peers = [self.place.start_behind(proxy, **options) for proxy in self.proxies]

    def start_two(self, *rows, **options):
        self.place.replace([{'writes': {row: {'n': 0} for row in rows}} if rows else {}, {}])
        self.open_two(**options)
        for number, peer in [(peer.send('start'), peer) for peer in self.peers]:
            peer.receive(number)
        for peer in self.peers:
            peer.wait_for_rows(*rows)

    def save(self, peer, row, value=1):
        peer.ask('set', row=row, value=value)
        peer.ask('settle')

    def has_agreed(self):
        for peer in self.peers:
            peer.ask('settle')
        content = self.place.read()
        return all(peer.content() == content for peer in self.peers)

    def agree(self):
        wait_for(self.has_agreed, 'both to agree')

    def end(self):
        for peer in self.peers:
            peer.end()

    def conflicts(self, peer):
        return [entry for entry in peer.ask('log') if 'conflict' in entry]

    # One after the other

    def test_turns(self):
        """Guaranteed. All versions have the same size, and come within a second."""
        self.start_two('row')
        for i in range(100, 100 + self.n_turns):
            for name, writer, reader in (('a', *self.peers), ('b', *reversed(self.peers))):
                value = f'{name}{i}'
                expected = {'writes': {'row': {'n': value}}}
                self.save(writer, 'row', value)
                self.assertEqual(self.place.read()[0], expected)
                wait_for(lambda: reader.content()[0] == expected, value)
        self.end()

    # Beginning where nothing is

    def create_late(self):
        """Both have seen that nothing is there; then the second one creates it, and the first one."""
        self.open_two()
        first, second = self.peers
        for peer, row in zip(self.peers, 'ab'):
            peer.ask('set', row=row, value=1)
        with Gate(self.proxies[0]) as gate:
            starting = first.send('start')
            gate.wait()
            second.ask('start')
            second.ask('settle')
            self.assertEqual(self.place.rows(), {'b'})
        first.receive(starting)
        self.agree()

    # Between a look and a save

    def save_late(self, rows, row_a, row_b):
        """The first one saves; before it replaces what it has seen, the second one does."""
        self.start_two(*rows, log=True)
        first, second = self.peers
        # From here on, it knows whether the server checks.
        self.save(first, 'first')
        self.agree()
        with Gate(self.proxies[0]) as gate:
            first.ask('set', row=row_a, value='a')
            gate.wait()
            # Neither saved then, nor lost.
            first.ask('set', row='unsaved', value='a')
            self.save(second, row_b, 'b')
            self.assertEqual(self.place.read()[0]['writes'][row_b], {'n': 'b'})
        self.agree()

    def check_late(self, rows, expected, told, row_a='a', row_b='b'):
        self.save_late(rows, row_a, row_b)
        writes = self.place.read()[0]['writes']
        self.assertEqual(set(writes), set(rows) | {'first', 'unsaved'} | set(expected))
        self.assertEqual(writes[row_a], {'n': 'a'})
        self.assertEqual([self.conflicts(peer) for peer in self.peers], [told, []])
        self.end()

    # All the time

    def write(self, peers):
        numbers = [peer.send('rapid', prefix=name, n=N, seed=SEED + i)
                   for i, (peer, name) in enumerate(zip(peers, 'ab'))]
        for peer, number in zip(peers, numbers):
            peer.receive(number)

    def test_one_writer(self):
        """Guaranteed."""
        self.start_two()
        self.write(self.peers[:1])
        self.agree()
        self.assertEqual(self.place.rows(), {f'a{i}' for i in range(1, N + 1)})
        self.end()

    def test_at_once(self):
        """What fell into a window may be lost, and nothing else."""
        self.start_two()
        self.write(self.peers)
        self.agree()
        expected = {f'{name}{i}' for name in 'ab' for i in range(1, N + 1)}
        rows = self.place.rows()
        window = may_lose(self.window, *self.proxies)
        print(f'# {self.kind}: {sum(len(proxy.puts()) for proxy in self.proxies)} saves of {2 * N} '
              f'writes, {len(window)} of them in a window, {len(expected - rows)} lost', flush=True)
        self.assertLessEqual(expected - rows, window)
        self.assertLessEqual(rows, expected)
        self.end()
        return window


class Checking(OnServer):

    def test_absent(self):
        """Guaranteed: of two that create it, the second one finds it, and merges."""
        self.create_late()
        self.assertEqual(self.place.rows(), {'a', 'b'})
        self.assertEqual([put.status for put in self.proxies[0].puts()][0], 412)
        self.end()

    def test_late(self):
        """Guaranteed: what comes between a look and the save is merged."""
        self.check_late({'old'}, {'a', 'b'}, [])

    def test_late_same_cell(self):
        """Merged, and told."""
        self.check_late({'old'}, (), [{'conflict': 'KEPT', 'cell': 'n'}], 'old', 'old')

    def test_at_once(self):
        super().test_at_once()
        # No save replaces just anything.
        self.assertTrue(all(put['If-Match'] for proxy in self.proxies for put in proxy.puts()))


class NotChecking(OnServer):

    window = staticmethod(unchecked)

    def test_absent(self):
        """Not detectable: what was created since it has looked. From then on, nothing is lost."""
        self.create_late()
        self.assertEqual(self.place.rows(), {'a'})
        self.save(self.peers[1], 'later')
        self.peers[0].wait_for_rows('a', 'later')
        self.end()

    def test_late(self):
        """Not detectable: what comes between the look and the save, and only that."""
        self.check_late({'old'}, {'a'}, [])

    def test_late_same_cell(self):
        """Not detectable either, and nobody is told."""
        self.check_late({'old'}, (), [], 'old', 'old')


class Demo(Checking, unittest.TestCase):
    kind = 'demo'
    window = staticmethod(nothing)


class Apache(Checking, unittest.TestCase):
    """Waits a second or two before each save, until the tag is a strong one."""
    kind = 'apache'
    test_one_writer = None   # test_at_once has two
    window = staticmethod(checked_too_early)
    n_turns = 10 if SOAK else 1


class Nginx(NotChecking, unittest.TestCase):
    kind = 'nginx'


class Rclone(NotChecking, unittest.TestCase):
    kind = 'rclone'


if __name__ == '__main__':
    MISSING = [kind for kind in servers.PROGRAMS if not servers.is_there(kind)]
    if MISSING and 'CI' not in os.environ:
        print(f'1..0 # SKIP {", ".join(MISSING)}: not installed')
    else:
        tap.main()
