#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line of tstore: what it takes, prints, refuses, and completes."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import unittest

import tap
from tool import PATIENCE, PROGRAM, Case

MANUAL, COMPLETION = sys.argv[4:6]
COMMANDS = {'list', 'get', 'set', 'add', 'remove', 'watch', 'import', 'export', 'validate', 'diff', 'merge'}
CONTENT = '[{"pets":{"fido":{"species":"dog","price":5}},"shops":{"1":{"open":true}}},{"currency":"EUR"}]'
LINES = '''pets fido species "dog"
pets fido price 5
shops 1 open true
--value currency "EUR"
'''
STRANGE = ['', ' ', 'a b', 'a/b', '-', '--', '--value', '"', '\\', "it's", '$HOME', 'ä', 'a\nb', '\x1b[31m', '\x7f',
           '\x9b2J', '\x1f', '\u202e', '\u2028', '😀', '👩\u200d🚀', '{}', '1', '*']


class Usage(Case):
    def test_help(self):
        for args in ['--help'], ['-h'], ['help']:
            found = set(re.findall(r'^  (\w+) ', self.check(*args), re.MULTILINE)) - {'tstore'}
            self.assertEqual(found, COMMANDS)
        for command in COMMANDS:
            self.assertIn(f'  tstore {command} [OPTION', self.check(command, '--help'))

    def test_version(self):
        self.assertRegex(self.check('--version'), r'^tstore \d+\.\d+\.\d+\n$')

    def test_wrong(self):
        self.write('pets.json', CONTENT)
        self.check_usage('Expected a command')
        self.check_usage('no command “x\\u001b”', 'x\x1b')
        for command in COMMANDS:
            self.check_usage('Expected MEDIUM', command)
            self.check_usage('Expected MEDIUM', command, *['pets.json'] * 6)
            self.check_usage('--nothing', command, '--nothing', 'pets.json')
        for args in (['list', '--json', '--recursive', 'pets.json'], ['list', '--value', 'pets.json', 'currency'],
                     ['get', '--value', 'pets.json', 'currency', 'x'], ['set', 'pets.json', '{}'],
                     ['set', '--string', '--json', 'pets.json', 'a', 'b', 'c', '1'],
                     ['set', '--string', 'pets.json', 'pets', '{}'], ['set', '--update', 'pets.json', 'pets', '{}'],
                     ['set', '--update', 'pets.json', 'a', 'b', 'c', '1'], ['remove', 'pets.json'],
                     ['import', '--changes', '--merge', 'pets.json'], ['merge', '-', 'pets.json']):
            self.check_usage('', *args)
        self.assertEqual(self.read('pets.json').decode(), CONTENT)

    def test_option_behind(self):
        """What a person means as an option is not taken for an id; a program can say that it is one."""
        self.write('pets.json', CONTENT)
        self.check_usage('Options come first', 'get', 'pets.json', 'pets', '--json')
        self.check('set', '--', 'pets.json', 'pets', '--json', 'x', '--y')
        self.assertEqual(self.check('get', '--', 'pets.json', 'pets', '--json', 'x'), '--y\n')

    def test_media(self):
        for medium in ('', 'local:', 'local:x', 'local:org.example.App', 'local:../x/y', 'local:a/b', 'session:/x',
                       'ftp://localhost/x.json', 'file:///x.json', 'http://[', 'http:///x.json', 'https://:1/', 'local:org.example.App/\udcff'):
            self.check_usage('is no medium', 'set', medium, 'a', 'b', 'c', '1')
        for args in (['set', '-', 'a', 'b', 'c', '1'], ['add', '-', 'a', '{}'], ['remove', '-', 'a'], ['watch', '-'],
                     ['import', '-', 'x.json']):
            self.write('x.json', CONTENT)
            self.check_usage('can only be read', *args)
            os.unlink(self.path('x.json'))
        self.assertEqual(os.listdir(self.folder), ['run'])
        # These are files.
        for medium in './local:x', './-', 'x:y', '-x', 'http:x', 'a\udcff', '\x1b[31m':
            self.check('set', '--', medium, 'a', 'b', 'c', '1')
            self.assertEqual(self.check('get', '--', medium), '[{"a":{"b":{"c":1}}},{}]\n')

    def test_not_utf8(self):
        for i in range(4):
            args = ['a', 'b', 'c', '1']
            args[i] = '\udcff'
            self.check_usage('UTF-8', 'set', 'pets.json', *args)
        self.check_usage('UTF-8', 'get', '--value', 'pets.json', '\udcff')


