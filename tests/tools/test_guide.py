#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What docs/tool.md shows is what happens."""

import re
import subprocess
import sys

import tap
from tool import PATIENCE, Case

GUIDE = sys.argv[3]


class Guide(Case):
    def sessions(self):
        with open(GUIDE, encoding='utf-8') as file:
            return re.findall(r'^```console\n(.*?)^```$', file.read(), re.MULTILINE | re.DOTALL)

    def test_sessions(self):
        sessions = self.sessions()
        self.assertGreater(len(sessions), 4)
        for session in sessions:
            said = ''
            for command in re.findall(r'^\$ (.*)$', session, re.MULTILINE):
                result = subprocess.run(command, shell=True, cwd=self.folder, env=self.env, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
                said += f'$ {command}\n{result.stdout.decode()}'
            self.assertEqual(said, session)


if __name__ == '__main__':
    tap.main()
