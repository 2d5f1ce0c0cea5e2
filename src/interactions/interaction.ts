import type { ButtonValue } from '../rendering/button-value.js';

/** Who did it, by the envelope: never by what a button carries. */
export interface Who {
  readonly userId: string;
  /** Takes an ephemeral answer, where there was a click. */
  readonly responseUrl?: string;
}

/** A press of a button, or a choice from the silence select, on a message. */
export interface Click extends Who {
  readonly kind: 'click';
  readonly value: ButtonValue;
  readonly channel: string;
  readonly triggerId: string;
  /** Deployment that the message says it is of, where it says so. */
  readonly deployment?: string;
}

interface Form extends Who {
  readonly incidentId: string | undefined;
}

export interface ResolveForm extends Form {
  readonly kind: 'resolve-form';
  readonly actionTaken: string;
  readonly rootCause: string;
}

/** What stands in the silence form. */
export interface SilenceInputs {
  readonly duration: string;
  readonly matchers: string;
  readonly comment: string;
}

export interface SilenceForm extends Form, SilenceInputs {
  readonly kind: 'silence-form';
}

/** "Count again" in the silence form. */
export interface CountClick extends Form, SilenceInputs {
  readonly kind: 'count';
  readonly viewId: string;
}

export interface Reaction extends Who {
  readonly kind: 'reaction';
  /** Emoji without colons and skin tone. */
  readonly name: string;
  readonly added: boolean;
  readonly channel: string;
  readonly ts: string;
}

export type Interaction =
  | Click
  | ResolveForm
  | SilenceForm
  | CountClick
  | Reaction
  | { readonly kind: 'home'; readonly userId: string }
  /** `app_uninstalled` or `tokens_revoked`. */
  | { readonly kind: 'cut-off'; readonly event: string }
  /** Nothing that is ours to handle, with the reason. */
  | { readonly kind: 'none'; readonly reason: 'unknown-type' | 'unknown-action' | 'unknown-form' | 'unreadable' };

/** An envelope in our own words. */
export interface Parsed {
  /** What repeats of it share: the event's id where it has one, and the envelope's. */
  readonly ids: readonly string[];
  readonly interaction: Interaction;
}
