import { inspect } from 'node:util';
import { ConfigError, type ConfigFault } from './config-error.js';
import { type Config } from './config.js';
import { loadConfig, type EnvironmentVariables } from './load-config.js';
import { Secret } from './secret.js';

const REQUIRED = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' };
const load = (environment: EnvironmentVariables = {}): Config => loadConfig({ ...REQUIRED, ...environment });

const faultsOf = (environment: EnvironmentVariables): readonly ConfigFault[] => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('fills every setting that has a default', () => {
    const config = load();
    const secrets = { slackBotToken: config.slackBotToken.reveal(), redisUrl: config.redisUrl.reveal() };
    expect(Object.assign({}, config, secrets)).toEqual({
      slackBotToken: 'xoxb-1',
      slackAppToken: null,
      slackChannel: 'C0123456789',
      slackApiUrl: 'https://slack.com/api/',
      environment: 'staging',
      bindHost: '0.0.0.0',
      bindPort: 9009,
      threadStore: 'file',
      threadStoreFile: '/var/lib/alert-threader/threads.json',
      redisUrl: 'redis://localhost:6379/0',
      redisKeyPrefix: 'threader:ts',
      threadKeyLabels: ['alertname', 'severity', 'service', 'cluster'],
      reopenWindowMs: 1_800_000,
      repeatReplies: 'unacked',
      repeatIntervalMs: 14_400_000,
      slackChannels: [],
      retentionMs: 2_592_000_000,
      maxOpen: 5_000,
      webhookWaitMs: 1_000,
      webhookToken: null,
      adminToken: null,
      alertmanagerUrl: null,
      alertmanagerUsername: null,
      alertmanagerPassword: null,
      alertmanagerToken: null,
      grafanaUrl: null,
      grafanaUsername: null,
      grafanaPassword: null,
      grafanaToken: null,
      allowedUsers: [],
      allowedUsergroups: [],
      allowExternalUsers: false,
      reactionAck: 'eyes',
      reactionResolve: 'white_check_mark',
      reactionSilence: 'no_bell',
      slackPostsPerSecond: 1,
      slackPostBurst: 3,
      logLevel: 'info',
      logFormat: 'json',
    });
  });

  it.each<[string, string, keyof Config, unknown]>([
    ['SLACK_CHANNEL', 'G01234567', 'slackChannel', 'G01234567'],
    ['SLACK_API_URL', 'http://127.0.0.1:1/api', 'slackApiUrl', 'http://127.0.0.1:1/api/'],
    ['ENVIRONMENT', ' production ', 'environment', 'production'],
    ['BIND_HOST', '::1', 'bindHost', '::1'],
    ['BIND_PORT', '0', 'bindPort', 0],
    ['THREAD_STORE', 'file', 'threadStore', 'file'],
    ['THREAD_STORE', 'redis', 'threadStore', 'redis'],
    ['THREAD_STORE_FILE', '/tmp/a b.json', 'threadStoreFile', '/tmp/a b.json'],
    ['REDIS_KEY_PREFIX', 'x:y', 'redisKeyPrefix', 'x:y'],
    ['THREAD_KEY_LABELS', 'alertname, k8s.pod/name', 'threadKeyLabels', ['alertname', 'k8s.pod/name']],
    ['REOPEN_WINDOW', '1h30m', 'reopenWindowMs', 5_400_000],
    ['REPEAT_REPLIES', 'never', 'repeatReplies', 'never'],
    ['REPEAT_INTERVAL', '0', 'repeatIntervalMs', 0],
    ['SLACK_CHANNELS', 'C0123456789,C1234567890,', 'slackChannels', ['C0123456789', 'C1234567890']],
    ['RETENTION', '2w', 'retentionMs', 1_209_600_000],
    ['MAX_OPEN', '200', 'maxOpen', 200],
    ['WEBHOOK_WAIT', '500ms', 'webhookWaitMs', 500],
    ['ALERTMANAGER_URL', 'http://am:9093', 'alertmanagerUrl', 'http://am:9093/'],
    ['GRAFANA_URL', 'https://g/', 'grafanaUrl', 'https://g/'],
    ['ALLOWED_USERS', 'U01, W0123456789', 'allowedUsers', ['U01', 'W0123456789']],
    ['ALLOWED_USERGROUPS', 'S0123456789', 'allowedUsergroups', ['S0123456789']],
    ['ALLOW_EXTERNAL_USERS', 'true', 'allowExternalUsers', true],
    ['ALLOW_EXTERNAL_USERS', 'false', 'allowExternalUsers', false],
    ['REACTION_ACK', ':wave:', 'reactionAck', 'wave'],
    ['REACTION_RESOLVE', 'ok', 'reactionResolve', 'ok'],
    ['REACTION_SILENCE', '+1', 'reactionSilence', '+1'],
    ['SLACK_POSTS_PER_SECOND', '0.5', 'slackPostsPerSecond', 0.5],
    ['SLACK_POST_BURST', '10', 'slackPostBurst', 10],
    ['LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    ['LOG_FORMAT', 'pretty', 'logFormat', 'pretty'],
  ])('%s=%s', (variable, text, property, expected) => {
    expect(load({ [variable]: text })[property]).toEqual(expected);
  });

  it.each<[string, string, keyof Config]>([
    ['SLACK_BOT_TOKEN', 'xoxe.xoxb-1-abc', 'slackBotToken'],
    ['SLACK_APP_TOKEN', 'xapp-1', 'slackAppToken'],
    ['REDIS_URL', 'rediss://user:pass@r:6380/1', 'redisUrl'],
    ['WEBHOOK_TOKEN', 'p"\\w', 'webhookToken'],
    ['ADMIN_TOKEN', 'admin', 'adminToken'],
    ['ALERTMANAGER_TOKEN', 'topsecret', 'alertmanagerToken'],
    ['GRAFANA_TOKEN', 'glsa_topsecret', 'grafanaToken'],
  ])('%s is kept as a secret', (variable, text, property) => {
    const value = load({ [variable]: text })[property] as Secret;
    expect(value.reveal()).toBe(text);
    expect([String(value), JSON.stringify({ value }), inspect({ value })].join()).not.toContain(text);
  });

  it.each(['ALERTMANAGER', 'GRAFANA'] as const)('takes a user and a password for %s', (server) => {
    const config = load({ [`${server}_USERNAME`]: 'threader', [`${server}_PASSWORD`]: 'pass: wörd' });
    const kept =
      server === 'GRAFANA'
        ? [config.grafanaUsername, config.grafanaPassword?.reveal()]
        : [config.alertmanagerUsername, config.alertmanagerPassword?.reveal()];
    expect(kept).toEqual(['threader', 'pass: wörd']);
    expect(JSON.stringify(config) + inspect(config)).not.toContain('pass: wörd');
  });

  it.each<[Record<string, string>, ConfigFault]>([
    [
      { ALERTMANAGER_USERNAME: 'threader' },
      {
        variable: 'ALERTMANAGER_PASSWORD',
        expects: 'a password, because ALERTMANAGER_USERNAME is set',
        found: 'nothing',
      },
    ],
    [
      { GRAFANA_PASSWORD: 'topsecret' },
      { variable: 'GRAFANA_USERNAME', expects: "a user's name, because GRAFANA_PASSWORD is set", found: 'nothing' },
    ],
    ...['GRAFANA_USERNAME', 'GRAFANA_PASSWORD'].map((basic): [Record<string, string>, ConfigFault] => [
      { [basic]: 'threader', GRAFANA_TOKEN: 'topsecret' },
      {
        variable: 'GRAFANA_TOKEN',
        expects: 'either GRAFANA_TOKEN, or GRAFANA_USERNAME and GRAFANA_PASSWORD, not both',
        found: 'a value not shown here',
      },
    ]),
    ...['http://u:topsecret@am/', 'http://topsecret@am', 'http://am/?token=topsecret'].map(
      (url): [Record<string, string>, ConfigFault] => [
        { ALERTMANAGER_URL: url },
        {
          variable: 'ALERTMANAGER_URL',
          expects:
            'an address without a user, a password, ? and # ' +
            '(credentials go into ALERTMANAGER_TOKEN, or ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD)',
          found: 'a value not shown here',
        },
      ],
    ),
  ])('refuses the credentials %j', (environment, fault) => {
    expect(faultsOf({ ...REQUIRED, ...environment })).toEqual([fault]);
  });

  it('lets each server have credentials of its own kind', () => {
    const basic = { ALERTMANAGER_USERNAME: 'threader', ALERTMANAGER_PASSWORD: 'p' };
    expect(faultsOf({ ...REQUIRED, ...basic, GRAFANA_TOKEN: 't' })).toEqual([]);
  });

  it.each<[string, string]>([
    ['SLACK_BOT_TOKEN', 'xapp-1'],
    ['SLACK_BOT_TOKEN', 'xoxb-a b'],
    ['SLACK_APP_TOKEN', 'xoxb-1'],
    ['SLACK_CHANNEL', '#alerts'],
    ['SLACK_CHANNEL', 'D0123456789'],
    ['SLACK_API_URL', 'slack.com/api'],
    ['SLACK_API_URL', 'ftp://slack.com/'],
    ['ENVIRONMENT', 'a|b'],
    ['ENVIRONMENT', 'a@b'],
    ['ENVIRONMENT', 'a b'],
    ['ENVIRONMENT', 'a\u0001b'],
    ['ENVIRONMENT', 'e'.repeat(101)],
    ['BIND_HOST', 'a b'],
    ['BIND_PORT', '65536'],
    ['BIND_PORT', '-1'],
    ['BIND_PORT', '80.5'],
    ['BIND_PORT', 'http'],
    ['THREAD_STORE', 'mongo'],
    ['THREAD_STORE_FILE', 'a\u0000b'],
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_URL', 'redis://a,b'],
    ['REDIS_URL', 'redis+sentinel://a'],
    ['REDIS_KEY_PREFIX', 'a b'],
    ['REDIS_KEY_PREFIX', 'a{b}'],
    ['THREAD_KEY_LABELS', ','],
    ['THREAD_KEY_LABELS', 'a,a'],
    ['THREAD_KEY_LABELS', 'a,1b'],
    ['THREAD_KEY_LABELS', 'constructor'],
    ['THREAD_KEY_LABELS', 'toString'],
    ['THREAD_KEY_LABELS', '__proto__'],
    ['REOPEN_WINDOW', '30'],
    ['REOPEN_WINDOW', '3651d'],
    ['REOPEN_WINDOW', '-1m'],
    ['REPEAT_REPLIES', 'yes'],
    ['REPEAT_INTERVAL', '4 hours'],
    ['SLACK_CHANNELS', 'C0123456789,general'],
    ['RETENTION', 'forever'],
    ['MAX_OPEN', '99'],
    ['MAX_OPEN', '5k'],
    ['WEBHOOK_WAIT', '61s'],
    ['WEBHOOK_TOKEN', 'two words'],
    ['ADMIN_TOKEN', 'gehéim'],
    ['ALERTMANAGER_URL', 'am:9093'],
    ['GRAFANA_URL', 'grafana'],
    ['GRAFANA_URL', 'https://g/#x'],
    ['ALERTMANAGER_TOKEN', 'two words'],
    ['GRAFANA_TOKEN', 'gehéim'],
    ['ALLOWED_USERS', 'U0123456789,@anna'],
    ['ALLOWED_USERS', 'S0123456789'],
    ['ALLOWED_USERGROUPS', 'U0123456789'],
    ['ALLOW_EXTERNAL_USERS', 'yes'],
    ['REACTION_ACK', 'Eyes!'],
    ['REACTION_ACK', 'no_bell'],
    ['REACTION_RESOLVE', 'ha ha'],
    ['REACTION_SILENCE', 'eyes'],
    ['SLACK_POSTS_PER_SECOND', '0'],
    ['SLACK_POSTS_PER_SECOND', 'fast'],
    ['SLACK_POST_BURST', '1.5'],
    ['SLACK_POST_BURST', '0'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('refuses %s=%j', (variable, text) => {
    const faults = faultsOf({ ...REQUIRED, [variable]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.variable.split('_')[0]).toBe(variable.split('_')[0]);
    expect(faults[0]?.expects).not.toBe('');
  });

  it('takes an empty or blank variable as not set', () => {
    expect(load({ ENVIRONMENT: '', BIND_PORT: '  ', ADMIN_TOKEN: '' })).toEqual(load());
    expect(faultsOf({ SLACK_BOT_TOKEN: ' ', SLACK_CHANNEL: '' }).map(({ found }) => found)).toEqual([
      'nothing',
      'nothing',
    ]);
  });

  const MINE = 'the-words-of-this-deployment';
  it.each<[string, string]>([
    ['THREAD_STORE', 'xoxb-1-topsecret'],
    ['ENVIRONMENT', 'xapp-1-topsecret@'],
    ['LOG_LEVEL', 'xoxe.xoxp-1-topsecret'],
    ['SLACK_CHANNEL', 'xoxe-1-topsecret'],
    ['SLACK_API_URL', 'glsa_topsecret'],
    ['RETENTION', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['BIND_PORT', 'c2VjcmV0IG9mIHNvbWVib2R5IDEyMzQ1Njc4OTA='],
    ['BIND_HOST', 'https://somebody:topsecret@example.com/'],
    ['THREAD_KEY_LABELS', 'Bearer topsecret'],
    ['LOG_FORMAT', MINE],
    ['THREAD_STORE', `redis ${MINE}`],
    ['REACTION_ACK', 'the key of another program'],
  ])('does not show a secret that was put into %s: %s', (variable, text) => {
    const others = { WEBHOOK_TOKEN: MINE, SOME_API_KEY: 'the key of another program' };
    const faults = faultsOf({ ...REQUIRED, ...others, [variable]: text });
    expect(faults.map((fault) => [fault.variable, fault.found])).toEqual([[variable, 'a value not shown here']]);
  });

  it('shows what is no secret, with the secrets that are set', () => {
    const faults = faultsOf({ ...REQUIRED, WEBHOOK_TOKEN: 'a', THREAD_STORE: 'mango' });
    expect(faults.map(({ found }) => found)).toEqual(['"mango"']);
  });

  it('lists every fault at once and shows no token and no password', () => {
    const environment = {
      SLACK_BOT_TOKEN: 'topsecret-1',
      SLACK_CHANNEL: 'general',
      ADMIN_TOKEN: 'topsecret 2',
      REDIS_URL: 'http://u:topsecret@h',
      GRAFANA_URL: 'u:topsecret@grafana',
      GRAFANA_USERNAME: 'a:b',
      GRAFANA_PASSWORD: 'topsecret\u0007 3',
      RETENTION: 'x'.repeat(500),
    };
    expect(() => loadConfig(environment)).toThrow(ConfigError);
    const faults = faultsOf(environment);
    expect(faults.map(({ variable }) => variable).sort()).toEqual(Object.keys(environment).sort());
    const { message } = new ConfigError(faults);
    expect(message).not.toContain('topsecret');
    expect(message.split('\n')).toHaveLength(9);
    expect(message).toContain(
      'SLACK_CHANNEL: expected a channel\'s id such as C0123456789 (its name won\'t do); found "general"',
    );
    expect(message.length).toBeLessThan(1_500);
  });

  it('is frozen and takes nothing else from the environment', () => {
    const config = load({ PATH: '/bin', __proto__: 'x', constructor: 'y' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.threadKeyLabels) && Object.isFrozen(config.slackChannels)).toBe(true);
    expect(Object.isFrozen(config.allowedUsers) && Object.isFrozen(config.allowedUsergroups)).toBe(true);
    expect(Object.keys(config)).toHaveLength(39);
  });
});
