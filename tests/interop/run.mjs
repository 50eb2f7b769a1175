// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Has TinyBase, in this process, and libtstore, in one of GJS, carry out the same
// operations, and compares all that comes out. Prints TAP. See README.md.
//
//   node run.mjs GJS           random batches
//   node run.mjs GJS FILE      the operations in a file, one a line, told

import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

import {compare, exceptions, rewrite} from './exceptions.mjs';
import {generate, profiles} from './generate.mjs';
import {outcomes} from './interceptors.mjs';

const {env} = process;
const LENGTH = 250;
const BATCHES = Number(env.TST_TEST_BATCHES ?? (env.TST_TEST_SOAK ? 2000 : 408));
// A plain run tells of what was changed; a long one searches.
const SEED = Number(env.TST_TEST_SEED ?? (env.TST_TEST_SOAK ? randomBytes(4).readUInt32LE() : 1));
const ONLY = Object.keys(profiles).indexOf(env.TST_TEST_PROFILE);
const [gjs, file] = process.argv.slice(2);

// --- libtstore, in a process of its own ---

class Libtstore {
    constructor() {
        const script = fileURLToPath(new URL('libtstore.js', import.meta.url));
        this.process = spawn(gjs, ['-m', script], {stdio: ['pipe', 'pipe', 'pipe']});
        this.errors = '';
        this.process.stderr.on('data', data => (this.errors += data));
        this.lines = createInterface({input: this.process.stdout, crlfDelay: Infinity})[Symbol.asyncIterator]();
        this.process.stdin.on('error', () => {});
    }

    send(ops) {
        this.process.stdin.write(`${JSON.stringify(ops)}\n`);
    }

    // What came out of the batch that was sent first; no lines if the process died
    async receive() {
        const {value, done} = await this.lines.next();
        const errors = this.errors;
        this.errors = '';
        return done ? {lines: null, errors: `${errors}\nGJS ended`} : {lines: JSON.parse(value), errors};
    }

    close() {
        this.process.stdin.end();
    }
}

let libtstore, Reference;

// --- One batch ---

// A batch with what each side is given
function prepare(ops) {
    const listeners = new Map(ops.filter(({op}) => op === 'listen').map(op => [op.n, op]));
    const batch = {ops, listeners, used: new Set()};
    const given = ops.map(op => rewrite(op, batch));
    return {...batch, ours: given.map(op => op.ours), theirs: given.map(op => op.theirs)};
}

// What TinyBase makes of it
function refer(batch) {
    const peer = new Reference();
    return batch.theirs.map(op => peer.play(op));
}

// Returns: the first difference, or null. Notes in batch.used which exceptions were made.
function check(batch, ours, theirs) {
    const failure = ours.errors && {at: batch.ops.length - 1, ours: ours.errors, theirs: ''};
    if (!ours.lines)
        return failure;
    for (const [i, op] of batch.ops.entries()) {
        // TinyBase's own text is not asked for each time.
        const line = {...ours.lines[i], json: theirs[i].json && ours.lines[i]?.text};
        const {mixed, ids} = theirs[i].result ?? {};
        const reference = op.op === 'sort' ? {...theirs[i], result: ids, mixed} : theirs[i];
        const {used, lines} = compare(line, reference, op, batch);
        if (lines)
            return {at: i, ...lines};
        [...used, ...reference.used].forEach(name => batch.used.add(name));
    }
    return failure || null;
}

// Begins again after a crash, with the batches that were still to come.
function revive(batches) {
    libtstore.close();
    libtstore = new Libtstore();
    batches.forEach(({ours}) => libtstore.send(ours));
}

async function playOne(ops) {
    const batch = prepare(ops);
    libtstore.send(batch.ours);
    const theirs = refer(batch);
    const ours = await libtstore.receive();
    if (!ours.lines)
        revive([]);
    return {batch, difference: check(batch, ours, theirs)};
}

// --- A failure ---

