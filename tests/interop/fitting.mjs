// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What of a write does not fit the schema, as TinyBase finds in a copy of the store.

import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

import {PLACEHOLDER} from './interceptors.mjs';

const require = createRequire(`${process.env.TINYBASE_DIR}/package.json`);
const {createStore} = await import(pathToFileURL(require.resolve('tinybase/store')));

// An object or array that TinyBase does not take back: nobody gave it one of these.
export const isLost = value => typeof value === 'string' && value[0] === '\ufffd';

function isDefault(peer, value) {
    return isLost(value) && JSON.stringify(peer.schema).includes(`"default":${value.slice(1)}`);
}

// Exceptions missing-is-no-refusal and default-objects-fit
function isRefusal(peer, ids, value) {
    const isMissing = value === undefined && ids.at(-1) !== undefined && ids.at(-1) !== null;
    if (isMissing)
        peer.used.push('missing-is-no-refusal');
    else if (peer.schema && isDefault(peer, value))
        peer.used.push('default-objects-fit');
    else
        return true;
    return false;
}

// [{ids, value}…] of what was refused so far in the transaction: cells, and then values
function listRefusals(store) {
    const log = store.getTransactionLog();
    const id = text => text === 'undefined' ? undefined : text;
    const list = (object, ids, depth) => Object.entries(object).flatMap(([key, part]) => depth === 1
        ? part.map(value => ({ids: [...ids, id(key)], value})) : list(part, [...ids, id(key)], depth - 1));
    return [...list(log[3], [], 3), ...list(log[5], [], 1)];
}

export const pickRefusals = (peer, store) =>
    listRefusals(store).filter(({ids, value}) => isRefusal(peer, ids, value));

// Sets a schema. What had to go, libtstore tells of; and once more if it was required, as
// the row goes with it.
export function setSchema(peer, op) {
    const {store} = peer;
    const hadValues = store.hasValues();
    const before = listRefusals(store).map(({ids}) => JSON.stringify(ids));
    peer.schema = op.schema;
    store.setSchema(...op.schema);

    const told = [];
    for (const {ids, value} of listRefusals(store)) {
        const at = before.indexOf(JSON.stringify(ids));
        if (at >= 0) {
            before.splice(at, 1);
            continue;
        }
        const kind = ids.length === 1 ? 'set_value' : ids[1] === undefined ? 'set_table' : 'set_cell';
        const refusal = [kind, ids.filter(id => id !== undefined)];
        const {[ids[0]]: values} = op.schema[1], cell = op.schema[0][ids[0]]?.[ids[2]];
        if (ids.length === 1 && ids[0] === undefined) // there were no values, and may be none
            peer.tellMore(ids, -1);
        else if (isRefusal(peer, ids, value) && !isLost(value))
            told.push(refusal);
        if (isRequired(kind === 'set_value' ? values : cell) && (kind === 'set_cell' || hadValues)) {
            peer.used.push('required-misfits-take-all');
            peer.tellMore(ids);
            told.push(refusal);
        }
    }
    peer.refusedBy.set(op, told);
}

// What a listener for refusals is told of them
export const pickTold = (peer, ids, values) =>
    values.filter(value => !isLost(value) && isRefusal(peer, ids, value));

export class Fitting {
    constructor(peer, op, operations) {
        this.peer = peer;
        this.op = op;
        this.operations = operations;
        this.schema = peer.schema;
    }

