# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs tstore in a folder of its own."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SERVER = sys.argv[1]
PROGRAM = os.path.abspath(sys.argv[2])

# For everything that has to happen at all. Nothing waits for it to pass.
PATIENCE = 60


class Case(unittest.TestCase):
    """A test in an empty folder, which is also the home of the user."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='tst-tool-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.env = dict(os.environ, HOME=self.folder,
                        XDG_DATA_HOME=self.path('data'), XDG_RUNTIME_DIR=self.path('run'),
                        PATH=os.path.dirname(PROGRAM) + ':' + os.environ['PATH'])
        os.mkdir(self.path('run'), 0o700)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def run_tool(self, *args, stdin=''):
        """Returns the exit code, and what was printed, as bytes if it is no text."""
        result = subprocess.run([PROGRAM, *args], cwd=self.folder, env=self.env,
                                input=stdin if isinstance(stdin, bytes) else stdin.encode(),
                                capture_output=True, timeout=PATIENCE, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def check(self, *args, stdin=''):
        """Returns what was printed, where nothing goes wrong."""
        code, out, err = self.run_tool(*args, stdin=stdin)
        self.assertEqual((code, err), (0, ''), args)
        return out

    def check_answer(self, answer, *args, stdin=''):
        """The answer is no: that is on the standard output, and no error."""
        code, out, err = self.run_tool(*args, stdin=stdin)
        self.assertEqual((code, out, err), (3, answer, ''), args)

    def check_fails(self, message, *args, stdin='', code=1):
        """Nothing is printed but an error."""
        actual, out, err = self.run_tool(*args, stdin=stdin)
        self.assertEqual((actual, out), (code, ''), (args, err))
        self.assertTrue(err.startswith('tstore: '), err)
        self.assertIn(message, err)
        self.assertEqual(err.count('\n'), 1 if code == 1 else 2, err)

    def check_usage(self, message, *args):
        self.check_fails(message, *args, code=2)

    def start(self, *args):
        # pylint: disable=consider-using-with
        process = subprocess.Popen([PROGRAM, *args], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    def read_line(self, stream):
        # Byte by byte: what select() does not know must not be in a buffer.
        line = b''
        while not line.endswith(b'\n'):
            if not select.select([stream], [], [], PATIENCE)[0]:
                raise TimeoutError(f'waiting for a line, after {line}')
            byte = os.read(stream.fileno(), 1)
            if not byte:
                raise EOFError(line)
            line += byte
        return line.decode().rstrip('\n')

    def is_readable(self, process):
        return bool(select.select([process.stdout], [], [], 0)[0])

    def end(self, process, number=signal.SIGKILL):
        """Returns the exit code, and what it has printed besides."""
        if process.stdout.closed:
            return None
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()
