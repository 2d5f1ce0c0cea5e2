# shellcheck shell=bash
# The way out: the program alone (--uninstall), or its settings and state too (--purge).

uninstall() {
  [[ -e $UNIT || -e $HOME_FOLDER || $PURGE -eq 1 ]] || fail 'it is not installed here' "Neither $UNIT nor $HOME_FOLDER is there."
  read_kept_settings 2>/dev/null
  if [[ $PURGE -eq 1 && $UNATTENDED -eq 0 ]]; then
    confirm "Remove the settings in $SETTINGS_FOLDER and all state in $STATE too?" || fail 'nothing was removed'
  fi
  if [[ -z $ROOT ]] && systemd_runs; then
    [[ ! -e $UNIT ]] || systemctl disable --quiet --now alert-threader
  fi
  rm -f "$UNIT"
  rm -rf "$HOME_FOLDER" "$CACHE"
  if [[ $PURGE -eq 1 ]]; then purge; else
    say "Removed. Kept: settings in $SETTINGS_FOLDER, state in $STATE. To remove those too: --uninstall --purge"
  fi
  [[ -n $ROOT ]] || ! systemd_runs || systemctl daemon-reload
}

purge() {
  local file
  file=$(setting THREAD_STORE_FILE "$STATE/threads.json")
  rm -rf "$SETTINGS_FOLDER" "$STATE" "$DROP_INS"
  rm -f "$UNIT.earlier"
  if [[ -z $ROOT ]] && id -u "$SERVICE_USER" >/dev/null 2>&1; then userdel "$SERVICE_USER"; fi
  say 'Removed, with settings and state.'
  [[ ! -e $file ]] || say "Left: $file"
  if [[ $(setting THREAD_STORE file) == redis ]]; then
    local prefix
    prefix=$(setting REDIS_KEY_PREFIX threader:ts)
    say 'Left: what is in Redis. When nobody else uses that database: redis-cli flushdb. Else:' \
      "redis-cli --scan --pattern '${prefix}[:-]*' | xargs -r -d '\\n' redis-cli unlink"
  fi
}
