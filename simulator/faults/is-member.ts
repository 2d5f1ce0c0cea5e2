import type { Channel } from '../workspace/channel.js';
import type { Faults } from './faults.js';

/** Is the bot in the channel now? */
export function isMember(channel: Channel, faults: Faults): boolean {
  return channel.isMember && !faults.isKickedOut(channel.id);
}
