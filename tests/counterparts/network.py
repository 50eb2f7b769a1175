# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Networks of this computer: ours, and others, with a cable to each of them.

All are namespaces without a name, so that nothing is left whatever happens."""

import contextlib
import os
import shutil
import subprocess
import sys

INSIDE = 'TST_TEST_NETWORK'


def why_not():
    """Why there cannot be such networks."""
    missing = [program for program in ('ip', 'nsenter', 'unshare') if not shutil.which(program)]
    if missing:
        return f'{", ".join(missing)}: not installed'
    if os.geteuid() != 0:
        return 'only root can make networks'
    return None


def enter():
    """Goes on in a network of its own, in which nothing is yet."""
    if INSIDE in os.environ:
        run('ip', 'link', 'set', 'lo', 'up')
        return
    os.environ[INSIDE] = '1'
    os.execvp('unshare', ['unshare', '--net', sys.executable, *sys.argv])


class Cable:
    """One end is here, the other one with the clients. Each cable has a number."""

    def __init__(self, number=0):
        self.name = f'here{number}'
        self.server, self.client = f'10.213.{number}.1', f'10.213.{number}.2'
        # It holds their network, and ends with this process.
        # pylint: disable=consider-using-with
        self.holder = subprocess.Popen(['unshare', '--net', 'sh', '-c', 'echo; exec cat'],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.there = ['nsenter', f'--net=/proc/{self.holder.pid}/ns/net']

    def __enter__(self):
        run('ip', 'link', 'add', self.name, 'type', 'veth', 'peer', 'name', 'there', 'netns', str(self.holder.pid))
        # Addresses that come by themselves would come at any moment, as a change of the network.
        run('ip', 'link', 'set', self.name, 'addrgenmode', 'none')
        run(*self.there, 'ip', 'link', 'set', 'there', 'addrgenmode', 'none')
        run('ip', 'address', 'add', f'{self.server}/24', 'dev', self.name)
        run(*self.there, 'ip', 'address', 'add', f'{self.client}/24', 'dev', 'there')
        run(*self.there, 'ip', 'link', 'set', 'lo', 'up')
        self.plug_in_here()
        self.plug_in_there()
        return self

    def __exit__(self, *unused):
        with contextlib.suppress(subprocess.CalledProcessError):
            run('ip', 'link', 'delete', self.name)
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()

    # At the side of the server: the clients do not notice.

    def unplug_here(self):
        run('ip', 'link', 'set', self.name, 'down')

    def plug_in_here(self):
        run('ip', 'link', 'set', self.name, 'up')

    # At the side of the clients: their system notices, and has no network then.

    def unplug_there(self):
        run(*self.there, 'ip', 'link', 'set', 'there', 'down')

    def plug_in_there(self):
        run(*self.there, 'ip', 'link', 'set', 'there', 'up')
        run(*self.there, 'ip', 'route', 'add', 'default', 'via', self.server)

    # Somewhere between them: what is sent to the clients vanishes, and neither end notices.

    def lose(self):
        run('ip', 'route', 'add', 'blackhole', self.client)

    def lose_no_more(self):
        run('ip', 'route', 'delete', 'blackhole', self.client)


def run(*argv):
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
