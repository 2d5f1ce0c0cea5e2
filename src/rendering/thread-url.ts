const CHANNEL = /^[CG][A-Z0-9]{7,30}$/;
const TS = /^\d{1,12}\.\d{6}$/;

/**
 * Where Slack shows a message, as `chat.getPermalink` has it; null for what is none, or not there yet.
 * @param workspaceUrl `https://team.slack.com/`
 */
export const threadUrl = (workspaceUrl: string | undefined, channel: string, ts: string | null): string | null =>
  workspaceUrl !== undefined && ts !== null && CHANNEL.test(channel) && TS.test(ts)
    ? `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`
    : null;
