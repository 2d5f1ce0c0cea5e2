import type { Browser, Page } from 'playwright-core';
import { databaseDown, PeopleWorld } from '../support/people-world.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { CHANNEL } from '../support/slack-channel.js';
import { launchChromium, openSimulator } from './chromium.js';

const TITLE = '🚨 Database is down';

describe('people in the browser, with the real service behind it', () => {
  let browser: Browser;
  let world: PeopleWorld;
  let windows: { page: Page; complaints: string[] }[];

  beforeAll(async () => {
    browser = await launchChromium();
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => browser.close());

  beforeEach(async () => {
    windows = [];
    world = await PeopleWorld.start();
  });
  afterEach(async () => {
    for (const { page } of windows) await page.context().close();
    await world.end();
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  /** A window of this person's. */
  const sits = async (name: string): Promise<Page> => {
    const opened = await openSimulator(browser, `${world.simulator.url}?as=${name}#/${CHANNEL}`);
    windows.push(opened);
    return opened.page;
  };
  const thread = async (page: Page) => {
    await page.getByTestId('message').getByTestId('open-thread').click();
    return page.getByTestId('thread-pane');
  };

  it('an alert arrives, Ack is clicked, the form is filled in: the thread shows both', async () => {
    const page = await sits('alice');
    await world.post(databaseDown());
    const root = page.getByTestId('message');
    await root.getByText(TITLE).waitFor();
    await root.getByRole('button', { name: 'Acknowledge this incident' }).click();
    await root.getByText(/👀 Acknowledged by/).waitFor();
    const pane = await thread(page);
    await pane
      .getByTestId('reply')
      .getByText(/👀 Acknowledged by/)
      .waitFor();

    await root.getByRole('button', { name: 'Resolve this incident' }).click();
    const form = page.getByTestId('modal');
    await form.getByText('1 alert still fires at the source').waitFor();
    await form.getByLabel('Action taken').fill('Failed over to db02');
    await form.getByLabel('Root cause').fill('Disk <b>full</b>');
    await form.getByTestId('view-submit').click();
    await form.waitFor({ state: 'hidden' });
    const reply = pane.getByTestId('reply').last();
    await reply.getByText('✅ RESOLVED — Database is down').waitFor();
    await reply.getByText('Failed over to db02').waitFor();
    await reply.getByText('Disk <b>full</b>').waitFor();
    await root.getByText('✅ Database is down').waitFor();
    await root.getByRole('button', { name: 'Reopen this incident' }).waitFor();
    expect(await page.getByTestId('message').count()).toBe(1);
    await world.service.stop();
  });

  it('a reaction acknowledges; the second person is told who has it, and nobody else is', async () => {
    const [alice, bob] = await Promise.all([sits('alice'), sits('bob')]);
    await world.post(databaseDown());
    for (const page of [alice, bob]) await page.getByTestId('message').getByText(TITLE).waitFor();

    await alice.getByTestId('message').getByTestId('add-reaction').click();
    await alice.locator('[data-testid="picker"] [data-pick="eyes"]').click();
    await bob
      .getByTestId('message')
      .getByText(/👀 Acknowledged by/)
      .waitFor();
    await bob.getByTestId('message').locator('[data-reaction="eyes"]').click();
    const whisper = bob.getByTestId('ephemeral');
    await whisper.getByText(/acknowledged “Database is down” already/).waitFor();
    await whisper.getByText('@alice').waitFor();
    expect(await alice.getByTestId('ephemeral').count()).toBe(0);

    // Alice takes it back with the same reaction.
    await alice.getByTestId('message').locator('[data-reaction="eyes"]').click();
    await bob.getByRole('button', { name: 'Acknowledge this incident' }).waitFor();
  });

  it("the app's own page shows what is open, and leads there", async () => {
    const page = await sits('alice');
    await world.post(databaseDown());
    await page.getByTestId('message').getByText(TITLE).waitFor();
    await page.getByTestId('home-link').click();
    const home = page.getByTestId('home');
    await home.getByText('Open incidents').waitFor();
    const link = home.getByRole('link', { name: 'Database is down' });
    await link.waitFor();
    await page.goto((await link.getAttribute('href')) ?? '');
    await page.getByTestId('thread-pane').getByText(TITLE).waitFor();
  });
});
