// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Carries out operations with libtstore, in GJS: reads one batch a line, a JSON array
// of operations, and prints one line for it: an array of what came out.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import TStore from 'gi://TStore?version=1';
import System from 'system';

import {decide, writes} from './interceptors.mjs';
import {PHASES, actions, counted, kinds, show, showPage} from './kinds.mjs';
import * as text from './texts.mjs';

const {AddRowFlags, ListenerFlags, ListenerKind, SchemaFlags, WriteKinds} = TStore;

class Peer {
    constructor() {
        this.store = new TStore.Store();
        this.listeners = new Map();
        this.interceptors = new Map();
        this.depth = 0;
        this.shown = null;
        this.events = [];
    }

    play(op) {
        this.events = [];
        const result = operations[op.op](this.store, op, this) ?? null;
        const json = this.store.get_json();
        const line = {result, events: this.events, text: json === this.shown ? null : json};
        this.shown = json;
        return line;
    }

    // --- For actions ---

    cellText(t, r, c) {
        return this.store.get_cell_json(t, r, c);
    }

    setCell(t, r, c, json) {
        accepted(() => this.store.set_cell_json(t, r, c, json));
    }

    deleteCell(t, r, c) {
        this.store.remove_cell(t, r, c);
    }

    valueText(v) {
        return this.store.get_value_json(v);
    }

    setValue(v, json) {
        accepted(() => this.store.set_value_json(v, json));
    }

    deleteValue(v) {
        this.store.remove_value(v);
    }

    addRow(t, json) {
        addRow(this.store, t, json);
    }

    unlisten(n) {
        return this.store.remove_listener(this.listeners.get(n) ?? 0);
    }

    // --- Listeners ---

    listen({n, kind: name, at, page, mutator, does}) {
        const kind = kinds[name];
        const told = (...args) => {
            const ids = args.slice(0, kind.ids.length);
            const told = this.describe(kind.tells, args.slice(kind.ids.length));
            this.events.push([n, ...ids, ...told]);
            if (does?.hush !== undefined)
                this.unlisten(does.hush);
            else if (does === 'leave')
                this.unlisten(n);
            else if (does)
                actions[does](this, name, ids, told, n)?.();
        };
        const more = page ? [page.descending, page.offset, page.limit ?? -1] : [];
        const flags = kind.mutates ? [mutator ? ListenerFlags.MUTATOR : ListenerFlags.DEFAULT] : [];
        const add = this.store[`add_${name}_listener`].bind(this.store);
        this.listeners.set(n, add(...at, ...more, ...flags, (_store, ...args) => told(...args)));
    }

    describe(tells, args) {
        switch (tells) {
        case 'change':
            return args.map(show);
        case 'ids':
        case 'scalar':
            return args;
        case 'page':
            return [showPage(args)];
        case 'refusal': // how many
            return [1];
        default:
            return [];
        }
    }

    // --- Interceptors ---

    intercept(interceptor) {
        const {n, kinds: names} = interceptor;
        const flags = names.reduce((sum, name) => sum | WriteKinds[name.toUpperCase()], 0);
        this.interceptors.set(n, this.store.add_interceptor(flags, (_store, write) => {
            const name = Object.keys(writes).find(any => WriteKinds[any.toUpperCase()] === write.get_kind());
            const ids = [write.get_table_id(), write.get_row_id(), write.get_cell_id(), write.get_value_id()]
                .filter(id => id !== null);
            const told = write.get_json();
            this.events.push(['ask', n, name, ...ids, told]);
            const answer = decide(interceptor, name, ids, told);
            if (answer === null)
                write.refuse('No');
            else if (answer !== (told ?? ''))
                write.set_json(answer);
        }));
    }

    watch() {
        this.store.connect('changed', (_store, changes) => this.events.push(['changed', changes.to_json()]));
    }
}

