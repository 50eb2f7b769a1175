# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Stands between one client and an HTTP server, and notes what passes.

What a test does with it happens in its hooks: hold a request, lose it or its reply, or
change the headers. The server is asked as from this computer, whoever asks."""

import contextlib
import itertools
import json
import os
import socket
import socketserver
import struct
import threading

PATIENCE_S = 60

# A number for each thing that happens, so that proxies together know what was first.
CLOCK = itertools.count(1)


class Lost(Exception):
    """Raised by a hook: the client gets no reply."""


class Exchange:
    """A request, and what has become of it."""

    def __init__(self, client):
        self.began = next(CLOCK)
        self.ended = None
        self.status = None
        self.client = client
        line, *fields = read_head(client)
        self.method, self.target, _ = line.split(' ', 2)
        self.fields = [field.split(': ', 1) for field in fields]
        self.body = read_exactly(client, int(self['Content-Length'] or 0))

    def __getitem__(self, name):
        return get_field(self.fields, name)

    @property
    def succeeded(self):
        return self.status is not None and 200 <= self.status < 300

    def rows(self):
        return set(json.loads(self.body)[0].get('writes', {}))

    def to_bytes(self, host):
        own = ('host', 'connection')
        fields = [field for field in self.fields if field[0].lower() not in own]
        return make_head(f'{self.method} {self.target} HTTP/1.1',
                         fields + [['Host', host], ['Connection', 'close']]) + self.body


def read_head(stream):
    lines = []
    while True:
        line = stream.readline()
        if not line.endswith(b'\r\n'):
            raise Lost('there is no more')
        if line == b'\r\n':
            return lines
        lines.append(line.decode('latin-1').rstrip('\r\n'))


def read_exactly(stream, length):
    data = stream.read(length)
    if len(data) < length:
        raise Lost('it breaks off')
    return data


def make_head(line, fields):
    return '\r\n'.join([line] + [': '.join(field) for field in fields] + ['', '']).encode('latin-1')


def get_field(fields, name):
    return next((value for key, value in fields if key.lower() == name.lower()), None)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        # A client that goes away is no error, nor is a server that ends.
        with contextlib.suppress(Lost, OSError):
            self.server.proxy.clients.append(self.request)
            self.server.proxy.handle(self.rfile, self.wfile)


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class Proxy:
    """One client has it for itself, so that what passes is its own."""

    def __init__(self, port, address='127.0.0.1'):
        self.port = port                  # of the server
        self.exchanges = []               # in the order in which they began
        self.clients = []                 # sockets
        self.before = lambda exchange: None             # before the server has it
        self.after = lambda exchange: None              # it was answered; the client does not know
        self.change = lambda fields: fields             # of the reply
        self.listener = Listener((address, 0), Handler)
        self.listener.proxy = self
        self.uri = f'http://{address}:{self.listener.server_address[1]}/'
        self.thread = threading.Thread(target=self.listener.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.listener.shutdown()
        self.thread.join()
        self.listener.server_close()

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.port), PATIENCE_S)

    def send(self, upstream, exchange, length=None):
        upstream.sendall(exchange.to_bytes(f'127.0.0.1:{self.port}')[:length])

    def handle(self, rfile, wfile):
        exchange = Exchange(rfile)
        self.exchanges.append(exchange)
        self.before(exchange)
        with self.connect() as upstream, upstream.makefile('rb') as reply:
            self.send(upstream, exchange)
            # A stream of events may be silent for long.
            upstream.settimeout(None)
            line, *fields = read_head(reply)
            fields = [field.split(': ', 1) for field in fields]
            exchange.ended = next(CLOCK)
            exchange.status = int(line.split()[1])
            self.after(exchange)
            wfile.write(make_head(line, self.change(fields)))
            while data := reply.read1(65536):
                wfile.write(data)

    def vanish(self):
        """Forgets all connections. If the network is gone, no client hears of it."""
        for client in self.clients:
            if client.fileno() >= 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                os.close(client.detach())

    def streams(self):
        """How often a client has begun to listen to events."""
        return len([exchange for exchange in self.exchanges if exchange.target.endswith('?events')])

    def puts(self):
        """The saves that have reached the server."""
        return [exchange for exchange in list(self.exchanges)
                if exchange.method == 'PUT' and exchange.status is not None]


class Gate:
    """Holds the next save of libtstore behind a proxy: it has looked, and not replaced yet."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.arrived = threading.Event()
        self.opened = threading.Event()

    def hold(self, exchange):
        if exchange.method == 'PUT':
            self.proxy.before = lambda exchange: None
            self.arrived.set()
            self.opened.wait(PATIENCE_S)

    def __enter__(self):
        self.proxy.before = self.hold
        return self

    def wait(self):
        if not self.arrived.wait(PATIENCE_S):
            raise TimeoutError('waiting for a save')

    def __exit__(self, *unused):
        self.opened.set()
