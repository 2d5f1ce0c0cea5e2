/**
 * Who may import whom under src/ (docs/architecture.md, Folders of src). A folder that is not named here is a fault. Everything may import
 * domain, clock and wire.
 */
const may = {
  alerts: ['incidents', 'delivery', 'thread-store', 'http', 'config', 'logging'],
  interactions: ['incidents', 'slack', 'rendering', 'thread-store', 'delivery', 'config', 'logging'],
  incidents: ['thread-store', 'delivery', 'silences', 'http', 'config', 'logging'],
  delivery: ['thread-store', 'slack', 'rendering', 'redis', 'config', 'logging'],
  slack: ['redis', 'config', 'logging'],
  silences: ['config', 'logging'],
  'thread-store': ['redis', 'config', 'logging'],
  redis: ['thread-store', 'config', 'logging'],
  health: ['thread-store', 'delivery', 'slack', 'redis', 'http', 'config', 'logging'],
  stats: ['thread-store', 'delivery', 'slack', 'redis', 'http', 'config', 'logging'],
  metrics: ['alerts', 'incidents', 'thread-store', 'delivery', 'slack', 'health', 'config', 'logging'],
  docs: ['alerts', 'incidents', 'health', 'metrics', 'stats'], // the controllers that it describes
  http: ['thread-store', 'config', 'logging'],
  logging: ['config'],
  rendering: [],
  config: [],
  clock: [],
  wire: [],
  domain: [],
};

/** Folders that others know by their ports alone. */
const ports = {
  'thread-store': ['thread-store', 'store-observer'],
  delivery: ['delivery', 'operator-notice', 'pace'],
  slack: ['slack-client', 'call-observer', 'slack-socket', 'socket-view', 'slack-call-error'],
  silences: ['silence-client'],
  redis: ['redis-connection'],
};

/** The files at src/ itself put the modules together. */
const ASSEMBLY = '^src/[^/]+\\.ts$';
const MODULE = '\\.module\\.ts$';
const SPEC = '\\.spec\\.ts$';
const free = ['domain', 'clock', 'wire'];

export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-unlisted-package',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-dev', 'unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: '^(simulator|test|bench)/' },
    },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: SPEC },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'unnamed-folder',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(may).join('|')})/` },
      to: {},
    },
    {
      name: 'assembly-takes-no-parts',
      comment: 'main, start, create-app and app.module know modules and ports, never what is inside a folder',
      severity: 'error',
      from: { path: ASSEMBLY, pathNot: SPEC },
      to: {
        path: `^src/(${Object.keys(ports).join('|')})/`,
        pathNot: [
          MODULE,
          ...Object.entries(ports).map(([folder, files]) => `^src/${folder}/(${files.join('|')})\\.ts$`),
        ],
      },
    },
    ...Object.entries(may).map(([folder, allowed]) => ({
      name: `${folder}-boundary`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: SPEC },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...free, ...allowed].join('|')})/` },
    })),
    ...Object.entries(ports).flatMap(([folder, files]) => {
      const port = `^src/${folder}/(${files.join('|')})\\.ts$`;
      const inside = { path: `^src/${folder}/` };
      return [
        {
          name: `${folder}-port-only`,
          severity: 'error',
          from: { path: '^src/[^/]+/', pathNot: [`^src/${folder}/`, SPEC, MODULE] },
          to: { ...inside, pathNot: port },
        },
        {
          name: `${folder}-port-and-module-only`,
          severity: 'error',
          from: { path: `^src/[^/]+/.*${MODULE}`, pathNot: `^src/${folder}/` },
          to: { ...inside, pathNot: [port, MODULE] },
        },
      ];
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // type-only imports count too
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
