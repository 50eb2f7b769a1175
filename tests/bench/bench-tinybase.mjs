// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The workloads on TinyBase in node. It is found in the folder that
// TINYBASE_DIR names (`run` installs it there).
//
//     TINYBASE_DIR=… node --expose-gc bench-tinybase.mjs [--rows=N] WORKLOAD…

import {createHash} from 'node:crypto';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

import * as dataset from './dataset.mjs';

const {N_TABLES, N_CELLS} = dataset;
const N_CHANGES = 100000; // of W3

const peerRequire = createRequire(resolve(process.env.TINYBASE_DIR, 'peer.js'));
const {createStore} = await import(pathToFileURL(peerRequire.resolve('tinybase/store')));

const rowsOption = process.argv.find((argument) => argument.startsWith('--rows='));
const N_ROWS = rowsOption ? Number(rowsOption.slice(7)) : 10000;
const SIZE = N_TABLES * N_ROWS * N_CELLS;

const tableIds = dataset.makeIds('t', N_TABLES);
const rowIds = dataset.makeIds('r', N_ROWS);
const cellIds = dataset.makeIds('c', N_CELLS);

function time(func) {
  globalThis.gc();
  const start = performance.now();
  func();
  return performance.now() - start;
}

function report(workload, ms, n, check) {
  console.log(JSON.stringify({workload, peer: 'tinybase', ms, n, check}));
}

function makeSorted() {
  const store = createStore();

  store.transaction(() => dataset.makeSorted(N_TABLES * N_ROWS, (r, number, string, boolean) =>
    store.setRow('t0', 'r' + r, {c0: number, c1: string, c2: boolean})));

  return store;
}

function fill(store, values, nTables = N_TABLES, nRows = N_ROWS) {
  let i = 0;

  for (let t = 0; t < nTables; t++)
    for (let r = 0; r < nRows; r++)
      for (let c = 0; c < N_CELLS; c++)
        store.setCell(tableIds[t], rowIds[r], cellIds[c], values[i++]);
}

function makeFilled(values) {
  const store = createStore();
  store.transaction(() => fill(store, values));
  return store;
}

// So that the measured calls are compiled ones.
function warmUp(values) {
  for (let i = 0; i < 3; i++) {
    const store = createStore();
    store.transaction(() => fill(store, values, 1, Math.min(3000, N_ROWS)));
    fill(store, values, 1, Math.min(2000, N_ROWS));
  }
}

function countRight(store, values) {
  let nRight = 0;
  let i = 0;

  for (let t = 0; t < N_TABLES; t++)
    for (let r = 0; r < N_ROWS; r++)
      for (let c = 0; c < N_CELLS; c++)
        nRight += store.getCell(tableIds[t], rowIds[r], cellIds[c]) === values[i++] ? 1 : 0;

  return nRight;
}

function typeCode(value) {
  if (typeof value == 'number')
    return 1;

  return typeof value == 'string' ? 2 : 3;
}

function measureChanges(workload, addListeners) {
  const store = createStore();
  let nCalls = 0;

  store.transaction(() => fill(store, dataset.makeValues(1, SIZE), 1));
  addListeners(store, () => {
    nCalls++;
  });

  const change = (seed, nChanges) => {
    const draw = dataset.random(seed);

    for (let i = 0; i < nChanges; i++) {
      const row = draw() % N_ROWS;
      const cell = draw() % N_CELLS;
      store.setCell('t0', rowIds[row], cellIds[cell], -(i + 1) - seed / 100);
    }
  };

  change(7, N_CHANGES / 5);
  nCalls = 0;
  const ms = time(() => change(6, N_CHANGES));
  report(workload, ms, N_CHANGES, nCalls);
}

