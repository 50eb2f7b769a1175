// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The store, from GJS.

import GLib from 'gi://GLib';
import Json from 'gi://Json?version=1.0';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test} from './tap.js';

const PETS = {fido: {species: 'dog', price: 5}};
const {CellType, ListenerFlags} = TStore;

function makeStore() {
    const store = new TStore.Store();
    store.set_table_json('pets', JSON.stringify(PETS));
    return store;
}

test('every type goes in and comes out', () => {
    const store = new TStore.Store();
    const values = [
        [null, CellType.NULL], ['dog', CellType.STRING], ['', CellType.STRING], ['Ünï 😀', CellType.STRING],
        [5, CellType.NUMBER], [-2.5, CellType.NUMBER], [0, CellType.NUMBER], [2 ** 31, CellType.NUMBER],
        [2 ** 53, CellType.NUMBER], [1e300, CellType.NUMBER], [true, CellType.BOOLEAN], [false, CellType.BOOLEAN],
    ];
    for (const [value, type] of values) {
        store.set_cell('t', 'r', 'c', value);
        assertEqual(store.get_cell('t', 'r', 'c'), value);
        assertEqual(store.get_cell_type('t', 'r', 'c'), type);
        store.set_value('v', value);
        assertEqual(store.get_value('v'), value);
        assertEqual(store.get_value_type('v'), type);
    }
    store.set_cell('t', 'r', 'c', 10n);
    assertEqual(store.get_cell('t', 'r', 'c'), 10);
});

test('what cannot be stored is refused', async () => {
    const store = makeStore();
    const refused = [];
    store.connect('invalid-cell', (_store, ...ids) => refused.push(ids.slice(0, 3)));
    for (const value of [NaN, Infinity, {a: 1}]) {
        const error = await assertThrows(() => store.set_cell('pets', 'fido', 'price', value));
        assert(error.matches(TStore.error_quark(), TStore.Error.INVALID_VALUE), `${error}`);
    }
    for (const value of [undefined, Symbol('x')])
        await assertThrows(() => store.set_cell('pets', 'fido', 'price', value));
    assertEqual(store.get_cell('pets', 'fido', 'price'), 5);
    assertEqual(refused, Array(3).fill(['pets', 'fido', 'price']));
});

test('absent is not null', () => {
    const store = new TStore.Store();
    assertEqual(store.get_cell('t', 'r', 'c'), null);
    assertEqual(store.get_cell_type('t', 'r', 'c'), CellType.NONE);
    store.set_cell('t', 'r', 'c', null);
    assert(store.has_cell('t', 'r', 'c'));
    assert(store.remove_cell('t', 'r', 'c'));
    assert(!store.has_table('t'));
});

test('ids are arrays', () => {
    const store = makeStore();
    assertEqual(store.get_table_ids(), ['pets']);
    assertEqual(store.get_row_ids('pets'), ['fido']);
    assertEqual(store.get_cell_ids('pets', 'fido'), ['species', 'price']);
    assertEqual(store.get_row_ids('none'), []);
});

test('rows are sorted', () => {
    const store = makeStore();
    for (const [rowId, price] of [['felix', 4], ['rex', null], ['tom', 12]])
        store.set_cell('pets', rowId, 'price', price);
    assertEqual(store.get_sorted_row_ids('pets', 'price', false, 0, -1), ['rex', 'felix', 'fido', 'tom']);
    assertEqual(store.get_sorted_row_ids('pets', 'price', true, 0, 2), ['tom', 'fido']);
    assertEqual(store.get_sorted_row_ids('pets', null, false, 1, 2), ['fido', 'rex']);
    assertEqual(store.get_sorted_row_ids_with_func('pets', 'price', false, 0, -1,
        (first, second) => first % 10 - second % 10), ['rex', 'tom', 'felix', 'fido']);
});

test('a cursor walks over a table', () => {
    const store = makeStore();
    store.set_row_json('pets', 'felix', '{"species":"cat","price":4}');
    const cursor = TStore.Cursor.new(store, 'pets');
    const price = cursor.add_column('price');
    let total = 0;
    while (cursor.next()) {
        total += cursor.get_number(price);
        cursor.set_number(price, 10);
    }
    assertEqual(total, 9);
    assert(cursor.seek('felix'));
    assertEqual(cursor.get_number(price), 10);
});

