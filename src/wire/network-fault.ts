/** What the system, undici or fetch throws when a request did not go through. */

/** Codes of connections that were never made: nothing can have reached the server. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Whether nothing can have reached the server. */
export const isNeverSent = (code: string): boolean => NEVER_SENT.has(code) || TLS.test(code);

/** The system's or undici's code, wherever fetch or an SDK put it; `slack_` begins the SDK's own. */
export const systemCode = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause, errors, original } = error as Record<string, unknown>;
  if (typeof code === 'string' && !code.startsWith('slack_')) return code;
  for (const inner of [cause, original, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
    const found = systemCode(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The request was given up because it took too long. An SDK has the DOMException that says so in `original`. */
export const isTimeOut = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const { name, original } = error as Record<string, unknown>;
  return name === 'TimeoutError' || name === 'AbortError' || isTimeOut(original);
};
