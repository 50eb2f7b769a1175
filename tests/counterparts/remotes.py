# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A document on an HTTP server, and the programs that share it."""

import contextlib
import http.client
import json
import os
import sys

from peers import HERE, PATIENCE_S, Place, add_rows, wait_for
from proxy import Proxy

sys.path += [os.path.join(HERE, '..', name) for name in ('server', 'servers')]

import demo_server  # noqa: E402
import servers      # noqa: E402

DOCUMENT = 'store.json'

# How often they look for news, in milliseconds.
POLL = 50

# Of libtstore, so that nothing waits for half a minute.
TIMEOUT = 10_000


@contextlib.contextmanager
def start_server(kind):
    """One of servers.PROGRAMS, or 'demo'."""
    if kind != 'demo':
        with servers.start(kind) as server:
            yield server
        return
    with demo_server.Server() as server:
        yield server


class RemotePlace(Place):
    """A document on a server of this computer."""

    def __init__(self, gjs, node, server):
        super().__init__(gjs, node)
        self.port = server.port
        self.path = f'http://127.0.0.1:{self.port}/{DOCUMENT}'
        self.stack = contextlib.ExitStack()

    def __exit__(self, *unused):
        super().__exit__(*unused)
        self.stack.close()

    def start(self, name, env=None, log=False, poll=POLL, timeout=TIMEOUT, **options):
        return super().start(name, env, log, poll=poll, timeout=timeout, **options)

    def start_proxy(self):
        return self.stack.enter_context(Proxy(self.port))

    def start_behind(self, proxy, name='libtstore', **options):
        return self.start(name, path=proxy.uri + DOCUMENT, **options)

    # The document

    def request(self, method, body=None, headers=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, f'/{DOCUMENT}', body, headers or {})
            reply = connection.getresponse()
            return reply.status, reply.headers['ETag'], reply.read()
        finally:
            connection.close()

    def read_text(self):
        status, _, body = self.request('GET')
        if status == 404:
            raise FileNotFoundError(self.path)
        assert status == 200, (status, body)
        return body.decode()

    def put(self, content, **headers):
        body = json.dumps(content, separators=(',', ':')).encode()
        headers = {name.replace('_', '-'): headers[name] for name in headers}
        return self.request('PUT', body, {'Content-Type': 'application/json'} | headers)[0]

    def replace(self, content):
        status = self.put(content)
        assert status in (200, 201, 204), status

    def add(self, *rows):
        """As a script would where others save too: it replaces only what it has read. Where
        that is not checked, nobody else may save meanwhile."""
        wait_for(lambda: self.try_to_add(rows), 'a save of the script')

    def try_to_add(self, rows):
        _, tag, body = self.request('GET')
        content = json.loads(body)
        add_rows(content, *rows)
        # Some tags hold only after a while.
        return not tag.startswith('W/') and self.put(content, If_Match=tag) in (200, 201, 204)
