// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Persisters whose medium is made of functions, from Vala.

/* A string with versions that several persisters share. */
class Shelf : Object {
    public string? json;
    public int version;
    public bool has_tags = true;
    List<unowned TStore.Persister> persisters;

    string? held_tag () {
        if (json == null)
            return null;
        return has_tags ? version.to_string () : Checksum.compute_for_string (ChecksumType.SHA256, json);
    }

    public string? tag () {
        return has_tags ? held_tag () : null;
    }

    public void put (string new_json) {
        json = new_json;
        version++;
        foreach (unowned var persister in persisters)
            persister.notify_changed (tag ());
    }

    public bool read (TStore.Persister persister, TStore.Request request) throws Error {
        if (json == null)
            request.return_nothing ();
        else
            request.return_json (json, tag ());
        return true;
    }

    public bool write (TStore.Persister persister, TStore.Request request) throws Error {
        if (request.get_base_tag () != held_tag ()) {
            request.return_conflict ();
        } else {
            put (request.get_json ());
            request.return_saved (tag ());
        }
        return true;
    }

    public TStore.CustomPersister persister (TStore.Store store) {
        var persister = new TStore.CustomPersister (store);
        persister.set_read_func (read);
        persister.set_write_func (write);
        persister.set_start_listening_func ((self) => {
            persisters.append (self);
            return true;
        });
        persister.set_stop_listening_func ((self) => persisters.remove (self));
        return persister;
    }
}

async void functions () throws Error {
    var shelf = new Shelf ();
    var store = new TStore.Store ();
    store.set_json (CONTENT);
    var persister = shelf.persister (store);
    assert_true (yield persister.save_async (null));
    assert_cmpstr (shelf.json, EQ, CONTENT);

    persister.set_read_func ((self, request) => {
        Timeout.add (10, () => {
            try {
                shelf.read (self, request);
            } catch (Error error) {
                request.return_error (error);
            }
            return Source.REMOVE;
        });
        return true;
    });
    store.remove_tables ();
    assert_true (yield persister.load_async (null));
    assert_cmpstr (store.get_json (), EQ, CONTENT);

    persister.set_read_func ((self, request) => {
        new Thread<bool> ("read", () => {
            request.return_json (CONTENT, shelf.tag ());
            return true;
        });
        return true;
    });
    store.remove_tables ();
    assert_true (yield persister.load_async (null));
    assert_cmpstr (store.get_json (), EQ, CONTENT);

    assert_true (yield persister.close_async (null));
}

void test_functions () {
    finish ((done) => functions.begin ((owned) done), (result) => functions.end (result));
}

async void expect (TStore.Persister persister, bool is_save, Error expected) {
    try {
        if (is_save)
            yield persister.save_async (null);
        else
            yield persister.load_async (null);
        assert_not_reached ();
    } catch (Error error) {
        assert_error (error, expected.domain, expected.code);
        if (expected.message != "")
            assert_cmpstr (error.message, EQ, expected.message);
    }
}

async void errors () throws Error {
    var shelf = new Shelf ();
    var store = new TStore.Store ();
    var persister = shelf.persister (store);
    TStore.Request? held = null;

    persister.set_read_func ((self, request) => { throw new IOError.NO_SPACE ("the disk is full"); });
    yield expect (persister, false, new IOError.NO_SPACE ("the disk is full"));
    persister.set_read_func ((self, request) => false);
    yield expect (persister, false, new TStore.Error.NOT_ANSWERED (""));
    persister.set_read_func ((self, request) => true);
    yield expect (persister, false, new TStore.Error.NOT_ANSWERED (""));
    persister.set_read_func ((self, request) => {
        request.return_saved (null);
        return true;
    });
    yield expect (persister, false, new IOError.INVALID_ARGUMENT (""));
    persister.set_read_func ((self, request) => {
        held = request;
        return true;
    });
    persister.request_timeout = 20;
    yield expect (persister, false, new IOError.TIMED_OUT (""));
    assert_true (held.get_cancellable ().is_cancelled ());
    persister.set_read_func (null);
    yield expect (persister, false, new IOError.NOT_SUPPORTED (""));

    store.set_json (CONTENT);
    persister.set_read_func (shelf.read);
    persister.set_write_func ((self, request) => { throw new IOError.NO_SPACE ("the disk is full"); });
    yield expect (persister, true, new IOError.NO_SPACE ("the disk is full"));
    assert_true (persister.dirty);
    persister.set_write_func (shelf.write);
    assert_true (yield persister.close_async (null));
    held.return_json (CONTENT, null);
}

