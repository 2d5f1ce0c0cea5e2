import { rootDigest, rootFacts } from './root-facts.js';
import { isOpen, type AlertState, type Incident } from './incident.js';
import { LOOK_AFTER_MS, plan, type PlanContext, type Step } from './plan.js';
import type { Claim, Delivery, DeliveryError, Doubt, IncidentThread, ThreadRecord } from './record.js';

/** One more look for a message that was sent twice, so long after the second one. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;
/** Tries of one operation with an answer that we don't know, before it goes out as plain text. */
const TRIES_BEFORE_PLAIN = 3;
/** Resolved alerts named in an open incident; older ones become a count once they were shown. */
const KEEP_RESOLVED = 20;

/**
 * What a call to Slack means for the record. Each of these is pure and guarded: it changes nothing where the incident
 * or the claim is no longer there, because webhooks, people and other processes change the record meanwhile.
 */
const changeThread = (
  record: ThreadRecord,
  incidentId: string,
  change: (thread: IncidentThread) => IncidentThread,
): ThreadRecord => {
  if (record.current?.incident.id === incidentId) {
    const current = change(record.current);
    return current === record.current ? record : { ...record, current };
  }
  const at = record.earlier.findIndex((thread) => thread.incident.id === incidentId);
  const thread = record.earlier[at];
  if (thread === undefined) return record;
  const next = change(thread);
  return next === thread ? record : { ...record, earlier: record.earlier.with(at, next) };
};

const changeDelivery = (
  record: ThreadRecord,
  incidentId: string,
  change: (delivery: Delivery, thread: IncidentThread) => Delivery,
): ThreadRecord =>
  changeThread(record, incidentId, (thread) => {
    const delivery = change(thread.delivery, thread);
    return delivery === thread.delivery ? thread : { ...thread, delivery };
  });

/** Like {@link changeDelivery}, only while this claim is open. */
const changeClaimed = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  change: (delivery: Delivery, claim: Claim, thread: IncidentThread) => Delivery,
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery, thread) =>
    delivery.claim?.id === claimId ? change(delivery, delivery.claim, thread) : delivery,
  );

/** Sets `due` by what the plan says. Every write of the reconciler ends with it. */
export const withDue = (record: ThreadRecord, context: PlanContext): ThreadRecord => {
  const { steps, wakeAt } = plan(record, context);
  const behindSince = record.due !== null && record.due < context.now ? record.due : context.now;
  const due = steps.length > 0 ? behindSince : wakeAt;
  return due === record.due ? record : { ...record, due };
};

/** The id that a step's message carries: the same for every try of it. */
const operationId = (step: Step, delivery: Delivery): string => {
  const { operation, incidentId } = step;
  if (delivery.claim !== null) return delivery.claim.id;
  if (operation.type === 'post-reply') return `${incidentId}:reply:${operation.first}:${delivery.epoch}`;
  return `${incidentId}:${operation.type === 'edit-root' ? 'edit' : 'root'}:${delivery.epoch}`;
};

/** Claims a step before its call. A step that is no longer wanted claims nothing. */
export const claim = (record: ThreadRecord, step: Step, owner: string, now: number): ThreadRecord =>
  changeDelivery(record, step.incidentId, (delivery, thread) => {
    const { operation } = step;
    const id = operationId(step, delivery);
    switch (operation.type) {
      case 'edit-root':
        if (delivery.claim !== null || delivery.rootTs === null) return delivery;
        return {
          ...delivery,
          claim: { id, call: 'edit', first: 0, last: 0, digest: operation.digest, owner, at: now },
        };
      case 'post-root':
      case 'post-reply': {
        const before = delivery.claim;
        if ((before !== null) !== operation.redo) return delivery;
        const root = operation.type === 'post-root';
        const digest = root ? rootDigest(rootFacts(thread)) : null;
        return {
          ...delivery,
          claim: {
            id,
            call: root ? 'root' : 'reply',
            first: root ? 1 : operation.first,
            last: operation.last,
            // Either of two cards may turn out to be the one that is kept.
            digest: before !== null && before.digest !== digest ? null : digest,
            owner,
            at: before?.at ?? now,
            ...(before === null ? {} : { redone: true as const }),
          },
          ...(step.reason === 'channel-unreadable' ? { maybeDuplicate: true as const } : {}),
        };
      }
      default:
        return delivery;
    }
  });

const settled = (delivery: Delivery): Delivery => {
  const { plainReply: _p, maybeDuplicate: _m, ...rest } = delivery;
  return { ...rest, claim: null, attempts: 0, nextTryAt: null, lastError: null };
};

