import { alertOf, Story } from '../domain/domain.fixture.js';
import type { AlertState, Incident } from '../domain/incident.js';
import { waiting, type TimelineEntry } from '../domain/timeline.js';
import { alert, alertOn, entry, RESOLVED, STARTED, thread } from './messages.fixture.js';
import type { SlackMessage } from './message.js';
import { asRead } from './read-slack.fixture.js';
import { renderReply } from './render-reply.js';
import { faultsOf } from './slack-rules.fixture.js';

const SEED_CARD = `✅ RESOLVED — Database Critical Failure

Severity: CRITICAL          Environment: production
Service: database           Cluster: production
Instance: db01.example.com

Description:
Database connection has been restored successfully.

Runbook: View Runbook

Started: 2024-01-15 14:30:25 UTC | Resolved: 2024-01-15 14:45:30 UTC

env=production | alertname=DatabaseCriticalFailure`;

const slack = { kind: 'slack', id: 'U0123ABCD' } as const;
const rest = { kind: 'rest', id: 'alice & <bob>' } as const;

const first = alert();
const over = alert({
  status: 'resolved',
  endsAt: RESOLVED,
  annotations: { ...first.annotations, description: 'Database connection has been restored successfully.' },
});
const ended: Partial<Incident> = { status: 'resolved', resolved: { by: null, at: RESOLVED + 5000, endsAt: RESOLVED } };

describe('the resolved card', () => {
  const end = entry('resolved', { n: 4, loud: true, alerts: ['a1'] });

  test('has the documented format', () => {
    const message = renderReply(thread([over], ended, [end]), [end]);
    expect(asRead(message)).toBe(SEED_CARD);
    expect(message.attachments?.map(({ color }) => color)).toEqual(['#2EB67D']);
    expect(message.text).toBe('✅ RESOLVED — Database Critical Failure — db01.example.com (critical, production)');
    expect(faultsOf(message)).toEqual([]);
  });

  test('replaces the entries before it', () => {
    const before = [
      entry('joined', { n: 2, loud: true, alerts: ['a1'] }),
      entry('acknowledged', { n: 3, actor: slack }),
    ];
    const message = renderReply(thread([over], ended), [...before, end]);
    expect(asRead(message)).toBe(SEED_CARD);
  });

  test('names the person, what they did and what still fires', () => {
    const resolved = { by: slack, at: RESOLVED, actionTaken: 'Restarted it', rootCause: 'Disk <full>' };
    const byPerson = entry('resolved', { loud: true, actor: slack, stillFiring: 2 });
    const message = renderReply(thread([first, alertOn('db02')], { status: 'resolved', resolved }), [byPerson]);
    expect(asRead(message)).toContain(
      '\n\n⚠️ 2 alerts still fire at the source\n✅ Resolved by <@U0123ABCD>\n\nAction taken: Restarted it\nRoot cause: Disk <full>\n\n',
    );
    expect(message.text).not.toContain('U0123ABCD');
    expect(faultsOf(message)).toEqual([]);
    const plain = renderReply(thread([first], { status: 'resolved', resolved }), [byPerson], { plain: true });
    expect(plain.text).toBe(
      [
        '✅ RESOLVED — Database Critical Failure — db01.example.com (critical, production)',
        '⚠️ 2 alerts still fire at the source',
        '✅ Resolved by someone in Slack',
        'Action taken: Restarted it',
        'Root cause: Disk &lt;full&gt;',
      ].join('\n'),
    );
    expect(faultsOf(plain, true)).toEqual([]);
  });

  test('is followed by what came after it, in the colour of the severity', () => {
    const again = entry('reopened', { n: 5, loud: true, alerts: ['a1'] });
    const message = renderReply(thread([first], { reopened: 1 }, [end, again]), [end, again]);
    expect(asRead(message)).toMatch(/^✅ RESOLVED — /);
    expect(asRead(message)).toContain('| Resolved: 2024-01-15 14:45:30 UTC');
    expect(asRead(message)).toMatch(/\n\n🔁 Fires again: db01\.example\.com$/);
    expect(message.attachments?.map(({ color }) => color)).toEqual(['#2EB67D', '#E01E5A']);
    expect(message.text).toContain('\n🔁 Fires again: db01.example.com');
  });

  test('tells the end that its entry is about, even if a person ended it again since', () => {
    const again = entry('reopened', { n: 5, loud: true, at: RESOLVED + 60_000 });
    const later = entry('resolved', { n: 6, loud: true, at: RESOLVED + 120_000, actor: rest });
    const now: Partial<Incident> = { status: 'resolved', resolved: { by: rest, at: RESOLVED + 120_000 }, reopened: 1 };
    const read = asRead(renderReply(thread([over], now, [end, again, later]), [end]));
    expect(read).toContain('| Resolved: 2024-01-15 14:45:30 UTC');
    expect(read).not.toContain('Resolved by');
  });
});

