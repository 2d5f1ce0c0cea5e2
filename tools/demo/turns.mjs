// The part of the story that the viewer plays. It never waits for ever: after the patience somebody else acts.
import { setTimeout as pause } from 'node:timers/promises';
import { sendWebhook } from './alertmanager.mjs';
import { BOB, click, nameOf, sendResolveForm } from './people.mjs';
import { shown } from './slack.mjs';
import { bold, say } from './terminal.mjs';

const TITLE = 'Payments fail';
const PAYMENTS = {
  labels: { alertname: 'PaymentsFail', severity: 'critical', service: 'payments', cluster: 'production' },
  annotations: { summary: TITLE, runbook_url: 'https://docs.example.com/runbooks/payments' },
  instance: 'payments-5d8b',
  description: 'The card processor refuses every payment.',
};
const RESOLUTION = { actionTaken: 'Renewed the certificate', rootCause: 'The certificate had expired' };

/** `kind`: of the timeline entry that ends the turn; `act`: what somebody else does in the viewer's place. */
const TURNS = [
  {
    tell: 'A third problem, and somebody has to take it: payments fail.',
    ask: `Your turn: open the Slack page and press 👀 Ack under “${TITLE}” in #alerts.`,
    remind: `The 👀 Ack button stands in the last message of #alerts, “${TITLE}”.`,
    kind: 'acknowledged',
    act: ({ slackUrl, root, signal }) => click(slackUrl, BOB, root, 'incident_ack', signal),
    told: (who) => `${who} acknowledged it.`,
    look: 'the message says who has it and offers Unack; its thread got a reply.',
    replied: /^👀 Acknowledged/,
  },
  {
    tell: 'Somebody is at it, and nobody else needs to hear of it for a while.',
    ask: `Your turn: choose 30 minutes from 🔕 Silence under “${TITLE}”.`,
    remind: `🔕 Silence is the list beside ✅ Resolve under “${TITLE}”. Any of its times will do.`,
    kind: 'silenced',
    act: ({ slackUrl, root, id, signal }) =>
      click(slackUrl, BOB, { ...root, option: silenceFor('30m', id) }, 'incident_silence', signal),
    told: (who) => `${who} silenced it.`,
    look: 'the message and its thread say until when. A stand-in for Alertmanager keeps the silence.',
    replied: /^🔕 Silenced/,
  },
  {
    tell: 'The cause is mended. Resolve it, and leave a word for those who read the thread later.',
    ask: `Your turn: press ✅ Resolve under “${TITLE}”, write what was done and why if you like, and send the form.`,
    remind: `✅ Resolve stands under “${TITLE}”. Both fields of the form may stay empty.`,
    kind: 'resolved',
    act: async ({ slackUrl, root, signal }) =>
      (await click(slackUrl, BOB, root, 'incident_resolve', signal)) &&
      (await sendResolveForm(slackUrl, BOB, RESOLUTION, signal)),
    told: (who) => `${who} resolved it.`,
    look: 'the message is green and says that the alert still fires at its source; the thread ends with a resolved card.',
    replied: /^✅ RESOLVED/,
  },
];
export const TURN_COUNT = TURNS.length;

const POLL_MS = 200;
/** After what somebody else did. */
const OUTCOME_WITHIN_S = 10;
/** Of the patience. */
const REMIND_AFTER = 1 / 4;

/** What the list's entry holds. */
function silenceFor(duration, id) {
  return JSON.stringify({ incident_id: id, for: duration });
}

/** @param announce says the number and the first line of a step */
export async function playTurns({ slackUrl, serviceUrl }, { patience, announce, signal }) {
  const answer = await sendWebhook(serviceUrl, [PAYMENTS], signal);
  const id = answer.results[0].incident_id;
  const incident = async () => (await fetch(`${serviceUrl}/incidents/${id}`, { signal })).json();
  await shown(slackUrl, (messages) => messages.some(({ text }) => text.includes(TITLE)), signal);

  for (const turn of TURNS) {
    announce(turn.tell);
    say(`     ${bold(turn.ask)}`);
    const { entry, isOver } = await played(turn, { slackUrl, incident, patience, signal });
    if (entry === undefined) {
      say(isOver ? '     It was resolved without that.' : '     Nothing came of it: the log of the service says why.');
      continue;
    }
    const who = await nameOf(slackUrl, entry.by?.id ?? 'Its source', signal);
    await shown(slackUrl, (messages) => messages.some((message) => isReply(message, turn)), signal);
    say(`     ${turn.told(who)} See ${turn.look}`, ...words((await incident()).resolved));
  }
}

/** Waits for the viewer, reminds once, and in the end has Bob do it. `isOver`: it was resolved without this turn. */
async function played(turn, { slackUrl, incident, patience, signal }) {
  const done = async (seconds) => {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const { timeline, status } = await incident();
      const entry = timeline.findLast(({ kind }) => kind === turn.kind);
      if (entry !== undefined || status === 'resolved') return { entry, isOver: status === 'resolved' };
      if (performance.now() >= end) return undefined;
      await pause(POLL_MS, undefined, { signal });
    }
  };
  const first = await done(patience * REMIND_AFTER);
  if (first) return first;
  const left = patience * (1 - REMIND_AFTER);
  say(`     No hurry. ${turn.remind} In ${Math.ceil(left)} s Bob does it for you.`);
  const second = await done(left);
  if (second) return second;
  say('     Nobody did, so Bob does.');
  const { id, channel, thread_ts: ts } = await incident();
  await turn.act({ slackUrl, root: { channel, ts }, id, signal });
  return (await done(OUTCOME_WITHIN_S)) ?? { entry: undefined, isOver: false };
}

function isReply({ text, thread_ts: thread }, { replied }) {
  return thread !== undefined && replied.test(text) && text.includes(TITLE);
}

function words(resolved) {
  const lines = [
    ['Action taken', resolved?.action_taken],
    ['Root cause', resolved?.root_cause],
  ];
  return lines.filter(([, text]) => text).map(([label, text]) => `     ${label}: ${text}`);
}
