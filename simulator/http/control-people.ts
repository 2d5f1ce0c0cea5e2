import type { IncomingMessage } from 'node:http';
import { isJsonObject, parseJson, type JsonObject } from '../json.js';
import type { Entries } from '../people/submission.js';
import type { Person } from '../people/person.js';
import type { Outcome } from '../sockets/envelope.js';
import { viewJson } from '../web-api/view-json.js';
import type { View } from '../workspace/view.js';
import type { Answer, ControlParts } from './control-parts.js';
import { readBody } from './read-body.js';

type Act = (person: Person, body: JsonObject) => Promise<Outcome | undefined>;

/** What somebody does, by the last part of the address. */
const ACTS: Readonly<Record<string, Act>> = {
  click: (person, body) => click(person, { channel: text(body, 'channel'), ts: text(body, 'ts') }, body),
  react: (person, body) => person.reacts({ channel: text(body, 'channel'), ts: text(body, 'ts') }, text(body, 'name')),
  unreact: (person, body) =>
    person.unreacts({ channel: text(body, 'channel'), ts: text(body, 'ts') }, text(body, 'name')),
  home: (person) => person.opensHome(),
};

/** What somebody does with an open view. */
const VIEW_ACTS: Readonly<
  Record<string, (person: Person, view: View, body: JsonObject) => Promise<Outcome | undefined>>
> = {
  click: (person, view, body) => {
    person.fills(view, entries(body));
    return click(person, view, body);
  },
  submit: (person, view, body) => person.submits(view, entries(body)),
  close: (person, view) => person.closes(view),
};

/** Lets the page and the demo do what tests do through `simulator.person`. False when the address is not one of these. */
export async function servePeople(
  { people }: ControlParts,
  url: URL,
  request: IncomingMessage,
  answer: Answer,
): Promise<boolean> {
  const [, , folder, id, first = '', second, third = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (folder !== 'people') return false;
  if (id === undefined) {
    answer(200, { ok: true, people: people.map(({ user }) => ({ ...user })) });
    return true;
  }
  const person = people.find((other) => other.id === id);
  if (!person) {
    answer(404, { ok: false, error: `there is no person ${id}` });
    return true;
  }
  if (request.method !== 'POST') {
    const shown = show(person, first);
    if (!shown || second !== undefined) return false;
    answer(200, { ok: true, ...shown });
    return true;
  }
  const act = second === undefined ? ACTS[first] : first === 'views' ? viewAct(third, second) : undefined;
  if (!act) return false;
  try {
    const body = parseJson((await readBody(request)) || '{}');
    const outcome = await act(person, isJsonObject(body) ? body : {});
    answer(200, { ok: true, ...(outcome ? outcomeJson(outcome) : { told: false }) });
  } catch (error) {
    // It is not on their screen, or Slack's own client would hold it back.
    answer(400, { ok: false, error: error instanceof Error ? error.message : String(error) });
  }
  return true;
}

function show(person: Person, what: string): JsonObject | undefined {
  if (what === 'ephemerals') return { ephemerals: person.ephemerals };
  if (what !== 'views') return undefined;
  return { views: person.views.map(shownView), home: person.home ? shownView(person.home) : null };
}

/** As the app sees it, and what the person alone sees: errors at the fields, and a notice. */
function shownView(view: View): JsonObject {
  return { ...viewJson(view), errors: view.errors, notice: view.notice ?? null, revision: view.revision };
}

function viewAct(name: string, viewId: string): Act | undefined {
  const act = VIEW_ACTS[name];
  return act && ((person, body) => act(person, openView(person, viewId), body));
}

function openView(person: Person, id: string): View {
  const view = [...person.views, person.home].find((other) => other?.id === id);
  if (!view) throw new Error(`the view ${id} is not open for ${person.user.name}`);
  return view;
}

function click(person: Person, on: Parameters<Person['clicks']>[0], body: JsonObject): Promise<Outcome> {
  const actionId = text(body, 'action_id');
  return body.option === undefined ? person.clicks(on, actionId) : person.chooses(on, actionId, text(body, 'option'));
}

function entries({ values }: JsonObject): Entries {
  return isJsonObject(values) ? (values as Entries) : {};
}

function text(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new Error(`the body needs a text: ${name}`);
  return value;
}

function outcomeJson({ acknowledged, reason, afterMs, payload, envelopeId, problem }: Outcome): JsonObject {
  return { told: true, acknowledged, reason, afterMs, payload: payload ?? null, envelopeId, problem: problem ?? null };
}
