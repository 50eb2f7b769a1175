// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Storages, and the persisters on them, from GJS.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test, waitFor} from './tap.js';

const CONTENT = JSON.stringify([{pets: {fido: {species: 'dog'}}}, {}]);

// Calls func with a storage in a folder of its own and with one in memory, and sees that
// nothing else is left there.
async function withStorages(func) {
    const folder = Gio.File.new_for_path(GLib.dir_make_tmp('tst-gjs-XXXXXX'));
    for (const storage of [TStore.Storage.new(folder), new TStore.Storage({folder}), TStore.Storage.new(null)]) {
        await func(storage);
        storage.clear();
    }
    folder.delete(null);
}

test('items', () => withStorages(storage => {
    assertEqual(storage.get_item('pets'), null);
    storage.set_item('pets', 'it\'s ünï 😀\n');
    storage.set_item('a/b', '');
    assertEqual(storage.get_item('pets'), 'it\'s ünï 😀\n');
    assertEqual(storage.get_item('a/b'), '');
    assertEqual(storage.list_keys(), ['a/b', 'pets']);
    storage.remove_item('pets');
    assertEqual(storage.get_item('pets'), null);
    storage.clear();
    assertEqual(storage.list_keys(), []);
}));

test('changes', () => withStorages(async storage => {
    const heard = [];
    const detailed = [];
    const ids = [
        storage.connect('changed', (_storage, key) => heard.push(key)),
        storage.connect('changed::pets', (_storage, key) => detailed.push(key)),
    ];
    storage.set_item('pets', '1');
    storage.set_item('pets', '1');
    storage.set_item('other', '1');
    await waitFor(() => heard.includes('other'));
    assertEqual(heard.filter(key => key === 'pets').length, 1);
    assertEqual(detailed, ['pets']);
    ids.forEach(id => storage.disconnect(id));
}));

test('errors', () => withStorages(async storage => {
    const invalid = await assertThrows(() => TStore.Storage.get_local('../x'));
    assert(invalid.matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT), `${invalid}`);
    const missing = await assertThrows(() => TStore.Storage.get_session(null));
    assert(missing.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND), `${missing}`);

    const file = storage.folder?.get_child('x.ini');
    if (!file)
        return;
    GLib.file_set_contents(file.get_path(), '[x]\ncontent=5\n');
    const damaged = await assertThrows(() => storage.get_item('x'));
    assert(damaged.matches(TStore.Error, TStore.Error.FORMAT), `${damaged}`);
    assert(damaged.message.includes('line 2'), `${damaged}`);
    file.delete(null);
}));

test('persisters', () => withStorages(async storage => {
    for (const Kind of [TStore.LocalPersister, TStore.SessionPersister]) {
        const store = new TStore.Store();
        const persister = Kind.new(store, storage, 'pets');
        await persister.start_auto_persisting_async(CONTENT, null);
        await waitFor(() => storage.get_item('pets') === CONTENT);
        storage.set_item('pets', CONTENT.replace('dog', 'wolf'));
        await waitFor(() => store.get_cell('pets', 'fido', 'species') === 'wolf');
        store.set_cell('pets', 'felix', 'species', 'cat');
        await persister.close_async(null);
        assertEqual(storage.get_item('pets'), store.get_json());

        const other = new Kind({store: new TStore.Store(), storage, name: 'pets'});
        assert(other instanceof TStore.StoragePersister && other.get_storage() === storage);
        other.load(null);
        assertEqual(other.store.get_json(), store.get_json());
        assertEqual(other.name, 'pets');
        storage.clear();
    }
}));

run();
