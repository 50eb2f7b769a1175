// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The list model and its rows, from GJS.

import GObject from 'gi://GObject';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, run, test} from './tap.js';

function makeModel() {
    const store = new TStore.Store();
    store.set_table_json('pets', '{"fido":{"species":"dog","price":5},"felix":{"species":"cat"}}');
    return [store, TStore.TableModel.new(store, 'pets')];
}

const rowIds = model => [...Array(model.get_n_items()).keys()].map(i => model.get_item(i).get_row_id());

test('a list of rows', () => {
    const [, model] = makeModel();
    assertEqual(rowIds(model), ['fido', 'felix']);
    assert(model.get_item(0) === model.get_item(0));
    assertEqual(model.get_item(2), null);
});

test('it tells of rows that come and go', () => {
    const [store, model] = makeModel();
    const heard = [];
    model.connect('items-changed', (_model, ...args) => heard.push(args));
    store.set_cell('pets', 'polly', 'species', 'parrot');
    store.remove_row('pets', 'fido');
    assertEqual(heard, [[2, 0, 1], [0, 1, 0]]);
    assertEqual(rowIds(model), ['felix', 'polly']);
});

test('it is sorted', () => {
    const [store, model] = makeModel();
    const heard = [];
    model.sort_cell = 'price';
    assertEqual(rowIds(model), ['felix', 'fido']);
    model.connect('items-changed', (_model, ...args) => heard.push(args));
    store.set_cell('pets', 'felix', 'price', 7);
    assertEqual(heard, [[0, 1, 0], [1, 0, 1]]);
    model.descending = true;
    model.limit = 1;
    assertEqual(rowIds(model), ['felix']);
    assertEqual(model.find('felix'), [true, 0]);
    assertEqual(model.find('fido')[0], false);
});

test('it is filtered', () => {
    const [store, model] = makeModel();
    let species = 'dog';
    model.set_filter_func((aStore, ...ids) => aStore.get_cell(...ids, 'species') === species);
    assertEqual(rowIds(model), ['fido']);
    store.set_cell('pets', 'rex', 'species', 'dog');
    assertEqual(rowIds(model), ['fido', 'rex']);
    species = 'cat';
    model.filter_changed(TStore.FilterChange.DIFFERENT);
    assertEqual(rowIds(model), ['felix']);
    model.set_filter_func(null);
    assertEqual(rowIds(model), ['fido', 'felix', 'rex']);
});

test('its rows are of a subclass', () => {
    const [store] = makeModel();
    const Dog = GObject.registerClass(class Dog extends TStore.Row {});
    const model = new TStore.TableModel({
        store, table_id: 'pets', row_type: Dog, sort_by_row_id: true, offset: 1,
    });
    assert(model.get_item(0) instanceof Dog);
    assertEqual(rowIds(model), ['fido']);
});

test('rows read and write cells', () => {
    const [store, model] = makeModel();
    const row = model.get_item(0);
    const heard = [];
    row.connect('cell-changed::price', (_row, cellId) => heard.push(cellId));
    row.set_cell('price', 6);
    row.set_cell('sold', true);
    assertEqual(heard, ['price']);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 6);
    assertEqual(row.get_cell('sold'), true);
    assertEqual(row.get_string('species'), 'dog');
});

test('a subclass of Row', () => {
    const [store] = makeModel();
    const Pet = GObject.registerClass(class Pet extends TStore.Row {
        get label() {
            return `${this.get_row_id()}, a ${this.get_string('species')}`;
        }
    });
    const pet = new Pet({store, table_id: 'pets', row_id: 'fido'});
    assertEqual(pet.label, 'fido, a dog');
});

run();
