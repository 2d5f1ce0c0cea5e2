const MAX_WORDS = 300;

/** Of an error's body, characters: what comes later is a page, not words. */
const MAX_READ = 10_000;

/** An answer as text, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Alertmanager answers a JSON string or `{code, message}`, Grafana `{message, …}`; a proxy's page says nothing to people. */
const rawWords = (text: string): string => {
  const body = parsed(text);
  if (typeof body === 'string') return body;
  if (typeof body === 'object' && body !== null) {
    const { message } = body as { message?: unknown };
    return typeof message === 'string' ? message : '';
  }
  return text.trimStart().startsWith('<') ? '' : text;
};

/** What the server says about its refusal, for people: one line of at most 300 characters without our secrets. */
export const serverWords = ({ text }: Answer, secrets: readonly string[]): string => {
  const hidden = (words: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), words);
  // Before the cut, which may fall within a secret, and once more: JSON may spell it in another way.
  const words = hidden(rawWords(hidden(text).slice(0, MAX_READ)));
  const characters = Array.from(words.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim());
  return characters.length > MAX_WORDS ? `${characters.slice(0, MAX_WORDS - 1).join('')}…` : characters.join('');
};

/**
 * Whether the server says that there is no silence with this id. Alertmanager answers 404 without a body, or with
 * "silence not found"; 500 with these words to DELETE up to 0.25; 422 with code 601 to what is no UUID. Grafana answers
 * 404 with words or an id of the message. Any other 404 is a wrong address.
 */
export const isUnknownSilence = ({ status, text }: Answer): boolean => {
  const saysSo = /silence[\w. -]*not ?found/i.test(text.slice(0, MAX_READ));
  if (status === 404) return text.trim() === '' || saysSo;
  if (status === 422) return /"code":\s*601\b/.test(text);
  return status >= 400 && saysSo;
};

/** Whether the silence had ended before: an error in Alertmanager before 0.25. */
export const hasEndedBefore = ({ status, text }: Answer): boolean =>
  status >= 400 && /already[\w ]*expired/i.test(text.slice(0, MAX_READ));
