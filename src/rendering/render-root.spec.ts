import type { RootFacts } from '../domain/root-facts.js';
import type { AlertState } from '../domain/incident.js';
import { rootFacts } from '../domain/root-facts.js';
import { alert, alertOn, facts, RESOLVED, STARTED, thread } from './messages.fixture.js';
import { asRead } from './read-slack.fixture.js';
import { renderRoot } from './render-root.js';
import { faultsOf } from './slack-rules.fixture.js';

const SEED_CARD = `🚨 Database Critical Failure

Severity: CRITICAL          Environment: production
Service: database           Cluster: production
Instance: db01.example.com

Description:
MySQL connection completely failed. Immediate action required.

Runbook: View Runbook

Started: 2024-01-15 14:30:25 UTC

env=production | alertname=DatabaseCriticalFailure`;

const resolution = { by: null, at: RESOLVED + 9000, endsAt: RESOLVED };

describe('the card of one alert', () => {
  test('has the documented format', () => {
    expect(asRead(renderRoot(facts()))).toBe(SEED_CARD);
  });

  test('has the header above a coloured attachment', () => {
    const { text, blocks, attachments } = renderRoot(facts());
    expect(text).toBe('🚨 Database Critical Failure — db01.example.com (critical, production)');
    expect(blocks).toEqual([
      { type: 'header', text: { type: 'plain_text', text: '🚨 Database Critical Failure', emoji: true } },
    ]);
    expect(attachments).toHaveLength(1);
    expect(attachments?.[0]?.color).toBe('#E01E5A');
    expect(attachments?.[0]?.fallback).toBe('MySQL connection completely failed. Immediate action required.');
  });

  test('writes links and times in markup', () => {
    const json = JSON.stringify(renderRoot(facts()));
    expect(json).toContain('*Runbook:* <https://docs.example.com/runbooks/db-failure|View Runbook>');
    expect(json).toContain('*Started:* <!date^1705329025^{date_short_pretty} at {time}|2024-01-15 14:30:25 UTC>');
  });

  test('turns to a tick and to green when resolved', () => {
    const message = renderRoot(facts({ status: 'resolved', resolution, firing: 0, resolved: 1 }));
    expect(asRead(message)).toBe(
      SEED_CARD.replace('🚨', '✅').replace('25 UTC\n', '25 UTC | Resolved: 2024-01-15 14:45:30 UTC\n'),
    );
    expect(message.attachments?.[0]?.color).toBe('#2EB67D');
    expect(message.text).toBe('✅ RESOLVED — Database Critical Failure — db01.example.com (critical, production)');
  });

  test('leaves out what the alert does not say', () => {
    const bare = alert({
      labels: { alertname: 'Bare' },
      annotations: {},
      startsAt: Date.parse('0001-01-01T00:00:00Z'),
    });
    const message = renderRoot(rootFacts(thread([bare], { severity: 'info' })));
    expect(asRead(message)).toBe(
      'ℹ️ Bare\n\nSeverity: INFO              Environment: production\n\nenv=production | alertname=Bare',
    );
  });
});

test.each([
  ['critical', '🚨', '#E01E5A'],
  ['CRITICAL', '🚨', '#E01E5A'],
  ['error', '❌', '#E01E5A'],
  ['Warning', '⚠️', '#ECB22E'],
  ['info', 'ℹ️', '#2EB67D'],
  ['debug', '🐛', '#36C5F0'],
  ['page-me', '📢', '#868686'],
  ['constructor', '📢', '#868686'],
  ['', '📢', '#868686'],
])('severity %j is %s %s', (severity, emoji, color) => {
  const message = renderRoot(facts({ severity }));
  expect(asRead(message)).toMatch(`${emoji} Database Critical Failure`);
  expect(asRead(message)).toContain(`Severity: ${severity.toUpperCase() || 'UNKNOWN'}`);
  expect(message.attachments?.[0]?.color).toBe(color);
  expect(faultsOf(message)).toEqual([]);
});

