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

// Makes a function return a promise, if it gets no callback; what is left out then is null.
function promisify(prototype, name, finish) {
    const {length} = prototype[name];
    Gio._promisify(prototype, name, finish);
    const promised = prototype[name];
    prototype[name] = function (...args) {
        args.push(...Array(Math.max(0, length - 1 - args.length)).fill(null));
        return promised.apply(this, args);
    };
}

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

// The same for a function that begins to listen, which has no request to answer later.
function listenerOf(func) {
    return function (...args) {
        const result = func.apply(this, args);
        if (typeof result?.then === 'function')
            throw new TypeError('Nothing waits for listening to begin: its function must not be async');
        return result !== false;
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

// What a string in a text begins with whose rest is JSON.
const JSON_MARK = '\ufffd';

// JSON would make null, or nothing, of what no cell can hold.
function checkPart(key, part) {
    if (typeof part === 'function' || typeof part === 'symbol' ||
        typeof part === 'undefined' && Array.isArray(this) ||
        typeof part === 'number' && !Number.isFinite(part) ||
        part instanceof Map || part instanceof Set)
        throw new TypeError(`${String(part)} cannot be stored as ${key}`);
    return part;
}

function toJson(thing) {
    return JSON.stringify(thing, checkPart);
}

// Calls func for the cells in objects: of a row, 1 deep, a table, 2, or tables, 3.
function eachCell(func, thing, depth) {
    if (!depth)
        return func(thing);
    if (typeof thing !== 'object' || Array.isArray(thing))
        throw new TypeError(`${thing} is not an object of cells`);
    return Object.fromEntries(Object.entries(thing).map(([id, part]) => [id, eachCell(func, part, depth - 1)]));
}

function isMarked(cell) {
    return typeof cell === 'string' && cell.startsWith(JSON_MARK);
}

function mark(cell) {
    return isMarked(cell) ? `${JSON_MARK}${JSON.stringify(cell)}` : cell;
}

function unmark(cell) {
    return isMarked(cell) ? JSON.parse(cell.slice(1)) : cell;
}

function toText(thing, depth) {
    const text = toJson(thing);
    return text?.includes(JSON_MARK) ? JSON.stringify(eachCell(mark, JSON.parse(text), depth)) : text;
}

function fromText(text, depth) {
    const thing = JSON.parse(text);
    return text.includes(JSON_MARK) ? eachCell(unmark, thing, depth) : thing;
}

// What takes a variant takes an object too: the depth of it, and which argument it is.
const SETTERS = {
    set_tables: [3, 0],
    set_table: [2, 1],
    set_row: [1, 2],
    set_partial_row: [1, 2],
    add_row: [1, 1],
    set_values: [1, 0],
    set_partial_values: [1, 0],
};

function takeObject(prototype, name, depth, position) {
    const setVariant = prototype[name];
    const setJson = prototype[`${name}_json`];
    prototype[name] = function (...args) {
        const thing = args[position];
        if (thing instanceof GLib.Variant)
            return setVariant.apply(this, args);
        args[position] = toText(thing, depth);
        return setJson.apply(this, args);
    };
}

// A part of a store that works like a Map: it shows what is there when it is asked. Subclasses
// say what the functions of the store call it, and what is in it.
class View {
    #store;
    #ids;

    constructor(store, ...ids) {
        this.#store = store;
        this.#ids = ids;
    }

    _call(name, ...args) {
        return this.#store[name](...this.#ids, ...args);
    }

    _part(id) {
        return new RowView(this.#store, ...this.#ids, id);
    }

    get size() {
        return this._call(`get_${this._partName}_ids`).length;
    }

    has(id) {
        return this._call(`has_${this._partName}`, id);
    }

    delete(id) {
        return this._call(`remove_${this._partName}`, id);
    }

    clear() {
        this._call(`remove_${this._wholeName}`);
    }

    keys() {
        return this._call(`get_${this._partName}_ids`)[Symbol.iterator]();
    }

    *values() {
        for (const [, part] of this.entries())
            yield part;
    }

    *entries() {
        for (const id of this.keys()) {
            // The one who walks may have removed it.
            if (this.has(id))
                yield [id, this.get(id)];
        }
    }

    [Symbol.iterator]() {
        return this.entries();
    }

    forEach(func, thisArg) {
        for (const [id, part] of this)
            func.call(thisArg, part, id, this);
    }

    // An object of what is there, with objects in it; JSON.stringify() asks for it.
    toJSON() {
        return fromText(this._call(`get_${this._wholeName}_json`), this._depth);
    }
}

class TableView extends View {
    _wholeName = 'table';
    _partName = 'row';
    _depth = 2;

    get(id) {
        return this.has(id) ? this._part(id) : undefined;
    }

    set(id, row) {
        this._call('set_row', id, row);
        return this;
    }
}

class RowView extends View {
    _wholeName = 'row';
    _partName = 'cell';
    _depth = 1;

    get(id) {
        const value = this._call(`get_${this._partName}`, id);
        if (value === null && !this.has(id))
            return undefined;
        // An object and an array come as text, and a string may look like it.
        return /^[[{]/.test(value) && this.#isJson(id) ? JSON.parse(value) : value;
    }

    set(id, value) {
        const isJson = typeof value === 'object' && value !== null;
        this._call(`set_${this._partName}${isJson ? '_json' : ''}`, id, isJson ? toJson(value) : value);
        return this;
    }

    #isJson(id) {
        const {CellType} = imports.gi.TStore;
        return [CellType.OBJECT, CellType.ARRAY].includes(this._call(`get_${this._partName}_type`, id));
    }
}

class ValuesView extends RowView {
    _wholeName = 'values';
    _partName = 'value';
}

function addViews({prototype}) {
    for (const [name, args] of Object.entries(SETTERS))
        takeObject(prototype, name, ...args);
    const {add_row: addRow} = prototype;
    prototype.add_row = function (tableId, row, flags = imports.gi.TStore.AddRowFlags.DEFAULT) {
        return addRow.call(this, tableId, row, flags);
    };
    prototype.table = function (tableId) {
        return new TableView(this, tableId);
    };
    prototype.row = function (tableId, rowId) {
        return new RowView(this, tableId, rowId);
    };
    Object.defineProperty(prototype, 'values', {
        configurable: true,
        get() {
            return new ValuesView(this);
        },
    });
}

function* items() {
    for (let i = 0; i < this.get_n_items(); i++)
        yield this.get_item(i);
}

// The ids of cells, by the names of properties, in what cells() returns.
const cellIds = Symbol('ids of cells');

const CELL_TYPES = new Map([
    [String, GObject.TYPE_STRING],
    [Number, GObject.TYPE_DOUBLE],
    [Boolean, GObject.TYPE_BOOLEAN],
    [Array, GObject.type_from_name('GStrv')],
]);
const BOXED_CELL_TYPES = [GObject.type_from_name('GStrv'), GLib.DateTime.$gtype];

function makeCellSpec(name, {type = String, default: initial, minimum, maximum}) {
    const flags = GObject.ParamFlags.READWRITE;
    const gtype = CELL_TYPES.get(type) ?? type.$gtype ?? type;
    switch (gtype) {
    case GObject.TYPE_STRING:
        return GObject.ParamSpec.string(name, null, null, flags, initial ?? null);
    case GObject.TYPE_BOOLEAN:
        return GObject.ParamSpec.boolean(name, null, null, flags, initial ?? false);
    case GObject.TYPE_DOUBLE:
        return GObject.ParamSpec.double(name, null, null, flags,
            minimum ?? -Number.MAX_VALUE, maximum ?? Number.MAX_VALUE, initial ?? 0);
    case GObject.TYPE_INT:
        return GObject.ParamSpec.int(name, null, null, flags,
            minimum ?? GLib.MININT32, maximum ?? GLib.MAXINT32, initial ?? 0);
    }
    if (GObject.type_is_a(gtype, GObject.TYPE_ENUM))
        return GObject.ParamSpec.enum(name, null, null, flags, gtype, initial);
    if (GObject.type_is_a(gtype, GObject.TYPE_FLAGS))
        return GObject.ParamSpec.flags(name, null, null, flags, gtype, initial ?? 0);
    if (BOXED_CELL_TYPES.includes(gtype))
        return GObject.ParamSpec.boxed(name, null, null, flags, gtype);
    throw new TypeError(`The property ${name} cannot be a cell`);
}

function toWords(key) {
    return key.replace(/_/g, '-').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`).split('-');
}

function makeCellId(key, naming) {
    const {CellNaming} = imports.gi.TStore;
    if (naming === CellNaming.SNAKE_CASE)
        return toWords(key).join('_');
    if (naming === CellNaming.CAMEL_CASE)
        return toWords(key).map((word, i) => i ? word[0].toUpperCase() + word.slice(1) : word).join('');
    return key;
}

// Makes properties for registerClass() that are cells of a row, or keyed values: of
// {name: type} or {name: {type, id, default, minimum, maximum}}, where the type is String, Number,
// Boolean, Array (of strings), GLib.DateTime, an enumeration or flags, or a GType. The id is
// the name as it is written.
function cells(description, {naming} = {}) {
    const properties = {[cellIds]: {}};
    for (const [key, value] of Object.entries(description)) {
        const isOptions = Object.getPrototypeOf(value) === Object.prototype && !value.$gtype;
        const options = isOptions ? value : {type: value};
        const name = toWords(key).join('-');
        properties[name] = makeCellSpec(name, options);
        properties[cellIds][name] = options.id ?? makeCellId(key, naming);
    }
    return properties;
}

// GJS makes no GValue of an array, nor a string of null.
function setCell(instance, pspec, id, value) {
    if (Array.isArray(value)) {
        setJson(instance, pspec.name, id, toJson(value));
    } else if (value === null) {
        const none = new GObject.Value();
        none.init(pspec.value_type);
        instance.set_property(pspec.name, none);
    } else {
        instance.set_property(pspec.name, value);
    }
}

function setJson(instance, name, id, json) {
    const store = instance.get_store();
    try {
        if (instance instanceof imports.gi.TStore.Row)
            store.set_cell_json(instance.get_table_id(), instance.get_row_id(), id, json);
        else
            store.set_value_json(id, json);
    } catch (error) {
        if (!(error instanceof GLib.Error))
            throw error;
        instance.notify(name); // as for any other value that is refused
    }
}

function defineCell(prototype, pspec, id) {
    Object.defineProperty(prototype, pspec.name, {
        configurable: true,
        enumerable: true,
        get() {
            return this.get_property_value(pspec.name);
        },
        set(value) {
            setCell(this, pspec, id, value);
        },
    });
}

// The class of a row has its accessors before, and its cells after it is registered.
function initClassWithCells(klass) {
    const properties = Object.hasOwn(klass, GObject.properties) ? klass[GObject.properties] : {};
    const ids = properties[cellIds] ?? {};
    for (const [name, id] of Object.entries(ids))
        defineCell(klass.prototype, properties[name], id);
    klass = GObject.Object._classInit(klass);
    for (const [name, id] of Object.entries(ids))
        klass.map_property(name, id);
    return klass;
}

function _init() {
    this.cells = cells;
    for (const klass of [this.Row, this.Values]) {
        klass._classInit = initClassWithCells;
        // They are Json.Serializable, which has functions of the same names.
        for (const name of ['get_property', 'set_property'])
            klass.prototype[name] = GObject.Object.prototype[name];
    }
    const addInterceptor = this.Store.prototype.add_interceptor;
    this.Store.prototype.add_interceptor = function (kinds, func) {
        return addInterceptor.call(this, kinds, interceptorOf(func));
    };
    addViews(this.Store);
    for (const {prototype} of [this.TableModel, this.TablesModel, this.ValuesModel])
        prototype[Symbol.iterator] = items;
    this.Store.prototype.transact = transact;
    this.Store.prototype.map_cell = mapCell;
    this.Store.prototype.map_value = mapValue;
    for (const [name, finish] of Object.entries(PERSISTER_FUNCTIONS))
        promisify(this.Persister.prototype, name, finish);
    wrapFunctionsOfPersisters(this);
    overrideCustomPersister(this);
}
