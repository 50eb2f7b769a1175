#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Several processes keep their store in one file at the same time: F22.

The choices of the processes come from a seed, which is printed; what the system
runs when does not."""

import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from world import BUSY, KEPT, World, now

WORKER, FAULT = sys.argv[1:3]
SOAK = 'TST_TEST_SOAK' in os.environ
SEED = int(os.environ.get('TST_TEST_SEED') or random.randrange(1 << 32))


class Random(unittest.TestCase):
    """All kinds of writes, by processes that are killed at any moment."""

    def setUp(self):
        self.random = random.Random(SEED)

    def start(self, world):
        used = {worker.name.split('.')[0] for worker in world.workers}
        family = self.random.choice([f'w{i}' for i in range(4) if f'w{i}' not in used])
        worker = world.start(family)
        # Not waiting until it has loaded: it may be killed before.
        worker.send('go ' + KEPT)
        worker.send('run')
        return worker

    def fill(self, world):
        while len(world.workers) < 2 or len(world.workers) < 4 and self.random.random() < 0.4:
            self.start(world)

    def disturb(self, world):
        worker = self.random.choice(world.workers)
        action = self.random.random()
        if action < 0.25:
            world.kill(worker)
        elif action < 0.3:
            for other in list(world.workers):
                world.kill(other)
        elif action < 0.4:
            worker.signal(signal.SIGCONT if worker.stopped else signal.SIGSTOP)

    def be_quiet(self, world):
        for worker in world.workers:
            worker.signal(signal.SIGCONT)
        world.be_quiet()
        self.random.choice(world.workers).do('clear')
        world.be_quiet()

    def run_for(self, world, seconds):
        self.fill(world)
        deadline = time.monotonic() + seconds
        n_quiet = 0
        while time.monotonic() < deadline:
            self.disturb(world)
            self.fill(world)
            for _ in range(self.random.randrange(1, 12)):
                world.listen(0.02)
            if os.path.exists(world.path):
                world.check()
            if self.random.random() < 0.06:
                self.be_quiet(world)
                n_quiet += 1
                for worker in world.workers:
                    worker.send('run')
        return n_quiet

    def test_killed(self):
        """Nothing is lost, comes back or is mixed up."""
        with World(WORKER, SEED) as world:
            world.may_be_busy = True
            first = world.start('first')
            world.go(first, KEPT)
            world.be_quiet()
            world.stop(first)
            n_quiet = self.run_for(world, 300 if SOAK else 18)
            self.be_quiet(world)
            world.finish()
            print(f'{world.n_started} processes, {world.n_read} times read, {n_quiet} times quiet, '
                  f'{world.n_moved} rows moved', flush=True)


def default_content(name):
    """Something in each place that is written to, and a row of its own."""
    tables, _ = json.loads(KEPT)
    for row in tables['cells'].values():
        row.update({f'c{i}': f'default-{name}' for i in range(3)})
    tables['own'] = {name: {'c': f'default-{name}'}}
    return [tables, {f'v{i}': f'default-{name}' for i in range(3)}]


class Start(unittest.TestCase):
    """Two processes find nothing, and create it, each with its own defaults."""

    def tell_of_defaults(self, world, name, content):
        tables, values = content
        slots = [f'{table_id}/{row_id}/{cell_id}' for table_id, table in tables.items()
                 for row_id, row in table.items() for cell_id in row if cell_id != 'keep']
        slots += [f'values/{value_id}' for value_id in values]
        # Before anything else: so each edit has to win over it.
        world.oracle.intend('default', 0, 0, [
            word for slot in slots for word in ('set', slot, f'default-{name}', '-')])
        world.oracle.dead('default', 0)

    def run_once(self, world, choose):
        workers = [world.start(name) for name in ('w0', 'w1')]
        contents = [default_content(worker.name) for worker in workers]
        for worker, content in zip(workers, contents):
            self.tell_of_defaults(world, worker.name, content)
        if choose.random() < 0.5:
            # Until both are waiting for a word.
            for worker in workers:
                worker.state()
        n_early = choose.randrange(3)
        for worker, content in zip(workers, contents):
            worker.send(f'do any {n_early}')
            worker.send('go ' + json.dumps(content, separators=(',', ':')))
            worker.send(f'do any {choose.randrange(6)}')
        for worker in workers:
            worker.wait_reply('ready')
        content = world.be_quiet()
        shown = [text for table in content[0].values() for row in table.values()
                 for text in row.values() if str(text).startswith('default')]
        shown += [text for text in content[1].values() if text.startswith('default')]
        self.assertEqual(len(set(shown)), 1, 'the defaults of one of them')
        for worker in workers:
            world.stop(worker)
        self.assertEqual(world.read(), content)
        world.check_left_overs()

    def test_both(self):
        """No edit is lost, and no default wins over one; both agree."""
        choose = random.Random(SEED)
        for _ in range(200 if SOAK else 25):
            with World(WORKER, choose.randrange(1 << 32)) as world:
                self.run_once(world, choose)


class Rapid(unittest.TestCase):
    """Two processes write all the time, and load what the other one writes."""

    def test_two(self):
        """Nothing is lost, neither in memory at any time, nor in the file."""
        n = 3000 if SOAK else 400
        with World(WORKER, SEED) as world:
            workers = [world.start(name) for name in ('w0', 'w1')]
            for worker in workers:
                world.go(worker, KEPT)
            for worker in workers:
                worker.send(f'rapid {n}')
            for worker in workers:
                worker.wait_reply('quiet')
            tables, values = world.agree()
            texts = {text for table in list(tables.values()) + [{'': values}]
                     for row in table.values() for text in row.values()}
            # Each third goes to one of 50 values, over what was there.
            for worker in workers:
                self.assertEqual(worker.n_intents, n)
                self.assertEqual([i for i in range(1, n + 1) if i % 3 != 2 and
                                  f'{worker.name}.{i}' not in texts], [])
            world.finish()


class WithJournal:
    """The same, and each file has a journal."""

    def run(self, result=None):
        World.journal = True
        try:
            return super().run(result)
        finally:
            World.journal = False


class JournalRandom(WithJournal, Random):
    pass


class JournalRapid(WithJournal, Rapid):
    pass


class JournalStart(WithJournal, Start):
    pass


LOCKER = '''
import fcntl, sys
with open(sys.argv[1]) as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print('locked', flush=True)
    sys.stdin.read()
'''


class Blocked(unittest.TestCase):
    """A process that is stopped, or gone, does not hold up others for long."""

    def begin(self, world, *families):
        first = world.start('first')
        world.go(first, KEPT)
        world.be_quiet()
        world.stop(first)
        workers = [world.start(family) for family in families]
        for worker in workers:
            world.go(worker)
        return workers

    def test_locked(self):
        """Locked for long: a save fails, is still due, and is made when it can be."""
        with World(WORKER, SEED) as world:
            writer, = self.begin(world, 'w0')
            before = world.read()
            with subprocess.Popen([sys.executable, '-c', LOCKER, world.path],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE) as locker:
                try:
                    self.assertEqual(locker.stdout.readline(), b'locked\n')
                    locker.send_signal(signal.SIGSTOP)
                    writer.do('shared')
                    writer.send('flush')
                    # Who only reads is not held up.
                    reader = world.start('w1')
                    world.go(reader)
                    self.assertEqual(reader.state(), before)
                    world.wait_for(lambda: any(error.startswith('failed') for error in writer.errors),
                                   'the save to fail')
                    failed = [error.split()[2:4] for error in writer.errors
                              if error.startswith('failed')]
                    self.assertEqual(failed, [[BUSY, 'dirty']])
                    self.assertEqual(world.read(), before)
                finally:
                    locker.kill()
            # By itself.
            world.wait_for(lambda: world.read() != before, 'the save')
            writer.errors.clear()
            world.be_quiet()
            world.finish()

    @unittest.skipIf(FAULT == 'none', 'nothing to stop a process with')
    def test_holder(self):
        """Stopped in the middle of a save, then killed, or continued."""
        for number in (signal.SIGKILL, signal.SIGCONT):
            for call in ('create:STOP:1', 'fsync:STOP:1', 'rename:STOP:1', 'fsync:STOP:2'):
                with self.subTest(number=number, call=call), World(WORKER, SEED) as world:
                    other, = self.begin(world, 'w0')
                    holder = world.start('w1', {'LD_PRELOAD': FAULT, 'FAULT_DIR': world.dir,
                                                'FAULT_SPEC': call})
                    world.go(holder)
                    holder.do('many', 2)
                    world.wait_for(lambda: os.waitid(os.P_PID, holder.process.pid,
                                                     os.WSTOPPED | os.WNOHANG | os.WNOWAIT),
                                   'the process to stop')
                    other.do('many', 2)
                    other.send('quiet')
                    if number == signal.SIGKILL:
                        world.kill(holder)
                    else:
                        holder.signal(number)
                        holder.send('quiet')
                        holder.wait_reply('quiet')
                    other.wait_reply('quiet')
                    world.agree()
                    world.finish()


class Foreign(unittest.TestCase):
    """Somebody who takes no lock, and knows nothing of merging, writes to the file."""

    def setUp(self):
        self.random = random.Random(SEED)
        self.n = 0

    def replace(self, path, text):
        temporary = path + '.foreign'
        with open(temporary, 'w', encoding='utf-8') as file:
            file.write(text)
        os.rename(temporary, path)

    def overwrite(self, path, text):
        data = text.encode()
        fd = os.open(path, os.O_WRONLY)
        # In this order there is no moment at which it is empty.
        os.pwrite(fd, data, 0)
        os.ftruncate(fd, len(data))
        os.close(fd)

    def set_cells(self, content):
        """Returns what to tell the oracle."""
        tables, values = content
        value, words = f'foreign.{self.n}', []
        row_id, cell_id = f'r{self.random.randrange(3)}', f'c{self.random.randrange(3)}'
        for name, row, key in ((f'cells/{row_id}/{cell_id}', tables['cells'][row_id], cell_id),
                               (f'cells/{row_id}/foreign', tables['cells'][row_id], 'foreign'),
                               ('values/v0', values, 'v0')):
            words += ['set', name, value, row.get(key, '-')]
            row[key] = value
        return words

    def remove_cell(self, content):
        row_id, cell_id = f'g{self.random.randrange(2)}', f'c{self.random.randrange(2)}'
        row = content[0]['gaps'][row_id]
        if cell_id not in row:
            return []
        return ['del', f'gaps/{row_id}/{cell_id}', row.pop(cell_id)]

    def change_rows(self, content):
        """Adds a row, and removes one that only it can have added."""
        rows = content[0].setdefault('rows', {})
        tag, words = f'foreign.{self.n}', []
        removable = [row_id for row_id in rows if row_id.startswith('foreign')]
        if removable:
            row = rows.pop(self.random.choice(removable))
            words += ['rm', row['tag'], ','.join(f'{row["tag"]}/{cell_id}={text}'
                                                 for cell_id, text in row.items()
                                                 if cell_id[0] == 'e') or '-']
        rows[tag.replace('.', '-')] = {'tag': tag, 'a': tag, 'b': tag}
        return words + ['add', tag]

    def write(self, world, content):
        """Changes what was read before."""
        self.n += 1
        words = self.set_cells(content) + self.remove_cell(content) + self.change_rows(content)
        world.oracle.intend('foreign', self.n, now(), words)
        how = self.random.choice([self.replace, self.overwrite])
        how(world.path, json.dumps(content))
        world.oracle.ack('foreign', self.n, now())

    def run_once(self, world, content):
        n = self.random.randrange(1, 5)
        if self.random.random() < 0.5:
            # Between a change and its save, which has to wait. Python holds the file.
            with open(world.path, encoding='utf-8') as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                for worker in world.workers:
                    worker.do('any', n)
                self.write(world, content)
        else:
            # Before a change, noticed or not.
            self.write(world, content)
            for worker in world.workers:
                worker.do('any', n)
        world.be_quiet()
        world.workers[0].do('clear')
        return world.be_quiet()

    def test_merged(self):
        """What is there when a save begins is merged, whoever wrote it."""
        with World(WORKER, SEED) as world:
            workers = [world.start(family) for family in ('w0', 'w1')]
            for worker in workers:
                world.go(worker, KEPT)
            content = world.be_quiet()
            for _ in range(400 if SOAK else 60):
                content = self.run_once(world, content)
            world.finish()

    def test_race(self):
        """Somebody writes what he read some time ago over what was saved meanwhile, or
        in the moment between the last look of a save and its rename: that cannot be
        helped. But all still agree, and have a file that is whole."""
        with World(WORKER, SEED, with_oracle=False) as world:
            workers = [world.start(family) for family in ('w0', 'w1')]
            for worker in workers:
                world.go(worker, KEPT)
                worker.send('run')
            n_lost = 0
            n_writes = 3000 if SOAK else 400
            for i in range(n_writes):
                world.listen(self.random.random() * 0.02)
                content = world.read()
                n_lost += i > 0 and content[1].get('foreign') != i - 1
                content[1]['foreign'] = i
                self.replace(world.path, json.dumps(content))
            world.finish()
            print(f'{n_lost} of {n_writes} foreign writes were overwritten', flush=True)


if __name__ == '__main__':
    print(f'TST_TEST_SEED={SEED}', flush=True)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
