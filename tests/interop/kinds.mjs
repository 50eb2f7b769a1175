// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The kinds of listeners: what their ids are (t a table, r a row, c a cell, v a
// value), what they are told beside them, and how TinyBase calls them.

const kind = (ids, tells, theirs, mutates = true) =>
    ({ids: [...ids], tells, theirs, mutates});

export const kinds = {
    invalid_cell: kind('trc', 'refusal', 'InvalidCell'),
    has_tables: kind('', 'scalar', 'HasTables'),
    table_ids: kind('', 'ids', 'TableIds'),
    has_table: kind('t', 'scalar', 'HasTable'),
    table_cell_ids: kind('t', 'ids', 'TableCellIds'),
    has_table_cell: kind('tc', 'scalar', 'HasTableCell'),
    row_count: kind('t', 'scalar', 'RowCount'),
    row_ids: kind('t', 'ids', 'RowIds'),
    has_row: kind('tr', 'scalar', 'HasRow'),
    cell_ids: kind('tr', 'ids', 'CellIds'),
    has_cell: kind('trc', 'scalar', 'HasCell'),
    cell: kind('trc', 'change', 'Cell'),
    row: kind('tr', 'nothing', 'Row'),
    table: kind('t', 'nothing', 'Table'),
    tables: kind('', 'nothing', 'Tables'),
    sorted_row_ids: kind('tc', 'page', 'SortedRowIds'),
    invalid_value: kind('v', 'refusal', 'InvalidValue'),
    has_values: kind('', 'scalar', 'HasValues'),
    value_ids: kind('', 'ids', 'ValueIds'),
    has_value: kind('v', 'scalar', 'HasValue'),
    value: kind('v', 'change', 'Value'),
    values: kind('', 'nothing', 'Values'),
    started: kind('', 'nothing', 'StartTransaction', false),
    finishing: kind('', 'nothing', 'WillFinishTransaction', false),
    finished: kind('', 'nothing', 'DidFinishTransaction', false),
};

export const PHASES = ['started', 'finishing', 'finished'];

// What a listener is told is written down as an array: its number, the ids, and
// what else there is. Null and nothing are the same here, as they are to a
// listener in JavaScript, and an object or array is its text.
export function show(value) {
    if (value === undefined || value === null)
        return null;
    if (typeof value === 'object')
        return JSON.stringify(value);
    return Object.is(value, -0) ? ['-0'] : value;
}

// A page with what it is one of, as a text, in which nobody looks for ids. In libtstore,
// no limit is a number.
export const showPage = ([descending, offset, limit, ids]) =>
    JSON.stringify({descending, offset, limit: limit === -1 ? null : limit ?? null, ids});

// What a cell or value becomes when it is mapped.
export const counted = value => typeof value === 'number' && value < 1e6 ? value + 1 : 1;

// What listeners do beside being told: some write. Whether one does depends on what
// it is told alone; what it writes may depend on the store. `store` is what both
// peers give: cellText(), setCell(), deleteCell() and so on. Returns the write, if any. What comes of
// it must not depend on the order in which listeners are told, as that may differ.
export const actions = {
    // No number above 60
    clamp: (store, name, ids, [value]) => {
        if (typeof value !== 'number' || value <= 60)
            return null;
        return name === 'cell' ? () => store.setCell(...ids, '60') : () => store.setValue(ids[0], '60');
    },

    // No cell that is false
    drop: (store, name, ids, [value]) => {
        if (value !== false)
            return null;
        return name === 'cell' ? () => store.deleteCell(...ids) : () => store.deleteValue(ids[0]);
    },

    // A copy of each cell “c”
    copy: (store, name, [t, r, c]) => {
        if (name !== 'cell' || c !== 'c')
            return null;
        return () => {
            const text = store.cellText(t, r, c);
            if (text !== null)
                store.setCell(t, r, 'copy', text);
            else
                store.deleteCell(t, r, 'copy');
        };
    },

    // Something, which is no change the next time
    mark: store => () => store.setValue('n', '7'),

    // The same, but only the first time
    once: (store, _name, _ids, _told, n) => () => {
        store.unlisten(n);
        store.setValue('n', '7');
    },

    // How often it was told
    tally: store => () => {
        const before = JSON.parse(store.valueText('n') ?? '0');
        store.setValue('n', `${typeof before === 'number' && before < 1e6 ? before + 1 : 1}`);
    },

    // A diary, but not of itself: it would be as long again with each write
    log: (store, _name, [t]) => t === 'log' ? null : () => store.addRow('log', '{"what":"it"}'),
};
