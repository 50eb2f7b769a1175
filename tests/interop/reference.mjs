// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Carries out operations with TinyBase, in node.

import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

import {Fitting, isLost, pickRefusals, pickTold, setSchema} from './fitting.mjs';
import {PHASES, actions, counted, kinds, show, showPage} from './kinds.mjs';
import {Middleware} from './middleware.mjs';
import * as text from './texts.mjs';

const require = createRequire(`${process.env.TINYBASE_DIR}/package.json`);
const {createStore} = await import(pathToFileURL(require.resolve('tinybase/store')));

const HOOKS = 2;

export class Reference {
    constructor() {
        this.depth = 0;       // of begin and transact
        this.log = [];        // what was done and not undone
        this.marks = [];      // where in the log each open transaction begins
        this.shown = null;    // the text that was told last
        this.played = 0;      // operations
        this.fits = new WeakMap(); // each operation to what of it does not fit the schema
        this.refusedBy = new Map(); // interceptors: what of each operation
        this.reset();
    }

    reset() {
        this.store = createStore();
        this.middleware = new Middleware(this.store, name => this.used.push(name));
        this.listeners = new Map();
        this.schema = null;   // text
        this.pages = new Map(); // listeners of that kind, with the page that was told last
        this.events = [];
        this.used = [];       // exceptions that were made
        this.muted = false;
        this.watched = false;
        this.busy = false;    // in a call that ends with all listeners told
        this.telling = false; // in the phase in which TinyBase ignores writes
        this.deferred = [];   // writes of that phase
        this.leaving = [];    // who was removed after the first of them
        this.started = new Set(); // listeners of that kind
        this.refusals = 0;    // in the transaction that ended last
        this.ids = null;      // in the open transaction: what was there, and what is gone
        this.readded = false; // … and whether something came back
        this.keepsParts = false; // … or parts of rows were not let go
        this.more = new Map();   // … and what is told of more often than TinyBase does, with how often
        this.resets = false;     // … or cells became their defaults again
        this.undoing = false; // exception rollback-tells-less: nothing is written in it
        this.writes = 0;      // in the open transaction

        this.store.addWillFinishTransactionListener(() => {
            this.telling = true;
            const refusals = this.listRefusals();
            this.refusals = refusals.length;
            if (refusals.some(isLost))
                this.used.push('objects-survive');
        });
        this.store.addDidFinishTransactionListener(() => this.tellChanges());
    }

    play(op) {
        this.events = [];
        this.used = [];
        this.toldReadded = false;
        this.toldParts = false;
        this.toldResets = false;
        this.toldLong = false;
        this.toldLate = false;
        this.asked = [];
        this.asksLate = false;
        const result = this.carryOut(op) ?? null;
        const now = this.orderedText();
        const line = {
            result, events: this.events, text: now === this.shown ? null : now,
            json: now === this.shown || this.played++ % 4 > 0 ? null : this.store.getJson(), used: this.used,
            readded: this.toldReadded || this.readded, isLong: this.toldLong || this.writes > 1,
            keepsParts: this.toldParts || this.keepsParts, resets: this.toldResets || this.resets, isLate: this.toldLate, asked: this.asked, asksLate: this.asksLate,
        };
        this.shown = now;
        return line;
    }

    carryOut(op) {
        if (op.op !== 'rollback' && op.op !== 'transact')
            this.log.push(op);
        return this.perform(op);
    }

    perform(op) {
        if (this.schema && isWrite(op)) {
            const {misfit, resets} = this.fit(op);
            if (misfit)
                return this.refuse(op, misfit);
            this.resets ||= resets;
        }
        if (isWrite(op) && !this.middleware.isEmpty)
            return this.carryOutAsked(op);
        return operations[op.op](this.store, op, this);
    }

