import { ignoreElements, map, NEVER, of, Subject, throwError, timer } from 'rxjs';
import type { AgentError } from 'rx-agent-kit';
import { defineAgent, type Handle, HandlerError, type Run } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { expectRuns, failsAfter, takes } from '../support/expectRuns';

/** Letters of one kind, small or capital, are of one key. */
const key = (trigger: string): string => trigger.toLowerCase();

const throws = (): never => {
  throw new RangeError('no key');
};

describe('A key', () => {
  it('lets switch abort the run of the same key only [B41]', () =>
    expectRuns({
      trigger: 'abA-----',
      operator: (handle) => handle.switch(takes(5), { key }),
      runs: '   ss(xs)ee',
      result: ' ------BA',
    }));

  it('lets concat queue behind the runs of the same key only', () =>
    expectRuns({
      trigger: 'a  9ms b  9ms A',
      operator: (handle) => handle.concat(takes(30), { key }),
      runs: '   s  9ms s 19ms (es)  6ms e 19ms e',
      result: ' 30ms                 A  9ms B 19ms A',
    }));

  it('lets exhaust ignore the triggers of a key in flight only', () =>
    expectRuns({
      trigger: 'abAB----',
      operator: (handle) => handle.exhaust(takes(5), { key }),
      runs: '   ss---ee-',
      result: ' -----AB-',
      dropped: '--AB----',
    }));

  it('gives each key the concurrency of merge', () =>
    expectRuns({
      trigger: 'a 9ms A  9ms a 4ms b',
      operator: (handle) => handle.merge(takes(30), { key, concurrency: 2 }),
      runs: '   s 9ms s 14ms s 4ms (es) 6ms e 14ms e 4ms e',
      result: ' 30ms                 A 9ms A 14ms B 4ms A',
    }));

  it('gives each key a buffer, with its overflow', () =>
    expectRuns({
      trigger: 'a 9ms b  9ms A 4ms a 1ms B',
      operator: (handle) => handle.concat(takes(30), { key, buffer: 1, overflow: 'drop-newest' }),
      runs: '   s 9ms s 19ms (es) 6ms (es) 16ms e 9ms e',
      result: ' 30ms           A 9ms B 19ms A 9ms B',
      dropped: '25ms a',
    }));

  it('repeats an attempt beside the other keys', () =>
    expectRuns({
      trigger: 'a 4ms b',
      operator: (handle) =>
        handle.switch(
          (trigger, run) => (trigger === 'a' ? failsAfter(10)(trigger, run) : takes(50)(trigger, run)),
          { key, retry: { count: 1, backoff: 20 } },
        ),
      runs: '   s 4ms s 4ms f 19ms s 9ms f 14ms e',
      result: ' 55ms B',
      errors: ' 40ms h',
    }));

  it('completes with the last run of all keys', () =>
    expectRuns({
      trigger: 'abA|',
      operator: (handle) => handle.switch(takes(5), { key }),
      runs: '   ss(xs)ee',
      result: ' ------B(A|)',
    }));

  it('completes behind what waits', () =>
    expectRuns({
      trigger: 'aA|',
      operator: (handle) => handle.concat(takes(10), { key }),
      runs: '   s 9ms (es) 6ms e',
      result: ' 10ms A 9ms (A|)',
    }));

  it('may be anything that a Map can tell apart', () =>
    expectRuns({
      trigger: 'abab----',
      operator: (handle) =>
        handle.exhaust(takes(5), { key: (trigger) => (trigger === 'a' ? NaN : undefined) }),
      runs: '   ss---ee-',
      result: ' -----AB-',
      dropped: '--ab----',
    }));

  it('lets one trigger abort none but its own run, though the timer in front has no key', () =>
    expectRuns({
      trigger: 'a---b--A----------',
      operator:
        (handle, { time }) =>
        (source) =>
          source.pipe(time.after(2), handle.switch(takes(7), { key })),
      runs: '   --s---sx-s---e--e',
      result: ' -------------B--A-',
    }));
});

describe('A key that cannot be told', () => {
  it('is one HandlerError, and the trigger is left out', () =>
    expectRuns({
      trigger: 'abc--------',
      operator: (handle) =>
        handle.switch(takes(5), { key: (trigger) => (trigger === 'b' ? throws() : trigger) }),
      runs: '   s-s--e-e---',
      result: ' -----A-C---',
      dropped: '-b---------',
      errors: ' -h---------',
    }));

  it.each<[string, () => unknown, unknown]>([
    ['throws', throws, { name: 'RangeError' }],
    ['is async', async () => 'a', { code: 'bad-option' }],
  ])('says what is wrong where it %s', (_how, of, cause) =>
    runMarbles(async ({ cold, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({ result$: cold('-a').pipe(handle.merge(takes(1), { key: of })) }),
        }),
      );
      const errors: AgentError[] = [];
      agent.errors$.subscribe((error) => errors.push(error));
      await clock.sleep(5);
      expect(errors).toEqual([expect.any(HandlerError)]);
      expect(errors[0]).toMatchObject({ code: 'handler-failed', trigger: 'a', attempt: 0, cause });
      expect(agent.health.status).toBe('bad');
    }),
  );

  it('is told once, though a timer in front asks for it, too', () =>
    expectRuns({
      trigger: 'a-----',
      operator:
        (handle, { time }) =>
        (source) =>
          source.pipe(time.after(2), handle.switch(takes(7), { key: throws })),
      runs: '   ------',
      result: ' ------',
      dropped: '--a---',
      errors: ' --h---',
    }));
});

