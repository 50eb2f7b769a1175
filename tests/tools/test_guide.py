#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What docs/tool.md and docs/tstore.1 show is what happens."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import unittest

import demo_server
import tap
from tool import PATIENCE, SERVER, Case

GUIDE, MANUAL = sys.argv[3:5]
GIT = shutil.which('git')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


class Shown(Case):
    def run_command(self, command):
        """Returns all that it prints."""
        return subprocess.run(command, shell=True, cwd=self.folder, env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE, check=False).stdout.decode()


class Guide(Shown):
    def blocks(self, language):
        return re.findall(rf'^```{language}\n(.*?)^```$', read(GUIDE), re.MULTILINE | re.DOTALL)

    def test_sessions(self):
        sessions = self.blocks('console')
        self.assertGreater(len(sessions), 4)
        for session in sessions:
            said = ''
            for command in re.findall(r'^\$ (.*)$', session, re.MULTILINE):
                said += f'$ {command}\n{self.run_command(command)}'
            self.assertEqual(said, session)

    def test_all_are_run(self):
        self.assertEqual(len(re.findall(r'^```\w', read(GUIDE), re.MULTILINE)),
                         len(self.blocks('console')) + len(self.blocks('sh')))
        self.assertEqual(len(self.blocks('sh')), 2)

    def test_add(self):
        command = self.blocks('sh')[0]
        row_id = self.run_command(command).rstrip('\n')
        self.assertEqual(self.check('get', 'log.json', 'events', row_id), '{"what":"started"}\n')

    @unittest.skipUnless(GIT, 'git is missing')
    def test_git(self):
        self.assertIn('.git', self.run_command('git init'))
        self.assertEqual(self.run_command('set -e\n' + self.blocks('sh')[1]), '')
        self.assertEqual(self.run_command('git check-attr merge pets.json'), 'pets.json: merge: tstore\n')
        self.assertEqual(self.run_command('git config merge.tstore.driver'), git_driver())


def git_driver():
    """The command that the manual page gives to git, as a line."""
    return re.search(r'^git config merge\.tstore\.driver "(.*)"$', manual(), re.MULTILINE)[1] + '\n'


def manual():
    return read(MANUAL).replace(r'\(dq', '"').replace(r'\-', '-')


class Manual(Shown):
    def examples(self):
        section = re.search(r'^\.SH EXAMPLES\n(.*?)^\.SH', manual(), re.MULTILINE | re.DOTALL)[1]
        return [block.splitlines() for block in re.findall(r'^\.nf\n(.*?)^\.fi$', section, re.MULTILINE | re.DOTALL)]

    def test_examples(self):
        set_cell, get_cell, watch, diff = self.examples()[0]
        self.assertEqual(self.run_command(set_cell), '')
        self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido', 'price'), '-5\n')

        medium = shlex.split(get_cell)[2]
        self.check('set', medium, 'pets', 'fido', '{"species":"dog"}')
        self.assertEqual(self.run_command(get_cell), '{"species":"dog"}\n')

        self.write('a.json', '[{"pets":{"fido":{"price":5}}},{}]')
        self.write('b.json', '[{"pets":{"fido":{"price":6}}},{}]')
        self.write('c.json', '[{"pets":{"fido":{"price":5},"felix":{"price":4}}},{}]')
        self.assertEqual(self.run_command(diff), '')
        self.assertEqual(self.read('c.json').decode(), '[{"pets":{"fido":{"price":6},"felix":{"price":4}}},{}]')

        if SERVER:
            self.check_watch(shlex.split(watch))

    def check_watch(self, command):
        os.mkdir(self.path('documents'))
        # pylint: disable=unnecessary-dunder-call
        server = demo_server.Server(folder=self.path('documents'))
        self.addCleanup(server.__exit__, None)
        medium = command[-1].replace('https://example.org/', server.uri)
        self.check('set', medium, 'pets', 'fido', 'price', '5')
        process = self.start(*command[1:-1], medium)
        for price in range(1000):
            self.check('set', medium, 'pets', 'fido', 'price', str(price))
            if self.is_readable(process):
                break
        self.assertRegex(self.read_line(process.stdout), r'^\[\{"pets":\{"fido":\{"price":\d+\}\}\},\{\},1\]$')
        self.assertEqual(self.end(process, signal.SIGINT)[0::2], (0, ''))

    def test_git(self):
        """It is that of the guide, which is run."""
        self.assertEqual(len(self.examples()), 2)
        self.assertIn(git_driver().rstrip('\n'), read(GUIDE))


if __name__ == '__main__':
    tap.main()
