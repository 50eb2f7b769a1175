# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A file, and the programs that share it: libtstore, TinyBase, and others."""

import contextlib
import fcntl
import json
import os
import random
import selectors
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'bindings'))

SOAK = 'TST_TEST_SOAK' in os.environ
SEED = int(os.environ.get('TST_TEST_SEED') or random.randrange(1 << 32))
TINYBASE_DIR = os.environ['TINYBASE_DIR']

# Nothing takes a tenth of it. It ends what hangs; nothing is measured by it.
PATIENCE_S = 120

# What happens outside of pipes is looked for this often.
TICK_S = 0.005

# And this often, for what may not happen.
N_LOOKS = 400


class Peer:
    """A process that does what peer.mjs says."""

    def __init__(self, place, argv, env=None):
        self.place = place
        # SIGXFSZ stays ignored.
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        restore_signals=False, env=dict(os.environ, **env or {}))
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b''
        self.n_sent = 0
        self.replies = {}
        self.told = []              # without having been asked

    def drain(self):
        """Takes what is in the pipe. False: nobody is at the other end any more."""
        while True:
            try:
                data = os.read(self.process.stdout.fileno(), 1 << 16)
            except BlockingIOError:
                return True
            *lines, self.rest = (self.rest + data).split(b'\n')
            for line in lines:
                message = json.loads(line)
                if 'id' in message:
                    self.replies[message['id']] = message
                else:
                    self.told.append(message)
            if not data:
                return False

    def listen(self, seconds):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            selector.select(seconds)
        return self.drain()

    def send(self, command, **args):
        self.n_sent += 1
        line = json.dumps(dict(args, id=self.n_sent, command=command))
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()
        return self.n_sent

    def answer(self, number):
        """Waits for the reply, which may be an error."""
        deadline = time.monotonic() + PATIENCE_S
        while number not in self.replies:
            if not self.listen(1) and number not in self.replies:
                raise AssertionError(f'the process has ended: {self.process.wait(PATIENCE_S)}')
            if time.monotonic() > deadline:
                raise AssertionError('waited too long for a reply')
        return self.replies.pop(number)

    def receive(self, number):
        reply = self.answer(number)
        if 'error' in reply:
            raise AssertionError(reply['error'])
        return reply['result']

    def ask(self, command, **args):
        return self.receive(self.send(command, **args))

    def content(self):
        return self.ask('content')

    def rows(self):
        return set(self.ask('rows'))

    def wait_for_rows(self, *rows):
        wait_for(lambda: self.rows() >= set(rows), f'{rows}')

    def kill(self):
        self.process.kill()
        self.leave()

    def leave(self):
        """Ends a process that has nothing to do any more."""
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.drain()
        self.process.stdout.close()
        self.place.peers.remove(self)

    def end(self):
        self.ask('end')
        self.leave()


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f'waited too long for {what}')
        time.sleep(TICK_S)


class Place:
    """A folder with a file in it that programs share."""

    def __init__(self, gjs, node):
        self.programs = {
            'libtstore': [gjs, '-m', os.path.join(HERE, 'peer-libtstore.js')],
            'TinyBase': [node, os.path.join(HERE, 'peer-tinybase.mjs')],
        }
        self.dir = tempfile.mkdtemp(prefix='tst-counterparts-')
        self.path = os.path.join(self.dir, 'store.json')
        self.peers = []

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for peer in list(self.peers):
            peer.kill()
        shutil.rmtree(self.dir)

    def start(self, name, env=None, log=False, **options):
        peer = Peer(self, self.programs[name], env)
        self.peers.append(peer)
        peer.ask('open', **dict({'path': self.path}, log=log, **options))
        return peer

    def start_persisting(self, name, defaults=None, **options):
        peer = self.start(name, **options)
        peer.ask('start', defaults=defaults)
        return peer

    # The file

    def read_text(self):
        with open(self.path, encoding='utf-8') as file:
            return file.read()

    def read(self):
        return json.loads(self.read_text())

    def rows(self):
        return set(self.read()[0].get('writes', {}))

    def wait_for_rows(self, *rows):
        wait_for(lambda: self.rows() >= set(rows), f'{rows} in the file')

    def replace(self, content):
        """As a script would: what it writes has its name when it is whole."""
        temporary = self.path + '.script'
        with open(temporary, 'w', encoding='utf-8') as file:
            json.dump(content, file, separators=(',', ':'))
        os.rename(temporary, self.path)

    @contextlib.contextmanager
    def locked(self):
        """Meanwhile, who takes the lock does not save."""
        while True:
            with open(self.path, encoding='utf-8') as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # It may have been replaced while this waited.
                if os.path.samestat(os.fstat(file.fileno()), os.stat(self.path)):
                    yield
                    return

    def add(self, *rows):
        """As a script would that loses nothing: with the lock, it reads, changes and replaces."""
        with self.locked():
            content = self.read()
            add_rows(content, *rows)
            self.replace(content)

    def all_have_seen(self, mark):
        """What is in the file in the end, all have loaded: this is after it."""
        self.add(mark)
        for peer in self.peers:
            peer.wait_for_rows(mark)

    def look_for(self, mark):
        """The same, for those who may never load it, or overwrite it."""
        for _ in range(N_LOOKS):
            if self.is_seen(mark):
                return
            time.sleep(TICK_S)

    def is_seen(self, mark):
        if mark not in self.rows():
            self.add(mark)
        return all(mark in peer.rows() for peer in self.peers)


def add_rows(content, *rows):
    for row in rows:
        content[0].setdefault('writes', {})[row] = {'n': 0}


def rows_of(content):
    return set(content[0].get('writes', {}))


def tinybase_version():
    path = os.path.join(TINYBASE_DIR, 'node_modules', 'tinybase', 'package.json')
    with open(path, encoding='utf-8') as file:
        return json.load(file)['version']


def require_tinybase():
    """Without TinyBase, there is nothing to show."""
    if os.path.exists(os.path.join(TINYBASE_DIR, 'node_modules', 'tinybase')):
        return
    missing = f'TinyBase is not in {TINYBASE_DIR}: tests/interop/install puts it there'
    if os.environ.get('CI'):
        print(f'1..1\nnot ok 1 {missing}')
        sys.exit(1)
    print(f'1..0 # SKIP {missing}')
    sys.exit(0)
