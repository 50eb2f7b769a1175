# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs tstore-demo-server in a folder of its own, and talks with it."""

import hashlib
import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else None

# For everything that has to happen at all. Nothing waits for it to pass.
PATIENCE = 60

JSON = {'Content-Type': 'application/json'}


def digest(body):
    return hashlib.sha256(body).hexdigest()


def tag(body, suffix=''):
    return f'"{digest(body)}{suffix}"'


def content(**values):
    """The text of a store with some values."""
    return json.dumps([{}, values], separators=(',', ':')).encode()


def wait_until(is_true, what):
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f'waiting for {what}')
        time.sleep(0.01)


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def __getitem__(self, name):
        return self.headers[name]


class Server:
    """A server, and requests to it. At the end, it has to end well, and is waited for."""

    def __init__(self, *args, env=None, folder=None):
        self.args = args
        self.env = dict(os.environ, **(env or {}))
        self.own_folder = None if folder else tempfile.mkdtemp(prefix='tst-server-')
        self.folder = folder or self.own_folder
        self.process = None
        self.start()

    def start(self):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [PROGRAM, '--folder', self.folder, '--port', '0', *self.args],
            env=self.env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            self.process.kill()
            raise TimeoutError('waiting for the server to listen')
        self.uri = self.process.stdout.readline().decode().strip()
        self.port = urllib.parse.urlsplit(self.uri).port

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        try:
            code = self.stop() if self.process else 0
        finally:
            if self.own_folder:
                shutil.rmtree(self.own_folder)
        if kind is None and code != 0:
            raise AssertionError(f'the server ended with {code}')

    def stop(self, number=signal.SIGTERM):
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.wait()
            process.stdout.close()

    def connect(self, host='127.0.0.1'):
        return socket.create_connection((host, self.port), PATIENCE)

    def request(self, method, target, body=None, headers=None, host='127.0.0.1'):
        connection = http.client.HTTPConnection(host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, headers or {})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def get(self, target, **headers):
        return self.request('GET', target, headers={name.replace('_', '-'): value
                                                    for name, value in headers.items()})

    def put(self, target, body, **headers):
        return self.request('PUT', target, body, JSON | {name.replace('_', '-'): value
                                                         for name, value in headers.items()})

    def raw(self, *parts):
        """Sends bytes as they are, and returns all that comes until the end."""
        with self.connect() as connection:
            try:
                for part in parts:
                    connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return read_all(connection)

    def path(self, name):
        return os.path.join(self.folder, name)

    def names(self):
        return sorted(os.listdir(self.folder))

    def n_files(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))


def read_all(connection):
    data = b''
    while True:
        try:
            block = connection.recv(65536)
        except ConnectionResetError:
            return data
        if not block:
            return data
        data += block


def read_until(connection, end):
    data = b''
    while not data.endswith(end):
        byte = connection.recv(1)
        if not byte:
            raise EOFError(data)
        data += byte
    return data


def status_of(data):
    """Of a reply as it came."""
    line = data.split(b'\r\n', 1)[0].split()
    return int(line[1]) if len(line) > 1 and line[0].startswith(b'HTTP/1.') else None
