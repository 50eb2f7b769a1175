// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Where libtstore differs from TinyBase on purpose, and how the two are compared
// nonetheless. Each exception has
//
//   what      what differs
//   why       why it does
//   rewrite   (op, batch) → what TinyBase is given instead, or nothing if it is no such case
//   ours      (op) → what libtstore is given instead, likewise
//   compare   (lines, op, batch) → changes what came out on both sides: `lines.ours` and
//             `lines.theirs`. In force if that makes a difference
//
// or none of them if reference.mjs accounts for it, and says when it does.
//
// They are tried from the top, and all of them have to be used in a run.

import {RESERVED} from './generate.mjs';
import {idsInObjectOrder, sortPairs, textInObjectOrder} from './texts.mjs';
import {kinds} from './kinds.mjs';
import {PLACEHOLDER} from './interceptors.mjs';

// --- Helpers ---

const isSame = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

const sortsAll = {
    set_row: op => ({...op, cells: sortPairs(op.cells, 1)}),
    set_partial_row: op => ({...op, cells: sortPairs(op.cells, 1)}),
    add_row: op => ({...op, cells: sortPairs(op.cells, 1)}),
    set_table: op => ({...op, rows: sortPairs(op.rows, 2)}),
    set_tables: op => ({...op, tables: sortPairs(op.tables, 3)}),
    set_values: op => ({...op, values: sortPairs(op.values, 1)}),
    set_partial_values: op => ({...op, values: sortPairs(op.values, 1)}),
    set_json: op => ({...op, tables: sortPairs(op.tables, 3), values: sortPairs(op.values, 1)}),
    apply_changes: op => ({...op, tables: sortPairs(op.tables, 3), values: sortPairs(op.values, 1)}),
};

// What TinyBase refuses with the same ids as libtstore does the bad one
const emptyOf = {
    bad_cell_json: op => ({...op, op: 'bad_cell', number: 'NaN'}),
    bad_row: op => ({...op, text: '{}'}),
    bad_partial_row: op => ({...op, text: '{}'}),
    bad_new_row: op => ({...op, text: '{}'}),
    bad_table: op => ({...op, text: '{}'}),
    bad_tables: op => ({...op, text: '{}'}),
    bad_values: op => ({...op, text: '{}'}),
    bad_json: op => ({...op, op: 'bad_tables', text: '{}'}),
    bad_changes: op => ({...op, op: 'bad_tables', text: '{}'}),
};

// Changes a string wherever it is, also as a part of a text.
function replaceStrings(thing, replace) {
    if (typeof thing === 'string')
        return replace(thing);
    if (Array.isArray(thing))
        return thing.map(part => replaceStrings(part, replace));
    return thing;
}

// In the same order among themselves, and among other strings
const standIn = string => String.fromCharCode(string.charCodeAt(0) - 2) + string.slice(1);
const marked = string => JSON.stringify(`\ufffd${JSON.stringify(string)}`);

function withStandIns(string) {
    if (RESERVED.includes(string))
        return standIn(string);
    if (RESERVED.some(reserved => JSON.stringify(reserved) === string))
        return JSON.stringify(standIn(JSON.parse(string)));
    return RESERVED.reduce((text, reserved) =>
        text.replaceAll(marked(reserved), JSON.stringify(standIn(reserved))), string);
}

// The sets of changes, and the removals
function split(op) {
    const some = (pairs, part) => pairs.flatMap(([id, value]) => {
        const kept = part(value);
        return kept === undefined ? [] : [[id, kept]];
    });
    const orNone = list => list.length > 0 ? list : undefined;
    const sets = (pairs, depth) => some(pairs, value => value === null ? undefined
        : depth === 1 ? value : orNone(sets(value, depth - 1)));
    const removals = (pairs, depth) => some(pairs, value => value === null ? null
        : depth === 1 ? undefined : orNone(removals(value, depth - 1)));
    return [sets, removals].map(part => ({tables: part(op.tables, 3), values: part(op.values, 1)}));
}

const isEmpty = ({tables, values}) => tables.length + values.length === 0;

const isRefusal = (batch, [n]) => /^invalid_/.test(batch.listeners.get(n)?.kind);

// --- The table ---

