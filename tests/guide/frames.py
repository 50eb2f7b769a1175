# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What stands around the parts of programs that the guides show, so that they run."""

CONTENT = ('[{"pets":{"fido":{"species":"dog","price":5},"felix":{"species":"cat","price":4}}},'
           '{"open":true,"owner":"Ann","till":0}]')
DEFAULTS = '[{"pets":{"fido":{"species":"dog"}}},{}]'

APPLICATION = """
application = Gio.Application(application_id="org.example.App")
Gio.Application.set_default(application)
"""
DEFAULTS_IN_C = """
    const char *defaults = "[{},{}]";
"""
PERSISTER_IN_C = """
    g_autoptr(GFile) file = g_file_new_for_path ("pets.json");
    TstPersister *persister = tst_file_persister_new (store, file);
"""
WINDOW_IN_C = """
    GSimpleActionGroup *window = g_simple_action_group_new ();
"""
CLOSE = """
      tst_persister_close_async (persister, NULL, close_cb, NULL);
      g_main_loop_run (loop);
      g_object_unref (persister);
"""
RUN_AND_CLOSE = "g_main_loop_run (loop);" + CLOSE

# Around all of them: @BEFORE@, @SAMPLE@ and @AFTER@ are of the sample, @TOP@ is what its section
# defines. Those in Python run in the test, with the same names.
WHOLE = {
    "js": """
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import TStore from 'gi://TStore?version=1';

const CONTENT = '@CONTENT@';
const store = new TStore.Store();
const loop = GLib.MainLoop.new(null, false);
let status = 0;

function expect(value, expected) {
    if (JSON.stringify(value) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(value)}, and not ${JSON.stringify(expected)}`);
}

async function main() {
    store.set_json(CONTENT);
@BEFORE@
    {
@SAMPLE@
@AFTER@
    }
}

main().catch(error => {
    printerr(`${error}\\n${error.stack}`);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);
""",
    "c": """
#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <libtstore/tstore.h>

#define CONTENT "@CONTENT@"

static GMainLoop *loop;

#define DEFINE_END(operation) \\
  G_GNUC_UNUSED static void \\
  operation##_cb (GObject      *object, \\
                  GAsyncResult *result, \\
                  gpointer      user_data) \\
  { \\
    GError *error = NULL; \\
    tst_persister_##operation##_finish (TST_PERSISTER (object), result, &error); \\
    g_assert_no_error (error); \\
    g_main_loop_quit (loop); \\
  }

#define saved_cb save_cb
#define started_cb start_auto_persisting_cb
DEFINE_END (save)
DEFINE_END (start_auto_persisting)
DEFINE_END (close)

@TOP@

int
main (void)
{
  TstStore *store = tst_store_new ();
  GError *error = NULL;

  loop = g_main_loop_new (NULL, FALSE);
  tst_store_set_json (store, CONTENT, &error);
  {
    @BEFORE@
    {
      @SAMPLE@
      g_assert_no_error (error);
      @AFTER@
    }
  }
  g_object_unref (store);
  g_main_loop_unref (loop);
}
""",
    "vala": """
int main () {
    try {
        var store = new TStore.Store ();
        store.set_json (@CONTENT@);
        @BEFORE@
        {
            @SAMPLE@
            @AFTER@
        }
    } catch (Error error) {
        printerr ("%s\\n", error.message);
        return 1;
    }
    return 0;
}
""",
}

