import type { Simulator } from '../../simulator/simulator.js';
import type { Message } from '../../simulator/workspace/message.js';

/** The service's own name of what a message shows: two messages with the same one are one too many. */
export const operationOf = (message: Message): string => String(message.metadata?.event_payload['operation']);

/** What is there more than once. */
export const ofRepeated = (texts: readonly string[]): string[] => texts.filter((text, i) => texts.indexOf(text) !== i);

/** Everything that stands in these channels, roots and replies. */
export const standing = ({ workspace }: Simulator, channels: readonly string[]): Message[] =>
  channels.flatMap((channel) => workspace.allMessages(channel).filter(({ deleted }) => !deleted));

export const rootsOf = (messages: readonly Message[]): Message[] =>
  messages.filter((message) => message.thread_ts === undefined);

export const repliesOf = (messages: readonly Message[]): Message[] =>
  messages.filter((message) => message.thread_ts !== undefined);

/** Operations that were shown more than once. */
export const doublesIn = (messages: readonly Message[]): string[] => ofRepeated(messages.map(operationOf));
