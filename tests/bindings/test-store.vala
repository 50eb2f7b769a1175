// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The store, from Vala.

const string PETS = """{"fido":{"species":"dog","price":5}}""";

errordomain PurposeError {
    ON_PURPOSE
}

TStore.Store make_store () {
    var store = new TStore.Store ();
    try {
        store.set_table_json ("pets", PETS);
    } catch (Error error) {
        assert_no_error (error);
    }
    return store;
}

void test_types () {
    var store = new TStore.Store ();
    try {
        store.set_cell ("t", "r", "string", "dog");
        store.set_cell ("t", "r", "number", 5);
        store.set_cell ("t", "r", "large", int64.MAX);
        store.set_cell ("t", "r", "boolean", true);
        store.set_cell ("t", "r", "null", null);
        store.set_cell_number ("t", "r", "typed", 2.5);
    } catch (Error error) {
        assert_no_error (error);
    }

    assert_cmpstr (store.get_cell_string ("t", "r", "string"), EQ, "dog");
    assert_cmpstr ((string) store.get_cell ("t", "r", "string"), EQ, "dog");
    assert_cmpfloat (store.get_cell_number ("t", "r", "number"), EQ, 5);
    assert_cmpfloat (store.get_cell_number ("t", "r", "large"), EQ, (double) int64.MAX);
    assert_cmpfloat (store.get_cell_number ("t", "r", "typed"), EQ, 2.5);
    assert_true (store.get_cell_boolean ("t", "r", "boolean"));
    assert_true (store.get_cell_type ("t", "r", "null") == TStore.CellType.NULL);
    assert_true (store.get_cell ("t", "r", "absent") == null);

    string[] ids = { "string", "number", "large", "boolean", "null", "typed" };
    assert_cmpstrv (store.get_cell_ids ("t", "r"), ids);
}

void test_refused () {
    var store = make_store ();
    try {
        store.set_cell_number ("pets", "fido", "price", double.NAN);
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.INVALID_VALUE);
    }
    assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 5);
}

