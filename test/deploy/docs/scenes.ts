import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from './world.js';

/** What has to be there before some commands, and what they must have brought about. */
export interface Scene {
  /** `document#section`, and what the commands contain. */
  readonly of: string;
  readonly with: string;
  readonly before?: (world: World) => Promise<void> | void;
  readonly after?: (world: World, out: string) => Promise<void> | void;
}

const today = (): string => new Date().toLocaleDateString('sv').replaceAll('-', '');

/** The threads when the backup was made. */
let kept: Record<string, string> = {};
const isBack = async (world: World): Promise<void> => {
  expect(Object.keys(kept)).not.toEqual([]);
  expect(await world.threads()).toEqual(kept);
};
const putAside = (suffix: string) => async (world: World) => {
  cpSync(world.path(`backup/threads-${today()}.${suffix}`), world.path(`backup/threads-20260115.${suffix}`));
  await world.fires('db02');
  const alerts = [{ labels: { alertname: 'ForgottenByTheRestore' }, startsAt: '2024-01-15T14:30:25Z' }];
  await world.service.post('/alert', { status: 'firing', alerts });
  await world.service.idle();
  expect(await world.threads()).not.toEqual(kept);
};
const keep = async (world: World): Promise<void> => {
  kept = await world.threads();
};

/** Where the earlier version's manual keeps settings, tokens among them. */
const EARLIER = 'etc/systemd/system/alert-threader.service.d/override.conf';
const EARLIER_TEXT = '[Service]\nEnvironment=SLACK_BOT_TOKEN=xoxb-earlier\n';

export const SCENES: readonly Scene[] = [
  {
    of: 'README.md#point-alertmanager-at-it',
    with: 'curl',
    after: async (world, out) => {
      expect(JSON.parse(out)).toMatchObject({ ok: true, count: 1, results: [{ alertname: 'TestCritical' }] });
      expect(Object.keys(await world.threads())).toContain('TestCritical|critical|database|production|production');
    },
  },
  {
    of: 'docs/people.md#by-rest',
    with: '/silence',
    after: (_, out) => {
      expect(out).toContain('"result":"acknowledged"');
      expect(out).toContain('"result":"silenced"');
      expect(out).toContain('"result":"resolved-by-person"');
    },
  },
  {
    of: 'docs/people.md#by-rest',
    with: 'admin-header',
    after: (_, out) => {
      expect(JSON.parse(out)).toMatchObject({ items: expect.any(Array) as object });
    },
  },
  {
    of: 'docs/operations.md#file-store',
    with: 'cron',
    after: async (world) => {
      const line = readFileSync(world.path('etc/cron.d/alert-threader'), 'utf8');
      const [, command = ''] = /^0 2 \* \* \* root (.+)\n$/.exec(line) ?? [];
      const night = await world.run(`sudo sh -c '${command.replaceAll('\\%', '%')}'`); // as cron reads it
      expect(night).toEqual({ code: 0, out: '', err: '' });
    },
  },
  { of: 'docs/operations.md#file-store', with: 'sudo cp /var', before: keep },
  { of: 'docs/operations.md#file-store', with: 'chown', before: putAside('json'), after: isBack },
  { of: 'docs/operations.md#redis', with: '--rdb', before: keep },
  { of: 'docs/operations.md#redis', with: 'redis-check-rdb', before: putAside('rdb'), after: isBack },
  {
    of: 'docs/operations.md#plain-host',
    with: '--check',
    after: (_, out) => {
      expect(out).toBe('alert-threader: the settings can be used\n');
    },
  },
  {
    of: 'docs/operations.md#plain-host',
    with: 'environment.conf',
    before: (world) => {
      mkdirSync(dirname(world.path(EARLIER)), { recursive: true });
      writeFileSync(world.path(EARLIER), EARLIER_TEXT);
    },
    after: (world) => {
      expect(readFileSync(world.path(EARLIER), 'utf8')).toBe(EARLIER_TEXT);
      expect(readdirSync(dirname(world.path(EARLIER))).sort()).toEqual(['environment.conf', 'override.conf']);
    },
  },
  {
    of: 'docs/operations.md#logs',
    with: 'jq',
    after: (_, out) => {
      expect(out.match(/^[^{].*$/gm)).toEqual([expect.stringMatching(/^Started /)]); // shown by the first command alone
    },
  },
  {
    of: 'docs/operations.md#slack-refusing',
    with: 'auth.test',
    after: (_, out) => {
      expect(JSON.parse(out)).toMatchObject({ ok: true });
    },
  },
  {
    of: 'docs/operations.md#not-ready',
    with: 'live',
    after: (_, out) => {
      expect(out).toContain('200');
      expect(out).toContain('"status":"ready"');
    },
  },
  {
    of: 'docs/redis.md#what-is-where',
    with: 'keys',
    before: async (world) => {
      const { alerts } = JSON.parse(
        readFileSync(join(__dirname, '../../fixtures/webhooks/am025-firing-1.json'), 'utf8'),
      ) as { alerts: object[] };
      const labels = { alertname: 'TestCritical', severity: 'critical', service: 'database', cluster: 'production' };
      await world.service.post('/alert', { status: 'firing', alerts: [{ ...alerts[0], labels }] });
      await world.service.idle();
    },
    after: (_, out) => {
      expect(out).toMatch(/^\d{10}\.\d{6}$/m);
    },
  },
  {
    of: 'docs/redis.md#moving-from-the-file-store',
    with: 'jq',
    after: (_, out) => {
      expect(out).toMatch(/^OK$/m);
    },
  },
];
