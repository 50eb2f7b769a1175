# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2034
#
# To be sourced. What demo/run and tests/run need, by the names of Debian's packages; and
# what these are called elsewhere, where they are told and not installed.

packages_build='gcc libc6-dev meson ninja-build pkg-config gettext libglib2.0-dev libjson-glib-dev libsoup-3.0-dev glib-networking'
packages_demo='libgtk-4-dev adwaita-icon-theme librsvg2-common fonts-dejavu-core'
packages_server='libsoup-3.0-dev glib-networking openssl'
packages_other_servers='apache2-bin nginx-light rclone'
packages_no_display='xvfb x11-utils imagemagick dbus-daemon'
packages_bindings='gobject-introspection libgirepository1.0-dev valac gjs python3-gi mypy gir1.2-gtk-4.0 gir1.2-json-1.0 gir1.2-soup-3.0'
packages_docs='gi-docgen'
packages_gui='openbox at-spi2-core gir1.2-atspi-2.0 xdotool'
packages_counterparts='git iproute2 jq rsync vim-tiny'
packages_checks='clang-14 clang-tidy-14 libclang-rt-14-dev lld-14 llvm-14 valgrind libc6-dbg desktop-file-utils appstream flatpak-builder groff-base abigail-tools gnome-desktop-testing'
packages_packaging='debhelper dpkg-dev lintian appstream dbus-daemon desktop-file-utils'
packages_reproducible='faketime'
packages_new_user='debootstrap'

# With a + between several; a - where there is no such package, or none is needed.
packages_elsewhere='
Debian                 Fedora                    Arch                    openSUSE                  Alpine
abigail-tools          libabigail                -                       libabigail-tools          -
adwaita-icon-theme     adwaita-icon-theme        adwaita-icon-theme      adwaita-icon-theme        adwaita-icon-theme
apache2-bin            httpd                     apache                  apache2                   apache2-webdav
appstream              appstream                 appstream               AppStream                 appstream
at-spi2-core           at-spi2-core              at-spi2-core            at-spi2-core              at-spi2-core
clang-14               clang                     clang                   clang                     clang
clang-tidy-14          clang-tools-extra         clang                   clang-tools               clang-extra-tools
dbus-daemon            dbus-daemon               dbus                    dbus-1-daemon             dbus
debhelper              debhelper                 -                       -                         -
debootstrap            debootstrap               debootstrap             debootstrap               debootstrap
desktop-file-utils     desktop-file-utils        desktop-file-utils      desktop-file-utils        desktop-file-utils
dpkg-dev               dpkg-dev                  dpkg                    dpkg                      dpkg-dev
faketime               libfaketime               libfaketime             libfaketime               libfaketime
flatpak-builder        flatpak-builder           flatpak-builder         flatpak-builder           flatpak-builder
fonts-dejavu-core      dejavu-sans-fonts         ttf-dejavu              dejavu-fonts              font-dejavu
gcc                    gcc                       gcc                     gcc                       gcc
gettext                gettext                   gettext                 gettext-tools             gettext
gi-docgen              gi-docgen                 gi-docgen               gi-docgen                 gi-docgen
gir1.2-atspi-2.0       at-spi2-core              at-spi2-core            typelib-1_0-Atspi-2_0     at-spi2-core
gir1.2-gtk-4.0         gtk4                      gtk4                    typelib-1_0-Gtk-4_0       gtk4.0
gir1.2-json-1.0        json-glib                 json-glib               typelib-1_0-Json-1_0      json-glib
gir1.2-soup-3.0        libsoup3                  libsoup3                typelib-1_0-Soup-3_0      libsoup3
git                    git                       git                     git                       git
gjs                    gjs                       gjs                     gjs                       gjs
glib-networking        glib-networking           glib-networking         glib-networking           glib-networking
gnome-desktop-testing  gnome-desktop-testing     -                       -                         -
gobject-introspection  gobject-introspection     gobject-introspection   gobject-introspection     gobject-introspection
groff-base             groff-base                groff                   groff                     groff
imagemagick            ImageMagick               imagemagick             ImageMagick               imagemagick
iproute2               iproute                   iproute2                iproute2                  iproute2
jq                     jq                        jq                      jq                        jq
libc6-dbg              -                         -                       -                         musl-dbg
libc6-dev              glibc-devel               glibc                   glibc-devel               musl-dev
libclang-rt-14-dev     compiler-rt               compiler-rt             -                         compiler-rt
libgirepository1.0-dev gobject-introspection-devel gobject-introspection gobject-introspection-devel gobject-introspection-dev
libglib2.0-dev         glib2-devel               glib2-devel             glib2-devel               glib-dev
libgtk-4-dev           gtk4-devel                gtk4                    gtk4-devel                gtk4.0-dev
libjson-glib-dev       json-glib-devel           json-glib               json-glib-devel           json-glib-dev
librsvg2-common        librsvg2                  librsvg                 gdk-pixbuf-loader-rsvg    librsvg
libsoup-3.0-dev        libsoup3-devel            libsoup3                libsoup-devel             libsoup3-dev
lintian                lintian                   -                       -                         -
lld-14                 lld                       lld                     lld                       lld
llvm-14                llvm                      llvm                    llvm                      -
meson                  meson                     meson                   meson                     meson
mypy                   python3-mypy              mypy                    python3-mypy              py3-mypy
nginx-light            nginx                     nginx                   nginx                     nginx
ninja-build            ninja-build               ninja                   ninja                     samurai
nodejs                 nodejs                    nodejs                  nodejs-default            nodejs
npm                    npm                       npm                     npm-default               npm
openbox                openbox                   openbox                 openbox                   openbox
openssl                openssl                   openssl                 openssl                   openssl
pkg-config             pkgconf-pkg-config        pkgconf                 pkg-config                pkgconf
python3-gi             python3-gobject           python-gobject          python3-gobject           py3-gobject3
rclone                 rclone                    rclone                  rclone                    rclone
rsync                  rsync                     rsync                   rsync                     rsync
valac                  vala                      vala                    vala                      vala
valgrind               valgrind                  valgrind                valgrind                  valgrind
vim-tiny               vim-enhanced              vim                     vim                       vim
x11-utils              xprop+xwininfo            xorg-xprop+xorg-xwininfo xprop+xwininfo           xprop+xwininfo
xdotool                xdotool                   xdotool                 xdotool                   xdotool
xvfb                   xorg-x11-server-Xvfb      xorg-server-xvfb        xorg-x11-server-Xvfb      xvfb
'

