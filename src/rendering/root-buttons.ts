import type { ActionsBlock, Button, StaticSelect } from '@slack/types';
import { isIncidentId } from '../domain/incident-id.js';
import type { RootFacts } from '../domain/root-facts.js';
import {
  ACTION_IDS,
  ROOT_ACTIONS_BLOCK,
  SILENCE_OPTIONS,
  type ButtonAction,
  type SilenceOption,
} from './action-ids.js';
import { plainText } from './blocks.js';
import { buttonValue, endSilenceValue, silenceValue } from './button-value.js';
import type { RootActions } from './message.js';

type ButtonFacts = Pick<RootFacts, 'status' | 'silence'>;

/** What people can do now, in a row below the header; nothing for an incident that no click could name. */
export const rootButtons = (facts: ButtonFacts, actions: RootActions | undefined): ActionsBlock[] => {
  if (actions === undefined || !isIncidentId(actions.incidentId)) return [];
  // A client goes on showing a select's last choice, and ignores the same one, while the block's id stays the same.
  const blockId = `${ROOT_ACTIONS_BLOCK}:${facts.silence?.until ?? ''}`;
  return [{ type: 'actions', block_id: blockId, elements: elements(facts, actions) }];
};

const elements = (facts: ButtonFacts, { incidentId, silence }: RootActions): (Button | StaticSelect)[] => {
  const resolve = button(incidentId, 'resolve', '✅ Resolve', 'Resolve this incident');
  const silenced = facts.silence !== null;
  const select = silence ? [silenceSelect(incidentId, silenced)] : [];
  switch (facts.status) {
    case 'firing':
      return [
        { ...button(incidentId, 'ack', '👀 Ack', 'Acknowledge this incident'), style: 'primary' },
        resolve,
        ...select,
      ];
    case 'acknowledged':
      return [button(incidentId, 'unack', 'Unack', 'Take the acknowledgement back'), resolve, ...select];
    case 'resolved':
      return [
        button(incidentId, 'reopen', '🔁 Reopen', 'Reopen this incident'),
        ...(silence && silenced ? [endSilenceButton(incidentId)] : []),
      ];
  }
};

/** @param label what a screen reader says instead of the text */
const button = (incidentId: string, action: Exclude<ButtonAction, 'silence'>, text: string, label: string): Button => ({
  type: 'button',
  action_id: ACTION_IDS[action],
  text: plainText(text),
  value: buttonValue(incidentId, action),
  accessibility_label: label,
});

/** What is over is not silenced anew, so there is one choice left. */
const endSilenceButton = (incidentId: string): Button => ({
  type: 'button',
  action_id: ACTION_IDS.silence,
  text: plainText(`🔔 ${SILENCE_OPTIONS.end}`),
  value: endSilenceValue(incidentId),
  accessibility_label: 'End the silence of this incident',
});

const silenceSelect = (incidentId: string, silenced: boolean): StaticSelect => ({
  type: 'static_select',
  action_id: ACTION_IDS.silence,
  placeholder: plainText('🔕 Silence'),
  options: (Object.keys(SILENCE_OPTIONS) as SilenceOption[])
    .filter((duration) => duration !== 'end' || silenced)
    .map((duration) => ({
      text: plainText(SILENCE_OPTIONS[duration]),
      value: silenceValue(incidentId, duration),
    })),
});