test('JSON goes in and comes out', async () => {
    const store = makeStore();
    assertEqual(JSON.parse(store.get_json()), [{pets: PETS}, {}]);
    const error = await assertThrows(() => store.set_json('[{"pets":\n{"fido":{"species":dog}}},{}]'));
    assert(error.matches(TStore.error_quark(), TStore.Error.PARSE), `${error}`);
    assertEqual(JSON.parse(store.get_row_json('pets', 'fido')), PETS.fido);
    const id = store.add_row_json('pets', '{"species":"cat"}', TStore.AddRowFlags.UNIQUE);
    assertEqual(store.get_row_ids('pets'), ['fido', id]);
});

test('JSON nodes go in and come out', async () => {
    const store = makeStore();
    assertEqual(JSON.parse(Json.to_string(store.get_json_node(), false)), [{pets: PETS}, {}]);
    const row = Json.from_string('{"species":"cat","toys":["ball",{"legs":4}]}');
    store.set_row_json_node('pets', 'felix', row);
    const id = store.add_row_json_node('pets', row, TStore.AddRowFlags.DEFAULT);
    store.set_partial_row_json_node('pets', id, Json.from_string('{"price":0.5}'));
    const toys = store.get_cell_json_node('pets', id, 'toys').get_array();
    assertEqual(toys.get_object_element(1).get_int_member('legs'), 4);
    assertEqual(store.get_row_json_node('pets', id).get_object().get_double_member('price'), 0.5);
    assertEqual(store.get_value_json_node('open'), null);
    store.set_value_json_node('open', Json.from_string('true'));
    const other = new TStore.Store();
    other.set_json_node(store.get_json_node());
    assertEqual(other.get_json(), store.get_json());

    row.get_object().set_double_member('price', NaN);
    const error = await assertThrows(() => store.set_row_json_node('pets', 'fido', row));
    assert(error.matches(TStore.error_quark(), TStore.Error.PARSE), `${error}`);
    assert(error.message.includes('/price'), error.message);
});

test('variants go in and come out', () => {
    const store = makeStore();
    assertEqual(store.get_content().recursiveUnpack(), [{pets: PETS}, {}]);
    store.set_row('pets', 'felix', new GLib.Variant('a{sv}', {price: GLib.Variant.new_int32(4)}));
    assertEqual(store.get_row('pets', 'felix').recursiveUnpack(), {price: 4});
});

test('changed tells once what happened', () => {
    const store = makeStore();
    const heard = [];
    store.connect('changed', (_store, changes) => heard.push(changes));
    store.transact(() => {
        store.set_cell('pets', 'fido', 'price', 6);
        store.set_cell('pets', 'felix', 'species', 'cat');
    });
    assertEqual(heard.length, 1);
    assertEqual(heard[0].get_n_cells(), 2);
    const cells = [];
    heard[0].foreach_cell((_changes, ...cell) => cells.push(cell));
    assertEqual(cells.sort(), [['pets', 'felix', 'species', 'cat', null], ['pets', 'fido', 'price', 6, 5]]);
});

test('changes go to another store', async () => {
    const store = makeStore();
    const others = Array.from({length: 5}, makeStore);
    let changes;
    store.connect('changed', (_store, heard) => (changes = heard));
    store.transact(() => {
        store.set_cell('pets', 'fido', 'price', null);
        store.remove_cell('pets', 'fido', 'species');
        store.set_cell('pets', 'felix', 'species', 'cat');
    });
    const text = changes.to_json();
    assertEqual(JSON.parse(text),
        [{pets: {fido: {price: null, species: '\ufffc'}, felix: {species: 'cat'}}}, {}, 1]);
    assertEqual(changes.get_cell_change('pets', 'fido', 'price'), TStore.Change.UPDATED);
    assertEqual(changes.get_cell_change('pets', 'fido', 'species'), TStore.Change.REMOVED);
    assertEqual(changes.get_row_change('pets', 'felix'), TStore.Change.ADDED);
    others[0].apply_changes(changes);
    others[1].apply_changes_json(text);
    others[2].apply_changes(TStore.Changes.new_from_variant(changes.to_variant()));
    others[3].apply_changes_json_node(changes.to_json_node());
    others[4].apply_changes(TStore.Changes.new_from_json_node(Json.from_string(text)));
    for (const other of others)
        assertEqual(other.get_json(), store.get_json());
    assert(changes.equal(TStore.Changes.new_from_json(text)));
    const error = await assertThrows(() => store.apply_changes_json('[{"pets":null},{},1]'));
    assert(error.matches(TStore.error_quark(), TStore.Error.FORMAT), `${error}`);
});

