import type { ModalView, SectionBlock } from '@slack/types';
import { ACTION_IDS, CALLBACK_IDS, INPUTS } from './action-ids.js';
import { notes, plainText, section, sections } from './blocks.js';
import { buttonValue } from './button-value.js';
import { LIMITS } from './limits.js';
import { aboutIncident, field, form } from './modal-parts.js';
import { escapeLine } from './mrkdwn.js';
import { counted } from './names.js';
import { cleanText } from './text.js';

const MAX_DURATION = 50;
const MAX_COMMENT = 1000;
const MAX_REASON = 300;
const MAX_SERVER = 60;

/** What is known of the alerts that the matchers mean. */
export type Matching =
  | { readonly state: 'counting' }
  /** `count`: alerts that fire now and match; `mine`: those of them that are this incident's. */
  | { readonly state: 'known'; readonly count: number; readonly mine: number }
  /** `reason`: why they could not be counted. Untrusted. */
  | { readonly state: 'unknown'; readonly reason: string };

export interface SilenceModal {
  readonly incidentId: string;
  /** Untrusted. */
  readonly title: string;
  /** One a line: from the incident's labels, or as the person typed them. Untrusted. */
  readonly matchers: string;
  /** `2h` where it is empty. */
  readonly duration: string;
  readonly comment: string;
  readonly matching: Matching;
  /** Where the silence is made, for people: `Alertmanager`. */
  readonly serverName: string;
}

/** Asks how long, for which alerts and why. Given again with another count, it keeps what the person typed. */
export const silenceModal = (given: SilenceModal): ModalView => {
  const { text: matchers, warning } = prefilled(given.matchers);
  return form({
    callbackId: CALLBACK_IDS.silence,
    incidentId: given.incidentId,
    title: 'Silence alerts',
    submit: 'Silence',
    blocks: [
      aboutIncident(given.title),
      field({
        ids: INPUTS.duration,
        label: 'Duration',
        hint: 'For example 30m, 2h, 1d',
        initial: fitting(given.duration, MAX_DURATION) || '2h',
        most: MAX_DURATION,
      }),
      field({
        ids: INPUTS.matchers,
        label: 'Matchers',
        hint: 'One a line: name="value", name!="value", name=~"regular expression" or name!~"regular expression". An alert is silenced when all of them match.',
        initial: matchers,
        multiline: true,
        most: LIMITS.inputValue,
      }),
      ...sections([warning]),
      countSection(given),
      field({
        ids: INPUTS.comment,
        label: 'Comment',
        placeholder: 'Why, for example: the disk is being replaced',
        initial: fitting(given.comment, MAX_COMMENT),
        multiline: true,
        optional: true,
        most: MAX_COMMENT,
      }),
      ...notes([madeIn(given.serverName)]),
    ],
  });
};

const madeIn = (serverName: string): string => {
  const name = escapeLine(serverName, MAX_SERVER);
  return name === '' ? '' : `The silence is made in ${name}`;
};

const countSection = ({ incidentId, matching }: SilenceModal): SectionBlock => ({
  ...section(matchLine(matching)),
  block_id: 'matching',
  accessory: {
    type: 'button',
    action_id: ACTION_IDS.count,
    text: plainText('Count again'),
    value: buttonValue(incidentId, 'count'),
    accessibility_label: 'Count again how many alerts match',
  },
});

const matchLine = (matching: Matching): string => {
  switch (matching.state) {
    case 'counting':
      return 'Counting the alerts that match…';
    case 'unknown': {
      const reason = escapeLine(matching.reason, MAX_REASON);
      return `⚠️ The alerts that match could not be counted${reason === '' ? '' : `: ${reason}`}`;
    }
    case 'known': {
      const { count, mine } = matching;
      if (count === 0) return '⚠️ Matches no alert that fires now';
      const alerts = `${counted(count, 'alert')} that ${count === 1 ? 'fires' : 'fire'} now`;
      if (mine === 0) return `⚠️ Matches ${alerts}, none of this incident`;
      return `Matches ${alerts}${mine < count ? `, ${mine} of this incident` : ''}`;
    }
  }
};

/** A text that stands in an input whole, or not at all. */
const fitting = (raw: string, most: number): string => {
  const text = cleanText(raw, most);
  return text.length <= most ? text : '';
};

/** Matchers are never cut: without the last ones the silence would be wider than anyone meant. */
const prefilled = (raw: string): { text: string; warning: string } => {
  const text = fitting(raw, LIMITS.inputValue);
  if (text === raw.trim()) return { text, warning: '' };
  if (text === '')
    return { text, warning: '⚠️ The labels of this incident do not fit here: please write the matchers' };
  return { text, warning: '⚠️ Some characters cannot be shown here: please check the matchers' };
};
