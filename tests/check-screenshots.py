#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks what the metainfo says of its pictures, with a server on loopback in place of
the one that has them on the web:

    check-screenshots.py APPSTREAMCLI METAINFO FOLDER LINGUAS

They are all there, and of the size that is told; each has a caption in every language;
and AppStream finds them, but for one that is missing.
"""

import functools
import http.server
import os
import struct
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

PLACE = "http://screenshots.invalid"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def measure(path):
    """The width and height of a PNG."""
    with open(path, "rb") as file:
        head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    return struct.unpack(">II", head[16:])


def problems_of(shot, folder, languages):
    image = shot.find("image")
    name = image.text.removeprefix(PLACE + "/")
    captions = {caption.get(LANG) for caption in shot.findall("caption")}
    told = (int(image.get("width")), int(image.get("height")))
    if not (folder / name).is_file():
        yield f"{name} is not in {folder}"
        return
    if measure(folder / name) != told:
        yield f"{name} is {measure(folder / name)}, not {told}"
    if abs(told[0] / told[1] - 16 / 9) > 0.01:
        yield f"{name} is not 16:9"
    if captions != {None, *languages}:
        yield f"{name} has captions for {captions}"


def check(metainfo, folder, languages):
    shots = ET.parse(metainfo).getroot().findall("screenshots/screenshot")
    named = [shot.find("image").text.rpartition("/")[2] for shot in shots]
    if sorted(named) != sorted(path.name for path in folder.iterdir()):
        yield f"named are {named}, and there are {sorted(path.name for path in folder.iterdir())}"
    if [shot.get("type") for shot in shots].index("default") != 0:
        yield "the first one is not the default"
    for shot in shots:
        yield from problems_of(shot, folder, languages)


class Handler(http.server.SimpleHTTPRequestHandler):
    asked = []

    def log_request(self, code="-", size="-"):
        self.asked.append((self.path.removeprefix("/"), int(code)))

    def log_message(self, *args):
        pass


def validate(appstreamcli, text, folder):
    """Returns the status, what was said, and what was asked for."""
    Handler.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "pets.metainfo.xml")
            Path(path).write_text(text.replace(PLACE, f"http://127.0.0.1:{server.server_port}"), "utf-8")
            # No proxy is asked, and nothing is remembered.
            done = subprocess.run([appstreamcli, "validate", "--strict",
                                   "--override=screenshot-media-url-not-secure=pedantic", path],
                                  env={**os.environ, "no_proxy": "*", "XDG_CACHE_HOME": place},
                                  capture_output=True, text=True, timeout=60, check=False)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    return done.returncode, done.stdout + done.stderr, list(Handler.asked)


def check_served(appstreamcli, metainfo, folder):
    text = metainfo.read_text("utf-8")
    names = {path.name for path in folder.iterdir()}

    status, said, asked = validate(appstreamcli, text, folder)
    if status != 0:
        yield said
    if {name for name, code in asked if code == 200} != names:
        yield f"AppStream asked for {asked}"

    # It has looked, then.
    status, said, asked = validate(appstreamcli, text.replace("table.png", "missing.png"), folder)
    if status == 0 or "missing.png" not in said:
        yield f"AppStream does not mind that one is missing: {said}"


def main():
    appstreamcli, metainfo, folder, linguas = sys.argv[1], *map(Path, sys.argv[2:5])
    languages = [line for line in linguas.read_text("utf-8").split("\n") if line and not line.startswith("#")]
    found = [*check(metainfo, folder, languages), *check_served(appstreamcli, metainfo, folder)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
