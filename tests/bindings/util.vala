// Copyright 2026 The libtstore authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the tests of persisters share.

const string CONTENT = """[{"pets":{"fido":{"species":"dog","price":5}}},{}]""";
const uint PATIENCE = 20; // s; only a test that fails waits that long

delegate bool Condition ();
delegate void Begin (owned AsyncReadyCallback done);
delegate void End (AsyncResult result) throws Error;

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

/* Runs an asynchronous function to its end. */
void finish (Begin begin, End end) {
    AsyncResult? result = null;
    begin ((object, ready) => result = ready);
    wait_for (() => result != null);
    try {
        end (result);
    } catch (Error error) {
        assert_no_error (error);
    }
}
