// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// TinyBase's remote persister, in node, with tstore-demo-server:
//
//   node tinybase.mjs tstore-demo-server demo-server.md

import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync,
    writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const {env, argv} = process;

// For what has to happen at all. Nothing waits for it to pass.
const PATIENCE = 60_000;

let createStore, createRemotePersister;

async function findTinyBase() {
    if (!existsSync(`${env.TINYBASE_DIR}/node_modules/tinybase`)) {
        const missing = `TinyBase is not in ${env.TINYBASE_DIR}: tests/interop/install puts it there`;
        console.log(env.CI ? `1..1\nnot ok 1 ${missing}` : `1..0 # SKIP ${missing}`);
        process.exitCode = env.CI ? 1 : 0;
        return false;
    }
    const require = createRequire(`${env.TINYBASE_DIR}/package.json`);
    const load = name => import(pathToFileURL(require.resolve(`tinybase/${name}`)));
    ({createStore} = await load('store'));
    ({createRemotePersister} = await load('persisters/persister-remote'));
    return true;
}

class Server {
    async start() {
        this.folder = mkdtempSync(join(tmpdir(), 'tst-server-'));
        this.process = spawn(argv[2], ['--folder', this.folder, '--port', '0'],
            {stdio: ['ignore', 'pipe', 'inherit']});
        this.ended = new Promise(resolve => this.process.on('exit', resolve));
        const lines = createInterface({input: this.process.stdout});
        this.uri = await new Promise((resolve, reject) => {
            lines.once('line', resolve);
            this.process.once('exit', () => reject(new Error('the server has ended')));
        });
    }

    path(name) {
        return join(this.folder, name);
    }

    write(name, text) {
        writeFileSync(this.path(`${name}.new`), text);
        renameSync(this.path(`${name}.new`), this.path(name));
    }

    read(name) {
        return readFileSync(this.path(name), 'utf8');
    }

    async stop() {
        this.process.kill('SIGTERM');
        const code = await this.ended;
        rmSync(this.folder, {recursive: true});
        if (code !== 0)
            throw new Error(`the server ended with ${code}`);
    }
}

function equal(actual, expected, what) {
    if (actual !== expected)
        throw new Error(`${what}: ${actual}, not ${expected}`);
}

async function until(isTrue, what) {
    for (const deadline = Date.now() + PATIENCE; !isTrue();) {
        if (Date.now() > deadline)
            throw new Error(`waiting for ${what}`);
        await new Promise(resolve => setImmediate(resolve));
    }
}

const peers = [];

class Peer {
    constructor(server, name) {
        const uri = `${server.uri}${name}`;
        peers.push(this);
        this.errors = [];
        this.store = createStore();
        // It asks for changes twenty times in a second.
        this.persister = createRemotePersister(this.store, uri, uri, 0.05, error => this.errors.push(error));
    }

    get text() {
        return this.store.getJson();
    }
}

// The sample of the guide, with the address of this server, and with what it has made.
async function runSample(server) {
    const [sample, ...others] = readFileSync(argv[3], 'utf8').matchAll(/^```js\n(.*?)^```$/gms);
    equal(others.length, 0, 'number of further samples');
    const folder = mkdtempSync(join(tmpdir(), 'tst-sample-'));
    try {
        symlinkSync(`${env.TINYBASE_DIR}/node_modules`, join(folder, 'node_modules'));
        writeFileSync(join(folder, 'sample.mjs'),
            `${sample[1].replace('http://localhost:8042/', server.uri)}\nexport {store, persister};\n`);
        return await import(pathToFileURL(join(folder, 'sample.mjs')));
    } finally {
        rmSync(folder, {recursive: true});
    }
}

