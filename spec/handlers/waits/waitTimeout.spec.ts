import type { Observable } from 'rxjs';
import { concat, EMPTY, finalize, map, NEVER, of, Subject, timer } from 'rxjs';
import { AgentError, defineAgent, HandlerError, type Handler, type Run } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { expectRuns } from '../support/expectRuns';

type Wait = (run: Run) => Promise<unknown>;

const never = (): Promise<never> => new Promise(() => undefined);

/** The waits that have a timeout, each for what never comes. */
const WAITS: readonly [string, Wait][] = [
  ['next', ({ next }) => next(NEVER, { timeout: 5 })],
  ['each', ({ each }) => each(NEVER, { timeout: 5 }).next()],
  ['external', ({ external }) => external(never(), { timeout: 5 })],
];

/** Starts an agent that runs a handler at 1. */
function start({ cold, start: startAgent }: MarbleHelpers, handler: Handler<string, unknown>) {
  return startAgent(
    defineAgent({
      name: 'agent',
      streams: ({ handle }) => ({ result$: cold('-a').pipe(handle.switch(handler)) }),
    }),
  );
}

describe.each(WAITS)('A timeout of run.%s', (on, wait) => {
  it('rejects with AgentError wait-timeout at its instant, and the run goes on', () =>
    expectRuns({
      trigger: '-a-------',
      operator: (handle) =>
        handle.switch(async (_a, run) => {
          const error = await wait(run).catch((thrown: unknown) => thrown);
          return error instanceof AgentError ? error.code : error;
        }),
      runs: '   -s----e--',
      result: ' ------a--',
      values: { a: 'wait-timeout' },
    }));

  it(
    'says where and what, as the cause of the HandlerError if nobody catches it',
    marbleTest(async (helpers) => {
      const agent = start(helpers, (_a, run) => wait(run));
      const errors: AgentError[] = [];
      agent.errors$.subscribe((error) => errors.push(error));
      await helpers.clock.sleep(10);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(HandlerError);
      expect(errors[0]).toMatchObject({
        code: 'handler-failed',
        cause: { name: 'AgentError', code: 'wait-timeout', agent: 'agent', stream: 'result$' },
      });
      expect(errors[0]!.message).toMatch(
        new RegExp(
          `^agent.result\\$: result\\$ failed at attempt 1: agent.result\\$: ${on} of .*within 5ms\\.`,
        ),
      );
    }),
  );

  it(
    'leaves nothing, whether it has passed, was not needed or its run was aborted',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const agent = start(helpers, async (_a, run) => {
        await wait(run).catch(() => undefined);
        await run.sleep(1);
        await wait(run);
      });
      await clock.sleep(9);
      expect(host.ledger()).toMatchObject([{ parked: [{ on }] }]);
      const { left } = await agent.stop();
      expect([left, host.ledger(), clock.now()]).toEqual([[], [], 9]);
    }),
  );

  it.each([0, -1, NaN, Infinity, 'soon'])('of %p is refused, as a failure of the run', (timeout) =>
    expectRuns({
      trigger: '-a--',
      operator: (handle) =>
        handle.switch(async (_a, { next, each, external }) => {
          const options = { timeout };
          if (on === 'next') return next(NEVER, options);
          return on === 'each' ? each(NEVER, options).next() : external(never(), options);
        }),
      runs: '   -(sf)',
      result: ' ----',
      errors: ' -h--',
    }),
  );
});

describe('run.next with a timeout', () => {
  it('gives what comes in time, and at the very instant if that was armed before', () =>
    expectRuns({
      trigger: 'a-------',
      operator: (handle) =>
        handle.switch(async (_a, { next, now }) => {
          const at = (source$: Observable<unknown>) => next(source$, { timeout: 3 }).then(now, () => 'late');
          const soon$ = timer(3);
          return [await at(timer(2)), await at(soon$.pipe(map(() => 1))), await at(timer(4))].join();
        }),
      runs: '   s-------e',
      result: ' --------a',
      values: { a: '2,late,late' },
    }));

  it(
    'lets go of the source when it has passed',
    marbleTest(({ cold, hot, start: startAgent, expectObservable, expectSubscriptions }) => {
      const source$ = cold('------x');
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: hot('-a').pipe(
            handle.switch(async (_a, { next }) =>
              next(source$, { timeout: 4, what: 'the answer' }).catch(
                (error: unknown) => (error as AgentError).message,
              ),
            ),
          ),
        }),
      });
      expectObservable(startAgent(agent).streams.result$).toBe('-----m', {
        m: expect.stringContaining('next of the answer: nothing came within 4ms'),
      });
      expectSubscriptions(source$.subscriptions).toBe('-^---!');
    }),
  );

  it('takes a name alone, as ever', () =>
    runMarbles(async (helpers) => {
      start(helpers, (_a, { next }) => next(NEVER, 'Godot'));
      await helpers.clock.sleep(5);
      expect(helpers.host.ledger()).toMatchObject([{ parked: [{ on: 'next', detail: 'Godot' }] }]);
    }));

  it('shows in the ledger with its name', () =>
    runMarbles(async (helpers) => {
      start(helpers, (_a, { next }) => next(NEVER, { what: 'Godot', timeout: '1h' }));
      await helpers.clock.sleep(5);
      expect(helpers.host.ledger()).toMatchObject([{ parked: [{ on: 'next', detail: 'Godot', since: 1 }] }]);
    }));
});

