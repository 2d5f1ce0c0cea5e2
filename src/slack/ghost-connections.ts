import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import type { SocketCensus } from './socket-census.js';

/** Another process that has just connected needs a moment to tell of it. Milliseconds. */
const ASK_AFTER_MS = 5_000;

const MEANING =
  'other connections use the same SLACK_APP_TOKEN, and Slack gives each envelope to one connection only: ' +
  'clicks may go to another process. Connections of a process that died go away by themselves within minutes; ' +
  'else stop the other process, or give each deployment a Slack app of its own';

/** Connections of this app that Slack counts and this deployment has not opened. Each of them takes its share of the clicks. */
export class GhostWatch {
  private ghosts = 0;

  /** @param census undefined: this process is the only one */
  constructor(
    private readonly clock: Clock,
    private readonly logger: AppLogger,
    private readonly census: SocketCensus | undefined,
  ) {}

  /** A hello came. @param counted by Slack, null: it did not say @param ours open in this process at this moment */
  hello(counted: number | null, ours: number): void {
    this.census?.tell(ours);
    if (counted === null) return;
    if (this.census === undefined) {
      this.compare(counted, ours, 0);
      return;
    }
    void this.compareWithReplicas(counted, ours, this.census);
  }

  /** Slack's count is of the hello; replicas come and go all the while, and are counted at their most. */
  private async compareWithReplicas(counted: number, ours: number, census: SocketCensus): Promise<void> {
    const atHello = census.others();
    await this.clock.pause(ASK_AFTER_MS);
    const counts = await Promise.all([atHello, census.others()]);
    const known = counts.filter((count) => count !== undefined);
    if (known.length === counts.length) this.compare(counted, ours, Math.max(...known));
  }

  private compare(counted: number, ours: number, replicas: number): void {
    const ghosts = Math.max(0, counted - ours - replicas);
    if (ghosts > 0 && ghosts !== this.ghosts) {
      this.logger.warn(
        { connections: counted, ours, ...(this.census !== undefined && { replicas }), meaning: MEANING },
        'Socket Mode: Slack counts more connections of this app than this deployment has opened',
      );
    }
    this.ghosts = ghosts;
  }
}