# Of one sample, or of all of a page in that language: what comes before it, and after.
AROUND = {
    "listening.md#have-a-say-before-the-end:python": ("", """
store.set_cell("pets", "fido", "price", -1)
assert store.get_cell("pets", "fido", "price") == 0
"""),
    "listening.md#ask-before-it-is-written:python": ("", """
store.set_cell("pets", "fido", "price", 1.234)
assert store.get_cell("pets", "fido", "price") == 1.23
try:
    store.set_cell("pets", "fido", "price", -1)
    assert False, "not refused"
except GLib.Error as error:
    assert error.matches(TStore.error_quark(), TStore.Error.REFUSED)
"""),
    "from-gsettings.md#side-by-side:python-2": (APPLICATION, """
while not persister.props.auto_load or not persister.props.auto_save:
    GLib.MainContext.default().iteration(True)
finish(persister, "close")
"""),
    "from-gsettings.md#take-the-old-settings-along:python": ("""
store.remove_values()
store.set_schema_json('''[{}, {
  "open": {"type": "boolean", "default": true},
  "size": {"enum": ["small", "large"], "default": "small"},
  "migrated": {"type": "boolean"}
}]''', TStore.SchemaFlags.DEFAULT)
Gio.Settings.new("org.example.Shop")["size"] = "large"
""", """
assert store.get_values_json() == '{"open":true,"size":"large","migrated":true}'
"""),
    "from-gom.md#migrations:python": ("", """
assert store.get_cell("pets", "felix", "price") == 400
"""),

    "gtk.md#write-when-editing-ends:python": ("""
from types import SimpleNamespace
from gi.repository import GObject

class Label(GObject.Object):
    text = GObject.Property(type=str, default="")
    editing = GObject.Property(type=bool, default=False)
    get_text = lambda self: self.props.text
    get_editing = lambda self: self.props.editing
""", """
label, row = Label(), TStore.Row.new(store, "pets", "fido")
item = SimpleNamespace(get_item=lambda: row, get_child=lambda: label)
bind(None, item)
label.props.editing = True
label.props.text = "Fido"
expect(store.get_cell("pets", "fido", "name"), None)
label.props.editing = False
expect(store.get_cell("pets", "fido", "name"), "Fido")
store.set_cell("pets", "fido", "name", "Rex")
expect(label.props.text, "Rex")
unbind(None, item)
store.set_cell("pets", "fido", "name", "Max")
expect(label.props.text, "Rex")
"""),

    # Listeners that are shown are called as well.
    "listening.md:python": ("", 'store.set_cell("pets", "fido", "price", 6)'),
    "listening.md:js": ("", "store.set_cell('pets', 'fido', 'price', 6);"),
    "listening.md:c": ("", 'tst_store_set_cell_boolean (store, "pets", "fido", "sold", TRUE, NULL);'),
    "listening.md:vala": ("", 'store.set_cell_number ("pets", "fido", "price", 6);'),

    "languages.md#python:python-5": ("", """
while not persister.props.n_saves:
    GLib.MainContext.default().iteration(True)
finish(persister, "close")
assert "newt" not in open("pets.json").read()
"""),

    "overview.md:python": ("", """
while not persister.props.auto_save:
    GLib.MainContext.default().iteration(True)
finish(persister, "close")
assert "6" in open("pets.json").read()
"""),

    "persisting.md#save-and-load:python": ("", """
assert store.get_cell("pets", "fido", "species") == "dog"
"""),
    "persisting.md#without-a-file-to-think-of:python": (APPLICATION, """
store.set_cell("pets", "fido", "price", 6)
finish(persister, "close")
"""),
    "persisting.md#on-a-server:js": (f"const defaults = '{DEFAULTS}';", "await persister.close_async(null);"),
    "persisting.md:js": ("""
    const persister = TStore.FilePersister.new(store, Gio.File.new_for_path('pets.json'));
""", """
    await persister.close_async(null);
"""),
    "persisting.md#on-a-server:c": ("TstPersister *persister;" + DEFAULTS_IN_C, RUN_AND_CLOSE),
    "persisting.md#large-files:c": (PERSISTER_IN_C, CLOSE),
    "persisting.md:c": (PERSISTER_IN_C + DEFAULTS_IN_C, RUN_AND_CLOSE),

    "schemas.md#schemas:python": ("store.set_json('[{},{}]')", ""),
    "schemas.md#what-it-does:python": ("""
store.set_schema_json('{"pets":{"species":{"enum":["dog","cat"]},"price":{"type":"number"}}}',
                      TStore.SchemaFlags.DEFAULT)
""", """
assert not store.has_row("pets", "rex")
"""),
    "schemas.md:c": ("", """
      g_assert_false (tst_store_has_cell (store, "pets", "fido", "price"));
"""),

    "storage.md#storage:python": (APPLICATION, ""),
    "storage.md#gsettings:c": ("""
    GSettingsBackend *backend;
    GSettings *settings;
""", """
      g_settings_sync ();
      g_object_unref (settings);
      g_object_unref (backend);
"""),

    "testing.md#a-store-and-nothing-else:c": ("", "test_shop_sell ();"),
    "testing.md#something-that-is-saved:c": ("", """
      TstStorage *storage = tst_storage_new (NULL);
      TstPersister *persister = shop_keep (store, storage);

      g_assert_true (tst_persister_save (persister, NULL, &error));
      g_object_unref (persister);
      g_object_unref (storage);
"""),
    "testing.md#what-happens-by-itself:c": (PERSISTER_IN_C, """
      tst_persister_set_auto_save (persister, TRUE);
      wait_for_save (persister);
""" + CLOSE),
    "testing.md#a-file:python": ("import tempfile", ""),

    "tst-changes.c:python": ("told = []\nprint = lambda *args: told.append(args)", """
store.set_cell("pets", "fido", "price", 6)
store.remove_row("pets", "felix")
expect(told, [("pets", "fido", "updated"), ("pets", "felix", "removed")])
"""),
    "tst-conflict.c:python": ("""
told = []
print = lambda *args: told.append(args)
persister = TStore.FilePersister.new(store, Gio.File.new_for_path("pets.json"))
persister.save(None)
""", """
text = store.get_json()
open("pets.json", "w").write(text.replace('"price":5', '"price":7'))
store.set_cell("pets", "fido", "price", 6)
persister.save(None)
expect(told, [("kept", "pets", "fido")])
"""),
    "tst-custom-persister.c:python": ("", """
finish(persister, "save")
finish(persister, "load")
expect(kept, [store.get_json()])
"""),
    "tst-file-persister.c:c": ("", "g_assert_true (g_file_query_exists (file, NULL));"),
    "tst-local-persister.c:python": (APPLICATION, """
persister.save(None)
expect(json.loads(persister.props.storage.get_item("pets")), json.loads(store.get_json()))
"""),
    "tst-persister.c:python": ("", """
while not persister.props.auto_save:
    GLib.MainContext.default().iteration(True)
finish(persister, "close")
"""),
    "tst-remote-persister.c:c": ("", RUN_AND_CLOSE),
    "tst-request.c:python": ("""
from types import SimpleNamespace
medium = SimpleNamespace(text=None, tag=None)
""", """
persister = TStore.CustomPersister.new(store, None, write)
finish(persister, "save")
store.set_cell("pets", "fido", "price", 6)
finish(persister, "save")
expect((medium.text, medium.tag), (store.get_json(), "2"))
"""),
    "tst-session-persister.c:python": ("""
import os
os.environ["XDG_RUNTIME_DIR"] = os.getcwd()
""", ""),
    "tst-store-bind.c:c": ("", """
      tst_store_set_cell_boolean (store, "pets", "fido", "forSale", FALSE, &error);
      g_assert_false (g_action_get_enabled (G_ACTION (sell)));
"""),
    "tst-store-changes.c:python": ("", """
store.set_cell("pets", "fido", "price", 6)
store.remove_row("pets", "felix")
expect(copy.get_json(), store.get_json())
"""),
    "tst-store-listeners.c:python": ("told = []\nprint = lambda *args: told.append(args)", """
store.set_cell("pets", "fido", "price", 6)
expect(told, [("fido", "costs", 6)])
"""),
    "tst-store-map.c#tst_store_map_cell:c-2": ("", """
      g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "visits"), ==, 1);
"""),
    "tst-store-transactions.c#tst_store_transact:c-2": ("", """
      g_assert_true (tst_store_get_cell_boolean (store, "pets", "fido", "sold"));
"""),
    "tst-table-model.c:python": ("", """
expect([row.get_row_id() for row in model], ["felix", "fido"])
"""),
    "tst-write.c:python": ("", """
try:
    store.set_cell("pets", "fido", "price", -1)
    assert False, "not refused"
except GLib.Error as error:
    assert error.matches(TStore.error_quark(), TStore.Error.REFUSED)
"""),
    "tst-cell-spec.c:c": ("", "g_assert_cmpuint (tst_cell_spec_get_n_choices (species), ==, 2);"),
    "tst-checkpoints.c:c": (WINDOW_IN_C, """
      g_assert_true (g_action_group_has_action (G_ACTION_GROUP (window), "redo"));
      g_object_unref (window);
"""),
    "tst-cursor.c:c": ("", "g_assert_cmpfloat (sum, ==, 9);"),
    "tst-schema.c:c": ("", """
      g_autofree char *json = tst_schema_to_json (schema);

      g_assert_cmpstr (json, ==, "[{\\"pets\\":{\\"name\\":{\\"type\\":\\"string\\",\\"required\\":true},"
                       "\\"sold\\":{\\"type\\":\\"boolean\\",\\"default\\":false}}},{}]");
"""),
    "tst-store-actions.c:c": (WINDOW_IN_C, """
      g_action_activate (action, NULL);
      g_assert_true (tst_store_get_value_boolean (store, "showSold"));
      g_object_unref (window);
"""),
    "tst-store.c:c": ("", """
      g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 1);
"""),
    "tst-values.c:python": ("""
from gi.repository import GObject
class Adjustment(GObject.Object):
    value = GObject.Property(type=float)
adjustment = Adjustment()
""", """
adjustment.props.value = 14
assert store.get_value("fontSize") == 14
"""),

    "store.md#rows-and-tables:c-2": ("", "g_assert_cmpfloat (sum, ==, 9);"),
    "store.md#transactions:c-2": ("", """
      g_assert_cmpfloat (tst_store_get_value_number (store, "till"), ==, 5);
"""),
}

