#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Several processes keep their store on a server, and some in a file as well, while
they, the server, the network between them and the disks fail all the time.

Nothing that a process was told is saved may be lost, and once there are no more faults,
all have to agree. The choices come from a seed, which is printed; what the system runs
when does not."""

import os
import random
import signal
import sys
import time
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'server'))

WORKER, SERVER, FAULT = sys.argv[1:4]

from soak_world import SoakWorld

SEED = int(os.environ.get('TST_TEST_SEED') or random.randrange(1 << 32))
SECONDS = 300 if 'TST_TEST_SOAK' in os.environ else 15


class Soak(unittest.TestCase):

    def fill(self, world):
        """Has two to four processes on the server, and one or two on the file."""
        for kind, least, most in ('w', 2, 4), ('f', 1, 2):
            while kind == 'w' or world.with_file:
                used = {worker.name.split('.')[0] for worker in world.workers
                        if worker.name[0] == kind}
                if len(used) >= least and (len(used) == most or self.random.random() < 0.7):
                    break
                family = self.random.choice([f'{kind}{i}' for i in range(most)
                                             if f'{kind}{i}' not in used])
                # Not waiting until it has loaded: it may be killed before.
                world.add(family).send('run')

    def disturb_processes(self, world):
        # The one in between is killed when all are quiet only: two media that have both moved
        # on since it has seen them have nothing in common for the next one.
        victims = [worker for worker in world.workers if worker.name[0] != 'c']
        worker = self.random.choice(victims)
        action = self.random.random()
        if action < 0.1:
            world.kill(worker)
        elif action < 0.12:
            for victim in victims:
                world.kill(victim)
        elif action < 0.2:
            worker.signal(signal.SIGCONT if worker.stopped else signal.SIGSTOP)

    def disturb_server(self, world):
        action = self.random.random()
        if not world.server.process:
            if action < 0.5:
                world.start_server(True)
        elif action < 0.05:
            world.kill_server()

    def storm(self, world, seconds):
        world.proxy.set_calm(False)
        for worker in world.workers:
            worker.send('run')
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.fill(world)
            self.disturb_processes(world)
            self.disturb_server(world)
            until = time.monotonic() + self.random.uniform(0.02, 0.2)
            while time.monotonic() < until:
                world.listen(0.02)
            world.check()

    def run_for(self, world, seconds):
        deadline = time.monotonic() + seconds
        world.proxy.set_calm(True)
        world.add('w0').wait_reply('ready')
        world.be_quiet()
        while time.monotonic() < deadline:
            world.set_with_file(not world.with_file)
            self.storm(world, self.random.uniform(2, 6))
            # It has been calm, perhaps with nobody there.
            self.fill(world)
            if self.random.random() < 0.5:
                world.wait_until_clean()
            world.be_quiet()
            if self.random.random() < 0.3:
                world.kill_server()
                world.start_server(False)

    def finish(self, world):
        world.set_with_file(False)
        for worker in list(world.workers):
            world.stop(worker)

    def tell(self, world, n_lost):
        proxy = world.proxy
        rows = [('processes', world.n_started), ('  killed', world.counts['killed']),
                ('  kept file and server in step', world.counts['c ended']),
                ('  kept the file', world.counts['f ended']),
                ('server killed', world.counts['server killed']),
                ('requests', proxy.n_requests), ('  streams of events', proxy.n_streams),
                ('faults of requests', sum(proxy.counts.values()))]
        rows += [(f'  {name}', n) for name, n in sorted(proxy.counts.items())]
        disks = {name: n for name, n in world.counts.items() if name.startswith('disk: ') and n > 0}
        rows += [('faults of disks', sum(disks.values()))]
        rows += [(f'  {name}', n) for name, n in sorted(disks.items())]
        rows += [('saves of unknown end', world.oracle.n_unsure), ('times read', world.n_read),
                 ('times all agreed', world.counts['quiet']),
                 ('  by themselves', world.counts['clean']), ('writes', world.oracle.n_made),
                 ('  acknowledged', world.oracle.n_acked), ('  lost', n_lost)]
        print('\n'.join(f'{name:40} {n:8}' for name, n in rows), flush=True)

    def test_nothing_lost(self):
        self.random = random.Random(SEED)
        with SoakWorld(WORKER, SERVER, FAULT, SEED) as world:
            try:
                self.run_for(world, SECONDS)
                self.finish(world)
            except BaseException as error:
                self.tell(world, f'see below: {type(error).__name__}')
                raise
            self.assertGreater(world.oracle.n_acked, 0)
            self.assertGreater(sum(world.proxy.counts.values()), 0)
            self.tell(world, 0)


if __name__ == '__main__':
    print(f'TST_TEST_SEED={SEED}', flush=True)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
