# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives a GTK 4 program as a person would: by AT-SPI, keyboard and mouse.

To be run under run-gui-test.sh. Nothing here waits for a time: wait() waits
for a condition.
"""

import os
import re
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

TIMEOUT = 20
CRASHES = {-signal.SIGABRT, -signal.SIGBUS, -signal.SIGSEGV, -signal.SIGTRAP}


class UiError(AssertionError):
    pass


def wait(what, func, timeout=TIMEOUT, step=0.03):
    """Calls func until it returns something true. An object that went away is not yet there."""
    end = time.monotonic() + timeout
    while True:
        try:
            got = func()
            if got:
                return got
        except GLib.Error:
            pass
        if time.monotonic() > end:
            raise UiError(f"timed out waiting for {what}")
        time.sleep(step)


def run(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


class Node:
    """One accessible object."""

    def __init__(self, app, acc):
        self.app, self.acc = app, acc

    @property
    def name(self):
        return self.acc.get_name()

    @property
    def role(self):
        return self.acc.get_role_name()

    @property
    def description(self):
        return self.acc.get_description()

    def states(self):
        return {state.value_nick for state in self.acc.get_state_set().get_states()}

    def is_shown(self):
        """Is in view. GTK 4.8 does not set the state "showing"; what is not drawn has no size."""
        extents = self.extents()
        if extents is None:
            return False
        width, height = self.app.size()
        return (extents.width > 0 and extents.height > 0 and
                0 <= extents.x + extents.width // 2 < width and 0 <= extents.y + extents.height // 2 < height)

    def extents(self):
        iface = self.acc.get_component_iface()
        return iface.get_extents(Atspi.CoordType.WINDOW) if iface else None

    def children(self):
        kids = (self.acc.get_child_at_index(i) for i in range(self.acc.get_child_count()))
        return [Node(self.app, kid) for kid in kids if kid]

    def walk(self):
        """This object and all in it, but for what is hidden, and for rows out of view: a list has hundreds of them."""
        yield self
        role = self.role
        if role in ("table row", "list item") and not self.is_shown():
            return
        if role in ("filler", "panel") and "visible" not in self.states():
            return
        for child in self.children():
            yield from child.walk()

    def search(self, role=None, name=None, text=None, where=None):
        for node in self.walk():
            if role is not None and node.role != role or name is not None and node.name != name:
                continue
            if text is not None and node.text() != text or where is not None and not where(node):
                continue
            yield node

    def all(self, *args, **kw):
        return list(self.search(*args, **kw))

    def first(self, *args, **kw):
        return next(self.search(*args, **kw), None)

    def find(self, role=None, name=None, timeout=TIMEOUT, **kw):
        return wait(f"{role} {name!r} {kw or ''}", lambda: self.first(role, name, **kw), timeout)

    def gone(self, role=None, name=None, timeout=TIMEOUT, **kw):
        wait(f"no {role} {name!r} {kw or ''}", lambda: not self.first(role, name, **kw), timeout)

    def text(self):
        iface = self.acc.get_text_iface()
        return Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface)) if iface else None

    def actions(self):
        iface = self.acc.get_action_iface()
        try:
            return [iface.get_action_name(i) for i in range(iface.get_n_actions())] if iface else []
        except GLib.Error:  # they are told of one by one, and change
            return []

    def act(self, name):
        names = self.actions()
        if name not in names:
            raise UiError(f"{self.role} {self.name!r} has only the actions {names}")
        self.acc.get_action_iface().do_action(names.index(name))

    def press(self):
        self.act("click")

    def box(self):
        """(x, y, width, height) on the screen.

        GTK 4.8 gives coordinates in the surface whatever is asked for: the
        window's origin is added.
        """
        extents = self.extents()
        x, y = self.app.origin()
        return x + extents.x, y + extents.y, extents.width, extents.height

    def click(self, button=1, repeat=1, aside=0):
        """Clicks on its middle, or some pixels aside: so it is another click, and no double-click with the last."""
        # Not with --sync: that waits for seconds where the pointer is there already.
        x, y, width, height = self.box()
        run("xdotool", "mousemove", str(x + width // 2 + aside), str(y + height // 2),
            "click", "--delay", "60", "--repeat", str(repeat), str(button))

    def dump(self, indent=0, out=sys.stderr):
        """Prints what there is to see."""
        states = sorted(self.states() & {"checked", "focused", "selected", "sensitive"})
        print(" " * indent + f"{self.role} {self.name!r} {self.description!r} {states}", file=out)
        for child in self.children():
            if child.is_shown():
                child.dump(indent + 2, out)


class App(Node):
    """A running program: App(["./app"]) starts it, and waits for its window."""

    def __init__(self, argv, env=None, timeout=60):
        self.app = self
        self._size = None
        self.proc = subprocess.Popen(argv, env={**os.environ, **(env or {})})
        self.window_id = wait("the window", self._window, timeout)
        # Atspi.get_desktop() caches: ask for children anew each time.
        self.acc = wait("the accessible application", self._accessible, timeout)

    def _window(self):
        if self.proc.poll() is not None:
            raise UiError(f"the program ended early with {self.proc.returncode}")
        return next(iter(self.windows(".")), None)

    def windows(self, title=""):
        """The windows on the screen, by a pattern of their titles.

        As to those that come and go, ask here: GTK 4.8 crashes when it is asked for the children of a program
        one of whose windows is just hidden.
        """
        return subprocess.run(
            ["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.proc.pid), "--name", title],
            capture_output=True, text=True).stdout.split()

    def _accessible(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child and child.get_process_id() == self.proc.pid and child.get_child_count() > 0:
                return child
        return None

    def _measure(self, *what):
        # Not xdotool's getwindowgeometry: it counts the decoration twice.
        info = run("xwininfo", "-id", self.window_id)
        return tuple(int(re.search(rf"{name}: +(-?\d+)", info)[1]) for name in what)

    def origin(self):
        return self._measure("Absolute upper-left X", "Absolute upper-left Y")

    def measure(self):
        return self._measure("Width", "Height")

    def forget_size(self):
        self._size = None

    def size(self):
        # Who changes it says so.
        if self._size is None:
            self._size = self.measure()
        return self._size

    def focus(self):
        run("xdotool", "windowactivate", "--sync", self.window_id)

    def key(self, *keys):
        run("xdotool", "key", "--delay", "30", *keys)

    def type(self, text):
        run("xdotool", "type", "--delay", "15", text)

    def screenshot(self, path, whole=False):
        run("import", "-window", "root" if whole else self.window_id, path)

    def wait_for_end(self, timeout=TIMEOUT):
        return self.proc.wait(timeout)

    def close(self, timeout=TIMEOUT):
        if self.proc.poll() is None:
            self.proc.terminate()
            try:
                self.proc.wait(timeout)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
        return self.proc.returncode

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is not None and self.proc.poll() is None:
            try:
                self.screenshot(os.environ.get("GUI_SCREENSHOT", "failure.png"), whole=True)
                for window in self.children():
                    window.dump()
            except Exception as error:  # the first error is the one to see
                print("no dump:", error, file=sys.stderr)
        status = self.close()
        if status in CRASHES and kind is None:
            raise UiError("the program crashed when it was to end")
        if status == -signal.SIGKILL and kind is None:
            raise UiError("the program did not end when it was told to")


class Window(App):
    """Another window of a program, by its title: what is in it is where it is."""

    def __init__(self, app, title):
        self.app = self
        self._size = None
        self.proc = app.proc
        self.window_id = wait(f"the window {title!r}", lambda: self.windows(f"^{title}$"))[0]
        self.acc = wait(f"the accessible window {title!r}",
                        lambda: next((child.acc for child in app.children() if child.name == title), None))
