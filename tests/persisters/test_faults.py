#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Saves a store in a file while each call to the file system fails in turn, or
the process is killed in it: F18, F19, F24, and that a save reaches the disk."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

FAULT, SAVE_ONCE = sys.argv[1:3]

OLD = '[{},{"old":1}]'
NEW_VALUE = '"new":"a text that is longer than the old one"'
NEW = {True: '[{},{"old":1,' + NEW_VALUE + '}]', False: '[{},{' + NEW_VALUE + '}]'}

# So much that it is written while it is made.
LARGE = '[{},{"old":"' + 'x' * (3 << 20) + '"}]'


class Place:
    """A folder with a file in it, or without."""

    def __init__(self, exists, old=OLD):
        self.dir = tempfile.mkdtemp(prefix='tst-faults-')
        self.path = os.path.join(self.dir, 'store.json')
        self.log = self.dir + '.log'
        self.exists = exists
        if exists:
            with open(self.path, 'w') as file:
                file.write(old)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir)
        if os.path.exists(self.log):
            os.remove(self.log)

    def save(self, spec=None, how=()):
        """Returns the exit code and what became of the tries."""
        env = dict(os.environ, LD_PRELOAD=FAULT, FAULT_DIR=self.dir, FAULT_LOG=self.log)
        if spec:
            env['FAULT_SPEC'] = spec
        if how:
            env['G_DEBUG'] = ''  # that a persister is lost is a warning
        run = subprocess.run([SAVE_ONCE, self.path, *how], env=env, stdout=subprocess.PIPE,
                             timeout=60, check=False)
        lines = run.stdout.decode().splitlines()
        return run.returncode, [line.split()[:2] for line in lines
                                if line.startswith(('saved', 'failed'))]

    def calls(self):
        with open(self.log) as log:
            return [line.split(None, 3)[1:] for line in log.read().splitlines()]

    def text(self):
        try:
            with open(self.path) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def content(self):
        text = self.text()
        return None if text is None else json.loads(text)

    @property
    def old(self):
        return OLD if self.exists else None

    @property
    def new(self):
        return NEW[self.exists]


