import { ANNA, alertOf, ended, MINUTE, Story, T0 } from '../domain/domain.fixture.js';
import type { AlertState, Incident, SilenceRequest } from '../domain/incident.js';
import type { Claim, Delivery, IncidentThread, ThreadRecord } from '../domain/record.js';
import type { TimelineEntry } from '../domain/timeline.js';
import { readLine, recordLine } from './lines.js';

const story = new Story().alert(0, alertOf('aa01')).acts(1_000, 'acknowledge', ANNA).alert(2_000, ended('aa01', T0));

const CLAIM: Required<Claim> = {
  ...{ id: 'x', call: 'root', first: 1, last: 2, digest: null, owner: 'me', at: T0, takenAt: T0, endedAt: T0 },
  ...{ looked: 1, redone: true },
};
const DELIVERY: Required<Delivery> = {
  ...{ rootTs: '1.1', epoch: 0, shownDigest: 'firing:unmade', shownEntry: 1, claim: CLAIM, attempts: 1, nextTryAt: T0 },
  ...{ lastError: { kind: 'rate', code: 'ratelimited', at: T0 }, editedAt: T0, editAgainAt: T0, cardRetryAt: T0 },
  ...{ edits: { attempts: 1, nextTryAt: T0 }, frozen: true, lost: 'gone', plainRoot: true, plainReply: true },
  ...{ maybeDuplicate: true, movedFrom: { channel: 'C1', code: 'is_archived' }, strays: ['1.2'] },
  ...{ doubts: [{ id: 'x', call: 'reply', keep: '1.3', claimedAt: T0, lookAt: T0 }], turn: { owner: 'me', at: T0 } },
};
const ENTRY: Required<TimelineEntry> = {
  ...{ n: 1, at: T0, kind: 'silenced', actor: ANNA, loud: true, broadcast: true, count: 1, alerts: ['aa01'] },
  ...{ from: 'info', stillFiring: 1, until: T0, note: 'x', names: ['db01'] },
};
const REQUEST: Required<SilenceRequest> = {
  ...{ id: 'r', server: 'grafana', by: ANNA, at: T0, end: true, until: T0, createdBy: 'x', comment: '', note: 'x' },
  matchers: [{ name: 'a', value: 'b', isRegex: false, isEqual: true }],
};
const ALERT: Required<AlertState> = {
  ...{ ...alertOf('aa01'), endsAt: null, startAssumed: true, source: 'grafana', lastSeenAt: T0 },
  ...{ links: { generator: 'x', dashboard: 'y', panel: 'z' }, resolvedAt: T0, parkedUntil: T0 },
};
const INCIDENT: Required<Incident> = {
  ...story.thread.incident,
  ...{ alerts: [ALERT], acknowledged: { by: ANNA, at: T0, via: 'reaction' }, silencing: REQUEST, mutedUntil: T0 },
  ...{ silence: { id: 's', server: 'alertmanager', until: T0 + MINUTE, by: ANNA }, repeatedAt: T0 },
  resolved: { by: ANNA, at: T0, endsAt: T0, actionTaken: 'x', rootCause: 'y' },
  crowd: { firing: 1, resolved: 2, startsAt: T0, severities: [['critical', 1]], unfollowed: 1 },
  fold: { alertname: 'RequestSlow', problems: 3, values: [['request_id', ['a', 'b']]] },
};
const THREAD: Required<IncidentThread> = {
  ...{ incident: INCIDENT, channel: 'C1', timeline: { last: 1, entries: [ENTRY] }, delivery: DELIVERY },
  reactions: { ts: '1.1', seen: ['eyes U0ANNA'] },
};
const RECORD: Required<ThreadRecord> = {
  ...{ ...story.record, current: THREAD, earlier: [story.thread], adopt: '1.1', applied: [{ id: 'e', at: T0 }] },
  closed: { aa01: { startsAt: T0, at: T0, by: 'person' } },
};

it.each<[string, ThreadRecord]>([
  ['a whole story', story.record],
  ['every field that there is', RECORD],
])('reads a record with %s as it was written', (_, record) => {
  const line = recordLine(record);
  expect(readLine(JSON.parse(line))).toEqual({ kind: 'record', schema: 1, record: JSON.parse(line), rolls: [] });
});
