import type { JsonObject } from '../json.js';
import type { Block } from './message.js';

/** What the app decides about a view. */
export interface ViewContent {
  type: 'modal' | 'home';
  blocks: Block[];
  /** Text objects; a home has none of the three. */
  title?: JsonObject;
  submit?: JsonObject;
  close?: JsonObject;
  private_metadata: string;
  callback_id: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
  submit_disabled: boolean;
}

/** What a person typed or chose, by block and element: in the form of Slack's `state.values`. */
export type EnteredValues = Record<string, Record<string, JsonObject>>;

/** A modal or a home tab that a person has before them. */
export interface View extends ViewContent {
  readonly id: string;
  readonly user: string;
  /** Changes with every update. */
  hash: string;
  readonly rootViewId: string;
  /** The one below it in the stack. */
  readonly previousViewId: string | null;
  entered: EnteredValues;
  /** Of the last answer to a submission, by block_id. */
  errors: Record<string, string>;
  /** What the person reads when the app did not answer, or answered with something that Slack does not take. */
  notice?: string;
  /** Grows with every change that can be seen. */
  revision: number;
}
