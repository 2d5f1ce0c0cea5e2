#!/bin/sh
# The place that a container has, then what is given behind `--`: the repository at $APP, each volume (source:path) where it
# is mounted, and with READ_ONLY=true nothing else that can be written to. In a mount namespace of its own: nothing of it is
# seen outside. Usage: unshare --mount sh pod-place.sh [source:path …] -- command …
set -eu
mount --make-rprivate /

repository=$PWD
mount -t tmpfs tmpfs "$(dirname "$APP")"
mkdir "$APP"
mount --bind "$repository" "$APP"
cd "$APP"

kept=''
while [ "$1" != -- ]; do
  path=${1#*:}
  mount -t tmpfs tmpfs "$(dirname "$path")"
  mkdir "$path"
  mount --bind "${1%%:*}" "$path"
  kept="$kept $path "
  shift
done
shift

if [ "$READ_ONLY" = true ]; then
  cut -d ' ' -f 5 /proc/self/mountinfo | while read -r mounted; do
    case $mounted in
      /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;;
    esac
    case $kept in
      *" $mounted "*) continue ;;
    esac
    mount -o remount,bind,ro "$mounted"
  done
fi
unset APP READ_ONLY PWD OLDPWD
exec "$@"
