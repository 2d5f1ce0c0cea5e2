import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ALERTS, ALICE, postAlert } from '../../simulator/spec-support.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { launchChromium, openSimulator } from './chromium.js';
import { button, input, modal, plain, startSmallApp, type SmallApp } from './small-app.js';

type Json = Record<string, unknown>;

let browser: Browser;
let simulator: Simulator;
let app: SmallApp;
let page: Page;
let complaints: string[];

const open = async (options: BrowserContextOptions = {}): Promise<void> => {
  ({ page, complaints } = await openSimulator(browser, `${simulator.url}?as=alice`, options));
};
/** Clicks the button that opens it. */
const openModal = async (view: Json, options: BrowserContextOptions = {}): Promise<void> => {
  app.on('incident_ack', async ({ ack, body }) => {
    await ack();
    await app.call('views.open', { trigger_id: body.trigger_id, view });
  });
  await postAlert(simulator);
  await open(options);
  await page.getByRole('button', { name: 'Ack' }).click();
  await page.getByTestId('view').waitFor();
};
const viewId = (): string => simulator.person(ALICE).views.at(-1)?.id ?? '';
const submit = () => page.getByTestId('view-submit').click();
const field = (label: string) => page.getByTestId('field').filter({ has: page.getByText(label, { exact: true }) });
const gone = () => page.getByTestId('view').waitFor({ state: 'detached' });
/** As the app heard them last. */
const lastValues = (): unknown => app.received.at(-1)?.body.view.state.values as unknown;

beforeAll(async () => {
  browser = await launchChromium();
}, INSTALL_TIMEOUT_MS);
afterAll(() => browser.close());
beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
  app = await startSmallApp(simulator);
  await app.client.conversations.join({ channel: ALERTS });
});
afterEach(async () => {
  await page.context().close();
  await app.stop();
  await simulator.close();
  expect(complaints).toEqual([]);
});

it('is filled, corrected where the app finds fault, and submitted', async () => {
  const answers: (Json | undefined)[] = [{ response_action: 'errors', errors: { duration: 'Expected a time' } }];
  app.on('form', ({ ack }) => ack(answers.shift()));
  await openModal(
    modal([
      input('duration', 'Duration', { initial_value: '2h', max_length: 5 }, { hint: plain('For example 30m') }),
      input('comment', 'Comment', { multiline: true, placeholder: plain('Why') }),
      input('note', 'Note', {}, { optional: true }),
    ]),
  );
  await page.getByRole('dialog', { name: 'Silence alerts' }).waitFor();
  await page.getByLabel('Duration').and(page.locator(':focus')).waitFor();
  await field('Duration').getByText('For example 30m').waitFor();
  await page.getByLabel('Note (optional)').fill('n');

  await submit();
  await field('Comment').getByText('Please complete this required field.').waitFor();
  await page.getByLabel('Comment').and(page.locator(':focus')).waitFor();
  expect(app.received).toHaveLength(1);

  await page.keyboard.type('a <disk>\nis full');
  await page.getByLabel('Duration').fill('soon and more');
  expect(await field('Duration').locator('.count-left').textContent()).toBe('0');
  await submit();
  await field('Duration').getByTestId('field-error').getByText('Expected a time').waitFor();
  await page.getByLabel('Duration').and(page.locator(':focus[aria-invalid="true"]')).waitFor();

  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('30m');
  await field('Duration').getByTestId('field-error').waitFor({ state: 'hidden' });
  // As in any form.
  await page.keyboard.press('Enter');
  await gone();
  expect(lastValues()).toMatchObject({
    duration: { text: { value: '30m' } },
    comment: { text: { value: 'a <disk>\nis full' } },
    note: { text: { value: 'n' } },
  });
  await page.locator('[data-action-id="incident_ack"]:focus').waitFor();
});

it('keeps what is being typed when the app changes it, and tells the app of it with a click', async () => {
  const view = (count: string): Json =>
    modal([
      input('matchers', 'Matchers', { multiline: true, initial_value: 'service="database"' }),
      {
        type: 'section',
        block_id: 'matching',
        text: { type: 'mrkdwn', text: count },
        accessory: button('count', 'Count again'),
      },
    ]);
  app.on('count', async ({ ack, body }) => {
    await ack();
    await app.call('views.update', { view_id: body.view.id, view: view('Matches *3* alerts') });
  });
  await openModal(view('Counting…'));
  const matchers = page.getByLabel('Matchers');
  await matchers.press('End');
  await page.keyboard.type('x');
  await app.call('views.update', { view_id: viewId(), view: view('Matches 2 alerts') });
  await page.getByText('Matches 2 alerts').waitFor();
  await page.keyboard.type('y');
  expect(await matchers.inputValue()).toBe('service="database"xy');
  await page.getByRole('button', { name: 'Count again' }).click();
  await page.getByText('Matches 3 alerts').waitFor();
  expect(await matchers.inputValue()).toBe('service="database"xy');
  expect(lastValues()).toMatchObject({ matchers: { text: { value: 'service="database"xy' } } });
});