const edited = (delivery: Delivery, open: Claim, now: number): Delivery => {
  const { edits: _, editAgainAt, ...rest } = delivery;
  const lastError = delivery.attempts === 0 ? null : delivery.lastError;
  const again = editAgainAt !== undefined && editAgainAt > open.at ? { editAgainAt } : {};
  return { ...rest, ...again, claim: null, shownDigest: open.digest, editedAt: now, lastError };
};

/** What the root shows is not known: it is edited at once, and again when the lost edit can no longer come. */
const editLost = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  claim: null,
  shownDigest: null,
  editAgainAt: now + LOOK_AGAIN_MS,
});

/** Slack shows it: `ts` is the posted message (for an edit, the root). */
export const committed = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  ts: string,
  now: number,
): ThreadRecord =>
  changeThread(record, incidentId, (thread) => {
    const { delivery } = thread;
    const open = delivery.claim;
    if (open?.id !== claimId) return thread;
    if (open.call === 'edit') return { ...thread, delivery: edited(delivery, open, now) };
    const shownEntry = Math.max(delivery.shownEntry, open.last);
    const doubts = open.redone ? addDoubt(delivery.doubts, open, ts, now) : delivery.doubts;
    const shown = { ...settled(delivery), shownEntry, ...(doubts === undefined ? {} : { doubts }) };
    if (open.call === 'reply') return withFewerResolved({ ...thread, delivery: shown });
    const { lost: _, ...rest } = shown;
    return withFewerResolved({
      ...thread,
      delivery: { ...rest, rootTs: ts, shownDigest: open.digest, editedAt: now },
    });
  });

const addDoubt = (
  doubts: readonly Doubt[] | undefined,
  { id, call, at }: Claim,
  keep: string,
  now: number,
): Doubt[] => [
  ...(doubts ?? []),
  { id, call: call === 'root' ? 'root' : 'reply', keep, claimedAt: at, lookAt: now + LOOK_AGAIN_MS },
];

/** In an incident that goes on for days, resolved alerts that everybody saw become a count. */
const withFewerResolved = (thread: IncidentThread): IncidentThread => {
  const { incident, delivery, timeline } = thread;
  if (!isOpen(incident) || delivery.shownEntry < timeline.last) return thread;
  const over = incident.alerts.filter((alert) => isForgettable(incident, alert));
  if (over.length <= KEEP_RESOLVED) return thread;
  const drop = over.sort((a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0)).slice(0, over.length - KEEP_RESOLVED);
  const gone = new Set(drop.map((alert) => alert.fingerprint));
  const alerts = incident.alerts.filter(({ fingerprint }) => !gone.has(fingerprint));
  const resolvedBefore = incident.resolvedBefore + gone.size;
  return { ...thread, incident: { ...incident, alerts, resolvedBefore } };
};

const isForgettable = (incident: Incident, alert: AlertState): boolean =>
  alert.status === 'resolved' && alert.parkedUntil === undefined && alert.fingerprint !== incident.lead;

/** Slack is as it was before the call. A repeated call stays ambiguous for what its first try may have left. */
const released = (delivery: Delivery, open: Claim, now: number): Delivery => ({
  ...delivery,
  claim: open.redone ? { ...open, endedAt: now, looked: LOOK_AFTER_MS.length } : null,
});

/** Slack asks to wait: the limit holds the work back, the thread itself did nothing wrong. */
export const rateLimited = (record: ThreadRecord, incidentId: string, claimId: string, now: number): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery, open) => released(delivery, open, now));

/** It may have reached Slack: to be looked for. Of an edit nothing needs to be found; it is made again. */
export const ambiguous = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  now: number,
  error: DeliveryError | null,
): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery, open) =>
    open.call === 'edit'
      ? { ...editLost(delivery, now), editedAt: now, lastError: error }
      : { ...delivery, claim: { ...open, endedAt: now, looked: 0 }, attempts: 0, nextTryAt: null, lastError: error },
  );

/** The call failed and left nothing; it is tried again at `nextTryAt`. */
export const failed = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  error: DeliveryError,
  nextTryAt: number,
): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery, open) => {
    const attempts = 1 + attemptsOf(delivery, open.call);
    const plain = error.kind === 'payload' || (error.kind === 'unknown' && attempts >= TRIES_BEFORE_PLAIN);
    return {
      ...released(delivery, open, error.at),
      ...(open.call === 'edit' ? { edits: { attempts, nextTryAt } } : { attempts, nextTryAt }),
      lastError: error,
      ...(plain ? (open.call === 'reply' ? { plainReply: true as const } : { plainRoot: true as const }) : {}),
    };
  });

