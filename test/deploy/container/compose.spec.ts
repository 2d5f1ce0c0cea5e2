import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { loadConfig } from '../../../src/config/load-config.js';
import { amtool, ensureAlertmanager, EXAMPLE, type AlertmanagerPrograms } from '../../support/alertmanager.js';
import { TempFolder } from '../../support/temp-folder.js';
import { GO_INSTALL_TIMEOUT_MS } from '../support/go-tool.js';
import { ALL_COMMANDS, oneByOne } from '../docs/commands.js';
import { dockerCompose } from './docker-compose.js';

const run = promisify(execFile);

const ROOT = join(__dirname, '../../..');
const ALERTMANAGER = join(ROOT, 'config/compose/alertmanager.yml');

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly networks: Readonly<Record<string, unknown>>;
}
interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

describe('compose.yaml', () => {
  let folder: TempFolder;
  let compose: string;

  beforeAll(async () => {
    compose = await dockerCompose();
  }, GO_INSTALL_TIMEOUT_MS);
  beforeEach(() => {
    folder = new TempFolder();
    for (const path of ['compose.yaml', 'config']) cpSync(join(ROOT, path), folder.file(path), { recursive: true });
    const example = readFileSync(folder.file('config/alert-threader.env.example'), 'utf8');
    writeFileSync(
      folder.file('.env'),
      `${example}\nSLACK_BOT_TOKEN=xoxb-of-a-test\nTHREAD_STORE=file\nADMIN_TOKEN=of-a-test\n`,
    );
  });
  afterEach(() => {
    folder.remove();
  });

  /** What Compose makes of the file, or its complaint. */
  const read = async (): Promise<Project> => {
    const { stdout } = await run(compose, ['config', '--format', 'json'], { cwd: folder.path });
    return JSON.parse(stdout) as Project;
  };
  const change = (from: string, to: string): void => {
    const text = readFileSync(folder.file('compose.yaml'), 'utf8');
    expect(text.split(from).length).toBeGreaterThan(1);
    writeFileSync(folder.file('compose.yaml'), text.replace(from, to));
  };

  it('is what Compose takes, with .env made of the example', async () => {
    const { services } = await read();
    expect(Object.keys(services).sort()).toEqual(['alert-threader', 'alertmanager', 'redis']);
  });

  it.each([
    ['a misspelt setting', 'read_only:', 'readonly:', /readonly/],
    ['a service that is not there', '      redis:\n        condition', '      valkey:\n        condition', /valkey/],
    ['a network that is not there', 'networks: [store]', 'networks: [stores]', /stores/],
  ])('would be refused with %s', async (_, from, to, complaint) => {
    change(from, to);
    await expect(read()).rejects.toThrow(complaint);
  });

  it('gives nobody rights that are not needed', async () => {
    const { services, networks } = await read();
    for (const [name, service] of Object.entries(services)) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] }),
      ]);
      expect(service.privileged ?? false).toBe(false);
      for (const { host_ip: address } of service.ports ?? []) expect([name, address]).toEqual([name, '127.0.0.1']);
    }
    expect(services['redis']).not.toHaveProperty('ports');
    expect(Object.keys(services['redis']?.networks ?? {})).toEqual(['store']);
    expect(networks['store']).toMatchObject({ internal: true });
  });

  it('starts each once what it needs is healthy', async () => {
    const { services } = await read();
    const waits = Object.values(services).flatMap(({ depends_on: needs = {} }) => Object.entries(needs));
    expect(waits.map(([name, { condition }]) => [name, condition])).toEqual([
      ['redis', 'service_healthy'],
      ['alert-threader', 'service_healthy'],
    ]);
    expect(services['redis']?.healthcheck?.test).toContain('redis-cli ping | grep -q PONG');
  });

  it('keeps the threads in Redis, whatever .env says, and mounts files that are there', async () => {
    const { services } = await read();
    const { environment } = services['alert-threader'] ?? {};
    expect(environment).toMatchObject({
      SLACK_BOT_TOKEN: 'xoxb-of-a-test',
      THREAD_STORE: 'redis',
      REDIS_URL: 'redis://redis:6379/0',
    });
    for (const { volumes = [] } of Object.values(services)) {
      for (const { type, source } of volumes) if (type === 'bind') expect(readFileSync(source, 'utf8')).not.toBe('');
    }
  });

  it('has what .env holds in what it compares with the container, and so starts it anew after a change', async () => {
    const token = async (): Promise<string | undefined> =>
      (await read()).services['alert-threader']?.environment?.['SLACK_BOT_TOKEN'];
    expect(await token()).toBe('xoxb-of-a-test');
    const text = readFileSync(folder.file('.env'), 'utf8');
    writeFileSync(folder.file('.env'), text.replace('xoxb-of-a-test', 'xoxb-another'));
    expect(await token()).toBe('xoxb-another');
  });

  it('does not start without an ADMIN_TOKEN, which the command that the complaint names makes', async () => {
    const text = readFileSync(folder.file('.env'), 'utf8');
    writeFileSync(folder.file('.env'), text.replace('ADMIN_TOKEN=of-a-test\n', ''));
    const { stderr } = await read().then(
      () => ({ stderr: 'nothing' }),
      (error: unknown) => error as { stderr: string },
    );
    const [, command = ''] = /Make it: (echo .* >> \.env)\n/.exec(stderr) ?? [stderr];
    expect(command).toBe('echo "ADMIN_TOKEN=$(openssl rand -hex 20)" >> .env');
    await run('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder.path });
    const token = (await read()).services['alert-threader']?.environment?.['ADMIN_TOKEN'];
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789', ADMIN_TOKEN: token })).toBeDefined();
  });

  const COMMANDS = ALL_COMMANDS.flatMap(({ text }) => oneByOne(text)).filter((it) => /^docker compose \w+ /.test(it));
  it.each([...new Set(COMMANDS)])('takes: %s', async (command) => {
    // what it does needs an engine, which these tests have not
    const { stdout } = await run(compose, [...command.split(' ').slice(2), '--help'], { cwd: folder.path });
    expect(stdout).toContain(`Usage:  docker compose ${command.split(' ')[2] ?? ''}`);
    const { services } = await read();
    for (const name of command
      .split(' ')
      .slice(3)
      .filter((word) => !word.startsWith('-')))
      expect(services).toHaveProperty(name);
  });

  it('would not take an option that there is none of', async () => {
    await expect(run(compose, ['up', '--detached', '--help'], { cwd: folder.path })).rejects.toThrow(/--detached/);
  });

  it('wants a file .env', async () => {
    const other = new TempFolder();
    try {
      cpSync(join(ROOT, 'compose.yaml'), other.file('compose.yaml'));
      await expect(run(compose, ['config'], { cwd: other.path })).rejects.toThrow(/\.env/);
    } finally {
      other.remove();
    }
  });

  describe('its Alertmanager', () => {
    let programs: AlertmanagerPrograms;
    beforeAll(async () => {
      programs = await ensureAlertmanager();
    }, GO_INSTALL_TIMEOUT_MS);

    it('is set up as config/alertmanager.example.yml, with the address of the service', () => {
      const ours = settingsOf(ALERTMANAGER);
      expect(ours.receiver.webhook_configs).toEqual([
        expect.objectContaining({ url: 'http://alert-threader:9009/alert' }),
      ]);
      const text = JSON.stringify(ours).replace('http://alert-threader:9009/', 'http://127.0.0.1:9009/');
      expect(JSON.parse(text)).toEqual(settingsOf(EXAMPLE));
      expect(amtool(programs, 'check-config', ALERTMANAGER)).toContain('SUCCESS');
    });
  });
});

interface Receiver {
  readonly name: string;
  readonly webhook_configs?: readonly object[];
}

/** What is said of Alert Threader; the example routes to others too. */
const settingsOf = (file: string): { route: object; receiver: Receiver } => {
  const { route, receivers } = load(readFileSync(file, 'utf8')) as {
    route: { routes?: object };
    receivers: Receiver[];
  };
  const { routes: _others, ...ours } = route;
  const receiver = receivers.find(({ name }) => name === 'alert-threader');
  if (receiver === undefined) throw new Error(`${file} has no receiver alert-threader`);
  return { route: ours, receiver };
};
