import { alertOf, ANNA, ended, HOUR, MINUTE, severe, Story, T0 } from '../domain/domain.fixture.js';
import { alertOutcome } from './alert-outcomes.js';

describe('what an alert did, as it is counted', () => {
  const outcomes = (story: Story): string[] => story.reasons.map(alertOutcome);

  it('in the life of an incident', () => {
    const story = new Story()
      .alert(0, alertOf('a'))
      .alert(MINUTE, alertOf('a'))
      .alert(2 * MINUTE, severe('b', 'critical'))
      .alert(5 * HOUR, alertOf('a'))
      .alert(5 * HOUR + MINUTE, ended('b', T0 - MINUTE))
      .alert(6 * HOUR, ended('b', T0 + 6 * HOUR))
      .alert(6 * HOUR + 1, ended('b', T0 + 6 * HOUR))
      .alert(6 * HOUR + 2, severe('b', 'critical'))
      .alert(6 * HOUR + 3, ended('b', T0 + 6 * HOUR))
      .alert(6 * HOUR + 4, ended('c', T0 + 6 * HOUR))
      .alert(7 * HOUR, alertOf('b', { startsAt: T0 + 7 * HOUR }))
      .alert(8 * HOUR, ended('a', T0 + 8 * HOUR))
      .alert(8 * HOUR, ended('b', T0 + 8 * HOUR))
      .alert(8 * HOUR + MINUTE, alertOf('a', { startsAt: T0 + 8 * HOUR + 1 }));
    expect(outcomes(story)).toEqual([
      ...['opened', 'repeated', 'joined', 'repeated', 'stale', 'resolved', 'stale', 'parked', 'stale', 'unknown'],
      ...['refired', 'resolved', 'resolved', 'reopened'],
    ]);
  });

  it('when a person has closed it, and for what is not known here', () => {
    const story = new Story()
      .alert(0, alertOf('a'))
      .acts(MINUTE, 'resolve', ANNA)
      .alert(2 * MINUTE, alertOf('a'))
      .alert(3 * MINUTE, ended('a', T0 + 3 * MINUTE));
    expect(outcomes(story)).toEqual(['opened', 'other', 'closed', 'resolved']);
    expect(alertOutcome('__proto__')).toBe('other');
  });
});