void test_errors () {
    finish ((done) => errors.begin ((owned) done), (result) => errors.end (result));
}

void wait_for_rows (TStore.Store store, string a, string b) {
    wait_for (() => store.has_row ("pets", a) && store.has_row ("pets", b));
}

void wait_for_price (TStore.Store store, double price) {
    wait_for (() => store.get_cell_number ("pets", "fido", "price") == price);
}

void wait_idle (TStore.Persister persister) {
    wait_for (() => persister.status == TStore.PersisterStatus.IDLE && !persister.dirty);
}

async void merge (bool has_tags) throws Error {
    var shelf = new Shelf ();
    TStore.Store[] stores = { new TStore.Store (), new TStore.Store () };
    TStore.Conflict? told = null;
    shelf.has_tags = has_tags;
    stores[0].set_json (CONTENT);
    TStore.Persister[] persisters = { shelf.persister (stores[0]), shelf.persister (stores[1]) };
    foreach (var persister in persisters)
        assert_true (yield persister.start_auto_persisting_async (null, null));
    assert_cmpstr (stores[1].get_json (), EQ, CONTENT);
    persisters[1].conflict.connect ((conflict) => { told = conflict; });
    // One that still reads, which it does without tags, would save last.
    foreach (var persister in persisters)
        wait_idle (persister);

    stores[0].set_cell_number ("pets", "fido", "price", 6);
    stores[0].set_cell_string ("pets", "felix", "species", "cat");
    stores[1].set_cell_number ("pets", "fido", "price", 7);
    stores[1].set_cell_string ("pets", "toto", "species", "dog");
    foreach (var store in stores) {
        wait_for_rows (store, "felix", "toto");
        wait_for_price (store, 7);
    }
    foreach (var persister in persisters)
        wait_idle (persister);
    assert_nonnull (told);
    assert_cmpuint (told.get_n_entries (), EQ, 1);
    assert_true (told.get_kind (0) == TStore.ConflictKind.KEPT);
    assert_cmpstr (told.get_cell_id (0), EQ, "price");
    foreach (var persister in persisters)
        assert_true (yield persister.close_async (null));
}

void test_merge () { // F22
    finish ((done) => merge.begin (true, (owned) done), (result) => merge.end (result));
}

void test_merge_digests () { // F22
    finish ((done) => merge.begin (false, (owned) done), (result) => merge.end (result));
}

/* Keeps a text for clients that say, each on a line of its own, "get", or "put BASE", or "watch".
 * The text is a line as well. */
class Server {
    public uint16 port;
    SocketService service = new SocketService ();
    Shelf shelf = new Shelf ();
    List<SocketConnection> watchers;

    public Server () throws Error {
        port = service.add_any_inet_port (null);
        service.incoming.connect ((connection) => {
            serve.begin (connection);
            return true;
        });
    }

    public void stop () {
        service.stop ();
    }

    async void serve (SocketConnection connection) {
        var input = new DataInputStream (connection.input_stream);
        try {
            string? line;
            while ((line = yield input.read_line_async ()) != null) {
                if (line == "get")
                    yield say (connection, shelf.json == null ? "0" : "%s %s".printf (shelf.tag (), shelf.json));
                else if (line == "watch")
                    watchers.append (connection);
                else
                    yield put (connection, line.substring (4), yield input.read_line_async ());
            }
        } catch (Error error) {
            // the client is gone
        }
        watchers.remove (connection);
    }