class Faults(unittest.TestCase):

    def calls_of(self, exists):
        with Place(exists) as place:
            code, tries = place.save()
            self.assertEqual((code, tries), (0, [['saved', 'clean'], ['saved', 'clean']]))
            self.assertEqual(place.text(), place.new)
            self.assertEqual(os.listdir(place.dir), ['store.json'])
            return place.calls(), place.dir

    def each(self):
        for exists in (True, False):
            calls, _ = self.calls_of(exists)
            for number, call in enumerate(calls, 1):
                yield exists, number, call[0]

    def test_order(self):
        """The content is on the disk before it has its name, and then the name is."""
        for exists in (True, False):
            with self.subTest(exists=exists):
                calls, folder = self.calls_of(exists)
                steps = [call[0] for call in calls]
                rename = steps.index('rename')
                writes = [i for i, step in enumerate(steps) if step == 'write']
                syncs = [i for i, step in enumerate(steps) if step == 'fsync']
                self.assertEqual(len(syncs), 2)
                self.assertLess(max(writes), syncs[0])
                self.assertLess(syncs[0], rename)
                self.assertLess(rename, syncs[1])
                self.assertTrue(calls[syncs[0]][2].endswith('.tst-tmp'), calls[syncs[0]])
                self.assertEqual(calls[syncs[1]][2], folder)
                self.assertEqual(steps.count('rename'), 1)

    def test_main_thread(self):
        """5.2.8: the thread of the main loop reads and writes nothing."""
        for exists in (True, False):
            calls, _ = self.calls_of(exists)
            self.assertEqual([call for call in calls if call[1] == 'main'], [])

    def test_killed(self):
        """F18, F24: killed in any call, the file is the old or the new one, whole."""
        for exists, number, name in self.each():
            for action in ('KILL', 'KILLAFTER'):
                with self.subTest(exists=exists, call=f'{number} {name}', action=action), \
                        Place(exists) as place:
                    code, _ = place.save(f'any:{action}:{number}')
                    self.assertEqual(code, -signal.SIGKILL if number <= len(place.calls()) else 0)
                    self.assertIn(place.text(), (place.old, place.new))
                    # The next run is not disturbed, and cleans up.
                    code, tries = place.save()
                    self.assertEqual((code, tries[0]), (0, ['saved', 'clean']))
                    self.assertIn('new', place.text())
                    self.assertEqual(os.listdir(place.dir), ['store.json'])

    def test_error(self):
        """F19: an error in any call that matters fails the save, which stays dirty."""
        for exists, number, name in self.each():
            with self.subTest(exists=exists, call=f'{number} {name}'), Place(exists) as place:
                code, tries = place.save(f'any:EIO:{number}')
                self.assertEqual(code, 0)
                # Merged after it was not loaded at first, the order is another.
                self.assertIn(place.content(), [json.loads(text) if text else None
                                                for text in (place.old, place.new)])
                # Whether a young file is read again is a matter of milliseconds, so
                # the number may be that of another call.
                hit = place.calls()[number - 1][0] if number <= len(place.calls()) else None
                if hit in ('create', 'write', 'fsync', 'rename', 'chmod'):
                    self.assertEqual(tries[0], ['failed', 'dirty'])
                else:
                    self.assertIn(tries[0], (['failed', 'dirty'], ['saved', 'clean']))
                # The second try finds the disk in order, unless this was in it.
                if tries[1] != ['saved', 'clean']:
                    self.assertEqual(tries, [['saved', 'clean'], ['failed', 'clean']])
                self.assertIn('new', place.text())
                self.assertEqual(os.listdir(place.dir), ['store.json'])

    def test_lasting_error(self):
        """F19: full disk, quota, read-only and the like: the old file is intact."""
        for exists in (True, False):
            for spec in ('write:ENOSPC:1+', 'write:EDQUOT:1+', 'create:EACCES:1+', 'create:EROFS:1+',
                         'create:EMFILE:1+', 'fsync:EIO:1+', 'rename:EIO:1+', 'flock:EIO:1+',
                         'write:SHORT:1,write:ENOSPC:2+'):
                if spec == 'flock:EIO:1+' and not exists:
                    continue
                with self.subTest(exists=exists, spec=spec), Place(exists) as place:
                    code, tries = place.save(spec)
                    self.assertEqual(code, 0)
                    self.assertEqual(tries, [['failed', 'dirty'], ['failed', 'dirty']])
                    self.assertEqual(place.text(), place.old)
                    self.assertEqual(os.listdir(place.dir), ['store.json'] if exists else [])

    def test_unreadable(self):
        """F12, F13: what cannot be opened or read is never replaced."""
        for spec in ('open:EACCES:1+', 'open:EIO:1+', 'read:EIO:1+'):
            with self.subTest(spec=spec), Place(True) as place:
                code, tries = place.save(spec)
                self.assertEqual(code, 0)
                self.assertEqual(tries, [['failed', 'dirty'], ['failed', 'dirty']])
                self.assertEqual(place.text(), OLD)

    def test_folder_sync(self):
        """A save is not told to be done before the folder is on the disk, ever."""
        for exists in (True, False):
            with self.subTest(exists=exists), Place(exists) as place:
                code, tries = place.save('fsync:EIO:2+')
                self.assertEqual(code, 0)
                self.assertEqual(tries, [['failed', 'dirty'], ['failed', 'dirty']])

    def test_changed_back(self):
        """What has got its name although the save failed is not taken for somebody else's."""
        for error in ('EIO', 'ENOSPC', 'EROFS', 'EACCES'):
            for how, last in (('back', ['saved', 'clean']), ('lost', None)):
                with self.subTest(error=error, how=how), Place(True) as place:
                    code, tries = place.save(f'fsync:{error}:2', [how])
                    self.assertEqual(code, 0)
                    self.assertEqual(tries, [['failed', 'dirty'], last][:1 if last is None else 2])
                    self.assertEqual(place.text(), OLD)

    def test_harmless(self):
        """Interrupted calls, short reads and writes, and missing abilities do no harm."""
        for exists in (True, False):
            for spec in ('open:EINTR:1', 'create:EINTR:1', 'read:EINTR:1', 'write:EINTR:1',
                         'fsync:EINTR:1', 'fsync:EINTR:2', 'rename:EINTR:1', 'flock:EINTR:1',
                         'write:SHORT:1+', 'read:SHORT:1+', 'utimens:EPERM:1+', 'chmod:EPERM:1+',
                         'flock:ENOLCK:1+'):
                with self.subTest(exists=exists, spec=spec), Place(exists) as place:
                    code, tries = place.save(spec)
                    self.assertEqual(code, 0)
                    self.assertEqual(tries, [['saved', 'clean'], ['saved', 'clean']])
                    self.assertEqual(place.text(), place.new)

    def test_no_exclusive_rename(self):
        """A file system without RENAME_NOREPLACE: created by a link."""
        with Place(False) as place:
            code, tries = place.save('rename:EINVAL:1+')
            self.assertEqual(code, 0)
            self.assertEqual(tries, [['saved', 'clean'], ['saved', 'clean']])
            self.assertEqual(place.text(), place.new)
            self.assertEqual(os.listdir(place.dir), ['store.json'])


