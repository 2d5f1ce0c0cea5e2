import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { endServices, ServiceProcess, startService } from '../support/service-process.js';

const GOOD = { SLACK_BOT_TOKEN: 'xoxb-1-not-to-be-told', SLACK_CHANNEL: 'C0123456789' };

/** Of sysexits.h; config/systemd/alert-threader.service does not start it again after this one. */
const WRONG_SETTINGS = 78;

/** How a start with these settings ends. */
const refused = async (env: Record<string, string>, code = WRONG_SETTINGS): Promise<ServiceProcess> => {
  const service = new ServiceProcess({ env });
  expect(await service.refusal()).toEqual({ code, signal: null });
  for (const text of [service.stderr, JSON.stringify(service.log)]) {
    expect(text).not.toMatch(/(\n|\\n)\s+at .*[:(]/); // a stack trace
  }
  return service;
};

describe('an environment that can not be used', () => {
  afterEach(endServices);

  it('is told with every fault at once, and no token', async () => {
    const { stderr } = await refused({
      SLACK_BOT_TOKEN: 'xoxp-987-the-wrong-kind',
      SLACK_APP_TOKEN: 'app-654-token',
      WEBHOOK_TOKEN: 'two words',
      ADMIN_TOKEN: 'schlüssel-ä',
      SLACK_API_URL: 'slack.example.com',
      BIND_PORT: '70000',
      THREAD_STORE: 'sqlite',
      REOPEN_WINDOW: 'soon',
      REPEAT_REPLIES: 'sometimes',
      LOG_LEVEL: 'loud',
    });
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe('alert-threader: the environment has 11 faults:');
    expect(
      lines
        .slice(1)
        .map((line) => /^ {2}(\w+): expected .+; found .+$/.exec(line)?.[1])
        .sort(),
    ).toEqual([
      'ADMIN_TOKEN',
      'BIND_PORT',
      'LOG_LEVEL',
      'REOPEN_WINDOW',
      'REPEAT_REPLIES',
      'SLACK_API_URL',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'SLACK_CHANNEL',
      'THREAD_STORE',
      'WEBHOOK_TOKEN',
    ]);
  });

  it('is told when it is empty', async () => {
    const { stderr } = await refused({});
    expect(stderr).toMatch(/SLACK_BOT_TOKEN: expected a Slack bot token, xoxb-…; found nothing/);
    expect(stderr).toMatch(/SLACK_CHANNEL: expected .*; found nothing/);
  });

  it.each([
    [
      'a port that is taken',
      (port: string) => ({ BIND_PORT: port }),
      /^alert-threader: can't listen on 127\.0\.0\.1, port \d+: another process listens there \(BIND_HOST, BIND_PORT\)\n$/,
    ],
    [
      'a folder that is none',
      () => ({ THREAD_STORE_FILE: '/dev/null/threads.json' }),
      /^alert-threader: .*\/dev\/null\/threads\.json.*\n$/,
    ],
  ])('tells %s in one line', async (_, settings, line) => {
    const first = await startService({ env: GOOD });
    const service = await refused({ ...GOOD, ...settings(new URL(first.url).port) }, 1);
    expect(service.stderr).toMatch(line);
  });
});

describe('arguments', () => {
  /** Ends by itself, or is ended after a minute. */
  const run = (...args: string[]) => {
    const main = join(__dirname, '../../dist/main.js');
    const env = { ...GOOD, PATH: process.env['PATH'], BIND_HOST: '127.0.0.1', BIND_PORT: '0' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      env: { ...env, THREAD_STORE_FILE: '/dev/null/none.json' },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stdout, stderr };
  };
  const USAGE = 'usage: node dist/main.js [--check | --help]';

  it.each([
    ['none that it knows', ['--chekc'], '--chekc'],
    ['a word', ['start'], 'start'],
    ['one too many', ['--check', '--foo'], '--foo'],
    ['a long one with control characters', [`--${'x'.repeat(500)}\u001b[31m\nred`], `--${'x'.repeat(58)}…`],
  ])('it does not know start nothing, and are told in one line: %s', (_, args, shown) => {
    expect(run(...args)).toEqual({
      status: WRONG_SETTINGS,
      stdout: '',
      stderr: `alert-threader: unknown argument ${JSON.stringify(shown)}; ${USAGE}\n`,
    });
  });

  it.each([['--help'], ['-h']])('%s says what there is, whatever the settings are', (argument) => {
    const { status, stdout, stderr } = run(argument);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe(USAGE);
    expect(stdout).toContain('--check');
    expect(stdout).toContain('SLACK_BOT_TOKEN');
  });

  it('--check says that the settings can be used', () => {
    expect(run('--check')).toEqual({ status: 0, stdout: 'alert-threader: the settings can be used\n', stderr: '' });
  });
});
