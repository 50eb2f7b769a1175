#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Storages in several processes: twenty writers at a time, and the gsettings tool."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL, SCHEMAS = sys.argv[1:3]
GSETTINGS = shutil.which('gsettings')
N = 20


class Folder(unittest.TestCase):

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix='tst-processes-')
        self.folder = os.path.join(self.dir, 'items')

    def tearDown(self):
        shutil.rmtree(self.dir)

    def start(self, *command):
        return subprocess.Popen([TOOL, self.folder, *command], stdout=subprocess.PIPE, text=True)

    def end(self, processes):
        for process in processes:
            out, _ = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, out)
            self.assertEqual(set(out.split()), {'done'})

    def get(self, key):
        kind, _, content = subprocess.run([TOOL, self.folder, 'get', key], stdout=subprocess.PIPE,
                                          text=True, check=True).stdout.rstrip('\n').partition(' ')
        return content if kind == 'content' else None


class Writers(Folder):

    def test_items(self):
        """Writers of different items lose nothing."""
        for round_ in ('first', 'second'):
            self.end([self.start('set', f'item {i}', f'{round_} {i}') for i in range(N)])
            for i in range(N):
                self.assertEqual(self.get(f'item {i}'), f'{round_} {i}')
        self.assertEqual(len(os.listdir(self.folder)), N)

    def test_one_item(self):
        """Of writers of one item, one is last, whole."""
        contents = {f'{i} ' + 'x' * 1000 * i for i in range(N)}
        self.end([self.start('set', 'item', content) for content in contents])
        self.assertIn(self.get('item'), contents)
        self.assertEqual(os.listdir(self.folder), ['item.ini'])

    def test_one_store(self):
        """F2, F22: of persisters of one item, none loses what another has saved."""
        self.end([self.start('add-rows', 'item', f'row{i}', '3') for i in range(N)])
        tables, _values = json.loads(self.get('item'))
        self.assertEqual(set(tables['pets']), {f'row{i}-{j}' for i in range(N) for j in range(3)})
        self.assertEqual(os.listdir(self.folder), ['item.ini'])

    def test_items_of_one_file(self):
        """Items that share a file, as upper and lower case may, are not lost either."""
        os.mkdir(self.folder)
        for i in range(1, N):
            os.symlink('item0.ini', os.path.join(self.folder, f'item{i}.ini'))
        self.end([self.start('set', f'item{i}', str(i)) for i in range(N)])
        self.assertEqual([self.get(f'item{i}') for i in range(N)], [str(i) for i in range(N)])


class Tool(Folder):
    """The tool has one file for all, which the items are links to."""

    def setUp(self):
        super().setUp()
        self.assertIsNotNone(GSETTINGS)
        self.keyfile = os.path.join(self.dir, 'glib-2.0', 'settings', 'keyfile')
        os.makedirs(os.path.dirname(self.keyfile))
        os.mkdir(self.folder)
        for name in ('my%20pets.ini', 'other.ini'):
            os.symlink(self.keyfile, os.path.join(self.folder, name))

    def gsettings(self, command, group, *values):
        env = dict(os.environ, GSETTINGS_BACKEND='keyfile', GSETTINGS_SCHEMA_DIR=SCHEMAS,
                   XDG_CONFIG_HOME=self.dir)
        run = subprocess.run([GSETTINGS, command, f'org.tstore.Storage.Item:/{group}/', 'content', *values],
                             env=env, stdout=subprocess.PIPE, text=True, check=True)
        return run.stdout.strip()

    def test_both_ways(self):
        self.gsettings('set', 'my%20pets', '"it\'s"')
        self.assertEqual(self.get('my pets'), "it's")
        self.end([self.start('set', 'my pets', 'a "b"')])
        self.assertEqual(self.gsettings('get', 'my%20pets'), "'a \"b\"'")
        self.gsettings('set', 'other', "'1'")
        self.assertEqual((self.get('my pets'), self.get('other')), ('a "b"', '1'))
        self.gsettings('reset', 'my%20pets')
        self.assertIsNone(self.get('my pets'))

    def test_followed(self):
        """A persister in another process hears of it, and what it had not saved is not lost."""
        self.gsettings('set', 'my%20pets', "'[{},{}]'")
        follower = self.start('follow', 'my pets', 'there', 'here')
        self.assertEqual(follower.stdout.readline(), 'ready\n')
        self.gsettings('set', 'my%20pets', json.dumps('[{"pets":{"there":{"species":"cat"}}},{}]'))
        self.end([follower])
        tables, _values = json.loads(self.get('my pets'))
        self.assertEqual(tables['pets'], {'there': {'species': 'cat'}, 'here': {'species': 'dog'}})


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
