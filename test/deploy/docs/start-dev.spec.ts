import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../support/eventually.js';
import { withPeople } from '../../support/service-environment.js';
import { TempFolder } from '../../support/temp-folder.js';
import { ROOT } from './markdown.js';

/** What a developer's clone has, so that a build here does not replace that of other tests. */
const NEEDED = [
  'src',
  'tools',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const COMPILES_WITHIN_MS = 120_000;

describe('npm run start:dev', () => {
  const folder = new TempFolder();
  let simulator: Simulator;
  let child: ChildProcess;
  let output = '';
  const listened = (): number => output.split('listening').length - 1;

  beforeAll(async () => {
    simulator = await startSimulator();
    mkdirSync(folder.file('data'));
    for (const name of NEEDED) cpSync(join(ROOT, name), folder.file(name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), folder.file('node_modules'));
    child = spawn('npm', ['run', 'start:dev'], {
      cwd: folder.path,
      detached: true, // a group of its own: npm, the compiler and the service end together
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder.path,
        ...withPeople(simulator, { LOG_FORMAT: 'pretty', BIND_HOST: '127.0.0.1', BIND_PORT: '0' }),
        THREAD_STORE_FILE: 'data/threads.json',
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
  });
  afterAll(async () => {
    if (child.pid !== undefined && child.exitCode === null) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      process.kill(-child.pid, 'SIGTERM');
      await closed;
    }
    await simulator.close();
    folder.remove();
  });

  it(
    'starts the service, and starts it again on a change',
    async () => {
      const options = { timeoutMs: COMPILES_WITHIN_MS, instead: () => output };
      await eventually('the service to listen', () => listened() === 1, options);
      appendFileSync(folder.file('src/main.ts'), '\n// a change\n');
      await eventually('the service to listen again', () => listened() === 2, options);
    },
    2 * COMPILES_WITHIN_MS,
  );
});
