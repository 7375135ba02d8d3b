import { map, Subject } from 'rxjs';
import { defineAgent, type Output } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const show = ({ agent, stream, value, at }: Output): string => `${agent}.${stream} ${String(value)} at ${at}`;

describe('host.outputs$', () => {
  it(
    'merges what all streams of all agents emit, in the scheduler’s order',
    marbleTest(async ({ host, clock }) => {
      const seen: string[] = [];
      host.outputs$.subscribe((output) => seen.push(show(output)));
      const ticking = (name: string, period: number) =>
        defineAgent({
          name,
          streams: ({ lifecycle, time, handle }) => ({
            ticks$: lifecycle.start$.pipe(
              time.every(period),
              map(({ index }) => index),
            ),
            runs$: lifecycle.start$.pipe(
              time.every(period),
              handle.concat(({ index }, { sleep }) => sleep(1).then(() => `run ${index}`)),
            ),
          }),
        });
      await host.start(ticking('a', 3));
      await host.start(ticking('b', 2));
      await clock.sleep(5.5);
      expect(seen).toEqual([
        'b.ticks$ 1 at 2',
        'a.ticks$ 1 at 3',
        'b.runs$ run 1 at 3',
        'b.ticks$ 2 at 4',
        'a.runs$ run 1 at 4',
        'b.runs$ run 2 at 5',
      ]);
    }),
  );

  it(
    'has what an agent emits before it is ready',
    marbleTest(async ({ host }) => {
      const seen: string[] = [];
      host.outputs$.subscribe((output) => seen.push(show(output)));
      await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle }) => ({
            setup$: lifecycle.setup$.pipe(map(({ type }) => type)),
            start$: lifecycle.start$.pipe(map(({ type }) => type)),
          }),
        }),
      );
      expect(seen).toEqual(['agent.setup$ setup at 0', 'agent.start$ start at 0']);
    }),
  );

  it(
    'goes on over the end of one agent, and completes when the host has stopped',
    marbleTest(async ({ host, clock }) => {
      const trigger$ = new Subject<string>();
      const seen: string[] = [];
      host.outputs$.subscribe({
        next: ({ agent, value }) => seen.push(`${agent} ${String(value)}`),
        complete: () => seen.push('|'),
      });
      const agents = await Promise.all(
        ['a', 'b'].map((name) => host.start(defineAgent({ name, streams: () => ({ trigger$ }) }))),
      );
      trigger$.next('one');
      await agents[0]?.stop();
      trigger$.next('two');
      await clock.sleep(1);
      await host.stop();
      trigger$.next('three');
      expect(seen).toEqual(['a one', 'b one', 'b two', '|']);
    }),
  );

  it(
    'is nothing that a subscriber can stop by throwing',
    marbleTest(async ({ host, clock }) => {
      const trigger$ = new Subject<number>();
      const seen: unknown[] = [];
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const fail = (): never => {
        throw new Error('subscriber');
      };
      host.outputs$.subscribe(fail);
      host.outputs$.pipe(map(fail)).subscribe();
      host.outputs$.subscribe(({ value }) => seen.push(value));
      await host.start(defineAgent({ name: 'agent', streams: () => ({ trigger$ }) }));
      trigger$.next(1);
      trigger$.next(2);
      await clock.sleep(1);
      expect(seen).toEqual([1, 2]);
      // The derived one ends with its first error, as RxJS has it.
      expect(codes).toEqual(['observer-failed', 'observer-failed', 'observer-failed']);
    }),
  );
});
