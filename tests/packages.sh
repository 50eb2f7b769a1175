# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2034
#
# To be sourced. What demo/run and tests/run need, by the names of Debian's packages.

packages_build='gcc libc6-dev meson ninja-build pkg-config gettext libglib2.0-dev libjson-glib-dev libsoup-3.0-dev glib-networking'
packages_demo='libgtk-4-dev adwaita-icon-theme librsvg2-common fonts-dejavu-core'
packages_server='libsoup-3.0-dev glib-networking openssl'
packages_other_servers='apache2-bin nginx-light rclone'
packages_no_display='xvfb x11-utils imagemagick dbus-daemon'
packages_bindings='gobject-introspection libgirepository1.0-dev valac gjs python3-gi gir1.2-gtk-4.0 gir1.2-json-1.0 gir1.2-soup-3.0'
packages_docs='gi-docgen'
packages_gui='openbox at-spi2-core gir1.2-atspi-2.0 xdotool'
packages_counterparts='git iproute2 jq rsync vim-tiny'
packages_checks='clang-14 clang-tidy-14 libclang-rt-14-dev llvm-14 valgrind libc6-dbg desktop-file-utils appstream flatpak-builder groff-base'

is_missing ()
{
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" != installed ]
}

# need_packages PACKAGE...: installs those that are missing. Where there is no
# apt, it is for meson to say what is missing; in CI, nothing may be.
need_packages ()
{
  if ! command -v apt-get >/dev/null
  then
    [ -z "${CI:-}" ] || { echo 'need_packages: CI needs apt-get' >&2; return 1; }
    return 0
  fi

  packages_missing=
  for package
  do
    if is_missing "$package"
    then
      packages_missing="$packages_missing $package"
    fi
  done
  [ -n "$packages_missing" ] || return 0

  as_root=
  if [ "$(id -u)" != 0 ]
  then
    as_root=sudo
    command -v sudo >/dev/null ||
      { echo "Please install as root: apt-get install$packages_missing" >&2; return 1; }
  fi

  echo "Installing$packages_missing" >&2
  packages_log=$(mktemp)
  # shellcheck disable=SC2086
  if $as_root apt-get update >"$packages_log" 2>&1 &&
     $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
       $packages_missing >>"$packages_log" 2>&1 </dev/null
  then
    rm -f "$packages_log"
  else
    cat "$packages_log" >&2
    rm -f "$packages_log"
    return 1
  fi
}