export const exceptions = {
    'gone-is-gone': {
        what: 'callListener() goes on to call a listener that has removed itself; ours ends',
        why: 'whoever has removed a listener may have freed what it needs',
        compare({theirs}, op, batch) {
            const does = batch.listeners.get(op.n)?.does;
            if (op.op === 'call' && (does === 'leave' || does?.hush === op.n))
                theirs.events = theirs.events.slice(0, 1);
        },
    },
    'input-in-text-order': {
        what: 'the rows of {"b":…,"7":…} come in the order 7, b; in ours, in that of the text',
        why: 'an ECMAScript object has array indices first; the order of a text is that of its author',
        ours: op => sortsAll[op.op]?.(op),
    },
    'output-in-insertion-order': {
        what: 'texts and lists of changed ids have array indices first, in rising order; ours are in order of insertion',
        why: 'as above: what comes out comes back in the same order',
        compare(lines, op) {
            const {ours} = lines;
            if (ours.json)
                ours.json = textInObjectOrder(ours.json);
            if (op.op === 'get_texts')
                ours.result = ours.result.map((text, i) => i % 3 === 0 ? textInObjectOrder(text) : text);
            if (op.op === 'get_changes')
                ours.result = textInObjectOrder(ours.result);
            ours.events = ours.events.map(event => event.map((part, i) =>
                event[0] === 'changed' && i === 1 ? textInObjectOrder(part)
                    : Array.isArray(part) ? idsInObjectOrder(part) : part));
        },
    },
    'refused-as-a-whole': {
        what: 'of a row, table or text with something wrong in it, what is right is written; ours is refused as a whole, ' +
            'and what is reported is the row, table or text',
        why: 'half of what somebody wanted is what nobody wanted, and an error says why',
        rewrite: op => op.text === '{}' ? undefined : emptyOf[op.op]?.(op),
    },
    'refused-one-by-one': {
        what: 'what was refused at the same place in a transaction is told at once, as a list; ours is told one by one, ' +
            'in the order of time',
        why: 'each refusal has an error of its own',
        compare: mergeRefusals,
    },
    'no-reserved-strings': {
        what: 'the string of only U+FFFC, and those that start with U+FFFD, are refused; ours are stored',
        why: 'no text of a user may be lost',
        rewrite: op => RESERVED.includes(op.string) ? {...op, string: standIn(op.string)} : undefined,
        compare({ours}) {
            ours.result = replaceStrings(ours.result, withStandIns);
            ours.events = replaceStrings(ours.events, withStandIns);
            ours.text = replaceStrings(ours.text, withStandIns);
            ours.json = replaceStrings(ours.json, withStandIns);
        },
    },
    'nothing-is-nothing': {
        what: 'setPartialRow({}) and setPartialValues({}) are refused; ours do nothing',
        why: 'to set none of the cells is a case like any other, which callers should not have to tell apart',
        rewrite: op => isEmptyPartial(op) ? {op: 'nothing'} : undefined,
    },
    'tables-alone': {
        what: '[tables] also reports that there are no values; ours does not',
        why: 'there is nothing wrong with it',
        rewrite: op => op.op === 'set_json' && op.form === 'tables' ? {...op, form: 'bare'} : undefined,
    },
    'changes-set-first': {
        what: 'changes are made in the order in which they are written down; in ours, everything is set before anything is removed',
        why: 'a row of which each cell is another one now keeps its place, and a table its pool of row ids',
        rewrite(op) {
            if (op.op !== 'apply_changes')
                return undefined;
            const passes = split(op);
            return passes.some(isEmpty) ? undefined : {...op, passes};
        },
    },
    'page-from-the-end': {
        what: 'a page of sorted row ids with a negative offset ends where JavaScript\'s slice() does; ours has as many as asked for',
        why: 'slice (-3, -3 + 5) is nothing that anybody wants',
        rewrite: op => op.op === 'sort' && op.offset < 0 && op.limit !== null ? {...op, fromEnd: true} : undefined,
    },
    'sorts-what-is-mixed': {
        what: 'numbers among strings have no order, so that it depends on the algorithm; ours come first',
        why: 'the result of a sort has to depend on the data alone',
        compare({ours, theirs}, op) {
            if (op.op !== 'sort' || !theirs.mixed)
                return;
            const isPage = op.offset !== 0 || op.limit !== null;
            ours.result = isPage ? ours.result.length : [...ours.result].sort();
            theirs.result = isPage ? theirs.result.length : [...theirs.result].sort();
        },
    },
    'pages-are-true': {
        what: 'a page in which rows have changed their places because they were removed and came back is not told of; in ours it is',
        why: 'a listener for a page knows the page',
        compare(lines, op, batch) {
            if (!lines.theirs.isLate)
                return;
            for (const line of [lines.ours, lines.theirs])
                line.events = [
                    ...line.events.filter(event => !isPage(batch, event)),
                    ...line.events.filter(event => isPage(batch, event)).sort(([a], [b]) => a - b),
                ];
        },
    },
    'pages-in-order-of-listeners': {
        what: 'listeners for pages are called in the order of what they sort by; ours in that in which they were added',
        why: 'it is as good as any, and known',
        compare(lines, op, batch) {
            for (const line of [lines.ours, lines.theirs])
                line.events = sortPages(line.events, batch);
        },
    },
    'refused-by-schema': {
        what: 'of what does not fit the schema, the rest is written, and defaults in its place; ours is refused, and nothing changes',
        why: 'half of what somebody wanted is what nobody wanted',
    },
    'defaults-come-last': {
        what: 'in a row that setPartialRow() makes, the defaults are behind the first cell; in ours, behind all of them. A cell ' +
            'that setRow() makes its default again is told of before those that it removes; in ours, after them',
        why: 'so they are in a row that setRow() makes',
        compare: (lines, op, batch) => lines.theirs.resets && sortAll(lines, op, batch),
    },
    'first-misfit-is-told': {
        what: 'all that does not fit the schema is told of; of what is refused, ours tells of the first',
        why: 'one is enough for it to be refused, and one is in the error',
    },
    'required-misfits-take-all': {
        what: 'when a schema is set, a cell that is required and does not fit is told of; in ours, it is told of once more, as ' +
            'its row is removed, and likewise a row that lacks one',
        why: 'more is lost than the cell',
    },
    'values-are-a-row': {
        what: 'where there are no values because some are required, those that have a default are there when all are set, ' +
            'and stay when all are removed; in ours, when any is set, and they do not stay',
        why: 'so it is in a row',
    },
    'defaults-come-back': {
        what: 'a change that removes a cell that has a default removes its row; in ours, the cell becomes the default',
        why: 'so it is when the cell is removed otherwise; nobody meant the row',
    },
    'asks-about-changes': {
        what: 'interceptors are asked about what is so already; ours are not',
        why: 'nothing is written',
    },
    'nothing-left-is-refused': {
        what: 'a row of which all cells are refused loses its others, or is there without any; ours stays as it is, and so ' +
            'does a table of which no row remains, and so on',
        why: 'what is refused stays as it is',
    },
    'no-empty-rows': {
        what: 'a row in changes of which all cells are refused is there without any; ours is not',
        why: 'there are no rows without cells',
        compare(lines) {
            if (lines.theirs.asksLate)
                for (const line of [lines.ours, lines.theirs])
                    line.events = [...line.events.filter(isAsk).sort(compareAny), ...line.events.filter(event => !isAsk(event))];
        },
    },
    'rows-that-stay-keep-their-ids': {
        what: 'the id of a row is free as soon as somebody wanted to remove it, even if a cell of it was not let go; ours is not',
        why: 'the row is still there',
    },
    'parts-of-rows-are-kept-first': {
        what: 'a row that has to go, but of which some cells are not let go, is told of where it was to be removed; in ours ' +
            'before all that is removed',
        why: 'what remains is set as one, and then all else is removed',
        compare(lines, op, batch) {
            if (lines.theirs.keepsParts)
                sortAll(lines, op, batch);
        },
    },
    'refused-rows-get-no-id': {
        what: 'addRow() takes an id for a row even if it is refused; ours does not',
        why: 'what is refused has not happened',
        compare(lines, op, batch) {
            const {ours, theirs} = lines;
            const isNameless = event => event.includes(PLACEHOLDER);
            if (!theirs.events.some(isNameless))
                return;
            const r = ours.events[theirs.events.findIndex(event => isAsk(event) && isNameless(event))]?.[4];
            theirs.events = theirs.events.map(event => isAsk(event) && isNameless(event) ? event.with(4, r) : event);
            for (const line of [ours, theirs])
                line.events = line.events.map(event =>
                    isRefusal(batch, event) && /^(\d+|\u0000)$/.test(event[2]) ? event.with(2, PLACEHOLDER) : event);
            mergeRefusals(lines, op, batch);
        },
    },
    'refusals-are-told': {
        what: 'listeners for what is invalid are not told of what middleware refuses; ours are',
        why: 'there is nobody else who would know',
    },
    'parts-are-wholes': {
        what: 'who looks after rows is asked about one cell that is set, but not about some; in ours about both, and likewise ' +
            'with values',
        why: 'nothing gets around who looks after the whole',
    },
    'json-is-content': {
        what: 'setJson() asks about tables and values only; ours about the content first',
        why: 'it is content like any other',
    },
    'missing-is-no-refusal': {
        what: 'each cell and value that the schema has and a full write does not is reported as refused; in ours it is not',
        why: 'it is not required',
    },
    'default-objects-fit': {
        what: 'a default that is an object or array is reported as refused whenever it is written; ours is not',
        why: 'there is nothing wrong with it',
    },
    'required-is-kept': {
        what: 'only what is written as a whole is looked at for what is required; in ours, no write leaves a row without it',
        why: 'whoever reads a row may rely on it',
    },
    'one-order': {
        what: 'ids that came or went are told of in the order in which they did, each kind for itself; in ours, the order ' +
            'is that in which anything about them was changed first, and the same for all kinds',
        why: 'one order needs no memory of what went on in a long transaction, but of what came of it',
        compare({ours, theirs}, op, batch) {
            if (theirs.isLong)
                for (const line of [ours, theirs])
                    line.events = sortEvents(line.events, batch, group => !/^(cells|value) /.test(group));
        },
    },
    'added-in-order': {
        what: 'what was removed and added again in one transaction is told of where it was touched first, or where ' +
            'it came back; in ours, what is new is told of in the order in which it is now',
        why: 'whoever makes the same changes elsewhere gets the same order',
        compare(lines, op, batch) {
            if (lines.theirs.readded)
                sortAll(lines, op, batch);
        },
    },
    'table-cells-are-a-set': {
        what: 'the cell ids of a table are in the order in which they were first used; ours are in no particular order',
        why: 'nobody needs it, and it would have to be kept up with each write',
        compare({ours, theirs}, op, batch) {
            for (const line of [ours, theirs]) {
                if (op.op === 'get_table_cells')
                    line.result = [line.result[0], [...line.result[1]].sort(), [...line.result[2]].sort()];
                const isCall = op.op === 'call' && batch.listeners.get(op.n)?.kind === 'has_table_cell';
                line.events = isCall ? [...line.events].sort(compareAny) : sortTableCells(line.events, batch);
            }
        },
    },
    'refusals-are-not-called': {
        what: 'callListener() calls a listener for what was refused, without telling it what; ours is not called',
        why: 'nothing was refused',
        rewrite: (op, batch) => op.op === 'call' && isRefusal(batch, [op.n]) ? {...op, op: 'has_listener'} : undefined,
    },
    'mutators-hear-one-state': {
        what: 'a mutator for the number of rows is told how many there are now, after what other mutators have written; in ' +
            'ours, how many there were when the first was called, as with everything else',
        why: 'what mutators are told fits together',
        compare(lines, op, batch) {
            for (const line of [lines.ours, lines.theirs])
                line.events = line.events.map(event => {
                    const {kind, mutator} = batch.listeners.get(event[0]) ?? {};
                    return kind === 'row_count' && mutator ? event.slice(0, 2) : event;
                });
        },
    },
    'calls-tell-the-page': {
        what: 'callListener() does not call a listener for a page that it has told already; in ours it does',
        why: 'it is what callListener() is there for',
        rewrite: (op, batch) => op.op === 'call' && batch.listeners.get(op.n)?.page ? {...op, op: 'call_page'} : undefined,
    },
    'calls-tell-the-count': {
        what: 'callListener() does not tell a listener for the number of rows how many there are; ours does',
        why: 'it is what the listener is there for',
        compare({ours}, op, batch) {
            if (op.op === 'call' && batch.listeners.get(op.n)?.kind === 'row_count')
                ours.events = ours.events.map(event => event[0] === op.n ? event.slice(0, 2) : event);
        },
    },
    'listeners-may-write': {
        what: 'what listeners write when a transaction is over is ignored; in ours, it is the next transaction, ' +
            'which begins at once and is told of when everybody has been told of the first',
        why: 'no write is lost without a word',
    },
    'exact-rollback': {
        what: 'after a rollback, rows, cells and the ids that are given out may be in another order; ours are as they were',
        why: 'what is undone has not happened',
    },
    'objects-survive': {
        what: 'a rollback does not bring back objects and arrays, and reports them as refused; ours does',
        why: 'what is undone has not happened',
    },
    'inner-rollback': {
        what: 'a transaction inside another cannot be undone by itself; ours can',
        why: 'a part of a program cannot know whether it is called in a transaction',
    },
    'rollback-tells-less': {
        what: 'before a transaction is rolled back, mutators and WillFinish listeners are called; in ours they are not',
        why: 'they have nothing to say in what will not be',
        compare({theirs}, op, batch) {
            if (op.op === 'rollback' || op.op.startsWith('map_') && theirs.result === false)
                theirs.events = theirs.events.filter(([n]) => !isBefore(batch.listeners.get(n)));
        },
    },
    'failure-tells-the-end': {
        what: 'after a function in transaction() has thrown, nobody is told anything; in ours, those who were told that a ' +
            'transaction began are told that it is over, and what was refused in it',
        why: 'what begins has an end',
        compare({ours}, op, batch) {
            if (op.op === 'transact' && op.fails)
                ours.events = ours.events.filter(event =>
                    !isRefusal(batch, event) && batch.listeners.get(event[0])?.kind !== 'finished');
        },
    },
};