class Values(Case):
    def test_kinds(self):
        for text, as_json in {
                '5': '5', '-5': '-5', '1e3': '1000', ' 5 ': '5', 'true': 'true', 'null': 'null', '"5"': '"5"',
                '[1,{"a":null}]': '[1,{"a":null}]', '': '""', 'dog': '"dog"', '05': '"05"', '1,5': '"1,5"',
                '2026-11-28': '"2026-11-28"', 'NaN': '"NaN"', 'True': '"True"', '1e999': '"1e999"', '-x': '"-x"',
                'a\nb': '"a\\nb"', 'ä': '"ä"'}.items():
            for args in ['pets.json', 'pets', 'fido', 'x'], ['--value', 'pets.json', 'x']:
                self.check('set', *args, text)
                self.assertEqual(self.check('get', '--json', *args), as_json + '\n')

    def test_slips(self):
        """What begins like JSON is JSON, or meant as a string by saying so."""
        for text in '{"a":1,}', '[1', '"x', '{', '{"a":1}}':
            self.check_fails('line 1, column', 'set', 'pets.json', 'pets', 'fido', 'x', text)
            self.check('set', '--string', 'pets.json', 'pets', 'fido', 'x', text)
            self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido', 'x'), text + '\n')
        self.check_fails('line 1, column 1', 'set', '--json', 'pets.json', 'pets', 'fido', 'x', 'dog')
        self.check_fails('too deep', 'set', 'pets.json', 'pets', 'fido', 'x', '[' * 1000 + ']' * 1000)
        self.check('set', '--string', 'pets.json', 'pets', 'fido', 'x', '5')
        self.assertEqual(self.check('get', '--json', 'pets.json', 'pets', 'fido', 'x'), '"5"\n')

    def test_many(self):
        self.check('import', 'pets.json', stdin=CONTENT)
        self.check('set', '--update', 'pets.json', 'pets', 'fido', '{"price":6,"sold":true}')
        self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido'), '{"species":"dog","price":6,"sold":true}\n')
        self.check('set', 'pets.json', 'pets', 'fido', '{"price":7}')
        self.check('set', 'pets.json', 'shops', '{"2":{"open":false}}')
        self.check('set', '--value', '--update', 'pets.json', '{"a":1}')
        self.assertEqual(json.loads(self.check('get', 'pets.json')),
                         [{'pets': {'fido': {'price': 7}}, 'shops': {'2': {'open': False}}},
                          {'currency': 'EUR', 'a': 1}])
        self.check('set', '--value', 'pets.json', '{"b":2}')
        self.assertEqual(self.check('get', '--value', 'pets.json'), '{"b":2}\n')
        before = self.read('pets.json')
        # A value that was forgotten, too.
        for args in ['pets', 'fido', 'price'], ['pets', 'fido'], ['pets', '{"fido":{}}']:
            self.check_fails('line 1, column', 'set', 'pets.json', *args)
        self.check_fails('without cells', 'set', 'pets.json', 'pets', 'fido', '{}')
        self.assertEqual(self.read('pets.json'), before)

    def test_add(self):
        ids = [self.check('add', 'pets.json', 'pets', '{"species":"cat"}').rstrip('\n') for _ in range(3)]
        self.assertEqual(self.check('list', 'pets.json', 'pets').split('\n')[:-1], ids)
        self.check_fails('without cells', 'add', 'pets.json', 'pets', '{}')

    def test_remove(self):
        self.check('import', 'pets.json', stdin=CONTENT)
        for ids in ['x'], ['pets', 'x'], ['pets', 'fido', 'x'], ['x', 'fido', 'price']:
            self.check_fails('There is no ' + ' '.join(ids), 'remove', 'pets.json', *ids)
            self.check('remove', '--force', 'pets.json', *ids)
        self.check_fails('There is no --value x', 'remove', '--value', 'pets.json', 'x')
        self.assertEqual(self.check('get', 'pets.json'), CONTENT + '\n')
        self.check('remove', 'pets.json', 'pets', 'fido', 'price')
        self.check('remove', 'pets.json', 'shops', '1')
        self.check('remove', '--value', 'pets.json', 'currency')
        self.assertEqual(self.check('list', '--recursive', 'pets.json'), 'pets fido species "dog"\n')

    def test_strange_ids(self):
        for one in STRANGE:
            args = ['--', 'pets.json', one, one, one]
            self.check('set', '--string', *args, one)
            self.assertEqual(self.check('get', *args), one + '\n')
            self.assertEqual(json.loads(self.check('list', '--json', *args[:-1])), [one])
            self.check('set', '--string', '--value', '--', 'pets.json', one, one)
            self.assertEqual(self.check('get', '--value', '--', 'pets.json', one), one + '\n')
        self.assertEqual(json.loads(self.check('list', '--json', 'pets.json')), STRANGE)
        for one in STRANGE:
            self.check('remove', '--', 'pets.json', one, one, one)
            self.check('remove', '--value', '--', 'pets.json', one)
        self.assertEqual(self.check('get', 'pets.json'), '[{},{}]\n')


