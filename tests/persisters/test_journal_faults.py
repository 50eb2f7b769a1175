#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Keeps a store in a file with a journal while each call to the file system fails in
turn, or the process is killed in it: whatever was told to be saved is there, and is there
for the next one too."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

FAULT, SAVE_OFTEN = sys.argv[1:3]

# Where it matters whether it was done before the process was killed.
CHANGES = ('create', 'write', 'fsync', 'rename', 'unlink', 'truncate', 'link')

# A plain run fails some of the calls, other ones each time; a long one, all of them.
SOAK = 'TST_TEST_SOAK' in os.environ
SEED = int(os.environ.get('TST_TEST_SEED', random.randrange(1 << 32)))

# What there is to begin with.
NAMES = ('plain', 'torn', 'foreign', 'removed', 'spent')


def run(*arguments, env=None):
    return subprocess.run([SAVE_OFTEN, *arguments], env=dict(os.environ, **(env or {})),
                          stdout=subprocess.PIPE, timeout=120, check=False)


class Template:
    """A folder that each try begins with a copy of."""

    def __init__(self, name):
        self.dir = tempfile.mkdtemp(prefix='tst-journal-faults-')
        self.path = os.path.join(self.dir, 'store.json')
        self.journal = os.path.join(self.dir, '.store.json.tst-journal')
        self.rows, self.values = set(), {'old': 1}
        self.write({'old': 1})
        getattr(self, name)()

    def write(self, values):
        temporary = self.path + '.new'
        with open(temporary, 'w') as file:
            json.dump([{}, values], file, separators=(',', ':'))
        os.rename(temporary, self.path)

    def append(self):
        assert run(self.path, 'two', 'j').returncode == 0
        assert os.path.exists(self.journal)
        self.rows = {'j1', 'j2'}
        self.values['j'] = 2

    def plain(self):
        """Only a file."""

    def torn(self):
        """A journal, and somebody was killed while writing to it."""
        self.append()
        with open(self.journal, 'a') as file:
            file.write('{"sum":"0123')

    def foreign(self):
        """A journal, and somebody has replaced the file."""
        self.append()
        self.write({'old': 1, 'foreign': 2})
        self.values['foreign'] = 2

    def removed(self):
        """A journal whose file somebody has removed: it does not come back."""
        self.append()
        os.remove(self.path)
        self.rows, self.values = set(), {}

    def spent(self):
        """A journal that somebody had no time to remove."""
        self.append()
        env = {'LD_PRELOAD': FAULT, 'FAULT_DIR': self.dir, 'FAULT_SPEC': 'unlink:KILL:1'}
        assert run(self.path, 'all', 's', env=env).returncode == -signal.SIGKILL
        self.rows |= {'s1', 's2', 's3'}
        self.values['s'] = 3
        assert os.path.exists(self.journal)


class Try:

    def __init__(self, template):
        self.template = template
        self.dir = tempfile.mkdtemp(prefix='tst-journal-faults-')
        shutil.copytree(template.dir, self.dir, dirs_exist_ok=True)
        self.path = os.path.join(self.dir, 'store.json')
        self.log = self.dir + '.log'
        self.n_saved = 0

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir)
        if os.path.exists(self.log):
            os.remove(self.log)

    def save(self, spec='', what='all'):
        result = run(self.path, what, 'r', env={'LD_PRELOAD': FAULT, 'FAULT_DIR': self.dir,
                                               'FAULT_LOG': self.log, 'FAULT_SPEC': spec})
        lines = [line.split() for line in result.stdout.decode().splitlines()]
        self.n_saved = max([0] + [int(line[1]) for line in lines if line[0] == 'saved'])
        return result.returncode, lines

    def calls(self):
        with open(self.log) as log:
            return [line.split(None, 3)[1] for line in log.read().splitlines()]

    def read(self):
        result = run(self.path, 'print')
        assert result.returncode == 0, result.stdout
        return json.loads(result.stdout)