function isEmptyPartial(op) {
    return op.op === 'set_partial_row' && op.cells.length === 0 ||
        op.op === 'set_partial_values' && op.values.length === 0;
}

const isPage = (batch, [n]) => batch.listeners.get(n)?.kind === 'sorted_row_ids';

// Each run of pages, by listener; those of mutators for themselves
function sortPages(events, batch) {
    const sorted = [...events];
    const phase = event => batch.listeners.get(event[0])?.mutator;
    for (let start = 0, end; start < sorted.length; start = end) {
        end = start + 1;
        if (!isPage(batch, sorted[start]))
            continue;
        while (end < sorted.length && isPage(batch, sorted[end]) && phase(sorted[end]) === phase(sorted[start]))
            end++;
        sorted.splice(start, end - start, ...sorted.slice(start, end).sort(([a], [b]) => a - b));
    }
    return sorted;
}

const isAsk = ([name]) => name === 'ask';

const isBefore = listener => listener && (listener.mutator || listener.kind === 'finishing');

// In each run of refusals: by place, and there by listener, with their sum
function mergeRefusals({ours, theirs}, _op, batch) {
    for (const line of [ours, theirs]) {
        const merged = [];
        for (let start = 0, end; start < line.events.length; start = end) {
            const first = batch.listeners.get(line.events[start][0]);
            const isLike = ([n]) => {
                const {kind, mutator} = batch.listeners.get(n) ?? {};
                return kind === first.kind && mutator === first.mutator;
            };
            end = start + 1;
            if (isRefusal(batch, line.events[start]))
                while (end < line.events.length && isLike(line.events[end]))
                    end++;
            merged.push(...end > start + 1 ? mergeRun(line.events.slice(start, end)) : [line.events[start]]);
        }
        line.events = merged;
    }
}

