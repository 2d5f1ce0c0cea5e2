/** A command that another test, or CI itself, runs. */
export interface Elsewhere {
  readonly command: RegExp;
  /** What runs it, from the repository's root. */
  readonly file: string;
  /** What has to stand there. */
  readonly essence: RegExp;
}

const by = (command: RegExp, file: string, essence: RegExp): Elsewhere => ({ command, file, essence });

/** Commands that the documents' own test does not run, since they take long or need a cluster, an engine or a host. */
export const ELSEWHERE: readonly Elsewhere[] = [
  by(/^npm test$/, '.ci/run', /^npm test$/m),
  by(/^npm run test:deploy$/, '.ci/run', /^npm run test:deploy$/m),
  by(/^npm run test:unit$/, 'package.json', /"test:unit": "jest src"/),
  by(/^npm run lint:fix$/, 'package.json', /"lint:fix": "eslint --fix \. && prettier --write \."/),
  by(/^npm run lint$/, 'package.json', /"pretest": "[^"]*npm run lint/),
  by(
    /^npm run build(:simulator)?$/,
    'package.json',
    /"pretest:deploy": "[^"]*npm run build && npm run build:simulator"/,
  ),
  by(/^npm start$/, 'package.json', /"prestart": "npm run build",\n\s*"start": "node dist\/main.js"/),
  by(/^npm run demo( -- --quiet)?$/, 'test/e2e/demo.spec.ts', /'--quiet'/),
  by(/^npm run bench( -- \w+)?$/, 'package.json', /"bench": "[^"]*bench\/main\.ts"/),
  by(/^npm run lock$/, 'package.json', /"lock": "[^"]*complete-lock\.mjs"/),
  by(/^npx jest (src|test)\/\S+\.spec\.ts$/, 'package.json', /"test": "jest"/),
  by(
    /^cp config\/alert-threader\.env\.example \.env$/,
    'compose.yaml',
    /cp config\/alert-threader\.env\.example \.env/,
  ),
  by(
    /^echo "ADMIN_TOKEN=\$\(openssl rand -hex 20\)" >> \.env$/,
    'test/deploy/container/compose.spec.ts',
    /the command that the complaint names/,
  ),
  by(/^docker build --tag alert-threader \.$/, 'test/deploy/container/image.spec.ts', /buildOnce/),
  by(/^node tools\/image\/weigh\.mjs$/, 'test/deploy/container/image.ts', /'weigh\.mjs'/),
  // There is no engine here: that Compose takes these commands is tested, what they do is not.
  by(
    /^docker compose (up|logs|down) /,
    'test/deploy/container/compose.spec.ts',
    /\[\.\.\.command\.split\(' '\)\.slice\(2\), '--help'\]/,
  ),
  by(/^docker run /, 'test/deploy/container/container.ts', /'--read-only'[^]*'--security-opt=no-new-privileges'/),
  by(/^(helm|kubectl) /, 'test/deploy/docs/kubernetes.spec.ts', /describeCluster/),
  by(/^sudo \.\/install\.sh$/, 'test/deploy/host/install.spec.ts', /asks what it has to know/),
  by(/^sudo \.\/install\.sh --unattended/, 'test/deploy/host/install.spec.ts', /\['--unattended'\]/),
  by(/^sudo \.\/install\.sh --upgrade$/, 'test/deploy/host/install.spec.ts', /\['--upgrade'\]/),
  by(
    /^sudo \/opt\/alert-threader\/previous\/install\.sh --upgrade$/,
    'test/deploy/host/install.spec.ts',
    /previous\/install\.sh', '--upgrade'/,
  ),
  by(/^sudo \.\/install\.sh --uninstall$/, 'test/deploy/host/install.spec.ts', /'--uninstall'\]/),
  by(/^sudo \.\/install\.sh --uninstall --purge$/, 'test/deploy/host/install.spec.ts', /'--uninstall', '--purge'/),
  by(/^\.\/install\.sh --pack /, 'test/deploy/host/packed-release.ts', /--pack/),
  by(/^sudo \.\/setup-redis\.sh$/, 'test/deploy/host/setup-redis.spec.ts', /setup-redis\.sh/),
  by(/^systemd-analyze security alert-threader$/, 'test/deploy/host/scripts.spec.ts', /'security', '--offline=true'/),
  by(/npm run start:dev$/, 'test/deploy/docs/start-dev.spec.ts', /start:dev/),
];

/** Words that name a tool, and are no command to type. */
export const NAMES: ReadonlySet<string> = new Set([
  'git clone',
  'docker compose',
  'docker compose restart',
  'docker compose up',
  'docker run',
  'go install',
  'helm install',
  'helm template',
  'helm test',
  'helm uninstall',
  'helm upgrade',
  'node --max-old-space-size=384',
]);

/** Commands that run until they are ended, and what they have to say before. */
export const RUNS_ON: readonly { readonly command: RegExp; readonly until: RegExp }[] = [
  { command: /node dist\/main\.js$/, until: /"msg":"listening"/ },
  { command: /^node dist-simulator\/main\.js /, until: /^SLACK_API_URL=http/m },
];

/**
 * The programs that a document may call here. All work on the world's own folders, ports and processes; whatever else
 * a document calls has to be named above, with the test that runs it.
 */
export const MAY_RUN: ReadonlySet<string> = new Set([
  ...['cat', 'cp', 'curl', 'date', 'df', 'echo', 'find', 'grep', 'head', 'install', 'jq', 'ls', 'mkdir', 'printf'],
  ...[
    'mv',
    'redis-check-rdb',
    'redis-cli',
    'redis-server',
    'rm',
    'sh',
    'sleep',
    'ss',
    'tee',
    'amtool',
    'chmod',
    'chown',
    'journalctl',
  ],
  ...['systemctl', 'systemd-run', './send-test-alerts.sh'],
]);

/** With these arguments alone. */
export const MAY_RUN_SO: readonly RegExp[] = [
  /^\.\/(install|setup-redis|send-test-alerts)\.sh --help$/,
  /^([A-Z_]+=\S+[\s\\]+)*node (dist|dist-simulator)\/main\.js\b/,
];
