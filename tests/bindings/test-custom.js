// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Persisters whose medium is made of functions, from GJS.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test, waitFor} from './tap.js';

Gio._promisify(Gio.File.prototype, 'load_contents_async', 'load_contents_finish');
Gio._promisify(Gio.File.prototype, 'replace_contents_bytes_async', 'replace_contents_finish');

const CONTENT = JSON.stringify([{pets: {fido: {species: 'dog', price: 5}}}, {}]);

const noSpace = () => new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.NO_SPACE, 'the disk is full');
const isIoError = (error, code) => error.matches(Gio.io_error_quark(), code);
const isNotAnswered = error => error.matches(TStore.error_quark(), TStore.Error.NOT_ANSWERED);
const throwIt = error => () => {
    throw error;
};

function makeStore(content = null) {
    const store = new TStore.Store();
    if (content)
        store.set_json(content);
    return store;
}

// An object with versions that several persisters share; hasTags: it tells of them.
class Shelf {
    constructor(hasTags = true) {
        this.json = null;
        this.version = 0;
        this.hasTags = hasTags;
        this.persisters = new Set();
    }

    get heldTag() {
        if (this.json === null)
            return null;
        return this.hasTags ? `${this.version}`
            : GLib.compute_checksum_for_string(GLib.ChecksumType.SHA256, this.json, -1);
    }

    get tag() {
        return this.hasTags ? this.heldTag : null;
    }

    put(json) {
        this.json = json;
        this.version++;
        for (const persister of this.persisters)
            persister.notify_changed(this.tag);
    }

    get functions() {
        return {
            read: (_, request) => {
                if (this.json === null)
                    request.return_nothing();
                else
                    request.return_json(this.json, this.tag);
            },
            write: (_, request) => {
                if (request.get_base_tag() !== this.heldTag) {
                    request.return_conflict();
                } else {
                    this.put(request.get_json());
                    request.return_saved(this.tag);
                }
            },
            startListening: persister => {
                this.persisters.add(persister);
            },
            stopListening: persister => {
                this.persisters.delete(persister);
            },
        };
    }

    persister(store, functions = {}) {
        return TStore.CustomPersister.new(store, {...this.functions, ...functions});
    }
}

test('one function after the other', async () => {
    const shelf = new Shelf();
    const store = makeStore(CONTENT);
    const persister = TStore.CustomPersister.new(store);
    persister.set_read_func(shelf.functions.read);
    persister.set_write_func(shelf.functions.write);
    assert(await persister.save_async(null));
    assertEqual(shelf.json, CONTENT);
    store.remove_tables();
    assert(await persister.load_async(null));
    assertEqual(store.get_json(), CONTENT);
    persister.set_write_func(null);
    const error = await assertThrows(() => persister.save_async(null));
    assert(isIoError(error, Gio.IOErrorEnum.NOT_SUPPORTED), `${error}`);
    await persister.close_async(null);
});

test('later, and by an async function', async () => {
    const shelf = new Shelf();
    shelf.put(CONTENT);
    const {read} = shelf.functions;
    const idle = () => new Promise(resolve => GLib.idle_add(GLib.PRIORITY_LOW, () => resolve() ?? GLib.SOURCE_REMOVE));
    for (const later of [
        (...args) => {
            idle().then(() => read(...args));
        },
        async (...args) => {
            await idle();
            read(...args);
        },
    ]) {
        const store = makeStore();
        const persister = shelf.persister(store, {read: later});
        assert(await persister.load_async(null));
        assertEqual(store.get_json(), CONTENT);
        await persister.close_async(null);
    }
});

test('as variants and as bytes', async () => {
    for (const [get, give] of [['get_content', 'return_content'], ['get_text', 'return_text']]) {
        let kept = null;
        const store = makeStore(CONTENT);
        const persister = TStore.CustomPersister.new(store, {
            read: (_, request) => request[give](kept, null),
            write: (_, request) => {
                kept = request[get]();
                request.return_saved(null);
            },
        });
        persister.set_read_func((_, request) => request.return_nothing());
        assert(await persister.save_async(null));
        persister.set_read_func((_, request) => request[give](kept, null));
        store.remove_tables();
        assert(await persister.load_async(null));
        assertEqual(store.get_json(), CONTENT);
        await persister.close_async(null);
    }
});