describe('A key at rest', () => {
  const POLICIES = ['switch', 'concat', 'merge', 'exhaust'] as const satisfies readonly (keyof Handle)[];

  /** How many lanes the operator holds that takes the triggers. */
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- There is no other way to the operator.
  const lanesBehind = ({ observers: [runner] }: Subject<number>): number => {
    const { lanes } = runner as unknown as { lanes: { byKey: Map<unknown, unknown> } };
    return lanes.byKey.size;
  };

  it.each(POLICIES)('leaves nothing with %s, whether its runs succeed, fail, or are aborted', (policy) =>
    runMarbles(async ({ start, clock }) => {
      const trigger$ = new Subject<number>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(
              handle[policy](
                async (number, run: Run) => {
                  if (number % 3 === 0) await run.sleep(1);
                  if (number % 3 === 1) throw new Error('no luck');
                  return number;
                },
                { key: (number: number) => number >> 1, retry: { count: 1, backoff: 1 } },
              ),
            ),
          }),
        }),
      );
      let count = 0;
      agent.streams.result$.subscribe(() => count++);
      for (let number = 0; number < 3000; number++) {
        trigger$.next(number);
        if (number % 1000 === 999) await clock.sleep(5);
      }
      await clock.sleep(10);
      expect(count).toBeGreaterThan(900);
      expect(lanesBehind(trigger$)).toBe(0);
      expect(agent.ledger()).toEqual([]);
    }),
  );

  it('leaves nothing when the agent is stopped in the midst of many', () =>
    runMarbles(async ({ start, clock, host }) => {
      const trigger$ = new Subject<number>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(
              handle.concat((_number, { sleep }) => sleep('1h'), {
                key: (number) => number % 100,
                buffer: 5,
              }),
            ),
          }),
        }),
      );
      for (let number = 0; number < 300; number++) trigger$.next(number);
      await clock.sleep(1);
      expect(host.ledger()).toHaveLength(100);
      expect((await agent.stop()).left).toEqual([]);
      expect(host.ledger()).toEqual([]);
    }));
});

describe('The health of an operator with a key', () => {
  it('is bad while a run has failed, until one of any key succeeds', () =>
    runMarbles(async ({ hot, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: hot('-a--b').pipe(
              handle.switch(
                async (trigger) => {
                  if (trigger === 'a') throw new Error('no luck');
                },
                { key },
              ),
            ),
          }),
        }),
      );
      const seen: string[] = [];
      agent.health$.subscribe(({ status }) => seen.push(`${clock.now()} ${status}`));
      await clock.sleep(10);
      expect(seen).toEqual(['0 starting', '0 good', '1 bad', '4 good']);
    }));
});

describe('time.after with a key', () => {
  it(
    'starts the wait of the same key again, and no other [B41]',
    marbleTest(({ hot, start, expectObservable }) => {
      const { result$ } = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({ result$: hot('abA------').pipe(time.after(3, { key })) }),
        }),
      ).streams;
      expectObservable(result$).toBe('----bA---');
    }),
  );

  it(
    'leads to a run of each key apart',
    marbleTest(({ hot, start, expectObservable, expectHandlers }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ time, handle }) => ({
          result$: hot('ab---A---------').pipe(time.after(3, { key }), handle.switch(takes(5), { key })),
        }),
      });
      expectObservable(start(agent).streams.result$).toBe('---------B---A');
      // a's run is aborted by its new trigger, and not only when that has waited.
      expectHandlers(agent, 'result$').toBe('---ssx--se---e');
    }),
  );

  it(
    'takes a wait for each trigger',
    marbleTest(({ hot, start, expectObservable }) => {
      const { result$ } = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({
            result$: hot('(ab)-----').pipe(time.after((letter) => (letter === 'a' ? 5 : 2), { key })),
          }),
        }),
      ).streams;
      expectObservable(result$).toBe('--b--a');
    }),
  );

  it(
    'finishes the waits of all keys when its triggers complete',
    marbleTest(({ hot, start, expectObservable }) => {
      const { result$ } = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({ result$: hot('ab|').pipe(time.after(3, { key })) }),
        }),
      ).streams;
      expectObservable(result$).toBe('---a(b|)');
    }),
  );

  it.each<[string, () => string]>([
    ['key', () => key(undefined as never)],
    ['wait', () => 'soon'],
  ])('fails with what its %s throws', (which, throws) =>
    runMarbles(async ({ hot, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({
            result$: hot('-a').pipe(
              which === 'key' ? time.after(3, { key: throws }) : time.after(throws, { key }),
            ),
          }),
        }),
      );
      const codes: string[] = [];
      agent.errors$.subscribe(({ code }) => codes.push(code));
      await clock.sleep(5);
      expect(codes).toEqual(['stream-failed']);
    }),
  );

  it('shows each wait in the ledger, and leaves nothing of a key at rest, nor of a stop', () =>
    runMarbles(async ({ hot, start, clock, host }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({ result$: hot('ab').pipe(time.after(10, { key })) }),
        }),
      );
      await clock.sleep(5);
      expect(host.ledger()).toMatchObject([
        { kind: 'timer', timer: 'after', due: 10 },
        { kind: 'timer', timer: 'after', due: 11 },
      ]);
      await clock.sleep(10);
      expect(host.ledger()).toEqual([]);
      await agent.stop();
    }));

  it('cancels all waits at a stop', () =>
    runMarbles(async ({ hot, start, clock, host }) => {
      const cancelled: number[] = [];
      host.trace$.subscribe(({ type, at }) => {
        if (type === 'timer-cancelled') cancelled.push(at);
      });
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ time }) => ({ result$: hot('ab').pipe(time.after(10, { key })) }),
        }),
      );
      await clock.sleep(5);
      await agent.stop();
      expect(cancelled).toEqual([5, 5]);
      expect(clock.now()).toBe(5);
    }));
});