class Output(Case):
    def test_list(self):
        self.write('pets.json', CONTENT)
        self.assertEqual(self.check('list', 'pets.json'), 'pets\nshops\n')
        self.assertEqual(self.check('list', 'pets.json', 'pets'), 'fido\n')
        self.assertEqual(self.check('list', '--value', 'pets.json'), 'currency\n')
        self.assertEqual(self.check('list', '--json', 'pets.json'), '["pets","shops"]\n')
        self.assertEqual(self.check('list', '--recursive', 'pets.json'), LINES)
        self.assertEqual(self.check('list', '--recursive', 'pets.json', 'pets', 'fido'), LINES[:LINES.index('shops')])
        self.assertEqual(self.check('list', '-rv', 'pets.json'), LINES[LINES.index('--value'):])
        for args in ['x'], ['pets', 'x'], ['x', 'fido']:
            self.check_fails('There is no ' + ' '.join(args), 'list', 'pets.json', *args)
            self.check_fails('There is no ' + ' '.join(args), 'get', 'pets.json', *args)

    def test_lines(self):
        """Whatever the ids, a line stays one, and can be read back."""
        for one in STRANGE:
            self.check('set', '--string', '--', 'pets.json', one, one, one, one)
        lines = self.check('list', '--recursive', 'pets.json').split('\n')
        self.assertEqual(lines.pop(), '')
        self.assertEqual(len(lines), len(STRANGE))
        # That would be a keyed value.
        self.assertIn('"--value" "--value" "--value" "--value"', lines)
        for line, one in zip(lines, STRANGE):
            self.assertTrue(line.isprintable() or '👩' in line, line)
            read, parts = json.JSONDecoder(), []
            while line:
                if line[0] == '"':
                    part, end = read.raw_decode(line)
                else:
                    end = (line + ' ').index(' ')
                    part = line[:end]
                parts.append(part)
                line = line[end:].lstrip(' ')
            self.assertEqual(parts, [one] * 4)
        self.assertEqual(self.check('list', 'pets.json').count('\n'), len(STRANGE))

    def test_pretty(self):
        self.write('pets.json', '[{"a":{"b":{"c":"x\\"{[,:\\\\","d":"\\ufffd[1,[],{},{\\"e\\":[]}]"}}},{}]')
        pretty = self.check('export', '--pretty', 'pets.json')
        self.assertEqual(json.loads(pretty), json.loads(self.read('pets.json')))
        self.assertEqual(self.check('get', '--pretty', 'pets.json', 'a', 'b'), '''{
  "c": "x\\"{[,:\\\\",
  "d": "\ufffd[1,[],{},{\\"e\\":[]}]"
}
''')
        self.check('set', 'empty.json', 'a', 'b', 'c', '[]')
        self.check('remove', 'empty.json', 'a')
        self.assertEqual(self.check('export', '--pretty', 'empty.json'), '[\n  {},\n  {}\n]\n')

    def test_export_to_file(self):
        self.write('pets.json', CONTENT)
        self.check('export', 'pets.json', 'out.json')
        self.assertEqual(self.read('out.json').decode(), CONTENT + '\n')
        self.check('export', '--pretty', 'pets.json', 'out.json')
        self.assertEqual(self.read('out.json').decode(), self.check('export', '--pretty', 'pets.json'))
        self.check_fails('x/out.json', 'export', 'pets.json', 'x/out.json')

    def test_cannot_print(self):
        self.write('pets.json', CONTENT)
        self.write('large.json', json.dumps([{}, {'text': 'x' * 100000}]))
        for args in (['--help'], ['get', 'large.json'], ['get', 'pets.json'], ['list', 'pets.json'],
                     ['watch', '--initial', 'pets.json']):
            with open('/dev/full', 'wb') as full:
                result = subprocess.run([PROGRAM, *args], cwd=self.folder, env=self.env, stdout=full, check=False,
                                        stderr=subprocess.PIPE, timeout=PATIENCE)
            self.assertEqual(result.returncode, 1)
            self.assertIn(b'Cannot print: ' + (b'' if args == ['--help'] else b'No space left on device'),
                          result.stderr)

    def test_locale(self):
        """Data is UTF-8, whatever the locale."""
        self.env['LC_ALL'] = 'C'
        self.check('set', 'pets.json', 'ä', '💚', 'ß', 'é')
        self.assertEqual(self.check('get', 'pets.json', 'ä', '💚', 'ß'), 'é\n')
        self.assertEqual(self.check('list', '--recursive', 'pets.json'), 'ä 💚 ß "é"\n')
        self.assertEqual(self.run_tool('get', 'pets.json', 'x')[0], 1)

    def test_terminal(self):
        """A text from somewhere else does not take over the terminal; a program gets it as it is."""
        self.write('pets.json', '[{"a":{"b":{"c":"\\u001b]0;x\\u0007\x9b2J\u202e"}}},{}]')
        self.assertEqual(self.check('get', 'pets.json', 'a', 'b', 'c'), '\x1b]0;x\x07\x9b2J\u202e\n')
        parent, child = pty.openpty()
        for args in ['get', 'pets.json', 'a', 'b', 'c'], ['get', 'pets.json']:
            subprocess.run([PROGRAM, *args], cwd=self.folder, env=self.env, stdout=child, check=True, timeout=PATIENCE)
            line = os.read(parent, 1000).decode()
            self.assertIn('\\u001b]0;x\\u0007\\u009b2J\\u202e', line.replace('\\a', '\\u0007'))
            self.assertTrue(line.removesuffix('\r\n').isprintable())
        self.check('set', 'pets.json', 'a', 'b', 'c', 'two\n\tlines')
        subprocess.run([PROGRAM, 'get', 'pets.json', 'a', 'b', 'c'], cwd=self.folder, env=self.env, stdout=child,
                       check=True, timeout=PATIENCE)
        self.assertEqual(os.read(parent, 1000).expandtabs(8), b'two\r\n        lines\r\n')
        os.close(parent)
        os.close(child)
        self.check_fails('There is no "\\u001b[31m"', 'get', 'pets.json', '\x1b[31m')


