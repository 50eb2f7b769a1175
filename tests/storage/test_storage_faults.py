#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Sets and removes an item while each call to the file system fails in turn, or
the process is killed in it: F18, F19, F24, and that a change reaches the disk."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

FAULT, TOOL = sys.argv[1:3]

OLD = "[item]\ncontent='old'\nx=1\n"
ALONE = "[item]\ncontent='old'\n"
OTHER = "[other]\ncontent='other'\n"
LONG = 'a content that is longer than the old one'

# What is there, what is done, what is there then.
CASES = {
    'create': (None, ('set', 'item', LONG), f"[item]\ncontent='{LONG}'\n"),
    'replace': (OLD, ('set', 'item', LONG), f"[item]\ncontent='{LONG}'\nx=1\n"),
    'remove': (ALONE, ('remove', 'item'), None),
    'remove from others': (OLD, ('remove', 'item'), '[item]\nx=1\n'),
}
AGAIN = {'set to what it is': (ALONE, ('set', 'item', 'old'), ALONE)}


class Place:
    """A folder with two items in it, or one."""

    def __init__(self, case):
        self.old, self.command, self.new = (CASES | AGAIN)[case]
        self.dir = tempfile.mkdtemp(prefix='tst-faults-')
        self.log = self.dir + '.log'
        for name, text in (('item.ini', self.old), ('other.ini', OTHER)):
            if text is not None:
                with open(os.path.join(self.dir, name), 'w') as file:
                    file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir)
        if os.path.exists(self.log):
            os.remove(self.log)

    def run(self, spec=None):
        """Returns the exit code and what became of the tries."""
        env = dict(os.environ, LD_PRELOAD=FAULT, FAULT_DIR=self.dir, FAULT_LOG=self.log)
        if spec:
            env['FAULT_SPEC'] = spec
        run = subprocess.run([TOOL, self.dir, *self.command], env=env, stdout=subprocess.PIPE,
                             timeout=60, check=False)
        return run.returncode, [line.split()[0] for line in run.stdout.decode().splitlines()]

    def calls(self):
        with open(self.log) as log:
            return [line.split(None, 3)[1:] for line in log.read().splitlines()]

    def text(self, name='item.ini'):
        try:
            with open(os.path.join(self.dir, name)) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def files(self, text):
        """Exactly these are left."""
        expected = ['other.ini'] + (['item.ini'] if text is not None else [])
        return sorted(os.listdir(self.dir)) == sorted(expected) and self.text('other.ini') == OTHER