    // All of it is one transaction.
    carryOutAsked(op) {
        const {middleware} = this;
        return this.run(() => this.store.transaction(() => {
            const result = middleware.play(op);
            if (!this.muted)
                this.events.push(...middleware.notes.flatMap(({event}) => event ? [event] : []));
            this.asked.push(...middleware.notes.flatMap(({refused, altered}) =>
                refused ? [`${refused[0]} refused`] : altered ? [`${altered} altered`] : []));
            this.refusedBy.set(op, middleware.refusals);
            this.asksLate ||= middleware.isLate;
            this.keepsParts ||= middleware.keepsParts;
            return result;
        }));
    }

    // What is done again is as it was.
    fit(op) {
        if (!this.fits.has(op)) {
            const fitting = new Fitting(this, op, operations);
            const misfit = fitting.find();
            this.fits.set(op, {misfit, resets: !misfit && fitting.resetsDefaults()});
        }
        return this.fits.get(op);
    }

    // Exceptions refused-by-schema and first-misfit-is-told
    refuse(op, misfit) {
        this.used.push('refused-by-schema');
        this.refusedBy.set(op, [misfit]);
        const tell = rollsBack => this.run(() => {
            this.store.startTransaction();
            this.middleware.tellRefusals([misfit]);
            this.store.finishTransaction(rollsBack);
        });
        if (op.op.startsWith('map_') && this.depth === 0) { // a transaction of its own, which is rolled back
            this.begin();
            this.rollback(() => tell(() => true));
        } else {
            tell();
        }
        return ['remove_tables', 'remove_values'].includes(op.op) ? null : false;
    }

    // --- Transactions ---

    // Calls what may end a transaction, and then does what listeners wanted.
    run(func) {
        if (this.busy) {
            this.noteIds();
            const inside = func();
            this.noteIds();
            return inside;
        }
        this.busy = true;
        const result = func();
        this.busy = false;
        this.telling = false;
        if (this.depth > 0)
            this.noteIds();
        this.doDeferred();
        return result;
    }

    // Notes what comes back after it was gone.
    noteIds() {
        this.writes++;
        const now = new Set(this.listIds());
        this.ids ??= {seen: new Set(), gone: new Set()};
        const {seen, gone} = this.ids;
        this.readded ||= [...gone].some(id => now.has(id));
        now.forEach(id => seen.add(id));
        seen.forEach(id => now.has(id) || gone.add(id));
    }

    listIds() {
        const {store} = this;
        const list = [];
        store.forEachTable((t, forEachRow) => {
            list.push(`/${t}`);
            forEachRow((r, forEachCell) => {
                list.push(`/${t}/${r}`);
                forEachCell(c => list.push(`/${t}/${r}/${c}`));
            });
        });
        store.forEachValue(v => list.push(v));
        return list;
    }

    // Exception listeners-may-write: their writes are a transaction that begins when
    // the first of them is made.
    doDeferred() {
        for (let round = 0; this.deferred.length > 0; round++) {
            if (round > 100)
                throw new Error('There is no end to what listeners write');
            const {deferred, mark} = this;
            this.deferred = [];
            this.used.push('listeners-may-write');
            this.busy = true;
            const events = this.events;
            this.events = [];
            this.store.startTransaction();
            this.leaving.splice(0).forEach(n => this.unlisten(n));
            events.splice(mark, 0, ...this.events);
            this.events = events;
            deferred.forEach(write => write());
            this.store.finishTransaction();
            this.busy = false;
            this.telling = false;
        }
    }

    begin() {
        this.marks.push(this.log.length - 1);
        this.depth++;
    }

    end() {
        this.marks.pop();
        this.depth--;
    }

    // Exceptions inner-rollback and exact-rollback: everything is done again, in a new
    // store, without what was undone. Listeners stay, and refusals are told.
    rebuild(keeps) {
        const mark = this.marks.pop();
        const kept = this.log.slice(mark).flatMap(keeps);
        const {events, used, shown, pages} = this;
        const depth = --this.depth;
        const marks = this.marks;
        const log = [...this.log.slice(0, mark), ...kept];

        this.reset();
        this.muted = true;
        this.depth = 0;
        this.log = [];
        this.marks = [];
        log.forEach(op => this.carryOut(op));
        this.muted = false;
        Object.assign(this, {events, used, shown, depth, marks, log});
        for (const [n, page] of this.pages)
            page.told = pages.get(n)?.told ?? page.told;
    }