void test_changed () {
    var store = make_store ();
    uint n_told = 0, n_heard = 0, n_listened = 0;

    store.changed.connect ((changes) => {
        n_told++;
        assert_cmpuint (changes.get_n_cells (), EQ, 2);
    });
    store.cell_changed["pets"].connect ((table_id, row_id, cell_id) => {
        n_heard++;
    });
    store.add_cell_listener ("pets", null, "price", DEFAULT, (store, table_id, row_id, cell_id, now, was) => {
        n_listened++;
        assert_cmpstr (row_id, EQ, "fido");
        assert_cmpfloat ((double) now, EQ, 6);
        assert_cmpfloat ((double) was, EQ, 5);
    });

    try {
        store.transact ((store) => {
            store.set_cell_number ("pets", "fido", "price", 6);
            store.set_cell_string ("pets", "felix", "species", "cat");
        });
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpuint (n_told, EQ, 1);
    assert_cmpuint (n_heard, EQ, 2);
    assert_cmpuint (n_listened, EQ, 1);
}

void test_rollback () {
    var store = make_store ();
    var before = store.get_json ();

    try {
        store.transact ((store) => {
            store.remove_table ("pets");
            throw new PurposeError.ON_PURPOSE ("on purpose");
        });
        assert_not_reached ();
    } catch (Error error) {
        assert_true (error is PurposeError.ON_PURPOSE);
    }
    assert_cmpstr (store.get_json (), EQ, before);
}

void test_changes () {
    var store = make_store ();
    var other = make_store ();
    TStore.Changes? changes = null;

    store.changed.connect ((heard) => {
        changes = heard;
    });
    try {
        store.transact ((store) => {
            store.set_cell ("pets", "fido", "price", null);
            store.remove_cell ("pets", "fido", "species");
            store.set_cell_string ("pets", "felix", "species", "cat");
        });
        assert_true (changes.get_cell_change ("pets", "fido", "price") == UPDATED);
        assert_true (changes.get_cell_change ("pets", "fido", "species") == REMOVED);
        assert_true (changes.get_row_change ("pets", "felix") == ADDED);

        var read = new TStore.Changes.from_json (changes.to_json ());
        assert_true (read.equal (changes));
        assert_true (new TStore.Changes.from_variant (changes.to_variant ()).equal (changes));
        assert_true (new TStore.Changes.from_json_node (changes.to_json_node ()).equal (changes));
        other.apply_changes (read);
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpstr (other.get_json (), EQ, store.get_json ());
}

void test_sorted () {
    var store = make_store ();
    try {
        store.set_cell_number ("pets", "felix", "price", 4);
        store.set_cell_number ("pets", "tom", "price", 12);
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpstrv (store.get_sorted_row_ids ("pets", "price", false, 0, -1), { "felix", "fido", "tom" });
    assert_cmpstrv (store.get_sorted_row_ids_with_func ("pets", "price", true, 0, 2, (first, second) => {
        return (int) first.get_double () % 10 - (int) second.get_double () % 10;
    }), { "fido", "felix" });
}

void test_map () {
    var store = make_store ();
    try {
        store.map_cell ("pets", "fido", "price", (old, out now) => {
            now = old.get_double () + 1;
        });
        store.map_value ("n", (old, out now) => {
            now = old == null ? 1.0 : 2.0;
        });
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 6);
    assert_cmpfloat (store.get_value_number ("n"), EQ, 1);

    try {
        store.map_cell ("pets", "fido", "price", (old, out now) => {
            throw new PurposeError.ON_PURPOSE ("on purpose");
        });
        assert_not_reached ();
    } catch (Error error) {
        assert_true (error is PurposeError.ON_PURPOSE);
    }
    assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 6);
}

void test_structures () {
    var store = make_store ();
    try {
        var row = new VariantDict ();
        row.insert ("species", "s", "cat");
        store.set_row ("pets", "felix", row.end ());
        assert_cmpstr (store.get_cell_string ("pets", "felix", "species"), EQ, "cat");

        var other = new TStore.Store ();
        other.set_content (store.get_content ());
        assert_cmpstr (other.get_json (), EQ, store.get_json ());
    } catch (Error error) {
        assert_no_error (error);
    }
}

void test_json_nodes () {
    var store = make_store ();
    try {
        var row = Json.from_string ("""{"species":"cat","toys":["ball",{"legs":4}]}""");
        store.set_row_json_node ("pets", "felix", row);
        var id = store.add_row_json_node ("pets", row, DEFAULT);
        store.set_partial_row_json_node ("pets", id, Json.from_string ("{\"price\":0.5}"));
        var toys = store.get_cell_json_node ("pets", id, "toys").get_array ();
        assert_true (toys.get_object_element (1).get_int_member ("legs") == 4);
        assert_null (store.get_cell_json_node ("pets", "fido", "toys"));
        store.set_value_json_node ("open", Json.from_string ("true"));
        assert_true (store.get_value_json_node ("open").get_boolean ());

        var other = new TStore.Store ();
        other.set_json_node (store.get_json_node ());
        assert_cmpstr (other.get_json (), EQ, store.get_json ());
    } catch (Error error) {
        assert_no_error (error);
    }

    try {
        store.set_json_node (null);
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.PARSE);
    }
}

void test_cursor () {
    var store = make_store ();
    var cursor = new TStore.Cursor (store, "pets");
    var price = cursor.add_column ("price");
    double total = 0;

    while (cursor.next ())
        total += cursor.get_number (price);
    assert_cmpfloat (total, EQ, 5);
}

void test_models () {
    var store = make_store ();
    var model = new TStore.TableModel (store, "pets");
    uint n_changes = 0;

    model.items_changed.connect ((position, removed, added) => {
        n_changes++;
        assert_cmpuint (position, EQ, 1);
        assert_cmpuint (added, EQ, 1);
    });
    try {
        store.set_cell_string ("pets", "felix", "species", "cat");
        var row = (TStore.Row) model.get_item (1);
        assert_cmpstr (row.row_id, EQ, "felix");
        row.set_number ("price", 4);
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpuint (n_changes, EQ, 1);
    assert_cmpfloat (store.get_cell_number ("pets", "felix", "price"), EQ, 4);
}

void test_sorted_model () {
    var store = make_store ();
    var model = new TStore.TableModel (store, "pets");
    var least = 2;
    uint position;

    try {
        store.set_table_json ("pets", """{"fido":{"price":3},"felix":{"price":1},"rex":{"price":2}}""");
    } catch (Error error) {
        assert_no_error (error);
    }
    model.sort_cell = "price";
    assert_cmpstr (((TStore.Row) model.get_item (0)).row_id, EQ, "felix");
    model.set_filter_func ((store, table_id, row_id) => {
        return store.get_cell_number (table_id, row_id, "price") >= least;
    });
    assert_cmpstr (((TStore.Row) model.get_item (0)).row_id, EQ, "rex");
    least = 3;
    model.filter_changed (MORE_STRICT);
    assert_cmpuint (model.get_n_items (), EQ, 1);
    assert_true (model.find ("fido", out position));
    assert_cmpuint (position, EQ, 0);
    assert_false (model.find ("rex", out position));
    model.set_filter_func (null);
    model.descending = true;
    model.offset = 1;
    model.limit = 1;
    assert_cmpstr (((TStore.Row) model.get_item (0)).row_id, EQ, "rex");
}

void test_listeners () {
    var store = make_store ();
    string heard = "";

    var handle = store.add_has_row_listener ("pets", null, DEFAULT, (store, table_id, row_id, exists) => {
        heard += @"$row_id $exists\n";
    });
    store.add_row_count_listener (null, DEFAULT, (store, table_id, n_rows) => {
        heard += @"$table_id $n_rows\n";
    });
    store.add_table_cell_ids_listener (null, DEFAULT, (store, table_id, added, removed) => {
        heard += @"$table_id $(added.length) $(removed.length)\n";
    });
    store.add_invalid_cell_listener (null, null, null, DEFAULT, (store, table_id, row_id, cell_id, error) => {
        assert_error (error, TStore.Error.quark (), TStore.Error.INVALID_VALUE);
        heard += @"$cell_id\n";
    });

    try {
        store.set_cell_string ("pets", "felix", "color", "black");
        store.set_cell_number ("pets", "fido", "price", double.NAN);
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.INVALID_VALUE);
    }
    assert_cmpstr (heard, EQ, "pets 1 0\npets 2\nfelix true\nprice\n");

    heard = "";
    assert_true (store.call_listener (handle));
    assert_cmpstr (heard, EQ, "fido true\nfelix true\n");
    assert_cmpuint (store.get_n_listeners (TStore.ListenerKind.HAS_ROW), EQ, 1);
    assert_true (store.remove_listener (handle));
    assert_false (store.call_listener (handle));
}

void test_sorted_listener () {
    var store = make_store ();
    string heard = "";

    var handle = store.add_sorted_row_ids_listener ("pets", "price", true, 0, 2, DEFAULT,
        (store, table_id, cell_id, descending, offset, limit, row_ids) => {
            heard += @"$table_id $cell_id $descending $offset $limit: $(string.joinv (" ", row_ids))\n";
        });

    try {
        store.set_cell_number ("pets", "felix", "price", 4);
        store.set_cell_number ("pets", "rex", "price", 3);
        store.set_cell_number ("pets", "tom", "price", 12);
    } catch (Error error) {
        assert_no_error (error);
    }
    assert_cmpstr (heard, EQ, "pets price true 0 2: fido felix\npets price true 0 2: tom fido\n");

    heard = "";
    assert_true (store.call_listener (handle));
    assert_cmpstr (heard, EQ, "pets price true 0 2: tom fido\n");
    assert_cmpuint (store.get_n_listeners (TStore.ListenerKind.SORTED_ROW_IDS), EQ, 1);
    assert_true (store.remove_listener (handle));
}

void test_mutators () {
    var store = make_store ();

    store.add_cell_listener ("pets", null, "price", MUTATOR, (store, table_id, row_id, cell_id, now, was) => {
        try {
            if ((double) now < 0)
                store.rollback ();
            else if ((double) now > 100)
                store.set_cell_number (table_id, row_id, cell_id, 100);
        } catch (Error error) {
            assert_no_error (error);
        }
    });

    try {
        store.set_cell_number ("pets", "fido", "price", 1000);
        assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 100);
        store.transact ((store) => store.set_cell_number ("pets", "fido", "price", -1));
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.ROLLED_BACK);
    }
    assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 100);
}

