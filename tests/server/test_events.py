#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of events of tstore-demo-server."""

import mmap
import os
import socket
import unittest

import tap
from demo_server import PATIENCE, Server, content, read_all, read_until, status_of, tag, wait_until

OLD, NEW = content(open=True), content(open=False)

REQUEST = b'GET %s?events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n'


class Stream:
    """What EventSource of a browser makes of a stream."""

    def __init__(self, server, target='/pets.json', receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(('127.0.0.1', server.port))
        self.socket.sendall(REQUEST % target.encode())
        self.file = self.socket.makefile('rb')
        self.head = [self.file.readline()]
        while self.head[-1] != b'\r\n':
            self.head.append(self.file.readline())
            if not self.head[-1]:
                raise EOFError(self.head)
        self.retry = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.file.close()
        self.socket.close()

    def read(self):
        """Returns the next event as its name and data, or a comment, or None at the end."""
        name, data = 'message', None
        while True:
            line = self.file.readline().decode()
            if not line.endswith('\n'):
                return None
            line = line.removesuffix('\n')
            if line.startswith(':'):
                return line
            if not line:
                if data is not None:
                    return name, data
                name = 'message'
                continue
            key, _, value = line.partition(':')
            value = value.removeprefix(' ')
            if key == 'event':
                name = value
            elif key == 'data':
                data = value
            elif key == 'retry':
                self.retry = value


class Events(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())

    def open(self, target='/pets.json', **kwargs):
        return self.enterContext(Stream(self.server, target, **kwargs))

    def check(self, streams, body):
        for stream in streams:
            self.assertEqual(stream.read(), ('changed', tag(body) if body else ''))

    def test_own_changes(self):
        self.server.put('/pets.json', OLD)
        first = self.open()
        self.assertEqual(first.head[0], b'HTTP/1.1 200 OK\r\n')
        self.assertIn(b'Content-Type: text/event-stream\r\n', first.head)
        self.assertIn(b'Cache-Control: no-store\r\n', first.head)
        self.check([first], OLD)
        self.assertEqual(first.retry, '1000')
        second = self.open()
        self.check([second], OLD)
        self.server.put('/pets.json', NEW)
        self.check([first, second], NEW)
        # The same again, another document, and what is refused, are no changes.
        self.server.put('/pets.json', NEW)
        self.server.put('/other.json', OLD)
        self.server.put('/pets.json', b'x')
        self.server.put('/pets.json', OLD, If_Match='"x"')
        self.server.request('DELETE', '/pets.json')
        self.check([first, second], None)
        self.server.put('/pets.json', OLD)
        self.check([first, second], OLD)

    def test_before_there_is_one(self):
        stream = self.open()
        self.check([stream], None)
        self.server.put('/pets.json', OLD)
        self.check([stream], OLD)

    def test_changes_by_others(self):
        stream = self.open()
        self.check([stream], None)
        path = self.server.path('pets.json')
        with open(path + '.new', 'wb') as file:
            file.write(OLD)
        os.rename(path + '.new', path)
        self.check([stream], OLD)
        fd = os.open(path, os.O_WRONLY)
        os.pwrite(fd, NEW + b' ', 0)
        os.close(fd)
        self.check([stream], NEW + b' ')
        os.rename(path, path + '.away')
        self.check([stream], None)
        os.rename(path + '.away', path)
        self.check([stream], NEW + b' ')
        os.remove(path)
        self.check([stream], None)
        os.symlink('/etc/hostname', path)
        os.remove(path)
        with open(path, 'wb') as file:
            file.write(OLD)
        # It may have been seen empty.
        while (event := stream.read()) != ('changed', tag(OLD)):
            self.assertEqual(event, ('changed', tag(b'')))

    def test_head(self):
        reply = self.server.request('HEAD', '/pets.json?events')
        self.assertEqual((reply.status, reply['Content-Type']), (200, 'text/event-stream'))

    def test_other_queries(self):
        self.server.put('/pets.json', OLD)
        for query in '?', '?x', '?events=1', '?EVENTS':
            self.assertEqual(self.server.get('/pets.json' + query).body, OLD)

    def test_number_is_bounded(self):
        before = self.server.n_files()
        streams = [self.open(f'/{i % 7}.json') for i in range(64)]
        self.assertEqual({stream.head[0] for stream in streams}, {b'HTTP/1.1 200 OK\r\n'})
        self.check(streams, None)
        # Read as a stream: what is not refused has no end.
        refused = self.open()
        self.assertEqual(refused.head[0], b'HTTP/1.1 503 Service Unavailable\r\n')
        self.assertIn(b'Retry-After: 1\r\n', refused.head)
        refused.__exit__()
        streams[0].__exit__()
        # Its place is free as soon as the server has seen it.
        wait_until(lambda: self.server.n_files() == before + 63, 'the stream to end')
        self.check([self.open()], None)
        for stream in streams:
            stream.__exit__()
        self.server.put('/pets.json', OLD)

    def test_slow_reader(self):
        """Is dropped, and holds up nobody; what it has not read is not kept."""
        before = self.server.n_files()
        quick, slow = self.open(), self.open(receive_buffer=2048)
        n_changes = 0
        while self.server.n_files() > before + 1:
            n_changes += 1
            body = content(n=n_changes)
            self.server.put('/pets.json', body)
            while quick.read() != ('changed', tag(body)):
                pass
            self.assertLess(n_changes, 2000)
        # What had come until then, and the end.
        n_read = 0
        try:
            while slow.read():
                n_read += 1
        except ConnectionResetError:
            pass
        self.assertLessEqual(n_read, n_changes)
        self.assertGreater(n_read, 1)

    def test_reader_who_talks(self):
        stream = self.open()
        self.check([stream], None)
        stream.socket.sendall(b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        try:
            self.assertIsNone(stream.read())
        except ConnectionResetError:
            pass

    def test_end(self):
        """A server that ends does not wait for readers."""
        stream = self.open()
        self.check([stream], None)
        self.assertEqual(self.server.stop(), 0)
        self.assertIsNone(stream.read())

    def test_http_1_0(self):
        with self.server.connect() as connection:
            connection.sendall(b'GET /pets.json?events HTTP/1.0\r\nHost: localhost\r\n\r\n')
            reply = read_until(connection, b'data:\n\n')
            self.assertEqual(status_of(reply), 200)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(read_all(connection), b'')


class Heartbeat(unittest.TestCase):
    @staticmethod
    def next_change(stream):
        """What comes within ten beats, or the last of these."""
        for _ in range(10):
            event = stream.read()
            if event != ':':
                break
        return event

    def test_heartbeat(self):
        with Server('--heartbeat', '1') as server, Stream(server) as stream:
            self.assertEqual(stream.read(), ('changed', ''))
            for _ in range(2):
                self.assertEqual(stream.read(), ':')
            server.put('/pets.json', OLD)
            self.assertEqual(self.next_change(stream), ('changed', tag(OLD)))


    def test_looks(self):
        """At what was changed in a way that no system tells of."""
        with Server('--heartbeat', '1') as server:
            server.put('/pets.json', content(n=1))
            server.stop()
            server.start()
            with Stream(server) as stream, open(server.path('pets.json'), 'r+b') as file, \
                 mmap.mmap(file.fileno(), 0) as memory:
                self.assertEqual(stream.read(), ('changed', tag(content(n=1))))
                memory[:] = content(n=2)
                self.assertEqual(self.next_change(stream), ('changed', tag(content(n=2))))


class Origins(unittest.TestCase):
    def test_allowed(self):
        with Server('--allow-origin', 'http://example.org') as server, server.connect() as connection:
            connection.sendall((REQUEST % b'/pets.json').replace(b'Accept:', b'Origin: http://example.org\r\nAccept:'))
            reply = read_until(connection, b'\r\n\r\n')
            self.assertIn(b'\r\nAccess-Control-Allow-Origin: http://example.org\r\n', reply)


if __name__ == '__main__':
    tap.main()
