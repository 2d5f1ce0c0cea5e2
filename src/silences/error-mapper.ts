import { isNeverSent, isTimeOut, systemCode } from '../wire/network-fault.js';
import { SilenceError, type SilenceErrorKind } from './silence-client.js';
import type { SilenceServer } from './silence-server.js';
import { serverWords, type Answer } from './server-words.js';

/** The request, or its answer, was cut short. */
export const errorOfFetch = ({ name }: SilenceServer, timeoutMs: number, error: unknown): SilenceError => {
  if (error instanceof SilenceError) return error;
  if (isTimeOut(error)) {
    return new SilenceError('ambiguous', 'time_out', `${name} did not answer within ${timeoutMs / 1_000} s`, {
      cause: error,
    });
  }
  const code = systemCode(error) ?? 'connection_lost';
  if (isNeverSent(code)) {
    return new SilenceError('unavailable', code, `${name} can't be reached (${code})`, { cause: error });
  }
  return new SilenceError('ambiguous', code, `the connection to ${name} broke (${code})`, { cause: error });
};

/** The server did what we asked, or did not: what it answered is not what its API documents. */
export const unreadableAnswer = (
  { name, urlVariable }: SilenceServer,
  code: 'unreadable_answer' | 'too_large',
): SilenceError =>
  new SilenceError(
    'ambiguous',
    code,
    code === 'too_large'
      ? `${name} answered more than we can read`
      : `what ${name} answered can't be read: check that ${urlVariable} leads to it`,
  );

/** 409: Grafana's Alertmanager is still starting. 429 and 503: nobody took the request. */
const kindOfStatus = (status: number): SilenceErrorKind => {
  if (status === 401 || status === 403) return 'auth';
  if (status === 409 || status === 429 || status === 503) return 'unavailable';
  if (status === 408 || status >= 500) return 'ambiguous';
  return 'refused';
};

const reasonOf = (server: SilenceServer, what: string, status: number, kind: SilenceErrorKind): string => {
  const { name, urlVariable, authorization, credentialVariables } = server;
  if (status === 401 && authorization === null) return `${name} wants credentials (401): set ${credentialVariables}`;
  if (status === 401) return `${name} refused our credentials (401): check ${credentialVariables}`;
  if (status === 403) return `${name} does not let us do this (403): check what ${credentialVariables} may do`;
  if (status === 404 || status === 405) return `${name} has nothing there (${status}): check ${urlVariable}`;
  if (status < 400) return `${name} answered with a redirect (${status}), which we don't follow: check ${urlVariable}`;
  if (kind === 'unavailable') return `${name} can't do this now (${status})`;
  if (kind === 'ambiguous') return `${name} failed (${status})`;
  return `${name} refused ${what}`;
};

/** The server answered something else than success. @param what was asked for: `the silence` */
export const errorOfAnswer = (server: SilenceServer, what: string, answer: Answer): SilenceError => {
  const { status } = answer;
  const kind = kindOfStatus(status);
  const reason = reasonOf(server, what, status, kind);
  const words = serverWords(answer, server.secrets);
  return new SilenceError(kind, `http_${status}`, words === '' ? reason : `${reason}: ${words}`);
};
