#!/bin/bash
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs a command with a display, a window manager, a session bus and an
# accessibility bus of its own, in a home of its own.
#
#   run-gui-test.sh COMMAND [ARGUMENT...]
#
# GUI_SIZE is the size of the screen, GUI_TIMEOUT how many seconds it may take.
# Ends with 77, which is a skipped test, if a program for that is missing.
set -u

for program in Xvfb openbox dbus-run-session xdotool xprop xwininfo import
do
  command -v "$program" >/dev/null || { echo "1..0 # SKIP $program is missing"; exit 77; }
done

if [ -z "${GUI_INNER:-}" ]
then
  folder=$(mktemp -d)
  xvfb=
  trap '[ -z "$xvfb" ] || { kill "$xvfb"; wait "$xvfb"; } 2>/dev/null; rm -rf "$folder"' EXIT
  mkdir -m 700 "$folder"/{home,run,config,data,cache,state}
  # What is to be clicked stays where it is.
  mkdir "$folder/config/gtk-4.0"
  printf '[Settings]\ngtk-enable-animations=false\n' >"$folder/config/gtk-4.0/settings.ini"

  # Xvfb picks a free display itself, and says which when it is ready.
  exec 3<> <(:)
  Xvfb -displayfd 3 -screen 0 "${GUI_SIZE:-1280x900}x24" -nolisten tcp -noreset >"$folder/xvfb.log" 2>&1 &
  xvfb=$!
  read -r -t 20 display <&3 || { cat "$folder/xvfb.log" >&2; exit 3; }

  env -u GTK_THEME -u WAYLAND_DISPLAY -u XAUTHORITY -u LD_PRELOAD \
      -u DBUS_SESSION_BUS_ADDRESS -u AT_SPI_BUS_ADDRESS \
    GUI_INNER=1 DISPLAY=":$display" GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi \
    HOME="$folder/home" XDG_RUNTIME_DIR="$folder/run" XDG_CONFIG_HOME="$folder/config" \
    XDG_DATA_HOME="$folder/data" XDG_CACHE_HOME="$folder/cache" XDG_STATE_HOME="$folder/state" \
    GTK_IM_MODULE=gtk-im-context-simple GSETTINGS_BACKEND=memory GIO_USE_VFS=local LC_ALL=C.UTF-8 \
    timeout -k 5 "${GUI_TIMEOUT:-150}" dbus-run-session -- "$0" "$@" 4>&1 5>&2 >"$folder/dbus.log" 2>&1
  exit
fi

# What the bus and its services say stays in dbus.log.
exec >&4 2>&5 4>&- 5>&-

openbox >/dev/null 2>&1 &
wm=$!
# It is ready once it has set this property.
for _ in $(seq 500)
do
  xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
  sleep 0.02
done

"$@"
status=$?
kill "$wm"
exit "$status"
