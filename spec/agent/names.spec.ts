import {
  concat,
  defer,
  delayWhen,
  exhaustMap,
  expand,
  from,
  map,
  mergeMap,
  Observable,
  of,
  repeat,
  retry,
  share,
  shareReplay,
  Subject,
  switchMap,
  take,
  throwError,
  timer,
} from 'rxjs';
import { type AgentContext, defineAgent, type LedgerEntry } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

type Context = AgentContext<object>;

/** What is late subscribed in a stream, in each way in which RxJS may come to it. */
const ways: readonly (readonly [
  how: string,
  stream: (inner: () => Observable<unknown>, context: Context) => Observable<unknown>,
])[] = [
  ['switchMap', (inner, { lifecycle }) => lifecycle.start$.pipe(switchMap(inner))],
  [
    'mergeMap behind others',
    (inner, { lifecycle }) =>
      lifecycle.start$.pipe(
        mergeMap(inner),
        map((v) => v),
        take(9),
      ),
  ],
  [
    'exhaustMap in switchMap',
    (inner, { lifecycle }) => lifecycle.start$.pipe(switchMap(() => of(1).pipe(exhaustMap(inner)))),
  ],
  ['defer', (inner) => timer(1).pipe(switchMap(() => defer(inner)))],
  ['concat', (inner) => concat(timer(1), inner())],
  ['delayWhen', (inner, { lifecycle }) => lifecycle.start$.pipe(delayWhen(inner))],
  ['expand', (inner, { lifecycle }) => lifecycle.start$.pipe(expand(inner), take(3))],
  ['repeat', (inner) => concat(timer(1), inner()).pipe(repeat(2))],
  [
    'retry',
    (inner) =>
      concat(
        timer(1),
        inner(),
        throwError(() => new Error('again')),
      ).pipe(retry(1), take(2)),
  ],
  ['share', (inner, { lifecycle }) => lifecycle.start$.pipe(switchMap(inner), share())],
  [
    'share behind a timer',
    (inner, { lifecycle, time }) => lifecycle.start$.pipe(time.after(2), switchMap(inner), share()),
  ],
  [
    'share behind a handler',
    (inner, { lifecycle, handle }) =>
      lifecycle.start$.pipe(
        handle.switch(async () => 1),
        switchMap(inner),
        share(),
      ),
  ],
  [
    'share behind a timer of the scheduler',
    (inner, { scheduler }) => timer(2, scheduler).pipe(switchMap(inner), share()),
  ],
  ['shareReplay', (inner, { lifecycle }) => lifecycle.start$.pipe(switchMap(inner), shareReplay(1))],
  [
    'an Observable that awaits before it subscribes',
    (inner) =>
      new Observable((subscriber) => {
        void Promise.resolve().then(() => inner().subscribe(subscriber));
      }),
  ],
  ['a promise of an Observable', (inner) => from(Promise.resolve()).pipe(switchMap(inner))],
  [
    'an Observable that a handler returns',
    (inner, { lifecycle, handle }) => lifecycle.start$.pipe(handle.switch(() => concat(timer(1), inner()))),
  ],
  [
    'run.next behind an await',
    (inner, { lifecycle, handle }) =>
      lifecycle.start$.pipe(
        handle.switch(async (_event, { sleep, next }) => {
          await sleep(1);
          return next(inner());
        }),
      ),
  ],
  [
    'run.each behind an await',
    (inner, { lifecycle, handle }) =>
      lifecycle.start$.pipe(
        handle.switch(async function* (_event, { sleep, each }) {
          await sleep(1);
          for await (const value of each(of(1).pipe(switchMap(inner)))) yield value;
        }),
      ),
  ],
  [
    'a message',
    (inner, { lifecycle, bus }) =>
      bus.status$.pipe(
        switchMap(inner),
        take(1),
        mergeMap(() => lifecycle.ready$),
      ),
  ],
];

const namesOf = (entries: readonly LedgerEntry[]) => [...new Set(entries.map(({ stream }) => stream))];

describe('what is subscribed late bears the name of its stream', () => {
  it.each(ways)('in %s', (_how, stream) =>
    marbleTest(async ({ start, host, clock }) => {
      const traced = new Set<string>();
      host.trace$.subscribe((event) => {
        if (event.type === 'timer-armed' || event.type === 'run-started') traced.add(event.stream);
      });
      const errors: string[] = [];
      host.errors$.subscribe(({ stream: where }) => errors.push(where ?? ''));
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: (context) => {
            const { time, handle } = context;
            const inner = () =>
              of('value').pipe(
                time.after(5),
                handle.switch(async (value, { sleep }) => {
                  await sleep(5);
                  if (value === 'value') throw new Error('broken');
                  return value;
                }),
              );
            return { other$: timer(50), late$: stream(inner, context), another$: timer(50) };
          },
        }),
      );
      let seen: readonly LedgerEntry[] = [];
      for (let at = 0; at < 15; at++) {
        seen = [...seen, ...agent.ledger()];
        await clock.sleep(1);
      }
      expect(namesOf(seen)).toEqual(['late$']);
      expect([...traced]).toEqual(['late$']);
      expect(new Set(errors)).toEqual(new Set(['late$']));
    })(),
  );

  it(
    'also when another stream triggers it',
    marbleTest(({ start }) => {
      const trigger = new Subject<void>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => ({
            late$: trigger.pipe(switchMap(() => of(1).pipe(time.after(5)))),
            now$: lifecycle.start$.pipe(map(() => trigger.next())),
          }),
        }),
      );
      timer(1).subscribe(() => {
        expect(namesOf(agent.ledger())).toEqual(['late$']);
      });
    }),
  );

  it(
    'and that of the first, if it is shared by several',
    marbleTest(({ start }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => {
            const shared$ = lifecycle.start$.pipe(
              switchMap(() => of(1).pipe(time.after(5))),
              share(),
            );
            return { first$: shared$.pipe(map(String)), second$: shared$ };
          },
        }),
      );
      timer(1).subscribe(() => {
        expect(namesOf(agent.ledger())).toEqual(['first$']);
      });
    }),
  );

  it(
    'by what is subscribed to a Subject between',
    marbleTest(({ start }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => {
            const between = new Subject<unknown>();
            lifecycle.start$.pipe(switchMap(() => of(1).pipe(time.after(5)))).subscribe(between);
            return { first$: between.pipe(map(String)) };
          },
        }),
      );
      timer(1).subscribe(() => {
        expect(namesOf(agent.ledger())).toEqual(['first$']);
      });
    }),
  );
});

describe('what belongs to no stream', () => {
  it(
    'says where it was subscribed: in the setup, by readyWhen, or later by hand',
    marbleTest(async ({ start, clock }) => {
      let byHand: () => void = () => undefined;
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => {
            lifecycle.start$.pipe(time.after(5)).subscribe();
            byHand = () => void of(1).pipe(time.after(5)).subscribe();
            return { ready$: lifecycle.start$, time$: of(time) };
          },
          readyWhen: ({ ready$, time$ }) => time$.pipe(switchMap((time) => ready$.pipe(time.after(5)))),
        }),
      );
      await clock.sleep(1);
      byHand();
      const timers = agent.ledger().filter(({ kind }) => kind === 'timer');
      expect(namesOf(timers)).toEqual(['(setup)', '(readyWhen)', '(by hand)']);
    }),
  );
});
