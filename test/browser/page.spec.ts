import type { Browser, Locator, Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { withSlack } from '../support/service-environment.js';
import { startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL } from '../support/slack-channel.js';
import { complaintsOf, launchChromium } from './chromium.js';

const RED = '#e01e5a';
const GREEN = '#2eb67d';

const alert = (instance: string, status: 'firing' | 'resolved' = 'firing'): object => ({
  status,
  labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'database', cluster: 'production', instance },
  annotations: { summary: 'Database Critical Failure', description: `MySQL on ${instance} takes no connections` },
  startsAt: '2026-11-21T10:00:00Z',
});

describe('alerts in the browser', () => {
  let browser: Browser;
  let page: Page;
  let simulator: Simulator;
  let service: ServiceProcess;
  /** What the browser's console complains of. */
  let complaints: string[];
  let loads: number;

  beforeAll(async () => {
    browser = await launchChromium();
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => browser.close());

  beforeEach(async () => {
    loads = 0;
    simulator = await startSimulator();
    service = await startService({ env: withSlack(simulator) });
    page = await browser.newPage();
    page.on('load', () => (loads += 1));
    complaints = complaintsOf(page);
    await page.goto(`${simulator.url}#/${CHANNEL}`);
    await page.getByTestId('connection').and(page.locator('[data-state="live"]')).waitFor({ state: 'attached' });
  });
  afterEach(async () => {
    await page.close();
    await service.dispose();
    await simulator.close();
  });

  const send = async (...alerts: object[]): Promise<void> => {
    const { status } = await service.post('/alert', { version: '4', status: 'firing', alerts });
    expect(status).toBe(200);
  };
  const bar = (message: Locator): Promise<string | null> => message.locator('.bar rect').getAttribute('fill');

  it('fires, is joined and is over on a page that nobody reloads', async () => {
    await send(alert('db01'));
    const root = page.getByTestId('message');
    await root.getByText('🚨 Database Critical Failure').waitFor();
    await root.getByText('MySQL on db01 takes no connections').waitFor();
    expect((await bar(root))?.toLowerCase()).toBe(RED);
    expect(await root.getByTestId('edited').count()).toBe(0);

    await send(alert('db02'));
    await root.getByTestId('open-thread').click();
    const pane = page.getByTestId('thread-pane');
    await pane.getByTestId('reply').getByText('db02 joined').waitFor();
    await root.getByTestId('edited').waitFor();
    await root.getByText('db01, db02').waitFor();

    await send(alert('db01', 'resolved'), alert('db02', 'resolved'));
    await pane.getByTestId('reply').getByText('✅ RESOLVED — Database Critical Failure').waitFor();
    for (const place of [root, pane.getByTestId('thread-root')]) {
      await place.getByText('✅ Database Critical Failure').waitFor();
      expect((await bar(place))?.toLowerCase()).toBe(GREEN);
    }

    expect(loads).toBe(1);
    expect(await page.getByTestId('message').count()).toBe(1);
    expect(await page.getByTestId('reply').count()).toBe(2);
    expect(complaints).toEqual([]);
    await service.stop();
  });
});