    // The outermost one is rolled back by TinyBase, too.
    rollback(end) {
        if (this.depth > 1) {
            this.used.push('inner-rollback');
            this.rebuild(op => KEPT.includes(op.op) || op.bad ? [op] : this.refusalsOf(op));
            return;
        }
        this.undoing = true;
        end();
        const before = this.orderedText();
        this.rebuild(op => KEPT.includes(op.op) ? [op] : []);
        this.tellLatePages(page => !page.mutator); // to those who came in between
        if (this.orderedText() !== before)
            this.used.push('exact-rollback');
    }

    // Whether changes are to one of the tables that have defaults
    hasDefaults({tables}) {
        const isDefaulted = specs => Object.values(specs ?? {}).some(spec => spec.default !== undefined);
        const has = tables.some(([t]) => isDefaulted(this.schema[0][t])) || !this.store.hasValues() && isDefaulted(this.schema[1]);
        if (has)
            this.used.push('defaults-come-back');
        return has;
    }

    tellMore(ids, by = 1) {
        const key = JSON.stringify(ids);
        this.more.set(key, (this.more.get(key) ?? 0) + by);
    }

    // What was refused is told, even if it is undone.
    refusalsOf(op) {
        const refusals = this.refusedBy.get(op) ?? [];
        return refusals.length > 0 ? [{op: 'tell_refusals', bad: true, refusals}] : [];
    }

    // --- For actions ---

    write(func) {
        if (!this.telling) {
            this.run(func);
            return;
        }
        if (this.deferred.length === 0)
            this.mark = this.events.length;
        this.deferred.push(func);
    }

    cellText(t, r, c) {
        return this.store.hasCell(t, r, c) ? JSON.stringify(this.store.getCell(t, r, c)) : null;
    }

    setCell(t, r, c, json) {
        this.perform({op: 'set_cell_json', t, r, c, json});
    }

    deleteCell(t, r, c) {
        this.perform({op: 'remove_cell', t, r, c});
    }

    valueText(v) {
        return this.store.hasValue(v) ? JSON.stringify(this.store.getValue(v)) : null;
    }

    setValue(v, json) {
        this.perform({op: 'set_value_json', v, json});
    }

    deleteValue(v) {
        this.perform({op: 'remove_value', v});
    }

    addRow(t, json) {
        this.perform({op: 'add_row', t, cells: Object.entries(JSON.parse(json)).map(([c, cell]) => [c, JSON.stringify(cell)]), reuse: true});
    }

    unlisten(n) {
        const id = this.listeners.get(n);
        this.listeners.delete(n);
        this.pages.delete(n);
        if (id !== undefined)
            this.store.delListener(id);
        return id !== undefined;
    }

    // One for the start of a transaction has heard of the one that is to be made up for.
    hush(n) {
        if (this.deferred.length > 0 && this.started.has(n))
            this.leaving.push(n);
        else
            this.unlisten(n);
    }

    // --- Listeners ---

    listen({n, kind: name, at, page, mutator, does}) {
        if (page) {
            this.listenToPage(n, at, page, mutator);
            return;
        }
        const kind = kinds[name];
        const direct = mutator || name === 'started' || name === 'finishing';
        const told = (_store, ...args) => {
            const ids = args.slice(0, kind.ids.length).map(id => id ?? null);
            const told = this.describe(kind.tells, args.slice(kind.ids.length), ids);
            if (told[0] === 0 && kind.tells === 'refusal')
                return;
            if (!this.muted)
                this.events.push([n, ...ids, ...told]);
            if (does?.hush !== undefined)
                this.hush(does.hush);
            else if (does === 'leave')
                this.unlisten(n);
            else if (does && !(this.undoing && name === 'finishing'))
                this.act(actions[does](this, name, ids, told, n), direct);
        };
        const add = this.store[`add${kind.theirs}Listener`];
        if (name === 'started')
            this.started.add(n);
        this.listeners.set(n, kind.mutates ? add(...at, told, mutator) : add(told));
    }

