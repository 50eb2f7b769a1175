#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tstore-demo-server refuses: names, sizes, contents, and what is no HTTP."""

import os
import random
import shutil
import socket
import tempfile
import unittest

import tap
from demo_server import JSON, Server, content, read_all, read_until, status_of, tag, wait_until

OLD, NEW = content(open=True), content(open=False)
SEED = int(os.environ.get('TST_TEST_SEED') or random.randrange(1 << 32))

# 240 bytes in all is the limit.
LONGEST = 'n' * 235 + '.json'

BAD_PATHS = (
    '/pets', '/pets.txt', '/pets.json/', '/pets.JSON', '//pets.json', '/sub/pets.json',
    '/.json', '/..json', '/.pets.json', '/%2Epets.json',
    '/pets.json.AbCdEf', '/.pets.json.x.tst-tmp',
    '/../.outside.json', '/x/../sub/pets.json',
    '/..%2foutside.json', '/%2e%2e%2foutside.json', '/..%2Foutside.json', '/..%5coutside.json',
    '/..\\outside.json', '/%2Fetc%2Fx.json', '/sub%2Fpets.json', '/%00.json', '/pets.json%00', '/pets%00.json',
    '/pets.json%00.json', '/a%0Ab.json', '/a%7Fb.json', '/a%1Bb.json', '/%ff.json', '/%c0%ae.json',
    '/%c0%af.json', '/%ed%a0%80.json', '/%2x.json', '/%.json', '/' + 'n' * 236 + '.json',
    '/' + 'n' * 5000 + '.json', '/' + '%c3%bc' * 120 + '.json', '/%252e%252e%252foutside.json/')


# These mean the same as /outside.json, which is inside.
UPWARD_PATHS = (
    '/../outside.json', '/../../outside.json', '/x/../../outside.json', '/%2e%2e/outside.json', '/./outside.json',
    '/x/%2E./%2e%2e/outside.json', 'http://localhost/../outside.json')


class Names(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='tst-server-')
        self.addCleanup(shutil.rmtree, self.root)
        folder = os.path.join(self.root, 'inside')
        os.mkdir(folder)
        self.outside = os.path.join(self.root, 'outside.json')
        with open(self.outside, 'wb') as file:
            file.write(OLD)
        self.server = self.enterContext(Server(folder=folder))

    def check_nothing_changed(self, names=()):
        self.assertEqual(sorted(os.listdir(self.root)), ['inside', 'outside.json'])
        self.assertEqual(self.server.names(), sorted(names))
        with open(self.outside, 'rb') as file:
            self.assertEqual(file.read(), OLD)

    def send(self, method, path, body=b''):
        head = (f'{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
                f'Content-Length: {len(body)}\r\n\r\n')
        return self.server.raw(head.encode() + body)

    def test_bad_paths(self):
        for path in BAD_PATHS:
            with self.subTest(path=path):
                for method, body in (('GET', b''), ('PUT', NEW), ('POST', NEW), ('DELETE', b'')):
                    reply = self.send(method, path, body)
                    self.assertIn(status_of(reply), (400, 404), path)
                    self.assertNotIn(OLD, reply)
                self.check_nothing_changed()

    def test_upward(self):
        for path in UPWARD_PATHS:
            with self.subTest(path=path):
                self.assertEqual(status_of(self.send('GET', path)), 404)
                self.assertEqual(status_of(self.send('PUT', path, NEW)), 201)
                self.check_nothing_changed(['outside.json'])
                self.assertIn(NEW, self.send('GET', path))
                self.assertEqual(status_of(self.send('DELETE', path)), 204)
                self.check_nothing_changed()

    def test_absolute(self):
        """A whole URI, of another place."""
        for uri in (f'file://{self.outside}', self.outside,
                    'http://localhost' + self.outside, 'http://example.org/pets.json', '*', 'pets.json'):
            reply = self.send('PUT', uri, NEW)
            self.assertIn(status_of(reply), (400, 404, 405, 421), uri)
            self.check_nothing_changed()
        self.assertEqual(status_of(self.send('PUT', 'http://localhost/pets.json', NEW)), 201)

    def test_good_names(self):
        names = (LONGEST, 'CON.json', 'a b.json', 'a..json', 'ü😀.json', '%2e.json', '~.json', '-f.json',
                 'a.json.json', "'\"<>&|*?:.json")
        for name in names:
            with self.subTest(name=name):
                path = '/' + ''.join(f'%{byte:02x}' for byte in name.encode())
                self.assertEqual(self.server.put(path, OLD).status, 201)
                self.assertEqual(self.server.get(path).body, OLD)
                self.assertIn(name, self.server.names())
                self.assertEqual(self.server.request('DELETE', path).status, 204)
        self.check_nothing_changed()

    def test_not_plain_files(self):
        """Links in and out of the folder, folders, pipes and sockets are no documents."""
        os.mkdir(self.server.path('folder.json'))
        os.mkfifo(self.server.path('pipe.json'))
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(self.server.path('socket.json'))
        self.server.put('/real.json', OLD)
        for name, target in (('out', '../outside.json'), ('absolute', self.outside), ('in', 'real.json'),
                             ('nowhere', 'nowhere'), ('loop', 'loop.json')):
            os.symlink(target, self.server.path(name + '.json'))
        os.symlink('..', self.server.path('up'))
        names = self.server.names()
        for name in set(names) - {'real.json', 'up'}:
            with self.subTest(name=name):
                for method, body, status in (('GET', b'', 404), ('HEAD', b'', 404), ('DELETE', b'', 404),
                                             ('PUT', NEW, 409)):
                    self.assertEqual(status_of(self.send(method, '/' + name, body)), status, method)
        self.assertEqual(status_of(self.send('PUT', '/up/outside.json', NEW)), 404)
        self.check_nothing_changed(names)
        self.assertEqual(self.server.get('/real.json').body, OLD)


