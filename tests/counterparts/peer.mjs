// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What a program does that keeps a store in a file, or on a server: written once, and carried out with
// TinyBase in node (peer-tinybase.mjs) and with libtstore in GJS (peer-libtstore.js). It is told
// what to do by lines on stdin, {"id": …, "command": …}, and replies on stdout with
// {"id": …, "result": …}. One command does not wait for another.
//
// A side has
//
//     open(path, options)  a new store, and a persister of the file; or of the address, which is
//                      looked at every `poll` ms, and given up after `timeout` ms
//     trust(ca)        those servers that the authority in this file has certified
//     set(table, row, cell, value), setValue(value, value), content() as [tables, values]
//     start(defaults)  load and save by itself;  startSave()  only save
//     load(), save()   once
//     rows()           the ids of the rows that were written
//     collect()        garbage, of which there is none meanwhile
//     settle()         nothing is under way, and nothing waits
//     status()         'idle', 'loading' or 'saving';  onStatus(func) when it changes
//     end()            in good order
//     errors           what went wrong by itself
//     log              if it is a list: what TinyBase wrote, and what libtstore saved and loaded

import {Draw} from '../interop/draw.mjs';

const N_AT_A_TIME = 5;
export const N_BETWEEN = 50; // writes, or commands, or what is noted, before garbage is collected

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

export class Peer {
    constructor(side, tell) {
        this.side = side;
        this.tell = tell;
        this.nWritten = 0;
        this.nDone = 0;
    }

    async hear(line) {
        const {id, command, ...args} = JSON.parse(line);
        this.rest();
        try {
            this.tell({id, result: await commands[command](this, args) ?? null});
        } catch (error) {
            this.tell({id, error: `${error.message ?? error}`});
        }
    }

    rest() {
        if (++this.nDone % N_BETWEEN === 0)
            this.side.collect();
    }

    // Each write has a row of its own, which tells who wrote it, and when.
    write(prefix) {
        this.side.set('writes', `${prefix}${++this.nWritten}`, 'n', this.nWritten);
    }
}

// Once, in turns of the main loop after the persister got that status and while it has it.
function writeWhile(peer, wanted, prefix) {
    let done = false;
    peer.side.onStatus(async () => {
        if (done || peer.side.status() !== wanted)
            return;
        done = true;
        for (let i = 0; i < N_AT_A_TIME; i++) {
            await sleep(0);
            if (peer.side.status() !== wanted)
                break;
            peer.write(prefix);
        }
    });
}

const commands = {
    open: ({side}, {path, log, ...options}) => {
        side.log = log ? [] : null;
        side.open(path, options);
    },
    trust: ({side}, {ca}) => side.trust(ca),
    isDirty: ({side}) => side.persister.dirty,
    start: ({side}, {defaults}) => side.start(defaults),
    startSave: ({side}) => side.startSave(),
    load: ({side}) => side.load(),
    save: ({side}) => side.save(),
    settle: ({side}) => side.settle(),
    end: ({side}) => side.end(),
    set: ({side}, {row, value}) => side.set('writes', row, 'n', value),
    setValue: ({side}, {name, value}) => side.setValue(name, value),
    content: ({side}) => side.content(),
    rows: ({side}) => side.rows(),
    errors: ({side}) => side.errors,
    log: ({side}) => side.log,
    count: ({nWritten}) => nWritten,

    // 1 to 7 ms apart; all into one cell, if it has a name.
    rapid: async (peer, {prefix, n, seed, cell}) => {
        const draw = new Draw(seed);
        for (let i = 1; i <= n; i++) {
            if (cell)
                peer.side.set('shared', 'row', cell, `${prefix}${i}`);
            else
                peer.write(prefix);
            peer.rest();
            await sleep(1 + draw.below(7));
        }
    },

    writeWhile: (peer, {status, prefix}) => writeWhile(peer, status, prefix),

    // Some changes, and that was it.
    quick: async ({side}, {path, rows}) => {
        side.open(path);
        await side.load();
        await side.startSave();
        for (const row of rows) {
            await sleep(1);
            side.set('writes', row, 'n', 1);
        }
        await side.end();
    },

    // Tells of each write that it has been saved.
    saveAll: async (peer, {prefix, n}) => {
        for (let i = 1; i <= n; i++) {
            peer.write(prefix);
            await peer.side.save();
            peer.tell({saved: `${prefix}${i}`});
        }
    },
};
