// What people of the local Slack workspace do. The page does the same in the viewer's name.
import { setTimeout as pause } from 'node:timers/promises';

/** Acts when the viewer does not; on the page the viewer is Alice at first. */
export const BOB = 'U0BOB00001';

const POLL_MS = 100;
const FORM_WITHIN_MS = 5000;
const FORM = 'incident_resolve';

/** @param on `{ channel, ts }` of the message; `option` too where it is a list. @returns whether it was there */
export async function click(slackUrl, person, on, actionId, signal) {
  return (await act(slackUrl, person, 'click', { ...on, action_id: actionId }, signal)).ok;
}

/** Fills the form that a click opens, and sends it. @returns whether there was one */
export async function sendResolveForm(slackUrl, person, { actionTaken, rootCause }, signal) {
  const values = { action_taken: { action_input: actionTaken }, root_cause: { root_cause_input: rootCause } };
  const end = performance.now() + FORM_WITHIN_MS;
  while (performance.now() < end) {
    const { views } = await get(slackUrl, `people/${person}/views`, signal);
    const form = views.find((view) => view.callback_id === FORM);
    if (form) return (await act(slackUrl, person, `views/${form.id}/submit`, { values }, signal)).ok;
    await pause(POLL_MS, undefined, { signal });
  }
  return false;
}

/** What they are called; others (by REST) are known by their id. */
export async function nameOf(slackUrl, id, signal) {
  const { people } = await get(slackUrl, 'people', signal);
  return people.find((person) => person.id === id)?.realName ?? id;
}

async function act(slackUrl, person, what, body, signal) {
  const response = await fetch(`${slackUrl}/control/people/${person}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  return response.json();
}

async function get(slackUrl, path, signal) {
  const response = await fetch(`${slackUrl}/control/${path}`, { signal });
  return response.json();
}
