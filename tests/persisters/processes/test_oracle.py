#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Stories that the oracle has to believe, and some that it must not."""

import sys
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from oracle import Oracle


def cell(text, **others):
    cells = dict(others, keep=1)
    if text is not None:
        cells['c'] = text
    return [{'t': {'r': cells}}, {}]


def row(tag, **others):
    return dict(others, tag=tag, a=tag, b=tag)


def rows(*contents):
    return [{'rows': dict(enumerate(contents))} if contents else {}, {}]


class Stories(unittest.TestCase):

    def setUp(self):
        self.oracle = Oracle()
        self.time = 0
        self.seq = 0

    def intend(self, writer, words):
        self.time += 1
        self.seq += 1
        self.oracle.intend(writer, self.seq, self.time, words.split())

    def ack(self, writer):
        self.time += 1
        self.oracle.ack(writer, self.seq, self.time)

    def die(self, writer):
        self.time += 1
        self.oracle.dead(writer, self.time)

    def settle(self, content):
        self.oracle.settle(content)

    def good(self, *contents):
        for content in contents:
            self.assertEqual(self.oracle.check(content), [])

    def bad(self, *contents):
        for content in contents:
            self.assertNotEqual(self.oracle.check(content), [], content)

    def test_flushed(self):
        self.intend('a', 'set t/r/c x -')
        self.ack('a')
        self.good(cell('x'))
        self.bad(cell(None), cell('y'), [{}, {}])

    def test_not_flushed(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.die('a')
        self.good(cell('x'))
        self.good(cell('y'))
        # Now that it was there, it stays.
        self.bad(cell('x'))

    def test_overwritten(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.ack('a')
        self.intend('b', 'set t/r/c z y')
        self.ack('b')
        self.good(cell('z'))
        self.bad(cell('x'), cell('y'), cell(None))

    def test_later_by_the_clock(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.ack('a')
        self.intend('b', 'set t/r/c z x')
        self.ack('b')
        self.good(cell('z'))
        self.bad(cell('y'))

    def test_at_the_same_time(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.intend('b', 'set t/r/c z x')
        self.ack('a')
        self.ack('b')
        self.good(cell('y'), cell('z'))
        self.bad(cell('x'))

    def test_after_death(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.die('a')
        self.intend('b', 'set t/r/c z x')
        self.ack('b')
        self.bad(cell('y'))
        self.good(cell('z'))

    def test_read_before_flushed(self):
        """Of what is flushed after the file was read, nothing is expected."""
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        before = self.time
        self.ack('a')
        self.assertEqual(self.oracle.check(cell('x'), before), [])
        self.bad(cell('x'))

    def test_long_ago(self):
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.ack('a')
        self.settle(cell('y'))
        self.bad(cell('x'))

    def test_whole_transaction(self):
        self.settle([{'t': {'r': {'c': 'x', 'd': 'x'}}}, {'v': 'x'}])
        self.intend('a', 'set t/r/c y x set t/r/d y x set values/v y x')
        self.die('a')
        self.good([{'t': {'r': {'c': 'x', 'd': 'x'}}}, {'v': 'x'}])
        self.good([{'t': {'r': {'c': 'y', 'd': 'y'}}}, {'v': 'y'}])
        self.bad([{'t': {'r': {'c': 'y', 'd': 'x'}}}, {'v': 'y'}],
                 [{'t': {'r': {'c': 'y', 'd': 'y'}}}, {'v': 'x'}])

    def test_cell_removed(self):
        self.settle(cell('x'))
        self.intend('a', 'del t/r/c x')
        self.ack('a')
        self.good(cell(None))
        self.bad(cell('x'))

    def test_cell_removed_unseen(self):
        """A removal yields to what it has not seen."""
        self.settle(cell('x'))
        self.intend('b', 'set t/r/c y x')
        self.ack('b')
        self.intend('a', 'del t/r/c x')
        self.ack('a')
        self.good(cell('y'))
        self.bad(cell(None), cell('x'))

    def test_row_added(self):
        self.intend('a', 'add x')
        self.good(rows())
        self.ack('a')
        self.intend('b', 'add y')
        self.ack('b')
        self.good(rows(row('x'), row('y')))
        self.bad(rows(row('x')), rows(row('x'), row('y'), row('x')),
                 rows(row('x'), dict(row('y'), a='x')), rows(row('x'), row('y'), row('z')),
                 rows(row('x'), {'tag': 'y'}))

    def test_row_edited(self):
        self.settle(rows(row('x'), row('y')))
        self.intend('a', 'set x/e ex -')
        self.ack('a')
        self.good(rows(row('x', e='ex'), row('y')))
        self.bad(rows(row('x'), row('y', e='ex')), rows(row('x'), row('y')))

    def test_row_removed(self):
        self.settle(rows(row('x', e='1')))
        self.intend('a', 'rm x x/e=1')
        self.ack('a')
        self.good(rows())
        self.bad(rows(row('x', e='1')))
        self.settle(rows())
        self.bad(rows(row('x', e='1')))

    def test_row_removed_unseen(self):
        """An edit that a removal has not seen brings the row back."""
        self.settle(rows(row('x', e='1')))
        self.intend('b', 'set x/e 2 1')
        self.ack('b')
        self.intend('a', 'rm x x/e=1')
        self.ack('a')
        self.good(rows(row('x', e='2')))
        self.bad(rows(), rows(row('x', e='1')))

    def test_row_removed_and_saved(self):
        self.settle(rows(row('x', e='1')))
        self.intend('b', 'set x/e 2 1')
        self.ack('b')
        self.intend('a', 'rm x x/e=2')
        self.intend('c', 'set x/f 3 -')
        self.ack('a')
        self.ack('c')
        # With what there is in it where it was saved.
        self.good(rows(row('x', e='2', f='3')), rows(row('x', e='1', f='3')))
        self.bad(rows(), rows(row('x', e='2')))

    def test_two_media(self):
        """What was flushed to one comes to the other at any time."""
        self.oracle.places = {'a': 'server', 'b': 'file'}
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.ack('a')
        self.intend('b', 'set t/r/c z x')
        self.ack('b')
        self.good(cell('y'), cell('z'))
        self.bad(cell('x'))
        # Whoever has both, or saw it, comes later.
        self.intend('chain', 'set t/r/c u x')
        self.ack('chain')
        self.good(cell('u'))
        self.bad(cell('y'), cell('z'))
        self.intend('b', 'set t/r/c v u')
        self.ack('b')
        self.bad(cell('u'))

    def test_two_media_and_removed(self):
        """A row that comes back from one replaces what is in it on the other."""
        self.oracle.places = {'a': 'server', 'b': 'file'}
        self.settle(rows(row('x', e='1'), row('y')))
        self.intend('b', 'set x/e 2 1')
        self.ack('b')
        self.bad(rows(row('x', e='1'), row('y')), rows(row('y')))
        self.intend('a', 'rm x x/e=1')
        self.ack('a')
        self.good(rows(row('x', e='1'), row('y')), rows(row('x', e='2'), row('y')), rows(row('y')))
        self.bad(rows(row('x', e='3'), row('y')), rows(row('x'), row('x'), row('y')), rows(row('x')))

    def test_unsure(self):
        """Who does not know whether his save has arrived may make it again."""
        self.settle(cell('x'))
        self.intend('a', 'set t/r/c y x')
        self.intend('b', 'set t/r/c z y')
        self.ack('b')
        self.bad(cell('y'))
        self.oracle.doubt(cell('x'), cell('y'))
        self.good(cell('y'), cell('z'))
        self.bad(cell('x'), cell(None))
        # Not any more, when he knows.
        self.ack('a')
        self.intend('b', 'set t/r/c u z')
        self.ack('b')
        self.bad(cell('y'), cell('z'))

    def test_unsure_and_removed(self):
        self.settle(cell(None))
        self.intend('a', 'set t/r/c y -')
        self.oracle.doubt(cell(None), cell('y'))
        self.intend('b', 'del t/r/c y')
        self.ack('b')
        self.good(cell(None), cell('y'))

    def test_unsure_row(self):
        self.settle(rows())
        self.intend('a', 'add x')
        self.bad(rows(row('x'), row('x')))
        self.oracle.doubt(rows(), rows(row('x')))
        self.ack('a')
        self.good(rows(row('x')), rows(row('x', e='1'), row('x')))
        self.bad(rows())


if __name__ == '__main__':
    unittest.main()
