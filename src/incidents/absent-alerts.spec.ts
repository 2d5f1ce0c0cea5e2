import { AbsentAlerts } from './absent-alerts.js';

const MINUTE = 60_000;
const NOW = Date.parse('2024-01-15T14:30:25Z');
const at = (minutes: number): number => NOW + minutes * MINUTE;

describe('alerts that end without a word', () => {
  let absent: AbsentAlerts;
  beforeEach(() => {
    absent = new AbsentAlerts();
  });
  const poll = (minutes: number, missing: string[], startedAt: number | null = at(-60)): string[] =>
    absent.polled('i1', missing, startedAt, at(minutes));

  it('are over when absent in polls 10 minutes apart', () => {
    expect(poll(0, ['a', 'b'])).toEqual([]);
    expect(poll(9, ['a', 'b'])).toEqual([]);
    expect(poll(10, ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('begin anew when they were seen in between', () => {
    poll(0, ['a', 'b']);
    poll(5, ['b']);
    expect(poll(10, ['a', 'b'])).toEqual(['b']);
    expect(poll(20, ['a'])).toEqual(['a']);
  });

  it('are not judged by a server that started less than 15 minutes ago: its list is empty at first', () => {
    poll(0, ['a']);
    expect(poll(10, ['a'], at(-5))).toEqual([]);
    expect(poll(11, ['a'], at(-5))).toEqual([]);
    expect(poll(21, ['a'], at(-5))).toEqual(['a']); // from the first poll of a full list, at 11
  });

  it('have to be absent for longer where the server does not say when it started', () => {
    poll(0, ['a'], null);
    expect(poll(24, ['a'], null)).toEqual([]);
    expect(poll(25, ['a'], null)).toEqual(['a']);
  });

  it('are forgotten with their incident', () => {
    poll(0, ['a']);
    absent.keepOnly(new Set(['i2']));
    expect(poll(10, ['a'])).toEqual([]);
  });
});
