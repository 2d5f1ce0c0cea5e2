import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ALERT_MESSAGE, ALERTS, ALICE, BOB, postAlert } from '../../simulator/spec-support.js';
import type { Message } from '../../simulator/workspace/message.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { launchChromium, openSimulator } from './chromium.js';
import { button, startSmallApp, type SmallApp } from './small-app.js';

let browser: Browser;
let simulator: Simulator;
let app: SmallApp;
let pages: { page: Page; complaints: string[] }[];

const open = async (who: string, hash = '', options: BrowserContextOptions = {}): Promise<Page> => {
  const opened = await openSimulator(browser, `${simulator.url}?as=${who}${hash}`, options);
  pages.push(opened);
  return opened.page;
};

beforeAll(async () => {
  browser = await launchChromium();
}, INSTALL_TIMEOUT_MS);
afterAll(() => browser.close());
beforeEach(async () => {
  pages = [];
  simulator = await startSimulator({ pace: 'off' });
  app = await startSmallApp(simulator);
  await app.client.conversations.join({ channel: ALERTS });
});
afterEach(async () => {
  const complaints = pages.flatMap((opened) => opened.complaints);
  for (const { page } of pages) await page.context().close();
  await app.stop();
  await simulator.close();
  expect(complaints).toEqual([]);
});

describe('a button', () => {
  it('waits for the app, is not pressed twice meanwhile, and changes with the message', async () => {
    let acknowledge = (): void => undefined;
    app.on('incident_ack', async ({ ack, body }) => {
      await new Promise<void>((resolve) => (acknowledge = resolve));
      await ack();
      const actions = { type: 'actions', block_id: 'commands', elements: [button('incident_unack', 'Unack')] };
      await app.call('chat.update', {
        ...ALERT_MESSAGE,
        ts: body.container.message_ts,
        attachments: [{ blocks: [actions] }],
      });
    });
    await postAlert(simulator);
    const page = await open('alice');
    const ack = page.getByRole('button', { name: 'Ack', exact: true });
    await ack.press('Enter');
    await page.locator('[data-testid="action"][data-waiting]').waitFor();
    await ack.click({ force: true });
    await simulator.waitFor(() => app.received.length > 0);
    acknowledge();
    await page.getByRole('button', { name: 'Unack' }).waitFor();
    await page.locator('[data-action-id="incident_unack"]:focus').waitFor();
    expect(app.received).toHaveLength(1);
    expect(app.received[0]?.body).toMatchObject({ user: { id: ALICE }, actions: [{ action_id: 'incident_ack' }] });
    expect(await page.getByTestId('no-answer').count()).toBe(0);
  });

  it('says when the app did not respond, until it does', async () => {
    app.on('incident_ack', () => undefined);
    await postAlert(simulator);
    const page = await open('alice');
    await page.getByRole('button', { name: 'Ack' }).click();
    await page.getByTestId('no-answer').getByText('The app did not respond').waitFor();
    app.on('incident_ack', ({ ack }) => ack());
    await page.getByRole('button', { name: 'Ack' }).click();
    await page.getByTestId('no-answer').waitFor({ state: 'detached' });
  });

  it('without an app says so at once; the page tells how many connections there are', async () => {
    await postAlert(simulator);
    const page = await open('alice');
    await page.getByTestId('sockets').getByText('Socket Mode: 1 connection').waitFor();
    await app.stop();
    await page.getByTestId('sockets').getByText('No app is connected').waitFor();
    await page.getByRole('button', { name: 'Ack' }).click();
    await page.getByTestId('no-answer').waitFor();
    app = await startSmallApp(simulator);
    await page.locator('[data-testid="sockets"][data-connections="1"]').waitFor();
  });
});

