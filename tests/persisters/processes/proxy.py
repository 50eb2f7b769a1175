# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Stands between processes and a server, and does to their requests what networks,
gateways and hotels do. Each process has a port of its own.

What is done to a request is drawn from a seed. A request that is on its way when its
process is killed is dropped or arrives, and after shut() it has done either."""

import asyncio
import collections
import random
import socket
import struct
import threading

HOST = '127.0.0.1'
PATIENCE_S = 120

# Longer than a worker waits for an answer.
HANG_S = 5

# An answer that takes longer than this may come after the client has given up.
PROMPT_S = 0.5

# So many contents are remembered, to know what a save was about to replace.
N_CONTENTS = 1000

HOTEL = b'<!DOCTYPE html><html><body>Welcome! Please log in.</body></html>'

STATUSES = {
    'error 500': ('500 Internal Server Error', ''),
    'error 502': ('502 Bad Gateway', ''),
    'error 503': ('503 Service Unavailable', 'Retry-After: 1\r\n'),
    'error 429': ('429 Too Many Requests', 'Retry-After: 1\r\n'),
    'error 404': ('404 Not Found', ''),
    'error 401': ('401 Unauthorized', 'WWW-Authenticate: Basic realm="soak"\r\n'),
    'hotel page': ('200 OK', ''),
}

# Before the server has heard of the request, as often as this.
BEFORE = {
    'delay': 10,
    'refuse': 3,
    'reset before the request': 4,
    'hang': 2,
    **{name: 2 for name in STATUSES},
}

# While or after the server hears of it, if it is a PUT.
SAVING = {
    'reset in the request': 5,
    'reset after the request': 6,
    'swallow the answer': 8,
    'swallow the answer and hang': 3,
    'error after saving': 5,
    'deliver late': 3,
    'duplicate': 5,
    'duplicate, second answer': 5,
}

# On the way back.
AFTER = {
    'reset in the answer': 4,
    'truncate the answer': 4,
    'length too large': 3,
    'length too small': 3,
}

STREAM = {'end the stream': 20, 'reset the stream': 20, 'silence the stream': 10}

# Of a hundred; the others are left alone.
assert sum((BEFORE | SAVING | AFTER).values()) < 100


class Gone(Exception):
    """The server is not there."""


Request = collections.namedtuple('Request', 'method target headers body')
# What a save was to replace, and by what, as text.
Save = collections.namedtuple('Save', 'before after')


def parse_head(head):
    first, *lines = head.decode('latin-1').split('\r\n')
    headers = dict(line.split(': ', 1) for line in lines if ': ' in line)
    return first, {name.lower(): value for name, value in headers.items()}


def make_head(first, headers):
    headers = {name: value for name, value in headers.items() if name != 'connection'}
    lines = [first] + [f'{name}: {value}' for name, value in headers.items()] + ['Connection: close', '', '']
    return '\r\n'.join(lines).encode('latin-1')


def status_of(answer):
    """None: it has not answered."""
    return int(answer[9:12]) if answer[9:12].isdigit() else None


def reset(writer):
    connection = writer.get_extra_info('socket')
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    writer.transport.abort()


class Door:
    """Where one process comes in."""

    def __init__(self, name):
        self.name = name
        self.listener = None
        self.port = 0
        self.tasks = set()          # of connections
        self.under_way = set()      # what the server is to hear, whatever becomes of the client
        self.is_shut = False
        self.blind_until = 0        # the server seems to have nothing


class Proxy:

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.server_port = None     # None: it is down
        self.counts = collections.Counter()
        self.n_requests = self.n_streams = 0
        self.doubts = collections.deque()   # saves of which their process does not know the end
        self.contents = collections.OrderedDict()   # by tag
        self.doors = {}
        self.calm = asyncio.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    # For the thread of the world.

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_S)

    def open(self, name):
        """Returns a port for a process."""
        return self.run(self.do_open(name))

    def shut(self, name):
        """Waits until nothing of a process can arrive any more."""
        self.run(self.do_shut(name))

    def set_calm(self, calm):
        """Whether to leave all requests alone. Those that were not are over on return."""
        self.run(self.do_set_calm(calm))

    def close(self):
        for name in list(self.doors):
            self.shut(name)
        self.run(self.end_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE_S)
        self.loop.close()

    async def end_tasks(self):
        """What the faults have started, such as the door of somebody that is shut."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Doors.

    async def listen(self, door):
        def connected(reader, writer):
            task = asyncio.ensure_future(self.serve(door, reader, writer))
            door.tasks.add(task)
            task.add_done_callback(door.tasks.discard)
        door.listener = await asyncio.start_server(connected, HOST, door.port, reuse_address=True)
        door.port = door.listener.sockets[0].getsockname()[1]

    async def do_open(self, name):
        door = self.doors[name] = Door(name)
        await self.listen(door)
        return door.port

    async def do_shut(self, name):
        door = self.doors.pop(name)
        door.is_shut = True
        door.listener.close()
        for task in list(door.tasks):
            task.cancel()
        await asyncio.gather(*door.tasks, *door.under_way, return_exceptions=True)

    async def do_set_calm(self, calm):
        if not calm:
            self.calm.clear()
            return
        self.calm.set()
        for door in self.doors.values():
            await asyncio.gather(*door.under_way, return_exceptions=True)

    async def shut_for_a_while(self, door):
        door.listener.close()
        await self.pause(self.random.uniform(0.05, 0.6))
        if not door.is_shut:
            await self.listen(door)

    # Faults.

    def draw(self, faults):
        """Returns the name of a fault, or None."""
        left = self.random.randrange(100)
        if self.calm.is_set():
            return None
        for name, weight in faults.items():
            left -= weight
            if left < 0:
                return name
        return None

    def is_blind(self, door):
        return self.loop.time() < door.blind_until and not self.calm.is_set()

    def count(self, fault):
        self.counts[fault] += 1

    async def pause(self, seconds):
        """Shorter where calm is asked for."""
        try:
            await asyncio.wait_for(self.calm.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    async def until_gone(self, reader):
        """Until the client gives up."""
        waits = [asyncio.ensure_future(reader.read(1)), asyncio.ensure_future(self.calm.wait())]
        await asyncio.wait(waits, timeout=HANG_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    # Requests.

    async def serve(self, door, reader, writer):
        try:
            head = await reader.readuntil(b'\r\n\r\n')
            first, headers = parse_head(head)
            method, target, _ = first.split(' ')
            self.n_requests += 1
            if '?events' in target:
                await self.serve_stream(door, reader, writer, Request(method, target, headers, b''))
            else:
                await self.serve_request(door, reader, writer, Request(method, target, headers, b''))
        except (Gone, OSError, asyncio.IncompleteReadError):
            reset(writer)
        finally:
            writer.close()

    async def serve_request(self, door, reader, writer, request):
        is_save = request.method == 'PUT'
        fault = self.draw(BEFORE | AFTER | (SAVING if is_save else {}))
        if not is_save and self.is_blind(door):
            fault = 'error 404'
        if fault:
            self.count(fault)
        if fault in BEFORE and not await self.do_before(fault, door, reader, writer):
            return
        body = await reader.readexactly(int(request.headers.get('content-length', 0)))
        request = request._replace(body=body)
        if is_save:
            await self.save(door, fault, reader, writer, request)
        else:
            answer = await self.forward(request)
            self.remember(answer)
            await self.answer(fault, writer, answer)

    async def do_before(self, fault, door, reader, writer):
        """Returns whether the server is to hear of it."""
        if fault == 'delay':
            await self.pause(self.random.uniform(0, 0.8))
            return True
        if fault == 'hang':
            await self.until_gone(reader)
            reset(writer)
        elif fault == 'refuse':
            reset(writer)
            # Others may come in at the same moment: only one shuts it.
            if door.listener.is_serving():
                await self.shut_for_a_while(door)
        elif fault in STATUSES:
            if fault == 'error 404' and not self.is_blind(door):
                # Whoever looks twice sees nothing twice.
                door.blind_until = self.loop.time() + self.random.uniform(0, 0.4)
            status, headers = STATUSES[fault]
            await self.send(writer, f'HTTP/1.1 {status}\r\n{headers}Content-Type: text/html\r\n'
                            f'Content-Length: {len(HOTEL)}\r\nConnection: close\r\n\r\n'.encode() + HOTEL)
        else:
            reset(writer)
        return False

    async def connect(self):
        # A port that nobody listens at is not tried: somebody else may get it.
        if self.server_port is None:
            raise Gone
        try:
            return await asyncio.open_connection(HOST, self.server_port)
        except OSError as error:
            raise Gone from error

    async def forward(self, request, n_bytes=None):
        """Returns what the server answers; with n_bytes, only so much of the body is sent."""
        reader, writer = await self.connect()
        try:
            headers = make_head(f'{request.method} {request.target} HTTP/1.1', request.headers)
            writer.write(headers + request.body[:n_bytes])
            await writer.drain()
            if n_bytes is not None:
                reset(writer)
                return b''
            return await reader.read(-1)
        except OSError:
            return b''
        finally:
            writer.close()

    async def send(self, writer, data):
        writer.write(data)
        await writer.drain()

    async def answer(self, fault, writer, answer):
        if not answer:
            raise Gone
        head, end, body = answer.partition(b'\r\n\r\n')
        if fault == 'reset in the answer':
            await self.send(writer, answer[:self.random.randrange(len(answer))])
            reset(writer)
        elif fault == 'truncate the answer':
            await self.send(writer, answer[:self.random.randrange(len(answer))])
        elif fault in ('length too large', 'length too small') and body:
            first, headers = parse_head(head)
            change = self.random.randrange(1, len(body) + 1)
            length = len(body) + change if fault == 'length too large' else len(body) - change
            await self.send(writer, make_head(first, headers | {'content-length': length}) + body)
        else:
            await self.send(writer, head + end + body)

    # Saves.

    def remember(self, answer):
        head, _, body = answer.partition(b'\r\n\r\n')
        _, headers = parse_head(head)
        if status_of(answer) == 200 and body and 'etag' in headers:
            self.keep(headers['etag'], body)

    def keep(self, tag, text):
        self.contents[tag] = text
        self.contents.move_to_end(tag)
        if len(self.contents) > N_CONTENTS:
            self.contents.popitem(last=False)

    def doubt(self, request):
        """Whoever has sent this will not know what became of it."""
        tag = request.headers.get('if-match')
        if tag is None:
            self.doubts.append(Save(b'[{},{}]', request.body))
        elif tag in self.contents:
            # Any other one is a tag that nothing has, sent to see whether it is refused.
            self.doubts.append(Save(self.contents[tag], request.body))

    async def put(self, request, times, sure):
        """Returns the answers of the server, which is sure to hear of it."""
        begin = self.loop.time()
        answers = []
        for _ in range(times):
            answers.append(await self.forward(request))
        head, _, _ = answers[0].partition(b'\r\n\r\n')
        status = status_of(answers[0])
        if status in (200, 201, 204):
            self.keep(parse_head(head)[1].get('etag'), request.body)
        if not sure or self.loop.time() - begin > PROMPT_S or status is None:
            # Anything else is the server's word that it was not saved.
            if status in (200, 201, 204, None):
                self.doubt(request)
        return answers

    def start_put(self, door, request, times=1, sure=False):
        task = asyncio.ensure_future(self.put(request, times, sure))
        door.under_way.add(task)
        task.add_done_callback(door.under_way.discard)
        # Whoever waits for it may be cancelled; nobody has to.
        task.add_done_callback(lambda task: task.cancelled() or task.exception())
        return asyncio.shield(task)

    async def save(self, door, fault, reader, writer, request):
        if fault == 'reset in the request':
            await self.forward(request, self.random.randrange(len(request.body)))
            reset(writer)
        elif fault == 'reset after the request':
            self.start_put(door, request)
            reset(writer)
        elif fault == 'deliver late':
            await self.until_gone(reader)
            await self.start_put(door, request)
            reset(writer)
        elif fault in ('swallow the answer', 'swallow the answer and hang'):
            await self.start_put(door, request)
            if fault == 'swallow the answer and hang':
                await self.until_gone(reader)
            reset(writer)
        elif fault == 'error after saving':
            await self.start_put(door, request)
            await self.send(writer, b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n'
                            b'Connection: close\r\n\r\n')
        elif fault in ('duplicate', 'duplicate, second answer'):
            answers = await self.start_put(door, request, 2, sure=fault == 'duplicate')
            await self.answer(None, writer, answers[fault != 'duplicate'])
        else:
            answers = await self.start_put(door, request, sure=fault not in AFTER)
            await self.answer(fault, writer, answers[0])

    # Streams of events.

    async def serve_stream(self, door, reader, writer, request):
        self.n_streams += 1
        fault = self.draw(BEFORE)
        if fault == 'delay':
            await self.pause(self.random.uniform(0, 0.8))
        elif fault in STATUSES or fault == 'reset before the request':
            self.count(fault)
            await self.do_before(fault, door, reader, writer)
            return
        source, sink = await self.connect()
        try:
            sink.write(make_head(f'{request.method} {request.target} HTTP/1.1', request.headers))
            await self.pump(source, reader, writer)
        finally:
            sink.close()

    async def pump(self, source, reader, writer):
        """Passes on what the server tells, until somebody has enough."""
        fault = self.draw(STREAM)
        deadline = self.loop.time() + self.random.uniform(0.1, 2)
        gone = asyncio.ensure_future(reader.read(1))
        try:
            while not gone.done():
                data = asyncio.ensure_future(source.read(65536))
                left = max(deadline - self.loop.time(), 0) if fault else None
                await asyncio.wait([data, gone], timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if not data.done():
                    data.cancel()
                    break
                if not data.result():
                    return
                await self.send(writer, data.result())
            if fault and not gone.done() and not self.calm.is_set():
                self.count(fault)
                if fault == 'reset the stream':
                    reset(writer)
                elif fault == 'silence the stream':
                    await self.until_gone(reader)
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
