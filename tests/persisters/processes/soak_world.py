# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A document of a server, the processes that share it, each through a proxy that does
not mean well, and at times a file that is kept in step with it."""

import collections
import json
import os
import random
import signal
import tempfile

import demo_server
from proxy import HOST, Proxy
from world import KEPT, Failure, World, now

DOCUMENT = 'store.json'

DISK_FAULTS = [f'{call}:{error}' for call in ('create', 'write', 'fsync', 'rename')
               for error in ('EIO', 'ENOSPC')]
DISK_FAULTS += ['write:SHORT', 'read:SHORT', 'read:EIO']

# A server that cannot have its folder does not start.
FILE_FAULTS = DISK_FAULTS + ['flock:EINTR']


class Disk:
    """A folder whose calls fail now and then, for one process."""

    def __init__(self, fault, faults, folder, choose):
        self.rules = [f'{rule}:{choose.randrange(1, 40)}'
                      for rule in choose.sample(faults, choose.randrange(1, 5))]
        self.log = tempfile.NamedTemporaryFile('r')
        self.env = {'LD_PRELOAD': fault, 'FAULT_DIR': os.path.realpath(folder),
                    'FAULT_SPEC': ','.join(self.rules), 'FAULT_LOG': self.log.name}

    def close(self):
        """Returns how often each rule has struck."""
        calls = collections.Counter(line.split(' ')[1] for line in self.log)
        self.log.close()
        struck = collections.Counter()
        for rule in self.rules:
            call, action, number = rule.split(':')
            struck[f'disk: {action} of {call}'] += calls[call] >= int(number)
        return struck


class SoakWorld(World):

    def __init__(self, worker, server, fault, seed):
        super().__init__(worker, seed)
        demo_server.PROGRAM = server
        self.fault = fault
        self.random = random.Random(seed)
        self.server = demo_server.Server('--heartbeat', '1')
        self.proxy = Proxy(seed)
        self.proxy.server_port = self.server.port
        self.document = os.path.join(self.server.folder, DOCUMENT)
        self.store_path, self.path = self.path, self.document
        self.disks = {}             # of processes, by name
        self.with_file = False      # as well as the server
        self.counts = collections.Counter()

    def __exit__(self, kind, *unused):
        for name in list(self.disks):
            self.count_disk(name)
        for worker in list(self.workers):
            worker.process.kill()
            worker.end()
        self.proxy.close()
        if self.server.process:
            self.server.stop(signal.SIGKILL)
        self.server.__exit__(kind)
        super().__exit__(kind, *unused)

    # Processes.

    def address(self, name):
        return f'http://{HOST}:{self.proxy.open(name)}/{DOCUMENT}'

    def media(self, name):
        kind = name[0]
        if kind == 'f':
            return [self.store_path]
        return [self.store_path, self.address(name)] if kind == 'c' else [self.address(name)]

    def add(self, family):
        """Starts a process of a kind: of the file, of the server, or the chain between."""
        env = {}
        name = f'{family}.{self.n_started + 1}'
        if family[0] in 'cf':
            self.oracle.places[name] = 'file' if family[0] == 'f' else None
            if self.fault != 'none' and self.random.random() < 0.6:
                self.disks[name] = Disk(self.fault, FILE_FAULTS, self.dir, self.random)
                env = self.disks[name].env
        elif self.with_file:
            self.oracle.places[name] = 'server'
        worker = self.start(family, env)
        if family[0] in 'cf':
            # Of two media in step, not both may give out numbers.
            worker.send('unique')
        worker.send('go ' + KEPT)
        return worker

    def bury(self, worker):
        if worker.name in self.proxy.doors:
            self.proxy.shut(worker.name)
        if worker.name in self.disks:
            self.count_disk(worker.name)
        self.counts[f'{worker.name[0]} ended'] += 1
        super().bury(worker)

    def kill(self, worker):
        self.counts['killed'] += 1
        super().kill(worker)

    def may_fail(self, code):
        return True

    def count_disk(self, name):
        self.counts.update(self.disks.pop(name).close())

    # The server.

    def kill_server(self):
        self.counts['server killed'] += 1
        self.proxy.server_port = None
        self.server.stop(signal.SIGKILL)
        self.end_server_disk()

    def end_server_disk(self):
        if 'server' in self.disks:
            self.count_disk('server')

    def start_server(self, with_faults):
        for name in ('LD_PRELOAD', 'FAULT_SPEC'):
            self.server.env.pop(name, None)
        if with_faults and self.fault != 'none' and self.random.random() < 0.5:
            self.disks['server'] = Disk(self.fault, DISK_FAULTS, self.server.folder,
                                        self.random)
            self.server.env.update(self.disks['server'].env)
        self.server.start()
        # For the processes, it is at the same place again.
        self.proxy.server_port = self.server.port

    # What is there.

    def drain(self):
        super().drain()
        if self.server.process and self.server.process.poll() is not None:
            raise Failure(f'the server has died by itself: {self.server.process.returncode}')
        while self.proxy.doubts:
            save = self.proxy.doubts.popleft()
            self.oracle.doubt(json.loads(save.before), json.loads(save.after))

    def is_agreed(self):
        if not super().is_agreed():
            return False
        if not self.with_file:
            return True
        with open(self.store_path, 'rb') as file:
            return json.load(file) == self.read()

    def calm_down(self):
        """No more faults, and nothing under way of before."""
        if not self.server.process:
            self.start_server(False)
        for worker in self.workers:
            worker.signal(signal.SIGCONT)
        self.proxy.set_calm(True)

    def wait_until_clean(self):
        """What has failed is tried again without being asked for."""
        for worker in self.workers:
            worker.send('wait')
        self.calm_down()
        for worker in self.workers:
            worker.wait_reply('clean')
        self.wait_for(self.is_agreed, 'all to agree')
        self.counts['clean'] += 1

    def be_quiet(self):
        self.calm_down()
        super().be_quiet()
        self.random.choice([worker for worker in self.workers if worker.name[0] != 'f']).do('clear')
        content = super().be_quiet()
        self.counts['quiet'] += 1
        return content

    def check(self):
        """With a file as well, what was flushed to it is at the server at some time."""
        if not self.with_file and os.path.exists(self.document):
            super().check()
        else:
            self.drain()
            self.check_errors(self.workers)

    def set_with_file(self, with_file):
        """While all are quiet. What the file kept from before has nothing in common with
        what the server has by now."""
        for worker in list(self.workers):
            if worker.name[0] in 'cf':
                self.random.choice([self.kill, self.stop])(worker)
        if os.path.exists(self.store_path):
            os.remove(self.store_path)
        self.with_file = with_file
        if with_file:
            for worker in self.workers:
                self.oracle.places[worker.name] = 'server'
            self.add('c').wait_reply('ready')
            self.wait_for(lambda: os.path.exists(self.store_path) and self.is_agreed(),
                          'the file and the server to agree')
        else:
            self.oracle.places = {}
