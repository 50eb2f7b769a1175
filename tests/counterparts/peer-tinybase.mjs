// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// TinyBase and its file and remote persisters, as peer.mjs tells them. TinyBase is in the folder that
// TINYBASE_DIR names.

import fs from 'node:fs/promises';
import {createRequire, syncBuiltinESMExports} from 'node:module';
import {resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

import {Peer} from './peer.mjs';

const tinybaseRequire = createRequire(resolve(process.env.TINYBASE_DIR, 'peer.js'));
const get = name => import(pathToFileURL(tinybaseRequire.resolve(name)));
const {createStore} = await get('tinybase/store');
const {createFilePersister} = await get('tinybase/persisters/persister-file');
const {createRemotePersister} = await get('tinybase/persisters/persister-remote');

const STATUS = ['idle', 'loading', 'saving'];

class TinyBase {
    constructor() {
        this.errors = [];
    }

    open(path, {poll} = {}) {
        const onError = error => this.errors.push(`${error}`);
        const isRemote = path.includes('://');
        this.store = createStore();
        this.persister = isRemote
            ? createRemotePersister(this.store, path, path, poll / 1000, onError)
            : createFilePersister(this.store, path, onError);
        if (this.log && isRemote)
            this._logSent();
        else if (this.log)
            this._logAll(path);
    }

    // Notes the tables of each text that is sent.
    _logSent() {
        const {fetch} = globalThis;
        globalThis.fetch = (uri, options) => {
            if (options.method === 'POST')
                this.log.push(JSON.parse(options.body)[0]);
            return fetch(uri, options);
        };
    }

    // Notes the tables of each text that is to become the file.
    _logAll(path) {
        const {writeFile} = fs;
        fs.writeFile = (file, text, ...rest) => {
            if (file.startsWith(path))
                this.log.push(JSON.parse(text)[0]);
            return writeFile(file, text, ...rest);
        };
        syncBuiltinESMExports();
    }

    set(table, row, cell, value) {
        this.store.setCell(table, row, cell, value);
    }

    setValue(name, value) {
        this.store.setValue(name, value);
    }

    content() {
        return this.store.getContent();
    }

    rows() {
        return this.store.getRowIds('writes');
    }

    collect() {
    }

    async start(defaults) {
        await this.persister.startAutoPersisting(defaults ?? undefined);
    }

    async startSave() {
        await this.persister.startAutoSave();
    }

    async load() {
        await this.persister.load();
    }

    async save() {
        await this.persister.save();
    }

    status() {
        return STATUS[this.persister.getStatus()];
    }

    onStatus(func) {
        this.persister.addStatusListener(func);
    }

    async settle() {
        do {
            await this.persister.schedule(async () => {}); // after all that waits
            await new Promise(resolve => setImmediate(resolve));
        } while (this.status() !== 'idle');
    }

    async end() {
        await this.persister.destroy();
    }
}

const peer = new Peer(new TinyBase(), line => process.stdout.write(`${JSON.stringify(line)}\n`));

// Several persisters come and go in one process.
for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity}))
    peer.hear(line);
process.exit(); // what it still watches does not keep it
