#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tstore on each medium."""

import json
import os
import signal
import socket
import unittest

import demo_server
import tap
from tool import SERVER, Case

CONTENT = '[{"pets":{"fido":{"species":"dog","price":5}}},{"open":true}]'
REMOVED = '\ufffc'
N = 6


class OnMedium:
    """What holds for each; `self.medium` is its name."""

    def test_nothing(self):
        """What only reads, says that there is nothing, and makes nothing."""
        for args in (['list'], ['get'], ['export']):
            self.check_fails('There is nothing', *args, self.medium)
        self.check_fails('There is no pets', 'remove', self.medium, 'pets')
        self.check('remove', '--force', self.medium, 'pets')
        self.check_fails('There is nothing', 'list', self.medium)

    def test_cells(self):
        self.assertEqual(self.check('set', self.medium, 'pets', 'fido', 'species', 'dog'), '')
        self.check('set', self.medium, 'pets', 'fido', 'price', '5')
        self.check('set', '--value', self.medium, 'open', 'true')
        self.assertEqual(self.check('get', self.medium), CONTENT + '\n')
        self.assertEqual(self.check('get', self.medium, 'pets', 'fido', 'price'), '5\n')
        self.assertEqual(self.check('list', self.medium, 'pets', 'fido'), 'species\nprice\n')
        self.check('remove', self.medium, 'pets', 'fido', 'price')
        self.check('remove', '--value', self.medium, 'open')
        self.assertEqual(self.check('export', self.medium), '[{"pets":{"fido":{"species":"dog"}}},{}]\n')
        # Without content, it is there.
        self.check('remove', self.medium, 'pets')
        self.assertEqual(self.check('list', self.medium), '')

    def test_documents(self):
        self.check('import', self.medium, stdin=CONTENT)
        self.assertEqual(self.check('export', self.medium), CONTENT + '\n')
        self.assertEqual(json.loads(self.check('export', '--pretty', self.medium)), json.loads(CONTENT))

    def test_validate(self):
        """It tells, and changes nothing."""
        self.write('schema.json', '{"pets":{"species":{"type":"string"},"price":{"type":"number"}}}')
        self.check_fails('There is nothing', 'validate', self.medium, 'schema.json')
        self.check('import', self.medium, stdin=CONTENT)
        self.assertEqual(self.check('validate', self.medium, 'schema.json'), '')
        self.check('set', self.medium, 'pets', 'fido', 'price', 'dear')
        before = self.everything()
        self.check_answer('/pets/fido/price: The schema does not allow this type\n',
                          'validate', self.medium, 'schema.json')
        code, out, err = self.run_tool('validate', '--json', self.medium, 'schema.json')
        self.assertEqual((code, [misfit['cell'] for misfit in json.loads(out)], err), (3, ['price'], ''))
        self.assertEqual(self.everything(), before)

    def test_diff(self):
        """Either way round; and what it prints makes one of the other."""
        self.write('other.json', CONTENT)
        for args in [self.medium, 'other.json'], ['other.json', self.medium]:
            self.check_fails('There is nothing', 'diff', *args)
        self.check('import', self.medium, 'other.json')
        for args in [self.medium, 'other.json'], ['other.json', self.medium], [self.medium, self.medium]:
            self.assertEqual(self.check('diff', *args), '')
        self.check('set', self.medium, 'pets', 'fido', 'price', '6')
        self.check('remove', '--value', self.medium, 'open')
        before = self.everything()
        self.check_answer('- pets fido price 6\n+ pets fido price 5\n+ --value open true\n',
                          'diff', self.medium, 'other.json')
        self.check_answer('- pets fido price 5\n+ pets fido price 6\n- --value open true\n',
                          'diff', 'other.json', self.medium)
        code, changes, err = self.run_tool('diff', '--json', self.medium, 'other.json')
        self.assertEqual((code, err), (3, ''))
        self.assertEqual(self.everything(), before)
        self.check('import', '--changes', self.medium, stdin=changes)
        self.assertEqual(self.check('export', self.medium), CONTENT + '\n')

    def test_merge(self):
        """What comes out is in the first; the second one and the base stay as they are."""
        self.write('base.json', CONTENT)
        self.write('other.json', '[{"pets":{"fido":{"species":"dog","price":5,"sold":true}}},{}]')
        merged = '[{"pets":{"fido":{"species":"dog","price":6,"sold":true}}},{}]'
        self.check_fails('There is nothing', 'merge', self.medium, 'other.json')
        self.check_fails('There is nothing', 'merge', 'other.json', self.medium)
        self.check('import', self.medium, 'base.json')
        self.check('set', self.medium, 'pets', 'fido', 'price', '6')
        before = self.everything()
        merge = 'merge', '--base', 'base.json', self.medium, 'other.json'
        self.assertEqual(self.check(*merge[:1], '--stdout', *merge[1:]), merged + '\n')
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.check(*merge), '')
        self.assertEqual(self.check('export', self.medium), merged + '\n')
        self.assertEqual({name: self.read(name) for name in ('base.json', 'other.json')},
                         {name: before[self.path(name)] for name in ('base.json', 'other.json')})

    def test_merge_into_another(self):
        """The medium as the second one, and as the base."""
        self.write('ours.json', '[{"pets":{"fido":{"species":"dog","price":6}}},{"open":true}]')
        self.check('import', self.medium, stdin=CONTENT)
        self.write('theirs.json', '[{"pets":{"fido":{"species":"dog","price":5}}},{}]')
        self.assertEqual(self.check('merge', '--base', self.medium, 'ours.json', 'theirs.json'), '')
        self.assertEqual(json.loads(self.read('ours.json')), [{'pets': {'fido': {'species': 'dog', 'price': 6}}}, {}])
        self.assertEqual(self.check('merge', '--base', 'theirs.json', 'ours.json', self.medium), '')
        self.assertEqual(json.loads(self.read('ours.json')),
                         [{'pets': {'fido': {'species': 'dog', 'price': 6}}}, {'open': True}])
        self.assertEqual(self.check('export', self.medium), CONTENT + '\n')

    def test_merge_conflict(self):
        """Ours is kept and saved, and the answer is no."""
        self.write('base.json', CONTENT)
        self.write('other.json', '[{"pets":{"fido":{"species":"cat","price":7}}},{"open":true}]')
        self.check('import', self.medium, 'base.json')
        self.check('set', self.medium, 'pets', 'fido', 'price', '6')
        told = 'pets fido price: Changed on both sides; ours was kept\n'
        self.assertEqual(self.run_tool('merge', '--base', 'base.json', self.medium, 'other.json'), (3, '', told))
        self.assertEqual(json.loads(self.check('get', self.medium, 'pets', 'fido')), {'species': 'cat', 'price': 6})
        self.assertEqual(self.run_tool('merge', '--base', 'base.json', 'other.json', self.medium), (3, '', told))
        self.assertEqual(json.loads(self.read('other.json'))[0]['pets']['fido'], {'species': 'cat', 'price': 7})

    def test_merge_meanwhile(self):
        """What somebody changes while the other one is read is merged, too, and a conflict with that is told."""
        self.check('import', self.medium, stdin=CONTENT)
        self.write('base.json', CONTENT)
        theirs = CONTENT.replace('5', '7').encode()
        with socket.create_server(('127.0.0.1', 0)) as listener:
            listener.settimeout(demo_server.PATIENCE)
            merge = self.start('merge', '--base', 'base.json', self.medium,
                               f'http://127.0.0.1:{listener.getsockname()[1]}/theirs.json')
            connection, _ = listener.accept()
            # The first one has been read by now.
            with connection:
                self.check('set', self.medium, 'pets', 'fido', 'price', '8')
                self.check('set', self.medium, 'pets', 'fido', 'sold', 'true')
                connection.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\nETag: "1"\r\n'
                                   b'Content-Length: %d\r\n\r\n%s' % (len(theirs), theirs))
                out, err = merge.communicate(timeout=demo_server.PATIENCE)
        self.assertEqual((merge.returncode, out, err.decode()),
                         (3, b'', 'pets fido price: Changed on both sides; ours was kept\n'))
        self.assertEqual(json.loads(self.check('get', self.medium, 'pets', 'fido')),
                         {'species': 'dog', 'price': 7, 'sold': True})

    def test_at_once(self):
        """Of processes at the same time, none loses what another has written."""
        # Where many end, LeakSanitizer stumbles over a thread that has only just begun.
        self.env['ASAN_OPTIONS'] = self.env.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        def run(*commands):
            processes = [self.start(*command) for command in commands]
            for process in processes:
                _out, err = process.communicate(timeout=demo_server.PATIENCE)
                self.assertEqual((process.returncode, err), (0, b''))
        run(*(['set', self.medium, 'pets', f'pet{i}', 'number', str(i)] for i in range(N)))
        self.assertEqual(json.loads(self.check('get', self.medium, 'pets')),
                         {f'pet{i}': {'number': i} for i in range(N)})
        run(*(['add', self.medium, 'pets', json.dumps({'number': i})] for i in range(N)),
            *(['remove', self.medium, 'pets', f'pet{i}'] for i in range(N)))
        rows = json.loads(self.check('get', self.medium, 'pets'))
        self.assertEqual(sorted(row['number'] for row in rows.values()), list(range(N)))

    def test_watch(self):
        self.check('import', self.medium, stdin=CONTENT)
        plain = self.start('watch', '--initial', self.medium)
        self.assertEqual([self.read_line(plain.stdout) for _ in range(3)],
                         ['+ pets fido species "dog"', '+ pets fido price 5', '+ --value open true'])
        as_json = self.start('watch', '--initial', '--json', self.medium)
        self.assertEqual(json.loads(self.read_line(as_json.stdout)), json.loads(CONTENT) + [1])
        self.check('set', self.medium, 'pets', 'fido', 'price', '6')
        self.assertEqual([self.read_line(plain.stdout) for _ in range(2)],
                         ['- pets fido price 5', '+ pets fido price 6'])
        self.assertEqual(json.loads(self.read_line(as_json.stdout)), [{'pets': {'fido': {'price': 6}}}, {}, 1])
        self.check('remove', self.medium, 'pets')
        self.assertEqual([self.read_line(plain.stdout) for _ in range(2)],
                         ['- pets fido species "dog"', '- pets fido price 6'])
        self.assertEqual(self.end(plain, signal.SIGINT), (0, '', ''))
        self.assertEqual(json.loads(self.read_line(as_json.stdout)), [{'pets': REMOVED}, {}, 1])
        self.assertEqual(self.end(as_json, signal.SIGTERM), (0, '', ''))

    def test_watch_nothing(self):
        """What is made later is told, too."""
        watch = self.start('watch', self.medium)
        # Until it has begun, it does not tell what is changed.
        for price in range(1000):
            self.check('set', self.medium, 'pets', 'fido', 'price', str(price))
            if self.is_readable(watch):
                break
        self.assertRegex(self.read_line(watch.stdout), r'^[+-] pets fido price \d+$')

    def test_damaged(self):
        """What is not the content of a store is left alone."""
        self.check('set', self.medium, 'pets', 'fido', 'price', '5')
        for damage in '[{"pets":', '{"pets":5}', '[[]]', 'x':
            self.damage(damage)
            for args in (['list', self.medium], ['set', self.medium, 'pets', 'fido', 'price', '6'],
                         ['remove', '--force', self.medium, 'pets'], ['import', self.medium, 'content.json'],
                         ['watch', self.medium]):
                self.write('content.json', CONTENT)
                before = self.everything()
                self.check_fails('line 1, column', *args)
                self.assertEqual(self.everything(), before, args)

    def everything(self):
        return {path: self.read(path)
                for folder, _, names in os.walk(self.folder) for path in (os.path.join(folder, name) for name in names)}


