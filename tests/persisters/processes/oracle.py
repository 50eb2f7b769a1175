#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Knows what may be in a file that several processes write to, or in what a server
keeps for them, from what they told about it.

The file goes through versions, one after the other: each save replaces one. So
each write comes to be in the file, it *lands*, at one moment, which is not known;
but it is after the writer told that it is about to make it, and before it told
that it has been flushed, or before it died. And a writer tells what it replaces,
so what it has seen: that a write comes after another one is known

* if its writer saw that one, or one that came after it: its *ancestors*;
* or by the clock, if it was made after that one was flushed.

Whatever came before something that has landed must not be seen any more. If two
processes write to a cell and none has seen the other's, either is right.

A removal yields to a write that it has not seen (5.3 of the design). So what is
removed is gone if the removal saw all that was written; it may be back, and a
row then is with all that its saviour had in it, if somebody wrote what the
removal had not seen.

Where a process keeps two media in step, the clock orders only what was written to the
same one of them, and what that process wrote: what was flushed to one medium comes to
the other whenever it does, and wins there over what it meets. So does a row that comes
back: with what one of the media has in it, over what the other one has. Of a row that
somebody has removed, there may be nothing then, or anything.

If somebody does not learn whether his save has arrived, what it has set is *unsure*: it
may be set again, over what others who had seen it have made of it ("Where it ends" in
docs/guarantees.md). So it is not known to come before what it was replaced by, and a
row that was added so may be there twice.