const workloads = {
  W1() {
    const values = dataset.makeValues(1, SIZE);
    const others = dataset.makeValues(2, SIZE);
    warmUp(values);
    const store = createStore();

    const first = time(() => store.transaction(() => fill(store, values)));
    report('W1', first, SIZE, countRight(store, values));

    const second = time(() => store.transaction(() => fill(store, others)));
    report('W1u', second, SIZE, countRight(store, others));
  },

  W1b() {
    const values = dataset.makeValues(1, SIZE);
    warmUp(values);
    const store = createStore();
    let nCalls = 0;

    for (const tableId of tableIds)
      store.addTableListener(tableId, () => {
        nCalls++;
      });

    const ms = time(() => fill(store, values));
    report('W1b', ms, SIZE, nCalls);
  },

  W1c() {
    const values = dataset.makeValues(1, SIZE);
    warmUp(values);
    const store = createStore();

    const ms = time(() => fill(store, values));
    report('W1c', ms, SIZE, countRight(store, values));
  },

  W2() {
    const store = makeFilled(dataset.makeValues(1, SIZE));
    const order = dataset.makeOrder(3, SIZE, SIZE);
    let sum;

    const read = () => {
      sum = 0;

      for (let i = 0; i < SIZE; i++) {
        const row = (order[i] / N_CELLS) | 0;

        sum += typeCode(store.getCell(tableIds[(row / N_ROWS) | 0], rowIds[row % N_ROWS],
                                      cellIds[order[i] % N_CELLS]));
      }
    };

    read();
    const ms = time(read);
    report('W2', ms, SIZE, sum);
  },

  W2s() {
    const store = makeFilled(dataset.makeValues(1, SIZE));
    let sum;

    const read = () => {
      sum = 0;

      for (let t = 0; t < N_TABLES; t++)
        for (let r = 0; r < N_ROWS; r++)
          for (let c = 0; c < N_CELLS; c++)
            sum += typeCode(store.getCell(tableIds[t], rowIds[r], cellIds[c]));
    };

    read();
    const ms = time(read);
    report('W2s', ms, SIZE, sum);
  },

  W3rows() {
    measureChanges('W3rows', (store, count) =>
      rowIds.forEach((rowId) => store.addRowListener('t0', rowId, count)));
  },

  W3wild() {
    measureChanges('W3wild', (store, count) => store.addCellListener(null, null, null, count));
  },

  W3none() {
    measureChanges('W3none', () => {});
  },

  W4() {
    const store = makeFilled(dataset.makeValues(1, SIZE));
    let text = store.getJson();

    const ms = time(() => {
      text = store.getJson();
    });
    report('W4', ms, SIZE, createHash('sha256').update(text).digest('hex'));
  },

  W5() {
    const values = dataset.makeValues(1, SIZE);
    const text = makeFilled(values).getJson();
    const store = createStore();

    const ms = time(() => store.setJson(text));
    report('W5', ms, SIZE, countRight(store, values));
  },

  W7() {
    const store = makeSorted();
    let page;

    const sort = () => {
      page = store.getSortedRowIds('t0', 'c0', false, 0, 50);
    };

    for (let i = 0; i < 3; i++)
      sort();
    const ms = time(sort);
    report('W7', ms, 1, dataset.hashIds(page));
  },

  W7live() {
    const nChanges = 50;
    const store = makeSorted();
    let page = store.getSortedRowIds('t0', 'c0', false, 0, 50);

    store.addSortedRowIdsListener('t0', 'c0', false, 0, 50,
      (_store, _table, _cell, _descending, _offset, _limit, rowIds) => {
        page = rowIds;
      });

    const ms = time(() => dataset.changeSorted(N_TABLES * N_ROWS, nChanges, (r, number) =>
      store.setCell('t0', 'r' + r, 'c0', number)));
    report('W7live', ms, nChanges, dataset.hashIds(page));
  },

  W6() {
    globalThis.gc();
    const before = process.memoryUsage().rss;
    const store = createStore();
    const draw = dataset.random(1);

    store.transaction(() => {
      for (let t = 0; t < N_TABLES; t++)
        for (let r = 0; r < N_ROWS; r++)
          for (let c = 0; c < N_CELLS; c++) {
            const first = draw();
            const second = draw();
            store.setCell(tableIds[t], rowIds[r], cellIds[c], dataset.makeValue(first, second));
          }
    });

    const peak = process.memoryUsage().rss;
    globalThis.gc();
    globalThis.gc();

    // V8 gives memory back some time after it collected.
    setTimeout(() => {
      globalThis.gc();
      const after = process.memoryUsage().rss;
      console.log(JSON.stringify({
        workload: 'W6', peer: 'tinybase', bytes: (after - before) / SIZE,
        peak: (peak - before) / SIZE, check: store.getRowCount('t9') * N_TABLES * N_CELLS,
      }));
    }, 1500);
  },
};

for (const name of process.argv.slice(2))
  if (!name.startsWith('--'))
    workloads[name]();
