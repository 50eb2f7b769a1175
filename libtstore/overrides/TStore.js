// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What makes libtstore feel at home in GJS.

const {Gio, GLib, GObject} = imports.gi;

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

// What a medium throws becomes an error that an operation can fail with.
function toError(error) {
    if (error instanceof GLib.Error)
        return error;
    logError(error);
    return new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.FAILED, `${error}`);
}

// Makes a function that takes a request, the last argument: it need not return anything, may
// throw anything, and may be async; then it has to have answered when it ends.
function readerOf(func) {
    return function (...args) {
        const request = args[args.length - 1];
        try {
            const result = func.apply(this, args);
            if (typeof result?.then !== 'function')
                return result !== false;
            result.then(() => request.return_error(notAnswered()), error => request.return_error(error));
        } catch (error) {
            request.return_error(error);
        }
        return true;
    };
}

function notAnswered() {
    const {Error} = imports.gi.TStore;
    return new GLib.Error(Error, Error.NOT_ANSWERED, 'The function ended without an answer');
}

// The same for a function that begins to listen.
function listenerOf(func) {
    return function (...args) {
        return func.apply(this, args) !== false;
    };
}

const MEDIUM_FUNCTIONS = {read: readerOf, write: readerOf, start_listening: listenerOf};

function wrapFunctionsOfPersisters(TStore) {
    const {prototype} = TStore.CustomPersister;
    for (const [name, wrap] of Object.entries(MEDIUM_FUNCTIONS)) {
        const setFunc = prototype[`set_${name}_func`];
        prototype[`set_${name}_func`] = function (func) {
            setFunc.call(this, func ? wrap(func) : null);
        };
    }

    TStore.Persister._classInit = function (klass) {
        for (const [name, wrap] of Object.entries(MEDIUM_FUNCTIONS)) {
            if (Object.hasOwn(klass.prototype, `vfunc_${name}`))
                klass.prototype[`vfunc_${name}`] = wrap(klass.prototype[`vfunc_${name}`]);
        }
        return GObject.Object._classInit(klass);
    };
}

function overrideCustomPersister(TStore) {
    const {new: create} = TStore.CustomPersister;
    TStore.CustomPersister.new = function (store, funcs = {}) {
        const persister = create.call(this, store);
        persister.set_read_func(funcs.read ?? null);
        persister.set_write_func(funcs.write ?? null);
        persister.set_start_listening_func(funcs.startListening ?? null);
        persister.set_stop_listening_func(funcs.stopListening ?? null);
        return persister;
    };

    const {return_error: returnError} = TStore.Request.prototype;
    TStore.Request.prototype.return_error = function (error) {
        returnError.call(this, toError(error));
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
    wrapFunctionsOfPersisters(this);
    overrideCustomPersister(this);
}
