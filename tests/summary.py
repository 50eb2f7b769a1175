#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Adds up the results in meson's testlog.json files.

A test program that speaks TAP counts as its tests; one that does not, or that
fails outside them (a crash, a leak, a timeout), counts as one more. What failed
goes to stderr, the sum to stdout.
"""

import argparse
import json
import os
import re
import sys

TAP_LINE = re.compile(r"^(ok|not ok)\b(?: +\d+)?[ -]*([^#\n]*)(?:# *(\w+))?", re.MULTILINE)
TAP_PLAN = re.compile(r"^(TAP version \d+|1\.\.\d+)", re.MULTILINE)
SHOWN_LINES = 60


def count_tap(text):
    """Returns how many tests passed, failed and were skipped, and the names of the failed."""
    passed = skipped = 0
    failed = []
    for result, name, directive in TAP_LINE.findall(text):
        directive = directive.upper()
        if directive == "SKIP":
            skipped += 1
        elif result == "ok" or directive == "TODO":
            passed += 1
        else:
            failed.append(name.strip())
    return passed, failed, skipped


def count_test(test):
    """Returns the same for one test program."""
    text = test["stdout"] or ""
    passed, failed, skipped = count_tap(text) if TAP_PLAN.search(text) else (0, [], 0)
    if test["result"] in ("OK", "EXPECTEDFAIL"):
        if not passed and not skipped:
            passed = 1
    elif test["result"] == "SKIP":
        if not skipped:
            skipped = 1
    elif not failed:
        failed = [f"the program itself: {test['result']}, exit status {test['returncode']}"]
    return passed, failed, skipped


def read_log(log):
    if not os.path.exists(log):
        return []
    with open(log, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def show(log, test, failed):
    print(f"\n{log}: {test['name']}: {', '.join(failed)}", file=sys.stderr)
    print("  " + " ".join(test["command"]), file=sys.stderr)
    for stream in ("stdout", "stderr"):
        for line in (test.get(stream) or "").splitlines()[-SHOWN_LINES:]:
            print(f"  {line}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken", type=int, default=0, help="failures outside the tests")
    parser.add_argument("logs", nargs="*")
    args = parser.parse_args()

    total_passed, total_failed, total_skipped = 0, args.broken, 0
    for log in args.logs:
        tests = read_log(log)
        if not tests:
            print(f"{log}: no tests ran", file=sys.stderr)
            total_failed += 1
        for test in tests:
            passed, failed, skipped = count_test(test)
            total_passed += passed
            total_failed += len(failed)
            total_skipped += skipped
            if failed:
                show(log, test, failed)

    print(f"{total_passed} passed, {total_failed} failed, {total_skipped} skipped")
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
