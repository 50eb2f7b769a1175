// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The remote persister, from GJS.

import GLib from 'gi://GLib';
import Soup from 'gi://Soup?version=3.0';
import TStore from 'gi://TStore?version=1';

import {assert, assertEqual, assertThrows, run, test, waitFor} from './tap.js';

const CONTENT = JSON.stringify([{pets: {fido: {species: 'dog', price: 5}}}, {}]);

// Holds one text, and checks what is to be replaced.
class Server {
    constructor() {
        this.text = null;
        this.server = new Soup.Server();
        this.server.add_handler('/pets.json', (_server, message) => this.handle(message));
        this.server.listen_local(0, Soup.ServerListenOptions.IPV4_ONLY);
        this.uri = `http://127.0.0.1:${this.server.get_uris()[0].get_port()}/pets.json`;
    }

    tag() {
        return this.text && `"${GLib.compute_checksum_for_string(GLib.ChecksumType.SHA256, this.text, -1)}"`;
    }

    handle(message) {
        const asked = message.get_request_headers();
        const headers = message.get_response_headers();
        const match = asked.get_one('If-Match');
        const noneMatch = asked.get_one('If-None-Match');
        headers.replace('Connection', 'close');
        if (message.get_method() === 'PUT') {
            if (match && match !== this.tag() || noneMatch && this.text) {
                message.set_status(412, null);
                return;
            }
            this.text = new TextDecoder().decode(message.get_request_body().flatten().get_data());
            headers.replace('ETag', this.tag());
            message.set_status(204, null);
        } else if (!this.text) {
            message.set_status(404, null);
        } else if (noneMatch === this.tag()) {
            message.set_status(304, null);
        } else {
            headers.replace('ETag', this.tag());
            message.set_status(200, null);
            message.set_response('application/json', Soup.MemoryUse.COPY, this.text);
        }
    }
}

function make(server, content = null) {
    const store = new TStore.Store();
    if (content)
        store.set_json(content);
    return [store, TStore.RemotePersister.new(store, server.uri, null)];
}

test('what one store saves another loads', async () => {
    const server = new Server();
    const [, persister] = make(server, CONTENT);
    assert(await persister.save_async(null));
    assertEqual(server.text, CONTENT);
    const [store, other] = make(server);
    assert(await other.load_async(null));
    assertEqual(store.get_json(), CONTENT);
    await persister.close_async(null);
    await other.close_async(null);
});

test('two follow each other', async () => {
    const server = new Server();
    const [store, persister] = make(server);
    const [otherStore, other] = make(server);
    for (const each of [persister, other]) {
        each.pollInterval = 20;
        await each.start_auto_persisting_async(CONTENT, null);
    }
    store.set_cell('pets', 'felix', 'species', 'cat');
    await waitFor(() => otherStore.get_cell('pets', 'felix', 'species') === 'cat');
    otherStore.set_cell('pets', 'fido', 'price', 6);
    await waitFor(() => store.get_cell('pets', 'fido', 'price') === 6);
    await persister.close_async(null);
    await other.close_async(null);
});

test('a page of another kind is an error and changes nothing', async () => {
    const server = new Server();
    server.text = '<html>';
    const [store, persister] = make(server, CONTENT);
    const error = await assertThrows(() => persister.load_async(null));
    assert(error.matches(TStore.error_quark(), TStore.Error.PARSE), `${error}`);
    assertEqual(store.get_json(), CONTENT);
    await persister.close_async(null);
});

test('properties', () => {
    const session = new Soup.Session();
    const persister = new TStore.RemotePersister({
        store: new TStore.Store(), loadUri: 'http://localhost/a', saveUri: 'http://localhost/b',
        saveMethod: 'PATCH', pollInterval: 7, timeout: 8, maxSize: 9, session, useEventStream: false,
    });
    assertEqual([persister.load_uri, persister.save_uri, persister.save_method, persister.poll_interval,
        persister.timeout, persister.max_size, persister.use_event_stream],
    ['http://localhost/a', 'http://localhost/b', 'PATCH', 7, 8, 9, false]);
    assert(persister.session === session);
    persister.set_save_method(null);
    persister.set_session(null);
    assertEqual([persister.save_method, persister.session], ['POST', null]);
});

run();
