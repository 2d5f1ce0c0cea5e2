import type { HomeView } from '@slack/types';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { loadConfig } from '../config/load-config.js';
import { alertOf, Story } from '../domain/domain.fixture.js';
import type { IncidentThread } from '../domain/record.js';
import type { SlackClient } from '../slack/slack-client.js';
import type { ListFilter, ThreadStore } from '../thread-store/thread-store.js';
import { AppHome } from './app-home.js';
import type { Members } from './members.js';
import { ThreadLinks } from './thread-links.js';

it('lists open incidents beside one with which something is wrong', async () => {
  const good = new Story().alert(0, alertOf('aa01')).thread;
  const [alert] = good.incident.alerts;
  if (alert === undefined) throw new Error('no alert');
  const broken: IncidentThread = {
    ...good,
    incident: { ...good.incident, alerts: [{ ...alert, annotations: null as never }], key: 'Broken|critical' },
  };
  const store = {
    list: ({ status }: ListFilter) => Promise.resolve({ items: status === 'firing' ? [broken, good] : [] }),
    counts: () => Promise.resolve({ incidents: { firing: 2, acknowledged: 0, resolved: 0 } }),
  } as unknown as ThreadStore;
  const published: HomeView[] = [];
  const slack = {
    identity: () => Promise.resolve({}),
    publishHome: (_: string, view: HomeView) => Promise.resolve(published.push(view)),
  } as unknown as SlackClient;
  const members = { refusal: () => Promise.resolve(undefined) } as unknown as Members;
  const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' });
  const logger = new RecordingLogger();

  await new AppHome(store, slack, members, new ThreadLinks(slack), config, logger).show('U0ANNA');
  const shown = JSON.stringify(published);
  expect(shown).toContain('Disk is full');
  expect(shown).toContain('Broken|critical');
  expect(logger.lines).toMatchObject([{ level: 'error', fields: { threadKey: 'Broken|critical' } }]);
});