class JournalFaults(unittest.TestCase):

    def check(self, place):
        """All that was saved, and not half of what was not."""
        tables, values = place.read()
        rows = set(tables.get('t', {}))
        ours = {f'r{i}' for i in range(1, place.n_saved + 1)}
        also = {f'r{i}' for i in range(1, place.n_saved + 2)}
        self.assertLessEqual(place.template.rows | ours, rows)
        self.assertLessEqual(rows, place.template.rows | also)
        for value, number in place.template.values.items():
            self.assertEqual(values[value], number)
        if rows == place.template.rows | also and place.n_saved < 4:
            self.assertEqual(values['r'], place.n_saved + 1)
        elif place.n_saved > 0:
            self.assertEqual(values['r'], place.n_saved)
        # Who knows nothing of the journal finds something whole.
        if os.path.exists(place.path):
            with open(place.path) as file:
                json.load(file)

    def check_next(self, place):
        """The next one is not disturbed, and leaves nothing behind."""
        code, lines = place.save()
        self.assertEqual((code, lines[-1]), (0, ['closed', '4']))
        self.check(place)
        self.assertEqual(os.listdir(place.dir), ['store.json'])

    def each(self, template):
        with Try(template) as place:
            code, lines = place.save()
            self.assertEqual((code, lines[-1]), (0, ['closed', '4']))
            self.check(place)
            self.assertEqual(os.listdir(place.dir), ['store.json'])
            calls = place.calls()
        # Whether a young file is read again is a matter of milliseconds.
        self.assertIn('truncate' if template.name == 'torn' else 'rename', calls)
        return enumerate(calls, 1)

    def sweep(self, actions_of, one_of, check):
        chance = random.Random(SEED)
        for name in NAMES:
            template = Template(name)
            template.name = name
            try:
                for number, call in self.each(template):
                    for action in actions_of(call):
                        if not SOAK and chance.randrange(one_of) > 0:
                            continue
                        with self.subTest(begin=name, call=f'{number} {call}', action=action), \
                                Try(template) as place:
                            check(place, f'any:{action}:{number}')
                            self.check_next(place)
            finally:
                shutil.rmtree(template.dir)

    def check_killed(self, place, spec):
        code, lines = place.save(spec)
        # It is not reached where a young file was not read again.
        self.assertIn((code, code == 0), ((-signal.SIGKILL, False), (0, True)), lines)
        self.check(place)

    def check_failed(self, place, spec):
        code, lines = place.save(spec)
        self.assertEqual((code, lines[-1]), (0, ['closed', '4']), lines)
        self.check(place)

    def test_killed(self):
        """Killed before each call, or right after those that change something."""
        self.sweep(lambda call: ('KILL', 'KILLAFTER') if call in CHANGES else ('KILL',),
                   4, self.check_killed)

    def test_error(self):
        """An error in a call: what is told to be saved is saved, and the next try works."""
        self.sweep(lambda call: {'write': ('EIO', 'ENOSPC', 'SHORT'), 'read': ('EIO', 'SHORT'),
                                 'open': ('EIO', 'EINTR')}.get(call, ('EIO',)),
                   6, self.check_failed)

    def test_lasting_error(self):
        """A disk that is full, or broken: nothing of what was saved before is lost."""
        for name in NAMES:
            template = Template(name)
            template.name = name
            for spec in ('write:ENOSPC:3+', 'write:SHORT:3,write:ENOSPC:4+', 'fsync:EIO:3+',
                         'create:EROFS:4+', 'rename:EIO:1+', 'truncate:EIO:1+,write:EIO:3+',
                         'flock:EIO:4+', 'unlink:EIO:1+'):
                with self.subTest(begin=name, spec=spec), Try(template) as place:
                    place.save(spec)
                    self.check(place)
                    self.check_next(place)
            shutil.rmtree(template.dir)

    def test_close_without_folding(self):
        """What is saved in the journal, and cannot be brought into the file, is saved."""
        template = Template('torn')
        with Try(template) as place:
            code, lines = place.save('rename:EIO:1+', 'once')
            self.assertEqual((code, lines), (0, [['saved', '1'], ['closed', '1']]))
            self.assertIn('r1', place.read()[0]['t'])
            self.check_next(place)
        shutil.rmtree(template.dir)


if __name__ == '__main__':
    print(f'# TST_TEST_SEED={SEED}', flush=True)
    unittest.main(argv=sys.argv[:1])
