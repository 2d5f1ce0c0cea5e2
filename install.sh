#!/usr/bin/env bash
# Installs Alert Threader on a host with systemd. `./install.sh --help` says how.
set -euo pipefail

SOURCE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=tools/host/say.sh
. "$SOURCE/tools/host/say.sh"
# shellcheck source=tools/host/paths.sh
. "$SOURCE/tools/host/paths.sh"
# shellcheck source=tools/host/settings.sh
. "$SOURCE/tools/host/settings.sh"
# shellcheck source=tools/host/ask.sh
. "$SOURCE/tools/host/ask.sh"
# shellcheck source=tools/host/release.sh
. "$SOURCE/tools/host/release.sh"
# shellcheck source=tools/host/service.sh
. "$SOURCE/tools/host/service.sh"
# shellcheck source=tools/host/remove.sh
. "$SOURCE/tools/host/remove.sh"

usage() {
  cat <<'HELP'
sudo ./install.sh                installs it, and asks what it has to know; later: installs what is new in this folder
sudo ./install.sh --unattended   the same without questions
sudo ./install.sh --upgrade      installs what is new in this folder; never asks; stops when nothing is installed
sudo ./install.sh --uninstall    removes it; settings and state stay
sudo ./install.sh --uninstall --purge    removes settings, state and the user too
./install.sh --pack FILE.tar.gz  makes a release for hosts without npm

  --store file|redis     where threads are kept (file)        --bind ADDRESS   where it listens (0.0.0.0)
  --channel C0123456789  Slack channel for alerts             --port PORT      (9009)
  --environment NAME     shown in messages                    --token-file F   tokens and other settings, NAME=value a line
  --no-start             installs files and starts nothing; for hosts where systemd does not run now

Tokens never go on the command line, where every user can read them. They come from --token-file, from the environment
(sudo --preserve-env=SLACK_BOT_TOKEN,SLACK_APP_TOKEN,REDIS_URL …), or from /etc/alert-threader/alert-threader.env.
All settings of that file may be given so; what the file sets already stays as it is.

DESTDIR=folder installs below that folder, for packages: no user is made, nothing is started.
HELP
}

ACTION=install UNATTENDED=0 PURGE=0 START=1 TOKEN_FILE='' PACK='' HEALTH='' BUILD='' STAGING='' ADDED=''
CHANGES=()

parse() {
  local argument
  for argument in "$@"; do
    [[ ! $argument =~ (xox[a-z]|xapp)[.-] ]] || fail 'a token on the command line can be read by every user of this host' \
      'Make a new one in Slack, and give it by --token-file FILE or by the environment.'
  done
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --unattended) UNATTENDED=1 ;;
      --upgrade) ACTION=upgrade UNATTENDED=1 ;;
      --uninstall) ACTION=uninstall ;;
      --purge) PURGE=1 ;;
      --no-start) START=0 ;;
      --store | --channel | --environment | --bind | --port | --token-file | --pack)
        [[ $# -gt 1 && -n $2 ]] || fail "$1 wants a value" 'See --help.'
        take "$1" "$2"
        shift
        ;;
      *) fail "unknown: $1" 'See --help.' ;;
    esac
    shift
  done
  [[ $PURGE -eq 0 || $ACTION == uninstall ]] || fail '--purge goes with --uninstall' 'See --help.'
  [[ -z $ROOT ]] || START=0
}

take() {
  case $1 in
    --store) GIVEN[THREAD_STORE]=$2 ;;
    --channel) GIVEN[SLACK_CHANNEL]=$2 ;;
    --environment) GIVEN[ENVIRONMENT]=$2 ;;
    --bind) GIVEN[BIND_HOST]=$2 ;;
    --port) GIVEN[BIND_PORT]=$2 ;;
    --token-file) TOKEN_FILE=$2 ;;
    --pack) ACTION=pack PACK=$2 ;;
  esac
}

clean_up() {
  [[ -z $GO_BACK_TO ]] || take_back
  [[ -z $BUILD ]] || rm -rf "$BUILD"
  [[ -z $STAGING ]] || rm -rf "$STAGING"
}
trap clean_up EXIT
# Also when the terminal goes: PIPE is what a write gets then.
trap 'exit 130' INT TERM HUP PIPE

# Only one at a time. Everybody may write to /run/lock, and could hold a lock that is there, or plant a link.
lock() {
  exec 9>>/run/alert-threader-install.lock
  flock -n 9 || fail 'another install.sh is running'
}