function mergeRun(run) {
    const places = new Map();
    for (const event of run) {
        const place = JSON.stringify(event.slice(1, -1));
        const sums = places.get(place) ?? places.set(place, new Map()).get(place);
        sums.set(event[0], (sums.get(event[0]) ?? 0) + event.at(-1));
    }
    return [...places.keys()].sort().flatMap(place =>
        [...places.get(place)].map(([n, sum]) => [n, ...JSON.parse(place), sum]));
}

// --- Sorting what is told ---

const compareTexts = (a, b) => a < b ? -1 : a > b ? 1 : 0;
const compareAny = (a, b) => compareTexts(JSON.stringify(a), JSON.stringify(b));

// The keys of a text at each level
function sortText(text) {
    const sort = part => typeof part !== 'object' || part === null || Array.isArray(part) ? part
        : Object.fromEntries(Object.keys(part).sort().map(key => [key, sort(part[key])]));
    return JSON.stringify(JSON.parse(text).map(sort));
}

// Where the calls of a kind are among those of the kinds that they are mixed with. Equal
// are those for the same event, which stay in their order.
const groups = {
    table_ids: ['table_ids', ''],
    has_table: ['table_ids', 't'],
    table_cell_ids: ['table_cell_ids', 't'],
    has_table_cell: ['table_cell_ids', 'tc'],
    row_count: ['row_count', 't'],
    row_ids: ['row_ids', 't'],
    has_row: ['row_ids', 'tr'],
    sorted_row_ids: ['row_ids', 't', 'behind'],
    cell_ids: ['cell_ids', 'tr'],
    has_cell: ['cell_ids', 'trc'],
    cell: ['cells', 'trc'],
    row: ['cells', 'tr', 'behind'],
    table: ['cells', 't', 'behind'],
    value_ids: ['value_ids', ''],
    has_value: ['value_ids', 'v'],
    value: ['value', 'v'],
};