    async void put (SocketConnection connection, string base_tag, string json) throws Error {
        if (base_tag != (shelf.tag () ?? "0")) {
            yield say (connection, "conflict");
            return;
        }
        shelf.put (json);
        yield say (connection, shelf.tag ());
        foreach (var watcher in watchers.copy ())
            yield say (watcher, shelf.tag ());
    }
}

async void say (IOStream stream, string line) throws Error {
    var bytes = new Bytes ((line + "\n").data);
    yield stream.output_stream.write_all_async (bytes.get_data (), Priority.DEFAULT, null, null);
}

class Client : TStore.Persister {
    uint16 port;
    SocketConnection? watch;

    public Client (TStore.Store store, uint16 port) {
        Object (store: store);
        this.port = port;
    }

    async string? ask (string question, Cancellable? cancellable) throws Error {
        var connection = yield new SocketClient ().connect_to_host_async ("127.0.0.1", port, cancellable);
        yield say (connection, question);
        return yield new DataInputStream (connection.input_stream).read_line_async (Priority.DEFAULT, cancellable);
    }

    async void read_later (TStore.Request request) {
        try {
            var answer = (yield ask ("get", request.get_cancellable ())).split (" ", 2);
            if (answer.length == 1)
                request.return_nothing ();
            else
                request.return_json (answer[1], answer[0]);
        } catch (Error error) {
            request.return_error (error);
        }
    }

    async void write_later (TStore.Request request) {
        try {
            var question = "put %s\n%s".printf (request.get_base_tag () ?? "0", request.get_json ());
            var answer = yield ask (question, request.get_cancellable ());
            if (answer == "conflict")
                request.return_conflict ();
            else
                request.return_saved (answer);
        } catch (Error error) {
            request.return_error (error);
        }
    }

    async void listen () {
        try {
            var connection = yield new SocketClient ().connect_to_host_async ("127.0.0.1", port);
            watch = connection;
            yield say (watch, "watch");
            notify_changed (null); // it may have changed before
            var input = new DataInputStream (connection.input_stream);
            string? tag;
            while ((tag = yield input.read_line_async ()) != null)
                notify_changed (tag);
        } catch (Error error) {
            // not watched any more
        }
    }

    public override bool read (TStore.Request request) {
        read_later.begin (request);
        return true;
    }

    public override bool write (TStore.Request request) {
        write_later.begin (request);
        return true;
    }

    public override bool start_listening () {
        listen.begin ();
        return true;
    }

    public override void stop_listening () {
        try {
            if (watch != null)
                watch.socket.shutdown (true, true);
        } catch (Error error) {
            // it is gone already
        }
        watch = null;
    }
}

async void over_socket () throws Error {
    var server = new Server ();
    TStore.Store[] stores = { new TStore.Store (), new TStore.Store () };
    Client[] clients = { new Client (stores[0], server.port), new Client (stores[1], server.port) };
    foreach (var client in clients)
        assert_true (yield client.start_auto_persisting_async (CONTENT, null));
    for (int i = 0; i < 2; i++)
        stores[i].set_cell_string ("pets", "toto%d".printf (i), "species", "dog");
    foreach (var store in stores)
        wait_for_rows (store, "toto0", "toto1");
    foreach (var client in clients)
        assert_true (yield client.close_async (null));
    server.stop ();
}

void test_socket () {
    finish ((done) => over_socket.begin ((owned) done), (result) => over_socket.end (result));
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/custom/functions", test_functions);
    Test.add_func ("/vala/custom/errors", test_errors);
    Test.add_func ("/vala/custom/merge", test_merge);
    Test.add_func ("/vala/custom/merge/digests", test_merge_digests);
    Test.add_func ("/vala/custom/socket", test_socket);
    return Test.run ();
}