test('listeners hear of what they listen to', () => {
    const store = makeStore();
    const heard = [];
    store.connect('cell-changed::pets', (_store, ...ids) => heard.push(ids));
    store.connect('cell-changed::shops', () => heard.push('another table'));
    const cells = store.add_cell_listener('pets', null, 'price', ListenerFlags.DEFAULT,
        (_store, ...cell) => heard.push(cell));
    store.add_row_ids_listener('pets', ListenerFlags.DEFAULT, (_store, ...ids) => heard.push(ids));
    store.set_cell('pets', 'fido', 'price', 6);
    assertEqual(heard, [['pets', 'fido', 'price', 6, 5], ['pets', 'fido', 'price']]);
    assert(store.remove_listener(cells));
    assert(!store.remove_listener(cells));
    heard.length = 0;
    store.remove_row('pets', 'fido');
    assertEqual(heard[0], ['pets', [], ['fido']]);
});

test('an exception rolls back and goes on', async () => {
    const store = makeStore();
    const before = store.get_json();
    let heard = 0;
    store.connect('changed', () => heard++);
    const error = await assertThrows(() => store.transact(() => {
        store.remove_table('pets');
        throw new RangeError('on purpose');
    }));
    assert(error instanceof RangeError);
    assertEqual(store.get_json(), before);
    assertEqual(heard, 0);
    store.set_cell('pets', 'fido', 'price', 6); // none is open any more
    assertEqual(heard, 1);
});

test('a function maps a cell', async () => {
    const store = makeStore();
    assert(store.map_cell('pets', 'fido', 'price', price => price + 1));
    assertEqual(store.get_cell('pets', 'fido', 'price'), 6);
    store.map_value('n', n => (n ?? 0) + 1);
    store.map_value('n', n => (n ?? 0) + 1);
    assertEqual(store.get_value('n'), 2);
    const error = await assertThrows(() => store.map_cell('pets', 'fido', 'price', () => {
        store.remove_tables();
        throw new RangeError('on purpose');
    }));
    assert(error instanceof RangeError);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 6);
});

test('every kind of listener is told what it asked for', async () => {
    const store = makeStore();
    const heard = [];
    const handle = store.add_has_row_listener('pets', null, ListenerFlags.DEFAULT,
        (_store, ...args) => heard.push(args));
    store.add_row_count_listener(null, ListenerFlags.DEFAULT, (_store, ...args) => heard.push(args));
    store.add_table_cell_ids_listener('pets', ListenerFlags.DEFAULT, (_store, ...args) => heard.push(args));
    store.add_has_tables_listener(ListenerFlags.DEFAULT, (_store, exists) => heard.push(exists));
    store.set_cell('pets', 'felix', 'color', 'black');
    assertEqual(heard, [['pets', ['color'], []], ['pets', 2], ['pets', 'felix', true]]);

    heard.length = 0;
    assert(store.call_listener(handle));
    assertEqual(heard, [['pets', 'fido', true], ['pets', 'felix', true]]);
    assertEqual(store.get_n_listeners(TStore.ListenerKind.HAS_ROW), 1);
    assert(store.remove_listener(handle));
    assert(!store.call_listener(handle));

    heard.length = 0;
    store.add_invalid_cell_listener(null, null, null, ListenerFlags.DEFAULT,
        (_store, ...args) => heard.push([...args.slice(0, 3), args[3].code]));
    await assertThrows(() => store.set_cell('pets', 'fido', 'price', NaN));
    assertEqual(heard, [['pets', 'fido', 'price', TStore.Error.INVALID_VALUE]]);
});

