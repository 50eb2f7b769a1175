#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Documents of tstore-demo-server: reading, writing, conditions, compression."""

import email.utils
import gzip
import json
import os
import time
import unittest

import tap
from demo_server import JSON, Server, content, digest, tag, wait_until

OLD, NEW = content(open=True), content(open=False)
LARGE = content(text='large ' * 1000)
NEVER = '"' + '0' * 64 + '"'


class Documents(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())

    def test_put_get_head_delete(self):
        reply = self.server.put('/pets.json', OLD)
        self.assertEqual((reply.status, reply['ETag'], reply['Location'], reply.body),
                         (201, tag(OLD), '/pets.json', b''))
        with open(self.server.path('pets.json'), 'rb') as file:
            self.assertEqual(file.read(), OLD)

        reply = self.server.get('/pets.json')
        self.assertEqual((reply.status, reply.body, reply['ETag'], reply['Content-Type']),
                         (200, OLD, tag(OLD), 'application/json'))
        self.assertEqual(reply['Last-Modified'], email.utils.formatdate(
            int(os.stat(self.server.path('pets.json')).st_mtime), usegmt=True))

        head = self.server.request('HEAD', '/pets.json')
        self.assertEqual((head.status, head.body), (200, b''))
        self.assertEqual({name: value for name, value in head.headers.items() if name != 'Date'},
                         {name: value for name, value in reply.headers.items() if name != 'Date'})

        reply = self.server.put('/pets.json', NEW)
        self.assertEqual((reply.status, reply['ETag'], reply['Location']), (204, tag(NEW), None))
        self.assertEqual(self.server.get('/pets.json').body, NEW)

        self.assertEqual(self.server.request('DELETE', '/pets.json').status, 204)
        self.assertEqual(self.server.names(), [])
        for method in ('GET', 'HEAD', 'DELETE'):
            self.assertEqual(self.server.request(method, '/pets.json').status, 404)

    def test_post_is_put(self):
        self.assertEqual(self.server.request('POST', '/pets.json', OLD, JSON).status, 201)
        reply = self.server.request('POST', '/pets.json', NEW, JSON | {'If-Match': tag(OLD)})
        self.assertEqual((reply.status, reply['ETag']), (204, tag(NEW)))
        reply = self.server.request('POST', '/pets.json', OLD, JSON | {'If-Match': tag(OLD)})
        self.assertEqual(reply.status, 412)
        self.assertEqual(self.server.get('/pets.json').body, NEW)

    def test_every_reply(self):
        self.server.put('/pets.json', OLD)
        link = '</pets.json?events>; rel="alternate"; type="text/event-stream"'
        for method, headers, status, is_linked in (
                ('GET', {}, 200, True), ('HEAD', {}, 200, True), ('PUT', JSON, 204, True),
                ('GET', {'If-None-Match': tag(OLD)}, 304, True), ('OPTIONS', {}, 204, False),
                ('PUT', JSON | {'If-Match': NEVER}, 412, False), ('BREW', {}, 405, False),
                ('PUT', JSON | {'Expect': '100-continue'}, 204, True)):
            with self.subTest(method=method, headers=headers):
                reply = self.server.request(method, '/pets.json', OLD if method == 'PUT' else None, headers)
                self.assertEqual(reply.status, status)
                self.assertEqual(reply['Connection'], 'close')
                self.assertIsNotNone(email.utils.parsedate_tz(reply['Date']))
                self.assertEqual(reply['Content-Length'] is None, status in (204, 304))
                self.assertEqual(reply['Cache-Control'], 'no-cache')
                self.assertEqual(reply['X-Content-Type-Options'], 'nosniff')
                self.assertEqual(reply['Link'], link if is_linked else None)

    def test_names_are_escaped(self):
        reply = self.server.put('/a%20%22b%22%3E%C3%BC.json', OLD)
        self.assertEqual((reply.status, reply['Location']), (201, '/a%20%22b%22%3E%C3%BC.json'))
        self.assertIn('</a%20%22b%22%3E%C3%BC.json?events>', reply['Link'])
        self.assertEqual(self.server.names(), ['a "b">ü.json'])
        self.assertEqual(self.server.get(reply['Location']).body, OLD)

    def test_methods(self):
        for target, methods in (('/pets.json', 'GET, HEAD, PUT, POST, DELETE, OPTIONS'),
                                ('/', 'GET, HEAD, OPTIONS'), ('/pets.json?events', 'GET, HEAD, OPTIONS')):
            reply = self.server.request('OPTIONS', target)
            self.assertEqual((reply.status, reply['Allow']), (204, methods))
            for method in ('PUT', 'POST', 'DELETE', 'PATCH', 'TRACE', 'put'):
                if method not in methods:
                    reply = self.server.request(method, target, OLD, JSON)
                    self.assertEqual((reply.status, reply['Allow']), (405, methods))
        self.assertEqual(self.server.names(), [])

    def test_ranges_are_not_cut(self):
        self.server.put('/pets.json', OLD)
        for value in ('bytes=0-3', 'bytes=0-1,4-5', 'bytes=9999-'):
            reply = self.server.get('/pets.json', Range=value, If_Range=NEVER)
            self.assertEqual((reply.status, reply.body), (200, OLD))
        reply = self.server.put('/pets.json', NEW, Content_Range='bytes 0-3/20')
        self.assertEqual(reply.status, 400)
        self.assertEqual(self.server.get('/pets.json').body, OLD)

    def test_files_of_others(self):
        """Served as they are, however short after another change."""
        path = self.server.path('pets.json')
        # All of the same size, written in place.
        for number in range(100, 300):
            text = content(n=number)
            with open(path, 'wb') as file:
                file.write(text)
            for _ in range(2):
                self.assertEqual(self.server.request('HEAD', '/pets.json')['ETag'], tag(text))
                reply = self.server.get('/pets.json')
                self.assertEqual((reply.body, reply['ETag']), (text, tag(text)))
        with open(path, 'wb') as file:
            file.write(b'not JSON')
        self.assertEqual(self.server.get('/pets.json').body, b'not JSON')
        with open(path, 'wb'):
            pass
        for method in 'GET', 'HEAD':
            reply = self.server.request(method, '/pets.json')
            self.assertEqual((reply.status, reply.body, reply['ETag']), (200, b'', tag(b'')))

    def test_known_tag_of_old_file(self):
        """What was read once is not read again, and still noticed when it changes."""
        path = self.server.path('pets.json')
        with open(path, 'wb') as file:
            file.write(OLD)
        before = os.stat(path)
        for text in OLD, content(OPEN=True):
            with open(path, 'r+b') as file:
                file.write(text)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            wait_until(lambda: os.stat(path).st_ctime + 0.5 < time.time(), 'the file to be old')
            for _ in range(3):
                self.assertEqual(self.server.request('HEAD', '/pets.json')['ETag'], tag(text))
                self.assertEqual(self.server.get('/pets.json').body, text)


