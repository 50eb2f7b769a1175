# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What may be lost on a server that does not check what is replaced, or does it too early.

It is computed from what has passed the proxies, one for each client. Each write has a row of
its own, so a save is the set of its rows."""


def look_before(put, exchanges):
    """When its client has last asked what is there, and was told so, before a save."""
    return max((exchange.began for exchange in exchanges
                if exchange.method == 'GET' and exchange.status in (200, 304) and
                exchange.ended < put.began), default=put.began)


def done(proxy):
    return [put for put in proxy.puts() if put.succeeded]


def unchecked(ours, theirs):
    """Rows of the saves of one client that came between a look of the other one and its save."""
    rows = set()
    for put in done(ours):
        began = look_before(put, ours.exchanges)
        for other in done(theirs):
            if other.ended > began and other.began < put.ended:
                rows |= other.rows() - put.rows()
    return rows


def checked_too_early(ours, theirs):
    """Rows of the saves of one client that were under way together with one of the other which
    was to replace the same version: both were told that it is still there."""
    rows = set()
    for put in done(ours):
        for other in done(theirs):
            if other.ended > put.began and other.began < put.ended and \
               (other['If-Match'], other['If-None-Match']) == (put['If-Match'], put['If-None-Match']):
                rows |= other.rows() - put.rows()
    return rows


def nothing(*_proxies):
    return set()


def may_lose(window, one, other):
    return window(one, other) | window(other, one)
