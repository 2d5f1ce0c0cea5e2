import { isJsonObject } from '../json.js';
import type { MessageMetadata } from '../workspace/message.js';
import { SlackError } from './answer.js';

/** Bytes of the JSON; Slack's error list has the code, its docs say 8 kB. */
const MAX_BYTES = 8_000;

const TYPE = /^[A-Za-z0-9_]{1,255}$/;

/** Undefined for `{}`, which takes a message's metadata away. */
export function readMetadata(value: unknown): MessageMetadata | undefined {
  if (!isJsonObject(value)) throw new SlackError('invalid_metadata_format');
  if (Object.keys(value).length === 0) return undefined;
  const { event_type: type, event_payload: payload, ...rest } = value;
  if (typeof type !== 'string' || !TYPE.test(type) || !isJsonObject(payload) || Object.keys(rest).length > 0) {
    throw new SlackError('invalid_metadata_format');
  }
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) throw new SlackError('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
