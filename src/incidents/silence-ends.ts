import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { AlertServer, Silence } from '../domain/incident.js';
import { transition } from '../domain/transition.js';
import type { SilenceState } from '../silences/silence-client.js';
import { EachSilenced } from './each-silenced.js';
import { IncidentChanges } from './incident-changes.js';
import { SilenceServers } from './silence-servers.js';
import type { SilencedThread } from './silenced-thread.js';

/** Brings what we say of silences in line with their server: one ran out, or somebody ended or moved it there. */
@Injectable()
export class SilenceEnds {
  constructor(
    private readonly servers: SilenceServers,
    private readonly changes: IncidentChanges,
    private readonly clock: Clock,
    private readonly each: EachSilenced,
  ) {}

  /** A server that can't be asked is believed to keep time. */
  async follow(server: AlertServer, silenced: readonly SilencedThread[]): Promise<void> {
    if (silenced.length === 0) return;
    const known = await this.servers.ask(server, async (client) => {
      const all = await client.list();
      return new Map(all.map((one) => [one.id, one]));
    });
    for (const { record, thread } of silenced) {
      await this.each.attempt({ record, thread }, async () => {
        const { id: incidentId, silence } = thread.incident;
        const news = silence && this.newsOf(silence, known);
        if (!news) return;
        const event = { ...news, incidentId, silenceId: silence.id };
        await this.changes.change(record, (before, context) => transition(before, event, context));
      });
    }
  }

  private newsOf(
    { id, until }: Silence,
    known: ReadonlyMap<string, SilenceState> | undefined,
  ): { type: 'silence-over' } | { type: 'silence-moved'; until: number } | undefined {
    const now = this.clock.now();
    if (known === undefined) return until <= now ? { type: 'silence-over' } : undefined;
    const there = known.get(id);
    if (there === undefined || there.state === 'expired' || there.endsAt <= now) return { type: 'silence-over' };
    return there.endsAt === until ? undefined : { type: 'silence-moved', until: there.endsAt };
  }
}
