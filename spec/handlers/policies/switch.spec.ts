import { merge, Subject, tap } from 'rxjs';
import type { Run } from 'rx-agent-kit';
import { expectRuns, takes } from '../support/expectRuns';

describe('handle.switch', () => {
  it('aborts the run in flight when the trigger repeats, and starts another', () =>
    expectRuns({
      trigger: '      -a-b---------c------',
      operator: (handle) => handle.switch(takes(6)),
      runs: '         -s-(xs)--e---s-----e',
      result: '       ---------B---------C',
    }));

  it('takes a trigger that comes just as the run would end for the first of the two', () =>
    // It was armed before the sleep was.
    expectRuns({
      trigger: '      -a-----b----------',
      operator: (handle) => handle.switch(takes(6)),
      runs: '         -s-----(xs)--e----',
      result: '       -------------B----',
    }));

  it('runs the last of two triggers in one frame', () =>
    expectRuns({
      trigger: '      --(ab)------',
      operator: (handle) => handle.switch(takes(6)),
      runs: '         --(sxs)-e---',
      result: '       --------B---',
    }));

  it('finishes the run in flight when the triggers complete, of which it lets go at once', () =>
    expectRuns({
      trigger: '      -a-b|-----------',
      operator: (handle) => handle.switch(takes(6)),
      runs: '         -s-(xs)--e------',
      result: '       ---------(B|)---',
      subscription: ' ^---!-----------',
    }));

  it('runs what the value of a run triggers, and that run was over before: it is not aborted', () =>
    expectRuns({
      trigger: '      a-------------------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        return merge(source$, again$).pipe(
          handle.switch(takes(5)),
          tap((value) => {
            if (value.length < 3) again$.next(`${value}x`);
          }),
        );
      },
      runs: '         s----(se)-(se)-e----',
      result: '       -----a----b----c----',
      values: { a: 'A', b: 'AX', c: 'AXX' },
    }));

  it('drops a trigger when its abort of the run before makes a later one come', () =>
    expectRuns({
      trigger: '      -a----b---------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        const handler = async (trigger: string, run: Run): Promise<string> => {
          if (trigger === 'a') run.signal.addEventListener('abort', () => again$.next('c'));
          await run.sleep(8);
          return trigger;
        };
        return merge(source$, again$).pipe(handle.switch(handler));
      },
      runs: '         -s----(sx)----e-',
      result: '       --------------c-',
      dropped: '      ------b---------',
    }));

  it('runs what a handler triggers before it has returned, and aborts that handler', () =>
    expectRuns({
      trigger: '      -a----------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        const handler = async (trigger: string, { sleep }: Run): Promise<string> => {
          if (trigger === 'a') again$.next('b');
          await sleep(5);
          return trigger;
        };
        return merge(source$, again$).pipe(handle.switch(handler));
      },
      runs: '         -(sxs)e-----',
      result: '       ------b-----',
    }));
});
