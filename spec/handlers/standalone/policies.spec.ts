import { handle, type StandaloneRun } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { takes } from '../support/expectRuns';

const key = (trigger: string): string => trigger.toLowerCase();

describe('A handler operator without an agent', () => {
  it.each([
    ['switch', handle.switch(takes(3)), '      -----B---|'],
    ['concat', handle.concat(takes(3)), '      ---A--B--|'],
    ['merge', handle.merge(takes(3)), '        ---A-B---|'],
    ['exhaust', handle.exhaust(takes(3)), '    ---A-----|'],
  ])('does with %s what an agent’s does', (_policy, operator, result) =>
    marbleTest(({ hot, expectObservable, expectSubscriptions }) => {
      const trigger$ = hot('a-b------|');
      expectObservable(trigger$.pipe(operator)).toBe(result);
      expectSubscriptions(trigger$.subscriptions).toBe('^--------!');
    })(),
  );

  it.each([
    ['switch', handle.switch(takes(5), { key }), '------BA'],
    ['concat', handle.concat(takes(5), { key }), '-----AB---C'],
    ['merge', handle.merge(takes(5), { key, concurrency: 1 }), '-----AB---C'],
    ['exhaust', handle.exhaust(takes(5), { key }), '-----AB'],
  ])('applies %s to each key apart', (_policy, operator, result) =>
    marbleTest(({ hot, expectObservable }) => {
      // a and A are of one key.
      expectObservable(hot('abA--------').pipe(operator)).toBe(result, { A: 'A', B: 'B', C: 'A' });
    })(),
  );

  it(
    'finishes what is in flight when the triggers complete',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('(ab|)').pipe(handle.concat(takes(3)))).toBe('---A--(B|)');
    }),
  );

  it(
    'passes an error of the triggers on at once, and aborts all runs',
    marbleTest(async ({ cold, clock }) => {
      const signals: AbortSignal[] = [];
      const told: unknown[] = [];
      cold('a-#')
        .pipe(
          handle.merge(async (_trigger, { signal, sleep }) => {
            signals.push(signal);
            await sleep('1h');
          }),
        )
        .subscribe({ error: (error: unknown) => told.push(clock.now(), error) });
      await clock.sleep(10);
      expect(told).toEqual([2, 'error']);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    }),
  );

  it(
    'aborts all runs when it is unsubscribed, and lets go of the triggers',
    marbleTest(async ({ hot, clock, expectSubscriptions }) => {
      const trigger$ = hot('ab---');
      const ends: string[] = [];
      const subscription = trigger$
        .pipe(
          handle.merge(async (trigger, { signal, sleep }) => {
            try {
              await sleep('1h');
            } finally {
              ends.push(`${trigger} at ${clock.now()}: ${String(signal.reason)}`);
            }
          }),
        )
        .subscribe();
      await clock.sleep(4);
      subscription.unsubscribe();
      await clock.sleep(4);
      expect(ends).toEqual([expect.stringContaining('a at 4: Cancelled'), expect.stringContaining('b at 4')]);
      expectSubscriptions(trigger$.subscriptions).toBe('^---!');
    }),
  );

  it(
    'aborts the run of a switch, with its signal and its waits',
    marbleTest(({ hot, expectObservable }) => {
      const seen: string[] = [];
      const result$ = hot('a--b').pipe(
        handle.switch(async (trigger, { sleep, signal }) => {
          signal.addEventListener('abort', () => seen.push(`${trigger} aborted`));
          await sleep(5);
          return seen.join();
        }),
      );
      expectObservable(result$).toBe('--------r', { r: 'a aborted' });
    }),
  );

  it(
    'emits each value of a generator, and of an Observable',
    marbleTest(({ hot, cold, expectObservable }) => {
      const count = async function* (_trigger: string, { sleep }: StandaloneRun) {
        yield 'x';
        await sleep(2);
        yield 'y';
      };
      expectObservable(hot('a').pipe(handle.switch(count))).toBe('x-y');
      expectObservable(hot('a').pipe(handle.switch(() => cold('-x-y|')))).toBe('-x-y');
    }),
  );

  it(
    'starts nothing and keeps nothing of a key at rest',
    marbleTest(({ hot, expectObservable }) => {
      expectObservable(hot('a---A').pipe(handle.switch(takes(2), { key }))).toBe('--A---A');
    }),
  );

  it(
    'calls a run off by its until',
    marbleTest(({ hot, expectObservable }) => {
      const stop$ = hot('--x-');
      expectObservable(hot('a---b').pipe(handle.switch(takes(3), { until: () => stop$ }))).toBe('-------B');
    }),
  );
});
