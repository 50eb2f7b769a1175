#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tries the packages as somebody does who has nothing but Debian and the guide.

    new-user.py FOLDER

FOLDER has what data/packaging/build-deb puts there. For each language, a minimal Debian gets what the
guide to getting started says that one has to install; there, in an empty folder, a user who is not
root writes the program of the guide, does what the guide says, and gets what the guide says. At
last the programs are tried, and everything is removed.

Prints what is done, and what comes out. Has to be root, and takes what it needs of Debian from where
this computer takes its packages."""

import html.parser
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "guide"))
import samples  # noqa: E402

SOURCE = TESTS.parent
GUIDE = "getting-started.md"
RELEASE = "bookworm"
PATIENCE = 1800
# What is mounted and started there is gone with it, whatever becomes of it.
NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
# Runs chroot with the rest behind a folder, whose /proc is there as long.
WITH_PROC = ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$@"']

INSTALL = re.compile(r"^sudo apt install (.*?) *# (\w+)$", re.MULTILINE)
APT = "DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0"
TESTS_PACKAGE = "libtstore-1-tests"
# What is called like this is of the packages.
OURS = r"\( -name 'tstore*' -o -name 'TStore*' -o -name 'libtstore*' -o -name 'org.tstore*' \)"
PROGRAMS = """tstore --version
tstore set pets.json pets fido species dog
tstore-demo --add=Felix,cat pets.json
tstore get pets.json pets fido species | grep dog
tstore-demo --list pets.json | grep 'Felix *cat'
tstore-demo-server --version
"""


def say(text, indent=0):
    print("\n".join(" " * indent + line for line in text.rstrip("\n").splitlines()), flush=True)


def run(command, **options):
    """Runs it to the end; what it prints is shown only if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE, **options)
    if done.returncode != 0:
        say(done.stdout, 4)
        sys.exit(f"Failed: {shlex.join(map(str, command))}")
    return done.stdout


class Computer:
    """A minimal Debian in a folder, or a copy of one."""

    def __init__(self, root):
        self.root = root

    @classmethod
    def install(cls, root, packages):
        """Makes the first one, with the packages in a folder that its apt knows."""
        self = cls(root)
        run(["debootstrap", "--variant=minbase", RELEASE, root, find_mirror()])
        Path(root, "etc/apt/apt.conf.d/lean").write_text('APT::Install-Recommends "false";\n'
                                                         'APT::Sandbox::User "root";\n', "utf-8")
        Path(root, "etc/apt/sources.list.d/libtstore.list").write_text(
            "deb [trusted=yes] file:/var/local/libtstore ./\n", "utf-8")
        run(["cp", "-R", packages, Path(root, "var/local/libtstore")])
        self.do(f"{APT} update && useradd --create-home user")
        return self

    def copy(self, root):
        run(["cp", "-a", self.root, root])
        return Computer(root)

    def do(self, script, user=None):
        """Does what the script says, in the home of the user or in that of root."""
        place = f"/home/{user}" if user else "/root"
        who = [f"--userspec={user}:{user}"] if user else []
        return run([*WITH_PROC, self.root, *who, self.root, "env", "-i", f"HOME={place}", "LANG=C.UTF-8",
                    "PATH=/usr/sbin:/usr/bin", "sh", "-c", f"cd && {script}"])


def find_mirror():
    """Where this computer gets the packages of that release from."""
    lines = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(LABEL)", "Created-By: Packages"])
    found = [uri for uri, codename, label in (line.split(" ", 2) for line in lines.splitlines())
             if (codename, label) == (RELEASE, "Debian")]
    if not found:
        sys.exit(f"apt knows no {RELEASE} of Debian")
    return found[0]


