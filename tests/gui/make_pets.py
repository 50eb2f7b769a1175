#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a file of many pets, to try the demo with: make_pets.py N FILE"""

import itertools
import json
import os
import sys

count, path = int(sys.argv[1]), sys.argv[2]
source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "pets.json")

with open(source, encoding="utf-8") as file:
    sample = list(json.load(file)[0]["pets"].values())

pets = {}
for number, pet in zip(range(count), itertools.cycle(sample)):
    litter = number // len(sample)
    pets[f"pet-{number}"] = {**pet, "name": f"{pet['name']} {litter + 1}", "price": pet["price"] + litter % 50}

with open(path, "w", encoding="utf-8") as file:
    json.dump([{"pets": pets}, {}], file, ensure_ascii=False, separators=(",", ":"))