describe('status lines', () => {
  const mentioned = { kind: 'slack', id: 'U0123ABCD' } as const;
  const rest = { kind: 'rest', id: 'alice <ops>' } as const;
  const cases: [string, Partial<RootFacts>, string][] = [
    ['counts', { firing: 3, resolved: 1 }, 'Alerts: 3 firing, 1 resolved'],
    ['counts that are zero are left out', { firing: 3, resolved: 0 }, 'Alerts: 3 firing'],
    ['left out alerts', { truncated: 7 }, '7 more alerts not shown (left out by Alertmanager)'],
    ['one left out', { truncated: 1 }, '1 more alert not shown (left out by Alertmanager)'],
    [
      'acknowledged from Slack',
      { status: 'acknowledged', acknowledged: { by: mentioned, at: RESOLVED } },
      '👀 Acknowledged by <@U0123ABCD> · 2024-01-15 14:45:30 UTC',
    ],
    [
      'acknowledged by REST',
      { status: 'acknowledged', acknowledged: { by: rest, at: RESOLVED } },
      '👀 Acknowledged by alice <ops> · 2024-01-15 14:45:30 UTC',
    ],
    [
      'silenced',
      { silence: { id: 's', server: 'alertmanager', until: RESOLVED, by: rest } },
      '🔕 Silenced until 2024-01-15 14:45:30 UTC by alice <ops>',
    ],
    ['reopened', { reopened: 1 }, 'Reopened once'],
    ['reopened again', { reopened: 2 }, 'Reopened 2 times'],
    ['all over', { status: 'resolved', resolution, firing: 0, resolved: 3 }, 'All 3 alerts resolved'],
    [
      'resolved by a person',
      { status: 'resolved', resolution: { by: mentioned, at: RESOLVED }, firing: 2 },
      '⚠️ 2 alerts still fire at the source\n✅ Resolved by <@U0123ABCD>',
    ],
    [
      'in another channel',
      { movedFrom: { channel: 'C0000000001', code: 'is_archived' } },
      'Meant for channel C0000000001, which is unusable (is_archived): unarchive it, or correct slack_channel',
    ],
    [
      'in another channel, since the bot may not post there',
      { movedFrom: { channel: 'C0000000001', code: 'restricted_action_read_only_channel' } },
      'Meant for channel C0000000001, which is unusable (restricted_action_read_only_channel): let the app post there, or correct slack_channel',
    ],
    [
      'in another channel, since there is none of that id',
      { movedFrom: { channel: 'C0NOSUCH99', code: 'channel_not_found' } },
      'Meant for channel C0NOSUCH99, which is unusable (channel_not_found): invite the bot there, or correct slack_channel',
    ],
  ];

  test.each(cases)('%s', (_name, change, line) => {
    const message = renderRoot(facts(change));
    expect(asRead(message).split('\n\n')).toContain(line);
    expect(faultsOf(message)).toEqual([]);
  });

  test('acknowledged keeps the colour and emoji of the severity', () => {
    const message = renderRoot(facts({ status: 'acknowledged', acknowledged: { by: rest, at: RESOLVED } }));
    expect(asRead(message)).toMatch(/^🚨 /);
    expect(message.attachments?.[0]?.color).toBe('#E01E5A');
  });

  test('who has it and what is silenced stand first, above the fields', () => {
    const silence = { id: 's', server: 'alertmanager', until: RESOLVED, by: mentioned } as const;
    const change = { status: 'acknowledged', acknowledged: { by: rest, at: RESOLVED }, silence, firing: 2 } as const;
    const state = [
      '👀 Acknowledged by alice <ops> · 2024-01-15 14:45:30 UTC',
      '🔕 Silenced until 2024-01-15 14:45:30 UTC by <@U0123ABCD>',
    ].join('\n');
    expect(asRead(renderRoot(facts(change)))).toBe(
      SEED_CARD.replace('\n\n', `\n\n${state}\n\n`).replace('\n\nStarted', '\n\nAlerts: 2 firing\n\nStarted'),
    );
    expect(renderRoot(facts(change), { plain: true }).text.split('\n').slice(1, 4)).toEqual([
      '👀 Acknowledged by alice &lt;ops&gt; · 2024-01-15 14:45:30 UTC',
      '🔕 Silenced until 2024-01-15 14:45:30 UTC by someone in Slack',
      'Alerts: 2 firing',
    ]);
  });

  test('what a person wrote when resolving', () => {
    const by = { kind: 'rest', id: 'bob' } as const;
    const written = { by, at: RESOLVED, actionTaken: 'Restarted *it*\n<!here>', rootCause: 'Disk & RAM' };
    const read = asRead(renderRoot(facts({ status: 'resolved', resolution: written, firing: 0 })));
    expect(read).toContain('✅ Resolved by bob\n\nAction taken: Restarted it\n<!here>\nRoot cause: Disk & RAM');
  });
});

