#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo's storage as a person does, and looks at the media as programs do.

    run-gui-test.sh test_storage.py .../tstore-demo .../tstore-demo-server .../APP-ID.service [TEST...]

With GUI_SHOTS, it leaves a picture of each state in that folder.
"""

import os
import re
import shlex
import subprocess
import sys
import threading

from gi.repository import Gio, GLib

from gtk4ui import App, Window, run, wait
from pets_ui import (DemoServer, answer, button_of, dialog_of, edit as edit_cell, focused, hide_status, name_file,
                     open_preferences, shot, show_status, shown, status)
from suite import Suite

suite = Suite(sys.argv[1])
server_program, service_file = sys.argv[2:4]
test = suite.test

REX = {"1": {"name": "Rex", "species": "Dog", "price": 10, "sold": False}}
MILO = {"2": {"name": "Milo", "species": "Cat", "price": 20, "sold": False}}


class Server(DemoServer):
    def __init__(self):
        super().__init__(server_program, suite.home)


def start(*args):
    app = App([suite.demo, "--standalone", *args], suite.env())
    try:
        app.find("label", "Saved")
    except Exception:
        app.__exit__(*sys.exc_info())
        raise
    return app


def edit(app, old, new):
    edit_cell(app, old, new)
    app.find("label", new, where=shown)


def has_saved(app, what, func):
    wait(what, func)
    app.find("label", "Saved")


def radio(preferences, title):
    return preferences.find(name=title, where=lambda n: n.role in ("radio button", "check box"))


def is_chosen(preferences, title):
    return lambda: "checked" in radio(preferences, title).states()


def close(app, window):
    window.focus()
    window.key("Escape")
    wait("no window " + window.window_id, lambda: window.window_id not in app.windows())
    app.focus()


def is_sensitive(button):
    return lambda: "sensitive" in button.states()


@test
def goes_from_place_to_place():
    suite.command("--local", "--add", "Rex,Dog")
    with Server() as server:
        with start() as app:
            app.find("label", "Rex", where=shown)
            preferences = open_preferences(app)
            assert is_chosen(preferences, "This Computer")()
            shot(app, "preferences")

            radio(preferences, "This Session").click()
            wait("the pet in the session", lambda: suite.session() == ["Rex"])
            wait("the choice", is_chosen(preferences, "This Session"))

            radio(preferences, "A File").click()
            name_file(app, "Keep the Pets in a File", suite.path("mine.json"), "Keep There", "alt+n")
            wait("the pet in the file", lambda: suite.file("mine.json") == ["Rex"])
            app.find("label", "mine.json", where=shown)

            # What is changed now is changed there alone.
            close(app, preferences)
            edit(app, "Rex", "Rex the File")
            has_saved(app, "the name in the file", lambda: suite.file("mine.json") == ["Rex the File"])
            assert suite.session() == ["Rex"] and suite.local() == ["Rex"]

            preferences = open_preferences(app)
            radio(preferences, "A Server").click()
            entry = preferences.find("text", "Address", where=focused)
            preferences.type("localhost/pets.json")
            preferences.find("label", "That is not an address such as https://example.org/pets.json")
            assert not is_sensitive(button_of(preferences, "Connect"))()
            shot(app, "preferences-address")
            preferences.key("ctrl+a")
            preferences.type(server.base + "pets.json")
            assert entry.text() == server.base + "pets.json"
            wait("the button", is_sensitive(button_of(preferences, "Connect")))
            button_of(preferences, "Connect").click()
            wait("the pet on the server", lambda: suite.file("pets.json") == ["Rex the File"])
            shot(app, "preferences-server")
            close(app, preferences)

            # Others are followed there.
            suite.command("--url", server.base + "pets.json", "--add", "Milo,Cat")
            app.find("label", "Milo", where=shown)

        # That is where it begins the next time.
        wait("the place in the preferences", lambda: suite.preferences()["place"] == "remote")
        with start() as app:
            app.find("label", "Milo", where=shown)
            app.find("label", "Rex the File", where=shown)
    assert suite.local() == ["Rex"]


@test
def asks_where_other_pets_are():
    suite.command("--local", "--add", "Rex,Dog")
    suite.write("other.json", MILO)
    with start() as app:
        preferences = open_preferences(app)
        button_of(preferences, "Open…").click()
        name_file(app, "Pets in a File", suite.path("other.json"), "Open", "ctrl+l")
        dialog_of(app).find("label", "There is 1 pet already")
        shot(app, "other-pets")
        answer(app, "Cancel")
        wait("the old choice", is_chosen(preferences, "This Computer"))
        app.find("label", "Rex", where=shown)

        button_of(preferences, "Open…").click()
        name_file(app, "Pets in a File", suite.path("other.json"), "Open", "ctrl+l")
        answer(app, "Show What Is There")
        app.find("label", "Milo", where=shown)
        app.gone("label", "Rex", where=shown)
        wait("the choice", is_chosen(preferences, "A File"))
        assert suite.local() == ["Rex"] and suite.pets("other.json") == MILO

        radio(preferences, "This Computer").click()
        answer(app, "Keep Both")
        wait("both pets", lambda: suite.local() == ["Milo", "Rex"])
        app.find("label", "Milo", where=shown)
        app.find("label", "Rex", where=shown)
        assert suite.pets("other.json") == MILO

        # What cannot be read is no place to go to.
        with open(suite.path("text.json"), "w", encoding="utf-8") as file:
            file.write("Not a table")
        button_of(preferences, "Open…").click()
        name_file(app, "Pets in a File", suite.path("text.json"), "Open", "ctrl+l")
        preferences.find(where=lambda n: "line 1" in n.name)
        shot(app, "preferences-error")
        wait("the old choice", is_chosen(preferences, "This Computer"))
    assert suite.local() == ["Milo", "Rex"]


@test
def keeps_both_of_one_id():
    suite.write("a.json", REX)
    suite.write("b.json", {"1": MILO["2"]})
    with start(suite.path("a.json")) as app:
        preferences = open_preferences(app)
        button_of(preferences, "Open…").click()
        name_file(app, "Pets in a File", suite.path("b.json"), "Open", "ctrl+l")
        answer(app, "Keep Both")
        wait("both pets", lambda: suite.file("b.json") == ["Milo", "Rex"])
        assert suite.pets("b.json")["1"]["name"] == "Milo"

        # The preferences do not keep it from ending.
        app.focus()
        app.key("ctrl+q")
        assert app.wait_for_end() == 0
    assert suite.pets("a.json") == REX


@test
def saves_and_loads_when_told():
    suite.write("a.json", REX)
    with start(suite.path("a.json")) as app:
        preferences = open_preferences(app)
        preferences.find(name="Load Automatically", where=lambda n: n.role != "label").click()
        preferences.find(name="Save Automatically", where=lambda n: n.role != "label").click()
        wait("the switches", lambda: suite.preferences().get("auto-save") is False and
             suite.preferences().get("auto-load") is False)
        close(app, preferences)

        edit(app, "Rex", "Max")
        app.find("label", "Unsaved changes")
        show_status(app, "Unsaved changes")
        app.find("label", "There are unsaved changes")
        shot(app, "unsaved")
        hide_status(app)
        assert suite.pets("a.json") == REX

        app.key("ctrl+s")
        has_saved(app, "the name", lambda: suite.file("a.json") == ["Max"])

        # What others do is not shown until it is asked for.
        suite.write("a.json", MILO)
        edit(app, "Max", "Maximilian")
        app.find("label", "Unsaved changes")
        app.key("ctrl+r")
        answer(app, "Cancel")
        app.find("label", "Maximilian", where=shown)
        app.key("ctrl+r")
        answer(app, "Discard and Load")
        app.find("label", "Milo", where=shown)
        app.gone("label", "Maximilian", where=shown)
        app.find("label", "Saved")

        # Nor is it lost by accident.
        edit(app, "Milo", "Milou")
        app.focus()
        app.key("ctrl+w")
        shot(app, "save-changes")
        answer(app, "Cancel")
        app.key("ctrl+w")
        answer(app, "Save")
        assert app.wait_for_end() == 0
    assert suite.file("a.json") == ["Milou"]

    # The switches are remembered.
    with start(suite.path("a.json")) as app:
        edit(app, "Milou", "Nobody")
        app.find("label", "Unsaved changes")
        app.focus()
        app.key("ctrl+w")
        answer(app, "Discard")
        assert app.wait_for_end() == 0
    assert suite.file("a.json") == ["Milou"]


@test
def waits_for_a_server_that_is_away():
    suite.write("pets.json", REX)
    with Server() as server, start("--url", server.base + "pets.json") as app:
        server.stop()
        edit(app, "Rex", "Rex alone")
        app.find("label", "Offline")
        show_status(app, "Offline")
        app.find("label", "The server cannot be reached. What you change is kept here, and saved "
                 "when the server is back.")
        shot(app, "offline")
        hide_status(app)
        assert suite.pets("pets.json") == REX
        # That is no problem to be warned of.
        assert not app.all("label", "Retry", where=shown)

        server.start()
        has_saved(app, "the name on the server", lambda: suite.file("pets.json") == ["Rex alone"])
        status(app, "Saved")


@test
def tells_what_was_merged():
    suite.write("pets.json", {**REX, **MILO})
    with Server() as server, start("--url", server.base + "pets.json") as app:
        server.stop()
        edit(app, "Rex", "Rex of here")
        app.find("label", "Offline")
        suite.write("pets.json", {"1": {**REX["1"], "name": "Rex of there", "price": 33}, "2": MILO["2"]})
        server.start()

        app.find("label", "1 change was merged with one made elsewhere")
        shot(app, "merged")
        app.find("label", "33.00", where=shown)
        has_saved(app, "what was kept and taken", lambda: suite.pets("pets.json")["1"] ==
                  {**REX["1"], "name": "Rex of here", "price": 33})
        show_status(app, "Saved")
        app.find("label", "“Rex of here”, Name: your change was kept, not the one made elsewhere")
        shot(app, "merged-details")
        app.key("alt+l")
        app.gone("label", "Merged with Changes Made Elsewhere")
        app.find("label", "Kept in")


@test
def finds_a_way_out_of_a_failure():
    os.mkdir(suite.path("disk"))
    suite.write("disk/a.json", REX)
    with start(suite.path("disk", "a.json")) as app:
        # A folder is in the way: nobody can write that, not even root.
        os.rename(suite.path("disk", "a.json"), suite.path("disk", "old.json"))
        os.mkdir(suite.path("disk", "a.json"))
        app.find("label", "Not loaded")
        app.find("label", "Retry", where=shown)
        edit(app, "Rex", "Max")
        app.find("label", "Not saved")
        app.find("label", "Retry", where=shown)
        shot(app, "failed")

        button_of(app, "Details").press()
        app.find("label", "Kept in")
        shot(app, "failed-details")
        app.key("alt+c")
        name_file(app, "Save a Copy", suite.path("copy.json"), "Save", "alt+n")
        app.find("label", "The copy was saved", where=shown)
        assert suite.file("copy.json") == ["Max"]

        # Another place: all goes along.
        show_status(app, "Not saved")
        app.key("alt+p")
        preferences = Window(app, "Preferences")
        radio(preferences, "This Session").click()
        has_saved(app, "the pet in the session", lambda: suite.session() == ["Max"])
        app.gone("label", "Retry", where=shown)
    assert suite.file("disk/old.json") == ["Rex"]


def close_at_once(app):
    app.focus()
    app.key("ctrl+w")
    assert app.wait_for_end() == 0


@test
def is_closed_at_once_where_nothing_was_changed():
    with Server() as server:
        uri = server.base + "pets.json"
    # It is away.
    with App([suite.demo, "--standalone", "--url", uri], suite.env()) as app:
        status(app, "Offline")
        close_at_once(app)

    os.mkdir(suite.path("folder.json"))
    with App([suite.demo, "--standalone", suite.path("folder.json")], suite.env()) as app:
        status(app, "Not loaded")
        close_at_once(app)

    with open(suite.path("text.json"), "w", encoding="utf-8") as file:
        file.write("Not a table")
    with App([suite.demo, "--standalone", suite.path("text.json")], suite.env()) as app:
        show_status(app, "Not loaded")
        app.find("label", where=lambda n: n.name.startswith("The pets could not be loaded: "))
        hide_status(app)
        close_at_once(app)


def windows(app, title):
    """GTK 4.8 calls only the first one a frame."""
    return [child for child in app.children() if child.name == title]


@test
def shows_one_store_in_two_windows():
    suite.write("a.json", REX)
    with start(suite.path("a.json")) as app:
        app.focus()
        app.key("ctrl+shift+n")
        wait("two windows", lambda: len(app.windows("^a.json$")) == 2)
        frames = windows(app, "a.json")
        for frame in frames:
            frame.find("label", "Rex")

        # Typed in the one in front, read in both.
        app.key("ctrl+n")
        app.find("text", "Name", where=focused)
        app.type("Milo")
        app.key("Return")
        for frame in frames:
            frame.find("label", "Milo")
        has_saved(app, "the pet", lambda: suite.file("a.json") == ["Milo", "Rex"])

        # Undone in one, and done again in the other.
        first, front = app.window_id, next(i for i in app.windows("^a.json$") if i != app.window_id)
        app.focus()
        app.key("ctrl+z")
        for frame in frames:
            frame.gone("label", "Milo")
        app.window_id = front
        app.focus()
        app.key("ctrl+shift+z")
        for frame in frames:
            frame.find("label", "Milo")
        has_saved(app, "the pet again", lambda: suite.file("a.json") == ["Milo", "Rex"])
        app.window_id = first

        # Closing one ends nothing.
        app.key("ctrl+w")
        wait("one window", lambda: len(app.windows("^a.json$")) == 1)
        suite.write("a.json", MILO)
        app.gone("label", "Rex")
        assert app.proc.poll() is None

        # Another store in another window.
        suite.write("b.json", {"7": {"name": "Bella"}})
        app.window_id = app.windows("^a.json$")[0]
        app.focus()
        app.key("ctrl+o")
        name_file(app, "Open Pets", suite.path("b.json"), "Open", "ctrl+l")
        wait("the other window", lambda: app.windows("^b.json$"))
        wait("the other window", lambda: windows(app, "b.json"))[0].find("label", "Bella")
        assert not windows(app, "a.json")[0].all("label", "Bella")


def measure(app):
    """The size now: App.size() is that of the beginning."""
    return app._measure("Width", "Height")


@test
def remembers_the_window():
    suite.write("a.json", REX)
    with start(suite.path("a.json")) as app:
        run("xdotool", "windowsize", "--sync", app.window_id, "700", "500")
        wait("the size in the preferences", lambda: suite.preferences().get("window-width", 1000) < 720)
        size = measure(app)
        app.focus()
        app.key("ctrl+q")
        assert app.wait_for_end() == 0

    with start(suite.path("a.json")) as app:
        assert measure(app) == size, (measure(app), size)
        app.find("push button", "Maximize").press()
        wait("the state in the preferences", lambda: suite.preferences().get("window-maximized") is True)

    with start(suite.path("a.json")) as app:
        wait("a large window", lambda: measure(app) > size)


def brightness(app):
    return float(run("convert", "x:" + app.window_id, "-format", "%[fx:mean]", "info:"))


@test
def has_a_dark_style():
    suite.write("a.json", REX)
    with start(suite.path("a.json")) as app:
        wait("a bright window", lambda: brightness(app) > 0.8)
        preferences = open_preferences(app)
        preferences.find("combo box", "Style").click()
        preferences.key("Down", "Down", "Return")
        wait("the style in the preferences", lambda: suite.preferences().get("style") == "dark")
        shot(app, "preferences-dark")
        close(app, preferences)
        wait("a dark window", lambda: brightness(app) < 0.4)

    with start(suite.path("a.json")) as app:
        wait("a dark window", lambda: brightness(app) < 0.4)


PORTAL = """<node>
  <interface name='org.freedesktop.portal.Settings'>
    <method name='Read'>
      <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='v' direction='out'/>
    </method>
    <signal name='SettingChanged'><arg type='s'/><arg type='s'/><arg type='v'/></signal>
  </interface>