class Conditions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def setUp(self):
        self.server.put('/pets.json', OLD)

    def check(self, method, headers, status):
        with self.subTest(method=method, headers=headers):
            body = NEW if method in ('PUT', 'POST') else None
            reply = self.server.request(method, '/pets.json', body, (JSON if body else {}) | headers)
            self.assertEqual(reply.status, status)
            changed = status in (201, 204)
            self.assertEqual(os.path.exists(self.server.path('pets.json')), not (changed and method == 'DELETE'))
            if method != 'DELETE' or not changed:
                self.assertEqual(self.server.get('/pets.json').body, NEW if changed else OLD)
            self.server.put('/pets.json', OLD)
            return reply

    def test_if_match(self):
        for value, holds in (
                (tag(OLD), True), (tag(OLD, '-gzip'), True), ('*', True),
                (f'{NEVER}, {tag(OLD)}', True), (f' ,, "a,b" ,{tag(OLD)},', True),
                (NEVER, False), ('W/' + tag(OLD), False), (tag(OLD, '-other'), False),
                (tag(OLD)[:-2] + '"', False), ('""', False), (f'"{digest(OLD)}x"', False)):
            self.check('PUT', {'If-Match': value}, 204 if holds else 412)
            self.check('DELETE', {'If-Match': value}, 204 if holds else 412)
            self.check('GET', {'If-Match': value}, 200 if holds else 412)

    def test_if_none_match(self):
        for value, is_there in (
                (tag(OLD), True), ('W/' + tag(OLD), True), (tag(OLD, '-gzip'), True), ('*', True),
                (f'W/"x", {tag(OLD)}', True), (NEVER, False), ('"*"', False)):
            reply = self.check('GET', {'If-None-Match': value}, 304 if is_there else 200)
            self.assertEqual(reply['ETag'], tag(OLD))
            self.assertEqual(reply.body, b'' if is_there else OLD)
            self.check('HEAD', {'If-None-Match': value}, 304 if is_there else 200)
            self.check('PUT', {'If-None-Match': value}, 412 if is_there else 204)

    def test_malformed(self):
        for value in ('x', digest(OLD), '"open', f'{tag(OLD)} {tag(OLD)}', f'* , {tag(OLD)}', 'w/"x"',
                      f'{tag(OLD)}x'):
            for name in 'If-Match', 'If-None-Match':
                self.check('PUT', {name: value}, 400)
                self.check('GET', {name: value}, 400)

    def test_nothing_there(self):
        for method, headers, status in (
                ('PUT', {'If-Match': '*'}, 412), ('PUT', {'If-Match': tag(OLD)}, 412),
                ('DELETE', {'If-Match': '*'}, 412), ('GET', {'If-Match': '*'}, 412),
                ('GET', {'If-None-Match': '*'}, 404), ('PUT', {'If-None-Match': '*'}, 201)):
            with self.subTest(method=method, headers=headers):
                reply = self.server.request(method, '/new.json', NEW, JSON | headers)
                self.assertEqual(reply.status, status)
                self.assertEqual(reply['ETag'], tag(NEW) if status == 201 else None)
        self.server.request('DELETE', '/new.json')

    def test_failed_tells_tag(self):
        self.assertEqual(self.check('PUT', {'If-Match': NEVER}, 412)['ETag'], tag(OLD))

    def test_dates(self):
        mtime = int(os.stat(self.server.path('pets.json')).st_mtime)
        same, before, after = (email.utils.formatdate(mtime + n, usegmt=True) for n in (0, -1, 1))
        for date in before, 'yesterday', '':
            self.assertEqual(self.server.get('/pets.json', If_Modified_Since=date).status, 200)
        for date in same, after:
            self.assertEqual(self.server.get('/pets.json', If_Modified_Since=date).status, 304)
            self.assertEqual(self.server.get('/pets.json', If_Unmodified_Since=date).status, 200)
            self.assertEqual(self.server.get('/pets.json', If_Modified_Since=date,
                                             If_None_Match=NEVER).status, 200)
        self.assertEqual(self.server.get('/pets.json', If_Unmodified_Since=before).status, 412)
        self.check('PUT', {'If-Unmodified-Since': before}, 412)
        self.check('PUT', {'If-Unmodified-Since': before, 'If-Match': tag(OLD)}, 204)
        # Only for reading.
        self.check('PUT', {'If-Modified-Since': after}, 204)


