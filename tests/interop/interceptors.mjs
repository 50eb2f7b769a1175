// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What interceptors are asked about, and what they make of it.

// The kinds of writes: the ids that each is about (t a table, r a row, c a cell, v a value), and
// how TinyBase calls it.
export const writes = {
    set_content: {ids: '', theirs: 'WillSetContent'},
    set_tables: {ids: '', theirs: 'WillSetTables'},
    set_table: {ids: 't', theirs: 'WillSetTable'},
    set_row: {ids: 'tr', theirs: 'WillSetRow'},
    set_cell: {ids: 'trc', theirs: 'WillSetCell'},
    set_values: {ids: '', theirs: 'WillSetValues'},
    set_value: {ids: 'v', theirs: 'WillSetValue'},
    remove_tables: {ids: '', theirs: 'WillDelTables'},
    remove_table: {ids: 't', theirs: 'WillDelTable'},
    remove_row: {ids: 'tr', theirs: 'WillDelRow'},
    remove_cell: {ids: 'trc', theirs: 'WillDelCell'},
    remove_values: {ids: '', theirs: 'WillDelValues'},
    remove_value: {ids: 'v', theirs: 'WillDelValue'},
    apply_changes: {ids: '', theirs: 'WillApplyChanges'},
};

export const isRemoval = kind => kind.startsWith('remove_');

// What can become of them
export const outcomes = Object.keys(writes).flatMap(kind =>
    isRemoval(kind) ? [`${kind} refused`] : [`${kind} refused`, `${kind} altered`]);

// For the id of a row that does not get one
export const PLACEHOLDER = '\u0000';

// Something that looks like chance, and is the same for both
function hash(text) {
    let h = 0x811c9dc5;
    for (const char of text)
        h = Math.imul(h ^ char.codePointAt(0), 0x01000193);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    return (h ^ (h >>> 13)) >>> 0;
}

// What comes out if there is more than one of them
function withoutFirst(object) {
    const ids = Object.keys(object);
    if (ids.length > 1)
        delete object[ids[0]];
    return object;
}

// The two go through what is set and removed in another order.
const removes = (...changes) => JSON.stringify(changes).includes('\ufffc');

const CELLS = ['60', 'false', '"x"', '{"a":1}', 'null'];

const alterations = {
    set_content: ([tables, values], h) => h % 3 === 0 ? [tables, {}] : h % 3 === 1 ? [{}, values]
        : [withoutFirst(tables), {...values, w: 7}],
    set_tables: (tables, h) => h % 2 ? withoutFirst(tables) : {...tables, pets: {b: {c: 2}}},
    set_table: (rows, h) => h % 2 ? withoutFirst(rows) : {...rows, 'é': {d: 1}},
    set_row: (cells, h) => h % 3 === 0 ? withoutFirst(cells) : h % 3 === 1 ? {...cells, d: 60} : {...cells, e: false},
    set_cell: (_cell, h) => JSON.parse(CELLS[h % CELLS.length]),
    set_values: (values, h) => h % 2 ? withoutFirst(values) : {...values, w: 60},
    set_value: (_value, h) => JSON.parse(CELLS[h % CELLS.length]),
    apply_changes: ([tables, values], h) => h % 3 === 0 || removes(tables, values) ? [withoutFirst(tables), values, 1]
        : h % 3 === 1 ? [tables, {}, 1] : [tables, {...values, w: 7}, 1],
};

// What an interceptor makes of the text of what is to be set (null of a removal): a text, or null
// if it refuses. That depends on what it is told alone, without the id of a row: one that is
// refused may get it or not.
export function decide({n, refuses, alters}, kind, ids, text) {
    const told = [n, kind, ids[0], ids[2], text].join('\t');
    const chance = hash(told) % 100;
    if (chance < refuses)
        return null;
    if (chance >= refuses + alters || isRemoval(kind))
        return text ?? '';
    return JSON.stringify(alterations[kind](JSON.parse(text), hash(`${told}!`)));
}
