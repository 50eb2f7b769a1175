#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""TinyBase and libtstore keep their stores in one file: F22.

TinyBase takes no lock, looks at the file every 50 ms, and replaces it with all of its
store, as it is in memory then. So a save of TinyBase takes back what was saved since it
has last loaded. Who reads the file then finds a whole document, in which something is not:
as if somebody had removed it. What is not saved yet is merged into it."""

import sys
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import SEED, SOAK, Place, require_tinybase, wait_for
from stale import check_losses, loads
import tap

GJS, NODE = sys.argv[1:3]


class TinyBase(unittest.TestCase):

    def setUp(self):
        print(f'# seed {SEED}', flush=True)

    def start_both(self, place, **args):
        """At the same time, where nothing is."""
        ours, theirs = (place.start(name, **args) for name in ('libtstore', 'TinyBase'))
        starts = [(peer, peer.send('start')) for peer in (ours, theirs)]
        for peer, number in starts:
            peer.receive(number)
        return ours, theirs

    def agree(self, place, *peers):
        """TinyBase may still save what it has loaded, and so overwrite the mark."""
        wait_for(lambda: place.is_seen('mark') and
                 all(peer.content() == place.read() for peer in peers), 'all to agree')

    def end(self, *peers):
        for peer in peers:
            peer.end()

    def conflicts(self, peer):
        return [entry for entry in peer.ask('log') if 'conflict' in entry]

    def test_turns(self):
        """Guaranteed: who has loaded what the other has saved takes nothing of it back."""
        n = 200 if SOAK else 15
        with Place(GJS, NODE) as place:
            ours, theirs = self.start_both(place)
            expected = set()
            for i in range(n):
                for name, writer, reader in (('l', ours, theirs), ('t', theirs, ours)):
                    row = f'{name}{i}'
                    writer.ask('set', row=row, value=i)
                    expected.add(row)
                    reader.wait_for_rows(row)
                    self.assertEqual(reader.rows(), expected)
                    self.assertEqual(place.rows(), expected)
            self.agree(place, ours, theirs)
            self.end(ours, theirs)
            self.assertEqual(place.rows(), expected | {'mark'})

    def begin_with(self, place, *rows):
        content = [{}, {}]
        place.replace(content)
        place.add(*rows)
        ours = place.start_persisting('libtstore', log=True)
        theirs = place.start_persisting('TinyBase')
        for peer in (ours, theirs):
            peer.wait_for_rows(*rows)
            peer.ask('settle')
        return ours, theirs

    def test_unsaved(self):
        """Merged: what is not saved here when TinyBase replaces the file."""
        with Place(GJS, NODE) as place:
            ours, theirs = self.begin_with(place, 'old')
            with place.locked():
                ours.ask('set', row='l1', value=1)
                theirs.ask('set', row='t1', value=1)
                # libtstore waits; TinyBase does not.
                place.wait_for_rows('t1')
            for peer in (ours, theirs):
                peer.wait_for_rows('old', 'l1', 't1')
            ours.ask('settle')
            self.assertEqual(place.rows(), {'old', 'l1', 't1'})
            self.agree(place, ours, theirs)
            self.end(ours, theirs)

    def test_unsaved_same_cell(self):
        """Merged, and told: the same cell, not saved here. Ours stays."""
        with Place(GJS, NODE) as place:
            ours, theirs = self.begin_with(place, 'old', 'same')
            with place.locked():
                ours.ask('set', row='same', value='l1')
                theirs.ask('set', row='same', value='t1')
                wait_for(lambda: 't1' in place.read_text(), 'the save of TinyBase')
            for peer in (ours, theirs):
                wait_for(lambda: peer.content()[0]['writes']['same']['n'] == 'l1', 'l1')
            ours.ask('settle')
            self.assertEqual(place.read()[0]['writes']['same'], {'n': 'l1'})
            self.assertEqual(self.conflicts(ours), [{'conflict': 'KEPT', 'cell': 'n'}])
            self.end(ours, theirs)

    def test_stale(self):
        """Not detectable: what was saved since TinyBase has loaded, and only that."""
        with Place(GJS, NODE) as place:
            place.replace([{}, {}])
            ours = place.start_persisting('libtstore')
            ours.ask('set', row='before', value=1)
            ours.ask('settle')
            theirs = place.start('TinyBase')
            theirs.ask('load')
            for row in ('l1', 'l2'):
                ours.ask('set', row=row, value=1)
                ours.ask('settle')
            self.assertEqual(place.rows(), {'before', 'l1', 'l2'})
            with place.locked():
                ours.ask('set', row='unsaved', value=1)
                # It saves at once, what is in memory.
                theirs.ask('startSave')
                theirs.ask('set', row='t1', value=1)
                theirs.ask('settle')
            ours.wait_for_rows('t1')
            ours.ask('settle')
            self.assertEqual(place.rows(), {'before', 'unsaved', 't1'})
            self.assertEqual(ours.content(), place.read())
            self.end(ours, theirs)

    def write_at_once(self, place, n, cell=None):
        ours, theirs = self.start_both(place, log=True)
        writes = [(peer, peer.send('rapid', prefix=prefix, n=n, seed=SEED + i, cell=cell))
                  for i, (peer, prefix) in enumerate(((ours, 'l'), (theirs, 't')))]
        for peer, number in writes:
            peer.receive(number)
        for peer in (theirs, ours):
            peer.ask('settle')
        return ours, theirs

    def test_at_once(self):
        """Not detectable: what TinyBase wrote an older view over. Nothing else is lost here."""
        n = 1000 if SOAK else 100
        with Place(GJS, NODE) as place:
            ours, theirs = self.write_at_once(place, n)
            self.agree(place, ours, theirs)
            log = ours.ask('log')
            written = [set(tables.get('writes', {})) for tables in theirs.ask('log')]
            n_lost = check_losses(self, log, 'l', written, is_theirs=lambda row: row[0] == 't')
            rows = place.rows()
            seen = set().union(*(entry['loaded'] for entry, _ in loads(log)))
            self.assertTrue(seen and written)
            all_rows = {name: {f'{name}{i}' for i in range(1, n + 1)} for name in 'lt'}
            self.assertLessEqual(rows, all_rows['l'] | all_rows['t'] | {'mark'})
            unwritten = all_rows['t'] - set().union(*written)
            print(f'# {n} writes each; left: {len(rows & all_rows["l"])} of libtstore, '
                  f'{len(rows & all_rows["t"])} of TinyBase; {n_lost} vanished as TinyBase wrote an older '
                  f'view; TinyBase itself lost {len(unwritten)} before it wrote them; '
                  f'{len(all_rows["t"] - unwritten - seen)} were written, and not found', flush=True)
            self.end(ours, theirs)

    def test_same_cell(self):
        """What is not saved here stays. In the end there is what somebody has written."""
        n = 1000 if SOAK else 100
        with Place(GJS, NODE) as place:
            ours, theirs = self.write_at_once(place, n, cell='c')
            # Otherwise libtstore has not seen that the file has changed.
            self.agree(place, ours)
            for entry, n_saved in loads(ours.ask('log')):
                if entry['written'] > n_saved:
                    self.assertEqual(entry['cell'], f'l{entry["written"]}')
            value = place.read()[0]['shared']['row']['c']
            written = {tables['shared']['row']['c'] for tables in theirs.ask('log')
                       if 'shared' in tables}
            self.assertIn(value, written | {f'l{n}'})
            print(f'# in the end: {value}', flush=True)
            self.end(ours, theirs)


if __name__ == '__main__':
    require_tinybase()
    tap.main()
