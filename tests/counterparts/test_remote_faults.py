#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A server that nobody trusts, that is killed, and whose clock is wrong: F7, F21, F25."""

import email.utils
import json
import os
import random
import signal
import sys
import threading
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import HERE, SEED, SOAK, add_rows, rows_of, wait_for
from proxy import Lost
from remotes import DOCUMENT, RemotePlace, demo_server, start_server
import tap

GJS, NODE, demo_server.PROGRAM = sys.argv[1:4]
TLS = os.path.join(HERE, '..', 'persisters', 'tls')


class Certificates(unittest.TestCase):
    """With an authority that only this test knows."""

    def setUp(self):
        certificate = [f'--tls-{name}={TLS}/server.{end}' for name, end in (('certificate', 'pem'), ('key', 'key'))]
        self.server = self.enterContext(demo_server.Server(*certificate))
        self.place = self.enterContext(RemotePlace(GJS, NODE, self.server))

    def read(self):
        with open(self.server.path(DOCUMENT), encoding='utf-8') as file:
            return json.load(file)

    def test_unknown_authority(self):
        """Detected: nothing is sent, nothing is lost, and all is there as soon as it is trusted."""
        self.assertTrue(self.server.uri.startswith('https:'))
        peer = self.place.start('libtstore', path=self.server.uri + DOCUMENT)
        peer.ask('set', row='here', value=1)
        reply = peer.answer(peer.send('start', defaults=[{}, {'open': True}]))
        self.assertIn('certificate', reply['error'])
        self.assertIn(self.server.uri, reply['error'])
        # It is tried again, which is not more successful.
        wait_for(lambda: len(peer.ask('errors')) > 2, 'more than one try')
        for error in peer.ask('errors'):
            self.assertIn('certificate', error)
        self.assertEqual(peer.rows(), {'here'})
        self.assertTrue(peer.ask('isDirty'))
        self.assertEqual(self.server.names(), [])
        peer.ask('trust', ca=f'{TLS}/ca.pem')
        wait_for(lambda: not peer.ask('isDirty'), 'a save')
        self.assertEqual(self.read(), peer.content())
        self.assertEqual(rows_of(self.read()), {'here'})
        peer.end()


class Killed(unittest.TestCase):
    """The server is killed in the middle of saves, again and again."""

    def setUp(self):
        print(f'# seed {SEED}', flush=True)
        self.random = random.Random(SEED)
        self.server = self.enterContext(start_server('demo'))
        self.server.args = '--port', str(self.server.port)
        self.place = self.enterContext(RemotePlace(GJS, NODE, self.server))
        self.place.replace([{}, {}])
        self.proxies = [self.place.start_proxy() for _ in range(2)]
        self.peers = [self.place.start_behind(proxy) for proxy in self.proxies]
        for peer in self.peers:
            peer.ask('start')
        self.killed = threading.Event()
        self.added = set()

    def kill(self):
        self.server.stop(signal.SIGKILL)
        self.killed.set()
        raise Lost('the server was killed')

    def disarm(self):
        for proxy in self.proxies:
            proxy.before = proxy.after = lambda exchange: None

    def kill_half_way(self, proxy, exchange):
        """Part of the request has arrived."""
        self.disarm()
        length = len(exchange.to_bytes(''))
        with proxy.connect() as upstream:
            proxy.send(upstream, exchange, self.random.randrange(length))
            self.kill()

    def kill_at_the_end(self, proxy, exchange):
        """All of it has arrived, and nobody knows what has become of it."""
        self.disarm()
        with proxy.connect() as upstream:
            proxy.send(upstream, exchange)
            self.kill()

    def kill_before_the_reply(self, proxy, exchange):
        """It has been done, and nobody was told."""
        self.disarm()
        exchange.status = None
        self.kill()

    def arm(self, kill):
        proxy = self.random.choice(self.proxies)
        hook = 'after' if kill == self.kill_before_the_reply else 'before'

        def on_exchange(exchange):
            if exchange.method == 'PUT':
                kill(proxy, exchange)
        setattr(proxy, hook, on_exchange)

    def told_to_be_saved(self):
        """Nothing is removed, so the last save of each has all of it."""
        saves = [[put for put in proxy.puts() if put.succeeded] for proxy in self.proxies]
        return set().union(*(puts[-1].rows() for puts in saves if puts))

    def edit_while_it_is_dead(self, row):
        """What is there must be whole, and have all that somebody was told to be saved."""
        path = self.server.path(DOCUMENT)
        with open(path, encoding='utf-8') as file:
            content = json.load(file)
        self.assertLessEqual(self.told_to_be_saved() | self.added, rows_of(content))
        add_rows(content, row)
        with open(path + '.new', 'w', encoding='utf-8') as file:
            json.dump(content, file)
        os.rename(path + '.new', path)
        self.added.add(row)

    def kill_once(self, i, kill):
        self.killed.clear()
        self.arm(kill)
        numbers = [(peer, peer.send('rapid', prefix=name, n=10, seed=SEED + i))
                   for peer, name in zip(self.peers, 'ab')]
        self.assertTrue(self.killed.wait(demo_server.PATIENCE))
        self.edit_while_it_is_dead(f's{i}')
        self.server.start()
        for peer, number in numbers:
            peer.receive(number)
        # Without being asked, both save what they have, and find what was changed.
        for peer in self.peers:
            peer.wait_for_rows(f's{i}')
            peer.ask('settle')

    def test_killed(self):
        """Guaranteed: nothing is lost, of what was saved, of what was not, and of what others wrote."""
        n = 100 if SOAK else 20
        kinds = self.kill_half_way, self.kill_at_the_end, self.kill_before_the_reply
        for i in range(n):
            self.kill_once(i, kinds[i % 3])
        expected = self.added | {f'{name}{i}' for name in 'ab' for i in range(1, 10 * n + 1)}
        for peer in self.peers:
            peer.wait_for_rows(*expected)
            self.assertEqual(peer.rows(), expected)
            self.assertTrue(peer.ask('errors'))
        self.assertEqual(self.place.rows(), expected)
        for peer in self.peers:
            peer.end()