class Files(Case):
    def test_bad_input(self):
        self.write('pets.json', CONTENT)
        for text, message in {
                b'': 'empty', b'\0': 'not text', CONTENT.encode() + b'\0': 'not text', b'\xff': 'line 1, column 1',
                b'[{"a":{"b":{"c":\xff}}},{}]': 'line 1, column', b'[' * 100000: 'line 1, column',
                b'[{"a":{"b":{"c":1e999}}},{}]': 'line 1, column', b'[{"a":{}},{}]': 'line 1, column',
                b'[{"a":{"b":{"c":1,"c":2}}},{}]': 'twice', b'\xef\xbb\xbf[{},{}]': 'byte order mark'}.items():
            for options in [], ['--merge'], ['--changes']:
                if options != ['--changes'] or message != 'twice':
                    self.check_fails('', 'import', *options, 'pets.json', stdin=text)
            self.check_fails(message, 'import', 'pets.json', stdin=text)
            self.check_fails(message, 'diff', 'pets.json', '-', stdin=text)
        self.check_fails('not text', 'import', 'pets.json', '/dev/zero')
        self.check_fails('Cannot read “x”', 'import', 'pets.json', 'x')
        self.check_fails('Cannot read “.”', 'import', 'pets.json', '.')
        self.check_fails('', 'get', '.')
        self.check_fails('', 'set', 'x/pets.json', 'a', 'b', 'c', '1')
        self.assertEqual(self.read('pets.json').decode(), CONTENT)

    if os.environ.get('TST_TEST_SOAK'):
        def test_large_input(self):
            """Takes some GiB of memory."""
            with subprocess.Popen(['yes'], stdout=subprocess.PIPE) as endless:
                result = subprocess.run([PROGRAM, 'import', 'pets.json'], cwd=self.folder, env=self.env,
                                        stdin=endless.stdout, capture_output=True, timeout=PATIENCE, check=False)
                endless.kill()
            self.assertEqual((result.returncode, result.stdout, result.stderr.decode()),
                             (1, b'', 'tstore: Cannot read “-”: File too large\n'))

    def test_import(self):
        self.write('pets.json', CONTENT)
        self.write('more.json', '[{"pets":{"fido":{"price":6},"felix":{"species":"cat"}}},{"open":true}]')
        self.check('import', '--merge', 'pets.json', 'more.json')
        self.assertEqual(json.loads(self.check('get', 'pets.json')),
                         [{'pets': {'fido': {'species': 'dog', 'price': 6}, 'felix': {'species': 'cat'}},
                           'shops': {'1': {'open': True}}}, {'currency': 'EUR', 'open': True}])
        self.check('import', 'pets.json', 'more.json')
        self.assertEqual(self.check('diff', 'pets.json', 'more.json'), '')
        # Of a text without keyed values, there are none.
        self.check('import', 'pets.json', stdin='{"pets":{"fido":{"price":7}}}')
        self.assertEqual(self.check('get', 'pets.json'), '[{"pets":{"fido":{"price":7}}},{}]\n')

    def test_password(self):
        for args in ['get', 'http://me:secret@localhost:1/x.json'], ['get', 'http://me:secret@/x.json']:
            code, out, err = self.run_tool(*args)
            self.assertIn(code, (1, 2))
            self.assertNotIn('secret', out + err)

    def test_kept(self):
        """A link stays one, a mode too, and nothing is left beside the file."""
        self.write('real.json', CONTENT)
        os.chmod(self.path('real.json'), 0o640)
        os.symlink('real.json', self.path('pets.json'))
        self.check('set', 'pets.json', 'pets', 'fido', 'price', '6')
        self.assertEqual(self.check('get', 'real.json', 'pets', 'fido', 'price'), '6\n')
        self.assertEqual(os.readlink(self.path('pets.json')), 'real.json')
        self.assertEqual(os.stat(self.path('real.json')).st_mode & 0o777, 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)), ['pets.json', 'real.json', 'run'])

    def test_reading_writes_nothing(self):
        self.write('pets.json', '\n' + CONTENT.replace(',', ' , '))
        before = os.stat(self.path('pets.json'))
        for args in ['list'], ['get'], ['export']:
            self.check(*args, 'pets.json')
        # What changes nothing, neither.
        self.check('set', 'pets.json', 'pets', 'fido', 'price', '5')
        self.check('import', 'pets.json', stdin=CONTENT)
        self.assertEqual(os.stat(self.path('pets.json')).st_mtime_ns, before.st_mtime_ns)
        self.assertEqual(os.stat(self.path('pets.json')).st_ino, before.st_ino)

    def test_empty_file(self):
        """As mktemp makes it."""
        self.write('pets.json', '')
        self.assertEqual(self.check('get', 'pets.json'), '[{},{}]\n')
        self.check('set', 'pets.json', 'pets', 'fido', 'price', '5')
        self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido', 'price'), '5\n')

    def test_watch_damage(self):
        """It is told, and what comes after it."""
        self.write('pets.json', CONTENT)
        watch = self.start('watch', '--initial', 'pets.json')
        self.assertEqual([self.read_line(watch.stdout) for _ in range(4)], ['+ ' + line for line in LINES.splitlines()])
        self.write('pets.json', '[{},')
        self.assertRegex(self.read_line(watch.stderr), '^tstore: .*line 1, column 5$')
        self.write('pets.json', CONTENT.replace('5', '6'))
        self.assertEqual([self.read_line(watch.stdout) for _ in range(2)],
                         ['- pets fido price 5', '+ pets fido price 6'])
        watch.stdout.close()
        self.write('pets.json', CONTENT.replace('5', '7'))
        # As any other program in a pipe.
        self.assertEqual((watch.wait(PATIENCE), watch.stderr.read()), (-signal.SIGPIPE, b''))
        watch.stderr.close()


