import * as fc from 'fast-check';
import type { Change } from 'rx-agent-kit';
import { Journal } from '../../lib/store/Journal';
import { Shelf } from '../../lib/store/Shelf';

/** A macrotask turn of the host. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function journalOn(commit: (batch: readonly Change[]) => Promise<void>) {
  const told: string[] = [];
  const waits: (() => void)[] = [];
  const journal = new Journal({
    commitFailed: (error) => told.push(`failed: ${String(error)}`),
    commitsAgain: () => told.push('again'),
    isFenced: (error) => String(error).includes('fenced'),
    wait: (_ms, then) => waits.push(then),
  });
  journal.open({
    read: () => [],
    commit,
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  return { journal, told, retry: () => waits.splice(0).forEach((then) => then()) };
}

describe('Journal', () => {
  it('commits what one turn writes as one batch, microtasks included', async () => {
    const batches: Change[][] = [];
    const { journal } = journalOn(async (batch) => void batches.push([...batch]));
    journal.put('a', 1, true);
    for (let n = 0; n < 100; n++) await Promise.resolve();
    journal.put('b', 1, true);
    await turn();
    journal.put('c', 1, true);
    await turn();
    expect(batches).toEqual([
      [
        ['a', 1],
        ['b', 1],
      ],
      [['c', 1]],
    ]);
  });

  it('lets later turns join while a batch is being committed', async () => {
    const batches: Change[][] = [];
    let done = () => {};
    const { journal } = journalOn((batch) => {
      batches.push([...batch]);
      return new Promise((resolve) => (done = resolve));
    });
    journal.put('a', 1, true);
    await turn();
    journal.put('b', 1, true);
    await turn();
    journal.put('c', 1, true);
    await turn();
    expect(batches).toHaveLength(1);
    done();
    await turn();
    expect(batches[1]).toEqual([
      ['b', 1],
      ['c', 1],
    ]);
  });

  it('writes nothing of what comes and goes within one batch', async () => {
    const batches: Change[][] = [];
    const { journal } = journalOn(async (batch) => void batches.push([...batch]));
    const shelf = new Shelf(journal, 'p/');
    let isKept = false;
    shelf.put('1', 1);
    shelf.remove('1');
    journal.whenKept({ kept: () => (isKept = true), refused: () => {} });
    await turn();
    expect(batches).toEqual([]);
    expect(isKept).toBe(true);
  });

  it('gives a refused batch again, before what came later, and tells once', async () => {
    const batches: Change[][] = [];
    let isBroken = true;
    const { journal, told, retry } = journalOn(async (batch) => {
      if (isBroken) throw new Error('full');
      batches.push([...batch]);
    });
    journal.put('a', 1, true);
    await turn();
    journal.put('a', 2, false);
    await turn();
    retry();
    await turn();
    isBroken = false;
    retry();
    await turn();
    expect(batches).toEqual([[['a', 1]], [['a', 2]]]);
    expect(told).toEqual(['failed: Error: full', 'again']);
  });

  it('gives up when somebody else has taken over', async () => {
    let commits = 0;
    const { journal } = journalOn(async () => {
      commits++;
      throw new Error('fenced');
    });
    const refusals: boolean[] = [];
    journal.put('a', 1, true);
    journal.whenKept({ kept: () => {}, refused: (_error, isForGood) => refusals.push(isForGood) });
    await turn();
    journal.put('b', 1, true);
    await turn();
    journal.whenKept({ kept: () => {}, refused: (_error, isForGood) => refusals.push(isForGood) });
    expect(refusals).toEqual([true, true]);
    expect(commits).toBe(1);
  });

  it('has always the state after some turn in the store, whatever is put, removed, refused', async () => {
    const action = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.option(fc.integer(), { nil: undefined }),
      endsTurn: fc.boolean(),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        const store = new Map<string, unknown>();
        const states = ['[]'];
        const isState = () => states.includes(JSON.stringify([...store].sort()));
        let fails = false;
        const { journal, retry } = journalOn(async (batch) => {
          await Promise.resolve();
          if (fails) throw new Error('full');
          for (const [key, value] of batch)
            if (value === undefined) store.delete(key);
            else store.set(key, value);
          expect(isState()).toBe(true);
        });
        const shelf = new Shelf(journal, '');
        for (const { key, value, endsTurn, fails: next } of actions) {
          if (value === undefined) shelf.remove(key);
          else shelf.put(key, value);
          if (!endsTurn) continue;
          states.push(JSON.stringify([...shelf.entries].sort()));
          fails = next;
          await turn();
          retry();
        }
        states.push(JSON.stringify([...shelf.entries].sort()));
        fails = false;
        for (let n = 0; n < 3; n++) {
          await turn();
          retry();
        }
        await turn();
        expect(store).toEqual(shelf.entries);
        expect(journal.isClean).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
