// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The data that every peer is measured with: the twin of dataset.c, byte for
// byte the same. README.md tells how it is made.

export const N_TABLES = 10;
export const N_CELLS = 10; // in a row

// mulberry32
export function random(seed) {
  let state = seed;

  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return (x ^ (x >>> 14)) >>> 0;
  };
}

function makeString(draw) {
  const codes = [];
  let state = draw;

  for (let i = 3 + (draw % 18); i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    codes.push(97 + ((state >>> 24) % 26));
  }

  if ((draw & 63) === 0)
    codes.push(0x22, 0xe9);

  return String.fromCharCode(...codes); // a flat string, not a rope
}

function makeNumber(draw) {
  const kind = draw % 10;

  if (kind < 5)
    return (draw >>> 8) % 100000;

  return kind < 9 ? (draw >>> 8) / 1000 : (draw >>> 8) / 7;
}

export function makeValue(first, second) {
  const kind = first % 10;

  if (kind < 5)
    return makeNumber(second);

  return kind < 8 ? makeString(second) : (second & 1) === 1;
}

export function makeValues(seed, nValues) {
  const draw = random(seed);
  const values = new Array(nValues);

  for (let i = 0; i < nValues; i++) {
    const first = draw();
    const second = draw();
    values[i] = makeValue(first, second);
  }

  return values;
}

// The one table that is sorted: calls set(row, number, string, boolean).
export function makeSorted(nRows, set) {
  const draw = random(4);

  for (let r = 0; r < nRows; r++) {
    const number = draw() / 16;
    set(r, number, 'k' + (draw() % 100), r % 3 === 0);
  }
}

// Changes of that table, of which one in ten may come into its first page:
// calls set(row, number).
export function changeSorted(nRows, nChanges, set) {
  const draw = random(5);

  for (let i = 0; i < nChanges; i++) {
    const row = draw() % nRows;
    const number = draw();
    set(row, (i % 10 ? number : number % 100000) / 16);
  }
}

// FNV-1a of the ids with commas between them
export function hashIds(ids) {
  let hash = 0x811c9dc5;

  for (const byte of new TextEncoder().encode(ids.join()))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;

  return hash;
}

export function makeOrder(seed, nDraws, range) {
  const draw = random(seed);
  const order = new Uint32Array(nDraws);

  for (let i = 0; i < nDraws; i++)
    order[i] = draw() % range;

  return order;
}

export function makeIds(prefix, nIds) {
  return Array.from({length: nIds}, (_, i) => prefix + i);
}