// What set a thing, or refused to
function accepted(func) {
    try {
        return func();
    } catch (error) {
        if (error instanceof GLib.Error && error.matches(TStore.error_quark(), error.code))
            return false;
        throw error;
    }
}

const primitive = op => 'string' in op ? op.string : JSON.parse(op.json);

function setTyped(object, name, ids, value) {
    if (value === null)
        return object[name](...ids, null);
    return object[`${name}_${typeof value}`](...ids, value);
}

function addRow(store, t, json, flags = AddRowFlags.DEFAULT) {
    return accepted(() => store.add_row_json(t, json, flags));
}

const operations = {
    watch: (_s, _o, peer) => peer.watch(),

    set_cell: (s, o) => accepted(() => s.set_cell(o.t, o.r, o.c, primitive(o))),
    set_cell_json: (s, o) => accepted(() => s.set_cell_json(o.t, o.r, o.c, o.json)),
    set_cell_typed: (s, o) => accepted(() => setTyped(s, 'set_cell', [o.t, o.r, o.c], primitive(o))),
    map_cell: (s, o) => accepted(() => s.map_cell(o.t, o.r, o.c, counted)),
    remove_cell: (s, o) => s.remove_cell(o.t, o.r, o.c),
    set_row: (s, o) => accepted(() => s.set_row_json(o.t, o.r, text.cells(o.cells))),
    set_partial_row: (s, o) => accepted(() => s.set_partial_row_json(o.t, o.r, text.cells(o.cells))),
    add_row: (s, o) => addRow(s, o.t, text.cells(o.cells), o.reuse ? AddRowFlags.DEFAULT : AddRowFlags.NO_REUSE),
    remove_row: (s, o) => s.remove_row(o.t, o.r),
    set_table: (s, o) => accepted(() => s.set_table_json(o.t, text.rows(o.rows))),
    remove_table: (s, o) => s.remove_table(o.t),
    set_tables: (s, o) => accepted(() => s.set_tables_json(text.tables(o.tables, o.encoded))),
    remove_tables: s => s.remove_tables(),
    set_value: (s, o) => accepted(() => s.set_value(o.v, primitive(o))),
    set_value_json: (s, o) => accepted(() => s.set_value_json(o.v, o.json)),
    set_value_typed: (s, o) => accepted(() => setTyped(s, 'set_value', [o.v], primitive(o))),
    map_value: (s, o) => accepted(() => s.map_value(o.v, counted)),
    remove_value: (s, o) => s.remove_value(o.v),
    set_values: (s, o) => accepted(() => s.set_values_json(text.cells(o.values, o.encoded))),
    set_partial_values: (s, o) => accepted(() => s.set_partial_values_json(text.cells(o.values))),
    remove_values: s => s.remove_values(),
    set_json: (s, o) => {
        const tables = text.tables(o.tables, o.encoded);
        const values = text.cells(o.values, o.encoded);
        return accepted(() => s.set_json(
            {pair: `[${tables},${values}]`, tables: `[${tables}]`, bare: tables}[o.form]));
    },
    apply_changes: (s, o) => accepted(() => s.apply_changes_json(
        `[${text.changedTables(o.tables)},${text.changedCells(o.values)},1]`)),

    bad_cell: (s, o) => accepted(() => s.set_cell_number(o.t, o.r, o.c, Number(o.number))),
    bad_cell_json: (s, o) => accepted(() => s.set_cell_json(o.t, o.r, o.c, o.text)),
    bad_row: (s, o) => accepted(() => s.set_row_json(o.t, o.r, o.text)),
    bad_partial_row: (s, o) => accepted(() => s.set_partial_row_json(o.t, o.r, o.text)),
    bad_new_row: (s, o) => addRow(s, o.t, o.text),
    bad_table: (s, o) => accepted(() => s.set_table_json(o.t, o.text)),
    bad_tables: (s, o) => accepted(() => s.set_tables_json(o.text)),
    bad_value: (s, o) => accepted(() => s.set_value_number(o.v, Number(o.number))),
    bad_values: (s, o) => accepted(() => s.set_values_json(o.text)),
    bad_json: (s, o) => accepted(() => s.set_json(o.text)),
    bad_changes: (s, o) => accepted(() => s.apply_changes_json(o.text)),

    set_schema: (s, o) => accepted(() => s.set_schema_json(JSON.stringify(o.schema), SchemaFlags.DROP) || true),
    remove_schema: s => s.set_schema_json(null, SchemaFlags.DROP),

    begin: (s, _o, peer) => {
        peer.depth++;
        s.begin();
    },
    commit: (s, _o, peer) => {
        if (peer.depth === 0)
            return 'none';
        peer.depth--;
        return s.commit();
    },
    rollback: (s, _o, peer) => {
        if (peer.depth === 0)
            return 'none';
        peer.depth--;
        return s.rollback();
    },
    transact: (s, o, peer) => {
        const results = [];
        try {
            s.transact(() => {
                for (const op of o.ops)
                    results.push(operations[op.op](s, op, peer) ?? null);
                if (o.fails)
                    throw new Error('It fails');
            });
        } catch (error) {
            if (error.message !== 'It fails')
                throw error;
            results.push('failed');
        }
        return results;
    },
    get_changes: s => s.get_changes().to_json(),

    listen: (_s, o, peer) => peer.listen(o),
    unlisten: (_s, o, peer) => peer.unlisten(o.n),
    intercept: (_s, o, peer) => peer.intercept(o),
    unintercept: (s, o, peer) => s.remove_interceptor(peer.interceptors.get(o.n) ?? 0),
    call: (s, o, peer) => s.call_listener(peer.listeners.get(o.n) ?? 0),
    count_listeners: (s, o) => (PHASES.includes(o.kind) ? PHASES : [o.kind])
        .map(name => s.get_n_listeners(ListenerKind[name.toUpperCase()]))
        .reduce((sum, n) => sum + n, 0),

    get_cell: (s, o) => [
        s.has_cell(o.t, o.r, o.c), show(s.get_cell(o.t, o.r, o.c)), s.get_cell_json(o.t, o.r, o.c),
    ],
    get_value: (s, o) => [s.has_value(o.v), show(s.get_value(o.v)), s.get_value_json(o.v)],
    get_texts: (s, o) => [
        s.get_tables_json(), s.get_table_json(o.t), s.get_row_json(o.t, o.r), s.get_values_json(),
    ],
    get_ids: (s, o) => [
        s.has_tables(), s.get_table_ids(), s.get_n_tables(),
        s.has_table(o.t), s.get_row_ids(o.t), s.get_n_rows(o.t),
        s.has_row(o.t, o.r), s.get_cell_ids(o.t, o.r),
        s.has_values(), s.get_value_ids(), s.get_n_values(),
    ],
    get_table_cells: (s, o) => {
        const counts = [];
        s.foreach_table_cell(o.t, (_store, id, n) => counts.push([id, n]));
        return [s.has_table_cell(o.t, o.c), s.get_table_cell_ids(o.t), counts];
    },
    sort: (s, o) => s.get_sorted_row_ids(o.t, o.by, o.descending, o.offset, o.limit ?? -1),
};

// An incremental collection, which takes place in between, blocks callbacks meanwhile: so
// there must not be any.
function collect(peer) {
    for (; peer.depth > 0; peer.depth--)
        peer.store.rollback();
    System.gc();
}

const input = new Gio.DataInputStream({base_stream: Gio.UnixInputStream.new(0, false)});
const output = Gio.UnixOutputStream.new(1, false);

for (let [line] = input.read_line_utf8(null); line !== null; [line] = input.read_line_utf8(null)) {
    const peer = new Peer();
    const lines = JSON.stringify(JSON.parse(line).map(op => peer.play(op)));
    output.write_all(new TextEncoder().encode(`${lines}\n`), null);
    collect(peer);
}
