# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What is measured, how fast each of it must be, and what proves that it was done."""

from dataclasses import dataclass, field

N_ROWS = 10000
N_CELLS = 10 * N_ROWS * 10
TEXT_SHA256 = '2602d137ecdbac65342c0022b534349ebd94a25b08931ec29fb940a689913f61'

# None is worse than this many times its target: what "on course" means.
COURSE = 1.5


@dataclass
class Workload:
    """One line of the table."""

    name: str
    group: str                    # the argument of the programs that measure it
    what: str
    check: object = N_CELLS       # what a measurement with the default data must print
    tinybase: float = None        # at least so many times as fast
    limit: float = None           # at most so many times the time
    instructions: int = None      # at most so many for one operation
    nanoseconds: float = None     # at most so many for one operation
    bytes: float = None           # at most so many for a cell
    own: tuple = None             # (workload, factor): at most so many times its time or bytes
    extra: tuple = None           # (workload, n): at most n bytes more than its
    peer_of: str = None           # the workload of TinyBase, naive and limit to compare with
    loop: str = None              # the measured function, for the instruction counter
    peer_checks: dict = field(default_factory=dict)

    @property
    def peer_name(self):
        return self.peer_of or self.name


def irregular(name, what, n_cells, type_sum):
    """The same as the regular data, within twice the cost of each cell."""
    return [
        Workload(f'{name} W1', name, f'W1 with {what}', n_cells, own=('W1', 2)),
        Workload(f'{name} W2', name, f'W2 with {what}', type_sum, own=('W2', 2)),
        Workload(f'{name} W4', name, f'W4 with {what}', n_cells, own=('W4', 2)),
        Workload(f'{name} W5', name, f'W5 with {what}', n_cells, own=('W5', 2)),
        Workload(f'{name} W6', name, f'W6 with {what}', n_cells, own=('W6', 2)),
    ]


