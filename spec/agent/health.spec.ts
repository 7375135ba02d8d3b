import { map, Subject, takeUntil, timer } from 'rxjs';
import { defineAgent, type Health, HandlerError } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const show = ({ status, reason, since }: Health): string =>
  `${status}${reason === undefined ? '' : ` (${reason})`} since ${since}`;

describe('health$', () => {
  it(
    'is bad after a handler of start$ has failed, while all else goes on [B3]',
    marbleTest(({ start, host, expectObservable, expectHandlers }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ lifecycle, time, handle }) => ({
          fails$: lifecycle.start$.pipe(
            handle.merge(async (_e, { sleep }) => {
              await sleep(5);
              throw new Error('no luck');
            }),
          ),
          other$: lifecycle.start$.pipe(handle.merge((_e, { sleep }) => sleep(2).then(() => 'done'))),
          ticks$: lifecycle.start$.pipe(
            time.every(3),
            map(({ index }) => index),
          ),
        }),
      });
      expectObservable(host.errors$.pipe(map((error) => error instanceof HandlerError && error.cause))).toBe(
        '-----e',
        {
          e: new Error('no luck'),
        },
      );
      const { streams, health$ } = start(agent);
      expectHandlers(agent, 'fails$').toBe('s----f');
      expectObservable(streams.other$).toBe('--d', { d: 'done' });
      expectObservable(streams.ticks$).toBe('---1--2--3', { 1: 1, 2: 2, 3: 3 });
      expectObservable(health$.pipe(map(({ status }) => status))).toBe('(sg)-b', {
        s: 'starting',
        g: 'good',
        b: 'bad',
      });
    }),
  );

  it(
    'is good again when a run of that same handler succeeds [B3]',
    marbleTest(async ({ start, clock }) => {
      const one$ = new Subject<boolean>();
      const two$ = new Subject<boolean>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => {
            const work = async (isGood: boolean): Promise<string> =>
              isGood ? 'well' : Promise.reject(new Error('ill'));
            return { one$: one$.pipe(handle.merge(work)), two$: two$.pipe(handle.switch(work)) };
          },
        }),
      );
      const log: string[] = [];
      agent.health$.subscribe((health) => log.push(show(health)));
      const steps: [Subject<boolean>, boolean][] = [
        [one$, false],
        [two$, true],
        [two$, false],
        [one$, true],
        [two$, true],
        [two$, true],
      ];
      for (const [trigger$, isGood] of steps) {
        await clock.sleep(10);
        trigger$.next(isGood);
      }
      await clock.sleep(10);
      expect(log).toEqual([
        'starting since 0',
        'good since 0',
        'bad (agent.one$: work failed at attempt 1: ill) since 10',
        'bad (agent.two$: work failed at attempt 1: ill) since 10',
        'good since 50',
      ]);
      expect(agent.health).toEqual({ status: 'good', reason: undefined, since: 50 });
    }),
  );

  it(
    'is not good before the agent is ready, even if a handler recovers',
    marbleTest(async ({ start, clock }) => {
      const trigger$ = new Subject<boolean>();
      const ready$ = new Subject<void>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            work$: trigger$.pipe(
              handle.merge((isGood) => (isGood ? Promise.resolve() : Promise.reject(new Error('ill')))),
            ),
          }),
          readyWhen: () => ready$,
        }),
      );
      const log: string[] = [];
      agent.health$.subscribe(({ status }) => log.push(status));
      for (const isGood of [false, true]) {
        await clock.sleep(1);
        trigger$.next(isGood);
      }
      await clock.sleep(1);
      ready$.next();
      expect(log).toEqual(['starting', 'bad', 'starting', 'good']);
    }),
  );

  it(
    'stays bad while the agent stops, and then tells why it stopped only if it failed',
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            work$: lifecycle.start$.pipe(handle.merge(() => Promise.reject(new Error('ill')))),
          }),
        }),
      );
      const log: string[] = [];
      agent.health$.subscribe((health) => log.push(`${health.status} ${health.reason ?? ''}`.trim()));
      await clock.sleep(1);
      await agent.stop();
      expect(log).toEqual(['starting', 'good', 'bad agent.work$: work$ failed at attempt 1: ill', 'stopped']);
    }),
  );

  it(
    'forgets a handler whose stream has been let go of',
    marbleTest(({ start, expectObservable }) => {
      const { health$ } = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle, scheduler }) => ({
            result$: lifecycle.start$.pipe(
              handle.merge(() => Promise.reject(new Error('ill'))),
              takeUntil(timer(9, scheduler)),
            ),
          }),
        }),
      );
      const values = { s: 'starting', g: 'good', b: 'bad' };
      expectObservable(health$.pipe(map(({ status }) => status))).toBe('(sgb)----g', values);
    }),
  );

  it(
    'is bad at once when a stream fails, and stopped with the reason when that has ended the agent',
    marbleTest(async ({ start, clock }) => {
      const trigger$ = new Subject<never>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            trigger$,
            stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(10))),
          }),
        }),
      );
      const log: string[] = [];
      agent.health$.subscribe(({ status, since }) => log.push(`${status} ${since}`));
      await clock.sleep(5);
      trigger$.error(new Error('no source'));
      await clock.sleep(20);
      expect(log).toEqual(['starting 0', 'good 0', 'bad 5', 'stopped 15']);
      expect(agent.health.reason).toContain('agent.trigger$ failed: no source');
      expect(agent.state).toBe('failed');
    }),
  );
});
