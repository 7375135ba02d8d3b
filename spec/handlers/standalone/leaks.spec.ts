import { NEVER, Observable, Subject } from 'rxjs';
import { handle, liveClock, Scheduler, type StandaloneRun } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';
import type { HostRuntime } from '../../../lib/host/HostRuntime';

const SWITCHES = 1000;

/** A source that counts its subscribers. */
class Counted {
  open = 0;
  readonly $ = new Observable<never>((subscriber) => {
    this.open++;
    subscriber.add(() => this.open--);
    return NEVER.subscribe(subscriber);
  });
}

/** What the test's own host has armed for whoever uses the test's time. */
function armedIn({ host }: MarbleHelpers): number {
  return (host as unknown as HostRuntime).scheduler.size;
}

type Block = (run: StandaloneRun, source$: Observable<never>) => Promise<unknown>;

describe.each<[string, Block]>([
  ['sleep', ({ sleep }) => sleep('1h')],
  ['next', ({ next }, source$) => next(source$)],
  ['next with a timeout', ({ next }, source$) => next(source$, { timeout: '1h' })],
  ['each', ({ each }, source$) => each(source$).next()],
  [
    'the pause of a retry',
    ({ retry }) => retry(() => Promise.reject(new Error('no luck')), { count: 1, backoff: '1h' }),
  ],
  ['external', ({ external }) => external(new Promise(() => undefined), { timeout: '1h' })],
])('A thousand handlers in no agent that are blocked in %s', (_what, block) => {
  it(
    'leave nothing when each is switched away by the next',
    marbleTest(async (helpers) => {
      const trigger$ = new Subject<number>();
      const source = new Counted();
      let ends = 0;
      trigger$
        .pipe(
          handle.switch(
            async (n, run) => {
              try {
                if (n < SWITCHES) await block(run, source.$);
              } finally {
                ends++;
              }
            },
            { timeout: '2h' },
          ),
        )
        .subscribe();
      for (let n = 0; n <= SWITCHES; n++) trigger$.next(n);
      await helpers.clock.sleep(1);
      expect({ ends, open: source.open }).toEqual({ ends: SWITCHES + 1, open: 0 });
      expect(armedIn(helpers)).toBe(0);
    }),
  );

  it(
    'leave nothing when they are unsubscribed',
    marbleTest(async (helpers) => {
      const trigger$ = new Subject<number>();
      const source = new Counted();
      let ends = 0;
      const subscription = trigger$
        .pipe(
          handle.merge(async (_n, run) => {
            try {
              await block(run, source.$);
            } finally {
              ends++;
            }
          }),
        )
        .subscribe();
      for (let n = 0; n < SWITCHES; n++) trigger$.next(n);
      await helpers.clock.sleep(1);
      expect(ends).toBe(0);
      subscription.unsubscribe();
      await helpers.clock.sleep(1);
      expect({ ends, open: source.open }).toEqual({ ends: SWITCHES, open: 0 });
      expect(armedIn(helpers)).toBe(0);
      expect(trigger$.observed).toBe(false);
    }),
  );
});

it(
  'A thousand pipelines that come and go leave nothing in a marble test',
  marbleTest(async ({ clock, host }) => {
    const trigger$ = new Subject<number>();
    const operator = handle.switch(async (_n: number, { sleep }) => sleep('1h'));
    for (let n = 0; n < 1000; n++) {
      const subscription = trigger$.pipe(operator).subscribe();
      trigger$.next(n);
      subscription.unsubscribe();
    }
    await clock.sleep(1);
    expect((host as unknown as HostRuntime).activity).toMatchObject({ awake: 0, external: 0 });
  }),
);

it('A thousand switches leave nothing on a scheduler of the kit, in real time', async () => {
  const scheduler = new Scheduler(liveClock());
  const trigger$ = new Subject<number>();
  const subscription = trigger$
    .pipe(handle.switch(async (_n, { sleep }) => sleep('1h'), { scheduler, timeout: '2h' }))
    .subscribe();
  for (let n = 0; n < SWITCHES; n++) trigger$.next(n);
  expect(scheduler.size).toBe(2);
  subscription.unsubscribe();
  await Promise.resolve();
  expect(scheduler.size).toBe(0);
});
