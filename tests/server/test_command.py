#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line of tstore-demo-server, and where it listens."""

import os
import shutil
import signal
import ssl
import stat
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import tap
from demo_server import PATIENCE, PROGRAM, Server, content, tag

OLD = content(open=True)

# LeakSanitizer crashes on what the TLS of GnuTLS leaves.
NO_LEAKS = {'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'}


def run(*args, **env):
    """To be used where it does not begin to serve."""
    result = subprocess.run([PROGRAM, *args], env=dict(os.environ, **env), capture_output=True, text=True,
                            timeout=PATIENCE, check=False)
    return result.returncode, result.stdout, result.stderr


def make_certificate(folder):
    """One for localhost, that speaks for itself."""
    certificate, key = os.path.join(folder, 'certificate.pem'), os.path.join(folder, 'key.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost',
                    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
                   check=True, capture_output=True, timeout=PATIENCE)
    return certificate, key


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='tst-server-')
        self.addCleanup(shutil.rmtree, self.folder)

    def test_help(self):
        code, out, err = run('--help')
        self.assertEqual((code, err), (0, ''))
        for option in ('--folder', '--port', '--max-size', '--allow-origin', '--heartbeat', '--tls-certificate',
                       '--tls-key', '--version'):
            self.assertIn(option, out)

    def test_version(self):
        code, out, err = run('--version')
        self.assertEqual((code, err), (0, ''))
        self.assertRegex(out, r'^tstore-demo-server \d+\.\d+\.\d+\n$')

    def test_wrong_usage(self):
        for args in (['--port', '-1'], ['--port', '65536'], ['--port', 'x'], ['--max-size', '0'],
                     ['--max-size', '1073741825'], ['--heartbeat', '0'], ['--tls-key', 'x'], ['--nothing'], ['x']):
            code, out, err = run('--folder', self.folder, *args)
            self.assertEqual((code, out), (2, ''), args)
            self.assertTrue(err.startswith('tstore-demo-server: '), err)

    def test_cannot_serve(self):
        path = os.path.join(self.folder, 'file')
        with open(path, 'wb'):
            pass
        for args in (['--folder', path], ['--folder', path + '/x'], ['--folder', self.folder, '--tls-certificate', path],
                     ['--folder', self.folder, '--tls-certificate', path + 'x']):
            code, out, err = run('--port', '0', *args)
            self.assertEqual((code, out), (1, ''), args)
            self.assertTrue(err.startswith('tstore-demo-server: '), err)

    def test_folder_is_made(self):
        path = os.path.join(self.folder, 'a', 'b')
        with Server(folder=path) as server:
            server.put('/pets.json', OLD)
            self.assertEqual(os.listdir(path), ['pets.json'])
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o700)

    def test_own_folder_by_default(self):
        # pylint: disable=consider-using-with
        process = subprocess.Popen([PROGRAM, '--port', '0'], env=dict(os.environ, XDG_DATA_HOME=self.folder),
                                   stdout=subprocess.PIPE)
        uri = process.stdout.readline().decode().strip()
        request = urllib.request.Request(uri + 'pets.json', OLD, {'Content-Type': 'application/json'}, method='PUT')
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            self.assertEqual(reply.status, 201)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(process.stdout.read(), b'')
        process.stdout.close()
        self.assertTrue(os.path.exists(os.path.join(self.folder, 'tstore-demo-server', 'pets.json')))

    def test_one_server_a_folder(self):
        with Server() as server:
            link = os.path.join(self.folder, 'link')
            os.symlink(server.folder, link)
            for path in server.folder, link:
                code, _, err = run('--port', '0', '--folder', path)
                self.assertEqual(code, 1)
                self.assertIn('another server', err)

    def test_one_server_a_port(self):
        with Server() as server:
            code, out, _ = run('--port', str(server.port), '--folder', self.folder)
            self.assertEqual((code, out), (1, ''))

    def test_signals(self):
        for number in signal.SIGINT, signal.SIGTERM:
            with Server() as server:
                self.assertEqual(server.stop(number), 0)

    def test_addresses(self):
        """Loopback only, of both kinds."""
        with Server() as server:
            self.assertEqual(server.uri, f'http://localhost:{server.port}/')
            self.assertEqual(server.put('/pets.json', OLD).status, 201)
            for host in 'localhost', '127.0.0.1', '::1':
                self.assertEqual(server.request('GET', '/pets.json', host=host).body, OLD)
            addresses = set()
            for name in 'tcp', 'tcp6':
                with open('/proc/net/' + name, encoding='ascii') as file:
                    for line in file.readlines()[1:]:
                        address, port = line.split()[1].split(':')
                        if int(port, 16) == server.port and line.split()[3] == '0A':
                            addresses.add(address)
            self.assertEqual(addresses, {'0100007F', '00000000000000000000000001000000'})

    def test_tls(self):
        certificate, key = make_certificate(self.folder)
        both = os.path.join(self.folder, 'both.pem')
        with open(both, 'wb') as file:
            for path in certificate, key:
                with open(path, 'rb') as part:
                    file.write(part.read())
        context = ssl.create_default_context(cafile=certificate)
        for args in (['--tls-certificate', certificate, '--tls-key', key], ['--tls-certificate', both]):
            with Server(*args, '--max-size', '100000', env=NO_LEAKS) as server:
                self.assertEqual(server.uri, f'https://localhost:{server.port}/')
                self.check_tls(server, context)

    def check_tls(self, server, context):
        def request(method, target, body=None):
            message = urllib.request.Request(server.uri + target, body, {'Content-Type': 'application/json'},
                                             method=method)
            return urllib.request.urlopen(message, timeout=PATIENCE, context=context)
        with request('PUT', 'pets.json', OLD) as reply:
            self.assertEqual((reply.status, reply.headers['ETag']), (201, tag(OLD)))
        with request('GET', 'pets.json') as reply:
            self.assertEqual(reply.read(), OLD)
        with request('GET', 'pets.json?events') as reply:
            self.assertEqual([reply.readline() for _ in range(3)],
                             [b'retry: 1000\n', b'event: changed\n', f'data: {tag(OLD)}\n'.encode()])
        with self.assertRaises(urllib.error.HTTPError) as raised:
            request('PUT', 'pets.json', b' ' * 100001)
        self.assertEqual(raised.exception.code, 413)
        raised.exception.close()
        # Without TLS.
        self.assertFalse(server.raw(b'GET /pets.json HTTP/1.1\r\nHost: localhost\r\n\r\n').startswith(b'HTTP'))
        # Who does not trust it, says so; and it goes on.
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(server.uri, timeout=PATIENCE)
        with request('GET', 'pets.json') as reply:
            self.assertEqual(reply.read(), OLD)


if __name__ == '__main__':
    tap.main()
