#!/usr/bin/env bash
# Makes a Redis on this host keep what Alert Threader gives it. `./setup-redis.sh --help` says how.
set -euo pipefail

SOURCE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=tools/host/say.sh
. "$SOURCE/tools/host/say.sh"

usage() {
  cat <<'HELP'
sudo ./setup-redis.sh              installs redis-server where it is missing, and sets it up for durable state
sudo ./setup-redis.sh --password   makes a password too, where Redis has none: for hosts with users you don't trust

  --config FILE   its configuration (/etc/redis/redis.conf)
  --port PORT     where it listens on 127.0.0.1 (6379)

Your redis.conf gets one line at its end, an include of redis.conf.d/threader.conf beside it, which this script writes.
The settings are put in force at once; Redis is not restarted, and nothing that it holds is lost.
Where your Redis wants a password: sudo --preserve-env=REDISCLI_AUTH ./setup-redis.sh
HELP
}

CONFIG=/etc/redis/redis.conf PORT=6379 PASSWORD=0
while [[ $# -gt 0 ]]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --password) PASSWORD=1 ;;
    --config | --port)
      [[ $# -gt 1 && -n $2 ]] || fail "$1 wants a value" 'See --help.'
      if [[ $1 == --config ]]; then CONFIG=$2; else PORT=$2; fi
      shift
      ;;
    *) fail "unknown: $1" 'See --help.' ;;
  esac
  shift
done
# Redis looks for a relative name from where it starts, ends a name at a space, and takes * and the like for a pattern.
CONFIG=$(realpath -ms -- "$CONFIG")
[[ ! $CONFIG =~ [][:space:]\"\'\\*?[{}] ]] || fail "redis.conf can't include what is beside $CONFIG" \
  'Its path must be without white space, quotes, backslashes, and any of * ? [ ] { }.'
DROP_IN=$(dirname "$CONFIG")/redis.conf.d/threader.conf
CHANGES=()

redis() { redis-cli -h 127.0.0.1 -p "$PORT" "$@"; }

# get NAME: a setting that is in force
get() { redis config get "$1" | sed -n 2p; }

# set_now NAME VALUE: in force from now on, as far as it is not yet
set_now() {
  local was answer
  was=$(get "$1")
  [[ $was != "$2" ]] || return 0
  answer=$(redis config set "$1" "$2")
  [[ $answer == OK ]] || fail "Redis refused $1 $2: $answer"
  CHANGES+=("$1: $2 (was ${was:-empty})")
}

install_redis() {
  if has redis-server && has redis-cli; then return; fi
  has apt-get || fail 'redis-server is missing' 'Install Redis 7 with the tools of this system, then run this again.'
  step 'Installing redis-server (apt-get)'
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server >/dev/null
}

# Running, and willing to answer.
reach_redis() {
  local answer
  answer=$(redis ping 2>&1 || true)
  if [[ $answer == *'Connection refused'* ]] && systemd_runs; then
    systemctl enable --quiet --now redis-server
    for _ in {1..50}; do
      answer=$(redis ping 2>&1 || true)
      [[ $answer == *'Connection refused'* || $answer == *LOADING* ]] || break
      sleep 0.2
    done
  fi
  case $answer in
    PONG) ;;
    *NOAUTH* | *WRONGPASS*) fail 'this Redis wants a password' 'export REDISCLI_AUTH=…; sudo --preserve-env=REDISCLI_AUTH ./setup-redis.sh' ;;
    *) fail "Redis does not answer on 127.0.0.1, port $PORT: $answer" 'sudo journalctl -u redis-server; another port: --port' ;;
  esac
  [[ -f $CONFIG ]] || fail "its configuration is not there: $CONFIG" 'Say where it is: --config FILE'
}

tell_policy() {
  local policy
  policy=$(get maxmemory-policy)
  [[ $policy != allkeys-* ]] ||
    warn "maxmemory-policy is $policy: when memory is full, Redis forgets open problems, which then come back as second threads. It becomes noeviction"
}

# What does no harm stays: volatile-* evicts none of our keys, and always is safer than everysec.
policy_to_be() { if [[ $(get maxmemory-policy) == volatile-* ]]; then get maxmemory-policy; else echo noeviction; fi; }
sync_to_be() { if [[ $(get appendfsync) == always ]]; then echo always; else echo everysec; fi; }

# First in the running Redis, then in the file. The other way round a restart with `appendonly yes` and no append-only file
# yet would start empty, whatever the last dump holds.
persist() {
  set_now maxmemory-policy "$(policy_to_be)"
  set_now appendfsync "$(sync_to_be)"
  set_now appendonly yes
  step 'Waiting until everything is in the append-only file'
  until redis info persistence | tr -d '\r' | grep -qx aof_rewrite_in_progress:0 &&
    redis info persistence | tr -d '\r' | grep -qx aof_rewrite_scheduled:0; do
    sleep 0.2
  done
  redis info persistence | tr -d '\r' | grep -qx aof_last_bgrewrite_status:ok ||
    fail 'Redis could not write its append-only file' 'Is the disk full? sudo journalctl -u redis-server'
}

# Prints the password, which is the one that is there already where there is one.
password_of_drop_in() { sed -n 's/^requirepass "\?\([^"]*\)"\?$/\1/p' "$DROP_IN" 2>/dev/null || true; }

write_drop_in() {
  local password=$1 text new
  text=$(sed -e "s/^maxmemory-policy .*/maxmemory-policy $(policy_to_be)/" -e "s/^appendfsync .*/appendfsync $(sync_to_be)/" \
    "$SOURCE/config/redis.example.conf")
  [[ -z $password ]] || text+=$'\n\n# Made by setup-redis.sh.\nrequirepass '$password
  if [[ $text != "$(cat "$DROP_IN" 2>/dev/null || true)" ]]; then
    mkdir -p "$(dirname "$DROP_IN")"
    new=$(mktemp "$DROP_IN.XXXXXX")
    printf '%s\n' "$text" >"$new"
    chown --reference="$CONFIG" "$new"
    chmod 0640 "$new"
    mv -T "$new" "$DROP_IN"
    CHANGES+=("$DROP_IN")
  fi
  if ! grep -qxF "include $DROP_IN" "$CONFIG"; then
    printf '\n# Last, so that it counts: what Alert Threader needs.\ninclude %s\n' "$DROP_IN" >>"$CONFIG"
    CHANGES+=("$CONFIG: includes it")
  elif [[ $(grep -v '^[[:space:]]*\(#\|$\)' "$CONFIG" | tail -n 1) != "include $DROP_IN" ]]; then
    warn "$CONFIG says more after its line 'include $DROP_IN'; what it says there counts: maxmemory-policy, appendonly and appendfsync must not be among it"
  fi
}

# set_password: Redis takes it from now on; it is never an argument, which every user could see
set_password() {
  local password=$1
  printf 'CONFIG SET requirepass %s\n' "$password" | redis | grep -qx OK || fail 'Redis refused the password'
  CHANGES+=('requirepass: set')
}

tell_bind() {
  local bind
  bind=$(get bind)
  case " $bind " in
    *' * '* | *' 0.0.0.0 '* | *' -::* '* | *' :: '* | '  ')
      [[ -n $1 || -n $(get requirepass) ]] || warn "it listens on all addresses (bind $bind) and wants no password: whoever reaches it can read and change everything. Set bind 127.0.0.1 -::1 in $CONFIG, or --password"
      ;;
  esac
}

