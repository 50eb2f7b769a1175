#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the windows that docs/gtk.md shows, in each language.

    run-gui-test.sh test_guide.py SOURCE BUILD LANGUAGE...
"""

import os
import sys
import tempfile
from pathlib import Path

import programs
import samples
from gtk4ui import App, wait
from pets_ui import Pets, shown

SOURCE, BUILD = map(os.path.abspath, sys.argv[1:3])
LANGUAGES = sys.argv[3:]

PAGE = [sample for sample in samples.read_pages(SOURCE) if sample.page == "gtk.md"]
WINDOW, UI_FILE = "show-data-in-gtk", "without-code-a-ui-file"

pets = Pets(SOURCE, os.path.join(SOURCE, "data", "pets.json"))


def sample_of(section, language):
    found = [sample for sample in PAGE if sample.section == section and sample.language == language]
    assert len(found) == 1, f"{len(found)} samples in {language} below {section}"
    return found[0]


def command_of(sample):
    source = Path(pets.path("sample." + {"python": "py"}.get(sample.language, sample.language)))
    source.write_text(sample.text, "utf-8")
    return programs.command_of(sample.language, source, "gtk4")


def name_of(app, name):
    return app.find("filler", text=name, where=shown)


def start(sample):
    """In a folder of its own, as what it keeps is where it is started."""
    command = command_of(sample)
    os.chdir(pets.home)
    return App(command, {"G_DEBUG": "fatal-criticals"})


def use_window(language):
    with start(sample_of(WINDOW, language)) as app:
        name_of(app, "Fido")
        name_of(app, "Felix")
        app.focus()

        # What is typed and clicked is in the file.
        name_of(app, "Fido").act("editing.start")
        app.key("ctrl+a")
        app.type("Rex")
        app.key("Return")
        pets.wait_saved("the name", lambda: pets.pet("pets.json", "Rex"))
        app.first("check box", where=shown).click()
        pets.wait_saved("the mark", lambda: pets.pet("pets.json", "Rex").get("sold"))

        # What is in the file is seen.
        pets.write("pets.json", {"fido": {"name": "Zoe"}, "felix": {"name": "Felix", "sold": True}})
        name_of(app, "Zoe")

        app.find("entry", where=shown).click()
        app.type("Fel")
        app.gone("filler", text="Zoe", where=shown)
        name_of(app, "Felix")

        app.key("alt+F4")
        assert app.wait_for_end() == 0
    assert pets.pets("pets.json") == {"fido": {"name": "Zoe"}, "felix": {"name": "Felix", "sold": True}}


def add_test(language):
    def window():
        use_window(language)
    window.__name__ = f"the_window_in_{language}"
    pets.test(window)


for wanted in ("python", "js", "vala", "c"):
    if wanted in LANGUAGES:
        add_test(wanted)


if "python" in LANGUAGES:
    @pets.test
    def a_ui_file_needs_no_code():
        Path(pets.path("pets.ui")).write_text(sample_of(UI_FILE, "xml").text, "utf-8")
        with start(sample_of(UI_FILE, "python")) as app:
            names = wait("the names", lambda: [node.name for node in app.all("label", where=shown)
                                               if node.name in ("Fido", "Felix")])
            assert names == ["Felix", "Fido"], names
            app.focus()
            app.key("alt+F4")
            assert app.wait_for_end() == 0


with tempfile.TemporaryDirectory() as home:
    programs.prepare(SOURCE, BUILD, home)
    pets.run([])
