import type { ModalView } from '@slack/types';
import { CALLBACK_IDS, INPUTS } from './action-ids.js';
import { sections } from './blocks.js';
import { aboutIncident, field, form } from './modal-parts.js';
import { escapeLine } from './mrkdwn.js';
import { TO_ONE_READER } from './voice.js';

/** Characters of each text; a reply shows as many. */
const MOST = 1000;
const MAX_INTERVAL = 20;

export interface ResolveModal {
  readonly incidentId: string;
  /** Untrusted. */
  readonly title: string;
  /** How many of its alerts still fire at the source. */
  readonly firing: number;
  /** How long repeats of them will not reopen it, for people: `4h`. */
  readonly quietFor: string;
  /** When its silence ends, epoch milliseconds; null: it is not silenced. */
  readonly silencedUntil: number | null;
}

/** Asks what was done and why it happened; both may stay empty. */
export const resolveModal = ({ incidentId, title, firing, quietFor, silencedUntil }: ResolveModal): ModalView =>
  form({
    callbackId: CALLBACK_IDS.resolve,
    incidentId,
    title: 'Resolve incident',
    submit: 'Resolve',
    blocks: [
      aboutIncident(title),
      ...sections([
        ...(firing > 0 ? [stillFiring(firing, quietFor)] : []),
        ...(silencedUntil === null ? [] : [silenceGoesOn(silencedUntil)]),
      ]),
      field({
        ids: INPUTS.actionTaken,
        label: 'Action taken',
        placeholder: 'What was done, for example: restarted the database',
        multiline: true,
        optional: true,
        most: MOST,
      }),
      field({
        ids: INPUTS.rootCause,
        label: 'Root cause',
        placeholder: 'Why it happened, for example: the disk was full',
        multiline: true,
        optional: true,
        most: MOST,
      }),
    ],
  });

const stillFiring = (firing: number, quietFor: string): string => {
  const which = firing === 1 ? '1 alert still fires' : `${firing} alerts still fire`;
  const time = escapeLine(quietFor, MAX_INTERVAL);
  const them = firing === 1 ? 'it' : 'them';
  return `⚠️ ${which} at the source: repeats of ${them} will not reopen it${time === '' ? '' : ` for ${time}`}`;
};

const silenceGoesOn = (until: number): string => {
  const time = TO_ONE_READER.time(until);
  return `🔕 Resolving does not end the silence${time === null ? '' : `: it goes on until ${time}`}`;
};
