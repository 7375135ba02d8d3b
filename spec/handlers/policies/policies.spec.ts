import { NEVER, Subject, takeUntil, throwError, timer } from 'rxjs';
import { defineAgent, HandlerError } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { expectRuns, failsAfter, takes } from '../support/expectRuns';

const policies = ['switch', 'concat', 'merge', 'exhaust'] as const;

describe('A trigger at 0 and at 4s, with a handler of 5s', () => {
  it.each([
    ['switch', '9s B', 's 3999ms (xs) 4996ms e', ''],
    ['concat', '5s A 4999ms B', 's 4999ms (es) 4996ms e', ''],
    ['merge', '5s A 3999ms B', 's 3999ms s 999ms e 3999ms e', ''],
    ['exhaust', '5s A', 's 4999ms e', '4s b'],
  ] as const)('under %s runs as the policy says [B20]', (policy, result, runs, dropped) =>
    expectRuns({
      trigger: 'a 3999ms b',
      operator: (handle) => handle[policy](takes(5000)),
      result,
      runs,
      dropped,
    }),
  );
});

describe.each(policies)('handle.%s', (policy) => {
  it('runs nothing when nothing triggers it', () =>
    expectRuns({
      trigger: '      ---------',
      operator: (handle) => handle[policy](takes(3)),
      result: '       ---------',
      subscription: ' ^--------',
    }));

  it('completes at once when the triggers end without any', () =>
    expectRuns({
      trigger: '      ---|',
      operator: (handle) => handle[policy](takes(3)),
      result: '       ---|',
      subscription: ' ^--!',
    }));

  it('emits what the handler gives, when it is done', () =>
    expectRuns({
      trigger: '      -a-------',
      operator: (handle) => handle[policy](takes(3)),
      runs: '         -s--e----',
      result: '       ----A----',
    }));

  it('emits in the frame of the trigger when the handler takes no time', () =>
    expectRuns({
      trigger: '      -a---b---',
      operator: (handle) => handle[policy](async (trigger: string) => trigger),
      runs: '         -(se)(se)',
      result: '       -a---b---',
    }));

  it('lets go of the triggers and aborts the run when they fail, and the agent ends', () =>
    expectRuns({
      trigger: '      -a-#-----',
      operator: (handle) => handle[policy](takes(6)),
      runs: '         -s-x-----',
      result: '       ---|-----',
      errors: '       ---s-----',
      subscription: ' ^--!-----',
    }));

  it.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw new Error('at once');
      },
    ],
    ['rejects', (async () => Promise.reject(new Error('at once'))) as never],
    ['gives an Observable that fails', (() => throwError(() => new Error('at once'))) as never],
  ])('goes on when a handler %s at once', (_how, handler) =>
    expectRuns({
      trigger: '      -a---b---',
      operator: (handle) => handle[policy](handler),
      runs: '         -(sf)(sf)',
      result: '       ---------',
      errors: '       -h---h---',
    }),
  );

  it('goes on when a handler fails later', () =>
    expectRuns({
      trigger: '      -a---b---',
      operator: (handle) => handle[policy](failsAfter(2)),
      runs: '         -s-f-s-f-',
      result: '       ---------',
      errors: '       ---h---h-',
    }));

  it('aborts the run in flight when its stream is unsubscribed', () =>
    expectRuns({
      trigger: '      -a--------',
      operator:
        (handle, { scheduler }) =>
        (source$) =>
          source$.pipe(handle[policy](takes(6)), takeUntil(timer(3, scheduler))),
      runs: '         -s-x------',
      result: '       ---|------',
      subscription: ' ^--!------',
    }));

  it('aborts the run in flight when the triggers have completed and its stream is unsubscribed', () =>
    expectRuns({
      trigger: '      -a|-------',
      operator:
        (handle, { scheduler }) =>
        (source$) =>
          source$.pipe(handle[policy](takes(6)), takeUntil(timer(5, scheduler))),
      runs: '         -s---x----',
      result: '       -----|----',
      subscription: ' ^-!-------',
    }));

  it('refuses a handler that is no function, where it is written', () => {
    const agent = defineAgent({
      name: 'agent',
      streams: ({ handle }) => ({ result$: NEVER.pipe(handle[policy](Promise.resolve() as never)) }),
    });
    return marbleTest(({ start }) => {
      expect(() => start(agent)).toThrow(
        expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(`handle.${policy}`) }),
      );
    })();
  });
});

describe('A queue', () => {
  it('leaves out the triggers that waited longest with drop-oldest [B25]', () =>
    expectRuns({
      trigger: '      (abcdef)---------------',
      operator: (handle) => handle.concat(takes(7), { buffer: 2, overflow: 'drop-oldest' }),
      runs: '         s------(es)---(es)---e-',
      result: '       -------A------E------F-',
      dropped: '      (bcd)------------------',
    }));

  it('leaves out the newest triggers with drop-newest', () =>
    expectRuns({
      trigger: '      (abcdef)---------------',
      operator: (handle) => handle.concat(takes(7), { buffer: 2, overflow: 'drop-newest' }),
      runs: '         s------(es)---(es)---e-',
      result: '       -------A------B------C-',
      dropped: '      (def)------------------',
    }));

  it('leaves out the newest triggers by default, each with an error', () =>
    expectRuns({
      trigger: '      (abcdef)---------------',
      operator: (handle) => handle.concat(takes(7), { buffer: 2 }),
      runs: '         s------(es)---(es)---e-',
      result: '       -------A------B------C-',
      dropped: '      (def)------------------',
      errors: '       (ooo)------------------',
    }));

  it.each(['drop-oldest', 'drop-newest'] as const)('of no room leaves out the trigger with %s', (overflow) =>
    expectRuns({
      trigger: '      (abc)--------',
      operator: (handle) => handle.concat(takes(7), { buffer: 0, overflow }),
      runs: '         s------e-----',
      result: '       -------A-----',
      dropped: '      (bc)---------',
    }),
  );

  it('bounds what waits behind the concurrency of merge, too', () =>
    expectRuns({
      trigger: '      (abcde)--------',
      operator: (handle) => handle.merge(takes(7), { concurrency: 2, buffer: 1, overflow: 'drop-oldest' }),
      runs: '         (ss)---(ese)--e',
      result: '       -------(AB)---E',
      dropped: '      (cd)-----------',
    }));

  it('that is dropped by a stop or by an unsubscription is traced', () =>
    expectRuns({
      trigger: '      (abc)----------',
      operator:
        (handle, { scheduler }) =>
        (source$) =>
          source$.pipe(handle.concat(takes(7)), takeUntil(timer(3, scheduler))),
      runs: '         s--x-----------',
      result: '       ---|-----------',
      dropped: '      ---(bc)--------',
    }));

  it(
    'of a thousand is the default',
    marbleTest(async ({ start, host, clock }) => {
      const trigger$ = new Subject<number>();
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({ result$: trigger$.pipe(handle.concat((_n, { sleep }) => sleep('1h'))) }),
      });
      const codes: string[] = [];
      host.errors$.subscribe((error) =>
        codes.push(`${error.code} ${error instanceof HandlerError ? error.attempt : '-'}`),
      );
      start(agent);
      for (let n = 0; n < 1002; n++) trigger$.next(n);
      expect(codes).toEqual(['overflow 0']);
      await clock.sleep(1);
    }),
  );
});
