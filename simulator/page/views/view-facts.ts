import { isJsonObject, type JsonObject } from '../../json.js';
import type { EnteredValues } from '../../workspace/view.js';

/** What drawing a block of a view needs beside the block. */
export interface ViewFacts {
  /** What was entered so far, else what stands there at first. */
  values: EnteredValues;
  /** Of the last answer to a submission, by block_id. */
  errors: Readonly<Record<string, string>>;
  /** Makes the ids of one view differ from those of another. */
  prefix: string;
}

/** The state of an element, in the form of Slack's `state.values`. */
export function stateIn(view: ViewFacts | undefined, blockId: string | undefined, element: JsonObject): JsonObject {
  return view?.values[blockId ?? '']?.[String(element.action_id)] ?? {};
}

/** The values of the chosen options. */
export function chosenValues(state: JsonObject): string[] {
  const options: unknown[] = Array.isArray(state.selected_options) ? state.selected_options : [state.selected_option];
  const chosen = options.filter(isJsonObject).map(({ value }) => String(value));
  return typeof state.selected_user === 'string' ? [state.selected_user] : chosen;
}
