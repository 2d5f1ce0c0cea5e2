import type { Incident } from '../domain/incident.js';
import { renderUnmade } from './render-unmade.js';
import { fits } from './limits.js';

const INCIDENT = {
  id: 'INC-20240115143025-00000001',
  key: 'Disk%7CFull|critical|<!channel>|default|production',
  status: 'firing',
  severity: 'critical',
  silence: null,
} as Incident;
const ACTIONS = { incidentId: INCIDENT.id, silence: true };
const WHY = '(an error of Alert Threader; see its log)';

describe('the plain message in place of one that could not be made', () => {
  it('names the problem by its thread key, with what can be done', () => {
    const { text, blocks = [] } = renderUnmade(INCIDENT, 'root', { actions: ACTIONS });
    expect(text).toBe(
      `🚨 Disk|Full · critical · &lt;!channel&gt; · default · production: its card could not be made ${WHY}\nIncident: ${INCIDENT.id}`,
    );
    expect(blocks.map(({ type }) => type)).toEqual(['section', 'actions']);
  });

  it('says that it is over', () => {
    expect(renderUnmade({ ...INCIDENT, status: 'resolved' }, 'root').text).toMatch(
      /^✅ RESOLVED — Disk\|Full · critical/,
    );
  });

  it('is text alone as a reply, and where Slack refused blocks', () => {
    const reply = renderUnmade(INCIDENT, 'reply', { actions: ACTIONS, maybeDuplicate: true });
    expect(reply.blocks).toBeUndefined();
    expect(reply.text).toMatch(/: a reply could not be made .*\nIncident: INC-.*\nPossible duplicate/);
    expect(renderUnmade(INCIDENT, 'root', { actions: ACTIONS, plain: true }).blocks).toBeUndefined();
  });

  it.each([
    ['nothing', {}],
    ['wrong kinds', { id: 1, key: [], status: {}, severity: null, silence: 5 }],
    ['a key of any length', { ...INCIDENT, key: '<'.repeat(100_000) }],
  ])('takes an incident that is made of %s', (_, incident) => {
    const message = renderUnmade(incident as unknown as Incident, 'root', { actions: ACTIONS });
    expect(message.text).toContain(WHY);
    expect(message.text.length).toBeLessThan(1_000);
    expect(fits(message)).toBe(true);
  });
});
