import { RESOLVED } from './messages.fixture.js';
import { whisperFaults } from './slack-rules.fixture.js';
import { whisper, type Whisper } from './whispers.js';

const other = { kind: 'slack', id: 'U0123ABCD' } as const;
const rest = { kind: 'rest', id: 'alice <ops>' } as const;
const at = RESOLVED;
const WHEN = '(<!date^1705329930^{date_short_pretty} at {time}|2024-01-15 14:45:30 UTC>)';
const T = '“Disk &lt;full&gt;”';

test.each<[Whisper, string]>([
  [{ kind: 'already-acknowledged', at }, `👀 You acknowledged ${T} already ${WHEN}.`],
  [
    { kind: 'already-acknowledged-by-another', by: other, at },
    `👀 <@U0123ABCD> acknowledged ${T} already ${WHEN}. To take over, press Unack and then Ack.`,
  ],
  [
    { kind: 'already-acknowledged-by-another', by: rest, at },
    `👀 alice &lt;ops&gt; acknowledged ${T} already ${WHEN}.`,
  ],
  [
    { kind: 'too-late', by: other, at },
    `✅ Too late: ${T} was resolved by <@U0123ABCD> ${WHEN}. If it is not over, press Reopen.`,
  ],
  [{ kind: 'too-late', by: null, at }, `✅ Too late: ${T} was resolved by its source ${WHEN}.`],
  [
    { kind: 'already-resolved', by: rest, at: Number.NaN },
    `✅ Nothing was changed: ${T} was resolved already by alice`,
  ],
  [{ kind: 'not-acknowledged' }, `Nobody has acknowledged ${T}, so there is nothing to take back.`],
  [{ kind: 'not-resolved' }, `There is nothing to reopen: ${T} is open.`],
  [{ kind: 'not-silenced' }, `There is no silence to end: ${T} is not silenced.`],
  [{ kind: 'silence-pending' }, `🔕 A silence for ${T} is being made at this moment.`],
  [
    { kind: 'not-current', newer: { url: 'https://example.slack.com/archives/C0123456789/p1705329026000100' } },
    `so ${T} is closed for good. Please go on in <https://example.slack.com/archives/C0123456789/p1705329026000100|its thread>.`,
  ],
  [
    { kind: 'not-current', newer: { url: null } },
    `The problem came back as a newer incident with a thread of its own, so ${T} is closed for good. Please go on there.`,
  ],
  [
    { kind: 'not-current', newer: null },
    `Nothing was changed: ${T} is closed for good. If the problem is still there, its next alert starts a new thread.`,
  ],
  [{ kind: 'no-longer-tracked' }, `Alert Threader no longer tracks ${T}: `],
  [
    { kind: 'other-deployment', deployment: 'staging' },
    `Nothing was changed: ${T} belongs to another deployment (\`staging\`).`,
  ],
  [{ kind: 'other-deployment', deployment: '`<!here>`' }, `${T} belongs to another deployment (\`'&lt;!here&gt;'\`).`],
  [{ kind: 'other-deployment', deployment: '' }, `${T} belongs to another deployment. `],
  [{ kind: 'not-allowed', reason: 'not-listed' }, `Sorry, ${T} was not changed: only people of the on-call list may`],
  [{ kind: 'not-allowed', reason: 'guest' }, `Sorry, ${T} was not changed: guests may not do this.`],
  [
    { kind: 'not-allowed', reason: 'other-organisation' },
    `${T} was not changed: people of other organisations may not`,
  ],
  [{ kind: 'not-allowed', reason: 'could-not-check' }, 'Please try again in a minute.'],
  [{ kind: 'channel-not-served' }, `Sorry, ${T} was not changed: clicks in this channel do not count.`],
  [{ kind: 'store-failed' }, `⚠️ What you did to ${T} could not be saved. Please try again in a minute.`],
  [
    { kind: 'silence-failed', reason: 'answered 400: <bad> @here' },
    `⚠️ Nothing is silenced: the silence for ${T} could not be made: answered 400: &lt;bad&gt; @\u200Bhere\nPlease try`,
  ],
  [{ kind: 'silence-failed', reason: '', ending: true }, `⚠️ The silence of ${T} could not be ended.\nPlease try`],
  [
    { kind: 'failed', incidentId: 'INC-20240115143025-0a1b2c3d' },
    `⚠️ Something went wrong with ${T} (INC-20240115143025-0a1b2c3d). Please look`,
  ],
  [{ kind: 'took-longer' }, `It took longer than usual, but it worked: ${T}.`],
])('%j', (what, words) => {
  const text = whisper(what, 'Disk <full>');
  expect(text).toContain(words);
  expect(whisperFaults(text)).toEqual([]);
  expect(whisper(what, null)).toContain('this incident');
  expect(whisper(what, '\u200B')).toBe(whisper(what, null));
});

test.each(['!channel', 'U1> <!here', 'u123abc'])('%j is no mention', (id) => {
  const text = whisper({ kind: 'already-acknowledged-by-another', by: { kind: 'slack', id }, at }, '@channel');
  expect(text).not.toContain('<@');
  expect(text).toContain('“@\u200Bchannel”');
  expect(whisperFaults(text)).toEqual([]);
});
