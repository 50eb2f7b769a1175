// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Persisters, from GJS: the file, and a medium of one's own.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test, waitFor} from './tap.js';

const PETS = {fido: {species: 'dog', price: 5}};
const CONTENT = JSON.stringify([{pets: PETS}, {}]);

const textOf = bytes => new TextDecoder().decode(bytes.toArray()).trimEnd();

// Calls func with a file in a folder of its own, and sees that nothing else is left there.
async function withFile(func) {
    const folder = Gio.File.new_for_path(GLib.dir_make_tmp('tst-gjs-XXXXXX'));
    const file = folder.get_child('pets.json');
    try {
        await func(file);
    } finally {
        if (file.query_exists(null))
            file.delete(null);
        folder.delete(null);
    }
}

function readText(file) {
    const [, bytes] = file.load_contents(null);
    return new TextDecoder().decode(bytes).trimEnd();
}

function makeStore(content = null) {
    const store = new TStore.Store();
    if (content)
        store.set_json(content);
    return store;
}

test('what one store saves another loads', () => withFile(async file => {
    const persister = TStore.FilePersister.new(makeStore(CONTENT), file);
    assert(persister.save(null));
    assertEqual(readText(file), CONTENT);

    const store = makeStore();
    const other = TStore.FilePersister.new(store, file);
    assert(other.load(null));
    assertEqual(store.get_json(), CONTENT);
    await persister.close_async(null);
    await other.close_async(null);
}));

test('what is discarded is never saved', () => withFile(async file => {
    const store = makeStore(CONTENT);
    const persister = TStore.FilePersister.new(store, file);
    await persister.start_auto_save_async(null);
    store.set_cell('pets', 'felix', 'species', 'cat');
    persister.discard();
    assert(persister.dirty);
    assertEqual(readText(file), CONTENT);
}));

test('a journal is folded when it is closed', () => withFile(async file => {
    const store = makeStore(CONTENT);
    const persister = TStore.FilePersister.new(store, file);
    persister.save(null);
    persister.journal_threshold = 0;
    assertEqual(persister.get_journal_threshold(), 0);
    await persister.start_auto_save_async(null);
    store.set_cell('pets', 'fido', 'price', 6);
    await persister.flush_async(null);
    assertEqual(readText(file), CONTENT);
    await persister.close_async(null);
    assertEqual(readText(file), CONTENT.replace('5', '6'));
}));

test('the same without blocking', () => withFile(async file => {
    const persister = TStore.FilePersister.new(makeStore(CONTENT), file);
    assert(await persister.save_async(null));
    const store = makeStore();
    const other = TStore.FilePersister.new(store, file);
    assert(await other.load_async(null));
    assertEqual(store.get_json(), CONTENT);
    await persister.close_async(null);
    await other.close_async(null);
}));

test('auto-persisting: defaults, an outside change, close', () => withFile(async file => {
    const store = makeStore();
    const persister = TStore.FilePersister.new(store, file);
    await persister.start_auto_persisting_async(CONTENT, null);
    assertEqual(store.get_json(), CONTENT);
    await waitFor(() => file.query_exists(null));

    GLib.file_set_contents(file.get_path(), CONTENT.replace('5', '6'));
    await waitFor(() => store.get_cell('pets', 'fido', 'price') === 6);

    store.set_cell('pets', 'felix', 'species', 'cat');
    await persister.close_async(null);
    assert(!persister.dirty);
    assertEqual(readText(file), store.get_json());
}));

test('a broken file is an error and changes nothing', () => withFile(async file => {
    GLib.file_set_contents(file.get_path(), '[{}');
    const store = makeStore(CONTENT);
    const persister = TStore.FilePersister.new(store, file);
    const error = await assertThrows(() => persister.load_async(null));
    assert(error.matches(TStore.error_quark(), TStore.Error.PARSE), `${error}`);
    assertEqual(store.get_json(), CONTENT);
    await persister.close_async(null);
}));

const MemoryPersister = GObject.registerClass(
class MemoryPersister extends TStore.Persister {
    tag() {
        return this.text ? `${this.text.get_size()}` : null;
    }

    vfunc_read(request) {
        if (this.text)
            request.return_text(this.text, this.tag());
        else
            request.return_nothing();
        return true;
    }

    vfunc_write(request) {
        if (request.get_base_tag() === this.tag()) {
            this.text = request.get_text();
            request.return_saved(this.tag());
        } else {
            request.return_conflict();
        }
        return true;
    }

    vfunc_start_listening() {
        this.listening = true;
        return true;
    }

    vfunc_stop_listening() {
        this.listening = false;
    }

    change(text) {
        this.text = GLib.Bytes.new(new TextEncoder().encode(text));
        if (this.listening)
            this.notify_changed(this.tag());
    }
});

