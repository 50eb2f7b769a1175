// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Interceptors as TinyBase's middleware, with what differs on purpose made up for.

import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

import {PLACEHOLDER, decide, isRemoval, writes} from './interceptors.mjs';
import * as text from './texts.mjs';

const require = createRequire(`${process.env.TINYBASE_DIR}/package.json`);
const {createMiddleware} = await import(pathToFileURL(require.resolve('tinybase/middleware')));

// --- Texts: what is to be set as libtstore tells it, and back ---

const isContainer = value => typeof value === 'object' && value !== null;
const encode = value => JSON.stringify(isContainer(value) ? `\ufffd${JSON.stringify(value)}` : value);
const decode = value =>
    typeof value === 'string' && /^\ufffd[[{]/.test(value) ? JSON.parse(value.slice(1)) : value;

const object = (thing, write) => text.object(Object.entries(thing), write);
const orRemoved = write => part => part === undefined ? '"\ufffc"' : write(part);
const map = (thing, part) => Object.fromEntries(Object.entries(thing).map(([id, value]) => [id, part(value)]));
const orNothing = part => value => value === '\ufffc' ? undefined : part(value);

const toTexts = {
    cell: value => JSON.stringify(value),
    cells: cells => object(cells, encode),
    rows: rows => object(rows, toTexts.cells),
    tables: tables => object(tables, toTexts.rows),
    content: ([tables, values]) => `[${toTexts.tables(tables)},${toTexts.cells(values)}]`,
    changes: ([tables, values]) => {
        const cells = row => object(row, orRemoved(encode));
        return `[${object(tables, orRemoved(table => object(table, orRemoved(cells))))},${cells(values)},1]`;
    },
};

const fromParts = {
    cell: value => value,
    cells: cells => map(cells, decode),
    rows: rows => map(rows, fromParts.cells),
    tables: tables => map(tables, fromParts.rows),
    content: ([tables, values]) => [fromParts.tables(tables), fromParts.cells(values)],
    changes: ([tables, values]) => {
        const cells = row => map(row, orNothing(decode));
        return [map(tables, orNothing(table => map(table, orNothing(cells)))), cells(values), 1];
    },
};

const forms = {
    set_content: 'content', set_tables: 'tables', set_table: 'rows', set_row: 'cells', set_cell: 'cell',
    set_values: 'cells', set_value: 'cell', apply_changes: 'changes',
};
const toText = (kind, thing) => isRemoval(kind) ? null : toTexts[forms[kind]](thing);
const fromText = (kind, json) => isRemoval(kind) ? true : fromParts[forms[kind]](JSON.parse(json));

const isEqual = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isSameObject = (now, then, isSame) =>
    Object.keys(now).length === Object.keys(then).length && Object.keys(then).every(id => id in now && isSame(now[id], then[id]));
const isSameRow = (now, then) => isSameObject(now, then, isEqual);
const isSameTable = (now, then) => isSameObject(now, then, isSameRow);
const isSameTables = (now, then) => isSameObject(now, then, isSameTable);

// Lets it go on as it is.
const pass = (kind, thing) => isRemoval(kind) ? true : thing;

// --- The middleware of a store ---

export class Middleware {
    constructor(store, use) {
        this.store = store;
        this.use = use;
        this.interceptors = new Map();
        this.theirs = null;
        this.isRaw = false;  // while nobody is asked
        this.begin();
    }

    get isEmpty() {
        return this.interceptors.size === 0;
    }

    add(interceptor) {
        this.interceptors.set(interceptor.n, interceptor);
        this.register();
    }

    remove(n) {
        const existed = this.interceptors.delete(n);
        if (existed)
            this.register();
        return existed;
    }

    // TinyBase has no way to remove one.
    register() {
        this.unregister();
        if (this.isEmpty && !this.isRaw)
            return;
        this.theirs = createMiddleware(this.store);
        for (const [kind, {ids, theirs}] of Object.entries(writes)) {
            if (!this.isRaw && kind === 'set_row' && !this.wants('set_row') && !this.wants('set_cell'))
                continue; // with one for rows, setCell() sets the whole row
            const add = callback => this.theirs[`add${theirs}Callback`](callback);
            const split = args => [args.slice(0, ids.length), args[ids.length]];
            add((...args) => this.open(kind, ...split(args)));
            for (const interceptor of this.asked(kind))
                add((...args) => this.skips ? pass(kind, split(args)[1]) : this.ask(interceptor, kind, ...split(args)));
            add((...args) => this.close(kind, ...split(args)));
        }
    }

    unregister() {
        this.theirs?.destroy();
        this.theirs = null;
    }

    asked(kind) {
        return [...this.interceptors.values()].filter(({kinds}) => kinds.includes(kind));
    }

    wants(kind) {
        return this.asked(kind).length > 0;
    }

    // --- One operation ---

    begin() {
        this.notes = [];    // each event, refusal, and what has an effect
        this.isLate = false;
        this.keepsParts = false;
    }

    note(note) {
        this.notes.push(note);
    }

    count(what) {
        return this.notes.filter(note => note[what]).length;
    }

    // --- Asking ---

    // Returns: undefined if it is refused
    ask(interceptor, kind, ids, thing) {
        const told = toText(kind, thing);
        this.note({event: ['ask', interceptor.n, kind, ...ids, told]});
        const answer = decide(interceptor, kind, ids, told);
        if (answer === null) {
            this.note({refused: [kind, ids]});
            return isRemoval(kind) ? false : undefined;
        }
        if (answer !== (told ?? ''))
            this.note({altered: kind});
        return fromText(kind, answer);
    }

    askAll(kind, ids, thing = true) {
        if (this.isSame(kind, ids, thing))
            return thing;
        for (const interceptor of this.asked(kind)) {
            thing = this.ask(interceptor, kind, ids, thing);
            if (thing === undefined || isRemoval(kind) && !thing)
                return undefined;
        }
        return thing;
    }

    // Exception asks-about-changes
    open(kind, ids, thing) {
        if (this.isRaw)
            return isRemoval(kind) ? false : undefined; // nothing is written
        this.skips = this.isSame(kind, ids, thing);
        if (this.skips && this.wants(kind))
            this.use('asks-about-changes');
        return pass(kind, thing);
    }

    isSame(kind, [t, r, c], thing) {
        const {store} = this;
        switch (kind) {
        case 'set_content':
            return isSameTables(store.getTables(), thing[0]) && isSameRow(store.getValues(), thing[1]);
        case 'set_tables':
            return isSameTables(store.getTables(), thing);
        case 'set_table':
            return isSameTable(store.getTable(t), thing);
        case 'set_row':
            return isSameRow(store.getRow(t, r), thing);
        case 'set_cell':
            return store.hasCell(t, r, c) && isEqual(store.getCell(t, r, c), thing);
        case 'set_values':
            return isSameRow(store.getValues(), thing);
        case 'set_value':
            return store.hasValue(t) && isEqual(store.getValue(t), thing);
        case 'apply_changes':
            return thing.slice(0, 2).every(part => Object.keys(part).length === 0);
        case 'remove_tables':
            return !store.hasTables();
        case 'remove_values':
            return !store.hasValues();
        default:
            return false;
        }
    }

    // Exception nothing-left-is-refused: if nothing of it remains, it stays as it is.
    close(kind, ids, thing) {
        if (isRemoval(kind))
            return this.closeRemoval(kind, ids);
        if (kind === 'apply_changes')
            return this.dropNewRows(thing);
        if (kind === 'set_cell' || kind === 'set_value') {
            if (!this.isSame(kind, ids, thing))
                this.note({set: true});
            return thing;
        }
        if (kind === 'set_content')
            return thing;
        const mark = this.notes.length;
        if (this.walkParts(kind, ids, thing)) {
            this.notes.length = mark;
            return thing;
        }
        this.use('nothing-left-is-refused');
        return undefined;
    }

    // Exception rows-that-stay-keep-their-ids: of a row that loses some cells only, the id is
    // not free.
    closeRemoval(kind, ids) {
        if (kind === 'remove_cell' || kind === 'remove_value')
            this.note({gone: true});
        if (kind !== 'remove_row')
            return true;
        const cells = this.store.getCellIds(...ids);
        const mark = this.notes.length;
        const remains = cells.filter(c => this.askAll('remove_cell', [...ids, c]) === undefined).length > 0;
        this.notes.length = mark;
        if (!remains)
            return true;
        this.use('rows-that-stay-keep-their-ids');
        this.keepsParts = true;
        cells.forEach(c => this.store.delCell(...ids, c, true));
        return false;
    }

    // Exception no-empty-rows: a new row of which all cells are refused
    dropNewRows([tables, values, mark]) {
        const dropped = map(tables, rows => rows && map(rows, cells => cells));
        for (const [t, rows] of Object.entries(dropped))
            for (const [r, cells] of Object.entries(rows ?? {}))
                if (cells && !this.store.hasRow(t, r) && !this.remains(t, r, cells)) {
                    delete rows[r];
                    this.isLate = true;
                    this.use('no-empty-rows');
                }
        return [dropped, values, mark];
    }

    remains(t, r, cells) {
        const mark = this.notes.length;
        let any = false;
        for (const [c, cell] of Object.entries(cells))
            if (cell !== undefined)
                any = this.walk('set_cell', [t, r, c], cell) || any;
        if (any)
            this.notes.length = mark;
        return any;
    }

    // Asks as TinyBase would. Returns: whether anything of it remains
    walk(kind, ids, thing) {
        const result = this.askAll(kind, ids, thing);
        return result !== undefined && this.walkParts(kind, ids, result);
    }

    walkParts(kind, ids, thing) {
        const any = (parts, part) => Object.entries(parts).reduce((sum, [id, value]) => part(id, value) || sum, false);
        switch (kind) {
        case 'set_tables':
            return any(thing, (t, rows) => this.walk('set_table', [t], rows));
        case 'set_table':
            return any(thing, (r, cells) => this.walk('set_row', [...ids, r], cells));
        case 'set_row': {
            const remains = any(thing, (c, cell) => this.walk('set_cell', [...ids, c], cell));
            this.store.getCellIds(...ids).filter(c => !(c in thing)).forEach(c => this.askAll('remove_cell', [...ids, c]));
            return remains;
        }
        case 'set_values': {
            const remains = any(thing, (v, value) => this.walk('set_value', [v], value));
            this.store.getValueIds().filter(v => !(v in thing)).forEach(v => this.askAll('remove_value', [v]));
            return remains;
        }
        default:
            return true;
        }
    }

    // --- Operations ---

    // Carries one out, in an open transaction. Returns: what libtstore does
    play(op) {
        this.begin();
        const result = plays[op.op](this, op);
        if (this.refusals.length > 0)
            this.use('refusals-are-told');
        this.tellRefusals(this.refusals);
        return result;
    }

    get refusals() {
        return this.notes.flatMap(({refused}) => refused && !isRemoval(refused[0]) ? [refused] : []);
    }

    // Exceptions refusals-are-told and refused-by-schema: TinyBase records what is wrong, but for
    // what nothing is written.
    tellRefusals(refusals) {
        const {store} = this;
        const tell = {
            set_cell: ([t, r, c]) => store.hasTablesSchema() && !(t in JSON.parse(store.getTablesSchemaJson()))
                ? store.setCell(t, r, c, NaN) : store.setTables({[t]: {[r]: {[c]: NaN}}}),
            set_row: ids => store.setRow(...ids, {}),
            set_table: ids => store.setTable(...ids, {}),
            set_value: ([v]) => store.setValues({[v]: NaN}),
            set_values: () => store.setValues({}),
        };
        this.isRaw = true;
        this.theirs ?? this.register();
        for (const [kind, ids] of refusals) {
            (tell[kind] ?? (() => store.setTables({})))(ids);
        }
        this.isRaw = false;
        if (this.isEmpty)
            this.unregister();
    }

    hasEffect() {
        return this.count('refused') === 0 || this.count('set') > 0 || this.count('gone') > 0;
    }

    // Does it unless nothing remains of it.
    try(kind, ids, thing, func) {
        const mark = this.notes.length;
        if (!this.walk(kind, ids, thing)) {
            this.use('nothing-left-is-refused');
            return false;
        }
        this.notes.length = mark;
        func();
        return true;
    }

    tryAny(kind, ids, parts, func) {
        const mark = this.notes.length;
        if (!Object.entries(parts).reduce((any, [id, part]) => this.walk(kind, [...ids, id], part) || any, false))
            return false;
        this.notes.length = mark;
        func();
        return true;
    }

    // A cell, or some cells of a row
    setCells(t, r, cells, func) {
        if (!this.wants('set_row'))
            return this.tryAny('set_cell', [t, r], cells, func) && this.hasEffect();
        this.use('parts-are-wholes');
        const whole = {...this.store.getRow(t, r), ...cells};
        return this.try('set_row', [t, r], whole, () => this.store.setRow(t, r, whole)) && this.hasEffect();
    }

    setSomeValues(values, func) {
        if (!this.wants('set_values'))
            return this.tryAny('set_value', [], values, func) && this.hasEffect();
        this.use('parts-are-wholes');
        const whole = {...this.store.getValues(), ...values};
        return this.try('set_values', [], whole, () => this.store.setValues(whole)) && this.hasEffect();
    }

    addRow(t, cells, reuse) {
        let r;
        this.try('set_row', [t, PLACEHOLDER], cells, () => (r = this.store.addRow(t, cells, reuse)));
        return r ?? false;
    }

    setTables(tables) {
        if (Object.keys(tables).length === 0)
            this.store.delTables();
        else
            return this.try('set_tables', [], tables, () => this.store.setTables(tables));
        return this.count('refused') === 0 || this.count('gone') > 0;
    }

    // Exception json-is-content. Each part stays as it is, or not, for itself.
    setContent(content) {
        let remains;
        const note = (kind, part) => {
            const mark = this.notes.length;
            remains ||= Object.keys(part).length > 0 && this.walk(kind, [], part);
            this.notes.length = mark;
        };
        const mark = this.notes.length;
        const altered = this.askAll('set_content', [], content);
        if (altered === undefined)
            return false;
        note('set_tables', altered[0]);
        note('set_values', altered[1]);
        this.notes.length = mark;
        this.use('json-is-content');
        this.store.setContent(content);
        return remains || this.count('refused') === 0 || this.count('gone') > 0;
    }

    removal(func) {
        func();
        return this.count('gone') > 0;
    }
}

const parse = json => JSON.parse(json);
const primitive = op => 'string' in op ? op.string : parse(op.json);
const decoded = (form, json) => fromParts[form](parse(json));
const setCell = (m, {t, r, c}, cell) => m.setCells(t, r, {[c]: cell}, () => m.store.setCell(t, r, c, cell));
const setValue = (m, {v}, value) => m.setSomeValues({[v]: value}, () => m.store.setValue(v, value));

const plays = {
    set_cell: (m, o) => setCell(m, o, primitive(o)),
    set_cell_json: (m, o) => setCell(m, o, parse(o.json)),
    set_cell_typed: (m, o) => setCell(m, o, primitive(o)),
    remove_cell: (m, o) => m.removal(() => m.store.delCell(o.t, o.r, o.c)),
    set_row: (m, o) => {
        const cells = decoded('cells', text.cells(o.cells));
        return m.try('set_row', [o.t, o.r], cells, () => m.store.setRow(o.t, o.r, cells));
    },
    set_partial_row: (m, o) => {
        const cells = decoded('cells', text.cells(o.cells));
        return m.setCells(o.t, o.r, cells, () => m.store.setPartialRow(o.t, o.r, cells));
    },
    add_row: (m, o) => m.addRow(o.t, decoded('cells', text.cells(o.cells)), o.reuse),
    remove_row: (m, o) => m.removal(() => m.store.delRow(o.t, o.r)),
    set_table: (m, o) => {
        const rows = decoded('rows', text.rows(o.rows));
        return m.try('set_table', [o.t], rows, () => m.store.setTable(o.t, rows));
    },
    remove_table: (m, o) => m.removal(() => m.store.delTable(o.t)),
    set_tables: (m, o) => m.setTables(decoded('tables', text.tables(o.tables, o.encoded))),
    remove_tables: m => (m.store.delTables(), null),
    set_value: (m, o) => setValue(m, o, primitive(o)),
    set_value_json: (m, o) => setValue(m, o, parse(o.json)),
    set_value_typed: (m, o) => setValue(m, o, primitive(o)),
    remove_value: (m, o) => m.removal(() => m.store.delValue(o.v)),
    set_values: (m, o) => {
        const values = decoded('cells', text.cells(o.values, o.encoded));
        return m.try('set_values', [], values, () => m.store.setValues(values));
    },
    set_partial_values: (m, o) => {
        const values = decoded('cells', text.cells(o.values));
        return m.setSomeValues(values, () => m.store.setPartialValues(values));
    },
    remove_values: m => (m.store.delValues(), null),
    set_json: (m, o) => {
        const tables = decoded('tables', text.tables(o.tables, o.encoded));
        const values = decoded('cells', text.cells(o.values, o.encoded));
        return o.form === 'pair' ? m.setContent([tables, values]) : m.setTables(tables);
    },
    apply_changes: (m, o) => {
        const changes = decoded('changes', `[${text.changedTables(o.tables)},${text.changedCells(o.values)},1]`);
        m.store.applyChanges(changes);
        return m.hasEffect();
    },
};