class Gzip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server('--max-size', '1000000'))

    def test_get(self):
        self.server.put('/large.json', LARGE)
        for accept in ('gzip', 'deflate, x-gzip', 'br;q=1, GZIP;q=0.1'):
            reply = self.server.get('/large.json', Accept_Encoding=accept)
            self.assertEqual((reply.status, reply['ETag'], reply['Content-Encoding'], reply['Vary']),
                             (200, tag(LARGE, '-gzip'), 'gzip', 'Accept-Encoding'))
            self.assertEqual(gzip.decompress(reply.body), LARGE)
            self.assertLess(len(reply.body), len(LARGE) / 2)
            again = self.server.get('/large.json', Accept_Encoding=accept)
            self.assertEqual(again.body, reply.body)
        for accept in ('identity', 'gzip;q=0', 'br', ''):
            reply = self.server.get('/large.json', Accept_Encoding=accept)
            self.assertEqual((reply.body, reply['ETag'], reply['Content-Encoding'], reply['Vary']),
                             (LARGE, tag(LARGE), None, 'Accept-Encoding'))

    def test_head(self):
        self.server.put('/large.json', LARGE)
        reply = self.server.request('HEAD', '/large.json', headers={'Accept-Encoding': 'gzip'})
        self.assertEqual((reply.status, reply['ETag'], reply['Content-Encoding'], reply['Content-Length']),
                         (200, tag(LARGE, '-gzip'), 'gzip', None))

    def test_small_stays_plain(self):
        self.server.put('/small.json', OLD)
        reply = self.server.get('/small.json', Accept_Encoding='gzip')
        self.assertEqual((reply.body, reply['ETag'], reply['Content-Encoding'], reply['Vary']),
                         (OLD, tag(OLD), None, 'Accept-Encoding'))

    def test_conditions(self):
        self.server.put('/large.json', LARGE)
        for accept, given in (('gzip', '-gzip'), ('identity', '')):
            for suffix in '', '-gzip':
                reply = self.server.get('/large.json', Accept_Encoding=accept,
                                        If_None_Match=tag(LARGE, suffix))
                self.assertEqual((reply.status, reply['ETag'], reply['Content-Encoding']),
                                 (304, tag(LARGE, given), None))
        reply = self.server.put('/large.json', OLD, If_Match=tag(LARGE, '-gzip'))
        self.assertEqual(reply.status, 204)

    def test_put(self):
        for coding in 'gzip', 'X-GZIP':
            reply = self.server.put('/packed.json', gzip.compress(LARGE), Content_Encoding=coding)
            self.assertIn(reply.status, (201, 204))
            self.assertEqual(reply['ETag'], tag(LARGE))
            self.assertEqual(self.server.get('/packed.json').body, LARGE)
        self.assertEqual(self.server.put('/packed.json', OLD, Content_Encoding='identity').status, 204)

    def test_put_broken(self):
        self.server.put('/packed.json', OLD)
        packed = gzip.compress(NEW)
        for body in (b'', NEW, packed[:-1], packed[:-9], packed[:5], packed + b'x', packed + packed,
                     packed[:-8] + b'\0' * 8):
            with self.subTest(body=body):
                reply = self.server.put('/packed.json', body, Content_Encoding='gzip')
                self.assertEqual(reply.status, 400)
        for coding in 'br', 'gzip, gzip', 'deflate', '':
            with self.subTest(coding=coding):
                reply = self.server.put('/packed.json', packed, Content_Encoding=coding)
                self.assertEqual((reply.status, reply['Accept-Encoding']), (415, 'gzip'))
        self.assertEqual(self.server.get('/packed.json').body, OLD)

    def test_bomb(self):
        """One that would be a thousand times as large as it may be."""
        self.server.put('/packed.json', OLD)
        bomb = gzip.compress(b'[{},{}]' + b' ' * 400000000, 9)
        self.assertLess(len(bomb), 1000000)
        self.assertEqual(self.server.put('/packed.json', bomb, Content_Encoding='gzip').status, 413)
        with open(f'/proc/{self.server.process.pid}/status', encoding='ascii') as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))
        self.assertLess(peak, 200000)  # kilobytes
        self.assertEqual(self.server.get('/packed.json').body, OLD)


    def test_limit(self):
        """What counts is what comes out of it."""
        with Server('--max-size', '1000') as server:
            for size, status in (1000, 201), (1001, 413):
                packed = gzip.compress(b'[{},{}]'.ljust(size))
                reply = server.put('/packed.json', packed, Content_Encoding='gzip')
                self.assertEqual(reply.status, status)


