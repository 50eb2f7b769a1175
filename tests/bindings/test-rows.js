// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Rows whose properties are cells, from GJS.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Json from 'gi://Json';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test} from './tap.js';

const Pet = GObject.registerClass({
    Properties: {
        ...TStore.cells({
            name: {type: String, default: 'Nobody'},
            price: Number,
            sold: Boolean,
            age: {type: GObject.TYPE_INT, id: 'years', minimum: 0},
            bestFriend: String,
            tags: Array,
            born: GLib.DateTime,
            busType: {type: Gio.BusType, default: Gio.BusType.NONE},
        }),
        label: GObject.ParamSpec.string('label', null, null, GObject.ParamFlags.READWRITE, 'a pet'),
    },
}, class Pet extends TStore.Row {});

const Dog = GObject.registerClass({
    Properties: TStore.cells({likesCats: Boolean}, {naming: TStore.CellNaming.SNAKE_CASE}),
}, class Dog extends Pet {});

const Settings = GObject.registerClass({
    Properties: TStore.cells({theme: {default: 'light'}, fontSize: {type: Number, default: 12}, tags: Array}),
}, class Settings extends TStore.Values {});

function makePet(Kind = Pet, properties = {}) {
    const store = new TStore.Store();
    store.set_table_json('pets', '{"fido":{"name":"Fido","price":5,"sold":true,"years":3}}');
    const pet = new Kind({store, tableId: 'pets', rowId: 'fido', ...properties});
    const heard = [];
    pet.connect('notify', (_pet, pspec) => heard.push(pspec.name));
    return {store, pet, heard, cell: cellId => store.get_cell('pets', 'fido', cellId)};
}

test('properties are cells', () => {
    const {store, pet, cell} = makePet();
    assertEqual([pet.name, pet.price, pet.sold, pet.age], ['Fido', 5, true, 3]);
    assertEqual([pet.bestFriend, pet.best_friend, pet.tags, pet.born, pet.busType],
        [null, null, [], null, Gio.BusType.NONE]);

    pet.name = 'Rex';
    pet.price = 2.5;
    pet.sold = false;
    pet.age = 4;
    pet.best_friend = 'Felix';
    pet.tags = ['good', 'old'];
    pet.born = GLib.DateTime.new_utc(2020, 2, 29, 0, 0, 0);
    pet.busType = Gio.BusType.SESSION;
    assertEqual(['name', 'price', 'sold', 'years', 'bestFriend', 'tags', 'born', 'busType'].map(cell),
        ['Rex', 2.5, false, 4, 'Felix', '["good","old"]', '2020-02-29T00:00:00Z', 'session']);
    assertEqual([pet.tags, pet.busType, pet.born.get_year()], [['good', 'old'], Gio.BusType.SESSION, 2020]);

    pet.price = 3;
    pet.bestFriend = null;
    assertEqual([pet.price, pet.bestFriend], [3, null]);
    assertEqual(store.get_cell_type('pets', 'fido', 'bestFriend'), TStore.CellType.NULL);
});

test('they notify after the transaction', () => {
    const {store, pet, heard} = makePet();
    store.transact(() => {
        pet.name = 'Rex';
        pet.price = 1;
        pet.price = 5;
        assertEqual(pet.name, 'Rex');
        assertEqual(heard, []);
    });
    assertEqual(heard, ['name']);

    store.remove_row('pets', 'fido');
    assertEqual(heard, ['name', 'name', 'price', 'sold', 'age']);
    assertEqual(pet.name, 'Nobody');
});

test('bindings', () => {
    const {store, pet} = makePet();
    const other = new Pet({store, tableId: 'others', rowId: 'one'});
    pet.bind_property('name', other, 'best-friend',
        GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.BIDIRECTIONAL);
    assertEqual(store.get_cell('others', 'one', 'bestFriend'), 'Fido');
    other.bestFriend = 'Rex';
    assertEqual(pet.name, 'Rex');
    store.set_cell('pets', 'fido', 'name', 'Max');
    assertEqual(other.bestFriend, 'Max');
});

test('what is refused is not kept', () => {
    const {store, pet, heard} = makePet();
    store.set_schema(TStore.Schema.new_from_json('{"pets":{"name":{"type":"string"}}}'), TStore.SchemaFlags.DROP);
    heard.length = 0;
    pet.price = 7;
    assertEqual([pet.price, heard], [0, ['price']]);
});

test('other properties are no cells', () => {
    const {store, pet} = makePet();
    pet.label = 'a cat';
    assertEqual(pet.label, 'a cat');
    assertEqual(store.get_cell_ids('pets', 'fido'), ['name', 'price', 'sold', 'years']);
});

test('construction', () => {
    const {pet, cell} = makePet(Pet, {name: 'Rex', label: 'mine'});
    assertEqual([cell('name'), pet.label], ['Rex', 'mine']);
});

test('a subclass', () => {
    const {pet: dog, cell} = makePet(Dog, {likesCats: true});
    dog.age = 5;
    assertEqual([cell('likes_cats'), cell('years')], [true, 5]);
    assertEqual([dog.likesCats, dog.name, dog.label], [true, 'Fido', 'a pet']);
    assert(dog instanceof Pet);
});

test('what cannot be a cell', async () => {
    const error = await assertThrows(() => TStore.cells({owner: GObject.Object}));
    assert(error instanceof TypeError && error.message.includes('owner'), `${error}`);
});

test('values', () => {
    const store = new TStore.Store();
    const settings = new Settings({store});
    assertEqual([settings.theme, settings.fontSize, settings.tags], ['light', 12, []]);
    const heard = [];
    settings.connect('value-changed::fontSize', (_settings, valueId) => heard.push(valueId));
    settings.connect('notify::font-size', (_settings, pspec) => heard.push(pspec.name));
    settings.fontSize = 14;
    settings.tags = ['a'];
    assertEqual([store.get_value('fontSize'), store.get_value('tags')], [14, '["a"]']);
    assertEqual(heard, ['fontSize', 'font-size']);
});

test('models of ids', () => {
    const {store} = makePet();
    const tables = TStore.TablesModel.new(store);
    const values = TStore.ValuesModel.new(store);
    store.set_cell('people', 'bob', 'age', 30);
    store.set_value('theme', 'dark');
    assertEqual([0, 1].map(i => tables.get_item(i)).map(item => [item.tableId, item.nRows]),
        [['pets', 1], ['people', 1]]);
    assert(tables.get_item(0) instanceof TStore.TableItem);
    const item = values.get_item(0);
    assert(item instanceof TStore.ValueItem);
    assertEqual([item.valueId, item.value, item.text], ['theme', 'dark', 'dark']);

    const heard = [];
    item.connect('notify::value', () => heard.push(item.value));
    item.value = 5;
    item.set_value(null);
    assertEqual(heard, [5, null]);
    assertEqual([item.valueType, item.text], [TStore.CellType.NULL, 'null']);
});

test('JSON', () => {
    const {pet, cell} = makePet();
    assertEqual(JSON.parse(Json.gobject_to_data(pet)[0]), {name: 'Fido', price: 5, sold: true, years: 3});
    pet.set_property('name', 'Rex');
    assertEqual(cell('name'), 'Rex');
});

run();