    listenToPage(n, [t, by], {descending, offset, limit}, mutator) {
        const args = [t, by ?? undefined, descending, offset, limit ?? undefined];
        const show = ids => showPage([...args.slice(2), ids]);
        const find = () => show(this.store.getSortedRowIds(...args));
        const tell = told => {
            if (!this.undoing) // exception rollback-tells-less
                this.pages.get(n).told = told;
            if (!this.muted)
                this.events.push([n, t, by, told]);
        };
        this.pages.set(n, {told: find(), find, tell, mutator});
        this.listeners.set(n, this.store.addSortedRowIdsListener(...args,
            (_store, t2, by2, ...page) => {
                if (t2 !== t || by2 !== args[1])
                    throw new Error('A page of something else');
                if (showPage(page) !== this.pages.get(n).told)
                    tell(showPage(page));
            }, mutator));
    }

    // Exception pages-are-true: makes up for what TinyBase does not tell.
    tellLatePages(isMeant = () => true) {
        if (this.undoing)
            return;
        for (const {told, find, tell} of [...this.pages.values()].filter(isMeant))
            if (find() !== told) {
                this.used.push('pages-are-true');
                this.toldLate ||= !this.muted;
                tell(find());
            }
    }

    act(write, direct) {
        if (!write)
            return;
        if (direct)
            this.run(write);
        else
            this.write(write);
    }

    describe(tells, args, ids) {
        switch (tells) {
        case 'change':
            return args.slice(0, 2).map(show);
        case 'ids': {
            const ids = Object.entries(args[0]?.() ?? {});
            return [1, -1].map(which => ids.filter(([, change]) => change === which).map(([id]) => id));
        }
        case 'scalar':
            return args.slice(0, 1);
        case 'refusal': // exception objects-survive
            return [pickTold(this, ids, args[0]).length + (this.more.get(JSON.stringify(ids)) ?? 0)];
        default:
            return [];
        }
    }

    tellChanges() {
        this.toldReadded ||= this.readded;
        this.toldParts ||= this.keepsParts;
        this.keepsParts = false;
        this.toldResets ||= this.resets;
        this.resets = false;
        this.more.clear();
        this.toldLong ||= this.writes > 1;
        this.writes = 0;
        this.ids = null;
        this.readded = false;
        this.tellLatePages();
        const [tables, values] = this.store.getTransactionChanges();
        if (this.watched && !this.muted && Object.keys(tables).length + Object.keys(values).length > 0)
            this.events.push(['changed', this.changesText()]);
    }

    // --- What is there ---

    changesText() {
        const [tables, values] = this.store.getTransactionChanges();
        const cells = row => changesObject(row, cellText);
        return `[${changesObject(tables, table => changesObject(table, cells))},${cells(values)},1]`;
    }

    countRefusals() {
        return this.listRefusals().length;
    }

    listRefusals() {
        return pickRefusals(this, this.store).map(({value}) => value);
    }

    // As libtstore writes it: in the order of insertion
    orderedText() {
        const {store} = this;
        const tables = write(store.getTableIds(), t => this.tableText(t));
        return `[${tables},${write(store.getValueIds(), v => cellText(store.getValue(v)))}]`;
    }

    tableText(t) {
        return write(this.store.getRowIds(t), r => this.rowText(t, r));
    }

    rowText(t, r) {
        return write(this.store.getCellIds(t, r), c => cellText(this.store.getCell(t, r, c)));
    }
}

const NO_WRITES = ['set_schema', 'remove_schema'];
const isWrite = op => /^(set|map|add|remove|apply)_/.test(op.op) && !NO_WRITES.includes(op.op);

const write = (ids, part) => text.object(ids.map(id => [id, id]), part);
const isContainer = value => typeof value === 'object' && value !== null;
const cellText = value => JSON.stringify(isContainer(value) ? `\ufffd${JSON.stringify(value)}` : value);
const changesObject = (object, write) =>
    text.object(Object.entries(object), value => value === undefined ? '"\ufffc"' : write(value));

