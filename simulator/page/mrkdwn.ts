import type { RichTextElement, RichTextInline, TextStyle } from './rich-text.js';

/**
 * Slack's mrkdwn as rich text. slack-blocks-to-jsx has a parser of its own, but it speaks Markdown too: it drops lines
 * such as `# x` and `&lt;b&gt;`, eats the colons of 10:30:45 and takes `&lt;!channel&gt;` for a mention.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function mrkdwnToRichText(text: string, verbatim = false): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let end = 0;
  for (const fence of text.matchAll(FENCE)) {
    elements.push(...paragraphs(text.slice(end, fence.index), verbatim));
    elements.push({ type: 'rich_text_preformatted', elements: [plain(decode(fence[1] ?? ''))] });
    end = fence.index + fence[0].length;
  }
  elements.push(...paragraphs(text.slice(end), verbatim));
  return elements;
}

/** Text as it is: nothing in it is a mark, a mention or a link. Slack draws only `:name:` in it, as an emoji. */
export function plainToRichText(text: string): RichTextElement[] {
  return [{ type: 'rich_text_section', elements: inlines(decode(text), PLAIN, {}, true) }];
}

/** As a line of plain text, for a title or a label. */
export function mrkdwnToLine(text: string): string {
  const inline = (element: RichTextInline): string => {
    switch (element.type) {
      case 'text':
      case 'link':
        return element.text;
      case 'emoji':
        return `:${element.name}:`;
      case 'broadcast':
        return `@${element.range}`;
      case 'user':
        return `@${element.user_id}`;
      case 'channel':
        return `#${element.channel_id}`;
      case 'usergroup':
        return `@${element.usergroup_id}`;
      case 'date':
        return element.fallback;
    }
  };
  const elements = mrkdwnToRichText(text).flatMap((part) => part.elements.map(inline));
  return elements.join('').replaceAll(/\s+/g, ' ').trim();
}

/** The line breaks around a fence belong to it. */
const FENCE = /\n?```\n?([^]*?)\n?```\n?/g;

/** Runs of quoted lines and runs of others. */
function paragraphs(text: string, verbatim: boolean): RichTextElement[] {
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?/.exec(line);
    const body = quoted ? line.slice(quoted[0].length) : line;
    const run = runs.at(-1);
    if (run?.isQuote === (quoted !== null)) run.lines.push(body);
    else runs.push({ isQuote: quoted !== null, lines: [body] });
  }
  return runs
    .map(({ isQuote, lines }) => ({ isQuote, body: lines.join('\n') }))
    .filter(({ body }) => body.trim() !== '')
    .map(({ isQuote, body }) => ({
      type: isQuote ? 'rich_text_quote' : 'rich_text_section',
      elements: inlines(body, MARKS, {}, verbatim),
    }));
}

const EMOJI = /:(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/.source;
const PLAIN = new RegExp(EMOJI, 'gu');
/** Marks count only at the edges of words: snake_case and 2*3*4 stay as they are. */
const MARKS = new RegExp(
  [
    /<(?<angle>[^<>\n]+)>/.source,
    /`(?<code>[^`\n]+)`/.source,
    /(?<![\p{L}\p{N}])(?<mark>[*_~])(?=\S)(?<inner>[^\n]*?\S)\k<mark>(?![\p{L}\p{N}])/u.source,
    EMOJI,
    /(?<url>https?:\/\/[^\s<>|]+)/.source,
  ].join('|'),
  'gu',
);

const STYLE_OF: Readonly<Record<string, TextStyle>> = {
  '*': { bold: true },
  _: { italic: true },
  '~': { strike: true },
};

function inlines(text: string, pattern: RegExp, style: TextStyle, verbatim: boolean): RichTextInline[] {
  const found: RichTextInline[] = [];
  // Plain text was decoded as a whole; a second time would change it.
  const say = (part: string): void => {
    const shown = pattern === PLAIN ? part : decode(part);
    if (shown !== '') found.push(plain(shown, style));
  };
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    say(text.slice(end, match.index));
    end = match.index + match[0].length;
    const { angle, code, mark, inner, emoji, url } = match.groups ?? {};
    if (angle !== undefined) found.push(fromAngle(angle, style));
    else if (code !== undefined) found.push(plain(decode(code), { ...style, code: true }));
    else if (mark !== undefined && inner !== undefined) {
      found.push(...inlines(inner, pattern, { ...style, ...STYLE_OF[mark] }, verbatim));
    } else if (emoji !== undefined) found.push({ type: 'emoji', name: emoji });
    else if (url !== undefined && !verbatim) found.push({ type: 'link', url: decode(url), text: decode(url), style });
    else say(match[0]);
  }
  say(text.slice(end));
  return found;
}

/** What stands between < and >: a mention, a date or a link. */
function fromAngle(angle: string, style: TextStyle): RichTextInline {
  const bar = angle.indexOf('|');
  const target = bar < 0 ? angle : angle.slice(0, bar);
  const label = bar < 0 ? undefined : decode(angle.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith('@')) return { type: 'user', user_id: id, style };
  if (target.startsWith('#')) return { type: 'channel', channel_id: id, style };
  if (target === '!here' || target === '!channel' || target === '!everyone') {
    return { type: 'broadcast', range: id };
  }
  if (target.startsWith('!subteam^')) return { type: 'usergroup', usergroup_id: target.slice(9), style };
  const date = /^!date\^(\d{1,12})\^([^^]+)/.exec(target);
  if (date) return { type: 'date', timestamp: Number(date[1]), format: decode(date[2] ?? ''), fallback: label ?? '' };
  const url = decode(target);
  return isLink(url) ? { type: 'link', url, text: label ?? url, style } : plain(label ?? `<${url}>`, style);
}

function isLink(url: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(url);
}

function plain(text: string, style: TextStyle = {}): RichTextInline {
  return { type: 'text', text, style };
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}
