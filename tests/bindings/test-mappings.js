// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The store as Maps, in GJS.

import GLib from 'gi://GLib';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test} from './tap.js';

const PETS = {fido: {species: 'dog', price: 5}, felix: {species: 'cat', price: 4}};

// Each is something else in a text, if it is not marked.
const ODD = ['\ufffc', '\ufffd', '\ufffd[1]', '\ufffd"x"', '[1]', '{"a":1}', 'null', '', 'Ünï 😀\n'];

function makeStore() {
    const store = new TStore.Store();
    const heard = [];
    store.set_table('pets', PETS);
    store.connect('changed', (_store, changes) => heard.push(changes.to_json()));
    return [store, heard];
}

test('cells and values are set and got', () => {
    const [store] = makeStore();
    const fido = store.row('pets', 'fido');
    for (const value of [null, true, false, 0, 2.5, 2 ** 60, 'dog', [1, [null, 'x']], {a: {b: []}}, {}, [], ...ODD]) {
        assert(fido.set('it', value) === fido);
        assertEqual(fido.get('it'), value);
        assertEqual(fido.toJSON().it, value);
        assertEqual(store.table('pets').toJSON().fido.it, value);
        store.values.set('it', value);
        assertEqual(store.values.get('it'), value);
        assertEqual(store.values.toJSON(), {it: value});
    }
});

test('a row is a Map', () => {
    const [store] = makeStore();
    const fido = store.row('pets', 'fido');
    assertEqual([...fido.keys()], ['species', 'price']);
    assertEqual([...fido.values()], ['dog', 5]);
    assertEqual([...fido], [['species', 'dog'], ['price', 5]]);
    assertEqual([...fido.entries()], [...fido]);
    assertEqual(fido.size, 2);
    assert(fido.has('price') && !fido.has('age'));
    assert(fido.get('age') === undefined);
    fido.set('age', null);
    assert(fido.has('age') && fido.get('age') === null);
    assert(fido.delete('age') && !fido.delete('age'));
    assertEqual(Object.fromEntries(fido), PETS.fido);
    assertEqual(JSON.stringify(fido), JSON.stringify(PETS.fido));
    const seen = [];
    fido.forEach(function (...args) {
        seen.push([this, ...args.slice(0, 2), args[2] === fido]);
    }, 'this');
    assertEqual(seen.map(([, ...others]) => others), [['dog', 'species', true], [5, 'price', true]]);
    assert(seen.every(([self]) => self == 'this'));
});

test('a row is live', () => {
    const [store, heard] = makeStore();
    const fido = store.row('pets', 'fido');
    store.set_cell('pets', 'fido', 'price', 6);
    assertEqual(fido.get('price'), 6);
    fido.clear();
    assertEqual(heard.length, 2);
    assert(!store.has_row('pets', 'fido'));
    assertEqual([fido.size, [...fido], fido.toJSON()], [0, [], {}]);
    fido.set('price', 7);
    assertEqual(store.get_row_json('pets', 'fido'), '{"price":7}');
});

test('a table is a Map of rows', () => {
    const [store, heard] = makeStore();
    const pets = store.table('pets');
    assertEqual([...pets.keys()], ['fido', 'felix']);
    assertEqual(pets.size, 2);
    const prices = {};
    for (const [id, row] of pets)
        prices[id] = row.get('price');
    assertEqual(prices, {fido: 5, felix: 4});
    assertEqual(JSON.stringify(pets), JSON.stringify(PETS));
    assert(pets.has('fido') && !pets.has('nobody'));
    assert(pets.get('nobody') === undefined);
    assertEqual(pets.get('fido').get('species'), 'dog');
    assert(pets.set('rex', {species: 'dog', toys: ['ball']}) === pets);
    assertEqual(heard, ['[{"pets":{"rex":{"species":"dog","toys":"\ufffd[\\"ball\\"]"}}},{},1]']);
    assertEqual(pets.get('rex').get('toys'), ['ball']);
    assert(pets.delete('rex') && !pets.delete('rex'));
    pets.set('copy', pets.get('fido'));
    assertEqual(pets.get('copy').toJSON(), PETS.fido);
    pets.clear();
    assertEqual([store.has_table('pets'), pets.size, pets.toJSON()], [false, 0, {}]);
});