</node>"""


class Portal:
    """What the desktop has to tell of its style."""

    interface = Gio.DBusNodeInfo.new_for_xml(PORTAL).interfaces[0]
    path = "/org/freedesktop/portal/desktop"
    setting = ("org.freedesktop.appearance", "color-scheme")

    def __init__(self, scheme):
        self.scheme = scheme
        self.loop = GLib.MainLoop(GLib.MainContext())
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=[ready])
        self.thread.start()
        ready.wait()

    def serve(self, ready):
        self.loop.get_context().push_thread_default()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            os.environ["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.bus.register_object(self.path, self.interface, self.read, None, None)
        self.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                           GLib.Variant("(su)", ("org.freedesktop.portal.Desktop", 0)), None, 0, -1, None)
        ready.set()
        self.loop.run()
        self.loop.get_context().pop_thread_default()

    def read(self, bus, sender, path, interface, method, args, invocation):
        if args.unpack() == self.setting:
            invocation.return_value(GLib.Variant("(v)", (GLib.Variant("v", GLib.Variant("u", self.scheme)),)))
        else:
            invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "There is no such setting")

    def change(self, scheme):
        self.scheme = scheme
        self.bus.emit_signal(None, self.path, self.interface.name, "SettingChanged",
                             GLib.Variant("(ssv)", (*self.setting, GLib.Variant("u", scheme))))

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.loop.quit()
        self.thread.join()
        self.bus.close_sync()


@test
def follows_the_style_of_the_desktop():
    suite.write("a.json", REX)
    with Portal(1) as portal, start(suite.path("a.json")) as app:
        wait("a dark window", lambda: brightness(app) < 0.4)
        portal.change(0)
        wait("a bright window", lambda: brightness(app) > 0.8)
        portal.change(1)
        wait("a dark window", lambda: brightness(app) < 0.4)
        # Unless something else was chosen.
        preferences = open_preferences(app)
        preferences.find("combo box", "Style").click()
        preferences.key("Down", "Return")
        wait("the style in the preferences", lambda: suite.preferences().get("style") == "light")
        close(app, preferences)
        wait("a bright window", lambda: brightness(app) > 0.8)


def windows_of_all(title):
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                          capture_output=True, text=True, check=False).stdout.split()


@test
def is_started_by_the_bus():
    """As a file manager does it: the bus runs the program, and it is told what to open."""
    suite.write("a.json", REX)
    # The service that is installed, but for where the program and its data are.
    name = os.path.basename(service_file).removesuffix(".service")
    with open(service_file, encoding="utf-8") as file:
        service = file.read()
    assert f"\nName={name}\n" in service
    words = ["/usr/bin/env", *(f"{key}={value}" for key, value in suite.env().items()), suite.demo]
    service, changes = re.subn(r"Exec=\S*/tstore-demo ", lambda _: f"Exec={shlex.join(words)} ", service)
    assert changes == 1, service
    services = os.path.join(os.environ["XDG_DATA_HOME"], "dbus-1", "services")
    os.makedirs(services, exist_ok=True)
    with open(os.path.join(services, name + ".service"), "w", encoding="utf-8") as file:
        file.write(service)

    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def call(owner, path, interface, method, args=None):
        return bus.call_sync(owner, path, interface, method, args, None, Gio.DBusCallFlags.NONE, 60000)

    def call_app(method, args):
        call(name, "/" + name.replace(".", "/"), "org.freedesktop.Application", method, args)

    def is_running():
        return call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                    GLib.Variant("(s)", (name,))).unpack()[0]

    call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig")
    assert not is_running()
    call_app("Open", GLib.Variant("(asa{sv})", (["file://" + suite.path("a.json")], {})))
    wait("the window", lambda: windows_of_all("a.json"))
    call_app("ActivateAction", GLib.Variant("(sava{sv})", ("new-window", [], {})))
    wait("two windows", lambda: len(windows_of_all("a.json")) == 2)
    call_app("ActivateAction", GLib.Variant("(sava{sv})", ("quit", [], {})))
    wait("no window", lambda: not windows_of_all("a.json"))
    wait("the end", lambda: not is_running())


suite.run(sys.argv[4:])