describe('the first card of an adopted thread', () => {
  test('is the full firing card, then what followed', () => {
    const entries = [
      entry('opened', { loud: true, alerts: ['a1'] }),
      entry('joined', { n: 2, loud: true, alerts: ['db02'] }),
      entry('acknowledged', { n: 3, actor: rest }),
    ];
    const message = renderReply(thread([first, alertOn('db02')]), entries);
    expect(asRead(message)).toMatch(
      /^🚨 Database Critical Failure\n\nSeverity: CRITICAL {10}Environment: production\n/,
    );
    expect(asRead(message)).toMatch(
      /\n\n🚨 db02 joined: Replica of db02 failed\nNo connection to db02\.\n\n👀 Acknowledged by alice & <bob>$/,
    );
    expect(faultsOf(message)).toEqual([]);
  });

  test('fires, even if its end is told by the next reply', () => {
    expect(asRead(renderReply(thread([over], ended), [entry('opened', { loud: true })]))).toMatch(/^🚨 Database/);
  });
});

describe('lines', () => {
  const many = [first, ...['a', 'b', 'c'].map((name) => alertOn(`db-${name}`))];
  const two = [first, alertOn('db02')];
  const oneOver = [first, alertOn('db02', { status: 'resolved' }), alertOn('db03')];
  const cases: [string, Partial<TimelineEntry> & Pick<TimelineEntry, 'kind'>, string, typeof many][] = [
    ['joined', { kind: 'joined', alerts: ['db02'] }, '🚨 db02 joined: Replica of db02 failed', two],
    [
      'joined, less severe',
      { kind: 'joined', alerts: ['db02'] },
      '⚠️ db02 joined: Replica of db02 failed',
      [first, alertOn('db02', { labels: { severity: 'warning', instance: 'db02' } })],
    ],
    [
      'joined, with the title that stands above it',
      { kind: 'joined', alerts: ['db02'] },
      '🚨 db02 joined',
      [
        alertOn('db01', { annotations: { summary: 'Database Critical Failure' } }),
        alertOn('db02', { annotations: { summary: 'Database Critical Failure' } }),
      ],
    ],
    ['joined and gone', { kind: 'joined', alerts: ['gone'] }, '🚨 Another alert joined', two],
    [
      'many joined',
      { kind: 'joined', count: 3, alerts: ['db-a', 'db-b', 'db-c'] },
      '🚨 3 more alerts joined: db-a, db-b, db-c',
      many,
    ],
    [
      'more than are named',
      { kind: 'joined', count: 14, alerts: ['db-a', 'db-b'] },
      '🚨 14 more alerts joined: db-a, db-b +12 more',
      many,
    ],
    ['many, all gone', { kind: 'joined', count: 14, alerts: ['x'] }, '🚨 14 more alerts joined', many],
    ['refired', { kind: 'refired', alerts: ['db02'] }, '🔁 db02 fires again', two],
    [
      'many refired',
      { kind: 'refired', count: 2, alerts: ['db-a', 'db-b'] },
      '🔁 2 alerts fire again: db-a, db-b',
      many,
    ],
    ['reopened', { kind: 'reopened', alerts: ['a1'] }, '🔁 Fires again: db01.example.com', two],
    ['reopened without alerts', { kind: 'reopened' }, '🔁 Fires again', two],
    ['reopened by a person', { kind: 'reopened', actor: rest }, '🔁 Reopened by alice & <bob>', two],
    [
      'severity rose',
      { kind: 'severity-rose', from: 'warning', alerts: ['a1'] },
      '⬆️ Severity rose from warning to critical',
      two,
    ],
    ['repeated', { kind: 'repeated', alerts: ['a1'] }, '🚨 Still firing (2 alerts)', two],
    ['one repeated', { kind: 'repeated', alerts: ['a1'] }, '🚨 Still firing (1 alert)', [first]],
    ['one resolved', { kind: 'alert-resolved', alerts: ['db02'] }, '✅ db02 resolved, 2 still firing', oneOver],
    [
      'some resolved',
      { kind: 'alert-resolved', count: 3, alerts: ['db02', 'db03'] },
      '✅ 3 alerts resolved: db02, db03 +1 more, 2 still firing',
      oneOver,
    ],
    ['acknowledged', { kind: 'acknowledged', actor: slack }, '👀 Acknowledged by <@U0123ABCD>', two],
    ['acknowledged by REST', { kind: 'acknowledged', actor: rest }, '👀 Acknowledged by alice & <bob>', two],
    ['unacknowledged', { kind: 'unacknowledged', actor: slack }, '↩️ Unacknowledged by <@U0123ABCD>', two],
    [
      'silenced',
      { kind: 'silenced', actor: slack, until: RESOLVED },
      '🔕 Silenced until 2024-01-15 14:45:30 UTC by <@U0123ABCD>',
      two,
    ],
    [
      'silenced without a time',
      { kind: 'silenced', actor: rest, until: Number.NaN },
      '🔕 Silenced by alice & <bob>',
      two,
    ],
    ['silence ended', { kind: 'silence-ended' }, '🔔 Silence ended', two],
    ['silence ended by a person', { kind: 'silence-ended', actor: rest }, '🔔 Silence ended by alice & <bob>', two],
    ['a kind of a newer version', { kind: 'escalated' as 'joined' }, 'ℹ️ The incident changed', two],
    ['a kind named like a method', { kind: 'constructor' as 'joined' }, 'ℹ️ The incident changed', two],
  ];

  test.each(cases)('%s', (_name, change, line, alerts) => {
    for (const loud of [true, false]) {
      const message = renderReply(thread(alerts), [entry(change.kind, { ...change, loud })]);
      expect(asRead(message).split('\n')).toContain(line);
      expect(faultsOf(message)).toEqual([]);
      const spoken = line
        .replace('<@U0123ABCD>', 'someone in Slack')
        .replaceAll('&', '&amp;')
        .replaceAll('<b', '&lt;b')
        .replaceAll('b>', 'b&gt;');
      expect(message.text).toBe(`${spoken} — Database Critical Failure`);
      const plain = renderReply(thread(alerts), [entry(change.kind, { ...change, loud })], { plain: true });
      expect(plain).toEqual({ text: message.text });
    }
  });

  test('a quiet one is one small line and nothing else', () => {
    expect(renderReply(thread(two), [entry('repeated')])).toEqual({
      text: '🚨 Still firing (2 alerts) — Database Critical Failure',
      blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: '🚨 Still firing (2 alerts)', verbatim: true }] }],
    });
  });

  test('a loud one has a card in the colour of the severity, with the description', () => {
    const message = renderReply(thread(two), [entry('joined', { loud: true, alerts: ['db02'] })]);
    expect(asRead(message)).toBe(
      '🚨 Database Critical Failure\n\n🚨 db02 joined: Replica of db02 failed\nNo connection to db02.',
    );
    expect(message.attachments?.[0]?.color).toBe('#E01E5A');
  });

  test.each(['acknowledged', 'unacknowledged', 'silenced', 'silence-ended'] as const)(
    '%s by a person is no alarm: the title above it has no emoji',
    (kind) => {
      const [title, line] = asRead(renderReply(thread(two), [entry(kind, { actor: slack })])).split('\n\n');
      expect(title).toBe('Database Critical Failure');
      expect(line).toMatch(/^(?:👀|↩️|🔕|🔔) .*by <@U0123ABCD>$/u);
    },
  );

  test('a mention is inside an attachment, where it notifies nobody', () => {
    const { text, blocks, attachments } = renderReply(thread(two), [entry('acknowledged', { actor: slack })]);
    expect(JSON.stringify({ text, blocks })).not.toContain('U0123ABCD');
    expect(JSON.stringify(attachments)).toContain('<@U0123ABCD>');
    expect(attachments?.[0]).not.toHaveProperty('color');
  });

  test.each([
    ['acknowledged', false],
    ['unacknowledged', false],
    ['silenced', false],
    ['silence-ended', false],
    ['reopened', true],
    ['resolved', true],
  ] as const)('%s by a person of Slack pings nobody', (kind, loud) => {
    const message = renderReply(thread(two), [entry(kind, { actor: slack, loud })]);
    expect(JSON.stringify({ ...message, attachments: [] })).not.toContain('U0123ABCD');
    expect(JSON.stringify(message.attachments)).toContain('by <@U0123ABCD>');
  });

  test.each(['!channel', 'U123> <!here', 'u123', 'USER NAME', `U${'A'.repeat(5000)}`])('%j is no mention', (id) => {
    const message = renderReply(thread(two), [entry('acknowledged', { actor: { kind: 'slack', id } })]);
    expect(JSON.stringify(message)).not.toContain('<@');
    expect(faultsOf(message)).toEqual([]);
  });

  test('keep their order', () => {
    const entries = [
      entry('acknowledged', { n: 1, actor: slack }),
      entry('joined', { n: 2, loud: true, alerts: ['db02'] }),
      entry('severity-rose', { n: 3, loud: true, from: 'warning', alerts: ['a1'] }),
      entry('unacknowledged', { n: 4, actor: rest }),
      entry('repeated', { n: 5 }),
    ];
    expect(asRead(renderReply(thread(two), entries))).toBe(
      [
        '🚨 Database Critical Failure',
        '👀 Acknowledged by <@U0123ABCD>',
        '🚨 db02 joined: Replica of db02 failed\nNo connection to db02.',
        '⬆️ Severity rose from warning to critical',
        '↩️ Unacknowledged by alice & <bob>\n🚨 Still firing (2 alerts)',
      ].join('\n\n'),
    );
  });

  test.each([
    [['acknowledged'], true],
    [['acknowledged', 'joined'], true],
    [['acknowledged', 'unacknowledged'], false],
    [['acknowledged', 'severity-rose'], false],
    [['joined'], false],
  ] as const)('a rise after %j clears an acknowledgement: %s', (kinds, cleared) => {
    const timeline = kinds.map((kind, i) => entry(kind, { n: i + 1, actor: slack }));
    const rose = entry('severity-rose', { n: 9, loud: true, from: 'warning', alerts: ['a1'] });
    const read = asRead(renderReply(thread(two, {}, [...timeline, rose]), [rose]));
    expect(read.includes('; acknowledgement cleared')).toBe(cleared);
  });

  test.each([
    ['silenced', false, '🔕 Silenced by alice & <bob>'],
    ['acknowledged', false, '👀 Acknowledged by alice & <bob>'],
    ['reopened', true, '🔁 Reopened by alice & <bob>'],
  ] as const)('%s with a comment: one line below it', (kind, loud, line) => {
    const note = ' Disk <swap> & \n✅ Resolved by the boss <!here> @here';
    const silenced = entry(kind, { actor: rest, loud, note });
    const message = renderReply(thread(two), [silenced, entry('repeated', { n: 2 })]);
    expect(asRead(message)).toContain(
      `${line}\nComment: Disk <swap> & ✅ Resolved by the boss <!here> @here${loud ? '\n' : ''}\n🚨 Still firing`,
    );
    expect(message.text.split('\n').slice(1)).toEqual([
      'Comment: Disk &lt;swap&gt; &amp; ✅ Resolved by the boss &lt;!here&gt; @\u200Bhere',
      '🚨 Still firing (2 alerts)',
    ]);
    expect(faultsOf(message)).toEqual([]);
  });

  test('a long comment is cut, and nothing is said of one without a visible character', () => {
    const long = renderReply(thread(two), [entry('silenced', { actor: slack, note: 'x'.repeat(5000) })]);
    expect(asRead(long)).toMatch(/\nComment: x{999}…$/);
    expect(faultsOf(long)).toEqual([]);
    expect(asRead(renderReply(thread(two), [entry('silenced', { actor: slack, note: '\u200B\n' })]))).toMatch(/>$/);
  });

  test('a possible duplicate says so', () => {
    expect(asRead(renderReply(thread(), [entry('repeated')], { maybeDuplicate: true }))).toContain(
      'Possible duplicate: ',
    );
    expect(renderReply(thread(), [entry('repeated')], { maybeDuplicate: true, plain: true }).text).toMatch(
      /^🚨 Still firing \(1 alert\) — Database Critical Failure\nPossible duplicate: /,
    );
  });
});

