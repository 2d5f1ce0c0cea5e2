import type { Faults } from '../faults/faults.js';
import { isMember } from '../faults/is-member.js';
import type { Delivery } from '../sockets/envelope.js';
import type { Sockets } from '../sockets/sockets.js';
import { viewJson } from '../web-api/view-json.js';
import type { Message } from '../workspace/message.js';
import type { Workspace } from '../workspace/workspace.js';
import { eventCallback } from './payloads.js';

export interface AppEventParts {
  workspace: Workspace;
  sockets: Sockets;
  faults: Faults;
}

/** The events that the app's manifest asks for. */
export class AppEvents {
  constructor(private readonly parts: AppEventParts) {}

  /** Undefined when the app hears nothing of it: it is told of channels that it is in, and of no others. */
  reaction(
    type: 'reaction_added' | 'reaction_removed',
    message: Message,
    reaction: string,
    user: string,
  ): Delivery | undefined {
    const { workspace, faults } = this.parts;
    const { channel, ts, user: author } = message;
    if (!isMember(workspace.channel(channel), faults)) return undefined;
    return this.send({
      type,
      user,
      reaction,
      item: { type: 'message', channel, ts },
      item_user: author,
      event_ts: workspace.nextTs(),
    });
  }

  homeOpened(user: string): Delivery {
    const { workspace } = this.parts;
    const home = workspace.views.homeOf(user);
    return this.send({
      type: 'app_home_opened',
      user,
      channel: `D${user.slice(1)}`,
      tab: 'home',
      ...(home && { view: viewJson(home) }),
      event_ts: workspace.nextTs(),
    });
  }

  private send(event: Record<string, unknown>): Delivery {
    const { workspace, sockets } = this.parts;
    return sockets.send('events_api', eventCallback(event, workspace.now()));
  }
}