test('exceptions are errors with their message', async () => {
    const shelf = new Shelf();
    const store = makeStore();
    const persister = shelf.persister(store);
    const bug = new Error('a bug');
    const full = noSpace();

    for (const [func, message] of [
        [throwIt(bug), 'Error: a bug'],
        [async () => throwIt(bug)(), 'Error: a bug'],
        [throwIt(full), 'the disk is full'],
        [(_, request) => request.return_error(bug), 'Error: a bug'],
        [(_, request) => request.return_error(full), 'the disk is full'],
    ]) {
        persister.set_read_func(func);
        const read = await assertThrows(() => persister.load_async(null));
        assertEqual(read.message, message);
        persister.set_read_func(shelf.functions.read);
        await persister.load_async(null);

        store.set_json(CONTENT);
        persister.set_write_func(func);
        const written = await assertThrows(() => persister.save_async(null));
        assertEqual(written.message, message);
        assertEqual(isIoError(written, Gio.IOErrorEnum.NO_SPACE), message.startsWith('the disk'));
        assert(persister.dirty);
        persister.set_write_func(shelf.functions.write);
        await persister.save_async(null);
        assertEqual(shelf.json, CONTENT);
        store.remove_tables();
        await persister.save_async(null);
    }

    persister.set_start_listening_func(throwIt(bug));
    const error = await assertThrows(() => persister.start_auto_load_async(null, null));
    assert(error.message.includes('a bug'), `${error}`);
    assert(!persister.auto_load);

    persister.set_start_listening_func(async () => {});
    const waiting = await assertThrows(() => persister.start_auto_load_async(null, null));
    assert(waiting.message.includes('must not be async'), `${waiting}`);
    assert(!persister.auto_load);
    await persister.close_async(null);
});

test('requests that are not answered', async () => {
    const store = makeStore();
    const persister = TStore.CustomPersister.new(store);
    for (const [func, message] of [[() => false, 'did not take'], [async () => {}, 'ended without']]) {
        persister.set_read_func(func);
        const error = await assertThrows(() => persister.load_async(null));
        assert(isNotAnswered(error) && error.message.includes(message), `${error}`);
    }

    persister.set_read_func(() => {}); // nobody holds it: the collector finds out
    const dropped = persister.load_async(null);
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 10, () => System.gc() ?? persister.status === TStore.PersisterStatus.LOADING);
    assert(isNotAnswered(await assertThrows(() => dropped)));

    const held = [];
    persister.set_read_func((_, request) => {
        held.push(request);
    });
    persister.request_timeout = 20;
    const error = await assertThrows(() => persister.load_async(null));
    assert(isIoError(error, Gio.IOErrorEnum.TIMED_OUT), `${error}`);
    assert(held[0].get_cancellable().is_cancelled());
    held[0].return_json(CONTENT, null);
    await persister.close_async(null);
    held[0].return_json(CONTENT, null);
    assertEqual(store.get_json(), '[{},{}]');
});

test('answered twice, and wrongly', async () => {
    const store = makeStore();
    const persister = TStore.CustomPersister.new(store, {
        read(_, request) {
            request.return_json(CONTENT, null);
            request.return_nothing();
        },
    });
    assert(await persister.load_async(null));
    assertEqual(store.get_json(), CONTENT);
    persister.set_read_func((_, request) => request.return_saved(null));
    const error = await assertThrows(() => persister.load_async(null));
    assert(isIoError(error, Gio.IOErrorEnum.INVALID_ARGUMENT), `${error}`);
    await persister.close_async(null);
});

test('functions may use the persister and the store', async () => {
    const shelf = new Shelf();
    const store = makeStore();
    const asked = [];
    const persister = shelf.persister(store, {
        read(self, request) {
            self.set_read_func(shelf.functions.read);
            asked.push(self.load_async(null));
            shelf.functions.read(self, request);
        },
        write(self, request) {
            self.set_write_func(shelf.functions.write);
            asked.push(self.save_async(null));
            store.set_cell('pets', 'toto', 'species', 'dog');
            shelf.functions.write(self, request);
        },
        startListening(self) {
            shelf.functions.startListening(self);
            asked.push(self.close_async(null));
        },
    });
    await persister.load_async(null);
    store.set_json(CONTENT);
    await persister.save_async(null);
    await Promise.all(asked);
    assertEqual(asked.length, 2);
    assertEqual(shelf.json, store.get_json());
    assert(store.has_row('pets', 'toto'));
    await assertThrows(() => persister.start_auto_load_async(null, null));
    assert(await asked[2]);
    assertEqual(shelf.persisters.size, 0);
});

const AsyncPersister = GObject.registerClass(
class AsyncPersister extends TStore.Persister {
    async vfunc_read(request) {
        await null;
        this.shelf.functions.read(this, request);
    }

    vfunc_write(request) {
        if (this.full)
            throw new Error('full');
        this.shelf.functions.write(this, request);
    }

    vfunc_start_listening() {
        this.listening = true;
    }
});

