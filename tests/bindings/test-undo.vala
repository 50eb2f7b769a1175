// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Undo, bindings and actions, from Vala.

class Label : Object {
    public string text { get; set; default = ""; }
    public bool on { get; set; default = false; }
}

TStore.Store make_store () {
    var store = new TStore.Store ();
    try {
        store.set_table_json ("pets", """{"fido":{"species":"dog","price":5,"sold":true}}""");
    } catch (Error error) {
        assert_no_error (error);
    }
    return store;
}

double price (TStore.Store store) {
    return store.get_cell_number ("pets", "fido", "price");
}

void test_checkpoints () {
    var store = make_store ();
    var checkpoints = new TStore.Checkpoints (store) { automatic = true };
    try {
        checkpoints.begin_group ("Raise");
        store.set_cell_number ("pets", "fido", "price", 6);
        store.set_cell_number ("pets", "fido", "price", 7);
        checkpoints.end_group ();
        assert_true (checkpoints.can_undo);
        assert_cmpstr (checkpoints.undo_label, EQ, "Raise");
        checkpoints.undo ();
        assert_cmpfloat (price (store), EQ, 5);
        assert_true (checkpoints.can_redo);
        assert_cmpuint (checkpoints.get_forward_ids ()[0], EQ, 2);
        checkpoints.go_to (2);
        assert_cmpfloat (price (store), EQ, 7);
        checkpoints.redo ();
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, IOError.quark (), IOError.NOT_FOUND);
    }
}

void test_actions () {
    var store = make_store ();
    var checkpoints = new TStore.Checkpoints (store);
    var group = new SimpleActionGroup ();
    group.add_action (checkpoints.create_undo_action ());
    group.add_action (store.create_value_action (null, "dark", VariantType.BOOLEAN));
    group.activate_action ("dark", null);
    assert_true (store.get_value_boolean ("dark"));
    group.activate_action ("undo", null);
    assert_false (store.has_value ("dark"));
}

void test_bind () {
    var store = make_store ();
    var label = new Label ();
    try {
        store.bind_cell ("pets", "fido", "species", label, "text", TStore.BindFlags.DEFAULT);
        assert_cmpstr (label.text, EQ, "dog");
        label.text = "cat";
        assert_cmpstr (store.get_cell_string ("pets", "fido", "species"), EQ, "cat");
        store.set_cell_string ("pets", "fido", "species", "parrot");
        assert_cmpstr (label.text, EQ, "parrot");
        TStore.Store.unbind (label, "text");
        label.text = "horse";
        assert_cmpstr (store.get_cell_string ("pets", "fido", "species"), EQ, "parrot");
    } catch (Error error) {
        assert_no_error (error);
    }

    store.bind_cell ("pets", "fido", "sold", label, "on", TStore.BindFlags.INVERT_BOOLEAN);
    assert_false (label.on);
}

void test_mapping () {
    var store = make_store ();
    var label = new Label ();
    var unit = "EUR";
    store.bind_cell_with_mapping ("pets", "fido", "price", label, "text", TStore.BindFlags.DEFAULT,
                                  (from, out to) => {
                                      to = "%g %s".printf ((double) from, unit);
                                  },
                                  (from, out to) => {
                                      to = double.parse ((string) from);
                                  });
    assert_cmpstr (label.text, EQ, "5 EUR");
    label.text = "7.5";
    assert_cmpfloat (price (store), EQ, 7.5);
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/undo/checkpoints", test_checkpoints);
    Test.add_func ("/vala/undo/actions", test_actions);
    Test.add_func ("/vala/bind", test_bind);
    Test.add_func ("/vala/bind/mapping", test_mapping);
    return Test.run ();
}