describe('a burst', () => {
  const joins = (count: number, loud = true): TimelineEntry[] =>
    Array.from({ length: count }, (_, i) => entry('joined', { n: i + 2, loud, alerts: [`db${i}`] }));
  const ends = (from: number, count: number): TimelineEntry[] =>
    Array.from({ length: count }, (_, i) => entry('alert-resolved', { n: 100 + i, alerts: [`db${from + i}`] }));
  const alerts = [first, ...Array.from({ length: 44 }, (_, i) => alertOn(`db${i}`))];
  const TEN = 'db0, db1, db2, db3, db4, db5, db6, db7, db8, db9';
  const linesOf = (message: SlackMessage): string[] => asRead(message).split(/\n+/).slice(1);

  test('of 44 alerts in one webhook is one line, however the timeline holds them', () => {
    const story = new Story().alert(0, alertOf('first'));
    const { last } = story.thread.timeline;
    for (let i = 0; i < 44; i++) story.alert(1_000, alertOf(`db${i}`));
    const entries = waiting(story.thread.timeline, last);
    const message = renderReply(story.thread, entries);
    expect(linesOf(message)).toEqual([`⚠️ 44 more alerts joined: ${TEN} +34 more`]);
    expect(message.text).toBe('⚠️ 44 more alerts joined: db0, db1, db2 +41 more — Disk is full');
    expect(renderReply(story.thread, entries, { plain: true }).text).toBe(message.text);
  });

  test('of pods that one exporter reports names the pods', () => {
    const { labels } = first;
    const pods = [0, 1, 2, 3].map((i) =>
      alert({ fingerprint: `cart-${i}`, labels: { ...labels, instance: '10.0.0.1:8080', pod: `cart-${i}` } }),
    );
    const [one, ...others] = pods.map((pod) => entry('alert-resolved', { alerts: [pod.fingerprint] }));
    expect(asRead(renderReply(thread(pods), [one ?? entry('repeated')]))).toBe('✅ cart-0 resolved, 4 still firing');
    expect(
      asRead(
        renderReply(thread(pods), [
          entry('joined', { loud: true, count: 3, alerts: pods.map((pod) => pod.fingerprint) }),
          ...others,
        ]),
      ),
    ).toContain('3 more alerts joined: cart-0, cart-1, cart-2');
  });

  test('of fewer than five is told one by one', () => {
    expect(linesOf(renderReply(thread(alerts), joins(4))).filter((line) => line.includes('joined'))).toHaveLength(4);
    expect(linesOf(renderReply(thread(alerts), joins(5)))).toEqual([
      '🚨 5 more alerts joined: db0, db1, db2, db3, db4',
    ]);
  });

  test('that resolves says once how many still fire, with the last figure', () => {
    const two = renderReply(thread(alerts), ends(0, 2));
    expect(asRead(two)).toBe('✅ db0 resolved\n✅ db1 resolved, 45 still firing');
    const sixty = renderReply(thread(alerts), ends(0, 40));
    expect(asRead(sixty)).toBe(`✅ 40 alerts resolved: ${TEN} +30 more, 45 still firing`);
    expect(faultsOf(sixty)).toEqual([]);
  });

  test('keeps the order of what came last of each kind', () => {
    const lines = linesOf(renderReply(thread(alerts), [...joins(6), ...ends(0, 5), entry('repeated', { n: 200 })]));
    expect(lines).toEqual([
      '🚨 6 more alerts joined: db0, db1, db2, db3, db4, db5',
      '✅ 5 alerts resolved: db0, db1, db2, db3, db4, 45 still firing',
      '🚨 Still firing (45 alerts)',
    ]);
  });

  test('is told apart from what came before a person acted', () => {
    const before = joins(5);
    const after = Array.from({ length: 6 }, (_, i) =>
      entry('joined', { n: 20 + i, loud: true, alerts: [`db${20 + i}`] }),
    );
    const acknowledged = entry('acknowledged', { n: 10, actor: rest });
    expect(linesOf(renderReply(thread(alerts), [...before, acknowledged, ...after]))).toEqual([
      '🚨 5 more alerts joined: db0, db1, db2, db3, db4',
      '👀 Acknowledged by alice & <bob>',
      '🚨 6 more alerts joined: db20, db21, db22, db23, db24, db25',
    ]);
  });

  test('of one alert that comes and goes counts it once', () => {
    const flaps = Array.from({ length: 6 }, (_, i) => [
      entry('alert-resolved', { n: 2 * i + 1, alerts: ['db1'] }),
      entry('refired', { n: 2 * i + 2, loud: true, alerts: ['db1'] }),
    ]).flat();
    expect(linesOf(renderReply(thread(alerts), flaps))).toEqual([
      '✅ db1 resolved, 45 still firing',
      '🔁 db1 fires again',
    ]);
  });
});