[[ $EUID -eq 0 || $CONFIG != /etc/* ]] || need_root "$@"
KEPT=$(password_of_drop_in)
NEW=''
[[ -z $KEPT ]] || export REDISCLI_AUTH=${REDISCLI_AUTH:-$KEPT}
install_redis
reach_redis
tell_policy
persist
if [[ $PASSWORD -eq 1 && -z $KEPT ]]; then
  [[ -z $(get requirepass) ]] || fail 'this Redis has a password already' 'Run it without --password.'
  NEW=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
fi
write_drop_in "${KEPT:-$NEW}"
[[ -z $NEW ]] || set_password "$NEW"
[[ -z $NEW ]] || export REDISCLI_AUTH=$NEW
tell_bind "${KEPT:-$NEW}"

if [[ ${#CHANGES[@]} -eq 0 ]]; then say 'Redis is set up: nothing was changed.'; else say 'Changed:' "${CHANGES[@]/#/  }"; fi
say 'Settings of Alert Threader:' '  THREAD_STORE=redis'
if [[ -n ${KEPT:-$NEW} ]]; then
  say "  REDIS_URL=redis://:PASSWORD@127.0.0.1:$PORT/0" "  PASSWORD is the requirepass of $DROP_IN, which root and Redis can read."
else
  say "  REDIS_URL=redis://127.0.0.1:$PORT/0"
fi