class Blocks(html.parser.HTMLParser):
    """The texts of all <pre>."""

    def __init__(self):
        super().__init__()
        self.texts, self.depth = [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "pre":
            self.depth += 1
            self.texts.append("")

    def handle_endtag(self, tag):
        if tag == "pre":
            self.depth -= 1

    def handle_data(self, data):
        if self.depth:
            self.texts[-1] += data


def check_installed_guide(computer, page):
    """What is read here is what the users read."""
    blocks = Blocks()
    blocks.feed(Path(computer.root, "usr/share/doc/libtstore-1/getting-started.html").read_text("utf-8"))
    if [text.rstrip("\n") for text in blocks.texts] != [sample.text.rstrip("\n") for sample in page]:
        sys.exit("The guide in libtstore-1-doc has other samples than that in docs/")
    say(f"== The guide, as libtstore-1-doc has it: all {len(page)} samples are in it ==")


def try_language(base, root, language, packages, page, expected):
    say(f"\n== {language} ==\n# apt install {packages}")
    computer = base.copy(root)
    computer.do(f"{APT} install --yes {packages}")
    section = [sample for sample in page if sample.section == language.lower()]
    for commands in (sample for sample in section if sample.language == "sh"):
        computer.do("rm -rf pets && mkdir pets", user="user")
        for sample in section:
            if sample.file:
                path = Path(computer.root, "home/user/pets", sample.file)
                path.write_text(sample.text, "utf-8")
                say(f"$ cat >{sample.file}    ({len(sample.text.splitlines())} lines of the guide)")
        say("".join(f"$ {line}\n" for line in commands.text.splitlines()))
        out = computer.do(f"cd pets && set -e\n{commands.text}", user="user")
        say(out, 2)
        if not out.endswith(expected):
            sys.exit(f"{language}: the guide says something else")
        say("as the guide says")
    run(["rm", "-rf", computer.root])


def try_tests(computer):
    """What is there of the tests, as one who builds a distribution runs them."""
    command = "TST_TEST_FEW=1 gnome-desktop-testing-runner --parallel=8 libtstore-1"
    say(f"# apt install gnome-desktop-testing\n$ {command}")
    computer.do(f"{APT} install --yes gnome-desktop-testing")
    say(computer.do(f"set -e\n{command} >log 2>&1 || {{ cat log; exit 1; }}\ntail -n 1 log", user="user"), 2)


def names_of(packages):
    """Without those that hold nothing but debugging symbols."""
    return sorted({path.name.split("_")[0] for path in packages.glob("*.deb")} -
                  {path.name.split("_")[0] for path in packages.glob("*-dbgsym_*.deb")})


def try_all(base, root, names, page):
    say(f"\n== All of them ==\n# apt install {' '.join(names)}")
    computer = base.copy(root)
    computer.do(f"{APT} install --yes {' '.join(names)} && dpkg --verify {' '.join(names)}")
    check_installed_guide(computer, page)
    say("".join(f"$ {line}\n" for line in PROGRAMS.splitlines()))
    say(computer.do(f"set -e\n{PROGRAMS}", user="user"), 2)
    if TESTS_PACKAGE in names:
        try_tests(computer)
    say(f"# apt purge {' '.join(names)}")
    computer.do(f"{APT} purge --yes {' '.join(names)}")
    left = computer.do(f"find /etc /opt /srv /usr /var/cache {OURS} ! -name libtstore.list")
    if left:
        sys.exit(f"Left behind:\n{left}")
    say("nothing of them is left")
    run(["rm", "-rf", computer.root])


def try_packages(packages, place):
    # In memory: on a disk, dpkg waits for each file.
    run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", place])
    page = [sample for sample in samples.read_pages(SOURCE) if sample.page == GUIDE]
    expected = next(sample.text for sample in page if sample.language == "text")
    languages = [(language, names) for sample in page for names, language in INSTALL.findall(sample.text)]
    assert {language.lower() for language, _ in languages} == {sample.section for sample in page if sample.file}

    say(f"== A minimal {RELEASE}, and {', '.join(names_of(packages))} for apt ==")
    base = Computer.install(place / "base", packages)
    for language, names in languages:
        try_language(base, place / "computer", language, names, page, expected)
    try_all(base, place / "computer", names_of(packages), page)


def main():
    packages = Path(sys.argv[1]).resolve()
    if not list(packages.glob("*.changes")):
        sys.exit(f"There are no packages in {packages}: data/packaging/build-deb makes them")
    if len(sys.argv) == 3:
        try_packages(packages, Path(sys.argv[2]))
        return

    if os.geteuid() != 0:
        say("Only root can install another system")
        sys.exit(1 if "CI" in os.environ else 77)
    run(["sh", "-c", ". tests/packages.sh && need_packages $packages_new_user"], cwd=SOURCE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated"))
    with tempfile.TemporaryDirectory() as place:
        sys.exit(subprocess.run([*NAMESPACES, sys.executable, __file__, packages, place], check=False).returncode)


if __name__ == "__main__":
    main()
