#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Two programs with libtstore, and others, on one file at the same time: F22."""

import json
import subprocess
import sys
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import PATIENCE_S, SEED, SOAK, Place, add_rows, rows_of
from stale import check_losses
import tap

GJS, NODE = sys.argv[1:3]
N = 1000 if SOAK else 100


class Several(unittest.TestCase):

    def setUp(self):
        print(f'# seed {SEED}', flush=True)

    def start_two(self, place, **args):
        place.replace([{}, {}])
        return [place.start_persisting('libtstore', **args) for _ in range(2)]

    def start_writing(self, peers):
        return [peer.send('rapid', prefix=name, n=N, seed=SEED + i)
                for i, (peer, name) in enumerate(zip(peers, 'ab'))]

    def settle(self, place, peers):
        for peer in peers:
            peer.ask('settle')
        place.all_have_seen('mark')
        for peer in peers:
            self.assertEqual(peer.content(), place.read())

    def end(self, peers):
        for peer in peers:
            peer.end()

    def test_reader(self):
        """Guaranteed: who reads the file finds a whole document, at any time."""
        with Place(GJS, NODE) as place:
            peers = self.start_two(place)
            script = __file__.replace('test_several.py', 'reader.mjs')
            with subprocess.Popen([NODE, script, place.path], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as reader:
                self.assertEqual(json.loads(reader.stdout.readline()), 'reading')
                for peer, number in zip(peers, self.start_writing(peers)):
                    peer.receive(number)
                self.settle(place, peers)
                told = json.loads(reader.communicate(timeout=PATIENCE_S)[0])
            self.assertEqual(told['broken'], [])
            self.assertGreater(told['nVersions'], 10)
            print(f'# {told["nRead"]} times read, {told["nVersions"]} versions', flush=True)
            # And nothing of it was lost.
            self.assertEqual(place.rows(), {f'{name}{i}' for name in 'ab' for i in range(1, N + 1)} | {'mark'})
            self.end(peers)

    def test_script(self):
        """Not detectable: what a script wrote an older view over. Nothing else is lost."""
        versions = []
        with Place(GJS, NODE) as place:
            peers = self.start_two(place, log=True)
            numbers = self.start_writing(peers)
            while not all(peer.listen(0) and number in peer.replies
                          for peer, number in zip(peers, numbers)):
                content = place.read()
                add_rows(content, f's{len(versions) + 1}')
                versions.append(rows_of(content))
                place.replace(content)
            self.settle(place, peers)
            n_lost = sum(check_losses(self, peer.ask('log'), name, versions, lambda row: row[0] == 's')
                         for peer, name in zip(peers, 'ab'))
            rows = place.rows()
            left = {name: len([row for row in rows if row[0] == name]) for name in 'abs'}
            print(f'# {N} and {N} writes of libtstore, {len(versions)} of the script; left: {left}; '
                  f'{n_lost} vanished as the script wrote an older view', flush=True)
            self.end(peers)


if __name__ == '__main__':
    tap.main()
