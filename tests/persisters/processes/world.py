#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A file, the processes that share it, and an oracle that hears what they tell."""

import fcntl
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time

from oracle import Oracle

# Nothing takes a tenth of it. It ends what hangs; nothing is measured by it.
PATIENCE_S = 120

# What happens outside of pipes is looked for this often.
TICK_S = 0.02

# Kept in each table, so that no row there is ever empty, which is a removal.
KEPT = json.dumps([{'cells': {f'r{i}': {'keep': 1} for i in range(3)},
                    'gaps': {f'g{i}': {'keep': 1} for i in range(2)}}, {}],
                  separators=(',', ':'))


BUSY = '26'  # G_IO_ERROR_BUSY


class Failure(AssertionError):
    pass


def now():
    """The clock of the workers."""
    return time.monotonic_ns() // 1000


class Worker:

    def __init__(self, world, name, argv, env):
        self.world, self.name = world, name
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=env)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b''
        self.replies = []           # to commands
        self.n_intents = 0
        self.errors = []            # what went wrong, and what was lost
        self.stopped = False        # by a signal
        self.ending = False         # because it was told to

    def send(self, command):
        self.process.stdin.write(command.encode() + b'\n')
        self.process.stdin.flush()

    def signal(self, number):
        os.kill(self.process.pid, number)
        self.stopped = number == signal.SIGSTOP

    def drain(self):
        """Takes what is in the pipe. False: nobody is at the other end any more."""
        while True:
            try:
                data = os.read(self.process.stdout.fileno(), 1 << 16)
            except BlockingIOError:
                return True
            # What follows the last end of a line was not written whole, so far.
            *lines, self.rest = (self.rest + data).split(b'\n')
            for line in lines:
                self.hear(line.decode())
            if not data:
                return False

    def hear(self, line):
        word, _, rest = line.partition(' ')
        oracle = self.world.oracle
        if word == 'intent':
            seq, begin, *words = rest.split(' ')
            oracle.intend(self.name, int(seq), int(begin), words)
        elif word in ('ack', 'quiet', 'clean'):
            seq, end = rest.split(' ')
            oracle.ack(self.name, int(seq), int(end))
        if word in ('ready', 'quiet', 'clean', 'state', 'stopped'):
            self.replies.append((word, rest))
        elif word == 'intent':
            self.n_intents += 1
        elif word == 'moved':
            self.world.n_moved += 1
        elif word != 'ack' and not self.is_expected(word, rest):
            self.errors.append(line)
        self.world.log.write(f'{self.name} {line}\n')

    def is_expected(self, word, rest):
        if word in ('failed', 'error'):
            return self.world.may_fail(rest.split(' ')[1])
        return word == 'lost' and not self.world.with_oracle

    def wait_reply(self, word):
        """Returns what the process replies, once."""
        self.world.wait_for(lambda: any(reply[0] == word for reply in self.replies),
                            f'{word} of {self.name}')
        index = [reply[0] for reply in self.replies].index(word)
        return self.replies.pop(index)[1]

    def do(self, kind, n=1):
        """Makes it write, and waits until it begins with the last one."""
        expected = self.n_intents + n
        self.send(f'do {kind} {n}')
        self.world.wait_for(lambda: self.n_intents == expected, f'{kind} of {self.name}')

    def state(self):
        self.send('state')
        return json.loads(self.wait_reply('state'))

    def end(self):
        """Waits for the end of a process that was told to end, or was killed."""
        code = self.process.wait(timeout=PATIENCE_S)
        self.drain()
        self.process.stdin.close()
        self.process.stdout.close()
        self.world.bury(self)
        return code