class Contents(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server('--max-size', '100000'))
        self.server.put('/pets.json', OLD)

    def check_old(self):
        self.assertEqual(self.server.get('/pets.json').body, OLD)
        self.assertEqual(self.server.names(), ['pets.json'])

    def test_not_content(self):
        for body, place in (
                (b'', 'line 1, column 1'), (b'[{},{}', 'line 1, column 7'), (b'[{},{}]x', 'line 1, column 8'),
                (b'[{"t":{"r":\n{"c":1e999}}},{}]', 'line 2, column'), (b'<html></html>', 'line 1, column 1'),
                (b'[{},{"a":"\xff"}]', 'line 1, column 11'), (b'[{"t":{}},{}]', 'line 1, column'),
                (b'[' * 90000, 'line 1, column'), (b'"text"', 'line 1, column 1'), (b'[{},{"a":1,"a":2}]', 'line 1'),
                (b'[{},{}]\0', 'NUL'), (b'[{},{}]\0[]', 'NUL'), (b'\0', 'NUL')):
            with self.subTest(body=body[:40]):
                reply = self.server.put('/pets.json', body)
                self.assertEqual((reply.status, reply['Content-Type']), (400, 'text/plain; charset=utf-8'))
                self.assertIn(place, reply.body.decode())
                self.check_old()

    def test_content_before_conditions(self):
        self.assertEqual(self.server.put('/pets.json', b'x', If_Match='"other"').status, 400)

    def test_stored_as_it_came(self):
        for body in (b' [ {} , { "a" : 1.50 } ]\n', b'{"t":{"r":{"c":[1,{"d":null}]}}}', '[{},{"ü":"😀"}]'.encode()):
            reply = self.server.put('/pets.json', body)
            self.assertEqual((reply.status, reply['ETag']), (204, tag(body)))
            self.assertEqual(self.server.get('/pets.json').body, body)

    def test_types(self):
        for kind, status in (('application/json', 204), ('Application/JSON; Charset="UTF-8"', 204),
                             (None, 204), ('text/plain', 415), ('application/json; charset=latin1', 415),
                             ('application/x-www-form-urlencoded', 415), ('', 415), ('json', 415),
                             ('application/json-patch+json', 415)):
            with self.subTest(kind=kind):
                headers = {} if kind is None else {'Content-Type': kind}
                self.assertEqual(self.server.request('PUT', '/pets.json', OLD, headers).status, status)

    def test_too_large(self):
        for size, status in ((100000, 204), (100001, 413)):
            body = OLD + b' ' * (size - len(OLD))
            self.assertEqual(self.server.put('/pets.json', body).status, status)
            # Without a length, http.client sends chunks.
            chunks = iter([body[:40000], body[40000:]])
            self.assertEqual(self.server.put('/pets.json', chunks).status, status)

    def test_too_large_while_it_comes(self):
        """The reply is there before the request has ended, or ever does."""
        for length in b'Content-Length: 100001', b'Content-Length: 99999999999999', b'Transfer-Encoding: chunked':
            for method in b'PUT', b'POST', b'GET', b'DELETE':
                with self.subTest(length=length, method=method), self.server.connect() as connection:
                    connection.sendall(method + b' /pets.json HTTP/1.1\r\nHost: localhost\r\n'
                                       b'Content-Type: application/json\r\n' + length + b'\r\n\r\n')
                    part = b'100\r\n' + b'[' * 256 + b'\r\n' if b'chunked' in length else b'[' * 256
                    try:
                        for _ in range(450):
                            connection.sendall(part)
                    except (BrokenPipeError, ConnectionResetError):
                        pass
                    # All of it was sent and read: so the reply is not lost by a reset.
                    self.assertEqual(status_of(read_all(connection)), 413)
                self.check_old()

    def test_expect(self):
        with self.server.connect() as connection:
            connection.sendall(b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n'
                               b'Content-Length: 100001\r\n\r\n')
            self.assertEqual(status_of(read_all(connection)), 413)
        with self.server.connect() as connection:
            connection.sendall(b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n'
                               b'Content-Length: %d\r\n\r\n' % len(NEW))
            head = read_until(connection, b'\r\n\r\n')
            self.assertEqual(status_of(head), 100)
            self.assertNotIn(b'Connection', head)
            connection.sendall(NEW)
            self.assertEqual(status_of(read_all(connection)), 204)

    def test_large_file_of_others(self):
        with open(self.server.path('pets.json'), 'wb') as file:
            file.truncate(1 << 40)
        for method in 'GET', 'HEAD', 'PUT', 'DELETE':
            reply = self.server.request(method, '/pets.json', NEW if method == 'PUT' else None, JSON)
            self.assertEqual(reply.status, 500)
        self.assertEqual(self.server.get('/').status, 200)


