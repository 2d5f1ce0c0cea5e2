import fc from 'fast-check';
import { statSync } from 'node:fs';
import { copyFile, truncate } from 'node:fs/promises';
import type { ThreadRecord } from '../../src/domain/record.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, emptied, incidentId, resolved } from './records.js';
import { TestDisk } from './test-disk.js';

type Step =
  | { readonly kind: 'set' | 'remove'; readonly key: string; readonly text: string; readonly wait: boolean }
  | { readonly kind: 'archive'; readonly n: number; readonly wait: boolean }
  | { readonly kind: 'wait'; readonly wait: true };

const key = fc.constantFrom('a', 'b', 'c', '한|글');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      key,
      text: fc.string({ unit: 'binary' }),
      wait: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), key, text: fc.constant(''), wait: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('archive' as const), n: fc.nat(20), wait: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const, wait: true as const }) },
);
/** Steps, then a crash: where in what was not yet durable the file ends. */
const life = fc.record({
  steps: fc.array(step, { maxLength: 40 }),
  commit: fc.nat(12),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Every state that each key went through, and which of them was the last that is known to be durable. */
class Expected {
  private readonly states = new Map<string, string[]>();
  private readonly durable = new Map<string, number>();

  change(name: string, state: string): () => void {
    const states = this.states.get(name) ?? [''];
    this.states.set(name, states);
    const at = states.push(state) - 1;
    return () => {
      this.durable.set(name, Math.max(at, this.durable.get(name) ?? 0));
    };
  }

  /** What each key may be after a crash now. */
  allowed(): Map<string, readonly string[]> {
    return new Map([...this.states].map(([name, states]) => [name, states.slice(this.durable.get(name) ?? 0)]));
  }
}

const shown = (record: ThreadRecord | undefined): string => (record === undefined ? '' : `=${record.adopt ?? ''}`);

describe('a crash at any byte that was not yet durable', () => {
  it('loses nothing that was durable, whatever came before, life after life', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
        const folders: StoreFolder[] = [await StoreFolder.make()];
        try {
          let before: ReadonlyMap<string, string> = new Map();
          for (const { steps, commit, cut } of lives) {
            const folder = folders.at(-1) as StoreFolder;
            const next = await StoreFolder.make();
            folders.push(next);
            const expected = new Expected();
            for (const [name, state] of before) expected.change(name, state)();
            let allowed: Map<string, readonly string[]> | undefined;
            let synced = 0;
            let commits = 0;
            const disk = new TestDisk();
            const crash = async (): Promise<void> => {
              allowed = expected.allowed();
              const { size } = statSync(folder.file);
              await copyFile(folder.file, next.file);
              await truncate(next.file, synced + Math.round((size - synced) * cut));
              crashes += 1;
            };
            const store = await folder.open({ disk });
            synced = statSync(folder.file).size;
            disk.before = async (call) => {
              if (call !== 'datasync') return;
              if (commits++ === commit) await crash();
              else synced = statSync(folder.file).size;
            };
            let running: Promise<unknown>[] = [];
            for (const one of steps) {
              if (one.kind === 'archive') {
                const done = expected.change(`history ${one.n}`, 'there');
                running.push(store.archive(resolved(one.n)).then(done));
              } else if (one.kind !== 'wait') {
                const text = one.kind === 'set' ? `=${one.text}` : '';
                const done = expected.change(one.key, text);
                const change = one.kind === 'remove' ? emptied : (r: ThreadRecord) => ({ ...r, adopt: one.text });
                running.push(store.update(one.key, CHANNEL, change).then(done));
              }
              if (one.wait) {
                await Promise.all(running);
                running = [];
              }
            }
            await Promise.all(running);
            if (allowed === undefined) await crash(); // it ended before
            const restarted = await next.open();
            const after = new Map<string, string>();
            for (const [name, states] of allowed ?? []) {
              const [, n] = /^history (\d+)$/.exec(name) ?? [];
              const archived = n === undefined ? undefined : await restarted.incident(incidentId(Number(n)));
              const state =
                n === undefined ? shown(await restarted.get(name, CHANNEL)) : archived === undefined ? '' : 'there';
              expect(states).toContain(state);
              after.set(name, state);
            }
            expect(next.log.messages('error')).toEqual([]);
            await restarted.close();
            before = after;
          }
        } finally {
          for (const folder of folders) await folder.dispose();
        }
      }),
      { numRuns: 60 },
    );
    expect(crashes).toBeGreaterThanOrEqual(60);
  });
});