/** Alerts that joined in fours, so that each is told by itself: somebody acted in between. */
const joinedApart = (alerts: readonly AlertState[]): TimelineEntry[] =>
  alerts.flatMap(({ fingerprint }, i) => [
    ...(i > 0 && i % 4 === 0 ? [entry('unacknowledged', { n: 2 * i, actor: rest })] : []),
    entry('joined', { n: 2 * i + 1, loud: true, alerts: [fingerprint] }),
  ]);

describe('more than a message holds', () => {
  test('loud entries stay, quiet ones are counted', () => {
    const who = Array.from({ length: 25 }, (_, i) => ({ kind: 'rest', id: `person-${i}` }) as const);
    const loud = who.map((actor, i) => entry('reopened', { n: i * 3, loud: true, actor }));
    const quiet = who.map((actor, i) => entry('acknowledged', { n: i * 3 + 1, actor }));
    const entries = [...loud, ...quiet].sort((a, b) => a.n - b.n);
    const message = renderReply(thread(), entries);
    const read = asRead(message);
    expect(faultsOf(message)).toEqual([]);
    expect(read).toContain('20 earlier changes not shown');
    for (const { id } of who) expect(read).toContain(`🔁 Reopened by ${id}\n`);
  });

  test.each([false, true])('sixty small changes: the text says how many it leaves out (plain: %s)', (plain) => {
    const entries = Array.from({ length: 60 }, (_, n) => {
      const name = `${'x'.repeat(70)}${n}`;
      return entry(n % 2 === 0 ? 'acknowledged' : 'unacknowledged', { n, actor: { kind: 'rest', id: name } });
    });
    const message = renderReply(thread(), entries, { plain });
    expect(faultsOf(message, plain)).toEqual([]);
    const told = message.text.match(/cknowledged by x+/g)?.length ?? 0;
    expect(told).toBeGreaterThan(5);
    expect(message.text.split('\n').at(-1)).toBe(`+${60 - told} more`);
  });

  test('long descriptions shrink before an entry goes', () => {
    const alerts = Array.from({ length: 20 }, (_, i) =>
      alertOn(`db-${i}`, { annotations: { summary: `Down ${i}`, description: 'x y '.repeat(2000) } }),
    );
    const message = renderReply(thread([alertOn('first'), ...alerts]), joinedApart(alerts));
    expect(faultsOf(message)).toEqual([]);
    expect(asRead(message).match(/joined: Down \d+\nx y .*…/g)).toHaveLength(20);
  });
});

test('messages of every size are within the limit for all blocks together', () => {
  const sizes = Array.from({ length: 80 }, (_, step) => {
    const description = '"x" '.repeat(step * 5);
    const alerts = Array.from({ length: 12 }, (_, i) => alertOn(`db-${i}`, { annotations: { description } }));
    const message = renderReply(thread(alerts), joinedApart(alerts));
    expect(faultsOf(message)).toEqual([]);
    return JSON.stringify(message.attachments).length;
  });
  expect(Math.max(...sizes)).toBeGreaterThan(11_000);
});

test('no entry at all is still a message that Slack takes', () => {
  expect(faultsOf(renderReply(thread(), []))).toEqual([]);
});

test('started is the first alert, whichever leads', () => {
  const earlier = alertOn('db00', { startsAt: STARTED - 60_000 });
  const read = asRead(renderReply(thread([over, earlier], ended), [entry('resolved', { loud: true })]));
  expect(read).toContain('Started: 2024-01-15 14:29:25 UTC');
});
