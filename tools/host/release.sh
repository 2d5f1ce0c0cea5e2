# shellcheck shell=bash
# A release: a folder with all that runs, its own Node too. Clones are built to one, a packed release is one.

# What a release is made of, and what it takes along to be its own installer.
readonly TO_BUILD=(package.json package-lock.json tsconfig.json tsconfig.build.json nest-cli.json src tools/bootstrap.mjs tools/clean.mjs)
readonly TO_TAKE=(package.json README.md LICENSE install.sh setup-redis.sh send-test-alerts.sh config tools/host)

is_packed() { [[ -f $SOURCE/RELEASE ]]; }

# The version, and what tells one build from another: the same sources give the same name.
release_name() {
  if is_packed; then
    head -n 1 "$SOURCE/RELEASE"
    return
  fi
  local version digest
  version=$(sed -n 's/^  "version": "\([^"]*\)",$/\1/p' "$SOURCE/package.json")
  [[ -n $version ]] || fail "$SOURCE/package.json names no version"
  digest=$(cd "$SOURCE" && find "${TO_BUILD[@]}" "${TO_TAKE[@]}" -type f ! -name '*.spec.ts' -print0 |
    LC_ALL=C sort -zu | xargs -0 sha256sum | sha256sum)
  printf '%s-%s' "$version" "${digest:0:12}"
}

# The clone's owner builds, so that no package's install script runs as root because somebody used sudo.
as_owner() {
  local owner
  owner=$(stat -c %U "$SOURCE")
  if [[ $EUID -eq 0 && $owner != root && $owner != UNKNOWN ]]; then
    HOME=$(getent passwd "$owner" | cut -d: -f6) runuser -u "$owner" -- "$@"
  else
    "$@"
  fi
}

npm_step() {
  local log=$BUILD/npm.log
  (cd "$BUILD" && as_owner npm "$@" --no-audit --no-fund) >"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  fail "npm $* failed; its last lines are above" 'Nothing was installed. It needs the way to the npm registry (npm config get registry).'
}

# build_release TARGET, from a clone. The clone stays as it is: what npm writes goes to a folder of its own.
build_release() {
  local target=$1 path
  has npm || fail 'npm is missing, and with it the way to build' 'Debian, Ubuntu: apt-get install npm' \
    'Or build on another host (./install.sh --pack FILE.tar.gz), and run install.sh of the unpacked file here.'
  BUILD=$(mktemp -d)
  for path in "${TO_BUILD[@]}"; do
    [[ -e $SOURCE/$path ]] || fail "$path is missing in $SOURCE" 'Is it a whole clone, or a whole unpacked release?'
    mkdir -p "$BUILD/$(dirname "$path")"
    cp -r "$SOURCE/$path" "$BUILD/$path"
  done
  # Packages that are there are not fetched again; tools/bootstrap.mjs looks whether they are the right ones.
  [[ ! -f $SOURCE/node_modules/.bootstrapped ]] || cp -a "$SOURCE/node_modules" "$BUILD/"
  [[ $EUID -ne 0 ]] || chown -R "$(stat -c %u:%g "$SOURCE")" "$BUILD"
  step 'Getting packages and compiling, a minute or two'
  npm_step run build
  mkdir -p "$target/bin"
  cp "$BUILD/node_modules/node/bin/node" "$target/bin/node"
  # what is optional is a compiler, of 20 MB
  npm_step prune --omit=dev --omit=optional --ignore-scripts
  rm -rf "$BUILD/node_modules/.bootstrapped" "$BUILD/node_modules/.cache"
  cp -r "$BUILD/dist" "$BUILD/node_modules" "$target/"
  rm -rf "$BUILD"
  for path in "${TO_TAKE[@]}"; do
    mkdir -p "$target/$(dirname "$path")"
    cp -r "$SOURCE/$path" "$target/$path"
  done
  release_name >"$target/RELEASE"
}

# make_release TARGET: whole, readable by everybody, owned by who runs this
make_release() {
  local target=$1
  mkdir -p "$target"
  if is_packed; then
    step "Copying release $(release_name)"
    cp -r "$SOURCE/." "$target/"
  else
    build_release "$target"
  fi
  "$target/bin/node" --version >/dev/null || fail "the Node.js of the release does not run on this host ($(uname -sm))" \
    'Build it here: run install.sh of a clone.'
  [[ -f $target/dist/main.js ]] || fail "dist/main.js is missing in $SOURCE" 'Is it a whole unpacked release?'
  chmod -R u+w,go-w,a+rX "$target"
}

pack_release() {
  local file=$1 folder
  STAGING=$(mktemp -d)
  folder=$STAGING/alert-threader-$(release_name)
  make_release "$folder"
  tar -C "$STAGING" --owner=0 --group=0 -czf "$file" "$(basename "$folder")"
  say "$file: unpack it on a host of the same kind ($(uname -sm)), and run its install.sh. No network is needed there."
}

# point LINK RELEASE: in one step, so that there is always a release behind it
point() {
  ln -sfn "releases/$2" "$1.new"
  mv -T "$1.new" "$1"
}

release_behind() { [[ -L $1 ]] && basename "$(readlink "$1")"; }

# What to go back to: the release in force. Where that was never seen to work (the installer was killed, or --no-start), the
# one before it.
last_good() {
  if [[ -L $LAST_GOOD ]] && ! is_in_force; then release_behind "$LAST_GOOD"; else release_behind "$CURRENT"; fi
}

# open_switch NEW FORMER: `current` is the new release from now on. What is left behind when all ends here, without a trap
# even, says which release worked.
open_switch() {
  local new=$1 former=$2
  if [[ -z $ROOT && -n $former && $new != "$former" ]]; then
    point "$LAST_GOOD" "$former"
    point "$PREVIOUS" "$former"
  fi
  [[ $new == "$(release_behind "$CURRENT" || true)" ]] || point "$CURRENT" "$new"
}

# `current` works.
close_switch() { rm -f "$LAST_GOOD"; }

# Two stay: the one that runs, and the one to go back to. Only for after a start that was seen to work.
forget_old_releases() {
  local folder
  for folder in "$RELEASES"/*; do
    case $(basename "$folder") in
      "$(release_behind "$CURRENT")" | "$(release_behind "$PREVIOUS" || true)") ;;
      *) rm -rf "$folder" ;;
    esac
  done
}
