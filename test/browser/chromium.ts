import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { ensureDebianPackage } from '../support/debian-package.js';

/** Without these it keeps asking for hosts of its maker. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Debian's chromium, installed where it is missing and this user may. The fonts are for emoji and Korean. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await ensureDebianPackage('chromium', ['chromium', 'fonts-noto-color-emoji', 'fonts-nanum']);
  // Root, as in CI, can't have the sandbox.
  return chromium.launch({ executablePath, args: [...QUIET, '--disable-gpu', '--no-sandbox'] });
}

/** What goes wrong on a page from now on: exceptions, and warnings of the console. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  return complaints;
}

/** A window of its own, with its own memory of who looks. Resolves when the page hears the simulator. */
export async function openSimulator(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(60_000);
  const complaints = complaintsOf(page);
  await page.goto(url);
  await page.getByTestId('connection').and(page.locator('[data-state="live"]')).waitFor({ state: 'attached' });
  return { page, complaints };
}
