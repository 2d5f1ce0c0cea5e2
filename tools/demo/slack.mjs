// Looks at the local Slack workspace.
import { setTimeout as pause } from 'node:timers/promises';
import { CHANNEL } from './services.mjs';

const POLL_MS = 100;
/** Somebody may try the simulator's faults meanwhile: the story goes on even if Slack shows nothing. */
const PATIENCE_MS = 10_000;

/** Resolves when the channel's messages are as `hold` wants them, or after 10 s. */
export async function shown(slackUrl, hold, signal) {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const response = await fetch(`${slackUrl}/control/messages?channel=${CHANNEL}`, { signal });
    const { messages } = await response.json();
    if (hold(messages)) return;
    await pause(POLL_MS, undefined, { signal });
  }
}
