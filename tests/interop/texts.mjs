// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// JSON texts from lists of pairs, which keep the order that objects do not.

const ENCODED = '\ufffd';

export const isIndex = id => /^(0|[1-9]\d{0,9})$/.test(id) && Number(id) < 4294967295;

// As an ECMAScript object has them: array indices first, in rising order.
export function inObjectOrder(pairs) {
    const indices = pairs.filter(([id]) => isIndex(id)).sort(([a], [b]) => a - b);
    return [...indices, ...pairs.filter(([id]) => !isIndex(id))];
}

export const object = (pairs, write) =>
    `{${pairs.map(([id, part]) => `${JSON.stringify(id)}:${write(part)}`).join()}}`;

// An object or array is a string with a mark in front, or just itself.
const cell = encode => text =>
    encode && '[{'.includes(text[0]) ? JSON.stringify(ENCODED + JSON.stringify(JSON.parse(text))) : text;

export const cells = (pairs, encode) => object(pairs, cell(encode));
export const rows = (pairs, encode) => object(pairs, row => cells(row, encode));
export const tables = (pairs, encode) => object(pairs, table => rows(table, encode));

// The same with nothing in the place of what is removed
const REMOVED = JSON.stringify('\ufffc');
const orRemoved = write => part => part === null ? REMOVED : write(part);
export const changedCells = pairs => object(pairs, orRemoved(cell(true)));
export const changedTables = pairs =>
    object(pairs, orRemoved(table => object(table, orRemoved(changedCells))));

// Sorts pairs at each of so many levels.
export function sortPairs(pairs, depth) {
    if (!Array.isArray(pairs) || depth === 0)
        return pairs;
    return inObjectOrder(pairs).map(([id, part]) => [id, sortPairs(part, depth - 1)]);
}

// A text that is content or changes, as an ECMAScript object has it; also within
// encoded objects.
export function textInObjectOrder(text) {
    return JSON.stringify(JSON.parse(text, (_key, value) =>
        typeof value === 'string' && /^\ufffd[[{]/.test(value)
            ? ENCODED + JSON.stringify(JSON.parse(value.slice(1))) : value));
}

export function idsInObjectOrder(ids) {
    return inObjectOrder(ids.map(id => [id])).map(([id]) => id);
}
