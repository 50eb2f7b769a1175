#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tstore-demo-server when many write at once, and when it is killed."""

import json
import os
import random
import signal
import threading
import unittest

import tap
from demo_server import Server, content, tag

OLD, NEW = content(open=True), content(open=False)
SEED = int(os.environ.get('TST_TEST_SEED') or random.randrange(1 << 32))
SOAK = 'TST_TEST_SOAK' in os.environ


def run_at_once(functions):
    """Returns what they returned."""
    results = [None] * len(functions)
    barrier = threading.Barrier(len(functions))

    def run(i):
        barrier.wait()
        results[i] = functions[i]()
    threads = [threading.Thread(target=run, args=[i]) for i in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class Races(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())

    def test_replace(self):
        """Of those who have seen the same document, one replaces it."""
        self.server.put('/pets.json', OLD)
        current = OLD
        for turn in range(10):
            bodies = [content(turn=turn, writer=i) for i in range(20)]
            replies = run_at_once([
                lambda body=body: self.server.put('/pets.json', body, If_Match=tag(current)) for body in bodies])
            self.assertEqual(sorted(reply.status for reply in replies), [204] + [412] * 19)
            current = next(body for body, reply in zip(bodies, replies) if reply.status == 204)
            self.assertEqual(self.server.get('/pets.json').body, current)
            for reply in replies:
                # Also of those who lost: the tag of what won, or of what was there before.
                self.assertEqual(reply['ETag'], tag(current))

    def test_create(self):
        for turn in range(10):
            bodies = [content(writer=i) for i in range(20)]
            replies = run_at_once([
                lambda body=body: self.server.put(f'/{turn}.json', body, If_None_Match='*') for body in bodies])
            self.assertEqual(sorted(reply.status for reply in replies), [201] + [412] * 19)

    def test_never_half(self):
        """Who reads while others write gets one of the documents, as its tag says."""
        bodies = [content(text=letter * size) for letter, size in (('a', 1), ('b', 500000), ('c', 70000))]
        self.server.put('/pets.json', bodies[0])
        stop = threading.Event()

        def write():
            for i in range(40):
                self.assertEqual(self.server.put('/pets.json', bodies[i % 3]).status, 204)
            stop.set()
            return 0

        def read():
            n = 0
            while not stop.is_set() or n == 0:
                reply = self.server.get('/pets.json')
                if reply.body not in bodies or reply['ETag'] != tag(reply.body):
                    return -1
                n += 1
            return n
        results = run_at_once([write] + [read] * 4)
        self.assertGreater(min(results[1:]), 0)


class Killed(unittest.TestCase):
    def put_until_killed(self, server, start):
        """Returns what was acknowledged of 200, by name, and all that was sent."""
        acknowledged, sent = {}, {}
        to_go = self.random.randrange(1, 200)
        changed = threading.Condition()
        n_sent = 0

        def write(writer):
            nonlocal n_sent
            for i in range(start + writer, start + 200, 4):
                name, body = f'd{i % 20}.json', content(n=i, text='x' * (i % 200 * 50))
                with changed:
                    sent.setdefault(name, []).append(body)
                    n_sent += 1
                    changed.notify()
                try:
                    reply = server.put('/' + name, body)
                except OSError:
                    return
                self.assertIn(reply.status, (201, 204))
                # Each name has one writer, so later ones come later.
                acknowledged[name] = body
        threads = [threading.Thread(target=write, args=[writer]) for writer in range(4)]
        for thread in threads:
            thread.start()
        with changed:
            self.assertTrue(changed.wait_for(lambda: n_sent >= to_go, 60))
        self.assertEqual(server.stop(signal.SIGKILL), -signal.SIGKILL)
        for thread in threads:
            thread.join()
        return acknowledged, sent

    def test_killed(self):
        """Each document is whole, and what was acknowledged is there."""
        print(f'# TST_TEST_SEED={SEED}', flush=True)
        self.random = random.Random(SEED)
        present = {}
        with Server() as server:
            for turn in range(100 if SOAK else 8):
                acknowledged, sent = self.put_until_killed(server, turn * 200)
                server.start()
                for name, bodies in sent.items():
                    reply = server.get('/' + name)
                    allowed = bodies[bodies.index(acknowledged[name]):] if name in acknowledged else (
                        bodies + [present.get(name)])
                    self.assertIn(reply.body if reply.status == 200 else None, allowed)
                    if reply.status == 200:
                        json.loads(reply.body)
                        self.assertEqual(reply['ETag'], tag(reply.body))
                        present[name] = reply.body
                # What is left over is never served, nor in the way.
                for name in server.names():
                    self.assertEqual(server.get('/' + name).status, 200 if name.endswith('.json') else 404)

    def test_left_overs(self):
        with Server() as server:
            server.put('/pets.json', OLD)
            server.stop()
            # What somebody has put there is not ours, whatever it is called.
            kept = ['.d.json.server-tmp', '.l.json.server-tmp', '.pets.txt.server-tmp', 'gone.json.server-tmp',
                    'pets.json', 'pets.json.ABC123', 'pets.json.backup', 'pets.json.server-tmp']
            for name in ('.pets.json.server-tmp', '.gone.json.server-tmp', *kept[2:]):
                with open(server.path(name), 'wb') as file:
                    file.write(b'[')
            os.mkdir(server.path(kept[0]))
            os.symlink('pets.json', server.path(kept[1]))
            server.start()
            self.assertEqual(server.names(), kept)

    def test_link_in_the_way(self):
        """Where a document is written before it has its name, no link is followed."""
        with Server() as server:
            server.put('/pets.json', OLD)
            os.symlink('pets.json', server.path('.l.json.server-tmp'))
            server.put('/l.json', NEW)
            self.assertEqual(server.get('/l.json').body, NEW)
            self.assertEqual(server.get('/pets.json').body, OLD)
            self.assertEqual(server.names(), ['l.json', 'pets.json'])

    def test_mode(self):
        """Who may not read a document may not read the next version of it."""
        with Server() as server:
            server.put('/pets.json', OLD)
            os.chmod(server.path('pets.json'), 0o600)
            server.put('/pets.json', NEW)
            self.assertEqual(os.stat(server.path('pets.json')).st_mode & 0o777, 0o600)
            self.assertEqual(server.get('/pets.json').body, NEW)


if __name__ == '__main__':
    tap.main()
