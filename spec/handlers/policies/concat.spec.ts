import { from, merge, of, Subject, tap } from 'rxjs';
import { defineAgent, type Run } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { expectRuns, failsAfter, takes } from '../support/expectRuns';

describe('handle.concat', () => {
  it('lets a trigger wait until the run before has ended', () =>
    expectRuns({
      trigger: '      -ab---------------',
      operator: (handle) => handle.concat(takes(6)),
      runs: '         -s-----(es)--e----',
      result: '       -------A-----B----',
    }));

  it('runs two triggers of one frame in their order', () =>
    expectRuns({
      trigger: '      -(ab)------------',
      operator: (handle) => handle.concat(takes(6)),
      runs: '         -s-----(es)--e---',
      result: '       -------A-----B---',
    }));

  it('finishes the queue when the triggers complete', () =>
    expectRuns({
      trigger: '      -abc|----------------------',
      operator: (handle) => handle.concat(takes(6)),
      runs: '         -s-----(es)--(es)--e-------',
      result: '       -------A-----B-----(C|)----',
      subscription: ' ^---!----------------------',
    }));

  it('goes on with what waits after a run that failed', () =>
    expectRuns({
      trigger: '      -ab---------------',
      operator: (handle) => handle.concat(failsAfter(6)),
      runs: '         -s-----(fs)--f----',
      result: '       ------------------',
      errors: '       -------h-----h----',
    }));

  it('queues what the value of a run triggers', () =>
    expectRuns({
      trigger: '      a------------------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        return merge(source$, again$).pipe(
          handle.concat(takes(5)),
          tap((value) => {
            if (value === 'A') again$.next('b');
          }),
        );
      },
      runs: '         s----(es)-e--------',
      result: '       -----A----B--------',
    }));

  it(
    'starts a long queue of handlers that end at once without a deep stack',
    marbleTest(async ({ start, clock }) => {
      const trigger$ = new Subject<number>();
      const handler = (trigger: number, { sleep }: Run) =>
        trigger === 0 ? from(sleep(5).then(() => trigger)) : of(trigger);
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({ result$: trigger$.pipe(handle.concat(handler, { buffer: 20_000 })) }),
      });
      let seen = 0;
      start(agent).streams.result$.subscribe(() => seen++);
      for (let trigger = 0; trigger <= 20_000; trigger++) trigger$.next(trigger);
      await clock.sleep(5);
      expect(seen).toBe(20_001);
    }),
  );
});
