// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The remote persister, from Vala.

const string CONTENT = """[{"pets":{"fido":{"species":"dog","price":5}}},{}]""";

/* Holds one text, and checks what is to be replaced. */
class Server {
    public string? text;
    public string uri;
    Soup.Server server = new Soup.Server ("server-header", "test");

    public Server () throws Error {
        server.add_handler ("/pets.json", handle);
        server.listen_local (0, Soup.ServerListenOptions.IPV4_ONLY);
        uri = "http://127.0.0.1:%d/pets.json".printf (server.get_uris ().data.get_port ());
    }

    string? tag () {
        return text == null ? null : "\"%s\"".printf (Checksum.compute_for_string (SHA256, text));
    }

    void handle (Soup.Server server, Soup.ServerMessage message, string path,
                 HashTable<string, string>? query) {
        var asked = message.get_request_headers ();
        var headers = message.get_response_headers ();
        var match = asked.get_one ("If-Match");

        headers.replace ("Connection", "close");
        if (message.get_method () == "PUT") {
            if (match != null && match != tag () || asked.get_one ("If-None-Match") != null && text != null) {
                message.set_status (412, null);
                return;
            }
            unowned uint8[] data = message.get_request_body ().flatten ().get_data ();
            text = ((string) data).substring (0, data.length);
            headers.replace ("ETag", tag ());
            message.set_status (204, null);
        } else if (text == null) {
            message.set_status (404, null);
        } else {
            headers.replace ("ETag", tag ());
            message.set_status (200, null);
            message.set_response ("application/json", Soup.MemoryUse.COPY, text.data);
        }
    }
}

async void save_and_load () throws Error {
    var server = new Server ();
    var store = new TStore.Store ();
    store.set_json (CONTENT);
    var persister = new TStore.RemotePersister (store, server.uri, null);
    assert_true (yield persister.save_async (null));
    assert_cmpstr (server.text, EQ, CONTENT);
    store.set_cell_string ("pets", "felix", "species", "cat");
    assert_true (yield persister.save_async (null));

    var other_store = new TStore.Store ();
    var other = new TStore.RemotePersister (other_store, server.uri, null);
    assert_true (yield other.load_async (null));
    assert_cmpstr (other_store.get_json (), EQ, store.get_json ());

    server.text = "<html>";
    try {
        yield other.load_async (null);
        assert_not_reached ();
    } catch (TStore.Error.PARSE error) {
        assert_cmpstr (other_store.get_json (), EQ, store.get_json ());
    }
    yield persister.close_async (null);
    yield other.close_async (null);
}

void test_save_and_load () {
    var loop = new MainLoop ();
    save_and_load.begin ((object, result) => {
        try {
            save_and_load.end (result);
        } catch (Error error) {
            assert_no_error (error);
        }
        loop.quit ();
    });
    loop.run ();
}

void test_properties () {
    var session = new Soup.Session ();
    var persister = new TStore.RemotePersister (new TStore.Store (), "http://localhost/a",
                                                "http://localhost/b") {
        save_method = "PATCH", poll_interval = 7, timeout = 8, max_size = 9, session = session,
        use_event_stream = false
    };

    assert_cmpstr (persister.load_uri, EQ, "http://localhost/a");
    assert_cmpstr (persister.save_uri, EQ, "http://localhost/b");
    assert_cmpstr (persister.save_method, EQ, "PATCH");
    assert_true (persister.poll_interval == 7 && persister.timeout == 8 && persister.max_size == 9);
    assert_true (persister.session == session && !persister.use_event_stream);
    persister.save_method = null;
    persister.session = null;
    assert_cmpstr (persister.save_method, EQ, "POST");
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/remote/save-and-load", test_save_and_load);
    Test.add_func ("/vala/remote/properties", test_properties);
    return Test.run ();
}
