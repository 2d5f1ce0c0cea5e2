import { topLevelText } from './notification.js';
import type { SlackMessage } from './message.js';

/** A line of ours for the operators. */
export const plainNotice = (text: string): SlackMessage => ({ text: topLevelText([text]) });
