#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Several processes write to the store in one file at the same time: F22."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ADD_ROWS = sys.argv[1]
N_WRITERS = 4
N_ROWS = 40


class Writers(unittest.TestCase):

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix='tst-writers-')
        self.path = os.path.join(self.dir, 'store.json')

    def tearDown(self):
        shutil.rmtree(self.dir)

    def test_all(self):
        """What each has saved is there in the end, and nothing is left beside it."""
        writers = [subprocess.Popen([ADD_ROWS, self.path, f'w{i}-', str(N_ROWS)])
                   for i in range(N_WRITERS)]
        self.assertEqual([writer.wait(timeout=120) for writer in writers], [0] * N_WRITERS)

        with open(self.path) as file:
            tables, values = json.load(file)
        self.assertEqual(sorted(tables['rows']),
                         sorted(f'w{i}-{n}' for i in range(N_WRITERS) for n in range(N_ROWS)))
        self.assertEqual(values, {f'w{i}-': N_ROWS - 1 for i in range(N_WRITERS)})
        self.assertEqual(os.listdir(self.dir), ['store.json'])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