class Compare(Case):
    def setUp(self):
        super().setUp()
        self.write('base.json', CONTENT)
        self.write('ours.json', CONTENT)
        self.write('theirs.json', CONTENT)

    def test_diff(self):
        self.assertEqual(self.check('diff', 'base.json', 'ours.json'), '')
        self.check('set', 'ours.json', 'pets', 'fido', 'price', '"5"')
        self.check('set', 'ours.json', 'pets', 'felix', 'species', 'cat')
        self.check('remove', 'ours.json', 'shops')
        self.check('set', '--value', 'ours.json', 'currency', '["EUR"]')
        self.check_answer('''- pets fido price 5
+ pets fido price "5"
+ pets felix species "cat"
- shops 1 open true
- --value currency "EUR"
+ --value currency ["EUR"]
''', 'diff', 'base.json', 'ours.json')
        code, changes, _err = self.run_tool('diff', '--json', 'base.json', 'ours.json')
        self.assertEqual(code, 3)
        self.check('import', '--changes', 'base.json', stdin=changes)
        self.assertEqual(self.check('diff', 'base.json', 'ours.json'), '')
        self.assertEqual(self.check('diff', 'base.json', '-', stdin=self.read('ours.json')), '')
        self.check_fails('nothing', 'diff', 'base.json', 'x.json')
        self.check_fails('nothing', 'diff', 'x.json', 'base.json')

    def test_merge(self):
        self.check('set', 'ours.json', 'pets', 'fido', 'price', '6')
        self.check('set', 'theirs.json', 'pets', 'felix', 'species', 'cat')
        self.check('remove', 'theirs.json', 'shops')
        merged = [{'pets': {'fido': {'species': 'dog', 'price': 6}, 'felix': {'species': 'cat'}}}, {'currency': 'EUR'}]
        before = self.read('ours.json')
        out = self.check('merge', '--stdout', '--base', 'base.json', 'ours.json', 'theirs.json')
        self.assertEqual((json.loads(out), self.read('ours.json')), (merged, before))
        self.check('merge', '--base', 'base.json', 'ours.json', 'theirs.json')
        self.assertEqual(json.loads(self.read('ours.json')), merged)

    def test_merge_one_side(self):
        """Whoever has changed something, and nobody."""
        self.check('merge', '--base', 'base.json', 'ours.json', 'theirs.json')
        self.assertEqual(self.read('ours.json').decode(), CONTENT)
        self.check('set', 'theirs.json', 'pets', 'fido', 'price', '6')
        self.check('merge', '--base', 'base.json', 'ours.json', 'theirs.json')
        self.assertEqual(self.check('diff', 'ours.json', 'theirs.json'), '')
        self.check('merge', '--base', 'base.json', 'ours.json', 'base.json')
        self.assertEqual(self.check('diff', 'ours.json', 'theirs.json'), '')

    def merge(self, *args):
        """Returns the result, and what was told, of a merge with conflicts."""
        code, out, err = self.run_tool('merge', '--stdout', *args)
        self.assertEqual(code, 3)
        return json.loads(out), err

    def test_conflicts(self):
        self.check('import', 'base.json',
                   stdin='[{"t":{"a":{"x":1,"y":1},"b":{"x":1,"y":1},"c":{"x":1,"y":1}}},{"v":1}]')
        self.check('import', 'ours.json', stdin='[{"t":{"a":{"x":2},"b":{"x":2,"y":1}}},{"v":2}]')
        self.check('import', 'theirs.json', stdin='[{"t":{"a":{"x":3,"y":3},"c":{"x":1,"y":3}}},{"v":3}]')
        result, err = self.merge('--base', 'base.json', 'ours.json', 'theirs.json')
        self.assertEqual(result, [{'t': {'a': {'x': 2, 'y': 3}, 'b': {'x': 2, 'y': 1}, 'c': {'x': 1, 'y': 3}}},
                                  {'v': 2}])
        self.assertEqual(sorted(err.splitlines()), [
            '--value v: Changed on both sides; ours was kept',
            't a x: Changed on both sides; ours was kept',
            't a y: Removed by us, changed by others; theirs was taken',
            't b: Changed by us, removed by others; it was kept',
            't c: Removed by us, changed by others; it came back'])

    def test_without_base(self):
        self.check('set', 'ours.json', 'pets', 'rex', 'price', '7')
        self.check('set', 'theirs.json', 'pets', 'felix', 'price', '8')
        self.check('set', 'theirs.json', 'pets', 'fido', 'price', '9')
        result, err = self.merge('ours.json', 'theirs.json')
        self.assertEqual({row: cells['price'] for row, cells in result[0]['pets'].items()},
                         {'fido': 5, 'rex': 7, 'felix': 8})
        self.assertEqual(err, 'pets fido price: Changed on both sides; ours was kept\n')

    def test_merge_fails(self):
        self.write('bad.json', '[')
        for args in (['--base', 'x.json', 'ours.json', 'theirs.json'], ['ours.json', 'x.json'], ['x.json', 'ours.json'],
                     ['--base', 'bad.json', 'ours.json', 'theirs.json'], ['ours.json', 'bad.json'],
                     ['bad.json', 'ours.json']):
            self.check_fails('', 'merge', *args)
        self.assertEqual((self.read('ours.json').decode(), self.read('bad.json')), (CONTENT, b'['))

    def test_validate(self):
        schema = {'pets': {'species': {'type': 'string', 'required': True}, 'price': {'type': 'number', 'default': 1}},
                  'shops': {'open': {'type': 'boolean'}}}
        self.write('schema.json', json.dumps([schema, {'currency': {'type': 'string'}}]))
        self.assertEqual(self.check('validate', 'ours.json', 'schema.json'), '')
        self.assertEqual(self.check('validate', '--json', 'ours.json', 'schema.json'), '[]\n')
        self.check('set', 'ours.json', 'pets', 'a\nb', 'colour', 'red')
        self.check('set', 'ours.json', 'shops', '1', 'open', '5')
        self.check('set', '--value', 'ours.json', 'x', '5')
        before = self.read('ours.json')
        code, out, err = self.run_tool('validate', 'ours.json', 'schema.json')
        self.assertEqual((code, err), (3, ''))
        self.assertEqual(out.splitlines()[:2], ['/pets/a\\u000ab/colour: There is no such cell in the schema',
                                                '/pets/a\\u000ab/species: It is required by the schema'])
        self.assertIn('/shops/1/open: The schema does not allow this type\n', out)
        code, as_json, _err = self.run_tool('validate', '--json', 'ours.json', 'schema.json')
        self.assertEqual(code, 3)
        places = [{name: text for name, text in misfit.items() if name != 'message'} for misfit in json.loads(as_json)]
        self.assertIn({'table': 'pets', 'row': 'a\nb', 'cell': 'colour'}, places)
        self.assertIn({'value': 'x'}, places)
        self.assertEqual(len(places), out.count('\n'))
        self.assertEqual(self.read('ours.json'), before)

    def test_bad_schema(self):
        for text in '', '[', '{"pets":{"price":{"type":"x"}}}', '\0':
            self.write('schema.json', text)
            self.check_fails('schema.json', 'validate', 'ours.json', 'schema.json')
        self.check_fails('x.json', 'validate', 'ours.json', 'x.json')
        self.write('schema.json', '[{},{}]')
        self.check_fails('nothing', 'validate', 'x.json', 'schema.json')


