#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""TinyBase and libtstore keep their stores in one document on a server: F26.

TinyBase says nothing about what it replaces (no If-Match), asks every so often whether there
is something new, and sends all of its store. So what was saved since it has last loaded is
gone with a save of it, and that looks as if somebody had removed it. The other way round, the
server lets nothing of libtstore replace what libtstore has not read."""

import sys
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import SEED, SOAK, require_tinybase, wait_for
from proxy import Gate
from remotes import RemotePlace, demo_server, start_server
from stale import check_losses, loads
import tap

GJS, NODE, demo_server.PROGRAM = sys.argv[1:4]


class RemoteTinyBase(unittest.TestCase):

    def setUp(self):
        print(f'# seed {SEED}', flush=True)
        server = self.enterContext(start_server('demo'))
        self.place = self.enterContext(RemotePlace(GJS, NODE, server))

    def start_both(self, *rows, **options):
        """On a document with these rows. Ours has a proxy."""
        self.place.replace([{}, {}])
        self.place.add(*rows)
        proxy = self.place.start_proxy()
        ours = self.place.start_behind(proxy, **options)
        theirs = self.place.start('TinyBase', **options)
        for peer in (ours, theirs):
            peer.ask('start')
            peer.wait_for_rows(*rows)
            peer.ask('settle')
        return proxy, ours, theirs

    def agree(self, *peers):
        """TinyBase may still save what it has loaded, and so overwrite the mark."""
        wait_for(lambda: self.place.is_seen('mark') and
                 all(peer.content() == self.place.read() for peer in peers), 'all to agree')

    def end(self, *peers):
        for peer in peers:
            peer.end()

    def test_turns(self):
        """Guaranteed: who has loaded what the other has saved takes nothing of it back."""
        _, ours, theirs = self.start_both('old')
        expected = {'old'}
        for i in range(200 if SOAK else 15):
            for name, writer, reader in (('l', ours, theirs), ('t', theirs, ours)):
                row = f'{name}{i}'
                # It loads its own saves again, and would undo what is written meanwhile.
                wait_for(lambda: writer.ask('settle') is None and writer.rows() == expected, 'the last one')
                writer.ask('set', row=row, value=i)
                expected.add(row)
                reader.wait_for_rows(row)
                self.assertEqual(reader.rows(), expected)
                self.assertEqual(self.place.rows(), expected)
        self.agree(ours, theirs)
        self.end(ours, theirs)
        self.assertEqual(self.place.rows(), expected | {'mark'})

    def test_unsaved(self):
        """Merged: what TinyBase sends before a save of ours arrives. Nothing is lost."""
        proxy, ours, theirs = self.start_both('old')
        with Gate(proxy) as gate:
            ours.ask('set', row='l1', value=1)
            gate.wait()
            theirs.ask('set', row='t1', value=1)
            self.place.wait_for_rows('t1')
        for peer in (ours, theirs):
            peer.wait_for_rows('old', 'l1', 't1')
        ours.ask('settle')
        self.assertEqual(self.place.rows(), {'old', 'l1', 't1'})
        # It was the server that said so.
        self.assertIn(412, [exchange.status for exchange in proxy.puts()])
        self.end(ours, theirs)

    def test_unsaved_same_cell(self):
        """Merged, and told: the same cell. Ours, which was not saved yet, stays."""
        proxy, ours, theirs = self.start_both('old', 'same', log=True)
        with Gate(proxy) as gate:
            ours.ask('set', row='same', value='l1')
            gate.wait()
            theirs.ask('set', row='same', value='t1')
            wait_for(lambda: 't1' in self.place.read_text(), 'the save of TinyBase')
        for peer in (ours, theirs):
            wait_for(lambda: peer.content()[0]['writes']['same']['n'] == 'l1', 'l1')
        ours.ask('settle')
        self.assertEqual(self.place.read()[0]['writes']['same'], {'n': 'l1'})
        told = [entry for entry in ours.ask('log') if 'conflict' in entry]
        self.assertEqual(told, [{'conflict': 'KEPT', 'cell': 'n'}])
        self.end(ours, theirs)

    def test_stale(self):
        """Not detectable: what was saved since TinyBase has loaded, and only that."""
        self.place.replace([{}, {}])
        self.place.add('before')
        proxy = self.place.start_proxy()
        ours = self.place.start_behind(proxy)
        ours.ask('start')
        theirs = self.place.start('TinyBase')
        theirs.ask('load')
        for row in ('l1', 'l2'):
            ours.ask('set', row=row, value=1)
            ours.ask('settle')
        self.assertEqual(self.place.rows(), {'before', 'l1', 'l2'})
        with Gate(proxy) as gate:
            ours.ask('set', row='unsaved', value=1)
            gate.wait()
            # It saves at once, what is in memory.
            theirs.ask('startSave')
            theirs.ask('set', row='t1', value=1)
            theirs.ask('settle')
        ours.wait_for_rows('t1')
        ours.ask('settle')
        self.assertEqual(self.place.rows(), {'before', 'unsaved', 't1'})
        self.assertEqual(ours.content(), self.place.read())
        self.end(ours, theirs)

    def write_at_once(self, n, cell=None):
        proxy, ours, theirs = self.start_both('old', log=True)
        writes = [(peer, peer.send('rapid', prefix=prefix, n=n, seed=SEED + i, cell=cell))
                  for i, (peer, prefix) in enumerate(((ours, 'l'), (theirs, 't')))]
        for peer, number in writes:
            peer.receive(number)
        for peer in (theirs, ours):
            peer.ask('settle')
        return proxy, ours, theirs

    def check_guards(self, proxy):
        """No save of ours replaces just anything."""
        self.assertTrue(all(exchange['If-Match'] for exchange in proxy.puts()))

    def test_at_once(self):
        """Not detectable: what TinyBase sent an older view over. Nothing else is lost here."""
        n = 1000 if SOAK else 100
        proxy, ours, theirs = self.write_at_once(n)
        self.agree(ours, theirs)
        self.check_guards(proxy)
        log = ours.ask('log')
        sent = [set(tables.get('writes', {})) for tables in theirs.ask('log')]
        n_lost = check_losses(self, log, 'l', sent, is_theirs=lambda row: row[0] == 't')
        rows = self.place.rows()
        self.assertTrue(sent and list(loads(log)))
        all_rows = {name: {f'{name}{i}' for i in range(1, n + 1)} for name in 'lt'}
        self.assertLessEqual(rows, all_rows['l'] | all_rows['t'] | {'mark', 'old'})
        unsent = all_rows['t'] - set().union(*sent)
        print(f'# {n} writes each; left: {len(rows & all_rows["l"])} of libtstore, '
              f'{len(rows & all_rows["t"])} of TinyBase; {n_lost} vanished as TinyBase sent an older '
              f'view; TinyBase itself lost {len(unsent)} before it sent them', flush=True)
        self.end(ours, theirs)

    def test_same_cell(self):
        """What is not saved here stays. In the end there is what somebody has written."""
        n = 1000 if SOAK else 100
        proxy, ours, theirs = self.write_at_once(n, cell='c')
        self.agree(ours)
        self.check_guards(proxy)
        for entry, n_saved in loads(ours.ask('log')):
            if entry['written'] > n_saved:
                self.assertEqual(entry['cell'], f'l{entry["written"]}')
        value = self.place.read()[0]['shared']['row']['c']
        sent = {tables['shared']['row']['c'] for tables in theirs.ask('log') if 'shared' in tables}
        self.assertIn(value, sent | {f'l{n}'})
        print(f'# in the end: {value}', flush=True)
        self.end(ours, theirs)


if __name__ == '__main__':
    require_tinybase()
    tap.main()
