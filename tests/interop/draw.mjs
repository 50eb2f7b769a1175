// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Random numbers that are the same everywhere: mulberry32.

export class Draw {
    constructor(seed) {
        this._state = seed >>> 0;
    }

    next() {
        this._state = (this._state + 0x6d2b79f5) >>> 0;
        let z = this._state;
        z = Math.imul(z ^ (z >>> 15), z | 1);
        z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
        return (z ^ (z >>> 14)) >>> 0;
    }

    below(n) {
        return this.next() % n;
    }

    chance(percent) {
        return this.below(100) < percent;
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    // A key of {key: weight}
    weighted(weights) {
        const entries = Object.entries(weights);
        let at = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
        return entries.find(([, weight]) => (at -= weight) < 0)[0];
    }

    // Some of a list, at least one, in an order of their own
    some(list, most) {
        const left = [...list];
        const n = 1 + this.below(Math.min(most, left.length));
        return Array.from({length: n}, () => left.splice(this.below(left.length), 1)[0]);
    }
}
