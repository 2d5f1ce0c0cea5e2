# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the scripts that read this one
# Where things are. DESTDIR goes before them all, for packagers and tests.

readonly ROOT=${DESTDIR:-}
readonly HOME_FOLDER=$ROOT/opt/alert-threader
readonly RELEASES=$HOME_FOLDER/releases
readonly CURRENT=$HOME_FOLDER/current
readonly PREVIOUS=$HOME_FOLDER/previous
# Is there while `current` has not been seen to work yet: the release that did.
readonly LAST_GOOD=$HOME_FOLDER/last-good
readonly SETTINGS_FOLDER=$ROOT/etc/alert-threader
readonly SETTINGS=$SETTINGS_FOLDER/alert-threader.env
readonly STATE=$ROOT/var/lib/alert-threader
readonly CACHE=$ROOT/var/cache/alert-threader
readonly UNITS=$ROOT/etc/systemd/system
readonly UNIT=$UNITS/alert-threader.service
readonly DROP_INS=$UNITS/alert-threader.service.d
readonly SERVICE_USER=alert-threader