WORKLOADS = [
    Workload('W1', 'W1', 'set 1 M cells, one transaction',
             tinybase=11, limit=2, instructions=700, loop='fill'),
    Workload('W1u', 'W1', 'overwrite them, one transaction',
             tinybase=10, limit=2.3, instructions=700, loop='overwrite'),
    Workload('W1ucursor', 'W1', 'overwrite them by cursor', peer_of='W1u',
             loop='overwrite_cursor'),
    Workload('W1v', 'W1v', 'W1 by GValue', peer_of='W1', loop='fill_values'),
    Workload('W1c', 'W1c', 'W1, a transaction each',
             tinybase=50, limit=2.3, instructions=700, loop='fill_alone'),
    Workload('W1uc', 'W1c', 'W1u, a transaction each', loop='overwrite_alone'),
    Workload('W1b', 'W1b', 'W1c with a listener on each table',
             tinybase=45, limit=2.8, loop='fill_alone'),
    Workload('W2', 'W2', '1 M random reads', 1699438,
             tinybase=4, limit=1.4, instructions=300, loop='read_random'),
    Workload('W2typed', 'W2', 'W2 by the getter of the type', 1699438, peer_of='W2',
             tinybase=4, limit=1.4),
    Workload('W2cursor', 'W2', 'W2 by cursor, sought each time', 1699438, peer_of='W2',
             loop='read_random_cursor'),
    Workload('W2held', 'W2held', 'W2 by a cursor held on each row', 1699438, peer_of='W2',
             tinybase=15, instructions=40, loop='read_random_held'),
    Workload('W2s', 'W2s', '1 M reads in order', 1699414,
             tinybase=2, limit=1.6, instructions=300, loop='read_ordered'),
    Workload('W2scursor', 'W2s', 'W2s by cursor', 1699414, peer_of='W2s',
             tinybase=6, instructions=40, loop='read_ordered_cursor'),
    Workload('W3rows', 'W3rows', '100,000 changes, 10,000 row listeners', 100000,
             tinybase=50, own=('W3spread', 1.5), loop='change'),
    Workload('W3few', 'W3few', 'the same with 10 listeners, in their rows', 100000, loop='change'),
    Workload('W3spread', 'W3spread', 'the same with 10 listeners, in all rows', 110, loop='change'),
    Workload('W3wild', 'W3wild', 'the same, one wildcard listener', 100000, tinybase=45,
             loop='change'),
    Workload('W3none', 'W3none', 'the same, nobody listens', 0),
    Workload('W3changed', 'W3changed', 'the same, by the signal "changed"', 100000,
             loop='change'),
    Workload('W4', 'W4', 'store to JSON text', TEXT_SHA256, tinybase=10, limit=2,
             loop='write_text', peer_checks={'naive': N_CELLS}),
    Workload('W5', 'W5', 'JSON text to a store', tinybase=22, limit=2, loop='read_text'),
    Workload('W6', 'W6', 'bytes for each cell', bytes=36),
    Workload('W7', 'W7', 'first 50 of 100,000 rows, by a number', 413676212,
             tinybase=60, limit=2),
    Workload('W7string', 'W7', 'W7 by a string', None),
    Workload('W7ids', 'W7', 'W7 by the row ids', None),
    Workload('W7all', 'W7', 'all 100,000 rows, by a number', None),
    # Who sorts again for each change makes fewer of them.
    Workload('W7live', 'W7live', 'a change while that page is kept live', 3548823201,
             tinybase=10000, nanoseconds=8000,
             peer_checks={'tinybase': 3752223631, 'naive': 3752223631}),
    Workload('W7live start', 'W7live', 'the first page of it', 413676212),
    Workload('W8', 'W8', 'one of 1 M cells changed, until it is durable', 200, own=('W8 raw', 2)),
    Workload('W8 raw', 'W8', 'an append of that size, and fdatasync', 200),
    Workload('W8 held', 'W8', 'the longest that the main loop is held by W8', 1, nanoseconds=4e6),
    Workload('W8 whole', 'W8', 'the whole file, until it is durable', 5, nanoseconds=70e6),
    Workload('W8 whole held', 'W8', 'the main loop held by that', 1, nanoseconds=4e6),
    Workload('W8 sync', 'W8', 'a cell that another process has put in the journal', 5),
    Workload('W8 sync held', 'W8', 'the main loop held by that', 1),
    Workload('W8 sync whole', 'W8', 'a cell that another process has put in the file', 5),
    Workload('W8 sync whole held', 'W8', 'the main loop held by that', 1),
    Workload('W8 load', 'W8', 'the file into an empty store', 1),
    Workload('W8 load held', 'W8', 'the main loop held by that', 1),
    Workload('W9 rename', 'W9', 'a small file that is replaced, until the store has it', 1,
             nanoseconds=3e6),
    Workload('W9 in place', 'W9', 'one that is written to', 1, nanoseconds=3e6),
    Workload('W9 truncate', 'W9', 'one that is emptied and written anew', 1, nanoseconds=3e6),
    Workload('W9 idle', 'W9', 'wake-ups in a second in which nothing happens', 0),
    Workload('W10 open', 'W10', 'a model of 1,000,000 rows, until its first page', 3188161584,
             nanoseconds=1e6),
    Workload('W10 sorted', 'W10', 'the same by a number', 96502085),
    Workload('W10 memory', 'W10', 'bytes for each row of both', 1000000),
    Workload('W10 edit', 'W10', 'a change of that number, told', 4202254447, nanoseconds=8000),
    Workload('W10 scroll', 'W10', 'an item somewhere', 2372272879),
    *irregular('sparse', '3 of 1,000 cell ids', 300000, None),
    *irregular('uuid', 'UUID ids', N_CELLS, 1699438),
    Workload('churn', 'churn', 'rows removed and added again', 100000, own=('W1c', 2)),
    Workload('churn growth', 'churn', 'bytes that 10 times the table cost', 100000, bytes=4),
    Workload('churn-new', 'churn', 'the same with new UUIDs', 100000, own=('W1c', 2)),
    Workload('churn-new growth', 'churn', 'bytes that 10 times the table cost', 100000, bytes=4),
    Workload('W1c memory', 'W1c', 'bytes for each cell'),
    Workload('persister W1c', 'persister', 'W1c while a file persister saves',
             own=('W1c', 1.5)),
    Workload('persister W1c memory', 'persister', 'bytes for each cell',
             extra=('W1c memory', 8)),
    Workload('persister W1uc', 'persister', 'W1uc while what was saved is pinned',
             own=('W1uc', 1.5)),
    Workload('persister W1uc memory', 'persister', 'bytes that cost'),
]

# What must not take more than 12 times the time with 10 times the rows; W7live does the
# same with them, but in ten times the memory.
GROWTH = {
    'W1': 1.2, 'W2': 1.2, 'W3rows': 1.2, 'W4': 1.2, 'W5': 1.2, 'W7live': 3,
}
