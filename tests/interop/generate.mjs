// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Makes sequences of operations: plain objects, of which any part is a valid sequence
// as well. Texts of content are lists of pairs, so that their order is known.

import {Draw} from './draw.mjs';
import {writes} from './interceptors.mjs';
import {kinds} from './kinds.mjs';
import {isIndex} from './texts.mjs';

// The ids are few, so that things meet; among them the empty one, numbers of all
// kinds, what JavaScript has its own ideas of, and what is not ASCII.
const TABLES = ['t', 't', 't', 'pets', '', '7', 'log'];
const ROWS = ['a', 'b', '0', '1', '2', '10', '007', '', 'é', '4294967295'];
const CELLS = ['c', 'c', 'd', 'e', '', '1', '\u{1f600}', '__proto__', 'm'];
const VALUES = ['v', 'w', '', '3', 'constructor', 'n'];

const TEXTS = [
    'null', 'true', 'false', 'false', '0', '-0', '1', '50', '61', '1e21', '5e-324', '1e-7', '0.000001', '0.1',
    '123456789012345680000', '1.7976931348623157e308', '-1.5e-10', '9007199254740993',
    '""', '"x"', '"10"', '"9"', '"é"', '"\u{1f600}"', '"\uff5e"', '"\\u0001\\n\\"\\\\/\\u007f\\u2028"',
    '"__proto__"', '"a rather long string, which does not fit into any cell"',
    '{"a":1}', '{"b":1.0,"a":[1,2]}', '{"a" : {"__proto__":null}}', '{}', '[]', '[1,2]', '[1,"x",null,-0]', '["é",[{}]]',
];

// What has an order among itself
const NUMBERS = TEXTS.filter(json => !'"[{'.includes(json[0]));

// What a schema may be made for
const FIT_TEXTS = NUMBERS.filter(json => json !== '-0').concat('"x"', '"y"', '[1]', '{"a":1}');

// They mean something else in a text, so TinyBase does not take them.
export const RESERVED = ['\ufffc', '\ufffd', '\ufffdabc', '\ufffd{"a":1}'];

// What cannot be read as the cells of a row, and so on. The first are right but empty.
const BROKEN = ['nope', '', 'null', '5', '[]', '"x"', '{', '{} {}', '{"c":}', '{"c":1', '{"c":1e400}',
    '{"c":"\\u0000"}', '{"c":"\\ud800"}', '{"c":1,"c":2}',
    '{"c":NaN}', '{"c":01}', "{'c':1}", '{"c":1,}'];
const BROKEN_ROWS = ['{}', ...BROKEN];
const BROKEN_TABLES = ['{}', '{"a":{}}', '{"b":{"c":1},"a":{}}', '{"a":1}', '{"a":{"c":1},"a":{"c":2}}',
    ...BROKEN.map(text => `{"b":{"c":7},"a":${text}}`)];
const BROKEN_CONTENT = ['[]', 'null', '5', '"x"', '', '[{},{}', '[{},{},1]', '[1,2]', '[{},[]]', '[null,{}]',
    '[{"t":{}},{}]', '[{},{"v":1,"v":2}]', ...BROKEN_TABLES.slice(1).map(text => `[{"t":${text}},{"v":9}]`)];
const BROKEN_CHANGES = ['[]', 'null', '[{},{}]', '[{},{},2]', '[1,{},1]', '[{"t":1},{},1]', '[{"t":{"a":null}},{},1]',
    '[{"t":{"a":{"c":1}}},{"v":1,"v":2},1]'];

const table = draw => draw.pick(draw.ids?.t ?? TABLES);
const row = draw => draw.pick(draw.ids?.r ?? ROWS);
const cell = draw => draw.pick(draw.ids?.c ?? CELLS);
const value = draw => draw.pick(draw.ids?.v ?? VALUES);

// When a schema is set, TinyBase sets everything again, in the order of objects.
const NAMES = {t: ['t', 't', 'pets'], r: ['a', 'b', 'é', ''], c: ['c', 'd', 'e', ''], v: ['v', 'w', '']};
const text = draw => draw.chance(60) || draw.texts[0] === '"x"' ? draw.pick(draw.texts) : `${draw.below(100)}`;