const parse = json => JSON.parse(json);
const primitive = op => 'string' in op ? op.string : JSON.parse(op.json);

const KEPT = ['watch', 'listen', 'unlisten', 'intercept', 'unintercept'];

// Carries out a write; tells whether it was accepted.
function set(peer, func) {
    if (peer.depth === 0)
        return peer.run(() => (func(), peer.refusals === 0));
    const before = peer.countRefusals();
    peer.run(func);
    return peer.countRefusals() === before;
}

// Carries out a removal; tells whether there was something to remove.
function remove(peer, exists, func) {
    return peer.run(() => peer.store.transaction(() => {
        const existed = exists();
        func();
        return existed;
    }));
}

function addRow(peer, t, cells, reuse) {
    return peer.run(() => peer.store.addRow(t, cells, reuse)) ?? false;
}

// [[id, part]…], with null for what is removed
const changes = (pairs, part) =>
    Object.fromEntries(pairs.map(([id, value]) => [id, value === null ? undefined : part(value)]));

// Exception values-are-a-row. One of them is set as such.
function setValues({store, schema, used}, values) {
    const [v, ...more] = Object.keys(values);
    if (schema && !store.hasValues() && Object.values(schema[1]).some(spec => spec.default !== undefined)) {
        used.push('values-are-a-row');
        store.setValues(values);
    } else if (more.length > 0) {
        store.setPartialValues(values);
    } else {
        store.setValue(v, values[v]);
    }
}

// Exception values-are-a-row. TinyBase leaves those that have a default, also where others are required.
function removeDefaults(peer) {
    const {store, schema, used} = peer;
    if (schema && store.hasValues() && Object.values(schema[1]).some(spec => spec.required)) {
        used.push('values-are-a-row');
        peer.readded = true; // those with a default
        store.delValuesSchema().delValues().setValuesSchema(schema[1]);
    }
}

// Exceptions defaults-come-back and defaults-come-last: step by step
function applySteps(peer, {tables, values}) {
    const {store} = peer;
    for (const [t, rows] of tables) {
        for (const [r, cells] of rows ?? []) {
            const isNew = !store.hasRow(t, r);
            if (cells === null)
                store.delRow(t, r);
            else if (isNew && cells.some(([, json]) => json !== null))
                store.setRow(t, r, Object.fromEntries(cells.filter(([, json]) => json !== null).map(([c, json]) => [c, parse(json)])));
            else
                cells.forEach(([c, json]) => json === null ? store.delCell(t, r, c) : store.setCell(t, r, c, parse(json)));
        }
        if (rows === null)
            store.delTable(t);
    }
    const sets = values.filter(([, json]) => json !== null);
    if (sets.length > 0)
        setValues(peer, Object.fromEntries(sets.map(([v, json]) => [v, parse(json)])));
    values.forEach(([v, json]) => json === null && store.delValue(v));
}

function applyChanges(peer, op) {
    const {store} = peer;
    const {tables, values} = op;
    if (peer.schema && peer.hasDefaults(op))
        return applySteps(peer, op);

    const cells = row => changes(row, parse);
    store.applyChanges([changes(tables, table => changes(table, cells)), cells(values), 1]);
}

function transact(peer, {ops, fails}) {
    const results = [];
    const playAll = () => {
        for (const op of ops)
            results.push(peer.carryOut(op) ?? null);
        if (fails)
            throw new Error('It fails');
    };

    peer.log.push({op: 'begin'});
    peer.begin();
    if (!fails) {
        peer.run(() => {
            peer.store.transaction(playAll);
            peer.end();
        });
        peer.log.push({op: 'commit'});
        return results;
    }
    const attempt = func => () => {
        try {
            func();
        } catch (error) {
            results.push('failed');
        }
    };
    if (peer.depth > 1)
        attempt(playAll)();
    peer.rollback(() => peer.run(attempt(() => peer.store.transaction(playAll))));
    return results;
}