/** Failed tries in a row of this kind of call. */
export const attemptsOf = (delivery: Delivery, call: Claim['call']): number =>
  call === 'edit' ? (delivery.edits?.attempts ?? 0) : delivery.attempts;

/** The root can't be edited any more: it stays as it is. */
export const rootFrozen = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  error: DeliveryError,
): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery) => ({
    ...settled(delivery),
    frozen: true,
    lastError: error,
  }));

const lost = (delivery: Delivery, error: DeliveryError): Delivery => {
  const { frozen: _f, plainReply: _p, edits: _e, editAgainAt: _a, ...rest } = delivery;
  return {
    ...rest,
    claim: null,
    rootTs: null,
    shownDigest: null,
    editedAt: null,
    epoch: delivery.epoch + 1,
    attempts: 0,
    nextTryAt: null,
    lost: 'gone',
    lastError: error,
  };
};

/** Somebody deleted the thread. */
export const threadGone = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  error: DeliveryError,
): ThreadRecord => changeClaimed(record, incidentId, claimId, (delivery) => lost(delivery, error));

/** Slack un-threaded a reply because its root is gone: the stray goes, the thread starts again. */
export const strayed = (
  record: ThreadRecord,
  incidentId: string,
  claimId: string,
  ts: string,
  error: DeliveryError,
): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery) => ({
    ...lost(delivery, error),
    strays: [...(delivery.strays ?? []), ts],
  }));

/** Messages of ours that should not be there. */
export const withStrays = (record: ThreadRecord, incidentId: string, ts: readonly string[]): ThreadRecord =>
  ts.length === 0
    ? record
    : changeDelivery(record, incidentId, (delivery) => ({
        ...delivery,
        strays: [...new Set([...(delivery.strays ?? []), ...ts])],
      }));

export const strayDeleted = (record: ThreadRecord, incidentId: string, ts: string): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { strays = [], ...rest } = delivery;
    const left = strays.filter((stray) => stray !== ts);
    return left.length === 0 ? rest : { ...rest, strays: left };
  });

/** A claim whose process is gone is ambiguous from now on. */
export const takenOver = (record: ThreadRecord, incidentId: string, now: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) =>
    delivery.claim === null || delivery.claim.endedAt !== undefined
      ? delivery
      : delivery.claim.call === 'edit'
        ? editLost(delivery, now)
        : { ...delivery, claim: { ...delivery.claim, endedAt: now, looked: 0 }, attempts: 0, nextTryAt: null },
  );

/** Slack was searched, and the message was not there. */
export const notFound = (record: ThreadRecord, incidentId: string, claimId: string): ThreadRecord =>
  changeClaimed(record, incidentId, claimId, (delivery, open) => ({
    ...delivery,
    claim: { ...open, looked: (open.looked ?? 0) + 1 },
    attempts: 0,
    nextTryAt: null,
  }));

/** What was tried without a claim (a search, joining the channel) failed; the thread waits. */
export const postponed = (
  record: ThreadRecord,
  incidentId: string,
  error: DeliveryError,
  nextTryAt: number,
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    attempts: delivery.attempts + 1,
    nextTryAt,
    lastError: error,
  }));

export const doubtSettled = (record: ThreadRecord, incidentId: string, doubt: string): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { doubts = [], ...rest } = delivery;
    const left = doubts.filter(({ id }) => id !== doubt);
    return left.length === 0 ? rest : { ...rest, doubts: left };
  });

/** Looks for doubles again later: Slack could not be read. */
export const doubtPostponed = (record: ThreadRecord, incidentId: string, doubt: string, lookAt: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    doubts: (delivery.doubts ?? []).map((row) => (row.id === doubt ? { ...row, lookAt } : row)),
  }));

/** The thread's channel is unusable, and the thread is not there yet: it goes to another one, and says so. */
export const moved = (record: ThreadRecord, incidentId: string, to: string, code: string): ThreadRecord =>
  changeThread(record, incidentId, (thread) =>
    thread.delivery.rootTs !== null || thread.delivery.claim !== null || thread.channel === to
      ? thread
      : {
          ...thread,
          channel: to,
          delivery: {
            ...thread.delivery,
            attempts: 0,
            nextTryAt: null,
            movedFrom: { channel: thread.channel, code },
          },
        },
  );
