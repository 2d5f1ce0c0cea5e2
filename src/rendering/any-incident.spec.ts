import fc from 'fast-check';
import type { Actor, AlertState, Incident } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { rootFacts } from '../domain/root-facts.js';
import type { EntryKind, TimelineEntry } from '../domain/timeline.js';
import { homeView } from './home.js';
import { noticeModal } from './message-modal.js';
import { thread } from './messages.fixture.js';
import { renderReply } from './render-reply.js';
import { renderRoot } from './render-root.js';
import { resolveModal } from './resolve-modal.js';
import { silenceModal, type Matching } from './silence-modal.js';
import { faultsOf, viewFaults, whisperFaults } from './slack-rules.fixture.js';
import { whisper, type Whisper } from './whispers.js';

/** Whatever a sender, a person or an older record holds: Slack takes the message, and it neither pings nor misleads. */

const fragment = fc.oneof(
  fc.constantFrom(
    ...['<!channel>', '<@U123>', '<!subteam^S1|x>', '@here', '@everyone', '<https://evil.example|click>', '|', '&lt;'],
    ...[
      '&amp;',
      '```',
      '*',
      '_',
      '~',
      '\n\n\n\n',
      '\r\n',
      '\u2028',
      '\u202E',
      '\u2066',
      '\u200B',
      '👩‍👩‍👧‍👦',
      '🇰🇷',
      'e\u0301',
      '\uD83D',
    ],
    ...[
      '\uDE00',
      '\u0000',
      '\u009F',
      'javascript:alert(1)',
      'data:text/html,<script>',
      'https://',
      'mailto:a@b',
      '"',
      '\\',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);
const junk = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));
const huge = fc
  .tuple(junk, fc.constantFrom(100, 1000, 20_000))
  .map(([text, times]) => text.repeat(times).slice(0, 200_000));
const text = fc.oneof({ weight: 4, arbitrary: junk }, { weight: 1, arbitrary: huge });
const url = fc.oneof(
  text,
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  text.map((path) => `https://x.example/${path}?q=${path}#${path}`),
  text.map((path) => `http://${path}`),
  fc.integer({ min: 2800, max: 3100 }).map((length) => `https://x.example/${'a'.repeat(length)}`),
);
const severity = fc.oneof(fc.constantFrom('critical', 'warning', 'info', '__proto__', 'ß'.repeat(200)), text);
const time = fc.oneof(
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 8.64e15, 8.65e15, -62135596800000, 0, -1, 1.5, 253402300800000),
  fc.integer({ min: 0, max: 4102444800000 }),
);
const count = fc.constantFrom(0, 1, 2, 9_999_999);
const actor: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constantFrom('slack', 'rest'),
  id: fc.oneof(fc.constantFrom('U0123ABCD', 'W99', 'U1', 'U123|x', '!here'), text),
});
const values = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] }) as fc.Arbitrary<
    Record<string, string>
  >;

const alert: fc.Arbitrary<Omit<AlertState, 'fingerprint'>> = fc
  .record({
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    labels: values('alertname', 'service', 'cluster', 'instance', 'pod', 'job'),
    severity,
    annotations: values('summary', 'title', 'description', 'message', 'runbook'),
    runbook: url,
    links: fc.record({ generator: url, dashboard: url, panel: url }, { requiredKeys: [] }),
    startsAt: time,
    endsAt: fc.option(time),
    lastSeenAt: time,
  })
  .map(({ severity: level, runbook, ...rest }) => ({
    ...rest,
    labels: { ...rest.labels, severity: level },
    annotations: { ...rest.annotations, runbook_url: runbook },
  }));

const KINDS: readonly EntryKind[] = [
  'opened',
  'reopened',
  'joined',
  'refired',
  'severity-rose',
  'repeated',
  'alert-resolved',
  'resolved',
  'acknowledged',
  'unacknowledged',
  'silenced',
  'silence-ended',
];

const entry: fc.Arbitrary<Omit<TimelineEntry, 'n'>> = fc.record(
  {
    at: time,
    kind: fc.constantFrom(...KINDS, 'newer' as EntryKind),
    actor,
    loud: fc.boolean(),
    count,
    alerts: fc.array(fc.constantFrom('0', '1', '2', '3', 'gone', '__proto__'), { maxLength: 10 }),
    from: text,
    stillFiring: count,
    until: time,
    note: text,
  },
  { requiredKeys: ['at', 'kind', 'loud', 'count', 'alerts'] },
);

const incident: fc.Arbitrary<Partial<Incident>> = fc.record({
  status: fc.constantFrom('firing', 'acknowledged', 'resolved'),
  environment: text,
  severity,
  resolvedBefore: count,
  openedAt: time,
  acknowledged: fc.option(fc.record({ by: actor, at: time })),
  resolved: fc.option(
    fc.record(
      { by: fc.option(actor), at: time, endsAt: time, actionTaken: text, rootCause: text },
      { requiredKeys: ['by', 'at'] },
    ),
  ),
  silence: fc.option(
    fc.record({ id: text, server: fc.constantFrom('alertmanager', 'grafana'), until: time, by: actor }),
  ),
  truncated: count,
  reopened: count,
});

