// A stand-in for Alertmanager, so that 🔕 Silence works in the demo: the part of its API v2 that keeps silences.
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const HOST = '127.0.0.1';
/** As Alertmanager writes a matcher; a `filter` of the alerts is one. */
const MATCHER = /^("(?:[^"\\]|\\.)*"|[^"!=~]+)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")$/s;

/** The request is not one that Alertmanager would take. Its message is the answer. */
class Refused extends Error {}

/**
 * The story's alerts go on as if nobody had silenced them: nothing here sends notifications.
 *
 * It runs in this process, which may end all the same.
 *
 * @param firing gives the labels and the fingerprint of each alert that fires
 * @returns what ALERTMANAGER_URL wants
 */
export async function startSilences(firing) {
  const silences = new Silences();
  const since = new Date().toISOString();
  const server = createServer(async (request, response) => {
    try {
      const { status = 200, body } = await answer(request, { silences, firing, since });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      response.writeHead(error instanceof Refused ? 400 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(error.message));
    }
  });
  server.listen(0, HOST).unref();
  await once(server, 'listening');
  return `http://${HOST}:${server.address().port}`;
}

async function answer(request, { silences, firing, since }) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, id] = /^\/api\/v2\/silence\/([^/]+)$/.exec(pathname) ?? [];
  switch (`${request.method} ${id === undefined ? pathname : '/api/v2/silence/:id'}`) {
    case 'GET /api/v2/status':
      return { body: { uptime: since } };
    case 'GET /api/v2/silences':
      return { body: silences.list() };
    case 'POST /api/v2/silences':
      return { body: { silenceID: silences.put(JSON.parse(await text(request))) } };
    case 'GET /api/v2/silence/:id':
      return silences.has(id) ? { body: silences.list().find((silence) => silence.id === id) } : { status: 404 };
    case 'DELETE /api/v2/silence/:id':
      return silences.end(id) ? {} : { status: 404 };
    case 'GET /api/v2/alerts': {
      const wanted = matches(searchParams.getAll('filter').map(readMatcher));
      const alerts = (await firing()).filter(({ labels }) => wanted(labels));
      return { body: alerts.map((alert) => ({ ...alert, status: silences.statusOf(alert.labels) })) };
    }
    default:
      return { status: 404, body: 'a stand-in for Alertmanager: it keeps silences, and has no more than they need' };
  }
}

class Silences {
  #known = new Map();

  list() {
    const now = Date.now();
    return [...this.#known.values()].map((silence) => ({ ...silence, status: { state: stateOf(silence, now) } }));
  }

  has(id) {
    return this.#known.has(id);
  }

  /** One that runs keeps its id while its matchers stay as they are. @returns the id */
  put({ id: named, matchers, startsAt, endsAt, createdBy, comment }) {
    matches(matchers); // throws where one can't be read
    const before = this.#known.get(named);
    if (named !== undefined && before === undefined) throw new Refused(`silence ${named} not found`);
    const isChanged = before === undefined || JSON.stringify(before.matchers) !== JSON.stringify(matchers);
    if (isChanged && before !== undefined) this.end(named);
    const id = isChanged || stateOf(before, Date.now()) === 'expired' ? randomUUID() : named;
    const updatedAt = new Date().toISOString();
    this.#known.set(id, { id, matchers, startsAt, endsAt, updatedAt, createdBy, comment });
    return id;
  }

  /** @returns whether it is known */
  end(id) {
    const silence = this.#known.get(id);
    const now = new Date();
    if (silence && stateOf(silence, now) !== 'expired') this.#known.set(id, { ...silence, endsAt: now.toISOString() });
    return silence !== undefined;
  }

  statusOf(labels) {
    const silencedBy = this.list()
      .filter(({ status, matchers }) => status.state === 'active' && matches(matchers)(labels))
      .map(({ id }) => id);
    return { state: silencedBy.length > 0 ? 'suppressed' : 'active', silencedBy, inhibitedBy: [], mutedBy: [] };
  }
}

function stateOf({ startsAt, endsAt }, now) {
  if (Date.parse(endsAt) <= now) return 'expired';
  return Date.parse(startsAt) <= now ? 'active' : 'pending';
}

/** Whether labels meet all. A missing one counts as empty. Expressions are JavaScript's here, RE2's in Alertmanager. */
function matches(matchers) {
  const tests = matchers.map(({ name, value, isRegex, isEqual = true }) => {
    const test = isRegex ? expression(value) : (label) => label === value;
    return (labels) => test(labels[name] ?? '') === isEqual;
  });
  return (labels) => tests.every((test) => test(labels));
}

function expression(value) {
  try {
    const whole = new RegExp(`^(?:${value})$`, 's');
    return (label) => whole.test(label);
  } catch (error) {
    throw new Refused(error.message);
  }
}

function readMatcher(filter) {
  const [, name, operator, value] = MATCHER.exec(filter) ?? [];
  if (name === undefined) throw new Refused(`bad matcher format: ${filter}`);
  return {
    name: unquoted(name),
    value: unquoted(value),
    isRegex: operator.endsWith('~'),
    isEqual: operator.startsWith('='),
  };
}

function unquoted(token) {
  if (!token.startsWith('"')) return token;
  return token.slice(1, -1).replace(/\\(["\\n])/g, (_, character) => (character === 'n' ? '\n' : character));
}