test('a page of sorted rows is kept live', () => {
    const store = makeStore();
    const heard = [];
    const handle = store.add_sorted_row_ids_listener('pets', 'price', true, 0, 2, ListenerFlags.DEFAULT,
        (_store, ...args) => heard.push(args));
    for (const [rowId, price] of [['felix', 4], ['rex', 3], ['tom', 12]])
        store.set_cell('pets', rowId, 'price', price);
    assertEqual(heard, [['pets', 'price', true, 0, 2, ['fido', 'felix']],
        ['pets', 'price', true, 0, 2, ['tom', 'fido']]]);

    heard.length = 0;
    store.add_sorted_row_ids_listener('pets', null, false, -1, -1, ListenerFlags.MUTATOR,
        (_store, ...args) => heard.push(args));
    store.remove_row('pets', 'tom');
    assertEqual(heard, [['pets', null, false, -1, -1, ['rex']],
        ['pets', 'price', true, 0, 2, ['fido', 'felix']]]);
    assertEqual(store.get_n_listeners(TStore.ListenerKind.SORTED_ROW_IDS), 2);

    heard.length = 0;
    assert(store.call_listener(handle));
    assertEqual(heard, [['pets', 'price', true, 0, 2, ['fido', 'felix']]]);
});

test('a mutator changes or undoes what is committed', async () => {
    const store = makeStore();
    store.add_cell_listener('pets', null, 'price', ListenerFlags.MUTATOR, (_store, t, r, c, price) => {
        if (price < 0)
            store.rollback();
        else if (price > 100)
            store.set_cell(t, r, c, 100);
    });
    store.set_cell('pets', 'fido', 'price', 1000);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 100);
    const error = await assertThrows(() => store.transact(() => store.set_cell('pets', 'fido', 'price', -1)));
    assert(error.matches(TStore.Error, TStore.Error.ROLLED_BACK), `${error}`);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 100);
});

test('an interceptor alters and refuses', async () => {
    const {WriteKinds} = TStore;
    const store = makeStore();
    const seen = [];
    const handle = store.add_interceptor(WriteKinds.SET_CELL | WriteKinds.SET_ROW | WriteKinds.REMOVE_ROW, (_store, write) => {
        seen.push([write.get_kind(), write.get_table_id(), write.get_row_id(), write.get_cell_id(), write.get_json()]);
        if (write.get_kind() === WriteKinds.REMOVE_ROW)
            write.refuse('Needed');
        else if (write.get_cell_id() === 'price' && write.get_value() < 0)
            write.refuse('Too cheap');
        else if (write.get_cell_id() === 'price' && write.get_value() > 100)
            write.set_value(100);
    });
    store.set_cell('pets', 'fido', 'price', 1000);
    assertEqual(store.get_cell('pets', 'fido', 'price'), 100);
    const error = await assertThrows(() => store.set_cell('pets', 'fido', 'price', -1));
    assert(error.matches(TStore.Error, TStore.Error.REFUSED), `${error}`);
    assertEqual(error.message, 'Too cheap');
    assert(!store.remove_row('pets', 'fido'));
    assertEqual(seen, [
        [WriteKinds.SET_ROW, 'pets', 'fido', null, '{"species":"dog","price":1000}'],
        [WriteKinds.SET_CELL, 'pets', 'fido', 'price', '1000'],
        [WriteKinds.SET_ROW, 'pets', 'fido', null, '{"species":"dog","price":-1}'],
        [WriteKinds.SET_CELL, 'pets', 'fido', 'price', '-1'],
        [WriteKinds.REMOVE_ROW, 'pets', 'fido', null, null],
    ]);
    assert(store.remove_interceptor(handle));
    assert(store.remove_row('pets', 'fido'));
});

test('an interceptor that throws refuses', async () => {
    const store = makeStore();
    let changed = 0, held;
    store.add_interceptor(TStore.WriteKinds.SET_CELL, (_store, write) => {
        held = write;
        throw new Error('no breed');
    });
    const error = await assertThrows(() => store.set_cell('pets', 'fido', 'price', 6));
    assertEqual(error.message, 'Error: no breed');
    assertEqual(store.get_cell('pets', 'fido', 'price'), 5);
    await assertThrows(() => held.set_value(7));
    store.connect('changed', () => changed++);
    store.set_value('open', true);
    assertEqual(changed, 1);
});