test('a class may be as short', async () => {
    const store = makeStore();
    const persister = new AsyncPersister({store});
    persister.shelf = new Shelf();
    await persister.start_auto_persisting_async(CONTENT, null);
    assert(persister.listening);
    persister.full = true;
    store.set_cell('pets', 'felix', 'species', 'cat');
    const error = await assertThrows(() => persister.flush_async(null));
    assertEqual(error.message, 'Error: full');
    persister.full = false;
    await persister.close_async(null);
    assertEqual(persister.shelf.json, store.get_json());
});

for (const hasTags of [true, false]) {
    // F22
    test(`two on one shelf ${hasTags ? 'with' : 'without'} tags`, async () => {
        const shelf = new Shelf(hasTags);
        const stores = [makeStore(CONTENT), makeStore()];
        const persisters = stores.map(store => shelf.persister(store));
        const told = [];
        for (const persister of persisters) {
            await persister.start_auto_persisting_async(null, null);
            persister.connect('conflict', (_, conflict) => {
                for (let i = 0; i < conflict.get_n_entries(); i++)
                    told.push([conflict.get_kind(i), conflict.get_row_id(i), conflict.get_cell_id(i)]);
            });
        }
        assertEqual(stores[1].get_json(), CONTENT);
        // One that still reads, which it does without tags, would save last.
        await waitFor(() => persisters.every(persister => persister.status === TStore.PersisterStatus.IDLE));

        stores[0].set_cell('pets', 'fido', 'price', 6);
        stores[0].set_cell('pets', 'felix', 'species', 'cat');
        stores[1].set_cell('pets', 'fido', 'price', 7);
        stores[1].set_cell('pets', 'toto', 'species', 'dog');
        await waitFor(() => stores.every(store => store.has_row('pets', 'felix') && store.has_row('pets', 'toto') &&
            store.get_cell('pets', 'fido', 'price') === 7));
        await waitFor(() => persisters.every(persister => persister.status === TStore.PersisterStatus.IDLE));
        assertEqual(told, [[TStore.ConflictKind.KEPT, 'fido', 'price']]);
        assert(!persisters.some(persister => persister.dirty));
        for (const persister of persisters)
            await persister.close_async(null);
    });
}

// A file of any GFile, such as one on a server, with its entity tags.
function filePersister(store, file) {
    let monitor = null;
    return TStore.CustomPersister.new(store, {
        async read(_, request) {
            try {
                const [contents, etag] = await file.load_contents_async(request.get_cancellable());
                request.return_text(GLib.Bytes.new(contents), etag);
            } catch (error) {
                if (!error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND))
                    throw error;
                request.return_nothing();
            }
        },
        async write(_, request) {
            try {
                const [etag] = await file.replace_contents_bytes_async(request.get_text(), request.get_base_tag(),
                    false, Gio.FileCreateFlags.NONE, request.get_cancellable());
                request.return_saved(etag);
            } catch (error) {
                if (!error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.WRONG_ETAG))
                    throw error;
                request.return_conflict();
            }
        },
        startListening(persister) {
            monitor = file.monitor(Gio.FileMonitorFlags.NONE, null);
            monitor.connect('changed', () => persister.notify_changed(null));
        },
        stopListening() {
            monitor.cancel();
        },
    });
}

test('any file, with its entity tag', async () => {
    const folder = Gio.File.new_for_path(GLib.dir_make_tmp('tst-gjs-XXXXXX'));
    const file = folder.get_child('pets.json');
    const store = makeStore();
    const persister = filePersister(store, file);
    await persister.start_auto_persisting_async(CONTENT, null);
    await persister.flush_async(null);
    assertEqual(new TextDecoder().decode(file.load_contents(null)[1]), CONTENT);
    GLib.file_set_contents(file.get_path(), CONTENT.replace('5', '600'));
    // The entity tag of a local file is a time, and may be the same within a tick of the clock.
    file.set_attribute_uint64('time::modified', 1000, Gio.FileQueryInfoFlags.NONE, null);
    store.set_cell('pets', 'felix', 'species', 'cat');
    await persister.flush_async(null);
    await waitFor(() => store.get_cell('pets', 'fido', 'price') === 600);
    await persister.close_async(null);
    assertEqual(new TextDecoder().decode(file.load_contents(null)[1]), store.get_json());
    assert(store.has_row('pets', 'felix'));
    file.delete(null);
    folder.delete(null);
});

test('one that is lost is asked again when garbage is not being collected', async () => {
    const shelf = new Shelf();
    const store = makeStore();
    // Nothing here holds it but this function.
    await (async () => {
        const persister = new AsyncPersister({store});
        persister.shelf = shelf;
        await persister.start_auto_save_async(null);
    })();
    AsyncPersister.prototype.shelf = shelf; // what it had itself is gone
    store.set_json(CONTENT);
    await waitFor(() => {
        System.gc();
        return shelf.json === CONTENT;
    });
    delete AsyncPersister.prototype.shelf;
});

run();
