import { Observable, of, Subject, throwError } from 'rxjs';
import { defineAgent, type Handler, type Run } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

/**
 * Jest itself listens for unhandled rejections and lets the test fail in which there is one; within Jest nobody
 * else can. Each test waits for whole turns of the host behind the last abort, where they would show.
 */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

const ABORTS = 2000;

const waits: [string, (run: Run) => unknown][] = [
  ['sleeps', ({ sleep }) => [sleep('1h'), sleep('2h')]],
  ['a race of sleeps', ({ sleep }) => Promise.race([sleep('1h'), sleep('2h')]).catch(() => undefined)],
  ['all of some sleeps', ({ sleep }) => Promise.all([sleep('1h'), sleep('2h')]).catch(() => undefined)],
  ['the next value', ({ next }) => next(new Observable())],
  ['a source that fails', ({ next }) => next(throwError(() => new Error('no source')))],
  ['a loop', ({ each }) => each(new Observable()).next()],
  ['a loop over a source that fails', ({ each }) => each(throwError(() => new Error('no source'))).next()],
  ['a promise that is rejected', ({ external }) => external(Promise.reject(new Error('foreign')))],
];

describe('No rejection is left unhandled', () => {
  describe.each(waits)('of %s that nobody awaits', (_what, wait) => {
    it.each<[string, Handler<number, unknown>]>([
      [
        'when the runs are aborted',
        async (_n, run) => {
          wait(run);
          await run.sleep('1h');
        },
      ],
      [
        'when the runs have ended',
        async (_n, run) => {
          wait(run);
        },
      ],
      [
        'when it is asked for after the abort',
        async (_n, run) => {
          try {
            await run.sleep('1h');
          } finally {
            wait(run);
          }
        },
      ],
    ])('%s', (_when, handler) =>
      marbleTest(async ({ start, clock }) => {
        const trigger$ = new Subject<number>();
        const agent = start(
          defineAgent({
            name: 'agent',
            streams: ({ handle }) => ({ result$: trigger$.pipe(handle.switch(handler)) }),
          }),
        );
        await clock.sleep(1);
        for (let n = 0; n < ABORTS / 10; n++) trigger$.next(n);
        await settle();
        expect((await agent.stop()).left).toEqual([]);
        await settle();
      })(),
    );
  });

  it(
    'over thousands of aborts of handlers of every kind',
    marbleTest(async ({ start, clock }) => {
      const trigger$ = new Subject<number>();
      const handlers: Handler<number, unknown>[] = [
        async (_n, { sleep }) => sleep('1h'),
        async (_n, { sleep }) => Promise.race([sleep('1h'), sleep('2h')]),
        async (_n, { sleep, signal }) => {
          signal.addEventListener('abort', () => undefined);
          await Promise.all([sleep('1h'), sleep('2h')]);
        },
        async function* (_n, { sleep }) {
          try {
            yield 1;
            await sleep('1h');
          } finally {
            await sleep('1h');
          }
        },
        (_n, { sleep }) =>
          new Observable((subscriber) => void sleep('1h').catch((error: unknown) => subscriber.error(error))),
        async (_n, { sleep }) => {
          try {
            await sleep('1h');
          } finally {
            await Promise.reject(new Error('late'));
          }
        },
        (n) => (n % 2 ? Promise.reject(new Error('at once')) : of(n)),
      ];
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(handle.switch((n, run) => handlers[n % handlers.length]!(n, run))),
          }),
        }),
      );
      await clock.sleep(1);
      for (let n = 0; n < ABORTS; n++) {
        trigger$.next(n);
        if (n % 100 === 0) await settle();
      }
      expect((await agent.stop()).left).toEqual([]);
      await settle();
      expect(agent.ledger()).toEqual([]);
    }),
  );
});