const tests = {
    async 'does what the guide shows'(server) {
        const peer = await runSample(server);
        peers.push(peer);
        await until(() => existsSync(server.path('pets.json')), 'the document');
        equal(server.read('pets.json'), '[{"pets":{"fido":{"species":"dog"}}},{}]', 'the defaults');
        peer.store.setCell('pets', 'felix', 'species', 'cat');
        await until(() => server.read('pets.json') === peer.store.getJson(), 'what was changed');
    },

    async 'saves and loads'(server) {
        const [first, second] = [new Peer(server, 'pets.json'), new Peer(server, 'pets.json')];
        first.store.setRow('pets', 'fido', {species: 'dog', price: 5.5, sold: false}).setValue('open', true);
        await first.persister.save();
        equal(server.read('pets.json'), first.text, 'the file');
        await second.persister.load();
        equal(second.text, first.text, 'what was loaded');
        equal(String(first.errors.concat(second.errors)), '', 'errors');
    },

    async 'saves and loads what is compressed'(server) {
        const [first, second] = [new Peer(server, 'pets.json'), new Peer(server, 'pets.json')];
        for (let i = 0; i < 1000; i++)
            first.store.setCell('pets', `pet ${i}`, 'name', `Fido the ${i}th \u{1f415}`);
        await first.persister.save();
        equal(server.read('pets.json'), first.text, 'the file');
        await second.persister.load();
        equal(second.text, first.text, 'what was loaded');
        // From its memory: the server says that it is the same.
        second.store.delTables();
        await second.persister.load();
        equal(second.text, first.text, 'what was loaded again');
        equal(String(first.errors.concat(second.errors)), '', 'errors');
    },

    async 'begins with defaults where there is nothing'(server) {
        const peer = new Peer(server, 'new.json');
        await peer.persister.load([{}, {open: true}]);
        equal(peer.text, '[{},{"open":true}]', 'defaults');
        equal(readdirSync(server.folder).length, 0, 'number of files');
        equal(peer.errors.length, 1, 'number of errors');
    },

    async 'follows another one, and a file'(server) {
        const [first, second] = [new Peer(server, 'pets.json'), new Peer(server, 'pets.json')];
        await first.persister.startAutoPersisting([{}, {n: 0}]);
        await until(() => existsSync(server.path('pets.json')), 'the document');
        await second.persister.startAutoPersisting();
        equal(second.text, '[{},{"n":0}]', 'what the second one loaded');
        // TinyBase undoes what is written while it loads, so it is written until it stays.
        await until(() => {
            first.store.setValue('n', 1);
            return second.store.getValue('n') === 1;
        }, 'the second one to follow');
        await until(() => {
            second.store.setCell('pets', 'fido', 'species', 'dog');
            return first.store.getCell('pets', 'fido', 'species') === 'dog';
        }, 'the first one to follow');
        const text = '[{"pets":{"fido":{"species":"cat"}}},{"n":2}]';
        await until(() => {
            if (server.read('pets.json') !== text)
                server.write('pets.json', text);
            return [first, second].every(peer => peer.text === text);
        }, 'both to follow the file');
        equal(server.read('pets.json'), first.text, 'the file');
    },

    async 'is refused what is not the content of a store'(server) {
        const peer = new Peer(server, 'pets.txt');
        peer.store.setValue('open', true);
        await peer.persister.save();
        equal(peer.errors.length, 1, 'number of errors');
        equal(readdirSync(server.folder).length, 0, 'number of files');
    },
};

async function run(number, name) {
    const server = new Server();
    try {
        await server.start();
        try {
            await tests[name](server);
        } finally {
            await Promise.all(peers.splice(0).map(peer => peer.persister.destroy()));
            await server.stop();
        }
        console.log(`ok ${number} ${name}`);
    } catch (error) {
        console.log(`not ok ${number} ${name}`);
        console.log(String(error.stack).replace(/^/gm, '# '));
        process.exitCode = 1;
    }
}

if (await findTinyBase()) {
    const names = Object.keys(tests);
    console.log(`1..${names.length}`);
    for (const [i, name] of names.entries())
        await run(i + 1, name);
}