class Index(unittest.TestCase):
    def test_list(self):
        with Server() as server:
            self.assertEqual(json.loads(server.get('/').body), [{}, {}])
            server.put('/b.json', OLD)
            server.put('/a%3C.json', NEW)
            for name in ('.hidden.json', 'other.txt', 'a.json.ABCDEF'):
                with open(server.path(name), 'wb') as file:
                    file.write(OLD)
            os.mkdir(server.path('folder.json'))
            os.symlink('b.json', server.path('link.json'))
            for accept in ('', '*/*', 'application/json', 'text/html;q=0.5, application/json'):
                reply = server.get('/', Accept=accept)
                self.assertEqual((reply.status, reply['Content-Type'], reply['Vary']),
                                 (200, 'application/json', 'Accept'))
                tables, values = json.loads(reply.body)
                self.assertEqual(values, {})
                self.assertEqual(
                    {name: (row['size'], row['etag']) for name, row in tables['documents'].items()},
                    {'a<.json': (len(NEW), tag(NEW)), 'b.json': (len(OLD), tag(OLD))})

    def test_page(self):
        with Server() as server:
            server.put('/a%3C.json', NEW)
            reply = server.get('/', Accept='text/html,application/xhtml+xml,*/*;q=0.8')
            self.assertEqual((reply.status, reply['Content-Type']), (200, 'text/html; charset=utf-8'))
            page = reply.body.decode()
            self.assertIn('<a href="/a%3C.json">a&lt;.json</a>', page)
            self.assertIn(f'curl -i http://127.0.0.1:{server.port}/pets.json', page)
            head = server.request('HEAD', '/', headers={'Accept': 'text/html'})
            self.assertEqual((head.status, head['Content-Length'], head.body),
                             (200, reply['Content-Length'], b''))


if __name__ == '__main__':
    tap.main()
