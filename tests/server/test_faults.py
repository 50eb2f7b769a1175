#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tstore-demo-server when the disk is full, or fails."""

import os
import sys
import time
import unittest

import tap
from demo_server import Server, content, tag

FAULT = sys.argv[2]
OLD, NEW = content(open=True), content(open=False)


def restart(server, **env):
    server.stop()
    server.env.update({'LD_PRELOAD': FAULT, 'FAULT_DIR': os.path.realpath(server.folder)} | env)
    server.start()


def read_calls(log):
    with open(log, encoding='utf-8') as file:
        return [line.split()[1] for line in file]


class Faults(unittest.TestCase):
    def run_with(self, spec):
        """Returns the reply to a PUT, and what is there then."""
        with Server() as server:
            server.put('/pets.json', OLD)
            restart(server, FAULT_SPEC=spec)
            reply = server.put('/pets.json', NEW)
            body = server.get('/pets.json').body
            self.assertEqual(server.names(), ['pets.json'])
            return reply, body

    def restart_with_log(self, server):
        log = server.folder + '.log'
        self.addCleanup(os.remove, log)
        restart(server, FAULT_LOG=log)
        return log

    def test_full_disk(self):
        for call in ('create', 'write', 'fsync', 'rename'):
            reply, body = self.run_with(f'{call}:ENOSPC:1')
            self.assertEqual((reply.status, reply['ETag'], body), (507, None, OLD), call)

    def test_other_errors(self):
        for call in ('create', 'write', 'fsync', 'rename'):
            reply, body = self.run_with(f'{call}:EIO:1')
            self.assertEqual((reply.status, reply['ETag'], body), (500, None, OLD), call)

    def test_short(self):
        reply, body = self.run_with('write:SHORT:1')
        self.assertEqual((reply.status, body), (204, NEW))

    def test_reaches_disk(self):
        """A reply says that it is on the disk: the file, its name, and that it is gone."""
        with Server() as server:
            log = self.restart_with_log(server)
            server.put('/pets.json', OLD)
            calls = read_calls(log)
            self.assertEqual([call for call in calls if call in ('create', 'write', 'fsync', 'rename')],
                             ['create', 'write', 'fsync', 'rename', 'fsync'])
            server.request('DELETE', '/pets.json')
            calls = read_calls(log)
            self.assertEqual(calls[-2:], ['unlink', 'fsync'])

    def test_what_is_known_is_not_read(self):
        with Server() as server:
            log = self.restart_with_log(server)
            server.put('/pets.json', OLD)
            deadline = time.monotonic() + 60
            # Until it is old enough to be trusted.
            while True:
                before = read_calls(log).count('read')
                self.assertEqual(server.request('HEAD', '/pets.json')['ETag'], tag(OLD))
                if read_calls(log).count('read') == before:
                    break
                self.assertLess(time.monotonic(), deadline)
            self.assertEqual(server.get('/pets.json').body, OLD)


if __name__ == '__main__':
    tap.main()