class OnFile(OnMedium, Case):
    def setUp(self):
        super().setUp()
        self.medium = 'pets.json'

    def damage(self, text):
        self.write('pets.json', text)


class OnLocal(OnMedium, Case):
    def setUp(self):
        super().setUp()
        self.medium = 'local:org.example.App/my pets'

    def damage(self, text):
        self.write('data/org.example.App/tstore/my%20pets.ini', f"[my%20pets]\ncontent='{text}'\n")


class OnSession(OnMedium, Case):
    def setUp(self):
        super().setUp()
        self.medium = 'session:org.example.App/pets/1'

    def damage(self, text):
        self.write('run/app/org.example.App/tstore/pets%2F1.ini', f"[pets%2F1]\ncontent='{text}'\n")

    def test_no_folder(self):
        """A store in the memory of the tool would be lost."""
        del self.env['XDG_RUNTIME_DIR']
        self.check_fails('no folder for the session', 'set', self.medium, 'pets', 'fido', 'price', '5')


class OnSilentServer(Case):
    def test_watch(self):
        """Who does not want to wait for it, does not have to."""
        with socket.create_server(('127.0.0.1', 0)) as listener:
            listener.settimeout(demo_server.PATIENCE)
            watch = self.start('watch', f'http://127.0.0.1:{listener.getsockname()[1]}/pets.json')
            connection, _ = listener.accept()
            with connection:
                self.assertEqual(self.end(watch, signal.SIGINT), (0, '', ''))


if SERVER:
    class OnServer(OnMedium, Case):
        def setUp(self):
            super().setUp()
            os.mkdir(self.path('documents'))
            # pylint: disable=unnecessary-dunder-call
            self.server = demo_server.Server(folder=self.path('documents'))
            self.addCleanup(self.server.__exit__, None)
            self.medium = self.server.uri + 'pets.json'

        def damage(self, text):
            self.write('documents/pets.json', text)

        def test_server_refuses(self):
            """What the server says comes through, and what is there stays."""
            uri = self.server.uri + '.pets.json'
            self.check_fails(f'tstore: {uri}: the server answered 404', 'set', uri, 'pets', 'fido', 'price', '5')

        def test_no_server(self):
            port = self.server.port
            self.server.stop()
            self.check_fails('http://localhost', 'get', f'http://localhost:{port}/pets.json')
            self.server.start()


if __name__ == '__main__':
    tap.main()