class World:

    # All files have a journal.
    journal = False

    def __init__(self, program, seed, with_oracle=True):
        self.program, self.seed = program, seed
        self.dir = tempfile.mkdtemp(prefix='tst-processes-')
        self.path = os.path.join(self.dir, 'store.json')
        self.log = tempfile.TemporaryFile('w+')
        self.oracle = Oracle()
        self.with_oracle = with_oracle
        # Who is stopped while the file is locked may stay so for long on a slow machine.
        self.may_be_busy = False
        self.workers = []
        self.n_started = 0
        self.n_moved = 0
        self.n_read = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        for worker in list(self.workers):
            worker.process.kill()
            worker.end()
        shutil.rmtree(self.dir)
        if kind is not None:
            self.log.seek(0)
            lines = [line[:200].rstrip() for line in self.log]
            print('\n'.join(['The last of what the processes told:'] + lines[-40:]), flush=True)
        self.log.close()

    # Processes.

    def start(self, family, env=None):
        """Starts another process. A name is used once."""
        self.n_started += 1
        name = f'{family}.{self.n_started}'
        worker = Worker(self, name, [self.program, name, str(self.seed), *self.media(name)],
                        dict(os.environ, **env or {},
                             **{'TST_TEST_JOURNAL': '1'} if self.journal else {}))
        self.workers.append(worker)
        return worker

    def media(self, name):
        """Where a process keeps its store."""
        return [self.path]

    def bury(self, worker):
        """Nothing comes from it any more."""
        self.oracle.dead(worker.name, now())
        self.workers.remove(worker)

    def may_fail(self, code):
        """Whether an error is one that has to be expected."""
        return self.may_be_busy and code == BUSY

    def go(self, worker, defaults=None):
        worker.send('go' if defaults is None else 'go ' + defaults)
        worker.wait_reply('ready')

    def kill(self, worker):
        worker.process.kill()
        code = worker.end()
        if code != -signal.SIGKILL:
            raise Failure(f'{worker.name} has died by itself: {code}')
        self.check_errors([worker])

    def stop(self, worker):
        worker.send('stop')
        worker.ending = True
        worker.wait_reply('stopped')
        code = worker.end()
        if code != 0:
            raise Failure(f'{worker.name} has ended with {code}')
        self.check_errors([worker])

    def drain(self):
        """Hears all that was told before this is called."""
        for worker in self.workers:
            if not worker.drain() and not worker.ending:
                raise Failure(f'{worker.name} has died by itself: {worker.process.wait(PATIENCE_S)}')

    def listen(self, seconds):
        """Hears what is told in the meantime; for as long as that if nothing is."""
        with selectors.DefaultSelector() as selector:
            for worker in self.workers:
                selector.register(worker.process.stdout, selectors.EVENT_READ)
            selector.select(seconds)
        self.drain()

    def wait_for(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise Failure(f'waited too long for {what}')
            self.listen(TICK_S)

    # The file.

    def read(self):
        """Returns the content of the file, which is whole whenever it is read."""
        self.n_read += 1
        if self.journal:
            reader = subprocess.run([self.program, 'print', self.path], stdout=subprocess.PIPE,
                                    check=False)
            text = reader.stdout
        else:
            with open(self.path, 'rb') as file:
                text = file.read()
        try:
            return json.loads(text)
        except ValueError:
            raise Failure(f'the file is not whole: {text!r}') from None

    def check(self):
        """The file as it is now has all that was flushed by now."""
        before = now()
        content = self.read()
        self.drain()
        self.check_content(content, before)
        self.check_errors(self.workers)

    def check_content(self, content, *args):
        problems = self.oracle.check(content, *args) if self.with_oracle else []
        if problems:
            raise Failure('\n'.join(problems))

    def check_errors(self, workers):
        errors = [f'{worker.name}: {error}' for worker in workers for error in worker.errors]
        if errors:
            raise Failure('\n'.join(errors))

    def be_quiet(self):
        """All have flushed: they agree with the file, and nothing is lost."""
        for worker in self.workers:
            worker.send('quiet')
        for worker in self.workers:
            worker.wait_reply('quiet')
        return self.agree()

    def agree(self):
        self.wait_for(self.is_agreed, 'all to agree')
        content = self.read()
        self.check_content(content)
        self.check_errors(self.workers)
        if self.with_oracle:
            self.oracle.settle(content)
        return content

    def is_agreed(self):
        content = self.read()
        return all(worker.state() == content for worker in self.workers)

    def check_left_overs(self):
        """Nothing is beside the file, and nobody has it locked."""
        if os.listdir(self.dir) != ['store.json']:
            raise Failure(f'left over: {os.listdir(self.dir)}')
        with open(self.path, 'rb') as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def finish(self):
        """All end in good order. The last one to save takes away what killed ones left."""
        self.be_quiet()
        for worker in list(self.workers):
            self.stop(worker)
        last = self.start('last')
        self.go(last)
        last.do('own')
        self.be_quiet()
        self.stop(last)
        content = self.read()
        self.check_left_overs()
        return content
