import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message as SlackBlocks, type MessageProps } from 'slack-blocks-to-jsx';
import type { JsonObject } from '../../json.js';
import { formatSlackDate } from '../client/slack-date.js';
import { mrkdwnToRichText, plainToRichText } from '../mrkdwn.js';
import type { Names } from './names.js';

/** A text object, drawn by slack-blocks-to-jsx as rich text. */
export function Text({ text, names }: { text: JsonObject; names: Names }): ReactNode {
  const raw = typeof text.text === 'string' ? text.text : '';
  const elements = text.type === 'mrkdwn' ? mrkdwnToRichText(raw, text.verbatim === true) : plainToRichText(raw);
  return <LibraryBlock block={{ type: 'rich_text', elements }} names={names} />;
}

/** Any block that the library draws well as it is. */
export function LibraryBlock({ block, names }: { block: JsonObject; names: Names }): ReactNode {
  const html = renderToStaticMarkup(
    <SlackBlocks
      blocks={[block] as unknown as MessageProps['blocks']}
      name=""
      logo=""
      withoutWrapper
      data={{ users: names.users, channels: names.channels, user_groups: [] }}
      hooks={HOOKS}
    />,
  );
  return <div className="rich" dangerouslySetInnerHTML={{ __html: fitIn(html) }} />;
}

/**
 * The library repeats its id and theme on every block and styles a little inline, which the page's
 * Content-Security-Policy forbids: id and theme are the page's, once. Texts cannot be hit: React writes their quotes
 * as entities.
 */
function fitIn(html: string): string {
  return html.replace(' id="slack_blocks_to_jsx" data-theme="light"', '').replaceAll(/ style="[^"]*"/g, '');
}

const HOOKS: NonNullable<MessageProps['hooks']> = {
  date: ({ timestamp, format }) => <SlackDate unix={Number(timestamp)} format={format} />,
  // The library shows the bare name of an emoji that it does not know; Slack leaves the colons.
  emoji: (emoji, parse) => {
    const drawn = parse(emoji);
    return drawn === emoji.name ? `:${emoji.name}:` : drawn;
  },
};

/** Shown in UTC until the page's script puts it into the reader's zone. */
export function SlackDate({ unix, format }: { unix: number; format: string }): ReactNode {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return format;
  return (
    <time dateTime={date.toISOString()} data-unix={unix} data-format={format}>
      {formatSlackDate(unix, format, new Date(), 'UTC')}
    </time>
  );
}
