// `node tools/screenshots.mjs`: takes the pictures in docs/images/ of the service's messages on the Slack page, and of
// people who act on them.
// Wants Debian's packages chromium, fonts-noto-color-emoji and fonts-nanum; CHROMIUM names another browser.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { sendWebhook } from './demo/alertmanager.mjs';
import { buildWhatIsOld } from './demo/build.mjs';
import { Children } from './demo/children.mjs';
import { root } from './demo/paths.mjs';
import { CHANNEL, startServices } from './demo/services.mjs';
import { shown } from './demo/slack.mjs';
import { say } from './demo/terminal.mjs';

const FOLDER = join(root, 'docs/images');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const alert = (alertname, severity, service, instance, summary, description, startedAgo) => ({
  labels: { alertname, severity, service, cluster: 'production' },
  annotations: {
    summary,
    ...(severity === 'critical' && { runbook_url: `https://docs.example.com/runbooks/${alertname}` }),
  },
  instance,
  description,
  startedAgo,
});
const over = (one) => ({ ...one, isOver: true });

const CHECKOUT = alert(
  'SlowCheckout',
  'warning',
  'checkout',
  'checkout-7f9c',
  'Checkout is slow',
  'Half of the orders take longer than 4 s.',
  420,
);
const SEARCH = alert('IndexLag', 'warning', 'search', '', '검색 색인 지연', '색인이 12분 늦습니다.', 900);
const [DB01, DB02, DB03] = ['db01', 'db02', 'db03'].map((instance, i) =>
  alert(
    'DatabaseDown',
    'critical',
    'database',
    instance,
    'Database Critical Failure',
    `MySQL on ${instance} takes no connections.`,
    300 - 60 * i,
  ),
);

/** What an Alertmanager tells, and how many messages Slack shows then. */
const HISTORY = [
  [[CHECKOUT], 1],
  [[SEARCH], 2],
  [[over(SEARCH)], 3],
  [[DB01], 4],
  [[DB01, DB02, DB03], 5],
  [[over(DB01), DB02, DB03], 6],
];

const SHOTS = [
  { name: 'channel', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'thread', viewport: DESKTOP, colorScheme: 'light', thread: 'Database Critical Failure' },
  { name: 'thread-dark', viewport: DESKTOP, colorScheme: 'dark', thread: 'Database Critical Failure' },
  { name: 'phone', viewport: PHONE, colorScheme: 'light' },
  { name: 'phone-thread-dark', viewport: PHONE, colorScheme: 'dark', thread: '검색 색인 지연' },
];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  process.stderr.write(
    `${executablePath} is missing: apt-get install -y chromium fonts-noto-color-emoji fonts-nanum\n`,
  );
  process.exit(1);
}
const ending = new AbortController();
const { signal } = ending;
process.once('SIGINT', () => ending.abort());
const children = new Children((death) => ending.abort(death));
try {
  await buildWhatIsOld(signal);
  // Nothing listens there: it is named so that the messages offer to silence.
  const environment = { ALERTMANAGER_URL: 'http://127.0.0.1:9/' };
  const services = await startServices(children, { port: 9009, slackPort: 4000, signal, environment });
  await play(services);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  const browser = await chromium.launch({ executablePath, args });
  await takePictures(browser, services);
  await takePicturesOfPeople(browser, services);
  await browser.close();
} finally {
  await children.stop();
}

async function play({ slackUrl, serviceUrl }) {
  for (const [alerts, posts] of HISTORY) {
    await sendWebhook(serviceUrl, alerts, signal);
    await shown(slackUrl, (messages) => messages.length >= posts, signal);
  }
  // The roots are edited last: a resolved one, and one that counts what is resolved and what is not.
  const wanted = [/^✅ RESOLVED/, /db02.*db03|\+1 more/];
  await shown(
    slackUrl,
    (messages) => wanted.every((text) => messages.some((root) => root.edited && text.test(root.text))),
    signal,
  );
}

/** A window on the page, as this person. */
async function open(browser, { slackUrl }, { viewport, colorScheme, who = 'alice' }) {
  const context = await browser.newContext({ viewport, colorScheme, timezoneId: 'Asia/Seoul' });
  const page = await context.newPage();
  await page.goto(`${slackUrl}/?as=${who}#/${CHANNEL}`);
  await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: 'attached' });
  await page.getByTestId('message').last().waitFor();
  return page;
}

async function openThread(page, text) {
  await page.getByTestId('message').filter({ hasText: text }).getByTestId('open-thread').click();
  await page.getByTestId('reply').last().waitFor();
}

async function take(page, name) {
  await page.mouse.move(0, 0); // nothing is pointed at
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  say(path);
}

async function takePictures(browser, services) {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, thread, ...how } of SHOTS) {
    const page = await open(browser, services, how);
    if (thread !== undefined) await openThread(page, thread);
    await take(page, name);
    await page.context().close();
  }
}

/** Alice acknowledges, Bob is told so, Alice resolves with the form. */
async function takePicturesOfPeople(browser, services) {
  const bob = await open(browser, services, { viewport: PHONE, colorScheme: 'light', who: 'bob' });
  const alice = await open(browser, services, { viewport: DESKTOP, colorScheme: 'light' });
  const root = (page) => page.getByTestId('message').filter({ hasText: 'Database Critical Failure' });
  await root(alice).getByRole('button', { name: 'Acknowledge this incident' }).click();
  await openThread(alice, 'Database Critical Failure');
  await alice.getByTestId('reply').getByText('Acknowledged by').waitFor();
  await root(alice).getByRole('button', { name: 'Take the acknowledgement back' }).waitFor();
  await take(alice, 'acknowledged');

  await root(bob).getByTestId('add-reaction').click();
  await bob.locator('[data-testid="picker"] [data-pick="eyes"]').click();
  await bob.getByTestId('ephemeral').waitFor();
  await bob.getByTestId('ephemeral').scrollIntoViewIfNeeded();
  await take(bob, 'phone-told');

  await root(alice).getByRole('button', { name: 'Resolve this incident' }).click();
  const form = alice.getByTestId('modal');
  await form.getByLabel('Action taken').fill('Failed over to db04');
  await form.getByLabel('Root cause').fill('The disk of db02 was full');
  await take(alice, 'resolve-form');
  await form.getByTestId('view-submit').click();
  await alice.getByTestId('reply').getByText('The disk of db02 was full').waitFor();
  await root(alice).getByRole('button', { name: 'Reopen this incident' }).waitFor();
  await alice.getByTestId('reply').last().scrollIntoViewIfNeeded();
  await take(alice, 'resolved');
}
