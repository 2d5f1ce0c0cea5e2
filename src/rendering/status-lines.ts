import type { Acknowledgement, Resolution, Silence } from '../domain/incident.js';
import type { RootFacts } from '../domain/root-facts.js';
import type { Detail } from './detail.js';
import { escapeLine, escapeText } from './mrkdwn.js';
import { counted } from './names.js';
import { RESOLVED_STYLE } from './severity-style.js';
import type { Voice } from './voice.js';

const MAX_CODE = 80;

/** Who has it and what is silenced: read before anything else. None for an incident that nobody touched. */
export const stateLines = ({ status, acknowledged, silence }: RootFacts, voice: Voice): string[] => [
  ...(acknowledged === null || status === 'resolved' ? [] : [acknowledgedLine(acknowledged, voice)]),
  ...(silence === null ? [] : [silencedLine(silence, voice)]), // it may outlive the incident
];

/** What else the fields do not tell, each in one line; none for a single alert. */
export const statusLines = (facts: RootFacts, voice: Voice): string[] => {
  const lines = [countLine(facts, voice)];
  if (facts.truncated > 0) {
    lines.push(`${counted(facts.truncated, 'more alert')} not shown (left out by Alertmanager)`);
  }
  if (facts.status === 'resolved' && facts.resolution?.by) {
    lines.push(`${RESOLVED_STYLE.emoji} Resolved by ${voice.person(facts.resolution.by)}`);
  }
  if (facts.reopened > 0) lines.push(facts.reopened === 1 ? 'Reopened once' : `Reopened ${facts.reopened} times`);
  if (facts.movedFrom !== null) {
    const { channel, code } = facts.movedFrom;
    const shown = escapeLine(code, MAX_CODE) || 'unknown';
    lines.push(
      `Meant for channel ${escapeLine(channel, MAX_CODE)}, which is unusable (${shown}): ${remedyOf(code)}, or correct slack_channel`,
    );
  }
  return lines.filter((line) => line !== '');
};

/** What makes Slack take messages for the channel again. */
const remedyOf = (code: string): string => {
  if (code === 'is_archived') return 'unarchive it';
  return code.startsWith('restricted_action') ? 'let the app post there' : 'invite the bot there';
};

const countLine = ({ status, firing, resolved }: RootFacts, voice: Voice): string => {
  if (status !== 'resolved') {
    const counts = [firing > 0 ? `${firing} firing` : '', resolved > 0 ? `${resolved} resolved` : ''];
    return firing + resolved > 1 ? `${voice.strong('Alerts:')} ${counts.filter((text) => text !== '').join(', ')}` : '';
  }
  if (firing > 0) return `⚠️ ${counted(firing, 'alert still fires', 'alerts still fire')} at the source`;
  return resolved > 1 ? `All ${resolved} alerts resolved` : '';
};

const acknowledgedLine = ({ by, at }: Acknowledgement, voice: Voice): string => {
  const time = voice.time(at);
  return `👀 Acknowledged by ${voice.person(by)}${time === null ? '' : ` · ${time}`}`;
};

export const silencedLine = ({ by, until }: Partial<Pick<Silence, 'by' | 'until'>>, voice: Voice): string => {
  const time = until === undefined ? null : voice.time(until, 'until');
  return `🔕 Silenced${time === null ? '' : ` ${time}`}${by === undefined ? '' : ` by ${voice.person(by)}`}`;
};

/** What a person wrote when they resolved it. */
export const resolutionNotes = (resolution: Resolution | null, voice: Voice, detail: Detail): string[] =>
  [['Action taken:', resolution?.actionTaken] as const, ['Root cause:', resolution?.rootCause] as const].flatMap(
    ([label, raw]) => {
      const text = escapeText(raw ?? '', detail.note);
      return text === '' ? [] : [`${voice.strong(label)} ${text}`];
    },
  );
