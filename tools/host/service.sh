# shellcheck shell=bash
# The service as systemd runs it: its user, its folders, its unit, its start.

readonly HEALTHY_WITHIN_S=60

make_user() {
  if id -u "$SERVICE_USER" >/dev/null 2>&1; then return; fi
  useradd --system --user-group --home-dir /var/lib/alert-threader --no-create-home --shell /usr/sbin/nologin "$SERVICE_USER"
  CHANGES+=("user $SERVICE_USER")
}

make_folders() {
  install -d -m 0755 "$HOME_FOLDER" "$RELEASES" "$UNITS"
  install -d -m 0750 "$SETTINGS_FOLDER" "$STATE"
  [[ -z $ROOT ]] || return 0
  chown "root:$SERVICE_USER" "$SETTINGS_FOLDER"
  own_state
}

# State of an earlier version belongs to root or www-data; the service has to write it. Symbolic links are not followed.
own_state() {
  local others
  others=$(find "$STATE" -xdev ! -user "$SERVICE_USER" -print | wc -l)
  [[ $others -gt 0 ]] || return 0
  find "$STATE" -xdev ! -user "$SERVICE_USER" -exec chown -h "$SERVICE_USER:$SERVICE_USER" {} +
  [[ ! -f $STATE/threads.json ]] || chmod 0640 "$STATE/threads.json"
[[ ! -f $STATE/threads.json ]] || CHANGES+=("state of an earlier version belongs to $SERVICE_USER now")
}

# Somebody else's unit of that name (the earlier version's) is kept beside it.
install_unit() {
  local from=$1/config/systemd/alert-threader.service
  cmp -s "$from" "$UNIT" && return
  if [[ -f $UNIT ]] && ! grep -q '/opt/alert-threader/current/' "$UNIT"; then
    mv "$UNIT" "$UNIT.earlier"
    say "The unit that was there is now $UNIT.earlier"
  fi
  install -m 0644 "$from" "$UNIT"
  CHANGES+=("unit $UNIT")
}

is_active() { systemctl is-active --quiet alert-threader; }

check_port() {
  local release=$1 host port
  host=$(setting BIND_HOST 0.0.0.0) port=$(setting BIND_PORT 9009)
  if is_active; then return; fi
  "$release/bin/node" "$release/tools/host/port-is-free.mjs" "$host" "$port" ||
    fail "can't listen on $host, port $port (see above)" "Set BIND_PORT or BIND_HOST (--port, --bind), or stop what listens there: ss -ltnp"
}

# The service's address from here.
base_url() {
  local host port
  host=$(setting BIND_HOST 0.0.0.0) port=$(setting BIND_PORT 9009)
  case $host in 0.0.0.0) host=127.0.0.1 ;; ::) host='[::1]' ;; *:*) host="[$host]" ;; esac
  printf 'http://%s:%s' "$host" "$port"
}

# Whether the process of the service is of the release behind `current`, and takes alerts.
is_current_healthy() {
  local pid
  pid=$(systemctl show -p MainPID --value alert-threader)
  # its working folder: the unit names `current`, the kernel what that was at the start
  [[ $(readlink "/proc/$pid/cwd") == "$(readlink -f "$CURRENT")" ]] || return 1
  # shellcheck disable=SC2034  # install.sh tells it
  HEALTH=$("$CURRENT/bin/node" "$CURRENT/tools/host/health.mjs" "$(base_url)")
}

# Whether what is installed is what runs: started since the last change of release, unit and settings, and healthy.
is_in_force() {
  local started path
  systemd_runs && is_active || return 1
  # in UTC, since date(1) does not know the names of all time zones
  started=$(date -d "$(LC_ALL=C TZ=UTC systemctl show -p ExecMainStartTimestamp --value alert-threader)" +%s)
  for path in "$CURRENT" "$UNIT" "$SETTINGS"; do
    [[ $(stat -c %Y "$path" 2>/dev/null) -le $started ]] || return 1
  done
  is_current_healthy
}

# Starts what `current` points to. Fails when it does not take alerts in time.
start_service() {
  local deadline=$((SECONDS + HEALTHY_WITHIN_S))
  systemctl daemon-reload
  systemctl enable --quiet alert-threader
  systemctl restart alert-threader || true
  step "Waiting for $(base_url)/health"
  while ((SECONDS < deadline)); do
    if is_current_healthy; then return 0; fi
    # exit code 78: its settings can't be used, and it is not started again
    if [[ $(systemctl show -p ActiveState --value alert-threader) == failed ]]; then return 1; fi
    sleep 0.5
  done
  return 1
}

show_why() {
  say '' 'What it says (journalctl -u alert-threader):' >&2
  journalctl -u alert-threader -n 20 -o cat --no-pager >&2 || true
}

# While a release is put in force: the one to go back to, and what `previous` was.
GO_BACK_TO='' WAS_PREVIOUS=''

# switch_to NEW FORMER: puts a release in force, and goes back to the former one when it does not work
switch_to() {
  local new=$1 former=$2
  WAS_PREVIOUS=$(release_behind "$PREVIOUS" || true)
  [[ $new == "$former" ]] || GO_BACK_TO=$former
  open_switch "$new" "$former"
  install_unit "$CURRENT"
  if start_service; then
    close_switch
    GO_BACK_TO=''
    return
  fi
  show_why
  [[ -n $GO_BACK_TO ]] ||
    fail 'the service does not take alerts (see above)' "Mend the settings in $SETTINGS, then: sudo systemctl restart alert-threader"
  go_back || fail "release $new does not work, and the former one, $former, does not any more either" \
    'Its settings, its disk or its Redis: journalctl -u alert-threader'
  fail "release $new does not work (see above). Release $former runs again, with its state as it is"
}

# All is as it was before switch_to. Nothing interrupts it. Succeeds when the former release takes alerts.
go_back() {
  local former=$GO_BACK_TO
  trap '' INT TERM HUP PIPE
  GO_BACK_TO=''
  step "Going back to release $former"
  point "$CURRENT" "$former"
  rm -f "$LAST_GOOD"
  if [[ -n $WAS_PREVIOUS && $WAS_PREVIOUS != "$former" ]]; then point "$PREVIOUS" "$WAS_PREVIOUS"; else rm -f "$PREVIOUS"; fi
  install_unit "$CURRENT"
  [[ -z $ADDED ]] || rm -rf "${RELEASES:?}/$ADDED"
  start_service
}

# The same where the installer is ended. Its terminal may be gone, so that nothing may depend on what is said.
take_back() {
  if go_back; then
    warn "interrupted: release $(release_behind "$CURRENT") runs again, with its state as it is" || true
  else
    warn "interrupted: release $(release_behind "$CURRENT") was put back, and does not take alerts: journalctl -u alert-threader" || true
  fi
}
