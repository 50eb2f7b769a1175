# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What may be lost where somebody replaces a file with an older view of it.

Each write has a row of its own, so a version of the file is the set of its rows."""


def is_explained(row, after, versions, is_theirs):
    """Whether a store shows a version of the other one that has not got the row, with nothing
    beside it but what libtstore wrote."""
    return any(row not in version and version <= after and
               not any(is_theirs(other) for other in after - version) for version in versions)


def shown_rows(peer):
    """What was in a store of ours after each load."""
    return [set(entry) for entry in peer.ask('log') if isinstance(entry, list)]


def check_losses(test, shown, versions, is_theirs):
    """Checks all that vanished from a store of ours, as it was after each load. Returns how
    much that was."""
    n_lost = 0
    for before, after in zip(shown, shown[1:]):
        for row in before - after:
            test.assertTrue(is_explained(row, after, versions, is_theirs),
                            f'{row} was lost, which nobody has overwritten')
            n_lost += 1
    return n_lost
