// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Reads a file all the time, until stdin ends: once a millisecond. Then it tells how often it
// has, how many versions there were, and what was no JSON.

import {readFileSync} from 'node:fs';

const [path] = process.argv.slice(2);
const broken = [], versions = new Set();
let nRead = 0;

const interval = setInterval(() => {
    const text = readFileSync(path, 'utf8');
    nRead++;
    versions.add(text);
    try {
        JSON.parse(text);
    } catch {
        broken.push(text);
    }
}, 1);

process.stdin.resume();
process.stdin.on('end', () => {
    clearInterval(interval);
    console.log(JSON.stringify({nRead, nVersions: versions.size, broken}));
});
console.log('"reading"');
