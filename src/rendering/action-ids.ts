/** What Slack sends back with a click or a form. Messages that were posted before hold these names too. */

export const ACTION_IDS = {
  ack: 'incident_ack',
  unack: 'incident_unack',
  resolve: 'incident_resolve',
  reopen: 'incident_reopen',
  /** A select; the option says for how long. */
  silence: 'incident_silence',
  /** In the silence form: count again what matches. */
  count: 'silence_count',
} as const;

export const CALLBACK_IDS = { resolve: 'incident_resolve', silence: 'incident_silence' } as const;

/** Inputs of the forms. Slack keeps what a person typed while both ids stay the same. */
export const INPUTS = {
  actionTaken: { block: 'action_taken', element: 'action_input' },
  rootCause: { block: 'root_cause', element: 'root_cause_input' },
  duration: { block: 'duration', element: 'duration_input' },
  matchers: { block: 'matchers', element: 'matchers_input' },
  comment: { block: 'comment', element: 'comment_input' },
} as const;

/** What the id of the row of buttons on a thread's root begins with. */
export const ROOT_ACTIONS_BLOCK = 'incident_actions';

export type ButtonAction = keyof typeof ACTION_IDS;

/** What the silence select offers: a time, the form, or the end of the present silence. */
export const SILENCE_OPTIONS = {
  '30m': '30 minutes',
  '2h': '2 hours',
  '24h': '24 hours',
  custom: 'Custom…',
  end: 'End silence',
} as const;

export type SilenceOption = keyof typeof SILENCE_OPTIONS;
