import type { Faults } from '../faults/faults.js';
import type { JsonObject } from '../json.js';
import type { Person } from '../people/person.js';
import type { Sockets } from '../sockets/sockets.js';
import type { WebApi } from '../web-api/web-api.js';
import type { Workspace } from '../workspace/workspace.js';

export interface ControlParts {
  workspace: Workspace;
  faults: Faults;
  webApi: WebApi;
  sockets: Sockets;
  people: readonly Person[];
}

/** Sends a JSON body with a status. */
export type Answer = (status: number, body: JsonObject) => void;