# What cannot be run here, or all of a page, and why.
NOT_RUN = {
    "README.md#try-it:sh": "builds and shows the demo; tests/gui does",
    "README.md#try-it:sh-2": "is what runs this test",
    "compared.md": "runs all tests",
    "demo-server.md#a-server-to-try-it-with:sh": "builds it first; tests/server tests the program",
    "demo-server.md#from-a-browser:sh": "builds it; tests/server tests the option",
    "demo-server.md#from-a-browser:js": "needs TinyBase: tests/server/tinybase.mjs runs it",
    "formats.md#content:abnf": "is for people; test_formats.py reads what it describes",
    "getting-started.md#c:ini": "tests/install/check-subproject brings libtstore along with it",
    "getting-started.md#getting-started:sh": "installs into the system; tests/install does into a folder",
    "getting-started.md#getting-started:sh-2": "installs into the system; tests/packaging does into another one",
    "gtk.md#show-data-in-gtk:c": "needs a display: tests/gui/test_guide.py runs it",
    "gtk.md#show-data-in-gtk:js": "needs a display: tests/gui/test_guide.py runs it",
    "gtk.md#show-data-in-gtk:python": "needs a display: tests/gui/test_guide.py runs it",
    "gtk.md#show-data-in-gtk:vala": "needs a display: tests/gui/test_guide.py runs it",
    "gtk.md#without-code-a-ui-file:python": "needs a display: tests/gui/test_guide.py runs it",
    "gtk.md#without-code-a-ui-file:xml": "needs a display: tests/gui/test_guide.py runs it",
    "performance.md": "takes many minutes",
    "persisting.md#on-a-server:plain": "a header; tests/server tests that it is sent",
    "tool.md": "tests/tools/test_guide.py runs all of it",
}