    // Returns: the kind and the ids of what is told first, or null
    find() {
        const {op, peer} = this;
        const {store} = peer;
        if (op.op === 'remove_cell' && this.isRequired(op.t, op.c) && store.hasCell(op.t, op.r, op.c))
            return this.keep('set_cell', [op.t, op.r, op.c]);
        if (op.op === 'remove_value' && isRequired(this.schema[1][op.v]) && store.hasValue(op.v))
            return this.keep('set_value', [op.v]);
        this.try();
        const misfits = [...this.refused, ...this.findUnknown(), ...this.findLacking()];
        if (misfits.length === 0)
            return null;
        if (misfits.length > 1)
            peer.used.push('first-misfit-is-told');
        return misfits.map(ids => [this.rank(ids), ids]).sort(([a], [b]) => compareLists(a, b))
            .map(([, ids]) => ids.length === 1 && ids.isValue ? ['set_value', [...ids]]
                : ids.length === 1 ? ['set_table', [...ids]] : ['set_cell', [...ids]])[0];
    }

    keep(kind, ids) {
        this.peer.used.push('required-is-kept');
        return [kind, ids];
    }

    // In a copy, in which nothing is told. One is kept, as it takes long to make.
    copy() {
        const {peer} = this;
        const [tables, values] = peer.store.getContent();
        const isEmpty = object => Object.keys(object).length === 0;
        if (peer.trial?.schema !== this.schema || isEmpty(values) && peer.trial.store.hasValues()) {
            const trial = {schema: this.schema, store: createStore().setSchema(...this.schema), refused: []};
            trial.store.addWillFinishTransactionListener(() => (trial.refused = pickRefusals(peer, trial.store)));
            peer.trial = trial;
        }
        const {store} = peer.trial;
        if (isEmpty(tables))
            store.delTables();
        else
            store.setTables(tables);
        return isEmpty(values) ? store : store.setValues(values);
    }

    try() {
        const {op, peer} = this;
        this.trial = this.copy();
        this.trial.transaction(() => this.operations[op.op](this.trial, op, {
            store: this.trial, schema: this.schema, used: [], depth: 1, countRefusals: () => 0, run: func => func(),
            hasDefaults: peer.hasDefaults,
        }));
        this.refused = peer.trial.refused.map(({ids}) => this.name(ids));
    }

    // As libtstore tells it: of a table that there is not, no cells
    name(ids) {
        const [t, r, c] = ids;
        if (ids.length === 1)
            return Object.assign(ids, {isValue: true});
        return this.schema[0][t] ? [t, r ?? PLACEHOLDER, c] : [t];
    }

    // Tables that are set and not in the schema
    findUnknown() {
        const {op} = this;
        const tables = /^(set|add)_/.test(op.op) ? op.tables?.map(([t]) => t) ?? (op.t === undefined ? [] : [op.t]) : [];
        return tables.filter(t => !this.schema[0][t]).map(t => [t]);
    }

    isRequired(t, c) {
        return isRequired(this.schema[0][t]?.[c]);
    }

    // The rows of a full write, and new ones
    get rows() {
        const {op, peer} = this;
        const isNew = (t, r) => !peer.store.hasRow(t, r);
        switch (op.op) {
        case 'set_partial_row':
            return isNew(op.t, op.r) ? [[op.t, [[op.r, op.cells]]]] : [];
        case 'apply_changes':
            return op.tables.map(([t, rows]) => [t, (rows ?? []).filter(([r, cells]) => isNew(t, r) && cells?.some(([, json]) => json !== null))
                .map(([r, cells]) => [r, cells.filter(([, json]) => json !== null)])]);
        case 'set_row':
            return [[op.t, [[op.r, op.cells]]]];
        case 'add_row':
            return [[op.t, [[PLACEHOLDER, op.cells]]]];
        case 'set_table':
            return [[op.t, op.rows]];
        default:
            return op.tables ?? [];
        }
    }

    get values() {
        const {op, peer} = this;
        if (op.op === 'set_values' || op.op === 'set_json' && op.form === 'pair')
            return op.values;
        if (peer.store.hasValues() || op.op === 'set_json' || op.op.startsWith('remove_'))
            return [];
        return (op.v === undefined ? op.values ?? [] : [[op.v, '']]).filter(([, json]) => json !== null);
    }

