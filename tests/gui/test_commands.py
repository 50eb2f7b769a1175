#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the demo as a script does, without a display.

    test_commands.py .../tstore-demo .../tstore-demo-server
"""

import os
import subprocess
import sys

from suite import Suite

suite = Suite(sys.argv[1])
server_program = sys.argv[2]
test = suite.test


def succeed(*args):
    result = suite.command(*args)
    assert result.returncode == 0, result
    assert result.stderr == "", result.stderr
    return result.stdout


def fail(status, *args):
    result = suite.command(*args)
    assert result.returncode == status, result
    assert result.stdout == "", result.stdout
    assert result.stderr.startswith("tstore-demo: "), result.stderr
    return result.stderr


def column(text, number):
    return [line.split()[number] for line in text.splitlines()[1:]]


@test
def adds_lists_and_removes_in_a_file():
    rex, zoe = succeed("--file", "a.json", "--add", "Rex,Dog,Boxer,Brown,2020-01-02,12.5", "--add", "Zoë").split()
    assert suite.pets("a.json") == {
        rex: {"name": "Rex", "species": "Dog", "breed": "Boxer", "colour": "Brown", "born": "2020-01-02",
              "price": 12.5, "sold": False},
        zoe: {"name": "Zoë", "sold": False}}

    assert succeed("--list", "a.json") == (
        "Name  Species  Breed  Colour  Born        Price  Sold\n"
        "Rex   Dog      Boxer  Brown   2020-01-02  12.50  No\n"
        "Zoë                                              No\n")
    assert column(succeed("--list", "--ids", "-f", "a.json"), 0) == [rex, zoe]

    assert succeed("--remove", rex, "-f", "a.json") == ""
    assert list(suite.pets("a.json")) == [zoe]

    # All at once.
    added = succeed("--remove", zoe, "--add", "Tom,Cat", "--list", "a.json").splitlines()
    assert list(suite.pets("a.json")) == [added[0]]
    assert added[2].split() == ["Tom", "Cat", "No"]


@test
def keeps_places_apart():
    local = succeed("--local", "--add", "Loc").strip()
    session = succeed("--session", "--add", "Ses").strip()
    assert suite.local() == ["Loc"] and suite.session() == ["Ses"]
    assert column(succeed("--local", "--list", "--ids"), 0) == [local]
    assert column(succeed("--session", "--list", "--ids"), 0) == [session]
    assert suite.preferences() == {}, "a command is no choice"


@test
def begins_with_the_sample_where_nothing_is_named():
    sample = succeed("--list").splitlines()
    assert len(sample) > 100
    assert suite.item("data", "pets") == [{}, {}], "to list is not to save"

    added = succeed("--add", "Newt").strip()
    listed = succeed("--list", "--ids")
    assert len(listed.splitlines()) == len(sample) + 1
    assert column(listed, 0)[-1] == added
    assert "Newt" in suite.local()


@test
def uses_a_server():
    with subprocess.Popen([server_program, "--folder", suite.home, "--port", "0"],
                          stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip() + "shared.json"
            rex = succeed("--url", url, "--add", "Rex").strip()
            zoe = succeed("--url", url, "--add", "Zoe").strip()
            assert list(suite.pets("shared.json")) == [rex, zoe]
            succeed("--url", url, "--remove", rex)
            assert column(succeed("--url", url, "--list"), 0) == ["Zoe"]
        finally:
            server.terminate()

    # Now nobody is there.
    assert url.rsplit("/", 1)[0] in fail(1, "--url", url, "--list")
    fail(1, "--url", url, "--add", "Lost")


@test
def does_all_or_nothing():
    suite.write("a.json", {"1": {"name": "Rex"}})
    assert "nobody" in fail(1, "--file", "a.json", "--add", "Tom", "--remove", "1", "--remove", "nobody")
    fail(1, "--file", "a.json", "--add", "Tom", "--add", "Ann,Cat,,,tomorrow-ish")
    fail(1, "--file", "a.json", "--add", "Ann,Cat,,,,cheap")
    assert suite.pets("a.json") == {"1": {"name": "Rex"}}

    os.mkdir(suite.path("folder.json"))
    fail(1, "--file", "folder.json", "--list")
    fail(1, "--file", "folder.json", "--add", "Tom")

    with open(suite.path("broken.json"), "w", encoding="utf-8") as file:
        file.write("[{")
    assert "line 1" in fail(1, "--file", "broken.json", "--add", "Tom")
    with open(suite.path("broken.json"), encoding="utf-8") as file:
        assert file.read() == "[{"


@test
def refuses_what_makes_no_sense():
    suite.write("a.json", {})
    fail(2, "--local", "--session", "--list")
    fail(2, "--file", "a.json", "--local", "--list")
    fail(2, "--list", "a.json", "b.json")
    fail(2, "--url", "pets.json", "--list")
    fail(2, "--url", "ftp://localhost/pets.json", "--list")
    fail(2, "--file", "a.json", "--add", ",Dog")
    fail(2, "--file", "a.json", "--add", "Rex,Dog,Boxer,Brown,2020-01-02,12.5,yes")
    # Not only commands.
    fail(2, "--local", "a.json")
    fail(1, "--list", "nowhere.json")
    fail(1, "--remove", "1", "nowhere.json")


@test
def tells_its_version():
    assert succeed("--version").startswith("tstore-demo ")


suite.run(sys.argv[3:])
