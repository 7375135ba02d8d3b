import { interval, map, Subject } from 'rxjs';
import { createHost, defineAgent, type TraceEvent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('Two hosts', () => {
  it(
    'never meet',
    marbleTest(async ({ clock }) => {
      const hosts = ['one', 'two'].map((name) => createHost({ name, clock, log: quiet }));
      const logs = hosts.map((host) => {
        const log: string[] = [];
        host.outputs$.subscribe(({ agent, value }) => log.push(`${agent} ${String(value)}`));
        host.errors$.subscribe(({ code }) => log.push(code));
        host.trace$.subscribe((event: TraceEvent) => {
          if (event.type === 'run-started') log.push(`run ${event.run}`);
        });
        return log;
      });
      const agent = (value: string) =>
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            result$: lifecycle.start$.pipe(
              handle.merge(async () => (value === 'b' ? Promise.reject(new Error('b')) : value)),
            ),
          }),
        });
      await Promise.all([hosts[0]!.start(agent('a')), hosts[1]!.start(agent('b'))]);
      await clock.sleep(1);
      await hosts[0]!.stop();
      expect(hosts[1]!.agents.get('agent')?.state).toBe('ready');
      expect(logs).toEqual([
        ['run 1', 'agent a'],
        ['run 1', 'handler-failed'],
      ]);
      await hosts[1]!.stop();
    }),
  );
});

describe('What one agent does', () => {
  const thrower = (): never => {
    throw new Error('thrown');
  };
  const misdeeds = defineAgent({
    name: 'misdeeds',
    streams: ({ lifecycle, time, handle, scheduler }) => {
      lifecycle.start$.subscribe(thrower);
      lifecycle.ready$.subscribe(thrower);
      scheduler.schedule(thrower, 7);
      return {
        handler$: lifecycle.start$.pipe(time.every(2), handle.concat(thrower)),
        stream$: lifecycle.start$.pipe(time.after(5), map(thrower)),
        stop$: lifecycle.stop$.pipe(map(thrower)),
        finish$: lifecycle.finish$.pipe(map(thrower)),
      };
    },
  });

  it(
    'silences no other',
    marbleTest(({ start, host, expectObservable }) => {
      host.outputs$.subscribe(thrower);
      host.errors$.subscribe(thrower);
      host.trace$.subscribe(thrower);
      const agent = start(misdeeds);
      for (const all$ of [agent.state$, agent.health$, agent.errors$, ...Object.values(agent.streams)])
        all$.subscribe(thrower);
      const good = start(
        defineAgent({
          name: 'good',
          streams: ({ scheduler }) => ({ count$: interval(2, scheduler) }),
        }),
      );
      expectObservable(good.streams.count$).toBe('--a-b-c-d-e', { a: 0, b: 1, c: 2, d: 3, e: 4 });
      expectObservable(
        host.outputs$.pipe(map(({ agent: name, value }) => (name === 'good' ? value : 'x'))),
      ).toBe('--a-b-c-d-e', { a: 0, b: 1, c: 2, d: 3, e: 4 });
    }),
  );
});

describe('A subscriber of errors$ and of trace$ that always throws', () => {
  it(
    'is told of once for each thing that it throws at, without an end to it',
    marbleTest(async ({ start, host, clock }) => {
      let calls = 0;
      const thrower = (): never => {
        calls++;
        throw new Error('reader');
      };
      const messages: string[] = [];
      host.errors$.subscribe(thrower);
      host.trace$.subscribe(thrower);
      host.errors$.subscribe(({ message }) => messages.push(message));
      const trigger$ = new Subject<number>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(handle.concat(() => Promise.reject(new Error('no luck')))),
          }),
        }),
      );
      agent.errors$.subscribe(thrower);
      await clock.sleep(1);
      calls = 0;
      messages.length = 0;
      trigger$.next(1);
      await clock.sleep(1);
      expect(agent.state).toBe('ready');
      expect(messages).toContain('agent.result$: result$ failed at attempt 1: no luck');
      expect(messages).toContain('agent: a subscriber threw: reader');
      expect(calls).toBeLessThan(50);
    }),
  );
});
