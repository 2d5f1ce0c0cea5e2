import { formatMatcher, type Matcher } from '../domain/matcher.js';
import { errorOfAnswer, unreadableAnswer } from './error-mapper.js';
import { hasEndedBefore, isUnknownSilence, type Answer } from './server-words.js';
import { SilenceClient, type SilenceDraft, type SilenceState, type SourceAlert } from './silence-client.js';
import { SilenceHttp, type HttpLimits } from './silence-http.js';
import { postableSilence, readAlert, readList, readSilence, readSilenceId, readStart } from './silence-json.js';
import type { SilenceServer } from './silence-server.js';

const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Servers give UUIDs. Anything else would lead to another path, and belongs to no silence. */
const isId = (id: string): boolean => /^[\w-]{1,100}$/.test(id);

/** Silences over Alertmanager's API v2, which Grafana speaks too. */
export class HttpSilenceClient extends SilenceClient {
  readonly name: string;
  private readonly http: SilenceHttp;

  constructor(
    private readonly server: SilenceServer,
    limits?: HttpLimits,
  ) {
    super();
    this.name = server.name;
    this.http = new SilenceHttp(server, limits);
  }

  async put(draft: SilenceDraft): Promise<string> {
    const known = draft.id === undefined ? undefined : await this.get(draft.id);
    let answer = await this.post(draft, known);
    // forgotten since we asked
    if (known !== undefined && isUnknownSilence(answer)) answer = await this.post(draft, undefined);
    return this.result(answer, 'the silence', readSilenceId);
  }

  async get(id: string): Promise<SilenceState | undefined> {
    if (!isId(id)) return undefined;
    const answer = await this.http.send({ method: 'GET', path: `silence/${id}` });
    return isUnknownSilence(answer) ? undefined : this.result(answer, 'the request', readSilence);
  }

  async list(): Promise<readonly SilenceState[]> {
    const answer = await this.http.send({ method: 'GET', path: 'silences' });
    return this.result(answer, 'the request', (body) => readList(body, readSilence));
  }

  async expire(id: string): Promise<void> {
    if (!isId(id)) return;
    const answer = await this.http.send({ method: 'DELETE', path: `silence/${id}` });
    if (isSuccess(answer) || isUnknownSilence(answer) || hasEndedBefore(answer)) return;
    throw errorOfAnswer(this.server, 'to end the silence', answer);
  }

  async alerts(matchers: readonly Matcher[]): Promise<readonly SourceAlert[]> {
    const query = new URLSearchParams({ active: 'true', silenced: 'true', inhibited: 'true' });
    for (const matcher of matchers) query.append('filter', formatMatcher(matcher));
    const answer = await this.http.send({ method: 'GET', path: `alerts?${query.toString()}` });
    return this.result(answer, 'the matchers', (body) => readList(body, readAlert));
  }

  async startedAt(): Promise<number | null> {
    if (!this.server.tellsStart) return null;
    const answer = await this.http.send({ method: 'GET', path: 'status' });
    return this.result(answer, 'the request', readStart);
  }

  private post(draft: SilenceDraft, known: SilenceState | undefined): Promise<Answer> {
    return this.http.send({ method: 'POST', path: 'silences', body: postableSilence(draft, known) });
  }

  private result<T>(answer: Answer, what: string, read: (body: unknown) => T | undefined): T {
    if (!isSuccess(answer)) throw errorOfAnswer(this.server, what, answer);
    let body: unknown;
    try {
      body = JSON.parse(answer.text);
    } catch {
      throw unreadableAnswer(this.server, 'unreadable_answer'); // the parser's words would show the answer
    }
    const result = read(body);
    if (result === undefined) throw unreadableAnswer(this.server, 'unreadable_answer');
    return result;
  }
}
