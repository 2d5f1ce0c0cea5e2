import type { Message } from '../../simulator/workspace/message.js';

/** Every text of a message with the kind of object that holds it: what is not `plain_text` is read as markup. */
const textsOf = (value: unknown, kind = 'mrkdwn'): { text: string; kind: string }[] => {
  if (typeof value === 'string') return [{ text: value, kind }];
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one, kind));
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as { type?: unknown }).type === 'plain_text' ? 'plain_text' : kind;
  return Object.entries(value).flatMap(([name, inner]) => (name === 'type' ? [] : textsOf(inner, own)));
};

/** Markup of ours: a date, a link to http(s), or a person who acted. Everything else in angle brackets came from outside. */
const OURS =
  /<!date\^\d+\^[^<>|]*\|[^<>|]*>|<@U0(?:ALICE|BOB0)\d+>|<https?:\/\/[^<>|\s]*\|View (Runbook|Dashboard|Panel|Source)>/g;

/** Texts of a message by which a sender could ping people, or make markup of its own. */
export const faultsOf = ({ text, blocks, attachments }: Message): string[] =>
  textsOf([text, blocks, attachments]).flatMap(({ text: shown, kind }) => {
    const foreign = kind === 'plain_text' ? /<[!@#]/.test(shown) : shown.replace(OURS, '').includes('<');
    const pings = kind === 'mrkdwn' && shown === text && /@(channel|here|everyone)/i.test(shown);
    return foreign || pings ? [`${kind}: ${JSON.stringify(shown.slice(0, 300))}`] : [];
  });
