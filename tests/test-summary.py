#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that tests/summary.py counts what failed: nothing else would notice."""

import json
import subprocess
import sys
import tempfile
import unittest

TAP = "TAP version 13\n# Start of x tests\nok 1 /x/a\nok 2 /x/b # SKIP no display\nok 3 /x/c\n1..3\n"
SUMMARY = sys.argv.pop(1)


def summary(*tests, arguments=()):
    """Returns the last line and the exit status for a log of these tests."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
        for test in tests:
            record = {"name": "t", "command": ["./t"], "stdout": "", "result": "OK", "returncode": 0}
            log.write(json.dumps({**record, **test}) + "\n")
        log.flush()
        done = subprocess.run([SUMMARY, *arguments, log.name], capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


class Summary(unittest.TestCase):
    def test_programs_without_tap_are_one_test(self):
        self.assertEqual(summary({}, {"result": "SKIP", "returncode": 77}), ("1 passed, 0 failed, 1 skipped\n", 0))
        self.assertEqual(summary({}, {"result": "FAIL", "returncode": 1}), ("1 passed, 1 failed, 0 skipped\n", 1))

    def test_programs_with_tap_are_their_tests(self):
        self.assertEqual(summary({"stdout": TAP}), ("2 passed, 0 failed, 1 skipped\n", 0))
        failing = TAP.replace("ok 3", "not ok 3")
        self.assertEqual(summary({"stdout": failing, "result": "FAIL"}), ("1 passed, 1 failed, 1 skipped\n", 1))

    def test_what_fails_outside_the_tests_is_a_failure(self):
        for result in ("ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"):
            with self.subTest(result=result):
                self.assertEqual(summary({"stdout": TAP, "result": result, "returncode": 1}),
                                 ("2 passed, 1 failed, 1 skipped\n", 1))

    def test_no_tests_and_failed_builds_are_failures(self):
        self.assertEqual(summary(), ("0 passed, 1 failed, 0 skipped\n", 1))
        self.assertEqual(summary({}, arguments=["--broken", "2"]), ("1 passed, 2 failed, 0 skipped\n", 1))


if __name__ == "__main__":
    unittest.main()
