import { parseMatchers } from '../domain/matcher.js';
import { parseEnvelope } from './parse-envelope.js';

const ID = 'INC-20240115143025-0123abcd';

const click = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'block_actions',
  user: { id: 'U0ALICE01' },
  channel: { id: 'C0ALERTS01' },
  trigger_id: '1.2.abc',
  response_url: 'https://hooks.slack.com/actions/T/1/x',
  message: {
    ts: '1.1',
    metadata: { event_type: 'alert_threader', event_payload: { incident_id: ID, deployment: 'staging' } },
  },
  actions: [{ action_id: 'incident_ack', value: JSON.stringify({ incident_id: ID, action: 'ack' }) }],
  ...change,
});
const parse = (payload: unknown, type = 'interactive') => parseEnvelope({ id: 'e1', type, payload });
const reaction = (event: Record<string, unknown> = {}): Record<string, unknown> => ({
  event_id: 'Ev1',
  event: {
    type: 'reaction_added',
    user: 'U0ALICE01',
    reaction: 'eyes',
    item: { type: 'message', channel: 'C0ALERTS01', ts: '1700000000.000100' },
    ...event,
  },
});

describe('parseEnvelope', () => {
  it('reads a click: who and where from the envelope, the incident from the button', () => {
    expect(parse(click())).toEqual({
      ids: ['e1', '1.2.abc'],
      interaction: {
        kind: 'click',
        userId: 'U0ALICE01',
        responseUrl: 'https://hooks.slack.com/actions/T/1/x',
        value: { incidentId: ID, action: 'ack' },
        channel: 'C0ALERTS01',
        triggerId: '1.2.abc',
        deployment: 'staging',
      },
    });
  });

  it('knows a reaction by its event, whatever envelope brings it', () => {
    expect(parse(reaction({ reaction: '+1::skin-tone-3' }), 'events_api')).toEqual({
      ids: ['Ev1', 'e1'],
      interaction: {
        kind: 'reaction',
        userId: 'U0ALICE01',
        name: '+1',
        added: true,
        channel: 'C0ALERTS01',
        ts: '1700000000.000100',
      },
    });
  });

  it.each([
    ['a button of another app', click({ actions: [{ action_id: 'approve', value: '1' }] }), 'unknown-action'],
    ['a value that is not ours', click({ actions: [{ action_id: 'incident_ack', value: 'yes' }] }), 'unreadable'],
    [
      "another button's value",
      click({
        actions: [{ action_id: 'incident_resolve', value: JSON.stringify({ incident_id: ID, action: 'ack' }) }],
      }),
      'unreadable',
    ],
    ['a click by nobody', click({ user: { id: '<!channel>' } }), 'unreadable'],
    ['a click nowhere', click({ channel: null }), 'unreadable'],
    ['no actions', click({ actions: [] }), 'unknown-action'],
    ['a shortcut', click({ type: 'shortcut' }), 'unknown-type'],
    [
      "another app's form",
      { type: 'view_submission', user: { id: 'U1AB' }, view: { callback_id: 'x' } },
      'unknown-form',
    ],
    ['nothing at all', undefined, 'unknown-type'],
  ])('%s is not for us', (_what, payload, reason) => {
    expect(parse(payload).interaction).toEqual({ kind: 'none', reason });
  });

  it.each([
    ['to a file', { item: { type: 'file', file: 'F1' } }],
    ['by nobody', { user: undefined }],
    ['with a ts that is none', { item: { type: 'message', channel: 'C0ALERTS01', ts: '../1' } }],
  ])('a reaction %s is not for us', (_what, event) => {
    expect(parse(reaction(event), 'events_api').interaction).toEqual({ kind: 'none', reason: 'unreadable' });
  });

  it('a form whose incident cannot be read is still a form: the person is told', () => {
    const view = { callback_id: 'incident_resolve', private_metadata: '{}', state: { values: [] } };
    expect(parse({ type: 'view_submission', user: { id: 'U0ALICE01' }, view }).interaction).toEqual({
      kind: 'resolve-form',
      userId: 'U0ALICE01',
      incidentId: undefined,
      actionTaken: '',
      rootCause: '',
    });
  });

  it('matchers that are too long are not cut to fewer', () => {
    const matchers = `${'a="b",'.repeat(499)}cluster="${'x'.repeat(100)}"`;
    const values = {
      matchers: { matchers_input: { value: matchers } },
      comment: { comment_input: { value: matchers } },
    };
    const view = { callback_id: 'incident_silence', private_metadata: '{}', state: { values } };
    const { interaction } = parse({ type: 'view_submission', user: { id: 'U0ALICE01' }, view });
    if (interaction.kind !== 'silence-form') throw new Error(interaction.kind);
    expect(interaction.comment).toHaveLength(3_000);
    expect(parseMatchers(interaction.matchers).faults).toEqual([expect.stringContaining('at most 3000 characters')]);
  });

  it('ids are never longer than needed', () => {
    const { ids } = parseEnvelope({ id: 'x'.repeat(9_999), type: 'interactive', payload: click() });
    expect(Math.max(...ids.map(({ length }) => length))).toBe(100);
  });
});
