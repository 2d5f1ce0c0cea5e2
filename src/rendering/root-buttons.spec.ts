import type { RootFacts } from '../domain/root-facts.js';
import { parseButtonValue } from './button-value.js';
import { facts, RESOLVED } from './messages.fixture.js';
import { asRead, asSent, isText, type Interactive, type ReadMessage } from './read-slack.fixture.js';
import { renderRoot } from './render-root.js';
import { faultsOf } from './slack-rules.fixture.js';

const incidentId = 'INC-20240115143025-0a1b2c3d';
const by = { kind: 'slack', id: 'U0123ABCD' } as const;
const silence = { id: 's', server: 'alertmanager', until: RESOLVED, by } as const;
const acknowledged: Partial<RootFacts> = { status: 'acknowledged', acknowledged: { by, at: RESOLVED } };
const resolved: Partial<RootFacts> = { status: 'resolved', resolution: { by, at: RESOLVED }, firing: 0 };
const TIMES = '30 minutes / 2 hours / 24 hours / Custom…';

test.each([
  ['firing', {}, true, `[👀 Ack] [✅ Resolve] [🔕 Silence: ${TIMES}]`],
  ['firing, nothing to silence with', {}, false, '[👀 Ack] [✅ Resolve]'],
  ['silenced', { silence }, true, `[👀 Ack] [✅ Resolve] [🔕 Silence: ${TIMES} / End silence]`],
  ['acknowledged', acknowledged, true, `[Unack] [✅ Resolve] [🔕 Silence: ${TIMES}]`],
  ['acknowledged, nothing to silence with', acknowledged, false, '[Unack] [✅ Resolve]'],
  ['resolved', resolved, true, '[🔁 Reopen]'],
  ['resolved while silenced', { ...resolved, silence }, true, '[🔁 Reopen] [🔔 End silence]'],
  ['resolved while silenced, nothing to end it with', { ...resolved, silence }, false, '[🔁 Reopen]'],
])('%s', (_name, change, canSilence, buttons) => {
  const message = renderRoot(facts(change), { actions: { incidentId, silence: canSilence } });
  expect(faultsOf(message)).toEqual([]);
  expect(asRead(message).split('\n\n')[1]).toBe(buttons);
});

const elements = (change: Partial<RootFacts> = {}): Interactive[] => {
  const message = renderRoot(facts(change), { actions: { incidentId, silence: true } });
  const { blocks = [] } = asSent(message) as ReadMessage;
  const row = blocks.find((block) => block.block_id?.startsWith('incident_actions:'));
  return (row?.elements ?? []).flatMap((element) => (isText(element) ? [] : [element]));
};

test('each carries its incident and its action, in words for a screen reader', () => {
  const buttons = [...elements(), ...elements(acknowledged), ...elements(resolved)].filter(
    (element) => element.type === 'button',
  );
  expect(
    buttons.map((button) => [button.action_id, parseButtonValue(button.value)?.action, button.accessibility_label]),
  ).toEqual([
    ['incident_ack', 'ack', 'Acknowledge this incident'],
    ['incident_resolve', 'resolve', 'Resolve this incident'],
    ['incident_unack', 'unack', 'Take the acknowledgement back'],
    ['incident_resolve', 'resolve', 'Resolve this incident'],
    ['incident_reopen', 'reopen', 'Reopen this incident'],
  ]);
  expect(buttons.every(({ value }) => parseButtonValue(value)?.incidentId === incidentId)).toBe(true);
  expect(buttons.map(({ style }) => style)).toEqual(['primary', ...Array<undefined>(4)]);
});

test('the select carries the time', () => {
  const select = elements({ silence }).at(-1);
  expect(select?.action_id).toBe('incident_silence');
  expect(select?.options?.map(({ value }) => parseButtonValue(value))).toEqual(
    ['30m', '2h', '24h', 'custom', 'end'].map((duration) => ({ incidentId, action: 'silence', duration })),
  );
});

test('the button that ends a silence asks for the same as the select', () => {
  const button = elements({ ...resolved, silence }).at(-1);
  expect(button?.action_id).toBe('incident_silence');
  expect(button?.accessibility_label).toBe('End the silence of this incident');
  expect(JSON.parse(button?.value ?? '')).toEqual({ incident_id: incidentId, action: 'silence', for: 'end' });
  expect(parseButtonValue(button?.value)).toEqual({ incidentId, action: 'silence', duration: 'end' });
});

test.each([
  ['open', {}],
  ['acknowledged', acknowledged],
  ['resolved', resolved],
])('%s: the card says that it is silenced, and until when', (_name, change) => {
  const line = '🔕 Silenced until 2024-01-15 14:45:30 UTC by <@U0123ABCD>';
  expect(asRead(renderRoot(facts({ ...change, silence }))).split('\n')).toContain(line);
  expect(renderRoot(facts({ ...change, silence }), { plain: true }).text).toContain('🔕 Silenced until 2024-01-15');
  expect(asRead(renderRoot(facts(change)))).not.toContain('🔕');
});

test('stand below the header, above everything else', () => {
  const message = renderRoot(facts({ movedFrom: { channel: 'C0000000001', code: 'is_archived' } }), {
    actions: { incidentId, silence: true },
    maybeDuplicate: true,
  });
  expect(message.blocks?.map(({ type }) => type)).toEqual(['header', 'actions', 'context']);
  expect(asRead(message)).toContain('Meant for channel C0000000001');
});

test.each([
  ['without somebody to hear a click', {}],
  ['in plain text', { plain: true, actions: { incidentId, silence: true } }],
  ['for an id that no click could name', { actions: { incidentId: 'INC-1', silence: true } }],
])('none %s', (_name, options) => {
  expect(JSON.stringify(renderRoot(facts(), options))).not.toContain('incident_');
});
