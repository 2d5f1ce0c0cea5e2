import type { FoldedProblem, Transition, TransitionContext } from './events.js';
import type { Fold } from './incident.js';

/** Values kept of each label: a few examples, and enough to say that there are many. */
const VALUES_KEPT = 20;
const MOST_LETTERS = 60;

export const newFold = ({ alertname }: FoldedProblem): Fold => ({ alertname, problems: 0, values: [] });

/** Counts the problem in the fold that its alert fires in, once. */
export const withProblem = (
  result: Transition,
  problem: FoldedProblem | undefined,
  { rolls, now }: TransitionContext,
): Transition => {
  const { current } = result.next;
  const fold = current?.incident.fold;
  if (problem === undefined || current === null || fold === undefined) return result;
  const { incident } = current;
  if (rolls.get(incident.id, problem.id) !== undefined) return result;
  rolls.set(incident.id, problem.id, { status: 'problem', severity: 'other', startsAt: 0, at: now });
  const counted: Fold = { ...fold, problems: fold.problems + 1, values: withValues(fold.values, problem.values) };
  return { ...result, next: { ...result.next, current: { ...current, incident: { ...incident, fold: counted } } } };
};

const withValues = (known: Fold['values'], values: FoldedProblem['values']): Fold['values'] => {
  let rows = known;
  for (const [label, value] of values) {
    const at = rows.findIndex(([name]) => name === label);
    const row = rows[at]?.[1] ?? [];
    const shown = value.slice(0, MOST_LETTERS);
    if (row.length >= VALUES_KEPT || row.includes(shown)) continue;
    rows = at < 0 ? [...rows, [label, [shown]]] : rows.with(at, [label, [...row, shown]]);
  }
  return rows;
};

/** The labels of which there are too many values: all that have many, else the one that has most. */
export const explodingLabels = ({ values }: Fold): readonly string[] => {
  const many = values.filter(([, some]) => some.length >= VALUES_KEPT).map(([label]) => label);
  if (many.length > 0) return many;
  const [most] = [...values].filter(([, some]) => some.length > 1).sort(([, a], [, b]) => b.length - a.length);
  return most === undefined ? [] : [most[0]];
};

const list = (labels: readonly string[]): string => labels.map((label) => `\`${label}\``).join(', ');

/** `1,243 problems of RequestSlow, folded: too many different values of `request_id`` */
export const foldTitle = (fold: Fold): string => {
  const labels = explodingLabels(fold);
  const of = fold.alertname === '' ? '' : ` of ${fold.alertname}`;
  const why = labels.length === 0 ? 'too many incidents are open' : `too many different values of ${list(labels)}`;
  return `${fold.problems.toLocaleString('en')} problem${fold.problems === 1 ? '' : 's'}${of}, folded: ${why}`;
};

/** What a fold is, and what to do about it. */
export const foldDescription = (fold: Fold): string => {
  const labels = explodingLabels(fold);
  const examples = fold.values
    .filter(([label]) => labels.includes(label))
    .map(([label, values]) => `${label}: ${values.slice(0, 3).join(', ')}, …`);
  const cause = labels.length === 0 ? 'the labels that differ' : list(labels);
  return [
    'So many incidents are open in this channel that further ones get no thread of their own. They are counted here.',
    ...examples,
    `Take ${cause} out of the alerting rule, or out of THREAD_KEY_LABELS.`,
  ].join('\n');
};
