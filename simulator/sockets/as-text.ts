import type { Sockets } from './sockets.js';

const LAST = 10;

/** For the message of a test that waited in vain. */
export function envelopesAsText({ connections, envelopes, opened }: Sockets): string {
  const open = connections.map(({ id, state }) => `#${id} ${state}`).join(', ');
  const lines = envelopes.slice(-LAST).map(({ id, type, attempts, state }) => {
    const tries = attempts.map(({ end = 'open', connections: over }) => `${end}${over.map((n) => ` #${n}`).join('')}`);
    return `  ${id} ${type} ${state}: ${tries.join(', ')}`;
  });
  return [`sockets: ${open || 'none'} (${opened} opened), last envelopes of ${envelopes.length}:`, ...lines].join('\n');
}
