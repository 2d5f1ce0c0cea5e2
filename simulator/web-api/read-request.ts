import { isJsonObject, parseJson, type JsonObject } from '../json.js';

export interface WebApiRequest {
  method: string;
  token?: string;
  /** As they came: strings from a form or a query, values from a JSON body. Without the token. */
  args: JsonObject;
  /** The path of the response_url, for an answer to one. */
  responsePath?: string;
}

/** Reads the token from the header or the arguments, as Slack does, and the arguments from wherever they are. */
export function readWebApiRequest(
  method: string,
  query: URLSearchParams,
  headers: { authorization?: string; contentType?: string },
  body: string,
): WebApiRequest {
  const { token: inArguments, ...args } = { ...Object.fromEntries(query), ...readArguments(headers.contentType, body) };
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const token = bearer ?? (typeof inArguments === 'string' ? inArguments : undefined);
  return { method, args, ...(token !== undefined && { token }) };
}

function readArguments(contentType: string | undefined, body: string): JsonObject {
  if (body === '') return {};
  if (contentType?.startsWith('application/json')) {
    const parsed = parseJson(body);
    return isJsonObject(parsed) ? parsed : {};
  }
  return Object.fromEntries(new URLSearchParams(body));
}

const STRUCTURED = ['blocks', 'attachments', 'metadata', 'view'];

/** The arguments as a person would like to read them in the call log. */
export function readableArguments(args: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      STRUCTURED.includes(name) && typeof value === 'string' ? (parseJson(value) ?? value) : value,
    ]),
  );
}
