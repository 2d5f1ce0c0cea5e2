import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import { Clock } from '../clock/clock.js';
import { SEVERITY_CLASSES } from '../domain/alert.js';
import type { ThreadRecord } from '../domain/record.js';
import { recordChanges, type MeasuredChange } from './record-changes.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What people need: half a minute to days. */
const PEOPLES_TIMES = [
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  3 * DAY,
];
/** What Slack needs: a call, or an outage. */
const SHOWN_TIMES = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Measures how long incidents wait for people, for their end, and to be shown. */
@Injectable()
export class IncidentMeters {
  private readonly acknowledge: Histogram<'severity'>;
  private readonly resolve: Histogram<'severity' | 'by'>;
  private readonly shown: Histogram;

  constructor(
    registry: Registry,
    private readonly clock: Clock,
  ) {
    const registers = [registry];
    this.acknowledge = new Histogram({
      name: 'alert_threader_acknowledge_seconds',
      help: 'Time from when an incident was opened, or opened again, until it was acknowledged.',
      labelNames: ['severity'],
      buckets: PEOPLES_TIMES,
      registers,
    });
    this.resolve = new Histogram({
      name: 'alert_threader_resolve_seconds',
      help: 'Time from when an incident was opened, or opened again, until it was resolved, by its source or a person.',
      labelNames: ['severity', 'by'],
      buckets: PEOPLES_TIMES,
      registers,
    });
    this.shown = new Histogram({
      name: 'alert_threader_shown_seconds',
      help: 'Time from when a change of an incident came in until its message was in Slack.',
      buckets: SHOWN_TIMES,
      registers,
    });
    for (const severity of SEVERITY_CLASSES) {
      this.acknowledge.zero({ severity });
      for (const by of ['source', 'person']) this.resolve.zero({ severity, by });
    }
  }

  changed(before: ThreadRecord, after: ThreadRecord): void {
    for (const change of recordChanges(before, after)) this.observe(change);
  }

  private observe(change: MeasuredChange): void {
    switch (change.type) {
      case 'acknowledged':
        this.acknowledge.observe({ severity: change.severity }, seconds(change.ms));
        return;
      case 'resolved':
        this.resolve.observe({ severity: change.severity, by: change.by }, seconds(change.ms));
        return;
      case 'shown':
        this.shown.observe(seconds(this.clock.now() - change.at));
    }
  }
}

/** Never below 0: two machines' clocks may differ. */
const seconds = (ms: number): number => Math.max(0, ms) / 1_000;
