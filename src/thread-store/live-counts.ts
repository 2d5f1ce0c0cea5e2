import { alertnameOf, isOpen, type Incident } from '../domain/incident.js';

interface ChannelCounts {
  all: number;
  open: number;
  readonly named: Map<string, number>;
}

/** How many live incidents there are, by the channel of their record and by alertname. */
export class LiveCounts {
  all = 0;
  private readonly channels = new Map<string, ChannelCounts>();

  add(channel: string, incident: Incident, change: 1 | -1): void {
    let counts = this.channels.get(channel);
    if (counts === undefined)
      this.channels.set(channel, (counts = { all: 0, open: 0, named: new Map<string, number>() }));
    const name = alertnameOf(incident);
    const named = (counts.named.get(name) ?? 0) + change;
    if (named === 0) counts.named.delete(name);
    else counts.named.set(name, named);
    counts.all += change;
    if (isOpen(incident)) counts.open += change;
    this.all += change;
    if (counts.all === 0) this.channels.delete(channel);
  }

  inChannel(channel: string): number {
    return this.channels.get(channel)?.all ?? 0;
  }

  openIn(channel: string): number {
    return this.channels.get(channel)?.open ?? 0;
  }

  named(channel: string, alertname: string): number {
    return this.channels.get(channel)?.named.get(alertname) ?? 0;
  }
}
