/** After a restart Alertmanager's list is empty until every Prometheus has sent its alerts again. Milliseconds. */
const LIST_FULL_AFTER_MS = 15 * 60_000;
/** An alert is over when it is absent in two polls so far apart. Milliseconds. */
const ABSENT_FOR_MS = 10 * 60_000;

/**
 * Which alerts ended without a word, judged by several polls of the server that they came from. A server that does not
 * say when it started may have been restarted at any time, so an alert has to be absent for longer there.
 */
export class AbsentAlerts {
  /** When an alert was first seen to be absent: fingerprints by incident. */
  private readonly since = new Map<string, ReadonlyMap<string, number>>();

  /**
   * @param missing fingerprints of the incident that the server doesn't list now
   * @param startedAt when the server started, null where it does not say
   * @returns those of them that are over
   */
  polled(incidentId: string, missing: readonly string[], startedAt: number | null, now: number): string[] {
    if (startedAt !== null && now - startedAt <= LIST_FULL_AFTER_MS) {
      this.forget(incidentId);
      return [];
    }
    const before = this.since.get(incidentId);
    const since = new Map(missing.map((fingerprint) => [fingerprint, before?.get(fingerprint) ?? now]));
    this.since.set(incidentId, since);
    const longEnough = startedAt === null ? ABSENT_FOR_MS + LIST_FULL_AFTER_MS : ABSENT_FOR_MS;
    return missing.filter((fingerprint) => now - (since.get(fingerprint) ?? now) >= longEnough);
  }

  forget(incidentId: string): void {
    this.since.delete(incidentId);
  }

  /** Forgets every incident that is not among these. */
  keepOnly(incidentIds: ReadonlySet<string>): void {
    for (const id of this.since.keys()) if (!incidentIds.has(id)) this.since.delete(id);
  }
}
