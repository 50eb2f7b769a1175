# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# To be sourced. Installs, and uses what is installed as a program elsewhere would.

# find_there PREFIX LIBDIR: what is in a prefix is found as if it were /usr, by somebody
# whose home, in $root, is empty.
find_there ()
{
  export HOME="$root/home" GSETTINGS_BACKEND=memory
  unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
  mkdir "$HOME"
  export PKG_CONFIG_PATH="$1/$2/pkgconfig"
  export LD_LIBRARY_PATH="$1/$2"
  export GI_TYPELIB_PATH="$1/$2/girepository-1.0"
  export XDG_DATA_DIRS="$1/share:/usr/share"
  export PATH="$1/bin:$PATH"
  override=$(find "$1" -path '*/gi/overrides/TStore.py')
  export PYTHONPATH="${override%/gi/overrides/TStore.py}"
}

# stage BUILD PREFIX LIBDIR: installs into a root of its own, $root, as a packager does.
# What names its own place is told that it is another one.
stage ()
{
  root=$(mktemp -d)
  trap 'rm -rf "$root"' EXIT
  DESTDIR=$root meson install -C "$1" --no-rebuild --quiet >/dev/null
  sed -i "s|^prefix=.*|prefix=$root$2|" "$root$2/$3/pkgconfig/libtstore-1.pc"
  glib-compile-schemas --strict "$root$2/share/glib-2.0/schemas"
  find_there "$root$2" "$3"
}

# use PREFIX LIBDIR TESTS: all that is in a prefix.
use ()
{
  use_files "$1" "$2"
  use_languages "$1" "$3"
  use_programs "$1"
}

# use_files PREFIX LIBDIR: each is where others look for it.
use_files ()
{
  set -- "$1" \
    "$1/include/libtstore-1/libtstore/tstore.h" \
    "$1/$2/libtstore-1.so" \
    "$1/$2/pkgconfig/libtstore-1.pc" \
    "$1/$2/girepository-1.0/TStore-1.typelib" \
    "$1/share/gir-1.0/TStore-1.gir" \
    "$1/share/vala/vapi/libtstore-1.deps" \
    "$1/share/vala/vapi/libtstore-1.vapi" \
    "$1/share/gjs-1.0/overrides/TStore.js" \
    "$1/share/glib-2.0/schemas/org.tstore.Storage.gschema.xml" \
    "$1/share/locale/de/LC_MESSAGES/libtstore-1.mo" \
    "${override%/gi/overrides/TStore.py}/gi-stubs/repository/TStore.pyi" \
    "${override%/gi/overrides/TStore.py}/gi-stubs/repository/__init__.pyi" \
    "$1/share/man/man1/tstore.1" \
    "$1/share/man/man1/tstore-demo.1" \
    "$1/share/man/man1/tstore-demo-server.1" \
    "$1/share/bash-completion/completions/tstore" \
    "$1/share/icons/hicolor/scalable/apps/org.tstore.Pets.svg" \
    "$1/share/icons/hicolor/symbolic/apps/org.tstore.Pets-symbolic.svg" \
    "$1"/share/applications/org.tstore.Pets*.desktop \
    "$1"/share/dbus-1/services/org.tstore.Pets*.service \
    "$1"/share/metainfo/org.tstore.Pets*.metainfo.xml
  shift
  for file
  do
    [ -e "$file" ] || { echo "Not installed: $file" >&2; return 1; }
  done
}

# use_languages PREFIX TESTS: what the guide to getting started says, in all of its
# languages, and some tests.
use_languages ()
{
  PYTHONPATH=$PYTHONPATH:$2/bindings
  (
    cd "$root"
    # shellcheck disable=SC2046
    valac --quiet --vapidir="$1/share/vala/vapi" --pkg=libtstore-1 -o vala-test "$2/bindings/test-store.vala" \
      $(printf ' -X %s' -w $(pkg-config --cflags --libs libtstore-1)) &&
    ./vala-test --tap &&
    /usr/bin/python3 "$2/bindings/test_store.py" &&
    gjs -m "$2/bindings/test-store.js" &&
    /usr/bin/python3 "$2/guide/test_samples.py" "$2/.." "$root" "$1/bin/tstore-demo-server" sh
  ) >"$root/log" 2>&1 || { cat "$root/log" >&2; return 1; }
}

# use_programs PREFIX: the demo and the tool with its completion, and the schema.
use_programs ()
{
  file=$root/pets.json
  tstore-demo --add=Fido "$file" >/dev/null || return 1
  row=$(tstore list "$file" pets) || return 1
  [ "$(tstore get "$file" pets "$row" name)" = Fido ] || { echo 'Not added' >&2; return 1; }
  grep -q '^Exec=.*/bin/tstore-demo' "$1"/share/dbus-1/services/org.tstore.Pets*.service ||
    { echo 'Not started by D-Bus' >&2; return 1; }
  # shellcheck disable=SC2016
  bash -c '. "$1"; complete -p tstore' bash "$1/share/bash-completion/completions/tstore" >/dev/null || return 1
  gsettings list-relocatable-schemas | grep -qx org.tstore.Storage.Item || { echo 'No schema' >&2; return 1; }
}