const pairs = (draw, ids, most, make) => draw.some([...new Set(ids)], most).map(id => [id, make(draw)]);
const cells = draw => pairs(draw, draw.ids?.c ?? CELLS, 4, text);
const rows = draw => pairs(draw, draw.ids?.r ?? ROWS, 4, cells);
const tables = draw => pairs(draw, draw.ids?.t ?? TABLES, 3, rows);
const values = draw => pairs(draw, draw.ids?.v ?? VALUES, 4, text);

// What a cell may be. Most allow numbers, so that most writes are fit for them.
function spec(draw) {
    const any = draw.pick([
        {type: 'number'}, {type: 'number'}, {type: ['number', 'string', 'boolean']}, {type: ['array', 'number', 'object']},
        {type: 'string'}, {type: 'boolean'}, {enum: [0, 1, 50, true, 'x']},
    ]);
    const fallback = any.enum?.[draw.below(5)] ?? {number: 5, string: 'none', boolean: true, array: [2]}[[any.type].flat()[0]];
    return {
        ...any, ...draw.chance(50) && {allowNull: true}, ...draw.chance(30) && {default: fallback},
    };
}

// Of all tables mostly, so that not all is lost
const specs = (draw, ids) => Object.fromEntries([...new Set(ids)].filter(() => draw.chance(85)).map(id => {
    const {default: fallback, ...rest} = spec(draw);
    return [id, fallback === undefined || isIndex(id) ? rest : {...rest, default: fallback}]; // an index would come first
}));
function schema(draw) {
    const {ids} = draw;
    const tables = ids.t.slice(draw.below(3)).map(t => [t, {m: {type: 'number'}, ...specs(draw, ids.c)}]);
    for (const [, cells] of tables)
        if (draw.chance(20))
            cells.c = {...spec(draw), required: true};
    const values = {n: {type: 'number', allowNull: true}, ...specs(draw, ids.v)};
    if (draw.chance(25))
        values.v = {...spec(draw), required: true};
    return [{...Object.fromEntries(tables), ...ids.more}, values];
}

// Now and then, null: removed
const or = (percent, make) => draw => draw.chance(percent) ? null : make(draw);
const changedCells = draw => pairs(draw, draw.ids?.c ?? CELLS, 3, or(30, text));
const changedRows = draw => pairs(draw, draw.ids?.r ?? ROWS, 3, or(25, changedCells));
const changedTables = draw => draw.chance(20) ? [] : pairs(draw, draw.ids?.t ?? TABLES, 2, or(15, changedRows));
const changedValues = draw => draw.chance(50) ? [] : pairs(draw, draw.ids?.v ?? VALUES, 2, or(30, text));

// A number, or a string that may be one that is reserved, or another primitive
function primitive(draw) {
    if (draw.texts === TEXTS && draw.chance(8))
        return {string: draw.pick(RESERVED)};
    const json = draw.pick(draw.texts.filter(any => !'[{'.includes(any[0])));
    return json[0] === '"' ? {string: JSON.parse(json)} : {json};
}

// Those of pages are in a profile of their own, in which what is sorted has an order.
const KINDS = Object.keys(kinds).filter(name => name !== 'sorted_row_ids');

// Who learns of a page in what is undone is told of the one that is there with the next changes.
const learnsInVain = ({depth, profile}) =>
    depth > 0 && profile.weights.rollback > 0 && profile.kinds?.includes('sorted_row_ids');

// From the end, TinyBase has another idea of a limit.
function listenToPage(draw, state) {
    if (learnsInVain(state))
        return null;
    const {t, by, descending, offset, limit} = page(draw);
    return {
        op: 'listen', n: ++state.listeners, kind: 'sorted_row_ids', at: [t, by], mutator: draw.chance(20),
        page: {descending, offset, limit: offset < 0 ? null : limit}, does: null,
    };
}

