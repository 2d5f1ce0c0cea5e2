import type { JsonObject } from '../../json.js';
import type { Names } from './names.js';
import type { ViewFacts } from './view-facts.js';

export interface ElementProps {
  element: JsonObject;
  names: Names;
  /** Of the block it stands in. */
  blockId?: string | undefined;
  /** Missing in a message. */
  view?: ViewFacts | undefined;
}
