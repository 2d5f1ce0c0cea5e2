// `node tools/screenshots.mjs`: takes the pictures in docs/images/ of the service's messages on the Slack page.
// Wants Debian's packages chromium, fonts-noto-color-emoji and fonts-nanum; CHROMIUM names another browser.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { sendWebhook } from './demo/alertmanager.mjs';
import { buildWhatIsOld } from './demo/build.mjs';
import { Children } from './demo/children.mjs';
import { root } from './demo/paths.mjs';
import { startServices } from './demo/services.mjs';
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
  const services = await startServices(children, { port: 9009, slackPort: 4000, signal });
  await play(services);
  await takePictures(services);
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

async function takePictures({ pageUrl }) {
  mkdirSync(FOLDER, { recursive: true });
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  const browser = await chromium.launch({ executablePath, args });
  for (const { name, viewport, colorScheme, thread } of SHOTS) {
    const context = await browser.newContext({ viewport, colorScheme, timezoneId: 'Asia/Seoul' });
    const page = await context.newPage();
    await page.goto(pageUrl);
    await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: 'attached' });
    await page.getByTestId('message').last().waitFor();
    if (thread !== undefined) {
      await page.getByTestId('message').filter({ hasText: thread }).getByTestId('open-thread').click();
      await page.getByTestId('reply').last().waitFor();
    }
    await page.mouse.move(0, 0); // nothing is pointed at
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    say(path);
    await context.close();
  }
  await browser.close();
}