collect_settings() {
  read_kept_settings
  read_given_settings
  if [[ -n $ROOT ]]; then return; fi
  # A host that has them was asked before, or has the earlier version's drop-in.
  if [[ $UNATTENDED -eq 0 && (-z ${KEPT[SLACK_BOT_TOKEN]:-} || -z ${KEPT[SLACK_CHANNEL]:-}) ]]; then
    ask_settings
  else
    require_settings
  fi
  check_store_path
}

install_or_upgrade() {
  local former new release
  [[ $ACTION == install || -L $CURRENT ]] || fail 'there is nothing to upgrade' "$CURRENT is missing: run it without --upgrade."
  collect_settings
  former=$(last_good || true)
  new=$(release_name)
  release=$RELEASES/$new
  # The release that runs now, the one that was unpacked, or the one that is built now: each can check the settings.
  if [[ ! -d $release ]]; then
    if is_packed; then release=$SOURCE; else stage && release=$STAGING; fi
  fi
  if [[ -z $ROOT ]]; then
    check_settings "$release" || refuse_settings $? "$new"
    [[ $START -eq 0 ]] || check_port "$release"
    make_user
  fi
  [[ -d $RELEASES/$new || -n $STAGING ]] || stage
  make_folders
  if write_settings; then CHANGES+=("settings $SETTINGS"); fi
  if [[ -n $STAGING ]]; then
    mv -T "$STAGING" "$RELEASES/$new"
    STAGING='' ADDED=$new
  fi
  [[ $new == "$(release_behind "$CURRENT" || true)" ]] || CHANGES+=("release $new")
  put_in_force "$new" "$former"
}

# Exit code 78: wrong settings. Anything else: it does not even start.
refuse_settings() {
  [[ $1 -ne 78 ]] || fail 'the settings can not be used (see above)' \
    "They are in $SETTINGS, in drop-ins, or were given now. Nothing was changed."
  fail "release $2 does not start here (see above)" 'Nothing was changed.'
}

# The new release, whole, beside where it will be.
stage() {
  install -d -m 0755 "$HOME_FOLDER" "$RELEASES"
  STAGING=$RELEASES/.new.$$
  make_release "$STAGING"
  [[ $EUID -ne 0 ]] || chown -R 0:0 "$STAGING"
}

put_in_force() {
  local new=$1 former=$2
  if [[ $START -eq 0 ]]; then
    open_switch "$new" "$former"
    install_unit "$CURRENT"
    # not `enable --now`, which leaves a service that runs as it is
    say "Installed release $new below ${ROOT:-/}. Nothing was started:" \
      'sudo systemctl daemon-reload; sudo systemctl enable alert-threader; sudo systemctl restart alert-threader'
    return
  fi
  cmp -s "$RELEASES/$new/config/systemd/alert-threader.service" "$UNIT" || CHANGES+=("unit")
  if [[ ${#CHANGES[@]} -eq 0 ]] && is_in_force; then
    close_switch
    say "Release $new is installed and runs: nothing was changed."
    return
  fi
  switch_to "$new" "$former"
  forget_old_releases
  what_next "$new" "$former"
}

what_next() {
  [[ ${#CHANGES[@]} -eq 0 ]] || say 'Changed:' "${CHANGES[@]/#/  }"
  say "Release $1 runs: $HEALTH"
  [[ -z $2 || $2 == "$1" ]] || say "To go back to $2: sudo $PREVIOUS/install.sh --upgrade"
  say '' "Settings  $SETTINGS (after a change: sudo systemctl restart alert-threader)" \
    "Log       sudo journalctl -u alert-threader -f"
  say "Alerts    point Alertmanager at $(base_url)/alert (config/alertmanager.example.yml)"
  say 'Try it    /opt/alert-threader/current/send-test-alerts.sh'
}

parse "$@"
case $ACTION in
  pack) pack_release "$PACK" ;;
  *)
    [[ -n $ROOT ]] || need_root "$@"
    [[ $START -eq 0 || $ACTION == uninstall ]] || systemd_runs || fail 'systemd does not run on this host' \
      'Without it: run the container image, or node dist/main.js under your own supervisor.' \
      'To install the files all the same: --no-start'
    [[ -n $ROOT ]] || lock
    if [[ $ACTION == uninstall ]]; then uninstall; else install_or_upgrade; fi
    ;;
esac
