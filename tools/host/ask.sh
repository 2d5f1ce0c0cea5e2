# shellcheck shell=bash
# Questions. Only what neither the host nor the caller has said yet is asked.

readonly BOT_TOKEN='^(xoxe\.)?xoxb-[!-~]+$'
readonly APP_TOKEN='^xapp-[!-~]+$'
readonly CHANNEL='^[CG][A-Z0-9]{7,}$'

# ask NAME QUESTION PATTERN WHAT-IT-HAS-TO-BE [DEFAULT]
ask() {
  local name=$1 question=$2 pattern=$3 expected=$4 default=${5:-} answer silent=()
  [[ -z $(setting "$name") ]] || return 0
  [[ $name == *_TOKEN || $name == REDIS_URL ]] && silent=(-s)
  while true; do
    printf '%s%s: ' "$question" "${default:+ [$default]}"
    IFS= read -r "${silent[@]}" answer || fail "no answer to: $question" 'Without questions: --unattended (see --help).'
    [[ ${#silent[@]} -eq 0 && -t 0 ]] || printf '\n'
    answer=${answer:-$default}
    if [[ $answer =~ $pattern ]]; then
      # shellcheck disable=SC2034  # settings.sh has it, and reads it
      [[ -z $answer ]] || GIVEN["$name"]=$answer
      return 0
    fi
    say "  That is not $expected."
  done
}

ask_settings() {
  ask THREAD_STORE 'Where threads are kept, file or redis' '^(file|redis)$' 'file or redis' file
  if [[ $(setting THREAD_STORE file) == redis ]]; then
    say '  Redis on this host: sudo ./setup-redis.sh sets it up, and says its REDIS_URL.'
    ask REDIS_URL 'REDIS_URL (not shown)' '^redis(s|\+sentinel|\+cluster)?://.+' \
      'an address such as redis://127.0.0.1:6379/0' redis://127.0.0.1:6379/0
  fi
  ask SLACK_BOT_TOKEN 'Slack bot token, xoxb-… (not shown)' "$BOT_TOKEN" \
    "a bot token: it begins with xoxb- (OAuth & Permissions, Bot User OAuth Token)"
  ask SLACK_APP_TOKEN 'Slack app-level token for buttons, xapp-… (not shown; empty: no buttons)' "^$|$APP_TOKEN" \
    'an app-level token: it begins with xapp- (Basic Information, App-Level Tokens)'
  ask SLACK_CHANNEL 'Slack channel id' "$CHANNEL" "a channel's id such as C0123456789 (its name won't do)"
  ask ENVIRONMENT 'Name of this environment' '^[^|@[:space:]]+$' 'a name without |, @ and spaces' production
  ask BIND_HOST 'Address to listen on (127.0.0.1 when Alertmanager runs on this host)' '^[A-Za-z0-9_.:-]+$' \
    'an address' 0.0.0.0
}

confirm() {
  local answer
  printf '%s [y/N]: ' "$1"
  IFS= read -r answer || answer=''
  [[ $answer =~ ^[Yy] ]]
}

# What an unattended run has to be given.
require_settings() {
  local missing=() name
  for name in SLACK_BOT_TOKEN SLACK_CHANNEL; do
    [[ -n $(setting "$name") ]] || missing+=("$name")
  done
  [[ ${#missing[@]} -eq 0 ]] || fail "not set: ${missing[*]}" \
    'By environment: sudo --preserve-env=SLACK_BOT_TOKEN,SLACK_APP_TOKEN,SLACK_CHANNEL ./install.sh --unattended' \
    'By a file of NAME=value lines: --token-file FILE. The channel also by --channel C0123456789.'
}
