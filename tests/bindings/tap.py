# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs unittest's tests and reports them as TAP."""

import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.reported = False

    def stopTest(self, test):
        if not self.reported:  # a subtest failed
            self.report("not ok", test)
        super().stopTest(test)

    def report(self, result, test, directive=""):
        self.reported = True
        print(f"{result} {self.testsRun} {test.id()}{directive}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.report("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.report("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.report("not ok", test)
        traceback.print_exception(*err)

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            print(f"# {subtest.id()}")
            traceback.print_exception(*err)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(not result.wasSuccessful())
