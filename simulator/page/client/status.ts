import { byId } from './dom.js';

/** Whether the page hears the simulator. */
export function showState(state: 'live' | 'reconnecting'): void {
  const note = byId('connection');
  note.dataset.state = state;
  document.body.dataset.connection = state;
  if (note.textContent !== state) note.textContent = state;
}

/** Whether an app listens by Socket Mode. */
export function showSockets({ count }: { count: number }): void {
  const note = byId('sockets');
  const text =
    count === 0 ? 'No app is connected' : `Socket Mode: ${count} ${count === 1 ? 'connection' : 'connections'}`;
  note.dataset.connections = String(count);
  // A live region would say it again.
  if (note.textContent !== text) note.textContent = text;
}
