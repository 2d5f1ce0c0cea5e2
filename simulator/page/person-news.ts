import type { EphemeralMessage } from '../workspace/message.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Renderer } from './render.js';

/** Slack forgets ephemeral messages on a reload; a page that runs for days should not carry them all. */
const NEWEST = 30;

/** What only one person has before them, all of it: the page works out what changed. */
export function personNews(user: string, workspace: Workspace, renderer: Renderer): object {
  const { views, ephemerals } = workspace;
  const home = views.homeOf(user);
  const isTheirs = (message: EphemeralMessage): boolean => message.user === user;
  return {
    user,
    modals: views.stackOf(user).map((view) => ({ id: view.id, html: renderer.view(view) })),
    home: home ? renderer.view(home) : null,
    ephemerals: ephemerals
      .filter(isTheirs)
      .slice(-NEWEST)
      .map((message) => ({
        channel: message.channel,
        ts: message.ts,
        thread: message.thread_ts ?? null,
        html: renderer.ephemeral(message),
      })),
  };
}