    // What is required and would not be there. Exception required-is-kept, unless TinyBase sees to it
    findLacking() {
        const seen = this.findLackingInNew();
        const texts = seen.map(ids => JSON.stringify(ids));
        const others = this.findLackingInTrial().filter(ids => !texts.includes(JSON.stringify(ids)));
        if (others.length > 0)
            this.peer.used.push('required-is-kept');
        return [...seen, ...others];
    }

    findLackingInNew() {
        const lacking = [];
        for (const [t, rows] of this.rows)
            for (const [r, cells] of rows)
                for (const c of Object.keys(this.schema[0][t] ?? {}))
                    if (this.isRequired(t, c) && !cells.some(([id]) => id === c))
                        lacking.push([t, r, c]);
        for (const v of this.values.length > 0 ? this.requiredValues : [])
            if (!this.values.some(([id]) => id === v))
                lacking.push(Object.assign([v], {isValue: true}));
        return lacking;
    }

    findLackingInTrial() {
        const {trial} = this;
        const lacking = [];
        for (const t of trial.getTableIds())
            for (const r of trial.getRowIds(t))
                for (const c of Object.keys(this.schema[0][t] ?? {}))
                    if (this.isRequired(t, c) && !trial.hasCell(t, r, c))
                        lacking.push([t, this.op.op === 'add_row' ? PLACEHOLDER : r, c]);
        for (const v of trial.hasValues() ? this.requiredValues : [])
            if (!trial.hasValue(v))
                lacking.push(Object.assign([v], {isValue: true}));
        return lacking;
    }

    get requiredValues() {
        return Object.keys(this.schema[1]).filter(v => isRequired(this.schema[1][v]));
    }

    // Where it is among others: the order in which rows are written, and of their cells
    rank(ids) {
        const {op, peer} = this;
        if (ids.isValue)
            return [Infinity, 0, 0, ...this.rankCell(ids[0], peer.store.getValueIds(), op.values ?? [[op.v, '']])];
        const [t, r, c] = ids;
        const tables = op.tables ?? [[op.t, op.rows ?? [[op.r ?? PLACEHOLDER, op.cells ?? [[op.c, '']]]]]];
        const rows = tables.find(([id]) => id === t)?.[1] ?? [];
        const cells = rows.find(([id]) => id === r)?.[1] ?? [];
        const setsNothing = op.op === 'apply_changes' && r !== undefined && cells.every(([, json]) => json === null);
        return [
            setsNothing ? 1 : 0, tables.findIndex(([id]) => id === t), rows.findIndex(([id]) => id === r),
            ...this.rankCell(c, r === PLACEHOLDER ? [] : peer.store.getCellIds(t, r), cells),
        ];
    }

    // What is missing comes last.
    rankCell(id, ids, pairs) {
        const isThere = pairs.some(([other, json]) => other === id && json !== null);
        const at = ids.indexOf(id);
        return [isThere ? 0 : 1, at < 0 ? ids.length + pairs.findIndex(([other]) => other === id) : at];
    }

    // Exception defaults-come-last: whether a cell that there is becomes its default because it is
    // not in a full write.
    resetsDefaults() {
        const {store} = this.peer;
        const resets = (ids, pairs, specs, get) => ids.some(id => specs?.[id]?.default !== undefined &&
            !pairs.some(([other]) => other === id) && JSON.stringify(get(id)) !== JSON.stringify(specs[id].default));
        return this.rows.some(([t, rows]) => rows.some(([r, cells]) =>
            resets(store.getCellIds(t, r), cells, this.schema[0][t], c => store.getCell(t, r, c)))) ||
            this.values.length > 0 && resets(store.getValueIds(), this.values, this.schema[1], v => store.getValue(v));
    }
}

const isRequired = spec => spec?.required === true && spec.default === undefined;

function compareLists(a, b) {
    const at = a.findIndex((part, i) => part !== b[i]);
    return at < 0 ? 0 : a[at] - b[at];
}