All times are those of one clock. A *slot* is what holds one text: a cell, a
value, or a cell of a row that was added, which is known by its tag and not by
its id."""

import math


class Write:

    def __init__(self, writer, seq, time, slot, value, previous):
        self.writer, self.seq, self.slot = writer, seq, slot
        self.value, self.previous = value, previous
        self.begin, self.end = time, math.inf
        self.acked = math.inf       # when it was flushed
        self.landed = False
        self.place = None           # the one medium of its writer, if there are others

    def is_before(self, other):
        """Whether the clock says that it has landed before another one."""
        return self.end < other.begin and (
            self.place == other.place or None in (self.place, other.place))

    def __repr__(self):
        return (f'{self.writer}#{self.seq} {self.previous or "-"} -> {self.value}'
                f' [{self.begin}, {self.end}]{" acked" if self.acked < math.inf else ""}')


class Removal:

    def __init__(self, writer, seq, time, seen):
        self.writer, self.seq = writer, seq
        self.seen = seen            # what was in each slot
        self.begin, self.end = time, math.inf
        self.acked = math.inf
        self.landed = False

    def __repr__(self):
        return (f'{self.writer}#{self.seq} removes {self.seen} [{self.begin}, {self.end}]'
                f'{" acked" if self.acked < math.inf else ""}')


class Slot:
    """What was written to one slot since the last moment of quiet."""

    def __init__(self, base):
        self.writes = {}            # by value
        self.base = base            # what was there at that moment, or None
        self.removals = []
        self.unsure = set()         # values

    def ancestors(self, values):
        found = set()
        for value in values:
            while value in self.writes:
                value = self.writes[value].previous
                if value is None or value in found:
                    break
                found.add(value)
        return found

    def came_before(self, value, write):
        """Whether a value certainly landed before another one did."""
        if value == self.base:
            return True
        return self.writes[value].is_before(write) or (
            value not in self.unsure and value in self.ancestors([write.value]))

    def surely_covers(self, seen, value):
        """Whether who saw one value knew of the other."""
        return seen is not None and value not in self.unsure and (
            seen == value or value in self.ancestors([seen]))

    def perhaps_covers(self, seen, write):
        """Whether who saw one value may have removed another with it."""
        return seen is not None and seen in self.known() and (
            seen == write.value or not self.came_before(seen, write))

    def known(self):
        return set(self.writes) | {self.base}


class Row:
    """A row that was added, known by its tag."""

    def __init__(self, write):
        self.write = write          # of its creation; None: at the last moment of quiet
        self.removals = []
        self.unsure = False


class Oracle:

    def __init__(self):
        self.slots = {}
        self.rows = {}
        self.open = {}              # writer -> [all that was not flushed]
        self.places = {}            # writer -> its medium, where there are several
        self.n_made = self.n_acked = self.n_unsure = 0

    # What the processes tell.

    def intend(self, writer, seq, time, words):
        """Takes the words of the operations of one transaction."""
        words, made = list(words), []
        while words:
            word = words.pop(0)
            if word == 'set':
                slot, value, previous = words.pop(0), words.pop(0), words.pop(0)
                made.append(self.write(writer, seq, time, slot, value,
                                       None if previous == '-' else previous))
            elif word == 'del':
                slot, previous = words.pop(0), words.pop(0)
                made.append(Removal(writer, seq, time, {slot: previous}))
                self.slot(slot).removals.append(made[-1])
            elif word == 'add':
                tag = words.pop(0)
                made.append(Write(writer, seq, time, tag, tag, None))
                # Another process may have been quicker to tell that it saw it.
                self.row(tag).write = made[-1]
            elif word == 'rm':
                tag, seen = words.pop(0), words.pop(0)
                made.append(Removal(writer, seq, time, dict(
                    pair.split('=') for pair in seen.split(',') if pair != '-')))
                self.row(tag).removals.append(made[-1])
            else:
                raise ValueError(word)
        # If one of them is seen, all have landed.
        for one in made:
            one.group = made
        self.open.setdefault(writer, []).extend(made)
        self.n_made += len(made)

    def ack(self, writer, seq, time):
        still_open = []
        for one in self.open.get(writer, []):
            if one.seq <= seq:
                one.end = one.acked = time
                one.landed = True
                self.n_acked += 1
            else:
                still_open.append(one)
        self.open[writer] = still_open

    def dead(self, writer, time):
        """Nothing of a process lands after it has died."""
        for one in self.open.pop(writer, []):
            one.end = time

    def doubt(self, before, after):
        """Somebody does not know whether he has replaced one content by another one."""
        (texts, tags, _), (old_texts, old_tags, _) = flatten(after), flatten(before)
        self.n_unsure += 1
        for name, text in texts.items():
            if text != old_texts.get(name):
                self.slot(name).unsure.add(text)
        for tag in set(tags) - set(old_tags):
            self.row(tag).unsure = True

    def slot(self, name):
        return self.slots.setdefault(name, Slot(None))

    def row(self, tag):
        return self.rows.setdefault(tag, Row(None))

    def write(self, writer, seq, time, slot, value, previous):
        write = Write(writer, seq, time, slot, value, previous)
        write.place = self.places.get(writer)
        self.slot(slot).writes[value] = write
        return write

    # What is in the file.

    def check(self, content, time=math.inf):
        """Returns what is wrong with the content of the file, read after time."""
        texts, tags, problems = flatten(content)
        self.see(texts, tags)
        for tag in sorted(set(tags) | set(self.rows)):
            problems += self.check_row(tag, tags.count(tag), time)
        for name in sorted(set(texts) | set(self.slots)):
            tag = name.rsplit('/', 1)[0]
            if tag in self.rows and self.may_be_any(self.rows[tag]):
                problems += self.check_known(name, texts.get(name))
            elif tag in self.rows:
                # Of two, each may have another text.
                if tags.count(tag) == 1:
                    problems += self.check_slot(name, texts.get(name), self.rows[tag].removals, time)
            else:
                slot = self.slot(name)
                problems += self.check_slot(name, texts.get(name), slot.removals, time)
                problems += self.check_not_back(name, texts.get(name), time)
        return problems

    def see(self, texts, tags):
        seen = [self.slots[name].writes[text] for name, text in texts.items()
                if name in self.slots and text in self.slots[name].writes]
        seen += [self.rows[tag].write for tag in tags
                 if tag in self.rows and self.rows[tag].write]
        for write in seen:
            for one in write.group:
                one.landed = True

    def may_be_any(self, row):
        return self.places and row.removals

    def check_known(self, name, text):
        if text is not None and text not in self.slot(name).known():
            yield f'{name}: {text} comes from nowhere, or from long ago\n  {self.tell(name)}'

    def check_slot(self, name, text, removals, time):
        slot = self.slot(name)
        unknown = list(self.check_known(name, text))
        if unknown:
            yield from unknown
            return
        # What has to be there, or something later, or a reason why it is not.
        due = [write for write in slot.writes.values()
               if write.landed and write.value != text
               and (write.acked < time or write.acked == math.inf)
               and not any(slot.perhaps_covers(removal.seen.get(name), write)
                           for removal in removals)]
        if text is None:
            if slot.base is not None and not removals:
                yield f'{name}: {slot.base} is lost\n  {self.tell(name)}'
            for write in due:
                yield f'{name}: {write.value} is lost\n  {self.tell(name)}'
            return
        older = slot.ancestors(write.value for write in due)
        for write in due:
            if text == slot.base or slot.writes[text].is_before(write):
                yield f'{name}: {write.value} is lost, {text} is older\n  {self.tell(name)}'
        if text in older - slot.unsure:
            yield f'{name}: {text} is back after it was replaced\n  {self.tell(name)}'

    def check_not_back(self, name, text, time):
        """What was removed from a slot and seen by who did it does not come back."""
        slot = self.slot(name)
        for removal in slot.removals:
            if text is not None and removal.acked < time and \
                    slot.surely_covers(removal.seen[name], text):
                yield f'{name}: {text} is back after it was removed\n  {self.tell(name)}'

    def check_row(self, tag, n, time):
        row = self.rows.get(tag)
        if row is None:
            yield f'row {tag} comes from nowhere, or is back'
            return
        edits = {name: self.slots[name] for name in self.slots if name.rsplit('/', 1)[0] == tag}
        story = '\n  '.join([f'added by {row.write}'] + [repr(removal) for removal in row.removals] +
                            [self.tell(name) for name in edits])
        if n > 1 and not row.unsure:
            yield f'row {tag} is there {n} times\n  {story}'
        elif self.may_be_any(row):
            return
        elif n >= 1:
            for removal in row.removals:
                if removal.acked < time and not row.unsure and all(
                        slot.surely_covers(removal.seen.get(name), value)
                        for name, slot in edits.items() for value in slot.writes):
                    yield f'row {tag} is back after it was removed\n  {story}'
        else:
            created = row.write is None or \
                row.write.landed and (row.write.acked < time or row.write.acked == math.inf)
            if created and not row.removals:
                yield f'row {tag} is lost\n  {story}'
            for name, slot in edits.items():
                for write in slot.writes.values():
                    if write.landed and (write.acked < time or write.acked == math.inf) and not any(
                            slot.perhaps_covers(removal.seen.get(name), write)
                            for removal in row.removals):
                        yield f'row {tag} is lost with {write.value} in {name}\n  {story}'

    def settle(self, content):
        """All are quiet and have flushed, or are dead: what there is is the beginning."""
        texts, tags, _ = flatten(content)
        self.slots = {name: Slot(text) for name, text in texts.items()}
        self.rows = {tag: Row(None) for tag in tags}
        self.open = {}

    def tell(self, name):
        """The story of a slot, to be read by people."""
        slot, row = self.slot(name), self.rows.get(name.rsplit('/', 1)[0])
        removals = slot.removals + (row.removals if row else [])
        return f'{name} was {slot.base}; ' + '; '.join(
            repr(one) for one in list(slot.writes.values()) + removals)


def flatten(content):
    """Returns what is in each slot, the tags of rows, and what rows are broken."""
    tables, values = content
    texts, tags, problems = {}, [], []
    for table_id, table in tables.items():
        for row_id, row in table.items():
            name = f'{table_id}/{row_id}'
            if table_id == 'rows':
                name = tag = row.get('tag')
                if any(row.get(cell_id) != tag for cell_id in ('a', 'b')) or tag is None:
                    problems.append(f'row {row_id} is torn or of two rows: {row}')
                    continue
                tags.append(tag)
            for cell_id, text in row.items():
                if cell_id not in ('tag', 'a', 'b', 'keep'):
                    texts[f'{name}/{cell_id}'] = text
    for value_id, text in values.items():
        texts[f'values/{value_id}'] = text
    return texts, tags, problems
