# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What may be lost where somebody replaces a file with an older view of it.

Each write has a row of its own, so a version of the file is the set of its rows."""


def is_explained(row, after, versions, is_theirs):
    """Whether a store shows a version of the other one that has not got the row, with nothing
    beside it but what libtstore wrote."""
    return any(row not in version and version <= after and
               not any(is_theirs(other) for other in after - version) for version in versions)


def loads(log):
    """For each load of ours, what it found and left, how much was written here before it, and how
    much of that may have been saved."""
    n_saved = 0
    for entry in log:
        if 'saved' in entry:
            n_saved = entry['saved']
        elif 'loaded' in entry:
            yield dict(entry, loaded=set(entry['loaded'].split())), n_saved


def check_losses(test, log, prefix, versions, is_theirs):
    """Checks what has vanished from a store of ours with each load. Returns how much that was."""
    before, n_before, n_lost = set(), 0, 0
    for entry, n_saved in loads(log):
        after, n_written = entry['loaded'], entry['written']
        before |= {f'{prefix}{i}' for i in range(n_before + 1, n_written + 1)}
        unsaved = {f'{prefix}{i}' for i in range(n_saved + 1, n_written + 1)}
        test.assertEqual(unsaved - after, set(), 'what was not saved was lost')
        for row in before - after:
            test.assertTrue(is_explained(row, after, versions, is_theirs),
                            f'{row} was lost, which nobody has overwritten')
            n_lost += 1
        before, n_before = after, n_written
    return n_lost