test('several instances are named, more are counted', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `db-${name}`);
  const message = renderRoot(rootFacts(thread(names.map((name) => alertOn(name)))));
  expect(asRead(message)).toContain('Instances: db-a, db-b, db-c, db-d, db-e +2 more');
  expect(asRead(message)).toContain('Alerts: 7 firing\n');
  expect(message.text).toBe('🚨 Replica of db-a failed — db-a +6 more (critical, production)');
});

describe('the pod', () => {
  const { labels } = alert();
  const podOf = (i: number): AlertState =>
    alert({ fingerprint: `${i}`, labels: { ...labels, instance: '10.0.0.1:8080', pod: `cart-${i}` } });
  const read = (...alerts: AlertState[]): string => asRead(renderRoot(rootFacts(thread(alerts))));

  test('stands beside the instance', () => {
    expect(read(podOf(0))).toContain('\nInstance: 10.0.0.1:8080     Pod: cart-0\n');
  });

  test('is the name where one exporter reports several', () => {
    expect(read(podOf(1), podOf(0))).toContain('\nInstances: cart-1, cart-0\n');
  });

  test('is not said twice where there is no instance', () => {
    expect(read(alert({ labels: { alertname: 'X', pod: 'cart-0' } }))).toMatch(/Instance: cart-0\n(?![^]*Pod:)/);
  });

  test('is no fact of other alerts, so that their roots need no edit', () => {
    expect(rootFacts(thread())).not.toHaveProperty('pod');
  });
});

describe('links', () => {
  const runbook = (raw: string): string => asRead(renderRoot(facts({ runbook: raw })));

  test('to dashboard, panel and source, http(s) only', () => {
    const links = {
      dashboard: 'https://grafana.example.com/d/x?a=1&b=2',
      panel: 'javascript:alert(1)',
      generator: 'http://prometheus.example.com:9090/graph?g0.expr=up%7Bjob%3D%22x%22%7D+%3E+0.9&g0.tab=1',
    };
    const message = renderRoot(facts({ links }));
    expect(asRead(message)).toContain('\n\nView Dashboard | View Source\n\n');
    expect(JSON.stringify(message)).toContain('<https://grafana.example.com/d/x?a=1&amp;b=2|View Dashboard>');
    expect(JSON.stringify(message)).toContain('%7D+%3E+0.9&amp;g0.tab=1|View Source>');
    expect(faultsOf(message)).toEqual([]);
  });

  test('what would break the markup is encoded', () => {
    const message = renderRoot(facts({ runbook: `https://x.example/a b|c>d"e'f?x=<2>|&y=1#<!here>|` }));
    expect(JSON.stringify(message)).toContain(
      '<https://x.example/a%20b%7Cc%3Ed%22e%27f?x=%3C2%3E%7C&amp;y=1#%3C!here%3E%7C|View Runbook>',
    );
    expect(faultsOf(message)).toEqual([]);
  });

  test.each([
    ['see the wiki', 'Runbook: see the wiki'],
    ['javascript:alert(1)', 'Runbook: javascript:alert(1)'],
    ['<https://evil.example|click>', 'Runbook: <https://evil.example|click>'],
  ])('%j is shown as text', (raw, line) => {
    expect(runbook(raw)).toContain(line);
    expect(JSON.stringify(renderRoot(facts({ runbook: raw })))).not.toContain('|View Runbook>');
  });

  test.each(['https://user:secret@x.example/', 'https://token@x.example/', `https://x.example/${'a'.repeat(4000)}`])(
    'what must not or cannot be shown whole is left out',
    (raw) => {
      expect(runbook(raw)).not.toContain('Runbook:');
    },
  );
});

test('special characters of a real payload', () => {
  const special = alert({
    labels: { alertname: 'Special', path: 'C:\\tmp\\"x"', severity: 'critical', unicode: 'Prüfung-日本-🔥' },
    annotations: {
      description:
        'line1\nline2\ttab \\ backslash {{ not_template }} $value %s > quote\n```\ncode\n```\n• emoji 🔥 éß \u0001 ctl \u2028 ls </script>',
      runbook_url: 'https://runbooks.example.com/a b?x=1&y=<2>',
      summary: 'Disk <b>full</b> & "hot" on *db_1* ~x~ `cmd` <!channel> <@U123> <https://evil.example|click>',
    },
  });
  const message = renderRoot(rootFacts(thread([special])));
  expect(faultsOf(message)).toEqual([]);
  expect(asRead(message)).toContain(
    '🚨 Disk <b>full</b> & "hot" on *db_1* ~x~ `cmd` <\u200B!channel> <\u200B@U123> <https://evil.example|click>\n',
  );
  const json = JSON.stringify(message);
  expect(json).toContain('%s &gt; quote\\n```\\ncode\\n```\\n• emoji 🔥 éß  ctl\\n ls &lt;/script&gt;');
  expect(json).toContain('<https://runbooks.example.com/a%20b?x=1&amp;y=%3C2%3E|View Runbook>');
  expect(message.text).toContain('Disk &lt;b&gt;full&lt;/b&gt; &amp; "hot" on *db_1*');
});

