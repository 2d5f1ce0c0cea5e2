import type { Simulator } from '../../simulator/simulator.js';
import { CHANNEL } from './slack-channel.js';

/** What the service needs to work with the simulator, and what a test wants beyond. */
export const withSlack = (simulator: Simulator, settings: Record<string, string> = {}): Record<string, string> => ({
  SLACK_BOT_TOKEN: simulator.botToken,
  SLACK_CHANNEL: CHANNEL,
  SLACK_API_URL: simulator.apiUrl,
  ENVIRONMENT: 'production',
  ...settings,
});

/** The same with Socket Mode: people can act. */
export const withPeople = (simulator: Simulator, settings: Record<string, string> = {}): Record<string, string> =>
  withSlack(simulator, { SLACK_APP_TOKEN: simulator.appToken, ...settings });

/** As fast as the settings allow: for tests that are not about the pace. A workspace as a whole takes 5 a second. */
export const NO_PACE = { SLACK_POSTS_PER_SECOND: '100', SLACK_POST_BURST: '100' };
