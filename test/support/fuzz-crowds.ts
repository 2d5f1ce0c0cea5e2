import fc from 'fast-check';
import { payload } from './fuzz-webhooks.js';
import { INHERITED_NAMES } from './inherited-names.js';
import { wideWebhook } from './wide-webhooks.js';

/** Few enough that most come again, and many more than MAX_OPEN. */
const MOST_THREADS = 50_000;
const MOST_ALERTS = 2_000;

const inherited = fc.constantFrom(...INHERITED_NAMES);

const crowdOf = (count: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  fc
    .record({
      count,
      from: fc.nat(MOST_THREADS),
      status: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const),
      severity: fc.constantFrom('critical', 'warning'),
      // a thread for each alert, or one for all of them
      own: fc.boolean(),
      alertname: fc.oneof(fc.constantFrom('RequestSlow', 'PodGone'), inherited),
      name: inherited,
      value: inherited,
    })
    .map(({ own, alertname, severity, name, value, ...rest }) => {
      const labels = (n: number) => ({
        [name]: value,
        alertname,
        severity,
        ...(own ? { service: `request-${String(n)}` } : {}),
      });
      return wideWebhook(rest.count, { ...rest, labels });
    });

/** Bodies of POST /alert of any kind and length, with few and many threads, and labels named as what every object has. */
export const crowds = fc.oneof(
  { weight: 20, arbitrary: payload },
  { weight: 18, arbitrary: crowdOf(fc.integer({ min: 1, max: 20 })) },
  { weight: 1, arbitrary: crowdOf(fc.integer({ min: 200, max: MOST_ALERTS })) },
);
