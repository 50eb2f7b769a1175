# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts HTTP servers that others have made, on loopback, each in a temporary folder.

    with servers.start('apache') as server:
        ... server.uri ...

Their packages are in tests/packages.sh."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time

# For a server to start, or to end.
PATIENCE = 30

PATH = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'

APACHE = '''
{modules}
{user}
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile run/pid
Mutex file:{folder}/run default
ErrorLog log
TypesConfig /dev/null
DavLockDB run/lock
DocumentRoot "{folder}/documents"
<Directory "{folder}/documents">
  Dav On
  FileETag MTime Size INode
  Require all granted
</Directory>
'''

NGINX = '''
daemon off;
worker_processes 1;
pid {folder}/run/pid;
error_log {folder}/log;
events {{ }}
http {{
  access_log off;
  client_max_body_size 64m;
  client_body_temp_path {folder}/run/body;
  proxy_temp_path {folder}/run/proxy;
  fastcgi_temp_path {folder}/run/fastcgi;
  uwsgi_temp_path {folder}/run/uwsgi;
  scgi_temp_path {folder}/run/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/documents;
    location / {{ dav_methods PUT DELETE; }}
  }}
}}
'''


def make_apache(folder, port):
    names = 'mpm_event', 'authz_core', 'dav', 'dav_fs', 'mime', 'setenvif'
    modules = '\n'.join(f'LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so' for name in names)
    user = 'User nobody\nGroup nogroup' if os.geteuid() == 0 else ''
    write_settings(folder, APACHE.format(folder=folder, port=port, modules=modules, user=user))
    return ['apache2', '-f', f'{folder}/settings', '-DFOREGROUND']


def make_nginx(folder, port):
    write_settings(folder, NGINX.format(folder=folder, port=port))
    return ['nginx', '-c', f'{folder}/settings', '-p', folder, '-e', f'{folder}/log']


def make_rclone(folder, port):
    return ['rclone', 'serve', 'webdav', f'{folder}/documents', '--addr', f'127.0.0.1:{port}', '--config', '/dev/null']


PROGRAMS = {'apache': ('apache2', make_apache), 'nginx': ('nginx', make_nginx), 'rclone': ('rclone', make_rclone)}


def write_settings(folder, text):
    with open(f'{folder}/settings', 'w', encoding='utf-8') as file:
        file.write(text)


def is_there(kind):
    return shutil.which(PROGRAMS[kind][0], path=PATH) is not None


def find_port():
    with socket.socket() as any_socket:
        any_socket.bind(('127.0.0.1', 0))
        return any_socket.getsockname()[1]


def make_folder():
    folder = tempfile.mkdtemp(prefix='tst-servers-')
    os.chmod(folder, 0o755)
    for name in 'run', 'documents':
        os.mkdir(f'{folder}/{name}')
        # Those that are started by root do not stay it.
        if os.geteuid() == 0:
            shutil.chown(f'{folder}/{name}', 'nobody')
    return folder


class Server:
    def __init__(self, kind):
        self.kind = kind
        self.folder = make_folder()
        self.port = find_port()
        self.uri = f'http://127.0.0.1:{self.port}/'
        command = PROGRAMS[kind][1](self.folder, self.port)
        # pylint: disable=consider-using-with
        self.output = open(f'{self.folder}/output', 'wb')
        self.process = subprocess.Popen(command, env=dict(os.environ, PATH=PATH), stdin=subprocess.DEVNULL,
                                        stdout=self.output, stderr=subprocess.STDOUT)

    def is_up(self):
        try:
            with socket.create_connection(('127.0.0.1', self.port), PATIENCE):
                return True
        except ConnectionRefusedError:
            return False

    def read_log(self):
        text = ''
        for name in 'output', 'log':
            with contextlib.suppress(FileNotFoundError), open(f'{self.folder}/{name}', encoding='utf-8') as file:
                text += file.read()
        return text

    def wait(self):
        deadline = time.monotonic() + PATIENCE
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f'{self.kind} did not start:\n{self.read_log()}')
            time.sleep(0.02)

    def stop(self):
        """All of its processes: apache2 and nginx end their own."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def start(kind):
    server = Server(kind)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
