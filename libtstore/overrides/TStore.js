// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What makes libtstore feel at home in GJS.

const {Gio, GLib} = imports.gi;

const PERSISTER_FUNCTIONS = {
    load_async: 'load_finish',
    save_async: 'save_finish',
    start_auto_load_async: 'start_auto_load_finish',
    start_auto_load_variant_async: 'start_auto_load_finish',
    start_auto_save_async: 'start_auto_save_finish',
    start_auto_persisting_async: 'start_auto_persisting_finish',
    flush_async: 'flush_finish',
    close_async: 'close_finish',
};

// Calls func(store) in a transaction, which is rolled back if it throws.
function transact(func) {
    this.begin();
    let result;
    try {
        result = func(this);
        if (typeof result?.then === 'function')
            throw new TypeError('A transaction cannot wait: its function must not be async');
    } catch (error) {
        this.rollback();
        throw error;
    }
    if (!this.commit()) {
        const {Error} = imports.gi.TStore;
        throw new GLib.Error(Error, Error.ROLLED_BACK, 'A listener rolled the transaction back');
    }
    return result;
}

// Sets a cell to what func(old value) returns, or nothing if it throws.
function mapCell(tableId, rowId, cellId, func) {
    return this.transact(() => this.set_cell(tableId, rowId, cellId,
        func(this.get_cell(tableId, rowId, cellId))));
}

function mapValue(valueId, func) {
    return this.transact(() => this.set_value(valueId, func(this.get_value(valueId))));
}

// Asks func(store, write) about writes; what it throws refuses the write, and is logged.
function interceptorOf(func) {
    return (store, write) => {
        try {
            func(store, write);
        } catch (error) {
            write.refuse(`${error}`);
            throw error;
        }
    };
}

function _init() {
    const addInterceptor = this.Store.prototype.add_interceptor;
    this.Store.prototype.add_interceptor = function (kinds, func) {
        return addInterceptor.call(this, kinds, interceptorOf(func));
    };
    this.Store.prototype.transact = transact;
    this.Store.prototype.map_cell = mapCell;
    this.Store.prototype.map_value = mapValue;
    for (const [name, finish] of Object.entries(PERSISTER_FUNCTIONS))
        Gio._promisify(this.Persister.prototype, name, finish);
}
