import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { rulesOf } from '../config/rules.js';
import type { AppLogger } from '../logging/logger.js';
import type { SlackClient } from '../slack/slack-client.js';
import type { ThreadStore } from '../thread-store/thread-store.js';
import { ChannelMembership } from './channel-membership.js';
import { ClaimedCalls } from './claimed-call.js';
import type { Work } from './delivery-queue.js';
import { FailurePolicy } from './failure-policy.js';
import { InProcessQueue } from './in-process-queue.js';
import type { AlertServer } from '../domain/incident.js';
import { MessageFinder } from './message-finder.js';
import type { Buttons } from './outgoing.js';
import type { Pace } from './pace.js';
import { PlanContexts } from './plan-contexts.js';
import { Reconciler } from './reconciler.js';
import { MAX_HISTORY, ReconcilingDelivery } from './reconciling-delivery.js';
import { RecordsApart } from './records-apart.js';
import { SlackSteps } from './slack-steps.js';
import { NoWakeUps, type WakeUps } from './wake-ups.js';

/** What a delivery needs from outside. */
export interface DeliveryNeeds {
  readonly store: ThreadStore;
  readonly slack: SlackClient;
  readonly pace: Pace;
  readonly config: Config;
  /** On a shared store: the time that all processes have in common. */
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly random: () => number;
  /** Id of this process, in its claims. */
  readonly owner: string;
  /** Finished incidents that are kept at most; the default is MAX_HISTORY. */
  readonly maxHistory?: number;
  /** Present when other processes work on the same store. */
  readonly shared?: {
    /** How long what another process claimed is left to it, in milliseconds. */
    readonly leaseMs: number;
    readonly wakeUps: WakeUps;
    /** Tells each time that the store may have lost its last changes. */
    readonly onLoss: (listener: () => void) => void;
  };
}

const buttonsOf = ({ slackAppToken, alertmanagerUrl, grafanaUrl }: Config): Buttons => ({
  any: slackAppToken !== null,
  silence: new Set<AlertServer>([
    ...(alertmanagerUrl === null ? [] : (['alertmanager'] as const)),
    ...(grafanaUrl === null ? [] : (['grafana'] as const)),
  ]),
});

/** Puts the parts of a delivery together. */
export const buildDelivery = (needs: DeliveryNeeds): ReconcilingDelivery => {
  const { store, slack, pace, config, clock, logger, random, owner, shared } = needs;
  const rules = rulesOf(config);
  const queue = new InProcessQueue(clock, pace);
  const policy: FailurePolicy = new FailurePolicy(
    clock,
    pace,
    random,
    config.slackChannel,
    (lane) => {
      reconciler.placeLane(lane);
    },
    (outage) => {
      if (outage === 'over') logger.info({}, 'Slack is usable again');
      else logger.error({ ...outage }, `Slack refuses the ${outage.kind}: nothing is lost, tried again every 15 s`);
    },
  );
  const contexts = new PlanContexts(clock, rules, owner, shared?.leaseMs ?? 0, (id) => policy.isRecovered(id));
  shared?.onLoss(() => {
    contexts.storeMayHaveForgotten();
  });
  const calls = new ClaimedCalls(store, clock, contexts);
  const membership = new ChannelMembership(slack, (channel, code) => {
    logger.warn(
      { channel, code },
      'the bot could not join the channel: invite it, or messages whose answer was lost can not be looked up there',
    );
  });
  const finder = new MessageFinder(slack, pace, clock);
  const apart = new RecordsApart(clock, logger);
  const onUnmade = (work: Work, error: unknown): void => {
    apart.failed(work, 'unmade', error);
  };
  const buttons = buttonsOf(config);
  const steps = new SlackSteps(slack, calls, finder, membership, clock, policy.retryDelay, buttons, onUnmade);
  const reconciler: Reconciler = new Reconciler(
    store,
    queue,
    steps,
    calls,
    policy,
    clock,
    contexts,
    apart,
    logger,
    config.slackChannel,
  );
  return new ReconcilingDelivery({
    store,
    slack,
    queue,
    reconciler,
    policy,
    apart,
    clock,
    logger,
    retentionMs: config.retentionMs,
    maxHistory: needs.maxHistory ?? MAX_HISTORY,
    shared: contexts.shared,
    wakeUps: shared?.wakeUps ?? new NoWakeUps(),
    random,
  });
};