// One listener of any kind, in any place, that may do something.
function listen(draw, state) {
    const name = draw.pick(state.profile.kinds ?? KINDS);
    if (name === 'sorted_row_ids')
        return listenToPage(draw, state);
    const kind = kinds[name];
    const mutator = kind.mutates && draw.chance(state.profile.mutators ?? 15);
    const at = kind.ids.map(position =>
        draw.chance(60) || position === 'r' && kind.tells === 'refusal' && draw.ids ? null
            : {t: table, r: row, c: cell, v: value}[position](draw));
    return {op: 'listen', n: ++state.listeners, kind: name, at, mutator, does: does(draw, state, name, mutator)};
}

// Who is told once in a round at most, so that it does not matter in which order
const isToldOnce = name => kinds[name].ids.length === 0;

// Those who write when everybody is told (`after`) may not do so without end. Where
// something is rolled back, nobody leaves in what is undone (`stays`): TinyBase could not
// be brought to that; and in what listeners write, it tells of the start later. Where no
// order of events differs, anybody `leaves`.
function does(draw, {profile, listeners, tallies}, name, mutator) {
    const {acts = 0, after = 0, stays = false, leaves = false} = profile;
    const before = mutator || name === 'finishing' || name === 'started' && !stays;
    if (!draw.chance(before || leaves ? acts : after))
        return null;
    const leave = () => draw.chance(50) ? 'leave' : {hush: 1 + draw.below(listeners + 3)};
    if (leaves)
        return name === 'has_table_cell' ? null : leave();
    if (kinds[name].tells === 'refusal')
        return before && !tallies ? 'mark' : null; // as one may be told of two at once
    if (name === 'finished')
        return 'once'; // as it would be told of that, too
    if (isToldOnce(name) && !stays && !(after && name === 'started') && draw.chance(40))
        return leave();
    const counts = before && !after; // in the value that others mark, so either is in a batch
    const can = counts ? [tallies ? 'tally' : 'mark', 'log'] : ['mark'];
    if (name === 'cell' || name === 'value')
        can.push('clamp', 'clamp', 'drop', 'drop');
    if (name === 'cell')
        can.push('copy', 'copy');
    return draw.pick(can);
}

// One interceptor: of some kinds of writes, or nearly all
function intercept(draw, state) {
    const all = Object.keys(writes);
    return {
        n: ++state.listeners, kinds: draw.chance(30) ? all.filter(() => draw.chance(80)) : draw.some(all, 4),
        refuses: draw.pick([0, 10, 30, 60]), alters: draw.pick([0, 10, 30, 60]),
    };
}

// Everything is set, or everything of one kind is removed, which are made in one order.
function oneSortedChanges(draw) {
    const removes = draw.pick(['', '', 'cells', 'rows', 'tables']);
    const level = (name, ids, most, part) => pairs(draw, ids, most, removes === name ? () => null : part);
    const changedCells = () => level('cells', NAMES.c, 3, text);
    const changedRows = () => level('rows', NAMES.r, 3, changedCells);
    return {
        tables: draw.chance(20) ? [] : level('tables', NAMES.t, 2, changedRows),
        values: draw.chance(50) ? [] : pairs(draw, NAMES.v, 2, removes ? () => null : text),
    };
}

const page = draw => ({
    t: table(draw), by: draw.chance(20) ? null : cell(draw), descending: draw.chance(50),
    offset: draw.chance(70) ? 0 : draw.below(9) - 3, limit: draw.chance(60) ? null : draw.below(6),
});

