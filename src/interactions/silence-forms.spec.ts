import { incidentId, thread } from '../../test/contract/records.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { loadConfig } from '../config/load-config.js';
import type { IncidentCommands } from '../incidents/incident-commands.js';
import type { NotAllowed } from '../rendering/whispers.js';
import type { SlackClient } from '../slack/slack-client.js';
import type { Members } from './members.js';
import { SilenceForms } from './silence-forms.js';

const ID = incidentId(1);
const OTHER_CHANNEL = 'C0SOMEWHERE';

describe('SilenceForms', () => {
  let channel: string;
  let refusal: NotAllowed | undefined;
  let askedServer: number;
  let shown: string[];

  const slack = {
    openView: () => Promise.resolve('V1'),
    updateView: (_viewId: string, view: object) => {
      shown.push(JSON.stringify(view));
      return Promise.resolve();
    },
  } as unknown as SlackClient;
  const commands = {
    find: () => Promise.resolve(thread(ID, { channel })),
    matchers: () => [],
    silenceServer: () => 'Alertmanager',
    matching: () => {
      askedServer += 1;
      return Promise.resolve({ count: 2, mine: 1 });
    },
  } as unknown as IncidentCommands;
  const members = { refusal: () => Promise.resolve(refusal) } as unknown as Members;
  const forms = (settings: Record<string, string> = {}): SilenceForms => {
    const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789', ...settings });
    return new SilenceForms(commands, slack, members, config, new RecordingLogger());
  };
  const click = { kind: 'count', userId: 'U1', viewId: 'V1', incidentId: ID } as const;
  const inputs = { duration: '2h', matchers: 'alertname="DiskFull"', comment: 'typed' };

  beforeEach(() => {
    channel = OTHER_CHANNEL;
    refusal = undefined;
    askedServer = 0;
    shown = [];
  });

  it('counts for who may act', async () => {
    await forms().count({ ...click, ...inputs });
    expect(askedServer).toBe(1);
    expect(shown).toEqual([expect.stringContaining('Matches 2 alerts')]);
  });

  it.each<[NotAllowed, string]>([
    ['not-listed', 'only people of the on-call list may do this'],
    ['guest', 'guests may not do this'],
    ['could-not-check', 'Slack did not say whether you may do this'],
  ])('asks no server for who may not (%s), says why, and keeps what was typed', async (reason, told) => {
    refusal = reason;
    await forms().count({ ...click, ...inputs });
    expect(askedServer).toBe(0);
    expect(shown).toEqual([expect.stringContaining(told)]);
    expect(shown[0]).toContain('typed');
  });

  it('asks no server in a channel that SLACK_CHANNELS leaves out', async () => {
    const served = { SLACK_CHANNELS: 'C0PAYMENTS' };
    await forms(served).count({ ...click, ...inputs });
    expect(askedServer).toBe(0);
    expect(shown).toEqual([expect.stringContaining('clicks in this channel do not count')]);
    channel = 'C0PAYMENTS';
    await forms(served).count({ ...click, ...inputs });
    expect(askedServer).toBe(1);
  });
});