describe('a title without a visible character', () => {
  test.each(['', ' \n ', '\u0000\u202E', '\u200B\u2060\uFEFF', '\u2800'])(
    '%j falls back to the alert name',
    (title) => {
      expect(asRead(renderRoot(facts({ title })))).toMatch('🚨 DatabaseCriticalFailure');
    },
  );

  test('and that to "Alert"', () => {
    expect(asRead(renderRoot(facts({ title: '\u0007', alertname: '' })))).toMatch(/^🚨 Alert\n/);
  });
});

test('a value cannot add lines to a card', () => {
  const message = renderRoot(facts({ instances: ['db01\n\n✅ Resolved by the boss\r\u2028x'] }));
  expect(asRead(message)).toContain('Instance: db01 ✅ Resolved by the boss x\n');
});

test('a mention in a label pings nobody in the fallback text either', () => {
  const message = renderRoot(facts({ title: '@here @Channel @\u202Eeveryone ops@here.example' }));
  expect(message.text).toMatch(/^🚨 @\u200Bhere @\u200BChannel @\u200Beveryone ops@\u200Bhere\.example/);
});

describe('options', () => {
  test('plain: one short text', () => {
    const message = renderRoot(facts({ firing: 2, truncated: 1, description: '<x> '.repeat(1000) }), { plain: true });
    expect(faultsOf(message, true)).toEqual([]);
    expect(message.text.split('\n').slice(0, 3)).toEqual([
      '🚨 Database Critical Failure — db01.example.com (critical, production)',
      'Alerts: 2 firing',
      '1 more alert not shown (left out by Alertmanager)',
    ]);
    expect(message.text).toContain('&lt;x&gt;');
  });

  test.each([true, false])('a possible duplicate says so (plain: %s)', (plain) => {
    const message = renderRoot(facts(), { plain, maybeDuplicate: true });
    expect(plain ? message.text : asRead(message)).toContain('\nPossible duplicate: ');
    expect(faultsOf(message, plain)).toEqual([]);
  });
});

describe('size', () => {
  test('a long description is cut to its section, the rest stays', () => {
    const message = renderRoot(facts({ description: 'disk full '.repeat(1000) }));
    const read = asRead(message);
    expect(read).toMatch(/disk full disk…\n\nRunbook|disk full…\n\nRunbook|disk…\n\nRunbook/);
    expect(read.length).toBeGreaterThan(2900);
    expect(faultsOf(message)).toEqual([]);
  });

  test('everything at its longest loses description and links before title and fields', () => {
    const quotes = '"'.repeat(9000);
    const url = `https://x.example/${'a'.repeat(2700)}`;
    const message = renderRoot(
      facts({
        title: quotes,
        description: quotes,
        instances: [quotes, quotes, quotes],
        runbook: url,
        links: { dashboard: url, panel: url, generator: url },
        status: 'resolved',
        resolution: { by: { kind: 'rest', id: quotes }, at: STARTED, actionTaken: quotes, rootCause: quotes },
      }),
    );
    expect(faultsOf(message)).toEqual([]);
    expect(asRead(message)).toMatch(/^✅ "{147}…\n\nSeverity: CRITICAL/);
    expect(asRead(message)).toContain('Action taken: ""');
  });

  test('a megabyte costs about nothing', () => {
    const big = '<&> \u202E'.repeat(1_000_000);
    const huge = facts({
      title: big,
      severity: big,
      alertname: big,
      environment: big,
      service: big,
      instances: [big, big],
      description: big,
      runbook: big,
      links: { generator: big },
    });
    const begin = performance.now();
    for (let i = 0; i < 20; i++) renderRoot(huge);
    expect((performance.now() - begin) / 20).toBeLessThan(100);
    expect(faultsOf(renderRoot(huge))).toEqual([]);
  });
});
