// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Undo, bindings and actions, from GJS.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test} from './tap.js';

const {READWRITE} = GObject.ParamFlags;

const Label = GObject.registerClass({
    Properties: {
        text: GObject.ParamSpec.string('text', '', '', READWRITE, ''),
        on: GObject.ParamSpec.boolean('on', '', '', READWRITE, false),
        number: GObject.ParamSpec.int('number', '', '', READWRITE, 0, 100, 0),
    },
}, class Label extends GObject.Object {});

function makeStore() {
    const store = new TStore.Store();
    store.set_table_json('pets', '{"fido":{"species":"dog","price":5,"sold":true}}');
    return store;
}

const price = store => store.get_cell('pets', 'fido', 'price');

test('undo and redo', async () => {
    const store = makeStore();
    const checkpoints = new TStore.Checkpoints({store, automatic: true});
    const heard = [];
    checkpoints.connect('notify::can-undo', () => heard.push(checkpoints.can_undo));
    checkpoints.connect('changed', () => heard.push(checkpoints.current));

    store.set_cell('pets', 'fido', 'price', 6);
    checkpoints.begin_group('Sell');
    store.set_cell('pets', 'fido', 'price', 7);
    store.remove_row('pets', 'fido');
    checkpoints.end_group();
    assertEqual(checkpoints.undo_label, 'Sell');
    checkpoints.undo();
    assertEqual(price(store), 6);
    checkpoints.undo();
    assertEqual(price(store), 5);
    assertEqual(heard, [true, 2, false, true, 3, 2, false, 1]);
    assertEqual(checkpoints.get_backward_ids(), []);
    assertEqual(checkpoints.get_forward_ids(), [2, 3]);
    checkpoints.go_to(3);
    assert(!store.has_table('pets'));

    const error = await assertThrows(() => checkpoints.redo());
    assert(error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND));
});

test('actions', () => {
    const store = makeStore();
    const checkpoints = TStore.Checkpoints.new(store);
    const group = new Gio.SimpleActionGroup();
    group.add_action(checkpoints.create_undo_action());
    group.add_action(checkpoints.create_redo_action());
    group.add_action(store.create_value_action(null, 'dark', new GLib.VariantType('b')));
    group.add_action(store.create_cell_action(null, 'pets', 'fido', 'price', null));

    group.activate_action('dark', null);
    assertEqual(store.get_value('dark'), true);
    group.activate_action('undo', null);
    assertEqual(store.get_value('dark'), null);
    assert(group.get_action_enabled('redo'));
    group.activate_action('price', new GLib.Variant('d', 9));
    assertEqual(price(store), 9);
});

test('a binding', () => {
    const store = makeStore();
    const label = new Label();
    store.bind_cell('pets', 'fido', 'species', label, 'text', TStore.BindFlags.DEFAULT);
    assertEqual(label.text, 'dog');
    label.text = 'cat';
    assertEqual(store.get_cell('pets', 'fido', 'species'), 'cat');
    store.set_cell('pets', 'fido', 'species', 'parrot');
    assertEqual(label.text, 'parrot');
    TStore.Store.unbind(label, 'text');
    label.text = 'horse';
    assertEqual(store.get_cell('pets', 'fido', 'species'), 'parrot');

    store.bind_cell('pets', 'fido', 'sold', label, 'on', TStore.BindFlags.INVERT_BOOLEAN);
    assertEqual(label.on, false);
    store.bind_value('limit', label, 'number', TStore.BindFlags.SET);
    label.number = 7;
    assertEqual(store.get_value('limit'), 7);
});

test('a binding with functions', () => {
    const store = makeStore();
    const label = new Label();
    store.bind_cell_with_mapping('pets', 'fido', 'price', label, 'text', TStore.BindFlags.DEFAULT,
        value => value === null ? 'free' : `${value.toFixed(2)} EUR`,
        text => text === 'free' ? null : parseFloat(text));
    assertEqual(label.text, '5.00 EUR');
    label.text = '7.5';
    assertEqual(price(store), 7.5);
    store.remove_cell('pets', 'fido', 'price');
    assertEqual(label.text, 'free');

    store.bind_value_with_mapping('limit', label, 'number', TStore.BindFlags.GET,
        limit => 10 * limit, null);
    store.set_value('limit', 3);
    assertEqual(label.number, 30);
});

run();