class Clocks(unittest.TestCase):
    """A server's clock is wrong, or jumps."""

    JUMPS = 0, 40 * 365 * 86400, -40 * 365 * 86400, 86400, -3600

    def start(self, kind):
        self.server = self.enterContext(start_server(kind))
        self.place = self.enterContext(RemotePlace(GJS, NODE, self.server))
        self.proxies = [self.place.start_proxy() for _ in range(2)]
        self.offset = 0
        self.date_offset = 0
        self.has_tags = True
        for proxy in self.proxies:
            proxy.before = self.ask
            proxy.change = self.tell

    def shift(self, field, seconds):
        """One time in a header."""
        moment = email.utils.parsedate_to_datetime(field[1]).timestamp()
        field[1] = email.utils.formatdate(moment + seconds, usegmt=True)

    def ask(self, exchange):
        for field in exchange.fields:
            if field[0] == 'If-Modified-Since':
                self.shift(field, -self.offset)

    def tell(self, fields):
        for field in fields:
            if field[0] == 'Last-Modified':
                self.shift(field, self.offset)
            elif field[0] == 'Date':
                self.shift(field, self.offset + self.date_offset)
        return [field for field in fields if self.has_tags or field[0] != 'ETag']

    def start_two(self):
        self.place.replace([{'writes': {'row': {'n': 0}}}, {}])
        self.peers = [self.place.start_behind(proxy) for proxy in self.proxies]
        for peer in self.peers:
            peer.ask('start')

    def path(self):
        folder = self.server.folder
        return os.path.join(folder, DOCUMENT if self.has_demo else f'documents/{DOCUMENT}')

    def age(self, i):
        """As if it had been written long ago: from then on, its times can be relied on."""
        moment = 10**9 + 10 * i
        os.utime(self.path(), (moment, moment))

    def check_turns(self):
        """All versions have the same size."""
        # Without tags, what is older than what was seen counts as not modified since.
        jumps = self.JUMPS * (10 if SOAK else 2) if self.has_tags else sorted(self.JUMPS)
        for i, self.offset in enumerate(jumps):
            for j, writer in enumerate(self.peers):
                value = f'{100 + 2 * i + j}'
                writer.ask('set', row='row', value=value)
                writer.ask('settle')
                self.age(2 * i + j)
                expected = {'writes': {'row': {'n': value}}}
                self.assertEqual(self.place.read()[0], expected)
                for peer in self.peers:
                    wait_for(lambda: peer.content()[0] == expected, value)
        for peer in self.peers:
            peer.end()

    def check_jumps(self, kind, has_tags):
        self.has_demo = kind == 'demo'
        self.start(kind)
        self.has_tags = has_tags
        self.start_two()
        self.check_turns()

    def test_tags(self):
        """Guaranteed: with tags that are made of the content, no clock matters."""
        self.check_jumps('demo', True)

    def test_tags_made_of_times(self):
        """Guaranteed, one after the other."""
        self.check_jumps('nginx', True)

    def test_no_tags(self):
        """The same with nothing but Last-Modified, if the clock only jumps ahead."""
        self.check_jumps('demo', False)

    def replace_unseen(self):
        """Another content of the same size, in the same second as the last one."""
        moment = os.stat(self.path()).st_mtime_ns // 10**9
        self.place.replace([{'writes': {'row': {'n': 1}}}, {}])
        os.utime(self.path(), (moment, moment))

    def check_same_second(self):
        self.has_demo = False
        self.start('nginx')
        return self.proxies[0]

    def test_date_ahead(self):
        """Not detectable: a server that says that its content is older than it is, and makes its
        tags of times and sizes, gives another content the same tag."""
        proxy = self.check_same_second()
        self.date_offset = 3600
        self.start_two()
        self.replace_unseen()
        self.wait_for_look(proxy)
        self.assertEqual(self.peers[0].content()[0]['writes']['row'], {'n': 0})
        # The next change is found again.
        self.place.replace([{'writes': {'row': {'n': 22}}}, {}])
        wait_for(lambda: self.peers[0].content()[0]['writes']['row'] == {'n': 22}, 'the next one')
        for peer in self.peers:
            peer.end()

    def wait_for_look(self, proxy):
        """Two more looks: the second one began after now."""
        n = len(proxy.exchanges) + 2
        wait_for(lambda: len(proxy.exchanges) >= n and proxy.exchanges[n - 1].status, 'a look')

    def test_date_behind(self):
        """Guaranteed: the same, where it says that its content is of the future."""
        self.check_same_second()
        self.date_offset = -3600
        self.start_two()
        self.replace_unseen()
        for peer in self.peers:
            wait_for(lambda: peer.content()[0]['writes']['row'] == {'n': 1}, 'the other content')
            peer.end()


if __name__ == '__main__':
    tap.main()
