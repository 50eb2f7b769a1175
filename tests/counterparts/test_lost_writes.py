#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""How many writes are lost: the same script with TinyBase and with libtstore.

Each program is used as its documentation says, and ends in good order, unless it is killed.
Each write has a row of its own. What was written and is not in the file in the end is lost.

The last test prints the table; with TST_TEST_SOAK, that of docs/compared.md."""

import contextlib
import json
import os
import resource
import sys
import time
import unittest

# Not into the folder of the sources.
sys.dont_write_bytecode = True

from peers import PATIENCE_S, SEED, SOAK, Place, add_rows, require_tinybase, tinybase_version, wait_for
import tap

GJS, NODE, FAULT = sys.argv[1:4]
SIDES = ('TinyBase', 'libtstore')

# Long enough for a load and a save to take several turns of a main loop.
BALLAST = 'x' * 4000000

# Less than any file of the test.
FULL = 8


def times(long, short):
    return long if SOAK else short


def write_content(place, *rows, ballast=False):
    content = [{}, {'ballast': BALLAST} if ballast else {}]
    add_rows(content, *rows)
    place.replace(content)


def count_lost(place, *rows):
    return len(set(rows) - place.rows())


def names(prefix, n):
    return [f'{prefix}{i}' for i in range(1, n + 1)]


def end_together(place, name):
    for peer in place.peers:
        peer.ask('settle')
    (place.all_have_seen if name == 'libtstore' else place.look_for)('mark')
    for peer in list(place.peers):
        peer.end()


def own_file(name):
    """One program, writes 1 to 7 ms apart, F2"""
    n = 500
    with Place(GJS, NODE) as place:
        write_content(place, 'first')
        peer = place.start_persisting(name)
        peer.ask('rapid', prefix='w', n=n, seed=SEED)
        end_together(place, name)
        return n, count_lost(place, *names('w', n))


def two_programs(name):
    """Two programs on one file, writes 1 to 7 ms apart, F22"""
    n = times(250, 100)
    with Place(GJS, NODE) as place:
        write_content(place, 'first')
        peers = [place.start_persisting(name) for _ in range(2)]
        numbers = [peer.send('rapid', prefix=f'{i}.', n=n, seed=SEED + i)
                   for i, peer in enumerate(peers)]
        for peer, number in zip(peers, numbers):
            peer.receive(number)
        end_together(place, name)
        return 2 * n, count_lost(place, *names('0.', n), *names('1.', n))


def during_load(name):
    """Writes while a change of the file is being loaded, F1"""
    n = times(100, 5)
    with Place(GJS, NODE) as place:
        write_content(place, 'first', ballast=True)
        peer = place.start_persisting(name)
        peer.ask('settle')
        for i in range(n):
            peer.ask('writeWhile', status='loading', prefix='w')
            place.add(f'other{i}')
            peer.wait_for_rows(f'other{i}')
            peer.ask('settle')
            # All that it saves is in the file before it is changed again.
            wait_for(lambda: peer.rows() <= place.rows(), 'the save')
        n_written = peer.ask('count')
        peer.end()
        return n_written, count_lost(place, *names('w', n_written))


def during_first_save(name):
    """Writes during the first save of auto-save, F4"""
    n_written = n_lost = 0
    for _ in range(times(50, 3)):
        with Place(GJS, NODE) as place:
            write_content(place, 'first', ballast=True)
            peer = place.start(name)
            peer.ask('load')
            peer.ask('set', row='second', value=1)
            peer.ask('writeWhile', status='saving', prefix='w')
            peer.ask('startSave')
            peer.ask('settle')
            n = peer.ask('count')
            peer.end()
            n_written += n
            n_lost += count_lost(place, *names('w', n))
    return n_written, n_lost


def quick_end(name):
    """Some changes 1 ms apart, and the end right after the last one, F5"""
    n, rows, n_lost = times(50, 5), names('w', 5), 0
    with Place(GJS, NODE) as place:
        peer = place.start(name)
        for i in range(n):
            place.path = os.path.join(place.dir, f'{i}.json')
            write_content(place, ballast=True)
            peer.ask('quick', path=place.path, rows=rows)
            n_lost += count_lost(place, *rows)
            os.remove(place.path)
        peer.leave()
        return n * len(rows), n_lost


def set_limit(peer, size):
    """How long a file may become that the process writes."""
    _, hard = resource.prlimit(peer.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(peer.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def failed_save(name):
    """A save fails for lack of space; later there is some, and the end, F7"""
    n, n_lost = times(50, 3), 0
    for _ in range(n):
        with Place(GJS, NODE) as place:
            write_content(place, 'first')
            peer = place.start_persisting(name)
            peer.ask('settle')
            set_limit(peer, FULL)
            peer.ask('set', row='w', value=1)
            wait_for(lambda: peer.ask('errors'), 'the save to fail')
            set_limit(peer, resource.RLIM_INFINITY)
            peer.end()
            n_lost += count_lost(place, 'w')
    return n, n_lost


def is_anywhere(place, text):
    """In the folder, under any name."""
    for name in os.listdir(place.dir):
        with open(os.path.join(place.dir, name), encoding='utf-8') as file:
            if text in file.read():
                return True
    return False


def corrupt_original(name):
    """What is in a file that breaks off, and which there are defaults for, F13"""
    rows = names('w', 100)
    content = [{}, {}]
    add_rows(content, *rows)
    text = json.dumps(content)[:-8]
    with Place(GJS, NODE) as place:
        with open(place.path, 'w', encoding='utf-8') as file:
            file.write(text)
        peer = place.start(name)
        number = peer.send('start', defaults=[{'writes': {'default': {'n': 1}}}, {}])
        wait_for(lambda: peer.ask('errors'), 'the load to fail')
        peer.answer(number)
        peer.ask('settle')
        peer.ask('set', row='new', value=1)
        peer.ask('settle')
        peer.end()
        return len(rows), len([row for row in rows if not is_anywhere(place, f'"{row}"')])


def saved_rows(peer):
    return [message['saved'] for message in peer.told if 'saved' in message]


def is_half_written(place, left):
    """Whether a file, under any name but those, is shorter than it is to become."""
    for name in set(os.listdir(place.dir)) - left:
        with contextlib.suppress(FileNotFoundError):
            if os.stat(os.path.join(place.dir, name)).st_size < len(BALLAST):
                return True
    return False


def killed(name):
    """Told to be saved, then killed in the middle of the next save, F18"""
    saved = set()
    with Place(GJS, NODE) as place:
        write_content(place, 'first', ballast=True)
        for i in range(times(100, 5)):
            peer = place.start(name)
            peer.ask('load')
            peer.send('saveAll', prefix=f'{i}.', n=1000)
            wait_for(lambda: peer.drain() and saved_rows(peer), 'a save')
            left = set(os.listdir(place.dir)) - {os.path.basename(place.path)}
            deadline = time.monotonic() + PATIENCE_S
            while not is_half_written(place, left):
                assert time.monotonic() < deadline, 'no save is under way'
            peer.kill()
            saved.update(saved_rows(peer))
        return len(saved), count_lost(place, *saved)


def count_synced(log):
    """How many of the renames in it came after the fsync of what was renamed, and before that
    of a folder."""
    with open(log, encoding='utf-8') as file:
        calls = [line.split(None, 3)[1] for line in file if line.strip()]
    n_synced, file_synced, renamed = 0, False, False
    for call in calls:
        if call == 'create':
            file_synced = renamed = False
        elif call == 'rename':
            renamed = True
        elif call == 'fsync' and not renamed:
            file_synced = True
        elif call == 'fsync' and file_synced:
            n_synced += 1
            renamed = False
    return n_synced, calls.count('rename')


def power_failure(name):
    """Told to be saved, but not on the disk yet, if the power fails then, F18"""
    n = times(100, 10)
    with Place(GJS, NODE) as place:
        write_content(place, 'first')
        log = place.dir + '.log'
        try:
            peer = place.start(name, env={'LD_PRELOAD': FAULT, 'FAULT_DIR': place.dir,
                                          'FAULT_LOG': log})
            peer.ask('load')
            peer.ask('saveAll', prefix='w', n=n)
            n_synced, n_saves = count_synced(log)
            peer.end()
        finally:
            os.remove(log)
        assert n_saves == n, f'{n_saves} saves were seen'
        return n, n - n_synced


SCENARIOS = [own_file, two_programs, during_load, during_first_save, quick_end, failed_save,
             corrupt_original, killed]
if FAULT != 'none':
    SCENARIOS.append(power_failure)

table = {}


class LostWrites(unittest.TestCase):
    pass


def add_test(scenario):
    def test(self):
        results = {name: scenario(name) for name in SIDES}
        table[scenario] = results
        # Nothing is measured by what did not happen.
        for name in SIDES:
            self.assertGreater(results[name][0], 0, name)
        self.assertEqual(results['libtstore'][1], 0)
    test.__doc__ = scenario.__doc__
    setattr(LostWrites, f'test_{scenario.__name__}', test)


def print_table():
    print(f'# TinyBase {tinybase_version()}, seed {SEED}')
    print('# | | lost by TinyBase | lost by libtstore |')
    print('# | --- | --- | --- |')
    for scenario in SCENARIOS:
        if scenario not in table:
            continue
        results, title = table[scenario], scenario.__doc__
        cells = [f'{lost} of {written}' for written, lost in (results[name] for name in SIDES)]
        print(f'# | {title} | {cells[0]} | {cells[1]} |', flush=True)


for each in SCENARIOS:
    add_test(each)


if __name__ == '__main__':
    require_tinybase()
    try:
        tap.main()
    finally:
        print_table()