test('a transaction cannot be async', async () => {
    const store = makeStore();
    const error = await assertThrows(() => store.transact(async () => store.remove_table('pets')));
    assert(error instanceof TypeError);
    assert(store.has_table('pets'));
});

test('transact returns what the function returns', () => {
    const store = makeStore();
    assertEqual(store.transact(() => store.get_cell('pets', 'fido', 'species')), 'dog');
});

const SCHEMA = '[{"pets":{"species":{"enum":["dog","cat"],"default":"dog"},' +
    '"price":{"type":"number","allowNull":true},"name":{"type":"string","required":true}}},' +
    '{"open":{"type":"boolean","default":true}}]';

test('a schema is built, or read', async () => {
    const {CellSpec, CellTypes, Schema} = TStore;
    const schema = Schema.new();
    const species = CellSpec.new_enum(['dog', 'cat']);
    species.set_default('dog');
    const price = CellSpec.new(CellTypes.NUMBER | CellTypes.NULL);
    const name = CellSpec.new(CellTypes.STRING);
    name.set_required(true);
    const open = CellSpec.new(CellTypes.BOOLEAN);
    open.set_default_json('true');
    schema.add_cell('pets', 'species', species);
    schema.add_cell('pets', 'price', price);
    schema.add_cell('pets', 'name', name);
    schema.add_value('open', open);

    assertEqual(schema.to_json(), SCHEMA);
    assert(schema.equal(Schema.new_from_json(SCHEMA)));
    assertEqual(schema.get_cell_ids('pets'), ['species', 'price', 'name']);
    assertEqual(schema.get_cell('pets', 'species').get_choice(1), 'cat');
    assertEqual(schema.get_cell('pets', 'species').get_default(), 'dog');
    assertEqual(schema.get_cell('pets', 'price').get_default(), null);
    assertEqual(schema.get_cell('toys', 'price'), null);

    let error = await assertThrows(() => Schema.new_from_json('{"pets":{}}'));
    assert(error.matches(TStore.Error, TStore.Error.FORMAT), `${error}`);
    error = await assertThrows(() => CellSpec.new(CellTypes.NUMBER).set_default('x'));
    assert(error.matches(TStore.Error, TStore.Error.SCHEMA), `${error}`);
});

test('a schema is previewed, and drops what does not fit', async () => {
    const store = makeStore();
    const schema = TStore.Schema.new_from_json(SCHEMA);
    store.set_json('[{"pets":{"fido":{"name":"Fido","species":"fish"},"rex":{"price":5}}},{"shut":1}]');
    const preview = store.preview_schema(schema).to_json();
    const error = await assertThrows(() => store.set_schema(schema, TStore.SchemaFlags.DEFAULT));
    assert(error.matches(TStore.Error, TStore.Error.SCHEMA), `${error}`);
    assertEqual(store.get_schema(), null);

    const heard = [];
    store.connect('changed', (_store, changes) => heard.push(changes.to_json()));
    store.set_schema(schema, TStore.SchemaFlags.DROP);
    assertEqual(heard, [preview]);
    assertEqual(JSON.parse(store.get_json()), [{pets: {fido: {species: 'dog', name: 'Fido'}}}, {open: true}]);
    assertEqual(store.get_schema_json(), SCHEMA);
});

test('a schema refuses writes, and adds defaults', async () => {
    const store = new TStore.Store();
    store.set_schema_json(SCHEMA, TStore.SchemaFlags.DEFAULT);
    const refused = [];
    store.connect('invalid-cell', (_store, ...args) => refused.push(args[2]));
    assertEqual(store.get_value('open'), true);
    store.set_cell('pets', 'fido', 'name', 'Fido');
    assertEqual(store.get_cell('pets', 'fido', 'species'), 'dog');
    for (const [cellId, value] of [['price', '5'], ['species', 'fish'], ['name', null], ['color', 'red']]) {
        const error = await assertThrows(() => store.set_cell('pets', 'fido', cellId, value));
        assert(error.matches(TStore.Error, TStore.Error.SCHEMA), `${error}`);
    }
    assertEqual(refused, ['price', 'species', 'name', 'color']);
    assert(!store.remove_cell('pets', 'fido', 'name'));
    store.set_schema(null, TStore.SchemaFlags.DEFAULT);
    store.set_cell('pets', 'fido', 'color', 'red');
});

run();