describe('a select', () => {
  it('tells the app what was chosen, and goes on showing it', async () => {
    const message = await postAlert(simulator);
    const page = await open('bob');
    const select = page.getByLabel('Silence');
    await select.selectOption({ label: '2 h' });
    await simulator.waitFor(() => app.received.length === 1);
    expect(app.received[0]?.body).toMatchObject({ user: { id: BOB }, actions: [{ selected_option: { value: '2h' } }] });
    await app.client.reactions.add({ channel: ALERTS, timestamp: message.ts, name: 'eyes' });
    await page.getByTestId('reaction').waitFor();
    expect(await select.inputValue()).toBe('2h');
  });

  it('is opened by an arrow key, which chooses nothing', async () => {
    await postAlert(simulator);
    const page = await open('alice');
    await page.getByLabel('Silence').press('ArrowDown');
    expect(await page.getByLabel('Silence').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ack' }).click();
    await simulator.waitFor(() => app.received.length > 0);
    expect(app.received).toMatchObject([{ body: { actions: [{ action_id: 'incident_ack' }] } }]);
  });
});

describe('two people', () => {
  const pill = (page: Page, name: string) => page.locator(`[data-testid="message"] [data-reaction="${name}"]`);
  const react = async (page: Page, name: string): Promise<void> => {
    await page.getByTestId('message').hover();
    await page.getByTestId('add-reaction').click();
    await page.getByTestId('picker').locator(`[data-pick="${name}"]`).click();
  };

  it('see each other’s reactions, and take back their own', async () => {
    const message = await postAlert(simulator);
    const [alice, bob] = [await open('alice'), await open('bob')];
    await react(alice, 'eyes');
    await pill(alice, 'eyes').and(alice.locator('[aria-pressed="true"]')).waitFor();
    await pill(bob, 'eyes').and(bob.locator('[aria-pressed="false"]')).waitFor();
    await bob.getByRole('button', { name: '1: Alice reacted with :eyes:' }).click();
    await alice.getByRole('button', { name: '2: You and Bob reacted with :eyes:' }).click();
    await bob.getByRole('button', { name: '1: You reacted with :eyes:' }).waitFor();
    await simulator.waitFor(() => app.received.length === 3);
    expect(app.received.map(({ body }): unknown[] => [body.event.type, body.event.user, body.event.reaction])).toEqual([
      ['reaction_added', ALICE, 'eyes'],
      ['reaction_added', BOB, 'eyes'],
      ['reaction_removed', ALICE, 'eyes'],
    ]);
    expect(message.reactions).toEqual([{ name: 'eyes', users: [BOB] }]);
  });

  it('pick an emoji by keyboard', async () => {
    await postAlert(simulator);
    const page = await open('alice');
    await page.getByTestId('add-reaction').press('Enter');
    await page.getByRole('button', { name: 'eyes' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await pill(page, 'white_check_mark').waitFor();
    await page.locator('[data-testid="add-reaction"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByTestId('picker').waitFor({ state: 'hidden' });
  });

  it('read what is for them alone, in the channel and in a thread, and put it away', async () => {
    const root: Message = await postAlert(simulator);
    const [alice, bob] = [await open('alice'), await open('bob')];
    const tell = (user: string, text: string, extra = {}) =>
      app.client.chat.postEphemeral({ channel: ALERTS, user, text, ...extra });
    await tell(BOB, 'Alice has it already');
    await bob.getByTestId('ephemeral').getByText('Alice has it already').waitFor();
    await bob.getByTestId('ephemeral').getByText('Only visible to you').waitFor();
    await tell(BOB, 'in the thread', { thread_ts: root.ts });
    await bob.getByTestId('toast').getByRole('link', { name: 'Show' }).click();
    await bob.getByTestId('thread-pane').getByTestId('ephemeral').getByText('in the thread').waitFor();
    await tell(ALICE, 'for Alice');
    await alice.getByTestId('ephemeral').getByText('for Alice').waitFor();
    expect(await alice.getByTestId('ephemeral').count()).toBe(1);
    await bob.locator('#messages').getByTestId('dismiss').click();
    await bob.getByText('Alice has it already').waitFor({ state: 'detached' });
    expect(await bob.getByTestId('ephemeral').count()).toBe(1);
  });

  it('can be one after the other in the same window, which remembers it', async () => {
    await app.client.chat.postEphemeral({ channel: ALERTS, user: BOB, text: 'for Bob' });
    const page = await open('alice');
    expect(await page.getByTestId('ephemeral').count()).toBe(0);
    await page.getByTestId('you-are').selectOption({ label: 'Bob' });
    await page.getByTestId('ephemeral').getByText('for Bob').waitFor();
    expect(page.url()).toContain('?as=bob');
    await page.goto(simulator.url);
    await page.getByTestId('ephemeral').getByText('for Bob').waitFor();
    expect(await page.getByTestId('you-are').inputValue()).toBe(BOB);
    await page.getByTestId('you-are').selectOption({ label: 'Stella (another company)' });
    await page.getByTestId('ephemeral').waitFor({ state: 'detached' });
  });
});

it('draws the home that the app published for the person, and clicks in it', async () => {
  const publish = (user: string, text: string) =>
    app.call('views.publish', {
      user_id: user,
      view: {
        type: 'home',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text }, accessory: button('more', 'More') }],
      },
    });
  app.on('app_home_opened', async ({ ack, body }) => {
    await ack();
    await publish(body.event.user, `*Hello* <@${String(body.event.user)}>`);
  });
  app.on('more', async ({ ack, body }) => {
    await ack();
    await publish(body.user.id, 'that is all');
  });
  const page = await open('bob');
  await page.getByTestId('home-link').click();
  await page.getByTestId('home').getByText('Hello @bob').waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByTestId('home').getByText('that is all').waitFor();
  await page.getByTestId('you-are').selectOption({ label: 'Alice' });
  await page.getByTestId('home').getByText('Hello @alice').waitFor();
  await page.getByRole('link', { name: /public channel alerts/ }).click();
  await page.getByTestId('home').waitFor({ state: 'hidden' });
});