class Access(unittest.TestCase):
    METHODS = (('PUT', NEW), ('POST', NEW), ('DELETE', None))

    def check(self, server, origin, may_write, may_read):
        with self.subTest(origin=origin):
            for method, body in self.METHODS:
                server.put('/pets.json', OLD)
                # Without a type, as a page may send it without asking.
                reply = server.request(method, '/pets.json', body, {'Origin': origin})
                self.assertEqual(reply.status, 204 if may_write else 403)
                self.assertEqual(reply['Access-Control-Allow-Origin'], origin if may_read else None)
                self.assertEqual('pets.json' in server.names(), method != 'DELETE' or not may_write)
            server.put('/pets.json', OLD)
            reply = server.get('/pets.json', Origin=origin)
            self.assertEqual(reply.status, 200)
            self.assertEqual(reply['Access-Control-Allow-Origin'], origin if may_read else None)

    def test_by_default(self):
        with Server() as server:
            for origin in ('http://example.org', 'null', '', '*', 'http://127.0.0.1', 'http://localhost:1',
                           f'https://127.0.0.1:{server.port}', f'http://127.0.0.1.example.org:{server.port}'):
                self.check(server, origin, False, False)
            self.check(server, f'http://127.0.0.1:{server.port}', True, False)
            reply = server.request('OPTIONS', '/pets.json', headers={
                'Origin': 'http://example.org', 'Access-Control-Request-Method': 'PUT'})
            self.assertEqual([name for name in reply.headers if name.startswith('Access')], [])
            self.assertNotIn('Origin', server.get('/')['Vary'])

    def test_allowed(self):
        with Server('--allow-origin', 'http://example.org', '--allow-origin', 'null') as server:
            self.check(server, 'http://example.org', True, True)
            self.check(server, 'null', True, True)
            for origin in 'http://example.org.', 'http://example.org:80', 'https://example.org':
                self.check(server, origin, False, False)
            reply = server.get('/pets.json', Origin='http://example.org')
            self.assertIn('Origin', reply.headers.get_all('Vary'))
            self.assertIn('ETag', reply['Access-Control-Expose-Headers'])
            self.assertIn('Origin', server.get('/pets.json').headers.get_all('Vary'))
            # Refused, but the page may know.
            reply = server.put('/pets.json', b'x', Origin='http://example.org')
            self.assertEqual((reply.status, reply['Access-Control-Allow-Origin']), (400, 'http://example.org'))
            reply = server.request('PUT', '/pets.json', OLD, {'Origin': 'http://example.org', 'Content-Type': 'x'})
            self.assertEqual((reply.status, reply['Access-Control-Allow-Origin']), (415, 'http://example.org'))

    def test_any(self):
        with Server('--allow-origin', '*') as server:
            self.check(server, 'http://example.org', True, True)

    def test_preflight(self):
        with Server('--allow-origin', 'http://example.org') as server:
            reply = server.request('OPTIONS', '/pets.json', headers={
                'Origin': 'http://example.org', 'Access-Control-Request-Method': 'PUT',
                'Access-Control-Request-Headers': 'if-match,content-type',
                'Access-Control-Request-Private-Network': 'true'})
            self.assertEqual((reply.status, reply['Access-Control-Allow-Origin'],
                              reply['Access-Control-Allow-Private-Network'], reply['Access-Control-Max-Age']),
                             (204, 'http://example.org', 'true', '600'))
            self.assertIn('PUT', reply['Access-Control-Allow-Methods'].split(', '))
            self.assertLessEqual({'If-Match', 'Content-Type'},
                                 set(reply['Access-Control-Allow-Headers'].split(', ')))

    def test_host(self):
        """A name that was made to point at this computer is not its own."""
        with Server() as server:
            for host, status in (('localhost', 200), ('LOCALHOST:1', 200), ('127.0.0.1', 200), ('127.1.2.3:8042', 200),
                                 ('[::1]', 200), ('example.org', 421), ('localhost.example.org', 421),
                                 ('192.168.0.1', 421), ('[2001:db8::1]', 421), ('0.0.0.0', 421)):
                self.assertEqual(server.get('/', Host=host).status, status, host)
                self.assertEqual(server.put('/pets.json', OLD, Host=host).status in (201, 204), status == 200)