class Faults(unittest.TestCase):

    def calls_of(self, case):
        with Place(case) as place:
            self.assertEqual(place.run(), (0, ['done', 'done']))
            self.assertEqual(place.text(), place.new)
            self.assertTrue(place.files(place.new))
            return place.calls(), place.dir

    def each(self):
        for case in CASES:
            calls, _ = self.calls_of(case)
            for number, call in enumerate(calls, 1):
                yield case, number, call[0]

    def test_order(self):
        """The content is on the disk before it has its name, and then the name is."""
        for case in ('create', 'replace', 'remove from others'):
            with self.subTest(case=case):
                calls, folder = self.calls_of(case)
                steps = [call[0] for call in calls]
                rename = steps.index('rename')
                writes = [i for i, step in enumerate(steps) if step == 'write']
                syncs = [i for i, step in enumerate(steps) if step == 'fsync']
                self.assertLess(max(writes), syncs[0])
                self.assertLess(syncs[0], rename)
                self.assertLess(rename, syncs[1])
                self.assertEqual((len(syncs), calls[syncs[1]][2]), (2, folder))

    def test_sync_of_what_is_there(self):
        """Whoever wrote it may have been killed before it was on the disk."""
        calls, folder = self.calls_of('set to what it is')
        self.assertEqual([call[2] for call in calls if call[0] == 'fsync'], [os.path.join(folder, 'item.ini'), folder])

    def test_order_of_removal(self):
        calls, folder = self.calls_of('remove')
        steps = [call[0] for call in calls]
        last = calls[len(steps) - 1 - steps[::-1].index('fsync')]
        self.assertLess(steps.index('unlink'), steps.index('fsync'))
        self.assertEqual(last[2], folder)

    def test_killed(self):
        """F18, F24: killed in any call, there is the old item or the new one, whole."""
        for case, number, name in self.each():
            for action in ('KILL', 'KILLAFTER'):
                with self.subTest(case=case, call=f'{number} {name}', action=action), \
                        Place(case) as place:
                    code, _ = place.run(f'any:{action}:{number}')
                    self.assertEqual(code, -signal.SIGKILL if number <= len(place.calls()) else 0)
                    self.assertIn(place.text(), (place.old, place.new))
                    # The next run is not disturbed, and cleans up unless it has nothing to do.
                    done = place.text() == place.new
                    self.assertEqual(place.run(), (0, ['done', 'done']))
                    self.assertEqual(place.text(), place.new)
                    self.assertTrue(done or place.files(place.new), os.listdir(place.dir))

    def test_error(self):
        """F19: an error in any call that matters is told, and the next try helps."""
        for case, number, name in self.each():
            with self.subTest(case=case, call=f'{number} {name}'), Place(case) as place:
                code, tries = place.run(f'any:EIO:{number}')
                self.assertEqual((code, len(tries)), (0, 2))
                hit = place.calls()[number - 1][0] if number <= len(place.calls()) else None
                if hit in ('create', 'write', 'fsync', 'rename', 'chmod'):
                    self.assertIn('failed', tries)
                if tries[1] == 'done':
                    self.assertEqual(place.text(), place.new)
                else:
                    # The fault was in the second one, which found it done.
                    self.assertEqual(tries, ['done', 'failed'])
                    self.assertEqual(place.text(), place.new)
                self.assertTrue(place.files(place.new), os.listdir(place.dir))

    def test_lasting_error(self):
        """F19: full disk, quota, read-only and the like: the old item is intact."""
        for case in CASES:
            for spec in ('write:ENOSPC:1+', 'write:EDQUOT:1+', 'create:EACCES:1+', 'create:EROFS:1+',
                         'create:EMFILE:1+', 'rename:EIO:1+', 'flock:EIO:1+', 'unlink:EROFS:1+',
                         'read:EIO:1+', 'write:SHORT:1,write:ENOSPC:2+'):
                needed = {'remove': ('flock', 'unlink', 'read'), 'create': ('write', 'create', 'rename')}
                with self.subTest(case=case, spec=spec), Place(case) as place:
                    call = spec.split(':')[0]
                    if call not in needed.get(case, ('write', 'create', 'rename', 'flock', 'read')):
                        continue
                    self.assertEqual(place.run(spec), (0, ['failed', 'failed']))
                    self.assertEqual(place.text(), place.old)
                    # What cannot be removed, cannot be cleaned up either.
                    self.assertTrue(place.files(place.old), os.listdir(place.dir))

    def test_unsynced(self):
        """Nothing is told to be done before it is on the disk."""
        for case in CASES:
            with self.subTest(case=case), Place(case) as place:
                self.assertEqual(place.run('fsync:EIO:1+'), (0, ['failed', 'failed']))
                self.assertIn(place.text(), (place.old, place.new))

    def test_interrupted(self):
        """Interrupted calls, short reads and writes, and what not every file system can."""
        for case in CASES:
            for spec in ('open:EINTR:1', 'create:EINTR:1', 'read:EINTR:1', 'write:EINTR:1',
                         'fsync:EINTR:1', 'fsync:EINTR:2', 'rename:EINTR:1', 'flock:EINTR:1',
                         'write:SHORT:1+', 'read:SHORT:1+', 'utimens:EPERM:1+', 'chmod:EPERM:1+',
                         'flock:ENOLCK:1+'):
                with self.subTest(case=case, spec=spec), Place(case) as place:
                    self.assertEqual(place.run(spec), (0, ['done', 'done']))
                    self.assertEqual(place.text(), place.new)
                    self.assertTrue(place.files(place.new))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