it('is pushed, left by Escape one at a time, updated and cleared by the answer', async () => {
  const second = modal([input('why', 'Why')], { title: plain('Second'), callback_id: 'second' });
  app.on('form', ({ ack }) => ack({ response_action: 'push', view: second }));
  await openModal(modal([input('first', 'First')]));
  await page.getByLabel('First').fill('kept');
  await submit();
  await page.getByRole('dialog', { name: 'Second' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Silence alerts' }).waitFor();
  expect(await page.getByLabel('First').inputValue()).toBe('kept');

  app.on('form', ({ ack }) => ack({ response_action: 'update', view: { ...second, title: plain('Updated') } }));
  await submit();
  await page.getByRole('dialog', { name: 'Updated' }).waitFor();
  await page.getByLabel('Why').fill('because');
  app.on('second', ({ ack }) => ack({ response_action: 'clear' }));
  await submit();
  await gone();
  expect(simulator.person(ALICE).views).toEqual([]);
});

it('takes options, and is closed by its button; nobody else sees it', async () => {
  const option = (value: string): Json => ({ text: plain(`Option ${value}`), value });
  const options = [option('a'), option('b'), option('c')];
  await openModal(
    modal([
      input('one', 'One', { type: 'static_select', options, initial_option: options[1] }),
      input('some', 'Some', { type: 'multi_static_select', options }),
      input('radio', 'Radio', { type: 'radio_buttons', options }),
      input('boxes', 'Boxes', { type: 'checkboxes', options }, { optional: true }),
      input('day', 'Day', { type: 'datepicker', initial_date: '2026-01-02' }),
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'made in *Alertmanager*' }] },
    ]),
  );
  const other = await openSimulator(browser, `${simulator.url}?as=bob`);
  expect(await other.page.getByTestId('view').count()).toBe(0);
  await other.page.context().close();
  expect(await page.getByLabel('One').inputValue()).toBe('b');
  await page.getByLabel('Some').selectOption(['a', 'c']);
  await submit();
  await field('Radio').getByText('Please complete this required field.').waitFor();
  await page.getByRole('group', { name: 'Radio' }).getByLabel('Option c').check();
  await page.getByRole('group', { name: 'Boxes' }).getByLabel('Option a').check();
  app.on('form', () => undefined);
  await submit();
  await page.getByTestId('view-notice').getByText('We had some trouble connecting').waitFor();
  expect(lastValues()).toMatchObject({
    one: { text: { selected_option: { value: 'b' } } },
    some: { text: { selected_options: [{ value: 'a' }, { value: 'c' }] } },
    radio: { text: { selected_option: { value: 'c' } } },
    boxes: { text: { selected_options: [{ value: 'a' }] } },
    day: { text: { selected_date: '2026-01-02' } },
  });
  await page.getByTestId('view-close').click();
  await gone();
});

it('fills a phone, and nothing hangs over the edge', async () => {
  await openModal(modal([input('m', 'Matchers', { initial_value: 'x'.repeat(500), multiline: true })]), {
    viewport: { width: 390, height: 844 },
  });
  const box = await page.getByTestId('modal').boundingBox();
  expect(box).toMatchObject({ x: 0, width: 390, height: 844 });
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
});

it('runs nothing that the app or a person wrote', async () => {
  const hostile = '"><img src=x onerror="document.title=1">';
  const text = plain(hostile);
  const options = [{ text, value: hostile }];
  app.on('form', ({ ack }) => ack({ response_action: 'errors', errors: { [hostile]: hostile } }));
  await openModal(
    modal(
      [
        input(
          hostile,
          hostile,
          { action_id: hostile, initial_value: hostile, placeholder: text },
          { label: text, hint: text },
        ),
        input('b', 'Choose', { type: 'static_select', options, placeholder: text }, { optional: true }),
        { type: 'section', text, accessory: button('x', hostile, { value: hostile, accessibility_label: hostile }) },
      ],
      { title: plain(hostile.slice(0, 24)), submit: plain(hostile.slice(0, 24)), close: plain(hostile.slice(0, 24)) },
    ),
  );
  await submit();
  await page.getByTestId('field-error').getByText(hostile).waitFor();
  expect(lastValues()).toMatchObject({ [hostile]: { [hostile]: { value: hostile } } });
  await app.client.chat.postEphemeral({ channel: ALERTS, user: ALICE, text: hostile });
  await page.getByTestId('ephemeral').waitFor();
  expect(await page.locator('img, main script').count()).toBe(0);
  expect(await page.title()).toBe('alerts · Slack simulator');
});
