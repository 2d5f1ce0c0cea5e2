import { setTimeout as pause } from 'node:timers/promises';
import { sendWebhook } from './alertmanager.mjs';
import { shown } from './slack.mjs';
import { bold, dim, say } from './terminal.mjs';
import { playTurns, TURN_COUNT } from './turns.mjs';

const DATABASE = {
  labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'database', cluster: 'production' },
  annotations: {
    summary: 'Database Critical Failure',
    runbook_url: 'https://docs.example.com/runbooks/db-failure',
  },
};
const DB01 = { ...DATABASE, instance: 'db01', description: 'MySQL on db01 takes no connections.' };
const DB02 = { ...DATABASE, instance: 'db02', description: 'MySQL on db02 takes no connections.' };
const CHECKOUT = {
  labels: { alertname: 'SlowCheckout', severity: 'warning', service: 'checkout', cluster: 'production' },
  annotations: { summary: 'Checkout is slow' },
  instance: 'checkout-7f9c',
  description: 'Half of the orders take longer than 4 s.',
};

/** `until`: what Slack shows then; `after`: seconds that the step is left to be looked at. */
const STEPS = [
  {
    tell: 'The database on db01 is down: a critical alert fires.',
    look: 'one message in #alerts, with a red bar. It is the root of a thread.',
    groups: [[DB01]],
    until: posts(1),
    after: 7,
  },
  {
    tell: 'db02 fails as well. It is the same problem, so there is no second message.',
    look: 'a reply in the thread; the root now names both instances. Open the thread to see more.',
    groups: [[DB01, DB02]],
    until: posts(2),
    after: 7,
  },
  {
    tell: 'db01 is back, db02 still fires.',
    look: 'a quiet reply; the root counts one resolved and stays red.',
    groups: [[over(DB01), DB02]],
    until: posts(3),
    after: 6,
  },
  {
    tell: 'Another problem: the checkout is slow, a warning.',
    look: 'a thread of its own, with a yellow bar.',
    groups: [[CHECKOUT]],
    until: posts(4),
    after: 6,
  },
  {
    tell: 'db02 is back and the checkout is fast again: everything is over.',
    look: 'both roots turn green, and each thread ends with a resolved card.',
    groups: [[over(DB02)], [over(CHECKOUT)]],
    until: (messages) => messages.filter(({ text }) => text.startsWith('✅ RESOLVED')).length >= 4, // two roots, two replies
    after: 5,
  },
];
/** Seconds to open the page. */
const BEFORE = 6;

/**
 * Sends what an Alertmanager would send, says what to look at, and asks the viewer to act in the end.
 * @param patience seconds to wait for the viewer before somebody else acts
 */
export async function playStory(services, { pace, patience, signal }) {
  const { slackUrl, serviceUrl } = services;
  const wait = (seconds) => pause(seconds * pace * 1000, undefined, { signal });
  let step = 0;
  const announce = (tell) => {
    step += 1;
    say('', `${dim(`${step}/${STEPS.length + TURN_COUNT}`)}  ${bold(tell)}`);
  };
  say(`The story begins in ${Math.round(BEFORE * pace)} s: open the Slack page to watch it.`);
  await wait(BEFORE);
  for (const { tell, look, groups, until, after } of STEPS) {
    announce(tell);
    say(`     See ${look}`);
    for (const alerts of groups) await sendWebhook(serviceUrl, alerts, signal);
    await shown(slackUrl, until, signal);
    await wait(after);
  }
  await playTurns(services, { patience, announce, signal });
}

function posts(count) {
  return (messages) => messages.length >= count;
}

function over(alert) {
  return { ...alert, isOver: true };
}
