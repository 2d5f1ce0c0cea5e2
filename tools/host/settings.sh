# shellcheck shell=bash
# shellcheck disable=SC2034 # references to arrays (local -n) look unused to it
# Settings: where their values come from, and the file that systemd reads them from.

# What was given: by flags, by the environment, by a file, by answers. What is kept: by the settings file or a drop-in.
declare -A GIVEN=() KEPT=()

# Every variable of the service, in the order of the example.
known_settings() { sed -n 's/^#\?\([A-Z][A-Z_]*\)=.*/\1/p' "$SOURCE/config/alert-threader.env.example"; }

is_known() { known_settings | grep -qx -- "$1"; }

# value_of_line TEXT: what systemd makes of the right side of a line (systemd.exec(5), EnvironmentFile=)
value_of_line() {
  local text=$1 out='' char i
  text=${text#"${text%%[![:space:]]*}"}
  text=${text%"${text##*[![:space:]]}"}
  case $text in
    \'*\') text=${text#\'} && printf '%s' "${text%\'}" && return ;;
    \"*\") text=${text#\"} text=${text%\"} ;;
  esac
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    [[ $char == \\ ]] && i=$((i + 1)) && char=${text:i:1}
    out+=$char
  done
  printf '%s' "$out"
}

# line_value VALUE: the same the other way round
line_value() {
  local value=$1
  if [[ $value =~ ^[A-Za-z0-9_./:@,=+%~*-]*$ ]]; then
    printf '%s' "$value"
    return
  fi
  value=${value//\\/\\\\}
  value=${value//\"/\\\"}
  value=${value//\$/\\\$}
  value=${value//\`/\\\`}
  printf '"%s"' "$value"
}

# read_settings_file FILE ARRAY: NAME=value lines; an empty value counts as not set, as it does for the service
read_settings_file() {
  local -n into=$2
  local line value
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=(.*)$ ]] || continue
    value=$(value_of_line "${BASH_REMATCH[2]}")
    [[ -n $value ]] && into["${BASH_REMATCH[1]}"]=$value
  done <"$1"
  return 0
}

# Environment= lines of drop-ins, as the earlier version's manual wrote them.
read_drop_ins() {
  local -n into_drop_ins=$1
  local file line word
  for file in "$DROP_INS"/*.conf; do
    [[ -f $file ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^[[:space:]]*Environment[[:space:]]*=(.*)$ ]] || continue
      # one assignment a line, or several with spaces between them
      for word in ${BASH_REMATCH[1]}; do
        word=${word#[\"\']} word=${word%[\"\']}
        [[ $word == *=?* ]] && into_drop_ins["${word%%=*}"]=${word#*=}
      done
    done <"$file"
  done
}

# What this host has already: drop-ins, and over them the settings file, as systemd takes them.
read_kept_settings() {
  KEPT=()
  local -A dropped=()
  read_drop_ins dropped
  local name
  for name in "${!dropped[@]}"; do
    KEPT[$name]=${dropped[$name]}
    [[ $name =~ _(TOKEN|PASSWORD)$ ]] || continue
    warn "$name is set in $DROP_INS: every user of this host can read it (systemctl show). Move it to $SETTINGS"
  done
  [[ -f $SETTINGS ]] && read_settings_file "$SETTINGS" KEPT
  return 0
}

# What drop-ins may hold that systemd then forbids the service to write.
check_store_path() {
  local file
  file=$(setting THREAD_STORE_FILE "$STATE/threads.json")
  [[ $(setting THREAD_STORE file) == redis || $file == /var/lib/alert-threader/* ]] && return
  grep -qs '^ReadWritePaths=' "$DROP_INS"/*.conf && return
  fail "THREAD_STORE_FILE is $file, and the service may write below /var/lib/alert-threader alone" \
    "Allow it first: sudo systemctl edit alert-threader, with the two lines [Service] and ReadWritePaths=$(dirname "$file")"
}

# The environment, where flags and the file of tokens say nothing.
read_given_settings() {
  local name
  if [[ -n $TOKEN_FILE ]]; then
    [[ -r $TOKEN_FILE ]] || fail "can't read the file of tokens, $TOKEN_FILE"
    local -A filed=()
    read_settings_file "$TOKEN_FILE" filed
    [[ ${#filed[@]} -gt 0 ]] || fail "$TOKEN_FILE sets nothing" 'It has lines such as SLACK_BOT_TOKEN=xoxb-…'
    for name in "${!filed[@]}"; do
      is_known "$name" || fail "$TOKEN_FILE sets $name, which is no setting" 'config/alert-threader.env.example has them all.'
      [[ -n ${GIVEN[$name]:-} ]] || GIVEN[$name]=${filed[$name]}
    done
  fi
  for name in $(known_settings); do
    [[ -z ${GIVEN[$name]:-} && -n ${!name:-} ]] && GIVEN[$name]=${!name}
  done
  for name in "${!GIVEN[@]}"; do
    [[ -n ${KEPT[$name]:-} ]] || continue
    [[ ${KEPT[$name]} == "${GIVEN[$name]}" ]] || warn "$name stays as it is; to change it edit $SETTINGS"
    unset "GIVEN[$name]"
  done
}

# setting NAME [DEFAULT]: what will be in force
setting() { printf '%s' "${KEPT[$1]:-${GIVEN[$1]:-${2:-}}}"; }

# The settings file with what is given put in; what it sets already stays. Prints nothing, says whether it changed.
write_settings() {
  local from=$SETTINGS name line new
  local -A left=()
  [[ -f $SETTINGS ]] || from=$SOURCE/config/alert-threader.env.example
  [[ $from == "$SETTINGS" && ${#GIVEN[@]} -eq 0 ]] && return 1
  for name in "${!GIVEN[@]}"; do left[$name]=1; done
  new=$(mktemp "$SETTINGS_FOLDER/.new.XXXXXX")
  {
    while IFS= read -r line || [[ -n $line ]]; do
      if [[ $line =~ ^#?([A-Z][A-Z_]*)= && -n ${left[${BASH_REMATCH[1]}]:-} ]]; then
        name=${BASH_REMATCH[1]}
        unset "left[$name]"
        printf '%s=%s\n' "$name" "$(line_value "${GIVEN[$name]}")"
      else
        printf '%s\n' "$line"
      fi
    done <"$from"
    for name in "${!left[@]}"; do printf '%s=%s\n' "$name" "$(line_value "${GIVEN[$name]}")"; done
  } >"$new"
  chmod 0640 "$new"
  [[ -n $ROOT ]] || chown "root:$SERVICE_USER" "$new"
  mv -T "$new" "$SETTINGS"
}

# check_settings RELEASE: the service's own check, with the environment that it will have. Tokens go by the environment,
# never by arguments, which every user can see.
check_settings() (
  name=''
  for name in $(known_settings); do unset "$name"; done
  for name in "${!GIVEN[@]}"; do export "$name=${GIVEN[$name]}"; done
  for name in "${!KEPT[@]}"; do is_known "$name" && export "$name=${KEPT[$name]}"; done
  exec "$1/bin/node" "$1/dist/main.js" --check >/dev/null
)
