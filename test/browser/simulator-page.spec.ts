import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ALERTS, clientOf, PAYMENTS } from '../../simulator/spec-support.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { launchChromium, openSimulator } from './chromium.js';

let browser: Browser;
let simulator: Simulator;
let page: Page;
let complaints: string[];

const client = () => clientOf(simulator);
const post = async (args: Record<string, unknown>): Promise<string> => {
  await client().apiCall('chat.postMessage', { channel: ALERTS, text: 'x', ...args });
  return simulator.workspace.allMessages(ALERTS).at(-1)?.ts ?? '';
};
const byTestId = (id: string) => page.locator(`[data-testid="${id}"]`);
const open = async (hash = '', options: BrowserContextOptions = {}): Promise<void> => {
  ({ page, complaints } = await openSimulator(browser, `${simulator.url}${hash}`, options));
};

describe('the page of the simulator', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => browser.close());
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
  });
  afterEach(async () => {
    await page.context().close();
    await simulator.close();
  });

  it('shows message, thread, reply, edit and deletion without a reload', async () => {
    await open();
    await page.getByText('No messages yet…').waitFor();
    const ts = await post({ text: 'Database down' });
    await byTestId('message').getByText('Database down').waitFor();
    await post({ text: 'second instance joined', thread_ts: ts });
    await byTestId('open-thread').click();
    await byTestId('thread-pane').getByText('second instance joined').waitFor();
    expect(page.url()).toBe(`${simulator.url}#/${ALERTS}/${ts}`);
    const reply = await post({ text: 'it fires again', thread_ts: ts, reply_broadcast: true });
    await byTestId('reply').getByText('it fires again').waitFor();
    await byTestId('message').getByText('replied to a thread').waitFor();
    await byTestId('thread-pane').getByText('2 replies', { exact: true }).waitFor();
    await client().chat.update({ channel: ALERTS, ts, text: 'Database back' });
    await byTestId('message').getByText('Database back').waitFor();
    await byTestId('message').locator('[data-testid="edited"]').waitFor();
    simulator.workspace.deleteMessage(ALERTS, reply);
    await page.locator(`[data-testid="message"][data-ts="${reply}"]`).waitFor({ state: 'detached' });
    await page.locator(`[data-testid="reply"][data-ts="${reply}"]`).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('goes on by itself after the simulator was away', async () => {
    await open();
    simulator.faults.add({ kind: 'refused', forMs: 700 });
    await byTestId('connection').getByText('reconnecting').waitFor();
    const message = simulator.workspace.post({ channel: ALERTS, user: 'U0JIHYE001', text: 'while you were away' });
    await page.locator(`[data-ts="${message.ts}"]`).waitFor();
    await byTestId('connection').getByText('live').waitFor();
  });

  it('opens a link to a thread, closes it with Escape and counts what is unread elsewhere', async () => {
    const ts = await post({ text: 'root' });
    await post({ text: 'reply', thread_ts: ts });
    await open(`#/${ALERTS}/${ts}`);
    await byTestId('reply').getByText('reply').waitFor();
    await page.keyboard.press('Escape');
    await byTestId('thread-pane').waitFor({ state: 'hidden' });
    await page.locator('[data-testid="open-thread"]:focus').waitFor();
    await client().chat.postMessage({ channel: PAYMENTS, text: 'elsewhere' });
    await page.getByLabel('1 unread').waitFor();
    await page.getByRole('link', { name: /payments/ }).click();
    await byTestId('message').getByText('elsewhere').waitFor();
    await page.getByLabel('1 unread').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('runs nothing that a message brings', async () => {
    const hostile = '"><img src=x onerror="document.title=1"><script>document.title=1</script>';
    await post({ text: hostile, username: hostile, attachments: [{ title: hostile, text: hostile }] });
    await post({ blocks: [{ type: 'header', text: { type: 'plain_text', text: hostile } }] });
    await open();
    await byTestId('message').nth(1).waitFor();
    await post({ text: `${hostile} live` });
    await byTestId('message').nth(2).waitFor();
    expect(await page.locator('#messages img, #messages script').count()).toBe(0);
    expect(await page.title()).toBe('alerts · Slack simulator');
    expect(complaints).toEqual([]);
  });

  it('covers the channel with the thread on a phone, and has the channels in a drawer', async () => {
    const ts = await post({ text: 'root '.repeat(60) });
    await post({ text: 'reply', thread_ts: ts });
    await open('', { viewport: { width: 360, height: 700 } });
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
    await byTestId('open-thread').click();
    await page.locator('#messages').waitFor({ state: 'hidden' });
    expect(await width()).toBe(360);
    await page.getByRole('button', { name: 'Back to the channel' }).click();
    await byTestId('message').waitFor();
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('link', { name: /payments/ }).click();
    await page.getByRole('heading', { name: /payments/ }).waitFor();
    await page.locator('#sidebar').waitFor({ state: 'hidden' });
    expect(await width()).toBe(360);
  });

  it('shows dates in the reader’s zone', async () => {
    const date = '<!date^1700000000^{date_num} {time}|fallback>';
    await post({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: date } }] });
    await open('', { timezoneId: 'Asia/Seoul' });
    await byTestId('message')
      .getByText(/2023-11-15 7:13\sAM/)
      .waitFor();
  });
});