const STARTED = 'started';

function place(event, batch) {
    const listener = batch.listeners.get(event[0]);
    const [group, ids, behind] = groups[listener?.kind] ?? [null, ''];
    if (listener?.kind === 'started')
        return {group: STARTED, event, ids: []};
    return {
        group: group && `${group} ${listener.mutator}`, event,
        ids: [...[...ids].map((_, i) => `1${event[1 + i]}`), behind ? '2' : '0'],
    };
}

function comparePlaces(a, b) {
    for (let i = 0; i < Math.min(a.ids.length, b.ids.length); i++)
        if (a.ids[i] !== b.ids[i])
            return compareTexts(a.ids[i], b.ids[i]);
    return 0;
}

const sortLists = event => event.map(part => Array.isArray(part) ? [...part].sort() : part);

// That a next transaction began may be told in the middle of a run, and is then put behind it.
function sortEvents(events, batch, isSorted = () => true) {
    const places = events.map(event => place(event, batch));
    for (let start = 0, end; start < places.length; start = end) {
        const {group} = places[start];
        end = start + 1;
        for (let next = end; group && next < places.length && [group, STARTED].includes(places[next].group); next++)
            if (places[next].group === group)
                end = next + 1;
        if (!group || group === STARTED || !isSorted(group))
            continue;
        const run = places.slice(start, end);
        const sorted = run.filter(at => at.group === group).sort(comparePlaces)
            .map(at => ({...at, event: sortLists(at.event)}));
        places.splice(start, run.length, ...sorted, ...run.filter(at => at.group === STARTED));
    }
    return places.map(({event}) => event);
}

