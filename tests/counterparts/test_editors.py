#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Editors, scripts and other programs save the file that a store is kept in: F21.

They take no lock. Whatever way they save, their edit is loaded, and what is not saved here is
merged into it; what was saved since they have read the file, they take back."""

import os
import sys
import tempfile
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import Place, wait_for
import tap
import writers

GJS, NODE = sys.argv[1:3]


class Editors(unittest.TestCase):

    def begin(self, place):
        place.replace([{}, {}])
        ours = place.start_persisting('libtstore')
        for row, value in (('edit', 'old'), ('kept', 1)):
            ours.ask('set', row=row, value=value)
        ours.ask('settle')
        return ours

    def again(self, ours):
        ours.ask('set', row='edit', value='old')
        ours.ask('settle')

    def is_loaded(self, ours):
        return ours.content()[0]['writes']['edit'] == {'n': 'new'}

    def check(self, place, ours, *rows):
        """The edit is in, and all of that, here and in the file."""
        wait_for(lambda: self.is_loaded(ours), 'the edit')
        ours.ask('settle')
        self.assertTrue(self.is_loaded(ours))
        self.assertEqual(place.rows(), {'edit', 'kept', *rows})
        wait_for(lambda: ours.content() == place.read(), 'the last of it')
        self.assertEqual(ours.rows(), {'edit', 'kept', *rows})

    def check_end(self, place, ours):
        """Nothing is left beside it."""
        ours.end()
        self.assertEqual(os.listdir(place.dir), ['store.json'])

    def check_clean(self, place, ours, write):
        """Guaranteed."""
        write()
        self.check(place, ours)
        self.again(ours)

    def check_unsaved(self, place, ours, write, row):
        """Merged."""
        before = place.rows() - {'edit', 'kept'}
        with place.locked():
            ours.ask('set', row=row, value=1)
            write()
        self.check(place, ours, row, *before)
        self.again(ours)

    def check_stale(self, place, ours, writer):
        """Not detectable: what is lost is what was saved after it was read, and only that."""
        before = place.rows() - {'edit', 'kept'}
        text = writers.change(writers.read(place.path))
        ours.ask('set', row='saved', value=1)
        ours.ask('settle')
        self.assertIn('saved', place.rows())
        with place.locked():
            ours.ask('set', row='unsaved', value=1)
            writer(place.path, text)
        self.check(place, ours, 'unsaved', *before)

    def check_steps(self, writer):
        with Place(GJS, NODE) as place:
            ours = self.begin(place)
            write = lambda: writer(place.path, writers.change(writers.read(place.path)))
            self.check_clean(place, ours, write)
            self.check_unsaved(place, ours, write, 'first')
            self.check_stale(place, ours, writer)
            self.check_end(place, ours)

    def check_program(self, writer):
        with Place(GJS, NODE) as place:
            ours = self.begin(place)
            for check, *args in ((self.check_clean,), (self.check_unsaved, 'first')):
                with tempfile.TemporaryDirectory(prefix='tst-beside-') as beside:
                    check(place, ours, lambda: writer(place.path, beside), *args)
            self.check_end(place, ours)

    def begin_to_write(self, place):
        """In place, and stops half way."""
        self.text = writers.change(writers.read(place.path))
        file = open(place.path, 'w', encoding='utf-8')
        file.write(self.text[:len(self.text) // 2])
        file.flush()
        return file

    def go_on(self, file):
        file.write(self.text[len(self.text) // 2:])
        file.close()

    def test_half_written(self):
        """Guaranteed: half a file is not loaded, and the store kept until it is whole."""
        with Place(GJS, NODE) as place:
            ours = self.begin(place)
            before = ours.content()
            file = self.begin_to_write(place)
            wait_for(lambda: ours.ask('errors'), 'the load to fail')
            self.assertEqual(ours.content(), before)
            self.go_on(file)
            self.check(place, ours)
            self.check_end(place, ours)

    def test_half_written_unsaved(self):
        """Detected: a save replaces half a file only when that has stayed so, and keeps it; what
        is written to it later is found where it was kept."""
        with Place(GJS, NODE) as place:
            ours = self.begin(place)
            file = self.begin_to_write(place)
            ours.ask('set', row='unsaved', value=1)
            ours.ask('settle')
            self.assertEqual(place.rows(), {'edit', 'kept', 'unsaved'})
            kept, = set(os.listdir(place.dir)) - {'store.json'}
            self.assertRegex(kept, r'^store\.json\.corrupt-')
            self.go_on(file)
            self.assertEqual(writers.read(os.path.join(place.dir, kept)), self.text)
            ours.ask('set', row='later', value=1)
            ours.end()
            self.assertEqual(place.rows(), {'edit', 'kept', 'unsaved', 'later'})


def add_test(writer, name, check):
    def test(self):
        getattr(self, check)(writer)
    test.__doc__ = writer.__doc__
    setattr(Editors, f'test_{name}', test)
    return test


for each in writers.STEPS:
    add_test(each, f'steps_of_{each.__name__}', 'check_steps')
for each in writers.REAL:
    found = writers.program_of(each)
    add_test(each, each.__name__, 'check_program')
    if not found and not os.environ.get('CI'):
        setattr(Editors, f'test_{each.__name__}',
                unittest.skip('the program is not there')(getattr(Editors, f'test_{each.__name__}')))


if __name__ == '__main__':
    tap.main()