const threads: fc.Arbitrary<IncidentThread> = fc
  .record({
    alerts: fc.array(alert, { minLength: 1, maxLength: 8 }),
    incident,
    entries: fc.oneof(
      { weight: 3, arbitrary: fc.array(entry, { maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(entry, { minLength: 25, maxLength: 70, size: 'max' }) },
    ),
    movedFrom: fc.option(fc.record({ channel: text, code: text }), { nil: undefined }),
  })
  .map(({ alerts, incident: change, entries, movedFrom }) => {
    const made = thread(
      alerts.map((one, i) => ({ ...one, fingerprint: String(i) })),
      change,
      entries.map((one, i) => ({ n: i + 1, ...one })),
    );
    return movedFrom === undefined ? made : { ...made, delivery: { ...made.delivery, movedFrom } };
  });

const ID = 'INC-20240115143025-0a1b2c3d';
const THREAD_URL = 'https://example.slack.com/archives/C0123456789/p1705329026000100';
const threadUrl = fc.constantFrom(null, THREAD_URL);
const incidentId = fc.oneof({ weight: 3, arbitrary: fc.constant(ID) }, { weight: 1, arbitrary: text });
const options = fc.record(
  { plain: fc.boolean(), maybeDuplicate: fc.boolean(), actions: fc.record({ incidentId, silence: fc.boolean() }) },
  { requiredKeys: ['plain', 'maybeDuplicate'] },
);

test('every root is a message that Slack takes and that pings nobody', () => {
  fc.assert(
    fc.property(threads, options, (one, given) => {
      const message = renderRoot(rootFacts(one), given);
      expect(faultsOf(message, given.plain)).toEqual([]);
      const buttons = JSON.stringify(message.blocks ?? []).includes('incident_actions');
      expect(buttons).toBe(!given.plain && given.actions?.incidentId === ID);
    }),
    { numRuns: 250 },
  );
});

test('every reply is a message that Slack takes and that pings nobody', () => {
  fc.assert(
    fc.property(threads, options, (one, given) => {
      expect(faultsOf(renderReply(one, one.timeline.entries, given), given.plain)).toEqual([]);
    }),
    { numRuns: 250 },
  );
});

test('every form is one that Slack opens and that pings nobody', () => {
  const matching: fc.Arbitrary<Matching> = fc.oneof(
    fc.constant({ state: 'counting' as const }),
    fc.record({ state: fc.constant('known' as const), count, mine: count }),
    fc.record({ state: fc.constant('unknown' as const), reason: text }),
  );
  const silence = fc.record({
    ...{ incidentId: fc.constant(ID), title: text, matchers: text, duration: text, comment: text },
    ...{ matching, serverName: text },
  });
  const resolve = fc.record({
    ...{ incidentId: fc.constant(ID), title: text, firing: count, quietFor: text },
    silencedUntil: fc.option(time),
  });
  fc.assert(
    fc.property(silence, resolve, text, (one, other, title) => {
      expect(viewFaults(silenceModal(one))).toEqual([]);
      expect(viewFaults(resolveModal(other))).toEqual([]);
      expect(
        viewFaults(noticeModal(title, whisper({ kind: 'not-current', newer: { url: THREAD_URL } }, title))),
      ).toEqual([]);
    }),
    { numRuns: 250 },
  );
});

test('every App Home is one that Slack takes and that pings nobody', () => {
  const open = fc.array(
    fc.record({
      ...{ title: text, severity, owner: fc.option(actor), since: time },
      status: fc.constantFrom('firing', 'acknowledged', 'resolved'),
      channel: fc.oneof(fc.constantFrom('C0123456789', 'C1|x', '!here'), text),
      threadUrl,
    }),
    { maxLength: 40, size: 'max' },
  );
  fc.assert(
    fc.property(open, text, count, (incidents, environment, more) => {
      expect(viewFaults(homeView({ environment, open: incidents, more }))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('every whisper is a text that Slack takes and that pings nobody else', () => {
  const said: fc.Arbitrary<Whisper> = fc.oneof(
    fc.record({ kind: fc.constant('already-acknowledged' as const), at: time }),
    fc.record({ kind: fc.constant('already-acknowledged-by-another' as const), by: actor, at: time }),
    fc.record({ kind: fc.constantFrom('too-late', 'already-resolved'), by: fc.option(actor), at: time }),
    fc.record({ kind: fc.constant('other-deployment' as const), deployment: text }),
    fc.record({ kind: fc.constant('silence-failed' as const), reason: text, ending: fc.boolean() }),
    fc.record({ kind: fc.constant('not-current' as const), newer: fc.option(fc.record({ url: threadUrl })) }),
    fc.record({ kind: fc.constant('failed' as const), incidentId: fc.constant(ID) }),
  );
  fc.assert(
    fc.property(said, fc.option(text), (what, title) => {
      const words = whisper(what, title);
      expect(whisperFaults(words)).toEqual([]);
      expect(viewFaults(noticeModal('Not done', words))).toEqual([]);
    }),
    { numRuns: 250 },
  );
});
