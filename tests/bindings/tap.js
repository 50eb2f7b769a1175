// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The little of a test framework that these tests need: tests that may be
// async, run one after the other, reported as TAP.

import GLib from 'gi://GLib';
import System from 'system';

const PATIENCE = 20000; // ms; only a test that fails waits that long

const tests = [];

export function test(name, func) {
    tests.push([name, func]);
}

export function assert(condition, message = 'assertion failed') {
    if (!condition)
        throw new Error(message);
}

export function assertEqual(actual, expected) {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    assert(is === should, `${is} is not ${should}`);
}

// Returns the error that func, perhaps async, throws.
export async function assertThrows(func) {
    try {
        await func();
    } catch (error) {
        return error;
    }
    throw new Error('an error was expected');
}

// Resolves when condition() is true.
export function waitFor(condition) {
    return new Promise((resolve, reject) => {
        let waited = 0;
        GLib.timeout_add(GLib.PRIORITY_DEFAULT, 5, () => {
            waited += 5;
            if (condition())
                resolve();
            else if (waited > PATIENCE)
                reject(new Error('waited in vain'));
            else
                return GLib.SOURCE_CONTINUE;
            return GLib.SOURCE_REMOVE;
        });
    });
}

export function run() {
    const loop = GLib.MainLoop.new(null, false);
    let failures = 0;

    async function runAll() {
        print(`1..${tests.length}`);
        for (const [index, [name, func]] of tests.entries()) {
            try {
                await func();
                print(`ok ${index + 1} ${name}`);
            } catch (error) {
                failures++;
                print(`not ok ${index + 1} ${name}`);
                printerr(`${error}\n${error.stack}`);
            }
        }
    }

    runAll().finally(() => loop.quit());
    loop.run();
    System.exit(failures ? 1 : 0);
}