describe('until', () => {
  it('calls off the run when what it gives emits, as a switch does', () =>
    runMarbles(async ({ hot, start, clock, host, expectHandlers }) => {
      const stop$ = hot('   ---------a');
      const reasons: unknown[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'run-aborted') reasons.push(event.reason);
      });
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: hot('    -a--b').pipe(
            handle.merge((_trigger, { sleep }) => sleep(20), {
              until: (trigger) => (trigger === 'a' ? stop$ : NEVER),
            }),
          ),
        }),
      });
      start(agent);
      expectHandlers(agent, 'result$').toBe('-s--s----x--------------e');
      await clock.sleep(15);
      expect(reasons).toEqual(['called-off']);
    }));

  it('lets the next in the queue begin', () =>
    expectRuns({
      trigger: 'ab---------',
      operator: (handle) =>
        handle.concat(takes(8), { until: (trigger) => (trigger === 'a' ? timer(3) : NEVER) }),
      runs: '   s--(xs)----e',
      result: ' -----------B',
    }));

  it('calls off what is to be repeated, too', () =>
    expectRuns({
      trigger: 'a---------',
      operator: (handle) =>
        handle.switch(failsAfter(1), { retry: { count: 5, backoff: 9 }, until: () => timer(3) }),
      runs: '   sf-x------',
      result: ' ----------',
    }));

  it('leaves a trigger out if it has emitted already', () =>
    expectRuns({
      trigger: 'ab--------',
      operator: (handle) =>
        handle.switch(takes(3), { until: (trigger) => (trigger === 'a' ? of(1) : NEVER) }),
      runs: '   -s--e-----',
      result: ' ----B-----',
      dropped: 'a---------',
    }));

  it('is subscribed for as long as the job lasts', () =>
    runMarbles(({ cold, hot, start, expectSubscriptions }) => {
      const stop$ = cold('-----------a');
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: hot('-a----').pipe(
              handle.switch(
                async (_trigger, { attempt, sleep }) => {
                  await sleep(1);
                  if (attempt === 1) throw new Error('once');
                },
                { retry: { count: 1, backoff: 3 }, until: () => stop$ },
              ),
            ),
          }),
        }),
      );
      expectSubscriptions(stop$.subscriptions).toBe('-^----!');
    }));

  it('is nothing to the run if it completes', () =>
    expectRuns({
      trigger: 'a----',
      operator: (handle) => handle.switch(takes(3), { until: () => timer(1).pipe(ignoreElements()) }),
      runs: '   s--e-',
      result: ' ---A-',
    }));

  it.each([
    [
      'throws',
      () => {
        throw new Error('until');
      },
    ],
    ['gives no Observable', () => 5],
    ['fails at once', () => throwError(() => new Error('until'))],
  ])('that %s is one HandlerError, and the trigger is left out', (_how, until) =>
    expectRuns({
      trigger: 'a----',
      operator: (handle) => handle.switch(takes(3), { until: until as never }),
      runs: '   -----',
      result: ' -----',
      dropped: 'a----',
      errors: ' h----',
    }),
  );

  it('that fails later is what the run fails with', () =>
    expectRuns({
      trigger: 'a-----',
      operator: (handle) =>
        handle.switch(takes(9), { retry: { count: 3 }, until: () => timer(2).pipe(map(throws)) }),
      runs: '   s-f---',
      result: ' ------',
      errors: ' --h---',
    }));
});