// Each operation: its arguments. The `op` is added, and the rest of a `bad` one is what
// it would be refused with.
const operations = {
    set_cell: draw => ({t: table(draw), r: row(draw), c: cell(draw), ...primitive(draw)}),
    set_cell_json: draw => ({t: table(draw), r: row(draw), c: cell(draw), json: text(draw)}),
    set_cell_typed: draw => ({t: table(draw), r: row(draw), c: cell(draw), ...primitive(draw)}),
    map_cell: draw => ({t: table(draw), r: row(draw), c: cell(draw)}),
    remove_cell: draw => ({t: table(draw), r: row(draw), c: cell(draw)}),
    set_row: draw => ({t: table(draw), r: row(draw), cells: cells(draw)}),
    set_partial_row: draw => ({t: table(draw), r: row(draw), cells: draw.chance(5) ? [] : cells(draw)}),
    add_row: draw => ({t: table(draw), cells: cells(draw), reuse: draw.chance(75)}),
    remove_row: draw => ({t: table(draw), r: row(draw)}),
    set_table: draw => ({t: table(draw), rows: rows(draw)}),
    remove_table: draw => ({t: table(draw)}),
    set_tables: draw => ({tables: tables(draw), encoded: draw.chance(30)}),
    remove_tables: () => ({}),
    set_value: draw => ({v: value(draw), ...primitive(draw)}),
    set_value_json: draw => ({v: value(draw), json: text(draw)}),
    set_value_typed: draw => ({v: value(draw), ...primitive(draw)}),
    map_value: draw => ({v: value(draw)}),
    remove_value: draw => ({v: value(draw)}),
    set_values: draw => ({values: values(draw), encoded: draw.chance(30)}),
    set_partial_values: draw => ({values: draw.chance(5) ? [] : values(draw)}),
    remove_values: () => ({}),
    set_json: draw => ({
        form: draw.pick(['pair', 'pair', 'pair', 'tables', 'bare']), encoded: draw.chance(70),
        tables: draw.chance(10) ? [] : tables(draw), values: draw.chance(10) ? [] : values(draw),
    }),
    apply_changes: (draw, {profile}) => profile.intercepts ? oneSortedChanges(draw)
        : {tables: changedTables(draw), values: changedValues(draw)},

    bad_cell: draw => ({bad: true, t: table(draw), r: row(draw), c: cell(draw), number: draw.pick(['NaN', '-Infinity'])}),
    bad_cell_json: draw => ({bad: true, t: table(draw), r: row(draw), c: cell(draw),
        text: draw.pick(['', 'nope', '1 2', '"\\ud800"', '"\\u0000"', '1e400', '[1'])}),
    bad_row: draw => ({bad: true, t: table(draw), r: row(draw), text: draw.pick(BROKEN_ROWS)}),
    bad_partial_row: draw => ({bad: true, t: table(draw), r: row(draw), text: draw.pick(BROKEN)}),
    bad_new_row: draw => ({bad: true, t: table(draw), text: draw.pick(BROKEN_ROWS)}),
    bad_table: draw => ({bad: true, t: table(draw), text: draw.pick(BROKEN_TABLES)}),
    bad_tables: draw => ({bad: true, text: draw.chance(20) ? '{}' : `{"t":${draw.pick(BROKEN_TABLES)}}`}),
    bad_value: draw => ({bad: true, v: value(draw), number: draw.pick(['NaN', 'Infinity'])}),
    bad_values: draw => ({bad: true, text: draw.pick(BROKEN_ROWS)}),
    bad_json: draw => ({bad: true, text: draw.pick(BROKEN_CONTENT)}),
    bad_changes: draw => ({bad: true, text: draw.pick(BROKEN_CHANGES)}),

    set_schema: draw => ({schema: schema(draw)}),
    remove_schema: () => ({}),

    begin: (_draw, state) => state.depth < 3 && (state.depth++, {}),
    commit: (_draw, state) => state.depth > 0 && (state.depth--, {}),
    rollback: (_draw, state) => state.depth > 0 && (state.depth--, {}),
    transact: (draw, state) => ({
        ops: Array.from({length: draw.below(5)}, () => write(draw, state)),
        fails: state.profile.weights.rollback > 0 && draw.chance(40),
    }),
    bring_back: draw => {
        const [t, r] = [table(draw), row(draw)];
        return {op: 'transact', fails: false, ops: [
            {op: 'remove_row', t, r}, {op: 'set_row', t, r, cells: [['c', draw.pick(draw.texts)]]},
        ]};
    },
    get_changes: () => ({}),

    listen: (draw, state) => state.listeners < (state.profile.listeners ?? 40) && listen(draw, state),
    intercept: (draw, state) => state.listeners < 40 && intercept(draw, state),
    unintercept: (draw, state) => ({n: 1 + draw.below(state.listeners + 1)}),
    unlisten: (draw, state) => ({n: 1 + draw.below(state.listeners + 1)}),
    call: (draw, state) => !learnsInVain(state) && ({n: 1 + draw.below(state.listeners + 1)}),
    count_listeners: draw => ({kind: draw.pick([...Object.keys(kinds)])}),

    get_cell: draw => ({t: table(draw), r: row(draw), c: cell(draw)}),
    get_value: draw => ({v: value(draw)}),
    get_texts: draw => ({t: table(draw), r: row(draw)}),
    get_ids: draw => ({t: table(draw), r: row(draw)}),
    get_table_cells: draw => ({t: table(draw), c: cell(draw)}),
    sort: page,
};