// The shortest sequence that is found with any difference
async function shrink(ops) {
    let shortest = ops;
    for (let size = Math.ceil(ops.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
        for (let start = 0; start < shortest.length;) {
            const kept = shortest.slice(start, start + size).filter(op => op.stays);
            const shorter = [...shortest.slice(0, start), ...kept, ...shortest.slice(start + size)];
            const difference = shorter.length < shortest.length && (await playOne(shorter)).difference;
            if (difference)
                shortest = shorter.slice(0, difference.at + 1);
            else
                start += size;
        }
    return shortest;
}

const say = text => console.log(text.split('\n').map(line => `# ${line}`).join('\n'));

// Without what is the same at the beginning and at the end
function differing(ours, theirs) {
    const isSame = (i, j) => JSON.stringify(ours.at(i)) === JSON.stringify(theirs.at(j));
    const n = Math.min(ours.length, theirs.length);
    let start = 0, end = 0;
    while (start < n && isSame(start, start))
        start++;
    while (end < n - start && isSame(-1 - end, -1 - end))
        end++;
    return [ours, theirs].map(list => list.slice(start, list.length - end));
}

function describe(difference) {
    const parts = typeof difference.ours === 'string' ? [null] : ['result', 'events', 'text', 'json'];
    for (const part of parts) {
        const lines = [difference.ours, difference.theirs].map(line => part ? line[part] : line);
        const [ours, theirs] = (part === 'events' ? differing(...lines) : lines).map(line => JSON.stringify(line));
        if (ours !== theirs)
            say(`${part}\n  libtstore ${ours}\n  TinyBase  ${theirs}`);
    }
}

async function tell({seed, profile}, ops, difference) {
    say(`${profile}: TST_TEST_SEED=${seed} TST_TEST_BATCHES=1 differs at operation ${difference.at}`);
    const shortest = await shrink(ops.slice(0, difference.at + 1));
    const {difference: last} = await playOne(shortest);
    say(`The shortest sequence with a difference, which is in its last line:`);
    shortest.forEach(op => say(JSON.stringify(op)));
    describe(last ?? difference);
}

// --- All of them ---

const results = [];

function report(isGood, name) {
    results.push(isGood);
    console.log(`${isGood ? 'ok' : 'not ok'} ${results.length} ${name}`);
}

// Of each profile in turn, or of one
function seedOf(i) {
    const n = Object.keys(profiles).length;
    return ONLY < 0 ? SEED + i >>> 0 : SEED - SEED % n + ONLY + n * i >>> 0;
}

async function playAll() {
    const counts = new Map(Object.keys(exceptions).map(name => [name, 0]));
    const failures = new Map();
    const queue = [];
    const missed = new Set(outcomes);
    let nOperations = 0, nEvents = 0;

    const finishOne = async () => {
        const {made, batch, theirs} = queue.shift();
        const ours = await libtstore.receive();
        if (!ours.lines)
            revive(queue.map(waiting => waiting.batch));
        const difference = check(batch, ours, theirs);
        nOperations += batch.ops.length;
        theirs.forEach(({asked}) => asked.forEach(outcome => missed.delete(outcome)));
        nEvents += theirs.reduce((sum, {events}) => sum + events.length, 0);
        batch.used.forEach(name => counts.set(name, counts.get(name) + 1));
        if (difference && !failures.has(made.profile))
            failures.set(made.profile, [made, batch.ops, difference]);
    };

    for (let i = 0; i < BATCHES; i++) {
        const made = generate(seedOf(i), LENGTH);
        const batch = prepare(made.ops);
        libtstore.send(batch.ours);
        queue.push({made, batch, theirs: refer(batch)});
        if (queue.length > 3)
            await finishOne();
    }
    while (queue.length > 0)
        await finishOne();

    say(`${nOperations} operations, ${nEvents} notifications`);
    return {counts, failures, missed: [...missed]};
}

async function runRandom() {
    const isShort = BATCHES < 408 || ONLY >= 0;
    console.log(`1..${Object.keys(profiles).length + 1 + Object.keys(exceptions).length}`);
    say(`TST_TEST_SEED=${SEED}`);
    const {counts, failures, missed} = await playAll();
    for (const profile of Object.keys(profiles)) {
        report(!failures.has(profile), profile);
        if (failures.has(profile))
            await tell(...failures.get(profile));
    }

    report(missed.length === 0 || isShort, `every kind of write is refused and altered ${missed}`);

    // None of them may outlive its cause. In a short run, some are not met.
    for (const [name, count] of counts)
        report(count > 0 || isShort, `exception ${name}, made in ${count} batches`);
}

async function runFile() {
    console.log('1..1');
    const ops = readFileSync(file, 'utf8').split('\n').map(line => line.replace(/^[# ]*/, ''))
        .filter(line => line.startsWith('{')).map(line => JSON.parse(line));
    const {batch, difference} = await playOne(ops);
    const theirs = refer(batch);
    batch.ops.forEach((op, i) => say(`${JSON.stringify(op)}\n    ${JSON.stringify(theirs[i])}`));
    report(!difference, file);
    if (difference)
        describe(difference);
}

// Without TinyBase, there is nothing to compare with.
async function findReference() {
    if (existsSync(`${env.TINYBASE_DIR}/node_modules/tinybase`)) {
        ({Reference} = await import('./reference.mjs'));
        return true;
    }
    const missing = `TinyBase is not in ${env.TINYBASE_DIR}: tests/interop/install puts it there`;
    console.log(env.CI ? `1..1\nnot ok 1 ${missing}` : `1..0 # SKIP ${missing}`);
    process.exitCode = env.CI ? 1 : 0;
    return false;
}

if (await findReference()) {
    libtstore = new Libtstore();
    await (file ? runFile() : runRandom());
    libtstore.close();
    process.exitCode = results.every(isGood => isGood) ? 0 : 1;
}
