import { ChannelNames } from './channel-names.js';

describe('channels that figures name', () => {
  it('are the configured ones, and the first others, up to a limit', () => {
    const names = new ChannelNames(['C0DEFAULT1', 'C0OTHER001'], 4);
    expect([...names.all()]).toEqual(['C0DEFAULT1', 'C0OTHER001']);
    expect(['C00000003', 'C00000004', 'C00000005', 'C00000003'].map((channel) => names.of(channel))).toEqual([
      'C00000003',
      'C00000004',
      'other',
      'C00000003',
    ]);
    expect([...names.all()]).toHaveLength(4);
  });

  it.each(['', '#ops', 'general', 'C0"} 1\nevil 2', `C${'A'.repeat(30)}`])('never %j', (channel) => {
    const names = new ChannelNames([]);
    expect(names.of(channel)).toBe('other');
    expect([...names.all()]).toEqual([]);
  });
});
