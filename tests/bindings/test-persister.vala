// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Persisters, from Vala: the file, and a medium of one's own.

class Folder {
    public string path;
    public File file;

    public Folder () throws Error {
        path = DirUtils.make_tmp ("tst-vala-XXXXXX");
        file = File.new_for_path (path).get_child ("pets.json");
    }

    public string read () throws Error {
        string text;
        FileUtils.get_contents (file.get_path (), out text);
        return text.chomp ();
    }

    /* Fails if anything else was left behind. */
    public void remove () throws Error {
        file.delete ();
        File.new_for_path (path).delete ();
    }
}

async void save_and_load () throws Error {
    var folder = new Folder ();
    var store = new TStore.Store ();
    store.set_json (CONTENT);
    var persister = new TStore.FilePersister (store, folder.file);
    assert_true (yield persister.save_async (null));
    assert_cmpstr (folder.read (), EQ, CONTENT);

    var other_store = new TStore.Store ();
    var other = new TStore.FilePersister (other_store, folder.file);
    assert_true (other.load ());
    assert_cmpstr (other_store.get_json (), EQ, CONTENT);

    yield persister.close_async (null);
    yield other.close_async (null);
    folder.remove ();
}

void test_save_and_load () {
    finish ((done) => save_and_load.begin ((owned) done), (result) => save_and_load.end (result));
}

async void auto_persisting () throws Error {
    var folder = new Folder ();
    var store = new TStore.Store ();
    var persister = new TStore.FilePersister (store, folder.file);

    persister.journal_threshold = 0;
    assert_true (persister.get_journal_threshold () == 0);
    assert_true (yield persister.start_auto_persisting_async (CONTENT, null));
    assert_cmpstr (store.get_json (), EQ, CONTENT);
    wait_for (() => folder.file.query_exists ());

    FileUtils.set_contents (folder.file.get_path (), CONTENT.replace ("5", "6"));
    wait_for (() => store.get_cell_number ("pets", "fido", "price") == 6);

    store.set_cell_string ("pets", "felix", "species", "cat");
    assert_true (yield persister.close_async (null));
    assert_false (persister.dirty);
    assert_cmpstr (folder.read (), EQ, store.get_json ());
    folder.remove ();
}

void test_auto () {
    finish ((done) => auto_persisting.begin ((owned) done), (result) => auto_persisting.end (result));
}

class MemoryPersister : TStore.Persister {
    public Bytes? text;
    public bool listening;

    public MemoryPersister (TStore.Store store) {
        Object (store: store);
    }

    string? tag () {
        return text == null ? null : text.length.to_string ();
    }

    public override bool read (TStore.Request request) throws Error {
        if (text == null)
            request.return_nothing ();
        else
            request.return_text (text, tag ());
        return true;
    }

    public override bool write (TStore.Request request) throws Error {
        if (request.get_base_tag () != tag ()) {
            request.return_conflict ();
        } else {
            text = request.get_text ();
            request.return_saved (tag ());
        }
        return true;
    }

    public override bool start_listening () throws Error {
        listening = true;
        return true;
    }

    public override void stop_listening () {
        listening = false;
    }

    public void change (string content) {
        text = new Bytes (content.data);
        notify_changed (tag ());
    }
}

async void memory () throws Error {
    var store = new TStore.Store ();
    var persister = new MemoryPersister (store);
    store.set_json (CONTENT);
    assert_true (yield persister.save_async (null));
    store.remove_tables ();
    assert_true (yield persister.load_async (null));
    assert_cmpstr (store.get_json (), EQ, CONTENT);

    assert_true (yield persister.start_auto_persisting_async (null, null));
    assert_true (persister.listening);
    persister.change (CONTENT.replace ("5", "600"));
    wait_for (() => store.get_cell_number ("pets", "fido", "price") == 600);

    assert_true (yield persister.close_async (null));
    assert_false (persister.listening);
}

void test_memory () {
    finish ((done) => memory.begin ((owned) done), (result) => memory.end (result));
}

/* No cancellable has to be given. */
async void each_operation () throws Error {
    var store = new TStore.Store ();
    var persister = new MemoryPersister (store);

    assert_true (yield persister.start_auto_load_async (CONTENT));
    assert_true (persister.auto_load);
    assert_cmpstr (store.get_json (), EQ, CONTENT);
    assert_true (yield persister.start_auto_save_async ());
    assert_true (persister.auto_save);
    store.set_value_boolean ("open", true);
    assert_true (yield persister.flush_async ());
    assert_true (persister.text.compare (new Bytes (store.get_json ().data)) == 0);
    persister.stop_auto_save ();
    store.set_value_boolean ("open", false);
    assert_true (yield persister.save_async ());
    persister.stop_auto_load ();
    store.remove_values ();
    assert_true (yield persister.load_async ());
    assert_true (store.has_value ("open"));
    assert_true (yield persister.close_async ());

    var other_store = new TStore.Store ();
    var other = new MemoryPersister (other_store);
    assert_true (yield other.start_auto_load_variant_async (store.get_content ()));
    assert_cmpstr (other_store.get_json (), EQ, store.get_json ());
    assert_true (yield other.start_auto_persisting_async (null));
    assert_true (yield other.close_async ());
}

void test_each_operation () {
    finish ((done) => each_operation.begin ((owned) done), (result) => each_operation.end (result));
}

async void conflict () throws Error {
    var store = new TStore.Store ();
    var persister = new MemoryPersister (store);
    TStore.Conflict? told = null;

    persister.conflict.connect ((conflict) => { told = conflict; });
    assert_true (yield persister.start_auto_persisting_async (CONTENT, null));
    assert_true (yield persister.flush_async (null));

    persister.text = new Bytes (CONTENT.replace ("5", "7000").data); // nobody is told
    store.set_cell_number ("pets", "fido", "price", 8);
    assert_true (yield persister.flush_async (null));
    assert_nonnull (told);
    assert_cmpuint (told.get_n_entries (), EQ, 1);
    assert_true (told.get_kind (0) == TStore.ConflictKind.KEPT);
    assert_cmpstr (told.get_row_id (0), EQ, "fido");
    assert_true (store.get_cell_number ("pets", "fido", "price") == 8);
    assert_true (yield persister.close_async (null));
}

void test_conflict () {
    finish ((done) => conflict.begin ((owned) done), (result) => conflict.end (result));
}

class FaultyPersister : TStore.Persister {
    public FaultyPersister (TStore.Store store) {
        Object (store: store);
    }

    public override bool read (TStore.Request request) throws Error {
        throw new IOError.NO_SPACE ("the disk is full");
    }
}

async void faulty () throws Error {
    var persister = new FaultyPersister (new TStore.Store ());
    try {
        yield persister.load_async (null);
        assert_not_reached ();
    } catch (IOError.NO_SPACE error) {
        assert_cmpstr (error.message, EQ, "the disk is full");
    }
}

void test_faulty () {
    finish ((done) => faulty.begin ((owned) done), (result) => faulty.end (result));
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/persister/save-and-load", test_save_and_load);
    Test.add_func ("/vala/persister/auto", test_auto);
    Test.add_func ("/vala/persister/memory", test_memory);
    Test.add_func ("/vala/persister/each-operation", test_each_operation);
    Test.add_func ("/vala/persister/conflict", test_conflict);
    Test.add_func ("/vala/persister/faulty", test_faulty);
    return Test.run ();
}
