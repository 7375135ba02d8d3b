import { type AgentError, defineAgent, type RetryOptions, type Run } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { expectRuns } from '../support/expectRuns';

/** Fails until an attempt. */
const succeedsAt = (last: number) => async (attempt: number) => {
  if (attempt < last) throw new Error(`attempt ${attempt}`);
  return attempt;
};

type Handler = (trigger: string, run: Run) => Promise<unknown>;

describe('run.retry', () => {
  it('repeats a part of the run by the options of retry, and gives what it gives', () =>
    expectRuns({
      trigger: '-a---------',
      operator: (handle) =>
        handle.switch(async (_a, { retry, now }) => {
          const attempt = await retry(succeedsAt(3), { count: 5, backoff: 2 });
          return `attempt ${attempt} at ${now()}`;
        }),
      runs: '   -s-----e---',
      result: ' -------a---',
      values: { a: 'attempt 3 at 7' },
    }));

  it('rejects with what the last attempt has failed with', () =>
    expectRuns({
      trigger: '-a-------',
      operator: (handle) =>
        handle.switch(async (_a, { retry }) =>
          retry(succeedsAt(9), { count: 2, backoff: 2, factor: 1 }).catch((error: unknown) => String(error)),
        ),
      runs: '   -s---e---',
      result: ' -----a---',
      values: { a: 'Error: attempt 3' },
    }));

  it('asks when(), and rejects with what that throws', () =>
    expectRuns({
      trigger: 'a--------',
      operator: (handle) =>
        handle.switch(async (_a, { retry }) => {
          const asked: unknown[] = [];
          const options: RetryOptions = { count: 9, backoff: 1, factor: 1 };
          const no = (error: unknown, attempt: number): boolean => {
            asked.push((error as Error).message, attempt);
            return attempt < 2;
          };
          await retry(succeedsAt(5), { ...options, when: no }).catch(() => undefined);
          const thrower = (): never => {
            throw new RangeError('when');
          };
          await retry(succeedsAt(5), { ...options, when: thrower }).catch((error: unknown) =>
            asked.push(String(error)),
          );
          return asked;
        }),
      runs: '   se-------',
      result: ' -a-------',
      values: { a: ['attempt 1', 1, 'attempt 2', 2, 'RangeError: when'] },
    }));

  it.each<[string, Handler]>([
    ['in its pause', (_a, { retry }) => retry(succeedsAt(9), { count: 9, backoff: '1h' })],
    ['in a wait of the part', (_a, { retry, sleep }) => retry(() => sleep('1h'), { count: 9 })],
    [
      'in a part that cannot be ended',
      (_a, { retry }) => retry(() => new Promise(() => undefined), { count: 9 }),
    ],
  ])('rejects with Cancelled when the run is aborted %s', (_where, handler) =>
    runMarbles(async ({ hot, start, clock, host }) => {
      const seen: unknown[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: hot('-a---b').pipe(
              handle.switch(async (trigger, run) => {
                if (trigger === 'b') return;
                await handler(trigger, run).catch((error: unknown) => {
                  seen.push((error as AgentError).code, clock.now());
                });
              }),
            ),
          }),
        }),
      );
      await clock.sleep(20);
      expect(seen).toEqual(['cancelled', 5]);
      expect(host.ledger()).toEqual([]);
      expect((await agent.stop()).left).toEqual([]);
    }),
  );

  it(
    'shows in the ledger as parked on its pause, and leaves nothing unhandled when nobody waits for it',
    marbleTest(async ({ cold, start, clock, host }) => {
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(
              handle.switch(async (_a, { retry, sleep }) => {
                void retry(succeedsAt(9), { count: 1, backoff: 10, factor: 1 });
                await sleep(50);
              }),
            ),
          }),
        }),
      );
      await clock.sleep(5);
      expect(host.ledger()).toMatchObject([
        {
          parked: [
            { on: 'sleep', detail: '50ms', since: 1 },
            { on: 'retry', detail: '10ms', since: 1 },
          ],
        },
      ]);
      await clock.sleep(100);
      expect(host.ledger()).toEqual([]);
    }),
  );

  it('makes the health bad as the retry of a handler does, until the handler succeeds', () =>
    runMarbles(async ({ cold, start, clock, host }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(
              handle.switch(async function work(_a, { retry, sleep }) {
                await retry(
                  async (attempt) => {
                    if (attempt < 6) throw new Error('no luck');
                  },
                  { count: Infinity, backoff: 10, factor: 1 },
                );
                await sleep(10);
              }),
            ),
          }),
        }),
      );
      const errors: unknown[] = [];
      host.errors$.subscribe((error) => errors.push(error));
      const seen: string[] = [];
      agent.health$.subscribe(({ status, reason }) =>
        seen.push(`${clock.now()} ${status} ${reason ?? ''}`.trimEnd()),
      );
      await clock.sleep(100);
      expect(seen).toEqual([
        '0 starting',
        '0 good',
        '21 bad agent.result$: work goes on failing, and is tried again: no luck',
        '61 good',
      ]);
      expect(errors).toEqual([]);
    }));

  it.each<[string, unknown, unknown, string]>([
    ['no options', async () => 1, undefined, 'count'],
    ['a misspelt option', async () => 1, { count: 1, bakoff: 2 }, 'backoff'],
    ['a part that is no function', 5, { count: 1 }, 'the part of the run'],
  ])('refuses %s', (_what, part, options, message) =>
    runMarbles(async ({ cold, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: cold('-a').pipe(
              handle.switch(async (_a, { retry }) => retry(part as never, options as never)),
            ),
          }),
        }),
      );
      const errors: AgentError[] = [];
      agent.errors$.subscribe((error) => errors.push(error));
      await clock.sleep(5);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ code: 'handler-failed', cause: { code: 'bad-option' } });
      expect(errors[0]!.message).toContain(message);
    }),
  );
});
