import { merge, Subject, tap } from 'rxjs';
import { expectRuns, failsAfter, takes } from '../support/expectRuns';

describe('handle.exhaust', () => {
  it('gives a trigger no run while another is in flight, and says so', () =>
    expectRuns({
      trigger: '      -a-b--c-d----------',
      operator: (handle) => handle.exhaust(takes(6)),
      runs: '         -s-----es-----e----',
      result: '       -------A------D----',
      dropped: '      ---b--c------------',
    }));

  it('runs the first of two triggers in one frame', () =>
    expectRuns({
      trigger: '      -(ab)--------',
      operator: (handle) => handle.exhaust(takes(6)),
      runs: '         -s-----e-----',
      result: '       -------A-----',
      dropped: '      -b-----------',
    }));

  it('ignores a trigger that comes just as the run ends', () =>
    // It was armed before the sleep, so it is first at the same instant.
    expectRuns({
      trigger: '      -a-----b-----',
      operator: (handle) => handle.exhaust(takes(6)),
      runs: '         -s-----e-----',
      result: '       -------A-----',
      dropped: '      -------b-----',
    }));

  it('takes the next trigger after a run that failed', () =>
    expectRuns({
      trigger: '      -a-b---c-----',
      operator: (handle) => handle.exhaust(failsAfter(4)),
      runs: '         -s---f-s---f-',
      result: '       -------------',
      dropped: '      ---b---------',
      errors: '       -----h-----h-',
    }));

  it('finishes the run in flight when the triggers complete', () =>
    expectRuns({
      trigger: '      -a-b|--------',
      operator: (handle) => handle.exhaust(takes(6)),
      runs: '         -s-----e-----',
      result: '       -------(A|)--',
      dropped: '      ---b---------',
      subscription: ' ^---!--------',
    }));

  it('ignores what the value of a run triggers, as RxJS does', () =>
    expectRuns({
      trigger: '      a---------',
      operator: (handle) => (source$) => {
        const again$ = new Subject<string>();
        return merge(source$, again$).pipe(
          handle.exhaust(takes(5)),
          tap(() => again$.next('b')),
        );
      },
      runs: '         s----e----',
      result: '       -----A----',
      dropped: '      -----b----',
    }));
});
