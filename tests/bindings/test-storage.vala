// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Storages, and the persisters on them, from Vala.

const string CONTENT = """[{"pets":{"fido":{"species":"dog"}}},{}]""";
const uint PATIENCE = 20; // s; only a test that fails waits that long

delegate bool Condition ();
delegate void Use (TStore.Storage storage) throws Error;

void wait_for (Condition condition) {
    bool late = false;
    var timeout = Timeout.add_seconds (PATIENCE, () => {
        late = true;
        return Source.CONTINUE;
    });
    while (!condition ()) {
        assert_false (late);
        MainContext.default ().iteration (true);
    }
    Source.remove (timeout);
}

/* One in a folder of its own and one in memory; fails if anything is left there. */
void with_storages (Use use) {
    try {
        var path = DirUtils.make_tmp ("tst-vala-XXXXXX");
        var in_folder = new TStore.Storage (File.new_for_path (path));
        use (in_folder);
        in_folder.clear ();
        use (new TStore.Storage (null));
        File.new_for_path (path).delete ();
    } catch (Error error) {
        assert_no_error (error);
    }
}

void test_items () {
    with_storages ((storage) => {
        assert_null (storage.get_item ("pets"));
        storage.set_item ("pets", "it's");
        storage.set_item ("a/b", "");
        assert_cmpstr (storage.get_item ("pets"), EQ, "it's");
        assert_cmpstrv (storage.list_keys (), { "a/b", "pets" });
        storage.remove_item ("pets");
        assert_null (storage.get_item ("pets"));
        storage.clear ();
        assert_cmpint (storage.list_keys ().length, EQ, 0);
    });
}

void test_changed () {
    with_storages ((storage) => {
        var heard = 0;
        var detailed = 0;
        var handler = storage.changed.connect ((key) => heard++);
        var detailed_handler = storage.changed["pets"].connect ((key) => {
            assert_cmpstr (key, EQ, "pets");
            detailed++;
        });
        storage.set_item ("pets", "1");
        storage.set_item ("other", "1");
        wait_for (() => heard >= 2);
        assert_cmpint (detailed, EQ, 1);
        storage.disconnect (handler);
        storage.disconnect (detailed_handler);
    });
}

void test_errors () {
    try {
        TStore.Storage.get_local ("../x");
        assert_not_reached ();
    } catch (IOError.INVALID_ARGUMENT error) {
    } catch (Error error) {
        assert_no_error (error);
    }
}

void check_persister (TStore.Store store, TStore.StoragePersister persister) throws Error {
    var storage = persister.storage;

    assert_cmpstr (persister.name, EQ, "pets");
    store.set_json (CONTENT);
    persister.save ();
    assert_cmpstr (storage.get_item ("pets"), EQ, CONTENT);
    storage.set_item ("pets", CONTENT.replace ("dog", "wolf"));
    persister.load ();
    assert_cmpstr (store.get_cell_string ("pets", "fido", "species"), EQ, "wolf");

    persister.auto_load = true;
    storage.set_item ("pets", CONTENT);
    wait_for (() => store.get_cell_string ("pets", "fido", "species") == "dog");
    persister.auto_load = false;
    wait_for (() => persister.status == IDLE);
    storage.clear ();
}

void test_persisters () {
    with_storages ((storage) => {
        var store = new TStore.Store ();
        check_persister (store, new TStore.LocalPersister (store, storage, "pets"));
        store = new TStore.Store ();
        check_persister (store, new TStore.SessionPersister (store, storage, "pets"));
    });
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/storage/items", test_items);
    Test.add_func ("/vala/storage/changed", test_changed);
    Test.add_func ("/vala/storage/errors", test_errors);
    Test.add_func ("/vala/storage/persisters", test_persisters);
    return Test.run ();
}