// The writes, of which any may be in a function of transact()
const WRITES = {
    set_cell: 12, set_cell_json: 10, set_cell_typed: 8, map_cell: 3, remove_cell: 8, set_row: 7, set_partial_row: 6,
    add_row: 8, remove_row: 8, set_table: 3, remove_table: 2, set_tables: 1, remove_tables: 1,
    set_value: 4, set_value_json: 4, set_value_typed: 3, map_value: 2, remove_value: 4, set_values: 2,
    set_partial_values: 2, remove_values: 1, set_json: 1, apply_changes: 2,
    bad_cell: 1, bad_cell_json: 1, bad_row: 1, bad_partial_row: 1, bad_new_row: 1, bad_table: 1, bad_tables: 1,
    bad_value: 1, bad_values: 1, bad_json: 1, bad_changes: 1,
};
const PAGE_IDS = {t: ['t', 't', 'pets'], r: ['a', 'b', '0', '1', '10'], c: ['c', 'c', 'd'], v: NAMES.v};

// With defaults, so that no row lacks what it is sorted by
const STRING = {type: 'string', default: 'x'};
const STRINGS = [{t: {c: STRING, d: STRING}, pets: {c: STRING, d: STRING}}, {}];
const READS = {
    get_cell: 1, get_value: 1, get_texts: 1, get_ids: 2, get_table_cells: 2, sort: 2, count_listeners: 1, get_changes: 1,
};
const FITTING = Object.fromEntries(Object.entries(WRITES).filter(([op]) => !op.startsWith('bad_')));
const NESTING = {begin: 6, commit: 7, transact: 2};
const HEARING = {listen: 8, unlisten: 2, call: 3};