const LaterPersister = GObject.registerClass(
class LaterPersister extends MemoryPersister {
    vfunc_read(request) {
        this.readLater(request).catch(error => request.return_error(error));
        return true;
    }

    async readLater(request) {
        await null;
        super.vfunc_read(request);
    }
});

const FaultyReader = GObject.registerClass(
class FaultyReader extends TStore.Persister {
    vfunc_read() {
        throw new Error('a bug');
    }
});

const FaultyWriter = GObject.registerClass(
class FaultyWriter extends TStore.Persister {
    vfunc_read(request) {
        request.return_nothing();
        return true;
    }

    vfunc_write() {
        throw new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.NO_SPACE, 'the disk is full');
    }
});

for (const Kind of [MemoryPersister, LaterPersister]) {
    test(`${Kind.name}: saved and loaded`, async () => {
        const store = makeStore(CONTENT);
        const persister = new Kind({store});
        assert(await persister.save_async(null));
        assertEqual(textOf(persister.text), CONTENT);
        store.remove_tables();
        assert(await persister.load_async(null));
        assertEqual(store.get_json(), CONTENT);
        await persister.close_async(null);
    });
}

test('a medium of one\'s own: auto-persisting', async () => {
    const store = makeStore();
    const persister = new MemoryPersister({store});
    await persister.start_auto_persisting_async(CONTENT, null);
    assert(persister.listening);
    store.set_cell('pets', 'felix', 'species', 'cat');
    await persister.flush_async(null);
    assertEqual(textOf(persister.text), store.get_json());
    persister.change(CONTENT.replace('5', '600'));
    await waitFor(() => store.get_cell('pets', 'fido', 'price') === 600);
    await persister.close_async(null);
    assert(!persister.listening);
});

test('a medium of one\'s own: a conflict is merged', async () => {
    const store = makeStore();
    const persister = new MemoryPersister({store});
    await persister.start_auto_persisting_async(CONTENT, null);
    await persister.flush_async(null);
    persister.listening = false; // nobody is told
    persister.change(CONTENT.replace('5', '600'));
    store.set_cell('pets', 'felix', 'species', 'cat');
    await persister.flush_async(null);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 600);
    assertEqual(textOf(persister.text), store.get_json());

    let told = null;
    persister.connect('conflict', (_, conflict) => (told = conflict));
    persister.change(store.get_json().replace('600', '7000'));
    store.set_cell('pets', 'fido', 'price', 8);
    await persister.flush_async(null);
    assertEqual(told.get_n_entries(), 1);
    assertEqual(told.get_kind(0), TStore.ConflictKind.KEPT);
    assertEqual(told.get_row_id(0), 'fido');
    assertEqual(told.get_new_row_id(0), null);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 8);
    await persister.close_async(null);
});

test('every operation returns a promise, and needs no cancellable', async () => {
    const {prototype} = TStore.Persister;
    const names = Object.getOwnPropertyNames(prototype).filter(name => /^(?!_).*_async$/.test(name));
    assertEqual(names.filter(name => !(`_original_${name}` in prototype)), []);

    const store = new TStore.Store();
    const persister = new MemoryPersister({store});
    await persister.start_auto_load_async(CONTENT);
    assertEqual(store.get_json(), CONTENT);
    await persister.start_auto_load_variant_async();
    await persister.start_auto_save_async();
    store.set_value('open', true);
    await persister.flush_async();
    assertEqual(textOf(persister.text), store.get_json());
    await persister.start_auto_persisting_async();
    await persister.save_async();
    await persister.load_async();
    await persister.close_async();

    const other = new MemoryPersister({store});
    await new Promise(resolve => other.save_async(null, (_other, result) => {
        assert(other.save_finish(result));
        resolve();
    }));
    assertEqual(textOf(other.text), store.get_json());
});

test('exceptions are errors', async () => {
    const store = makeStore(CONTENT);
    const bug = await assertThrows(() => new FaultyReader({store}).load_async(null));
    assert(bug.message.includes('a bug'), `${bug}`);
    const full = await assertThrows(() => new FaultyWriter({store}).save_async(null));
    assert(full.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NO_SPACE), `${full}`);
    assertEqual(store.get_json(), CONTENT);
});

run();