GIT = shutil.which('git')
if GIT:
    class Git(Case):
        def git(self, *args, code=0):
            env = dict(self.env, GIT_CONFIG_NOSYSTEM='1', GIT_AUTHOR_NAME='a', GIT_AUTHOR_EMAIL='a@example.org',
                       GIT_COMMITTER_NAME='a', GIT_COMMITTER_EMAIL='a@example.org')
            result = subprocess.run([GIT, *args], cwd=self.folder, env=env, capture_output=True, timeout=PATIENCE,
                                    check=False)
            self.assertEqual(result.returncode, code, result)
            return result.stdout.decode() + result.stderr.decode()

        def commit(self, branch, *args):
            self.git('checkout', '-q', '-B', branch, 'main')
            self.check('set', 'pets.json', *args)
            self.git('commit', '-q', '-a', '-m', branch)

        def test_merge(self):
            self.git('init', '-q', '-b', 'main')
            self.write('.gitattributes', '*.json merge=tstore\n')
            self.write('pets.json', CONTENT)
            self.git('config', 'merge.tstore.driver', 'tstore merge --base %O %A %B')
            self.git('add', '.gitattributes', 'pets.json')
            self.git('commit', '-q', '-m', 'first')
            self.commit('cheap', 'pets', 'fido', 'price', '1')
            self.commit('dear', 'pets', 'fido', 'price', '9')
            self.commit('cat', 'pets', 'fido', 'species', 'cat')
            # In one line of text, which git alone cannot merge.
            self.git('merge', '-q', '-m', 'both', 'cheap')
            self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido'), '{"species":"cat","price":1}\n')
            self.assertIn('pets fido price: Changed on both sides', self.git('merge', 'dear', code=1))
            self.assertEqual(self.check('get', 'pets.json', 'pets', 'fido', 'price'), '1\n')
            self.assertIn('UU pets.json', self.git('status', '--porcelain'))