# name_elsewhere COLUMN PACKAGE...: the names of the packages in that column.
name_elsewhere ()
{
  packages_column=$1
  shift
  for package
  do
    printf '%s\n' "$packages_elsewhere" |
      awk -v column="$packages_column" -v package="$package" \
        '$1 == package && $column != "-" { gsub (/\+/, "\n", $column); print $column }'
  done | sort -u
}

# say_missing COLUMN INSTALL HAS PACKAGE...: with INSTALL, what installs packages there, and
# HAS, what says whether one is installed.
say_missing ()
{
  packages_install=$2 packages_has=$3 packages_missing=
  packages_column=$1
  shift 3
  for package in $(name_elsewhere "$packages_column" "$@")
  do
    $packages_has "$package" >/dev/null 2>&1 || packages_missing="$packages_missing $package"
  done
  [ -z "$packages_missing" ] || echo "Please install as root: $packages_install$packages_missing" >&2
}

# say_missing_here PACKAGE...: whether they are needed, and called that, is for meson to say.
say_missing_here ()
{
  if command -v zypper >/dev/null
  then
    say_missing 4 'zypper install' 'rpm -q --whatprovides' "$@"
  elif command -v dnf >/dev/null
  then
    say_missing 2 'dnf install' 'rpm -q --whatprovides' "$@"
  elif command -v pacman >/dev/null
  then
    say_missing 3 'pacman -S' 'pacman -T' "$@"
  elif command -v apk >/dev/null
  then
    say_missing 5 'apk add' 'apk info -e' "$@"
  fi
}

is_missing ()
{
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" != installed ]
}

# need_packages PACKAGE...: installs those that are missing. Where there is no
# apt, only says which; in CI, nothing may be missing.
need_packages ()
{
  if ! command -v apt-get >/dev/null
  then
    [ -z "${CI:-}" ] || { echo 'need_packages: CI needs apt-get' >&2; return 1; }
    say_missing_here "$@"
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