void test_interceptor () {
    var store = make_store ();
    var asked = 0;

    var id = store.add_interceptor (SET_CELL | REMOVE_ROW, (store, write) => {
        asked++;
        try {
            if (write.get_kind () == REMOVE_ROW)
                write.refuse ("Needed");
            else if (write.get_cell_id () == "price" && (double) write.get_value () < 0)
                write.refuse ("Too cheap");
            else if (write.get_cell_id () == "price")
                write.set_json ("100");
        } catch (Error error) {
            assert_no_error (error);
        }
    });

    try {
        store.set_cell_number ("pets", "fido", "price", 1000);
        assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 100);
        store.set_cell_number ("pets", "fido", "price", -1);
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.REFUSED);
    }
    assert_cmpfloat (store.get_cell_number ("pets", "fido", "price"), EQ, 100);
    assert_false (store.remove_row ("pets", "fido"));
    assert_true (store.remove_interceptor (id));
    assert_true (store.remove_row ("pets", "fido"));
    assert_cmpint (asked, EQ, 3);
}

const string SCHEMA = """[{"pets":{"species":{"enum":["dog","cat"],"default":"dog"},""" +
    """"price":{"type":"number","allowNull":true},"name":{"type":"string","required":true}}},""" +
    """{"open":{"type":"boolean","default":true}}]""";

