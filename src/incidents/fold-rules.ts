/** When problems get no thread of their own, because there are too many. Pure. */

/** Incidents of one alertname in a channel beyond which further ones fold, once the channel has MAX_OPEN. */
const MANY_OF_A_NAME = 100;
/** A part of a bound. */
const FAR = 0.8;
/**
 * So many times MAX_OPEN live incidents. They are in memory until they can no longer be opened again, so those that are over
 * count as well, later. From the second on problems fold whatever their name.
 */
const MOST = { named: 2, inChannel: 3, criticalInChannel: 4, all: 5 } as const;

export interface Crowding {
  /** Live incidents: in all channels, in the channel, of the alertname there. */
  readonly all: number;
  readonly inChannel: number;
  /** Those of the channel that are open. */
  readonly open: number;
  readonly named: number;
  /** Alertnames of the channel's open folds; '' is the one of problems with any name. */
  readonly openFolds: ReadonlySet<string>;
}

export type FoldReason = 'fold-is-open' | 'too-many-of-a-name' | 'too-many-in-channel' | 'too-many';

export interface FoldDecision {
  /** '' for the fold of problems with any name. */
  readonly alertname: string;
  readonly reason: FoldReason;
}

/** Into which fold a problem without a live incident goes; undefined: it gets a thread of its own. */
export const foldOf = (
  alertname: string,
  isCritical: boolean,
  { all, inChannel, open, named, openFolds }: Crowding,
  maxOpen: number,
): FoldDecision | undefined => {
  // As long as some problems of the name are counted in a fold, the others are found there too.
  if (alertname !== '' && openFolds.has(alertname)) return { alertname, reason: 'fold-is-open' };
  if (all >= MOST.all * maxOpen) return { alertname: '', reason: 'too-many' };
  const isFull = open >= maxOpen || inChannel >= MOST.named * maxOpen;
  if (alertname !== '' && isFull && named > MANY_OF_A_NAME) return { alertname, reason: 'too-many-of-a-name' };
  const most = isCritical ? MOST.criticalInChannel : MOST.inChannel;
  return inChannel >= most * maxOpen ? { alertname: '', reason: 'too-many-in-channel' } : undefined;
};

/** The fold that may know of an alert that ended; undefined where there is none. */
export const foldOfEnd = (alertname: string, folds: ReadonlySet<string>): string | undefined =>
  [alertname, ''].find((name) => folds.has(name));

/** Key of a fold's record. A problem's key has more parts, or other ones. */
export const foldKey = (alertname: string, environment: string): string =>
  `${alertname.replaceAll('|', '%7C')}|folded|${environment}`;

/** Far below every bound: nothing needs to be looked up. @param coming problems, all of which may be new */
export const isFarFrom = (
  { all, inChannel, open }: Pick<Crowding, 'all' | 'inChannel' | 'open'>,
  coming: number,
  maxOpen: number,
): boolean =>
  open + coming < FAR * maxOpen &&
  inChannel + coming < FAR * MOST.named * maxOpen &&
  all + coming < FAR * MOST.all * maxOpen;
