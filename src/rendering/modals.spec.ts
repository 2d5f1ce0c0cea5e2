import type { ModalView } from '@slack/types';
import { parseViewIncident } from './button-value.js';
import { noticeModal } from './message-modal.js';
import { RESOLVED } from './messages.fixture.js';
import { asRead, asSent, type ReadView } from './read-slack.fixture.js';
import { resolveModal } from './resolve-modal.js';
import { silenceModal, type Matching, type SilenceModal } from './silence-modal.js';
import { viewFaults } from './slack-rules.fixture.js';
import { whisper } from './whispers.js';

const incidentId = 'INC-20240115143025-0a1b2c3d';
const title = 'Disk <full> on *db01*';

/** Block and element of each input, with what may be left empty. */
const inputs = (view: ModalView): unknown[] =>
  (asSent(view) as ReadView).blocks.flatMap((block) =>
    block.type === 'input' ? [[block.block_id, block.element?.action_id, block.optional]] : [],
  );

describe('resolve', () => {
  const given = { incidentId, title, firing: 3, quietFor: '4h', silencedUntil: null };

  test('asks for two texts, both optional', () => {
    const view = resolveModal(given);
    expect(viewFaults(view)).toEqual([]);
    expect([view.title.text, view.submit?.text, view.close?.text]).toEqual(['Resolve incident', 'Resolve', 'Cancel']);
    expect(view.callback_id).toBe('incident_resolve');
    expect(parseViewIncident(view.private_metadata)).toBe(incidentId);
    expect(inputs(view)).toEqual([
      ['action_taken', 'action_input', true],
      ['root_cause', 'root_cause_input', true],
    ]);
    expect(asRead(view)).toBe(
      [
        'Disk <full> on *db01*',
        '⚠️ 3 alerts still fire at the source: repeats of them will not reopen it for 4h',
        'Action taken\n()',
        'Root cause\n()',
      ].join('\n\n'),
    );
  });

  test('one alert still fires', () => {
    expect(asRead(resolveModal({ ...given, firing: 1 }))).toContain(
      '⚠️ 1 alert still fires at the source: repeats of it will not reopen it for 4h',
    );
  });

  test('a silence goes on: one line says until when', () => {
    const view = resolveModal({ ...given, firing: 0, silencedUntil: RESOLVED });
    expect(viewFaults(view)).toEqual([]);
    expect(asRead(view).split('\n\n')[1]).toBe(
      '🔕 Resolving does not end the silence: it goes on until 2024-01-15 14:45:30 UTC',
    );
    expect(asRead(resolveModal({ ...given, silencedUntil: Number.NaN }))).toContain(
      '🔕 Resolving does not end the silence\n',
    );
  });

  test('nothing fires any more', () => {
    expect(asRead(resolveModal({ ...given, firing: 0 }))).not.toContain('⚠️');
  });
});

describe('silence', () => {
  const given: SilenceModal = {
    ...{ incidentId, title, matchers: 'alertname="Disk"\ninstance="db01"', duration: '', comment: '' },
    ...{ matching: { state: 'known', count: 3, mine: 3 }, serverName: 'Alertmanager' },
  };

  test('asks how long, for which alerts and why', () => {
    const view = silenceModal(given);
    expect(viewFaults(view)).toEqual([]);
    expect([view.title.text, view.submit?.text, view.close?.text]).toEqual(['Silence alerts', 'Silence', 'Cancel']);
    expect(view.callback_id).toBe('incident_silence');
    expect(parseViewIncident(view.private_metadata)).toBe(incidentId);
    expect(inputs(view)).toEqual([
      ['duration', 'duration_input', false],
      ['matchers', 'matchers_input', false],
      ['comment', 'comment_input', true],
    ]);
    expect(asRead(view)).toBe(
      [
        'Disk <full> on *db01*',
        'Duration\n(2h)',
        'Matchers\n(alertname="Disk"\ninstance="db01")',
        'Matches 3 alerts that fire now\n[Count again]',
        'Comment\n()',
        'The silence is made in Alertmanager',
      ].join('\n\n'),
    );
    expect(JSON.stringify(view)).toContain('"action_id":"silence_count"');
  });

  test.each<[Matching, string]>([
    [{ state: 'counting' }, 'Counting the alerts that match…'],
    [{ state: 'known', count: 1, mine: 1 }, 'Matches 1 alert that fires now'],
    [{ state: 'known', count: 5, mine: 2 }, 'Matches 5 alerts that fire now, 2 of this incident'],
    [{ state: 'known', count: 5, mine: 0 }, '⚠️ Matches 5 alerts that fire now, none of this incident'],
    [{ state: 'known', count: 0, mine: 0 }, '⚠️ Matches no alert that fires now'],
    [
      { state: 'unknown', reason: 'Alertmanager answered <500>' },
      '⚠️ The alerts that match could not be counted: Alertmanager answered <500>',
    ],
    [{ state: 'unknown', reason: '' }, '⚠️ The alerts that match could not be counted'],
  ])('%j', (matching, line) => {
    const view = silenceModal({ ...given, matching });
    expect(asRead(view).split('\n')).toContain(line);
    expect(viewFaults(view)).toEqual([]);
  });

  test('another count keeps what the person typed: only the line changes', () => {
    const blocks = (matching: Matching) =>
      silenceModal({ ...given, duration: '1d', comment: 'swap', matching }).blocks.filter(
        ({ block_id: id }) => id !== 'matching',
      );
    expect(blocks({ state: 'known', count: 9, mine: 1 })).toEqual(blocks({ state: 'counting' }));
    expect(JSON.stringify(blocks({ state: 'counting' }))).toContain('"initial_value":"1d"');
  });

  test('matchers are never cut: the silence would be wider', () => {
    const view = silenceModal({ ...given, matchers: 'path="x"\n'.repeat(400) });
    expect(asRead(view)).toContain('Matchers\n()\n\n⚠️ The labels of this incident do not fit here');
    expect(viewFaults(view)).toEqual([]);
  });

  test('matchers that cannot be shown as they are say so', () => {
    const view = silenceModal({ ...given, matchers: 'path="\u202Etxt.exe\u0000"' });
    expect(asRead(view)).toContain('(path="txt.exe")\n\n⚠️ Some characters cannot be shown here');
    expect(viewFaults(view)).toEqual([]);
  });
});

describe('a notice', () => {
  test('shows a whisper in place of a form', () => {
    const view = noticeModal('Not resolved', whisper({ kind: 'no-longer-tracked' }, title));
    expect(viewFaults(view)).toEqual([]);
    expect(asRead(view)).toMatch(/^Alert Threader no longer tracks “Disk <full> on db01”: /);
    expect(view).not.toHaveProperty('submit');
    expect(view).not.toHaveProperty('callback_id');
  });

  test('always says something', () => {
    expect(asRead(noticeModal('', ''))).toBe('That did not work. Please try again.');
    expect(viewFaults(noticeModal('A title that is far too long for Slack', 'x'))).toEqual([]);
  });
});
