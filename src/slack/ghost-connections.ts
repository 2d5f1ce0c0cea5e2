/**
 * Connections of this app that Slack counts and this process has not opened: 0 when there are none or Slack did not say.
 * Each of them takes its share of the clicks.
 */
export const ghostsOf = (counted: number | null, ours: number): number =>
  counted === null ? 0 : Math.max(0, counted - ours);

export const GHOST_MEANING =
  'other connections use the same SLACK_APP_TOKEN, and Slack gives each envelope to one connection only: ' +
  'clicks may go to another process. Connections of a process that died go away by themselves within minutes; ' +
  'else stop the other process, or give each deployment a Slack app of its own';
