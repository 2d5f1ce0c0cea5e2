# shellcheck shell=bash
# What the scripts of the plain host say, and how they end.

# say LINE…
say() { printf '%s\n' "$@"; }
step() { printf '%s …\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# fail WHAT [WHAT TO DO]…: one line each
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

need_root() {
  [[ $EUID -eq 0 ]] || fail 'it has to run as root' "sudo $0 $*"
}

systemd_runs() { [[ -d /run/systemd/system ]]; }
