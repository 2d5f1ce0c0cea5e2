import type { Config } from '../config/config.js';
import { Secret } from '../config/secret.js';

const SLACK_TOKEN = 'x(?:oxe\\.)?(?:ox[a-z]|app)-[\\w.-]+';

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Takes our tokens, and whatever looks like one of Slack's, out of a log line. The last net: no line should hold one. */
export const redactor = (config: Config): ((line: string) => string) => {
  const ours = Object.values(config)
    .filter((value): value is Secret => value instanceof Secret)
    .map((secret) => escaped(JSON.stringify(secret.reveal()).slice(1, -1)));
  const pattern = new RegExp([SLACK_TOKEN, ...ours].join('|'), 'g');
  return (line) => line.replace(pattern, String(new Secret('')));
};
