# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""How programs save a file: step by step as they do, and the programs themselves.

A writer changes the text of the file with a function, on the whole text that it has
read. It takes no lock."""

import os
import shutil
import subprocess

from gi.repository import Gio

OLD, NEW = '"edit":{"n":"old"}', '"edit":{"n":"new"}'


def change(text):
    """The one edit that all of them make."""
    assert OLD in text, text
    return text.replace(OLD, NEW)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def write(path, text, mode='w'):
    with open(path, mode, encoding='utf-8') as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def vim_rename(path, text):
    """vim, backupcopy=no: the old one is the backup, the new one a new file."""
    os.rename(path, path + '~')
    write(path, text, 'x')
    os.remove(path + '~')


def vim_copy(path, text):
    """vim, backupcopy=yes, and emacs of a file with several names: a copy, then in place."""
    shutil.copy2(path, path + '~')
    write(path, text)
    os.remove(path + '~')


def truncate_and_write(path, text):
    """VS Code, nano, and any shell with `>`: empty for a moment, then half written."""
    fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    data = text.encode()
    os.write(fd, data[:len(data) // 2])
    os.write(fd, data[len(data) // 2:])
    os.fsync(fd)
    os.close(fd)


def write_and_truncate(path, text):
    """rsync --inplace and others: what was there is overwritten, then the rest cut off."""
    fd = os.open(path, os.O_WRONLY)
    os.write(fd, text.encode())
    os.ftruncate(fd, len(text.encode()))
    os.close(fd)


def rename_over(path, text):
    """sed -i, rsync, kate, `jq … >new && mv`, TinyBase: it has its name when it is whole."""
    write(path + '.new', text)
    os.rename(path + '.new', path)


def remove_and_create(path, text):
    """git: the old one is removed first."""
    os.remove(path)
    write(path, text, 'x')


def gio(path, text):
    """gedit, GNOME Text Editor: g_file_replace_contents() itself."""
    Gio.File.new_for_path(path).replace_contents(text.encode(), None, False,
                                                 Gio.FileCreateFlags.NONE, None)


def gio_backup(path, text):
    """The same, with a backup."""
    Gio.File.new_for_path(path).replace_contents(text.encode(), None, True,
                                                 Gio.FileCreateFlags.NONE, None)
    os.remove(path + '~')


# What they write they have read some time before.
STEPS = [vim_rename, vim_copy, truncate_and_write, write_and_truncate, rename_over,
         remove_and_create, gio, gio_backup]


# The programs themselves, which read and write in one go. What else they need is in a
# folder beside that of the file.


def run(*argv):
    env = dict(os.environ, GIT_CONFIG_NOSYSTEM='1', GIT_CONFIG_GLOBAL='/dev/null')
    return subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          env=env, timeout=60).stdout.decode().strip()


def vim(path, copy):
    run(PROGRAMS['vim'], '-u', 'NONE', '-i', 'NONE', '-n', '-es', '-c', f'set backupcopy={copy}',
        '-c', f'%s/{OLD}/{NEW}/', '-c', 'wq', path)


def real_vim_rename(path, beside):
    vim(path, 'no')


def real_vim_copy(path, beside):
    vim(path, 'yes')


def real_sed(path, beside):
    run('sed', '--in-place', f's/{OLD}/{NEW}/', path)


def real_jq(path, beside):
    write(path + '.new', run('jq', '--compact-output', '.[0].writes.edit.n = "new"', path))
    run('mv', path + '.new', path)


def real_sh(path, beside):
    run('sh', '-c', 'text=$(sed "$2" "$1"); printf "%s\n" "$text" >"$1"', 'sh', path, f's/{OLD}/{NEW}/')


def real_rsync(path, beside, *options):
    source = os.path.join(beside, 'new.json')
    write(source, change(read(path)))
    run('rsync', '--checksum', *options, source, path)


def real_rsync_inplace(path, beside):
    real_rsync(path, beside, '--inplace')


def real_git(path, beside):
    """Checks out what is in the index, which is the new one."""
    source = os.path.join(beside, 'new.json')
    write(source, change(read(path)))
    git = ['git', '--git-dir', os.path.join(beside, 'git'), '--work-tree', os.path.dirname(path)]
    run(*git, 'init', '--quiet')
    run(*git, 'update-index', '--add', '--cacheinfo',
        f'100644,{run(*git, "hash-object", "-w", source)},store.json')
    run(*git, '-C', os.path.dirname(path), 'checkout', '--force', '--', 'store.json')


REAL = [real_git, real_jq, real_rsync, real_rsync_inplace, real_sed, real_sh, real_vim_copy,
        real_vim_rename]

PROGRAMS = {name: shutil.which(name) for name in ('git', 'jq', 'rsync', 'sed', 'sh')}
PROGRAMS['vim'] = shutil.which('vim.tiny') or shutil.which('vim')


def program_of(writer):
    """The path of the program that it needs, if that is there."""
    return PROGRAMS[writer.__name__.split('_')[1]]