test('a walk leaves out what went meanwhile', () => {
    const [store] = makeStore();
    const seen = [];
    for (const [id, row] of store.table('pets')) {
        seen.push([id, row.get('species')]);
        store.remove_table('pets');
    }
    assertEqual(seen, [['fido', 'dog']]);
    store.set_table('pets', PETS);
    const species = [];
    for (const row of store.table('pets').values()) {
        species.push(row.get('species'));
        store.table('pets').delete('felix');
    }
    assertEqual(species, ['dog']);
    const fido = store.row('pets', 'fido');
    let n = 0;
    fido.forEach(() => {
        n++;
        fido.delete('price');
    });
    assertEqual(n, 1);
});

test('functions take objects', () => {
    const [store] = makeStore();
    const odd = Object.fromEntries(ODD.map((value, i) => [`c${i}`, value]));
    const id = store.add_row('pets', odd);
    assertEqual(store.row('pets', id).toJSON(), odd);
    const unique = store.add_row('pets', odd, TStore.AddRowFlags.UNIQUE);
    assert(unique.length > 10 && store.has_row('pets', unique), unique);
    store.set_row('pets', 'fido', odd);
    assertEqual(store.row('pets', 'fido').toJSON(), odd);
    store.set_partial_row('pets', 'felix', {toys: ['ball'], note: undefined});
    assertEqual(store.row('pets', 'felix').toJSON(), {...PETS.felix, toys: ['ball']});
    store.set_table('odd', {row: odd});
    assertEqual(store.table('odd').toJSON(), {row: odd});
    store.set_tables({pets: PETS, odd: {row: odd}});
    assertEqual(store.get_table_ids(), ['pets', 'odd']);
    assertEqual(store.table('odd').toJSON(), {row: odd});
    store.set_values(odd);
    store.set_partial_values({open: true});
    assertEqual(store.values.toJSON(), {...odd, open: true});
});

test('functions still take variants', () => {
    const [store] = makeStore();
    const row = new GLib.Variant('a{sv}', {price: GLib.Variant.new_double(1)});
    store.set_row('pets', 'rex', row);
    store.add_row('pets', row, TStore.AddRowFlags.DEFAULT);
    store.set_partial_row('pets', 'fido', row);
    store.set_values(row);
    store.set_partial_values(row);
    assertEqual([...store.table('pets').values()].map(pet => pet.get('price')), [1, 4, 1, 1]);
    store.set_table('pets', new GLib.Variant('a{sa{sv}}', {rex: {price: GLib.Variant.new_double(2)}}));
    store.set_tables(store.get_tables());
    assertEqual(JSON.parse(store.get_json()), [{pets: {rex: {price: 2}}}, {price: 1}]);
});

test('what cannot be stored is refused', async () => {
    const [store, heard] = makeStore();
    const fido = store.row('pets', 'fido');
    for (const value of [NaN, Infinity, () => 5, Symbol('x'), 5n]) {
        assert(await assertThrows(() => store.set_row('pets', 'fido', {price: value})) instanceof TypeError);
        assert(await assertThrows(() => fido.set('price', [value])) instanceof TypeError);
    }
    assert(await assertThrows(() => fido.set('price', [undefined])) instanceof TypeError);
    for (const value of [new Map([['a', 1]]), new Set([1])]) {
        for (const cells of [value, {toys: value}, {toys: [value]}])
            assert(await assertThrows(() => store.set_row('pets', 'fido', cells)) instanceof TypeError);
        assert(await assertThrows(() => fido.set('toys', value)) instanceof TypeError);
    }
    // Marked or not, what stands where a row should is none.
    for (const row of ['dog', '\ufffd', ['\ufffd'], null]) {
        await assertThrows(() => store.set_table('pets', {rex: row, fido: {name: '\ufffd'}}));
        await assertThrows(() => store.set_row('pets', 'fido', row));
    }
    await assertThrows(() => fido.set('price', NaN));
    await assertThrows(() => fido.set('price', undefined));
    for (const row of [undefined, null, 5, 'dog', [1]])
        await assertThrows(() => store.set_row('pets', 'fido', row));
    const error = await assertThrows(() => store.set_row('pets', 'fido', {}));
    assert(error.matches(TStore.Error, TStore.Error.EMPTY), `${error}`);
    assertEqual(store.table('pets').toJSON(), PETS);
    assertEqual(heard, []);
});

test('models are walked', () => {
    const [store] = makeStore();
    store.set_value('open', true);
    assertEqual([...TStore.TableModel.new(store, 'pets')].map(row => row.get_row_id()), ['fido', 'felix']);
    assertEqual([...TStore.TablesModel.new(store)].map(item => item.get_table_id()), ['pets']);
    assertEqual([...TStore.ValuesModel.new(store)].map(item => item.get_value_id()), ['open']);
});

run();
