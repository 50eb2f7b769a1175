// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Rows whose properties are cells, from Vala.

class Pet : TStore.Row {
    [NoAccessorMethod]
    public virtual string name { owned get; set; default = "Nobody"; }
    [NoAccessorMethod]
    public virtual double price { get; set; }
    [NoAccessorMethod]
    public virtual bool sold { get; set; }
    [NoAccessorMethod]
    public virtual int best_age { get; set; }
    [NoAccessorMethod]
    [CCode (array_length = false, array_null_terminated = true)]
    public virtual string[] tags { owned get; set; }

    public string label { get; set; default = "a pet"; }
    public string shown { owned get { return "%s: %g".printf (name, price); } }

    public void raise_price () {
        price = price + 1;
    }

    public Pet (TStore.Store store) {
        Object (store: store, table_id: "pets", row_id: "fido");
    }

    class construct {
        map_properties (TStore.CellNaming.CAMEL_CASE);
        map_property ("label", null);
        map_property ("sold", "gone");
    }
}

class Settings : TStore.Values {
    [NoAccessorMethod]
    public virtual int font_size { get; set; }

    public Settings (TStore.Store store) {
        Object (store: store);
    }

    class construct {
        map_properties (TStore.CellNaming.SNAKE_CASE);
    }
}

TStore.Store make_store () {
    var store = new TStore.Store ();
    try {
        store.set_table_json ("pets", """{"fido":{"name":"Fido","price":5,"gone":true,"bestAge":3}}""");
    } catch (Error error) {
        assert_no_error (error);
    }
    return store;
}

void test_cells () {
    var store = make_store ();
    var pet = new Pet (store);

    assert_cmpstr (pet.name, EQ, "Fido");
    assert_cmpfloat (pet.price, EQ, 5);
    assert_true (pet.sold);
    assert_cmpint (pet.best_age, EQ, 3);
    assert_cmpstr (pet.shown, EQ, "Fido: 5");

    pet.name = "Rex";
    pet.price = 2.5;
    pet.raise_price ();
    pet.sold = false;
    pet.best_age = 4;
    pet.tags = { "good", "old" };
    pet.label = "a dog";
    assert_cmpstr (store.get_cell_json ("pets", "fido", "tags"), EQ, """["good","old"]""");
    assert_true (store.remove_cell ("pets", "fido", "tags"));
    assert_cmpstr (store.get_row_json ("pets", "fido"), EQ,
                   """{"name":"Rex","price":3.5,"gone":false,"bestAge":4}""");
    pet.tags = { "good", "old" };
    assert_cmpstr (pet.tags[1], EQ, "old");
    assert_cmpstr (pet.label, EQ, "a dog");
}

void test_notify () {
    var store = make_store ();
    var pet = new Pet (store);
    var heard = new StringBuilder ();
    pet.notify.connect (pspec => heard.append_printf ("%s ", pspec.name));

    store.begin ();
    pet.name = "Rex";
    pet.price = 6;
    pet.price = 5;
    assert_cmpstr (heard.str, EQ, "");
    store.commit ();
    assert_cmpstr (heard.str, EQ, "name ");

    store.remove_row ("pets", "fido");
    assert_cmpstr (heard.str, EQ, "name name price sold best-age ");
    /* Vala's default values are those of the field behind a property, not of the property. */
    assert_true (pet.name == null);
}

void test_binding () {
    var store = make_store ();
    var pet = new Pet (store);
    pet.bind_property ("name", pet, "label", SYNC_CREATE | BIDIRECTIONAL);

    assert_cmpstr (pet.label, EQ, "Fido");
    pet.label = "Rex";
    assert_cmpstr (store.get_cell_string ("pets", "fido", "name"), EQ, "Rex");
    pet.name = "Max";
    assert_cmpstr (pet.label, EQ, "Max");
}

void test_values () {
    var store = new TStore.Store ();
    var settings = new Settings (store);
    bool heard = false;
    settings.value_changed["font_size"].connect (id => heard = true);

    assert_cmpint (settings.font_size, EQ, 0);
    settings.font_size = 14;
    assert_cmpfloat (store.get_value_number ("font_size"), EQ, 14);
    assert_true (heard);
}

void test_models_of_ids () {
    var store = make_store ();
    var tables = new TStore.TablesModel (store);
    var values = new TStore.ValuesModel (store);
    try {
        store.set_value_string ("theme", "dark");
        var table = (TStore.TableItem) tables.get_item (0);
        assert_cmpstr (table.table_id, EQ, "pets");
        assert_cmpuint (table.n_rows, EQ, 1);

        var item = (TStore.ValueItem) values.get_item (0);
        assert_cmpstr (item.value_id, EQ, "theme");
        assert_cmpstr ((string) item.value, EQ, "dark");
        assert_true (item.set_value (5));
        assert_cmpstr (item.text, EQ, "5");
    } catch (Error error) {
        assert_no_error (error);
    }
}

void main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/rows/cells", test_cells);
    Test.add_func ("/rows/notify", test_notify);
    Test.add_func ("/rows/binding", test_binding);
    Test.add_func ("/rows/values", test_values);
    Test.add_func ("/rows/models-of-ids", test_models_of_ids);
    Test.run ();
}
