import {
  filter,
  map,
  Observable,
  of,
  Subscriber,
  Subscription,
  take,
  type TeardownLogic,
  toArray,
} from 'rxjs';
import { IsolatingObservable } from '../../lib/trace/IsolatingObservable';
import { Outlet } from '../../lib/trace/Outlet';
import { StateOutlet } from '../../lib/trace/StateOutlet';

const never = (error: unknown): void => {
  throw error;
};

describe('Outlet', () => {
  it('hands on what is put into it to all who have subscribed', () => {
    const outlet = new Outlet<number>(never);
    const seen: string[] = [];
    outlet.next(1);
    outlet.$.subscribe((value) => seen.push(`a${value}`));
    outlet.next(2);
    const second = outlet.$.subscribe((value) => seen.push(`b${value}`));
    outlet.next(3);
    second.unsubscribe();
    outlet.next(4);
    expect(seen).toEqual(['a2', 'a3', 'b3', 'a4']);
  });

  it.each([0, 15, 16, 40])(
    'hands on in the order of subscription beside %i others who have come and gone',
    (others) => {
      const outlet = new Outlet<number>(never);
      const seen: string[] = [];
      const hear = (name: string) => outlet.$.subscribe((value) => seen.push(`${name}${value}`));
      const a = hear('a');
      const gone = Array.from({ length: others }, () => outlet.$.subscribe());
      outlet.next(0);
      const b = hear('b');
      hear('c');
      outlet.next(1);
      for (const other of gone.reverse()) other.unsubscribe();
      hear('d');
      b.unsubscribe();
      outlet.next(2);
      a.unsubscribe();
      outlet.next(3);
      expect(seen).toEqual(['a0', 'a1', 'b1', 'c1', 'a2', 'c2', 'd2', 'c3', 'd3']);
    },
  );

  it('lets many come and go while a value is handed on, and tells all of them the end', () => {
    const outlet = new Outlet<number>(never);
    let got = 0;
    let ended = 0;
    const late = () => {
      outlet.$.subscribe({ next: () => got++, complete: () => ended++ });
    };
    const first = outlet.$.subscribe(() => {
      for (let index = 0; index < 20; index++) late();
      for (const one of goers) one.unsubscribe();
      first.unsubscribe();
    });
    const goers = Array.from({ length: 30 }, () => outlet.$.subscribe(() => got++));
    outlet.next(1);
    expect([got, outlet.isObserved]).toEqual([0, true]);
    outlet.next(2);
    outlet.complete();
    expect([got, ended, outlet.isObserved]).toEqual([20, 20, false]);
  });

  it('knows that nobody is left of many, and takes others', () => {
    const outlet = new Outlet<number>(never);
    const all = Array.from({ length: 30 }, () => outlet.$.subscribe());
    for (const one of all) one.unsubscribe();
    expect(outlet.isObserved).toBe(false);
    const seen: number[] = [];
    outlet.$.subscribe((value) => seen.push(value));
    outlet.next(1);
    expect(seen).toEqual([1]);
  });

  it('costs each subscriber the same, however many there are', () => {
    const costOf = (count: number): number => {
      const outlet = new Outlet<number>(never);
      const before = process.cpuUsage();
      const all = Array.from({ length: count }, () => outlet.$.subscribe());
      outlet.next(1);
      for (const one of all) one.unsubscribe();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / count;
    };
    const least = (count: number): number => Math.min(...[1, 2, 3].map(() => costOf(count)));
    costOf(2000);
    // If each cost as much as there are, that would be thirty times.
    expect(least(60_000)).toBeLessThan(least(2000) * 15);
  });

  it('lets subscribers come and go while a value is handed on: who goes gets no more, who comes gets the next one', () => {
    const outlet = new Outlet<number>(never);
    const seen: string[] = [];
    outlet.$.subscribe((value) => {
      seen.push(`a${value}`);
      if (value > 1) return;
      second.unsubscribe();
      outlet.$.subscribe((next) => seen.push(`c${next}`));
    });
    const second = outlet.$.subscribe((value) => seen.push(`b${value}`));
    outlet.next(1);
    outlet.next(2);
    expect(seen).toEqual(['a1', 'a2', 'c2']);
  });

  it('knows whether anybody listens', () => {
    const outlet = new Outlet<number>(never);
    expect(outlet.isObserved).toBe(false);
    const subscription = outlet.$.subscribe();
    expect(outlet.isObserved).toBe(true);
    subscription.unsubscribe();
    expect(outlet.isObserved).toBe(false);
  });

  it('completes those who listen, and those who come later', () => {
    const outlet = new Outlet<number>(never);
    const ends: string[] = [];
    outlet.$.subscribe({ complete: () => ends.push('early') });
    outlet.complete();
    outlet.next(1);
    outlet.$.subscribe({ next: () => ends.push('never'), complete: () => ends.push('late') });
    expect(ends).toEqual(['early', 'late']);
  });

  it('shows all of its subscribers one order, whatever one of them puts in from within', () => {
    const outlet = new Outlet<number>(never);
    const seen: string[] = [];
    outlet.$.subscribe((value) => {
      if (value === 1) {
        outlet.next(3);
        outlet.next(4);
      }
      seen.push(`a${value}`);
    });
    outlet.$.subscribe((value) => {
      if (value === 3) outlet.next(5);
      seen.push(`b${value}`);
    });
    outlet.next(1);
    outlet.next(6);
    expect(seen).toEqual(['a1', 'b1', 'a3', 'b3', 'a4', 'b4', 'a5', 'b5', 'a6', 'b6']);
  });

  it('ends behind what was put in before, and takes nothing any more', () => {
    const outlet = new Outlet<number>(never);
    const seen: unknown[] = [];
    outlet.$.subscribe((value) => {
      if (value > 1) return;
      outlet.next(2);
      outlet.complete();
      outlet.next(3);
    });
    outlet.$.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
    outlet.next(1);
    expect(seen).toEqual([1, 2, '|']);
  });

  it('goes on behind a foreign subscriber that throws through it', () => {
    const outlet = new Outlet<number>(never);
    const seen: number[] = [];
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- As an operator of somebody else may be.
    const foreign = new Subscriber<number>();
    foreign.next = (value) => {
      if (value === 1) throw new Error('foreign');
      seen.push(value);
    };
    outlet.$.subscribe(foreign);
    expect(() => outlet.next(1)).toThrow('foreign');
    outlet.next(2);
    expect(seen).toEqual([2]);
  });

  it('shows one and the same Observable, which nobody can put anything into', () => {
    const outlet = new Outlet<number>(never);
    expect(outlet.$).toBe(outlet.$);
    expect(outlet.$).not.toHaveProperty('next');
  });
});