function sortAllEvents(lines, batch) {
    for (const line of [lines.ours, lines.theirs])
        line.events = sortEvents(line.events, batch).map(event =>
            event[0] === 'changed' ? [event[0], sortText(event[1])] : event);
}

function sortAll(lines, op, batch) {
    if (op.op === 'get_changes')
        for (const line of [lines.ours, lines.theirs])
            line.result = sortText(line.result);
    sortAllEvents(lines, batch);
}

const sortTableCells = (events, batch) =>
    sortEvents(events, batch, group => group.startsWith('table_cell_ids'));

// --- Their use ---

// What each side is given. Notes in batch.used what was made use of.
export function rewrite(op, batch) {
    const given = {ours: op, theirs: op};
    if (op.op === 'transact') {
        const parts = op.ops.map(part => rewrite(part, batch));
        return {ours: {...op, ops: parts.map(part => part.ours)}, theirs: {...op, ops: parts.map(part => part.theirs)}};
    }
    for (const [name, {ours, rewrite: change}] of Object.entries(exceptions)) {
        const sorted = ours?.(op);
        if (sorted) {
            // TinyBase cannot be given anything else.
            given.theirs = sorted;
            given.ours = sorted;
            if (!isSame(sorted, op))
                batch.used.add(name);
        }
        const changed = change?.(given.theirs, batch);
        if (changed) {
            given.theirs = changed;
            batch.used.add(name);
        }
    }
    return given;
}

const PARTS = ['result', 'events', 'text', 'json'];

// Are two lines the same, perhaps by exceptions? Returns: the names of those in `used`; or
// what is still not the same in `lines`
export function compare(ours, theirs, op, batch) {
    const lines = {ours: {...ours}, theirs: {...theirs}};
    const isAlike = () => PARTS.every(part => isSame(lines.ours[part], lines.theirs[part]));
    if (isAlike())
        return {used: []};
    for (const part of ['text', 'json']) // which may be long
        if (lines.ours[part] === lines.theirs[part])
            lines.ours[part] = lines.theirs[part] = null;

    const used = [];
    let before = JSON.stringify(lines);
    for (const [name, exception] of Object.entries(exceptions)) {
        if (!exception.compare)
            continue;
        exception.compare(lines, op, batch);
        const after = JSON.stringify(lines);
        if (after === before)
            continue;
        before = after;
        used.push(name);
        if (isAlike())
            return {used};
    }
    return {lines};
}
