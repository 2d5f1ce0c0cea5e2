/** The part of Slack's rich text that the page makes out of mrkdwn and plain text. */
export interface TextStyle {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
}

export type RichTextInline =
  | { type: 'text'; text: string; style: TextStyle }
  | { type: 'link'; url: string; text: string; style: TextStyle }
  | { type: 'emoji'; name: string }
  | { type: 'user'; user_id: string; style: TextStyle }
  | { type: 'channel'; channel_id: string; style: TextStyle }
  | { type: 'usergroup'; usergroup_id: string; style: TextStyle }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; timestamp: number; format: string; fallback: string };

export interface RichTextElement {
  type: 'rich_text_section' | 'rich_text_quote' | 'rich_text_preformatted';
  elements: RichTextInline[];
}
