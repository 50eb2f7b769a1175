#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What other servers do with conditions: what a remote persister has to cope with."""

import http.client
import os
import time
import unittest

import servers
import tap

PATIENCE = 60

NEVER = '"0-0-0"'


def request(server, method, body=None, **headers):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=PATIENCE)
    try:
        connection.request(method, '/pets.json', body, {key.replace('_', '-'): headers[key] for key in headers})
        reply = connection.getresponse()
        return reply.status, reply.headers['ETag'], reply.read()
    finally:
        connection.close()


def wait_for_strong_tag(server):
    deadline = time.monotonic() + PATIENCE
    while True:
        status, tag, _ = request(server, 'HEAD')
        if status == 200 and not tag.startswith('W/'):
            return tag
        if time.monotonic() > deadline:
            raise TimeoutError('waiting for a strong tag')
        time.sleep(0.05)


class Servers(unittest.TestCase):
    def start(self, kind):
        return self.enterContext(servers.start(kind))

    def check_basics(self, server, second):
        self.assertEqual(request(server, 'GET')[0], 404)
        self.assertEqual(request(server, 'PUT', b'old')[0], 201)
        self.assertEqual(request(server, 'GET')[2], b'old')
        self.assertEqual(request(server, 'PUT', b'new!')[0], second)
        self.assertEqual(request(server, 'GET')[2], b'new!')
        tag = wait_for_strong_tag(server)
        self.assertEqual(request(server, 'GET', If_None_Match=tag)[0], 304)
        self.assertEqual(request(server, 'GET', If_None_Match=NEVER)[0], 200)
        return tag

    def test_apache(self):
        """Honours conditions, once its tag is a strong one: a while after each write."""
        server = self.start('apache')
        tag = self.check_basics(server, 204)
        self.assertEqual(request(server, 'PUT', b'x', If_Match=NEVER)[0], 412)
        self.assertEqual(request(server, 'PUT', b'x', If_None_Match='*')[0], 412)
        self.assertEqual(request(server, 'PUT', b'newer', If_Match=tag)[0], 204)
        self.assertEqual(request(server, 'PUT', b'x', If_Match=tag)[0], 412)
        self.assertEqual(request(server, 'GET')[2], b'newer')

    def test_nginx(self):
        """Ignores conditions on writing; its tag is made of the time, in seconds, and the size."""
        server = self.start('nginx')
        tag = self.check_basics(server, 204)
        self.assertEqual(request(server, 'PUT', b'newer', If_Match=NEVER)[0], 204)
        self.assertEqual(request(server, 'GET')[2], b'newer')
        path = os.path.join(server.folder, 'documents', 'pets.json')
        os.utime(path, ns=(0, 1_000_000_000))
        tag = request(server, 'HEAD')[1]
        with open(path, 'wb') as file:
            file.write(b'other')
        os.utime(path, ns=(0, 1_999_999_999))
        self.assertEqual(request(server, 'HEAD')[1], tag)

    def test_rclone(self):
        """Ignores conditions on writing; its tag is made of the time, in nanoseconds."""
        server = self.start('rclone')
        self.check_basics(server, 201)
        status, tag, _ = request(server, 'PUT', b'newer', If_Match=NEVER)
        self.assertEqual((status, tag), (201, request(server, 'HEAD')[1]))
        self.assertEqual(request(server, 'GET')[2], b'newer')

    def test_nothing_is_left(self):
        for kind in servers.PROGRAMS:
            with servers.start(kind) as server:
                self.assertTrue(server.is_up())
            self.assertFalse(server.is_up())
            self.assertFalse(os.path.exists(server.folder))
            self.assertIsNotNone(server.process.returncode)


if __name__ == '__main__':
    MISSING = [kind for kind in servers.PROGRAMS if not servers.is_there(kind)]
    if MISSING and 'CI' not in os.environ:
        print(f'1..0 # SKIP {", ".join(MISSING)}: not installed')
    else:
        tap.main()