// The keys that rows are sorted by are of two sorts, and those have no order between them.
function isMixed(store, {t, by}) {
    if (by === null)
        return false;
    const isText = r => !['number', 'boolean', 'undefined'].includes(typeof (store.getCell(t, r, by) ?? 0));
    const ids = store.getRowIds(t);
    return ids.some(isText) && !ids.every(isText);
}

const operations = {
    nothing: () => true,
    watch: (_s, _o, p) => (p.watched = true, null),

    set_cell: (s, o, p) => set(p, () => s.setCell(o.t, o.r, o.c, primitive(o))),
    set_cell_json: (s, o, p) => set(p, () => s.setCell(o.t, o.r, o.c, parse(o.json))),
    map_cell: (s, o, p) => set(p, () => s.setCell(o.t, o.r, o.c, counted)),
    remove_cell: (s, o, p) => remove(p, () => s.hasCell(o.t, o.r, o.c), () => s.delCell(o.t, o.r, o.c)),
    set_row: (s, o, p) => set(p, () => s.setRow(o.t, o.r, parse(text.cells(o.cells)))),
    set_partial_row: (s, o, p) => {
        const isNew = p.schema && !s.hasRow(o.t, o.r);
        if (isNew && Object.values(p.schema[0][o.t] ?? {}).some(spec => spec.default !== undefined))
            p.used.push('defaults-come-last');
        return set(p, () => s[isNew ? 'setRow' : 'setPartialRow'](o.t, o.r, parse(text.cells(o.cells))));
    },
    add_row: (_s, o, p) => addRow(p, o.t, parse(text.cells(o.cells)), o.reuse),
    remove_row: (s, o, p) => remove(p, () => s.hasRow(o.t, o.r), () => s.delRow(o.t, o.r)),
    set_table: (s, o, p) => set(p, () => s.setTable(o.t, parse(text.rows(o.rows)))),
    remove_table: (s, o, p) => remove(p, () => s.hasTable(o.t), () => s.delTable(o.t)),
    set_tables: (s, o, p) => {
        const json = text.tables(o.tables, o.encoded);
        return set(p, () => o.encoded ? s.setTablesJson(json) : s.setTables(parse(json)));
    },
    remove_tables: (s, _o, p) => remove(p, () => null, () => s.delTables()),
    set_value: (_s, o, p) => set(p, () => setValues(p, {[o.v]: primitive(o)})),
    set_value_json: (_s, o, p) => set(p, () => setValues(p, {[o.v]: parse(o.json)})),
    map_value: (s, o, p) => set(p, () => s.transaction(() => setValues(p, {[o.v]: counted(s.getValue(o.v))}))),
    remove_value: (s, o, p) => remove(p, () => s.hasValue(o.v), () => s.delValue(o.v)),
    set_values: (s, o, p) => {
        const json = text.cells(o.values, o.encoded);
        return set(p, () => o.encoded ? s.setValuesJson(json) : s.setValues(parse(json)));
    },
    set_partial_values: (_s, o, p) => set(p, () => setValues(p, parse(text.cells(o.values)))),
    remove_values: (s, _o, p) => remove(p, () => null, () => (s.delValues(), removeDefaults(p))),
    set_json: (s, o, p) => {
        const tables = text.tables(o.tables, o.encoded);
        const values = text.cells(o.values, o.encoded);
        return set(p, () => s.transaction(() => {
            s.setJson({pair: `[${tables},${values}]`, tables: `[${tables}]`, bare: tables}[o.form]);
            if (o.form === 'pair' && o.values.length === 0)
                removeDefaults(p);
        }));
    },
    apply_changes: (s, o, p) => set(p, () => s.transaction(() =>
        (o.passes ?? [o]).forEach(pass => p.run(() => applyChanges(p, pass))))),

    bad_cell: (s, o, p) => set(p, () => s.setCell(o.t, o.r, o.c, Number(o.number))),
    bad_row: (s, o, p) => set(p, () => s.setRow(o.t, o.r, parse(o.text))),
    bad_partial_row: (s, o, p) => set(p, () => s.setPartialRow(o.t, o.r, parse(o.text))),
    bad_new_row: (_s, o, p) => addRow(p, o.t, parse(o.text)),
    bad_table: (s, o, p) => set(p, () => s.setTable(o.t, parse(o.text))),
    bad_tables: (s, o, p) => set(p, () => s.setTables(parse(o.text))),
    bad_value: (s, o, p) => set(p, () => s.setValue(o.v, Number(o.number))),
    bad_values: (s, o, p) => set(p, () => s.setValues(parse(o.text))),

    set_schema: (s, o, p) => {
        p.readded = true; // as everything is set again
        p.run(() => s.transaction(() => setSchema(p, o)));
        return true;
    },
    remove_schema: (s, _o, p) => {
        p.schema = null;
        p.run(() => s.delSchema());
        return true;
    },

    begin: (s, _o, p) => {
        p.begin();
        p.run(() => s.startTransaction());
    },
    commit: (s, _o, p) => {
        if (p.depth === 0)
            return 'none';
        p.end();
        p.run(() => s.finishTransaction());
        return true;
    },
    rollback: (s, _o, p) => {
        if (p.depth === 0)
            return 'none';
        return p.rollback(() => p.run(() => s.finishTransaction(() => true)));
    },
    transact: (_s, o, p) => transact(p, o),
    get_changes: (_s, _o, p) => p.changesText(),

    listen: (_s, o, p) => p.listen(o),
    unlisten: (_s, o, p) => p.unlisten(o.n),
    intercept: (_s, o, p) => p.middleware.add(o),
    tell_refusals: (s, o, p) => p.run(() => s.transaction(() => p.middleware.tellRefusals(o.refusals))),
    unintercept: (_s, o, p) => p.middleware.remove(o.n),
    call: (s, o, p) => {
        const id = p.listeners.get(o.n);
        if (id !== undefined)
            s.callListener(id);
        return id !== undefined;
    },
    call_page: (_s, o, p) => {
        const page = p.pages.get(o.n);
        page?.tell(page.find());
        return page !== undefined;
    },
    has_listener: (_s, o, p) => p.listeners.has(o.n),
    count_listeners: (s, o) => {
        const stats = s.getListenerStats();
        const name = kinds[o.kind].theirs;
        return PHASES.includes(o.kind) ? stats.transaction - HOOKS : stats[name[0].toLowerCase() + name.slice(1)];
    },

    get_cell: (s, o, p) => [s.hasCell(o.t, o.r, o.c), show(s.getCell(o.t, o.r, o.c)), p.cellText(o.t, o.r, o.c)],
    get_value: (s, o, p) => [s.hasValue(o.v), show(s.getValue(o.v)), p.valueText(o.v)],
    get_texts: (s, o, p) => [
        s.getTablesJson(), p.tableText(o.t), p.rowText(o.t, o.r), s.getValuesJson(),
    ],
    get_ids: (s, o) => [
        s.hasTables(), s.getTableIds(), s.getTableIds().length,
        s.hasTable(o.t), s.getRowIds(o.t), s.getRowCount(o.t),
        s.hasRow(o.t, o.r), s.getCellIds(o.t, o.r),
        s.hasValues(), s.getValueIds(), s.getValueIds().length,
    ],
    get_table_cells: (s, o) => {
        const counts = [];
        s.forEachTableCell(o.t, (id, n) => counts.push([id, n]));
        return [s.hasTableCell(o.t, o.c), s.getTableCellIds(o.t), counts];
    },
    sort: (s, o) => ({
        ids: s.getSortedRowIds(o.t, o.by ?? undefined, o.descending,
            o.fromEnd ? Math.max(0, s.getRowCount(o.t) + o.offset) : o.offset, o.limit ?? undefined),
        mixed: isMixed(s, o),
    }),
};
operations.set_cell_typed = operations.set_cell;
operations.set_value_typed = operations.set_value;
