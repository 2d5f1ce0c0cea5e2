import { compileOnce } from '../support/compile-once.js';

const VERSION = 'v5.3.1';
const MODULE = 'github.com/docker/compose/v5';

/** `go install` refuses a module that has `exclude` lines, so the program is built in an empty module that wants it. */
const SCRIPT = `set -e
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cd "$folder"
  go mod init docker-compose
  go get "$WHAT"
  go build -mod=mod -o "$0" "$COMMAND"`;

/** Where `docker compose` is, as a program of its own. Reading a project needs no Docker. */
export const dockerCompose = (): Promise<string> =>
  compileOnce({
    name: 'docker-compose',
    version: VERSION,
    command: `go build ${MODULE}/cmd@${VERSION}`,
    script: SCRIPT,
    cwd: '/',
    env: () => ({ WHAT: `${MODULE}@${VERSION}`, COMMAND: `${MODULE}/cmd` }),
  });
