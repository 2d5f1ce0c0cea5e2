import {
  anyText,
  anything,
  boolean,
  element,
  integer,
  list,
  object,
  oneOf,
  plain,
  required,
  string,
  url,
  type Rule,
  type Shape,
} from './rule.js';

const ACTION_ID = string(255, 1);
const CONFIRM = object({
  fields: {
    title: required(plain(100)),
    text: required(anyText(300)),
    confirm: required(plain(30)),
    deny: required(plain(30)),
    style: oneOf('primary', 'danger'),
  },
});
const option = (text: Rule): Rule =>
  object({
    fields: { text: required(text), value: required(string(150, 1)), description: anyText(75), url: url(3000) },
  });
const OPTION = option(plain(75));
const OPTION_GROUP = object({
  fields: { label: required(plain(75)), options: required(list(OPTION, 100)) },
});

const INTERACTIVE = { action_id: ACTION_ID, confirm: CONFIRM, focus_on_load: boolean } as const;
const SELECT = { ...INTERACTIVE, placeholder: plain(150) } as const;
const choice = (max: number): Shape => ({
  fields: {
    ...INTERACTIVE,
    options: required(list(option(anyText(75)), max)),
    initial_options: list(option(anyText(75)), max),
    initial_option: option(anyText(75)),
  },
});

/** Elements that a message or a view may hold. https://docs.slack.dev/reference/block-kit/block-elements */
export const ELEMENTS: Readonly<Record<string, Shape>> = {
  button: {
    fields: {
      action_id: ACTION_ID,
      confirm: CONFIRM,
      text: required(plain(75)),
      url: url(3000),
      value: string(2000),
      style: oneOf('primary', 'danger'),
      accessibility_label: string(75),
    },
  },
  image: { fields: { image_url: url(3000), slack_file: anything, alt_text: required(string(2000)) } },
  static_select: {
    fields: {
      ...SELECT,
      options: list(OPTION, 100),
      option_groups: list(OPTION_GROUP, 100),
      initial_option: OPTION,
    },
    oneOf: ['options', 'option_groups'],
  },
  multi_static_select: {
    fields: {
      ...SELECT,
      options: list(OPTION, 100),
      option_groups: list(OPTION_GROUP, 100),
      initial_options: list(OPTION, 100),
      max_selected_items: integer,
    },
    oneOf: ['options', 'option_groups'],
  },
  external_select: { fields: { ...SELECT, min_query_length: integer, initial_option: OPTION } },
  users_select: { fields: { ...SELECT, initial_user: string(30) } },
  conversations_select: {
    fields: {
      ...SELECT,
      initial_conversation: string(30),
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: anything,
    },
  },
  channels_select: { fields: { ...SELECT, initial_channel: string(30), response_url_enabled: boolean } },
  overflow: { fields: { action_id: ACTION_ID, confirm: CONFIRM, options: required(list(OPTION, 5)) } },
  checkboxes: choice(10),
  radio_buttons: choice(10),
  datepicker: { fields: { ...SELECT, initial_date: string(10) } },
  timepicker: { fields: { ...SELECT, initial_time: string(5), timezone: string(64) } },
  datetimepicker: { fields: { ...INTERACTIVE, initial_date_time: integer } },
  plain_text_input: {
    fields: {
      action_id: ACTION_ID,
      focus_on_load: boolean,
      placeholder: plain(150),
      initial_value: string(3000),
      multiline: boolean,
      min_length: integer,
      max_length: integer,
      dispatch_action_config: anything,
    },
  },
  number_input: {
    fields: {
      action_id: ACTION_ID,
      is_decimal_allowed: { ...boolean, required: true },
      focus_on_load: boolean,
      placeholder: plain(150),
      initial_value: string(100),
      min_value: string(100),
      max_value: string(100),
      dispatch_action_config: anything,
    },
  },
  ...richText(),
};

export const ACTION_ELEMENTS = [
  'button',
  'static_select',
  'multi_static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
] as const;

function richText(): Record<string, Shape> {
  const inline = ['text', 'link', 'emoji', 'user', 'usergroup', 'channel', 'broadcast', 'date', 'color'];
  const style = anything;
  const container = (of: Rule): Shape => ({ fields: { elements: required(list(of, 1000, 0)), border: integer } });
  return {
    rich_text_section: container(element(...inline)),
    rich_text_quote: container(element(...inline)),
    rich_text_preformatted: {
      fields: { ...container(element('text', 'link')).fields, language: string(100) },
    },
    rich_text_list: {
      fields: {
        ...container(element('rich_text_section')).fields,
        style: required(oneOf('bullet', 'ordered')),
        indent: integer,
        offset: integer,
      },
    },
    text: { fields: { text: required(string(12_000, 1)), style } },
    link: { fields: { url: required(url(3000)), text: string(12_000), unsafe: boolean, style } },
    emoji: { fields: { name: required(string(255, 1)), unicode: string(100), url: url(3000), style } },
    user: { fields: { user_id: required(string(30, 1)), style } },
    usergroup: { fields: { usergroup_id: required(string(30, 1)), style } },
    channel: { fields: { channel_id: required(string(30, 1)), style } },
    broadcast: { fields: { range: required(oneOf('here', 'channel', 'everyone')), style } },
    date: {
      fields: {
        timestamp: required(integer),
        format: required(string(255, 1)),
        url: url(3000),
        fallback: string(255),
        style,
      },
    },
    color: { fields: { value: required(string(30, 1)), style } },
  };
}
