import { merge, Subject, tap } from 'rxjs';
import { expectRuns, failsAfter, takes } from '../support/expectRuns';

describe('handle.merge', () => {
  it('runs triggers beside one another', () =>
    expectRuns({
      trigger: '      -a--b--------',
      operator: (handle) => handle.merge(takes(6)),
      runs: '         -s--s--e--e--',
      result: '       -------A--B--',
    }));

  it('runs two triggers of one frame', () =>
    expectRuns({
      trigger: '      -(ab)--------',
      operator: (handle) => handle.merge(takes(6)),
      runs: '         -(ss)--(ee)--',
      result: '       -------(AB)--',
    }));

  it('lets triggers wait beyond its concurrency, and starts the next when any run ends', () =>
    expectRuns({
      trigger: '      a-b-c--------------',
      operator: (handle) =>
        handle.merge(
          async (trigger: string, { sleep }) => sleep(trigger === 'a' ? 12 : 6).then(() => trigger),
          {
            concurrency: 2,
          },
        ),
      runs: '         s-s-----(es)e-e----',
      result: '       --------b---a-c----',
    }));

  it('is like concat with a concurrency of one', () =>
    expectRuns({
      trigger: '      -ab---------------',
      operator: (handle) => handle.merge(takes(6), { concurrency: 1 }),
      runs: '         -s-----(es)--e----',
      result: '       -------A-----B----',
    }));

  it('finishes all runs when the triggers complete', () =>
    expectRuns({
      trigger: '      -a-b|-----------',
      operator: (handle) => handle.merge(takes(6)),
      runs: '         -s-s---e-e------',
      result: '       -------A-(B|)---',
      subscription: ' ^---!-----------',
    }));

  it('goes on with the others when a run fails', () =>
    expectRuns({
      trigger: '      -a-b--------',
      operator: (handle) =>
        handle.merge((trigger: string, run) =>
          trigger === 'a' ? failsAfter(4)(trigger, run) : takes(6)(trigger, run),
        ),
      runs: '         -s-s-f---e--',
      result: '       ---------B--',
      errors: '       -----h------',
    }));

  it('runs what the value of a run triggers', () =>
    expectRuns({
      trigger: '      a--------------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        return merge(source$, again$).pipe(
          handle.merge(takes(5)),
          tap((value) => {
            if (value === 'A') again$.next('b');
          }),
        );
      },
      runs: '         s----(se)-e----',
      result: '       -----A----B----',
    }));
});