void test_schema () {
    try {
        var schema = new TStore.Schema ();
        var species = new TStore.CellSpec.enum ({ "dog", "cat" });
        var price = new TStore.CellSpec (NUMBER | NULL);
        var name = new TStore.CellSpec (STRING);
        var open = new TStore.CellSpec (BOOLEAN);

        species.set_default ("dog");
        name.set_required (true);
        open.set_default_json ("true");
        schema.add_cell ("pets", "species", species);
        schema.add_cell ("pets", "price", price);
        schema.add_cell ("pets", "name", name);
        schema.add_value ("open", open);
        assert_cmpstr (schema.to_json (), EQ, SCHEMA);
        assert_true (schema.equal (new TStore.Schema.from_json (SCHEMA)));
        assert_cmpstr ((string) schema.get_cell ("pets", "species").get_choice (1), EQ, "cat");
        assert_true (schema.get_cell ("pets", "price").get_default () == null);
        new TStore.Schema.from_json ("""{"pets":{}}""");
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.FORMAT);
    }
}

void test_store_schema () {
    var store = make_store ();
    string[] heard = {};

    store.changed.connect ((changes) => heard += changes.to_json ());
    try {
        var schema = new TStore.Schema.from_json (SCHEMA);
        var preview = store.preview_schema (schema);

        try {
            store.set_schema (schema, DEFAULT);
            assert_not_reached ();
        } catch (TStore.Error error) {
            assert_error (error, TStore.Error.quark (), TStore.Error.SCHEMA);
        }
        assert_true (store.get_schema () == null);

        assert_true (store.set_schema (schema, DROP));
        assert_cmpstr (heard[0], EQ, preview.to_json ());
        assert_false (store.has_table ("pets"));
        assert_true (store.get_value_boolean ("open"));
        store.set_cell_string ("pets", "fido", "name", "Fido");
        assert_cmpstr (store.get_cell_string ("pets", "fido", "species"), EQ, "dog");
        store.set_cell_string ("pets", "fido", "price", "dear");
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, TStore.Error.quark (), TStore.Error.SCHEMA);
    }
    assert_false (store.remove_cell ("pets", "fido", "name"));
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/store/types", test_types);
    Test.add_func ("/vala/store/refused", test_refused);
    Test.add_func ("/vala/store/changed", test_changed);
    Test.add_func ("/vala/store/listeners", test_listeners);
    Test.add_func ("/vala/store/sorted-listener", test_sorted_listener);
    Test.add_func ("/vala/store/mutators", test_mutators);
    Test.add_func ("/vala/store/interceptor", test_interceptor);
    Test.add_func ("/vala/store/rollback", test_rollback);
    Test.add_func ("/vala/store/changes", test_changes);
    Test.add_func ("/vala/store/sorted", test_sorted);
    Test.add_func ("/vala/store/map", test_map);
    Test.add_func ("/vala/store/structures", test_structures);
    Test.add_func ("/vala/store/json-nodes", test_json_nodes);
    Test.add_func ("/vala/store/cursor", test_cursor);
    Test.add_func ("/vala/store/schema", test_schema);
    Test.add_func ("/vala/store/schema/set", test_store_schema);
    Test.add_func ("/vala/models", test_models);
    Test.add_func ("/vala/models/sorted", test_sorted_model);
    return Test.run ();
}
