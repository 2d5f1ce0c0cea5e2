import type { AlertmanagerPrograms } from '../../support/alertmanager.js';
import { compileOnce } from '../support/compile-once.js';
import { goTool } from '../support/go-tool.js';

const MODULE = 'github.com/prometheus/alertmanager';
/** The newest when this was written; raise it with a look at Alertmanager's changelog. */
const VERSION = 'v0.34.2';

/**
 * Since 0.32 the module has no built web pages, without which `go install` refuses it; so it is compiled from a copy
 * that has an empty one. The rest is as released.
 */
const BUILD = [
  'source=$(go mod download -json "$WHAT" | sed -n \'s/^\\t"Dir": "\\(.*\\)",$/\\1/p\')',
  'copy=$(mktemp -d)',
  'trap \'rm -rf "$copy"\' EXIT',
  'cp -R "$source/." "$copy"',
  'chmod -R u+w "$copy"',
  'mkdir -p "$copy/ui/app/dist"',
  'touch "$copy/ui/app/dist/index.html"',
  'cd "$copy"',
  'go build -o "$0" ./cmd/alertmanager',
].join(' && ');

/** The newest Alertmanager and its amtool, compiled where they are missing. */
export const ensureNewestAlertmanager = async (): Promise<AlertmanagerPrograms> => {
  const what = `${MODULE}@${VERSION}`;
  const alertmanager = await compileOnce({
    name: 'alertmanager',
    version: VERSION,
    command: `go build ./cmd/alertmanager of ${what}`,
    script: BUILD,
    // outside of any Go module
    cwd: '/',
    env: () => ({ WHAT: what }),
  });
  return { alertmanager, amtool: await goTool({ name: 'amtool', module: `${MODULE}/cmd/amtool`, version: VERSION }) };
};