describe('StateOutlet', () => {
  it('gives the last value last to all, also when one of them changes it from within, even at its first', () => {
    const state = new StateOutlet<number>(never);
    const seen: string[] = [];
    state.next(0);
    state.$.subscribe((value) => seen.push(`a${value}`));
    state.$.subscribe((value) => {
      if (value === 0 || value === 1) state.next(value + 2);
      seen.push(`b${value}`);
    });
    state.$.subscribe((value) => seen.push(`c${value}`));
    state.next(1);
    expect(seen).toEqual(['a0', 'b0', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1', 'a3', 'b3', 'c3']);
  });

  it('gives the present value to whoever subscribes, then each change', () => {
    const state = new StateOutlet<number>(never);
    const seen: string[] = [];
    state.$.subscribe((value) => seen.push(`a${value}`));
    state.next(1);
    state.$.subscribe((value) => seen.push(`b${value}`));
    state.next(2);
    expect(seen).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('gives the last value and then completes after the end', () => {
    const state = new StateOutlet<number>(never);
    state.next(1);
    state.complete();
    state.next(2);
    const seen: unknown[] = [];
    state.$.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
    expect(seen).toEqual([1, '|']);
  });

  it('lets a subscriber hear of the change that it makes at the present value', () => {
    const state = new StateOutlet<number>(never);
    state.next(1);
    const seen: number[] = [];
    state.$.subscribe((value) => {
      seen.push(value);
      if (value < 3) state.next(value + 1);
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('lets go of one who takes the present value only', () => {
    const state = new StateOutlet<number>(never);
    state.next(1);
    const seen: number[] = [];
    state.$.pipe(take(1)).subscribe((value) => seen.push(value));
    state.next(2);
    expect(seen).toEqual([1]);
  });
});

describe('IsolatingObservable', () => {
  const fail = (): never => {
    throw new Error('subscriber');
  };

  /** An Observable of two values, and what its owner is told. */
  function isolated() {
    const told: string[] = [];
    const values$ = new IsolatingObservable<number>(
      (subscriber) => of(1, 2).subscribe(subscriber),
      (error) => told.push((error as Error).message),
    );
    return { told, values$ };
  }

  it.each<[string, (values$: Observable<number>) => void, number]>([
    ['next', (values$) => values$.subscribe(fail), 2],
    ['next of an observer', (values$) => values$.subscribe({ next: fail }), 2],
    ['complete', (values$) => values$.subscribe({ complete: fail }), 1],
    ['next behind operators', (values$) => values$.pipe(filter(Boolean), map(String)).subscribe(fail), 2],
    ['an operator', (values$) => values$.pipe(map(fail)).subscribe(), 1],
    ['error', (values$) => values$.pipe(map(fail)).subscribe({ error: fail }), 1],
  ])('tells its owner what a subscriber throws in %s', (_where, subscribe, times) => {
    const { told, values$ } = isolated();
    subscribe(values$);
    expect(told).toEqual(Array.from({ length: times }, () => 'subscriber'));
  });

  it('gives an error behind an operator to the subscriber that takes it', () => {
    const { told, values$ } = isolated();
    const errors: unknown[] = [];
    values$.pipe(map(fail)).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([new Error('subscriber')]);
    expect(told).toEqual([]);
  });

  it('calls the methods of an observer on the observer', () => {
    class Collector {
      readonly seen: unknown[] = [];
      next(value: number): void {
        this.seen.push(value);
      }
      complete(): void {
        this.seen.push('|');
      }
    }
    const collector = new Collector();
    isolated().values$.subscribe(collector);
    expect(collector.seen).toEqual([1, 2, '|']);
  });

  it('passes the Subscriber of another copy of RxJS on as it is', () => {
    const seen: unknown[] = [];
    const own = new Subscription();
    const foreign = {
      closed: false,
      next: (value: number) => seen.push(value),
      error: never,
      complete: () => seen.push('|'),
      add: (teardown: TeardownLogic) => own.add(teardown),
      remove: () => undefined,
      unsubscribe: () => own.unsubscribe(),
    };
    const { values$ } = isolated();
    expect(values$.subscribe(foreign)).toBe(foreign);
    expect(seen).toEqual([1, 2, '|']);
  });

  it('may be subscribed with nothing, with null or with functions', () => {
    const { told, values$ } = isolated();
    const seen: unknown[] = [];
    values$.subscribe();
    values$.subscribe(null);
    // eslint-disable-next-line rxjs-x/prefer-observer -- RxJS 7 still takes it.
    values$.subscribe(
      (value) => seen.push(value),
      null,
      () => seen.push('|'),
    );
    expect(seen).toEqual([1, 2, '|']);
    expect(told).toEqual([]);
  });

  it('is an Observable to all of RxJS', async () => {
    const { values$ } = isolated();
    expect(values$).toBeInstanceOf(Observable);
    const all = await new Promise((resolve) => values$.pipe(toArray()).subscribe(resolve));
    expect(all).toEqual([1, 2]);
  });

  it('does not tell of what is thrown while it tells', () => {
    let told = 0;
    const values$: IsolatingObservable<number> = new IsolatingObservable<number>(
      (subscriber) => {
        subscriber.next(1);
        again = () => subscriber.next(2);
      },
      () => {
        told++;
        again();
      },
    );
    let again = (): void => undefined;
    values$.subscribe(() => {
      throw new Error('reader');
    });
    expect(told).toBe(1);
    again();
    expect(told).toBe(2);
  });
});
