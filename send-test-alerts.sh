#!/usr/bin/env bash
# Sends one alert of each severity to a running Alert Threader, or ends them. `./send-test-alerts.sh --help` says how.
set -euo pipefail

usage() {
  cat <<'HELP'
./send-test-alerts.sh              one alert of each severity: critical, error, warning, info, debug
./send-test-alerts.sh --resolve    ends them
./send-test-alerts.sh --check      asks /health and /stats only

  --url URL              where the service is (http://localhost:9009)
  --severity NAME        that one alone; may be given several times
  --channel C0123456789  another Slack channel than the service's own

Where the service has a WEBHOOK_TOKEN: export WEBHOOK_TOKEN, and it is sent; no other user of this host can see it.
HELP
}

fail() {
  printf 'send-test-alerts.sh: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

URL=http://localhost:9009 STATUS=firing CHANNEL='' CHECK_ONLY=0
SEVERITIES=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --resolve) STATUS=resolved ;;
    --check) CHECK_ONLY=1 ;;
    --url | --severity | --channel)
      [[ $# -gt 1 && -n $2 ]] || fail "$1 wants a value" 'See --help.'
      case $1 in
        --url) URL=${2%/} ;;
        --severity) SEVERITIES+=("$2") ;;
        --channel) CHANNEL=$2 ;;
      esac
      shift
      ;;
    *) fail "unknown: $1" 'See --help.' ;;
  esac
  shift
done
[[ ${#SEVERITIES[@]} -gt 0 ]] || SEVERITIES=(critical error warning info debug)
for severity in "${SEVERITIES[@]}"; do
  [[ $severity =~ ^[A-Za-z0-9_.-]+$ ]] || fail "--severity $severity: letters and digits alone"
done
[[ -z $CHANNEL || $CHANNEL =~ ^[CG][A-Z0-9]{7,}$ ]] || fail "--channel $CHANNEL: a channel's id such as C0123456789"
command -v curl >/dev/null 2>&1 || fail 'curl is missing' 'Debian, Ubuntu: apt-get install curl'

pretty() { if command -v jq >/dev/null 2>&1; then jq .; else cat && printf '\n'; fi; }

# The token goes to curl by its standard input: arguments can be read by every user (ps).
call() {
  local header='' token=${WEBHOOK_TOKEN:-}
  token=${token//\\/\\\\} token=${token//\"/\\\"}
  [[ -z $token ]] || header="header = \"Authorization: Bearer $token\""
  curl --silent --show-error --max-time 20 --write-out '\n%{http_code}' --config - "$@" <<<"$header"
}

# ask PATH [CURL ARGUMENTS]: prints the answer; fails when it is no 200
ask() {
  local path=$1 answer code
  shift
  answer=$(call "$@" "$URL$path") || fail "no answer from $URL" 'Does it run? sudo systemctl status alert-threader'
  code=${answer##*$'\n'}
  pretty <<<"${answer%$'\n'*}"
  case $code in
    200) ;;
    401) fail "$path answered 401" 'export WEBHOOK_TOKEN with the value that the service has, and try again' ;;
    *) fail "$path answered $code" 'The answer above says why.' ;;
  esac
}

alert() {
  local severity=$1 now
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  printf '{"status": "%s", "labels": {"alertname": "Test%s", "severity": "%s", "service": "database",
    "cluster": "production", "instance": "db01.example.com"},
    "annotations": {"summary": "Test alert: %s", "description": "Sent by send-test-alerts.sh.",
    "runbook_url": "https://docs.example.com/runbooks/test"}, "startsAt": "%s"%s}' \
    "$STATUS" "${severity^}" "$severity" "$severity" "$now" \
    "$([[ $STATUS == firing ]] || printf ', "endsAt": "%s"' "$now")"
}

echo "GET $URL/health"
ask /health
echo "GET $URL/stats"
ask /stats
[[ $CHECK_ONLY -eq 0 ]] || exit 0

for severity in "${SEVERITIES[@]}"; do
  echo "POST $URL/alert: $severity, $STATUS"
  ask "/alert${CHANNEL:+?channel=$CHANNEL}" --header 'Content-Type: application/json' \
    --data-binary "{\"status\": \"$STATUS\", \"alerts\": [$(alert "$severity")]}"
done
if [[ $STATUS == firing ]]; then echo "Look into Slack. To end them: $0 --resolve"; fi