// What a batch is about
export const profiles = {
    writes: {weights: {...WRITES, ...READS, listen: 1, begin: 1, commit: 2, transact: 1}, quiet: 60, listeners: 5},
    listeners: {weights: {...WRITES, ...READS, ...HEARING, apply_changes: 0, call: 8}, acts: 30, leaves: true},
    transactions: {weights: {...WRITES, ...READS, ...HEARING, ...NESTING}},
    rollbacks: {
        weights: {...WRITES, ...READS, ...HEARING, ...NESTING, begin: 9, rollback: 8}, mutators: 40, acts: 30, stays: true,
    },
    mutators: {weights: {...WRITES, ...READS, ...HEARING, begin: 2, commit: 4}, mutators: 60, acts: 35},
    writers: {
        weights: {...WRITES, ...READS, ...HEARING, begin: 2, commit: 4}, mutators: 15, acts: 30, after: 30,
    },
    changes: {weights: {
        ...WRITES, ...READS, ...NESTING, listen: 2, apply_changes: 30, set_json: 8, set_tables: 8, set_table: 8, get_changes: 8,
    }},
    sorting: {weights: {
        ...WRITES, listen: 1, sort: 40, add_row: 40, remove_row: 30, set_partial_row: 20,
    }, quiet: 30},
    schemas: {weights: {
        set_cell: 12, set_cell_json: 12, set_cell_typed: 8, remove_cell: 12, set_row: 20, set_partial_row: 12, remove_row: 3,
        set_table: 6, remove_table: 1, set_tables: 2, set_value: 8, set_value_json: 8, remove_value: 6, set_values: 8,
        set_partial_values: 6, set_json: 2, ...READS, get_changes: 0, begin: 4, commit: 6, rollback: 3,
        set_schema: 8, remove_schema: 3, listen: 3,
    }, kinds: ['cell', 'value', 'has_cell', 'has_row', 'row_ids', 'row_count', 'has_value', 'finished', 'invalid_cell', 'invalid_value'],
    mutators: 0, texts: FIT_TEXTS, ids: NAMES},
    fitting: {weights: {
        ...FITTING, ...READS, ...NESTING, set_row: 20, add_row: 16, remove_row: 12, apply_changes: 12, map_cell: 8, map_value: 6, set_cell: 20,
        set_values: 8, set_partial_values: 8, rollback: 3, listen: 6, unlisten: 2,
    }, writes: FITTING, mutators: 0, acts: 0, stays: true, schema: true, texts: FIT_TEXTS, ids: { // what listeners write is not foretold
        t: ['t', 't', 'pets', '7'], r: ['a', 'b', '0', '1', '10', 'é'], c: ['c', 'd', 'copy', '1', ''], v: ['v', 'w', '3'],
        more: {log: {what: {type: 'string'}}},
    }},
    interception: {weights: {
        ...WRITES, map_cell: 0, map_value: 0, remove_row: 12, remove_table: 6, set_json: 8, set_tables: 6, set_table: 12, set_row: 14,
        add_row: 12, remove_tables: 3, remove_values: 4, set_values: 8, apply_changes: 16, ...READS, listen: 2, begin: 2, commit: 3,
        rollback: 1, intercept: 8, unintercept: 10,
    }, mutators: 0, intercepts: true, texts: FIT_TEXTS, ids: NAMES},
    pages: {weights: {
        ...WRITES, ...HEARING, ...NESTING, rollback: 4, add_row: 20, remove_row: 20, set_cell: 30, bring_back: 30, listen: 12, sort: 4,
    }, kinds: ['sorted_row_ids', 'sorted_row_ids', 'sorted_row_ids', 'row_ids', 'has_row', 'cell', 'row_count'],
    stays: true, texts: ['null', 'false', '0', '1', '2'], ids: PAGE_IDS},
    strings: {weights: {
        ...FITTING, ...HEARING, ...NESTING, map_cell: 0, rollback: 4, add_row: 20, remove_row: 20, set_cell: 30, bring_back: 20, listen: 12, sort: 8,
    }, kinds: ['sorted_row_ids', 'sorted_row_ids', 'row_ids', 'cell'], writes: FITTING, stays: true, schema: STRINGS,
    texts: ['"x"', '"y"', '""', '"é"', '"e"', '"10"', '"9"', '"\u{1f600}"', '"\uff5e"'], ids: PAGE_IDS},
};

function make(draw, state, op) {
    const args = operations[op](draw, state);
    return args && {op, ...args};
}

function write(draw, state) {
    return make(draw, state, draw.weighted(state.profile.writes ?? WRITES));
}

// The operations of one batch
export function generate(seed, length) {
    const draw = new Draw(seed);
    const name = Object.keys(profiles)[seed % Object.keys(profiles).length];
    draw.ids = profiles[name].ids;
    draw.texts = profiles[name].texts ?? TEXTS;
    const state = {tallies: draw.chance(50), profile: profiles[name], depth: 0, listeners: 0};
    const ops = [];
    if (!draw.chance(state.profile.quiet ?? 10))
        ops.push({op: 'watch'});
    if (state.profile.schema)
        ops.push({op: 'set_schema', stays: true, schema: Array.isArray(state.profile.schema) ? state.profile.schema : schema(draw)});
    for (let n = draw.below(state.profile.listeners ?? 24); n > 0; n--)
        ops.push(make(draw, state, 'listen'));
    while (ops.length < length) {
        const op = make(draw, state, draw.weighted(state.profile.weights));
        if (op)
            ops.push(op);
        if (op?.does === 'leave' && draw.chance(50)) // before there is a reason to
            ops.push({op: 'call', n: op.n});
    }
    for (; state.depth > 0; state.depth--)
        ops.push({op: 'commit'});
    return {seed, profile: name, ops};
}