class Large(unittest.TestCase):
    """The same where a file is written while its text is made."""

    new = LARGE[:-2] + ',' + NEW_VALUE + '}]'

    def check(self, place, tries, expected):
        self.assertEqual(tries, expected)
        self.assertEqual(place.text(), self.new)
        self.assertEqual(os.listdir(place.dir), ['store.json'])

    def calls(self):
        with Place(True, LARGE) as place:
            code, tries = place.save()
            self.assertEqual(code, 0)
            self.check(place, tries, [['saved', 'clean'], ['saved', 'clean']])
            return place.calls()

    def test_order(self):
        """It has its name when all of it is on the disk; and there is one such file only."""
        calls = self.calls()
        steps = [call[0] for call in calls]
        writes = [i for i, step in enumerate(steps) if step == 'write']
        self.assertEqual((steps.count('create'), steps.count('rename'), steps.count('fsync')), (1, 1, 2))
        self.assertGreater(len(writes), 2)
        # Not only when it is known what there is to replace.
        self.assertLess(writes[1], len(steps) - 1 - steps[::-1].index('flock'))
        self.assertLess(max(writes), steps.index('fsync'))
        self.assertLess(steps.index('fsync'), steps.index('rename'))
        self.assertEqual({call[1] for call in calls}, {'thread'})

    def test_killed(self):
        """F18, F24: killed in any call, the file is the old or the new one, whole."""
        for number, call in enumerate(self.calls(), 1):
            with self.subTest(call=f'{number} {call[0]}'), Place(True, LARGE) as place:
                place.save(f'any:KILL:{number}')
                self.assertIn(place.text(), (LARGE, self.new))
                code, tries = place.save()
                self.assertEqual((code, tries[0]), (0, ['saved', 'clean']))
                self.assertIn('"new"', place.text())
                self.assertEqual(os.listdir(place.dir), ['store.json'])

    def test_error(self):
        """F19: what cannot be written while it is made is written in the end, or stays dirty."""
        for number, call in enumerate(self.calls(), 1):
            with self.subTest(call=f'{number} {call[0]}'), Place(True, LARGE) as place:
                code, tries = place.save(f'any:EIO:{number}')
                self.assertEqual(code, 0)
                self.assertIn(tries, ([['saved', 'clean'], ['saved', 'clean']],
                                      [['failed', 'dirty'], ['saved', 'clean']],
                                      [['saved', 'clean'], ['failed', 'clean']]))
                self.assertIn('"new"', place.text())
                self.assertEqual(os.listdir(place.dir), ['store.json'])

    def test_lasting_error(self):
        """F19: the old file is intact, and nothing is left behind."""
        for spec in ('write:ENOSPC:1+', 'write:ENOSPC:2+', 'create:EACCES:1+', 'fsync:EIO:1+', 'rename:EIO:1+',
                     'flock:EIO:1+', 'write:SHORT:1,write:ENOSPC:2+'):
            with self.subTest(spec=spec), Place(True, LARGE) as place:
                code, tries = place.save(spec)
                self.assertEqual((code, tries), (0, [['failed', 'dirty'], ['failed', 'dirty']]))
                self.assertEqual(place.text(), LARGE)
                self.assertEqual(os.listdir(place.dir), ['store.json'])

    def test_harmless(self):
        """What is written in pieces is whole."""
        for spec in ('write:SHORT:1+', 'write:EINTR:1', 'write:EIO:1', 'write:SHORT:1,write:EIO:2', 'create:EIO:1',
                     'fsync:EINTR:1'):
            with self.subTest(spec=spec), Place(True, LARGE) as place:
                _, tries = place.save(spec)
                self.check(place, tries, [['saved', 'clean'], ['saved', 'clean']])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
