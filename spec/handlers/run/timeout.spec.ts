import { Observable } from 'rxjs';
import { type AgentError, Cancelled, defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { expectRuns, takes } from '../support/expectRuns';

/** It takes no notice of its abort, and ends long after it. */
const hangs = (): Promise<string> => new Promise((resolve) => setTimeout(resolve, 50, 'late'));

describe('timeout', () => {
  it(
    'aborts a handler that hangs at 2 s, reports it, and the next trigger runs [B23]',
    marbleTest(({ hot, host, start, expectObservable, expectHandlers }) => {
      const reasons: unknown[] = [];
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: hot('a 2999ms b').pipe(
            handle.exhaust(
              async (trigger, { signal, sleep }) => {
                if (trigger === 'b') return trigger;
                signal.addEventListener('abort', () => reasons.push(signal.reason));
                await sleep('1h');
                return trigger;
              },
              { timeout: '2s' },
            ),
          ),
        }),
      });
      const errors: AgentError[] = [];
      host.errors$.subscribe((error) => errors.push(error));
      expectObservable(start(agent).streams.result$).toBe('3s b');
      expectHandlers(agent, 'result$').toBe('s 1999ms f 999ms (se)');
      setTimeout(() => {
        expect(errors).toMatchObject([
          {
            code: 'timeout',
            agent: 'agent',
            stream: 'result$',
            trigger: 'a',
            attempt: 1,
            message: 'agent.result$: result$ failed at attempt 1: no end after 2s',
          },
        ]);
        expect(reasons).toMatchObject([{ name: 'Cancelled', code: 'cancelled', reason: 'timeout' }]);
        expect(reasons[0]).toBeInstanceOf(Cancelled);
      }, 4000);
    }),
  );

  it('starts what waits under concat, even if the handler goes on', () =>
    expectRuns({
      trigger: 'ab-----------',
      operator: (handle) =>
        handle.concat((trigger: string) => (trigger === 'a' ? hangs() : Promise.resolve(trigger)), {
          timeout: 5,
        }),
      runs: '   s----(fse)---',
      result: ' -----b-------',
      errors: ' -----t-------',
    }));

  it('is of no effect on a handler that ends before', () =>
    expectRuns({
      trigger: 'a-----b-----------',
      operator: (handle) => handle.switch(takes(3), { timeout: 4 }),
      runs: '   s--e--s--e--------',
      result: ' ---A-----B--------',
    }));

  it('holds for each attempt', () =>
    expectRuns({
      trigger: 'a----------',
      operator: (handle) => handle.switch(hangs, { timeout: 3, retry: { count: 1, backoff: 2 } }),
      runs: '   s--f-s--f--',
      result: ' -----------',
      errors: ' --------t--',
    }));

  it(
    'unsubscribes from an Observable before the next run begins',
    marbleTest(({ hot, start, expectObservable }) => {
      let open = 0;
      const values$ = new Observable<number>((subscriber) => {
        open++;
        subscriber.next(open);
        return () => open--;
      });
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: hot('(aa)').pipe(handle.concat(() => values$, { timeout: 5 })),
        }),
      });
      expectObservable(start(agent).streams.result$).toBe('a----a', { a: 1 });
    }),
  );

  it('does not count the pause before a retry, nor the wait in a queue', () =>
    expectRuns({
      trigger: '(ab)-------------',
      operator: (handle) => handle.concat(takes(5), { timeout: 6 }),
      runs: '   s----(es)-e-----',
      result: ' -----A----B------',
    }));

  it.each([0, -1, NaN, Infinity, 'soon'])('of %p is refused', (timeout) =>
    marbleTest(({ cold, start }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({ result$: cold('a').pipe(handle.switch(hangs, { timeout })) }),
      });
      expect(() => start(agent)).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    })(),
  );
});
