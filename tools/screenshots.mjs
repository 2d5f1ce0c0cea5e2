// `node tools/screenshots.mjs`: takes the pictures in docs/images/ of the service's messages on the Slack page, and of
// people who act on them. Whole messages: each window is made as high as what it shows.
// Wants Debian's packages chromium and fonts-noto-color-emoji; CHROMIUM names another browser.
import { existsSync } from 'node:fs';
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
/** Narrow, so that the text can be read where a page shows the picture smaller. */
const DESK = 900;
const PHONE = 390;
const LEAST_HEIGHT = 200;
/** Two pixels for each of the page's: sharp on any screen. */
const SCALE = 2;
const TITLE = 'Database Critical Failure';

const SEARCH = {
  labels: { alertname: 'IndexLag', severity: 'warning', service: 'search', cluster: 'production' },
  annotations: { summary: 'Search finds nothing new' },
  instance: 'search-2',
  description: 'The index is 12 minutes late.',
  startedAgo: 900,
};
const [DB01, DB02, DB03] = ['db01', 'db02', 'db03'].map((instance, i) => ({
  labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'database', cluster: 'production' },
  annotations: { summary: TITLE, runbook_url: 'https://docs.example.com/runbooks/DatabaseDown' },
  instance,
  description: `MySQL on ${instance} takes no connections.`,
  startedAgo: 300 - 60 * i,
}));
const over = (alert) => ({ ...alert, isOver: true });

/** What an Alertmanager tells, and how many messages Slack shows then. */
const HISTORY = [
  [[SEARCH], 1],
  [[over(SEARCH)], 2],
  [[DB01], 3],
  [[DB01, DB02, DB03], 4],
  [[over(DB01), DB02, DB03], 5],
];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  process.stderr.write(`${executablePath} is missing: apt-get install -y chromium fonts-noto-color-emoji\n`);
  process.exit(1);
}
const ending = new AbortController();
const { signal } = ending;
process.once('SIGINT', () => ending.abort());
const children = new Children((death) => ending.abort(death));
try {
  await buildWhatIsOld(signal);
  const services = await startServices(children, { port: 9009, slackPort: 4000, signal });
  await play(services);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  const browser = await chromium.launch({ executablePath, args });
  await takePictures(browser, services);
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

/**
 * Alice at her desk sees two problems, acknowledges one and silences it; on her phone she looks at it, and is about to
 * resolve it.
 */
async function takePictures(browser, { slackUrl }) {
  const desk = await open(browser, slackUrl, DESK);
  await fit(desk);
  await take(desk, 'channel');

  await message(desk).getByTestId('open-thread').click();
  const card = desk.getByTestId('thread-root');
  await card.getByRole('button', { name: 'Acknowledge this incident' }).click();
  await card.getByRole('button', { name: 'Take the acknowledgement back' }).waitFor();
  await card.locator('select').selectOption({ label: '2 hours' });
  await card.getByText('Silenced until').first().waitFor();
  await desk.getByTestId('reply').getByText('Silenced until').waitFor();
  await fit(desk);
  await take(desk, 'thread');

  const phone = await open(browser, slackUrl, PHONE);
  await fit(phone, message(phone));
  await take(phone, 'phone');
  await message(phone).getByRole('button', { name: 'Resolve this incident' }).click();
  const form = phone.getByTestId('modal');
  await form.getByLabel('Action taken').fill('Failed over to db04');
  await form.getByLabel('Root cause').fill('The disk of db02 was full');
  await take(phone, 'phone-resolve');
}

/** The page, as Alice has it open. */
async function open(browser, slackUrl, width) {
  const viewport = { width, height: LEAST_HEIGHT };
  const context = await browser.newContext({ viewport, deviceScaleFactor: SCALE, timezoneId: 'Asia/Seoul' });
  const page = await context.newPage();
  await page.goto(`${slackUrl}/?as=alice#/${CHANNEL}`);
  await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: 'attached' });
  await message(page).waitFor();
  // Where one would type, there is a word about the simulator: it says nothing of messages.
  await page.locator('.only-apps').evaluate((element) => (element.hidden = true));
  return page;
}

function message(page) {
  return page.getByTestId('message').filter({ hasText: TITLE });
}

/** Makes the window so high that the whole list shows, or all from this message on. */
async function fit(page, first) {
  const { width } = page.viewportSize();
  await page.setViewportSize({ width, height: LEAST_HEIGHT }); // a list that fits would not tell how high it is
  const list = page.locator('.messages:visible');
  const { top, all } = await list.evaluate((element) => {
    element.scrollTop = 0;
    return { top: element.getBoundingClientRect().top, all: element.scrollHeight };
  });
  const skipped = first === undefined ? 0 : (await first.boundingBox()).y - top;
  await page.setViewportSize({ width, height: Math.ceil(top + all - skipped) });
  await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
}

async function take(page, name) {
  await page.mouse.move(0, 0); // nothing is pointed at
  await page.evaluate(() => document.activeElement?.blur());
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  say(path);
}