class NotHttp(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())
        self.server.put('/pets.json', OLD)

    def check_alive(self):
        self.assertEqual(self.server.get('/pets.json').body, OLD)
        self.assertEqual(self.server.names(), ['pets.json'])

    def test_broken(self):
        put = b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\n'
        for data in (b'\r\n\r\n', b'GET\r\n\r\n', b'GET /pets.json\r\n\r\n', b'GET /pets.json HTTP/9.9\r\n\r\n',
                     b'GET /pets.json HTTP/1.1\r\n\r\n', b'\x16\x03\x01\x02\x00\x01\x00' + b'x' * 512,
                     b'GET / HTTP/1.1\r\nHost: local host\r\n\r\n', b'GET / HTTP/1.1\r\n: x\r\n\r\n',
                     put + b'Content-Length: -1\r\n\r\n' + NEW, put + b'Content-Length: x\r\n\r\n' + NEW,
                     put + b'Transfer-Encoding: gzip\r\n\r\n' + NEW,
                     put + b'Transfer-Encoding: chunked\r\n\r\nxyz\r\n' + NEW,
                     put + b'Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n',
                     b'GET /' + b'a' * 200000 + b' HTTP/1.1\r\nHost: localhost\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: localhost\r\nX: ' + b'a' * 200000 + b'\r\n\r\n',
                     b'OPTIONS * HTTP/1.1\r\nHost: example.org\r\n\r\n',
                     b'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
                     b'GET https://localhost/pets.json HTTP/1.1\r\nHost: localhost\r\n\r\n'):
            with self.subTest(data=data[:60]):
                with self.server.connect() as connection:
                    try:
                        connection.sendall(data)
                        connection.shutdown(socket.SHUT_WR)
                    except OSError:
                        pass
                    reply = read_all(connection)
                self.assertNotIn(status_of(reply), (200, 201, 204))
                self.check_alive()

    def test_cut_off(self):
        """Half a request changes nothing."""
        whole = (b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
                 b'Content-Length: %d\r\n\r\n' % len(NEW)) + NEW
        for length in range(0, len(whole), 7):
            with self.server.connect() as connection:
                connection.sendall(whole[:length])
        self.check_alive()
        self.assertEqual(status_of(self.server.raw(whole)), 204)

    def test_random(self):
        print(f'# TST_TEST_SEED={SEED}', flush=True)
        choose = random.Random(SEED)
        whole = (b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
                 b'If-Match: "x", W/"y"\r\nAccept-Encoding: gzip;q=0.5\r\nContent-Encoding: gzip\r\n'
                 b'Origin: http://localhost\r\nContent-Length: 5\r\n\r\n[{},{')
        for _ in range(3000 if 'TST_TEST_SOAK' in os.environ else 300):
            data = bytearray(whole)
            for _ in range(choose.randrange(1, 6)):
                at = choose.randrange(len(data))
                data[at:at + choose.randrange(4)] = choose.randbytes(choose.randrange(4))
            with self.server.connect() as connection:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                read_all(connection)
        self.check_alive()

    def test_nothing_is_left_open(self):
        """Whatever ends a connection, and whoever does."""
        put = b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: '
        before = self.server.n_files()  # perhaps with a connection from before
        for _ in range(10):
            self.server.get('/pets.json', Connection='keep-alive')
            self.server.get('/nothing')
            for data in (b'', b'GET', put + b'5\r\n\r\n[', put + b'99999999999\r\n\r\n[',
                         b'GET /pets.json?events HTTP/1.1\r\nHost: localhost\r\n\r\n'):
                with self.server.connect() as connection:
                    connection.sendall(data)
            with self.server.connect() as connection:
                connection.sendall(b'GET /pets.json HTTP/1.1\r\nHost: localhost\r\n\r\n' * 3)
                self.assertEqual(read_all(connection).count(b'HTTP/1.1 200'), 1)
        wait_until(lambda: self.server.n_files() <= before, 'connections to be closed')
        self.check_alive()


class Silence(unittest.TestCase):
    def test_silence(self):
        """Whoever stops in the middle is not waited for, before a request, in it, and behind it."""
        with Server(env={'TST_TEST_SILENCE': '1'}) as server:
            server.put('/pets.json', OLD)
            before = server.n_files()  # perhaps with the connection of that
            for data in (b'', b'GET /pets.json HTTP/1.1\r\n', b'GET /pets.json HTTP/1.1\r\nHost: localhost\r\n\r\n',
                         b'PUT /pets.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
                         b'Content-Length: 9\r\n\r\n[{}'):
                with self.subTest(data=data), server.connect() as connection:
                    connection.sendall(data)
                    read_all(connection)
            wait_until(lambda: server.n_files() <= before, 'connections to be closed')
            self.assertEqual(server.get('/pets.json').body, OLD)


if __name__ == '__main__':
    tap.main()
