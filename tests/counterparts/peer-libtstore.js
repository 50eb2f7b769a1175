// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// libtstore and its file and remote persisters, as peer.mjs tells them.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import TStore from 'gi://TStore?version=1';
import System from 'system';

import {N_BETWEEN, Peer} from './peer.mjs';

Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');

const {ConflictKind, PersisterStatus} = TStore;
const STATUS = new Map([
    [PersisterStatus.IDLE, 'idle'],
    [PersisterStatus.LOADING, 'loading'],
    [PersisterStatus.SAVING, 'saving'],
]);
const CONFLICT = new Map(Object.entries(ConflictKind).map(([name, kind]) => [kind, name]));

class Libtstore {
    constructor() {
        this.errors = [];
        this.nSet = 0;
    }

    open(path, {poll, timeout} = {}) {
        this.store = new TStore.Store();
        this.persister = path.includes('://')
            ? new TStore.RemotePersister({store: this.store, load_uri: path, poll_interval: poll, timeout})
            : TStore.FilePersister.new(this.store, Gio.File.new_for_path(path));
        this.persister.connect('failed', (_persister, _operation, error) =>
            this.errors.push(`${error.message}`));
        if (this.log)
            this._logAll();
    }

    // How much was written before each save has ended and before each load, what is there after a
    // load, and what a merge told.
    _logAll() {
        this.persister.connect('saved', () => this.log.push({saved: this.nSet}));
        this.persister.connect('loaded', () => {
            this.log.push({
                loaded: this.rows().join(' '),
                cell: this.store.get_cell('shared', 'row', 'c'),
                written: this.nSet,
            });
            if (this.log.length % N_BETWEEN === 0)
                this.collect();
        });
        this.persister.connect('conflict', (_persister, conflict) => {
            for (let i = 0; i < conflict.get_n_entries(); i++)
                this.log.push({conflict: CONFLICT.get(conflict.get_kind(i)), cell: conflict.get_cell_id(i)});
        });
    }

    async trust(ca) {
        const {default: Soup} = await import('gi://Soup?version=3.0');
        this.persister.session = new Soup.Session({tls_database: Gio.TlsFileDatabase.new(ca)});
    }

    set(table, row, cell, value) {
        this.store.set_cell(table, row, cell, value);
        this.nSet++;
    }

    setValue(name, value) {
        this.store.set_value(name, value);
    }

    content() {
        return JSON.parse(this.store.get_json());
    }

    rows() {
        return this.store.get_row_ids('writes');
    }

    // An incremental collection, which takes place in between, blocks callbacks meanwhile: so
    // there must not be any.
    collect() {
        System.gc();
    }

    async start(defaults) {
        await this.persister.start_auto_persisting_async(defaults ? JSON.stringify(defaults) : null, null);
    }

    async startSave() {
        await this.persister.start_auto_save_async(null);
    }

    async load() {
        await this.persister.load_async(null);
    }

    async save() {
        await this.persister.save_async(null);
    }

    status() {
        return STATUS.get(this.persister.status);
    }

    onStatus(func) {
        this.persister.connect('notify::status', func);
    }

    settle() {
        const isSettled = () => this.status() === 'idle' && !this.persister.dirty;
        return new Promise(resolve => {
            const ids = [];
            const check = () => {
                if (!isSettled())
                    return;
                ids.splice(0).forEach(id => this.persister.disconnect(id));
                resolve();
            };
            for (const name of ['status', 'dirty'])
                ids.push(this.persister.connect(`notify::${name}`, check));
            check();
        });
    }

    async end() {
        await this.persister.close_async(null);
    }
}

const output = Gio.UnixOutputStream.new(1, false);
const peer = new Peer(new Libtstore(), line =>
    output.write_all(new TextEncoder().encode(`${JSON.stringify(line)}\n`), null));

async function run() {
    const input = new Gio.DataInputStream({base_stream: Gio.UnixInputStream.new(0, false)});
    for (;;) {
        const [line] = await input.read_line_async(GLib.PRIORITY_DEFAULT, null);
        if (line === null)
            return;
        peer.hear(line);
    }
}

const loop = new GLib.MainLoop(null, false);
run().catch(logError).finally(() => loop.quit());
loop.run();
