import { NEVER, Subject, tap } from 'rxjs';
import { procedure } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { Lifecycle } from '../../../lib/agent/definition/Lifecycle';
import { agentOf, armedIn, hostOn } from './support';

describe('What is asked for after the stop', () => {
  it.each(['setup$', 'start$', 'ready$', 'stop$', 'finish$'] as const)('completes: lifecycle.%s', (moment) =>
    marbleTest(async ({ host }) => {
      let asked: Lifecycle | undefined;
      const agent = await host.start(
        agentOf('a', ({ lifecycle }) => {
          asked = lifecycle;
          return {};
        }),
      );
      await agent.stop();
      const seen: unknown[] = [];
      asked![moment].subscribe({ next: (event) => seen.push(event), complete: () => seen.push('|') });
      expect(seen).toEqual(['|']);
    })(),
  );
});

describe('What an agent has subscribed by hand', () => {
  it(
    'serves no procedure any more when its set-up has thrown',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const ping = procedure('ping', { input: z.number(), output: z.number() });
      const broken = agentOf('a', ({ bus }) => {
        bus.serve(ping, async () => 1).subscribe();
        throw new Error('no');
      });
      await expect(host.start(broken)).rejects.toThrow('no');
      const good = agentOf('b', ({ bus }) => ({ served$: bus.serve(ping, async () => 1) }));
      await expect(host.start(good)).resolves.toMatchObject({ state: 'ready' });
      await host.stop();
    }),
  );

  it(
    'starts no run and no timer after it has stopped, whether it was subscribed before or after',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const trigger$ = new Subject<number>();
      const log: string[] = [];
      let later: () => void = () => undefined;
      const agent = await host.start(
        agentOf('a', ({ handle, time, scheduler }) => {
          const subscribe = () => {
            trigger$.pipe(handle.merge(async (n) => void log.push(`run ${n}`))).subscribe();
            trigger$
              .pipe(
                time.after(1),
                tap((n) => log.push(`timer ${n}`)),
              )
              .subscribe();
            scheduler.schedule(() => log.push('work'), 5);
          };
          subscribe();
          later = subscribe;
          return { silent$: NEVER };
        }),
      );
      trigger$.next(1);
      await clock.sleep(2);
      await agent.stop();
      expect(trigger$.observed).toBe(false);
      later();
      trigger$.next(2);
      await clock.sleep(10);
      expect(log).toEqual(['run 1', 'timer 1']);
      expect([host.ledger(), agent.ledger(), armedIn(host)]).toEqual([[], [], 0]);
      await host.stop();
    }),
  );
});

describe('A stream', () => {
  it(
    'may have any name',
    marbleTest(async ({ host, clock }) => {
      const go$ = new Subject<number>();
      const agent = await host.start(agentOf('a', () => ({ ['__proto__']: go$, constructor: go$ })));
      const seen: unknown[] = [];
      expect(Object.keys(agent.streams)).toEqual(['__proto__', 'constructor']);
      for (const stream$ of Object.values(agent.streams)) stream$.subscribe((n) => seen.push(n));
      host.outputs$.subscribe(({ stream }) => seen.push(stream));
      go$.next(1);
      await clock.sleep(1);
      expect(seen).toEqual([1, '__proto__', 1, 'constructor']);
    }),
  );

  it(
    'is shown in one order to all, whatever a reader makes it emit from within',
    marbleTest(async ({ host }) => {
      const go$ = new Subject<number>();
      const agent = await host.start(agentOf('a', () => ({ go$ })));
      const [streams, outputs, traced]: unknown[][] = [[], [], []];
      agent.streams['go$']!.subscribe((n) => {
        if (n === 1) go$.next(2);
      });
      agent.streams['go$']!.subscribe((n) => streams!.push(n));
      host.outputs$.subscribe(({ value }) => {
        if (value === 2) go$.next(3);
      });
      host.outputs$.subscribe(({ value }) => outputs!.push(value));
      host.trace$.subscribe((event) => {
        if (event.type === 'value') traced!.push(event.value);
      });
      go$.next(1);
      expect([streams, outputs, traced]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ]);
    }),
  );
});