describe('run.each with a timeout', () => {
  it('bounds the wait between two items, and not the whole', () =>
    expectRuns({
      trigger: 'a-----------------',
      operator: (handle) =>
        handle.switch(async function* (_a, { each, sleep }) {
          try {
            // Items at 2 and 5; the handler takes 4 for each.
            const source$ = concat(timer(2), timer(3), NEVER);
            for await (const _item of each(source$, { timeout: 3 })) {
              yield 'i';
              await sleep(4);
            }
          } catch (error) {
            yield (error as AgentError).code;
          }
        }),
      // The second is there when it is asked for; the third is asked for at 10.
      runs: '   s------------e----',
      result: ' --i---i------t----',
      values: { i: 'i', t: 'wait-timeout' },
    }));

  it('lets go of the source when it has passed, and is over then', () =>
    runMarbles(async (helpers) => {
      const seen: unknown[] = [];
      const source$ = new Subject<number>().pipe(
        finalize(() => seen.push(`let go at ${helpers.clock.now()}`)),
      );
      start(helpers, async (_a, { each }) => {
        const items = each(source$, { timeout: 4 });
        await items.next().catch((error: unknown) => seen.push((error as AgentError).code));
        seen.push(await items.next());
      });
      await helpers.clock.sleep(20);
      expect(seen).toEqual(['let go at 5', 'wait-timeout', { done: true, value: undefined }]);
    }));

  it('is not there when the source has ended', () =>
    expectRuns({
      trigger: 'a--',
      operator: (handle) =>
        handle.switch(async (_a, { each }) => {
          for await (const _item of each(EMPTY, { timeout: 1 }));
          return 'end';
        }),
      runs: '   (se)',
      result: ' a--',
      values: { a: 'end' },
    }));
});

describe('run.external with a timeout', () => {
  it('gives what comes in time, also by what is virtual itself', () =>
    expectRuns({
      trigger: 'a-------',
      operator: (handle) =>
        handle.switch(async (_a, { external, now }) => {
          await external(Promise.resolve(), { timeout: 1 });
          await external(new Promise((resolve) => setTimeout(resolve, 3)), { timeout: 4 });
          return now();
        }),
      runs: '   s--e----',
      result: ' ---a----',
      values: { a: 3 },
    }));

  it(
    'lets nothing be unhandled when the promise rejects later',
    marbleTest(async (helpers) => {
      const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error('late')), 20));
      start(helpers, async (_a, { external }) => {
        await external(late, { timeout: 5 }).catch(() => undefined);
      });
      await helpers.clock.sleep(50);
      expect(helpers.host.ledger()).toEqual([]);
    }),
  );

  it('lets what takes real time come, however soon the timeout is', () =>
    runMarbles(async (helpers) => {
      const { readFile } = await import('node:fs/promises');
      const agent = start(helpers, async (_a, { external, now }) => {
        const text = await external(readFile(__filename, 'utf8'), { timeout: 1 });
        return `${text.length > 0 ? 'read' : 'empty'} at ${now()}`;
      });
      const seen: unknown[] = [];
      agent.streams.result$.subscribe((value) => seen.push(value));
      await helpers.clock.sleep(20);
      expect(seen).toEqual(['read at 1']);
    }));
});

it('A wait refuses what is neither a name nor options', () =>
  expectRuns({
    trigger: '-a--',
    operator: (handle) => handle.switch((_a, { next }) => next(of(1), 5 as never)),
    runs: '   -(sf)',
    result: ' ----',
    errors: ' -h--',
  }));