class Completion(Case):
    def complete(self, line):
        """Of the last word, as bash parts them: also at colons."""
        words = [word for word in re.split(r'( +|:)', line) if word.strip(' ') != '']
        if line.endswith(' '):
            words.append('')
        script = '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tstore; printf "%s\\n" "${COMPREPLY[@]}"'
        out = subprocess.run(['bash', '--norc', '-c', script, 'bash', COMPLETION, *words], cwd=self.folder,
                             env=self.env, capture_output=True, timeout=PATIENCE, check=True)
        self.assertEqual(out.stderr, b'', line)
        return set(out.stdout.decode().split('\n')) - {''}

    def test_commands(self):
        self.assertEqual(self.complete('tstore '), COMMANDS | {'help', '--help', '--version'})
        self.assertEqual(self.complete('tstore m'), {'merge'})

    def test_options(self):
        for command in COMMANDS:
            options = re.findall(r'^  -\w, (--\w+)', self.check(command, '--help'), re.MULTILINE)
            self.assertEqual(self.complete(f'tstore {command} --'), set(options))

    def test_ids(self):
        self.write('pets.json', CONTENT)
        self.check('set', 'pets.json', 'pets', 'a b', 'x', '1')
        self.check('set', 'pets.json', 'pets', '$(touch y)', 'x', '1')
        self.assertEqual(self.complete('tstore get pe'), {'pets.json'})
        self.assertEqual(self.complete('tstore get pets.json '), {'pets', 'shops'})
        self.assertEqual(self.complete('tstore get pets.json s'), {'shops'})
        self.assertEqual(self.complete('tstore get pets.json pets '), {'fido', 'a\\ b', '\\$\\(touch\\ y\\)'})
        self.assertEqual(self.complete('tstore set --string pets.json pets fido '), {'species', 'price'})
        self.assertEqual(self.complete('tstore remove --value pets.json '), {'currency'})
        self.assertEqual(self.complete('tstore get pets.json pets fido price '), set())
        self.assertEqual(self.complete('tstore get x.json '), set())
        self.assertEqual(self.complete('tstore list pets.json $(touch y) '), set())
        self.assertEqual(self.complete('tstore get http://localhost:1/pets.json '), set())
        # Behind a colon, what is left of it.
        self.check('set', 'pets.json', 'pets', 'urn:a:b c', 'x', '1')
        self.write('x:y.json', CONTENT)
        self.assertEqual(self.complete('tstore get pets.json pets ur'), {'urn:a:b\\ c'})
        self.assertEqual(self.complete('tstore get pets.json pets urn:'), {'a:b\\ c'})
        self.assertEqual(self.complete('tstore get pets.json pets urn:a:'), {'b\\ c'})
        self.assertEqual(self.complete('tstore get x:y'), {'y.json'})
        self.check('set', 'local:org.example.App/pets', 'pets', 'fido', 'x', '1')
        self.assertEqual(self.complete('tstore get local:org.example.App/pets '), {'pets'})
        self.assertFalse(os.path.exists(self.path('y')))


class Manual(Case):
    def test_complete(self):
        """Each command and option is in it."""
        with open(MANUAL, encoding='utf-8') as file:
            text = file.read().replace('\\-', '-')
        for command in COMMANDS:
            self.assertRegex(text, rf'(?m)^\.B {command}\n|^\.BI? "?{command}\b')
            for option in re.findall(r'^  -\w, (--\w+)', self.check(command, '--help'), re.MULTILINE):
                self.assertIn(option, text)

    if shutil.which('groff'):
        def test_roff(self):
            out = subprocess.run(['groff', '-man', '-ww', '-z', '-K', 'utf8', MANUAL], capture_output=True,
                                 timeout=PATIENCE, check=True)
            self.assertEqual((out.stdout, out.stderr), (b'', b''))


if __name__ == '__main__':
    tap.main()
