import { NEVER, Observable, Subject } from 'rxjs';
import { defineAgent, type Host, type Run } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';
import type { AgentHost } from '../../../lib/agent/AgentHost';
import type { AgentScope } from '../../../lib/agent/life/AgentScope';

const SWITCHES = 1000;

/** The host as its agents see it. */
function inside(host: Host): AgentHost {
  return host as unknown as AgentHost;
}

/** The present life of an agent, as its operators see it. */
function scopeOf(host: Host, name: string): AgentScope {
  const agent = (host as unknown as { find(name: string): unknown }).find(name);
  return (agent as { driver: { effects: { life: { scope: AgentScope } } } }).driver.effects.life.scope;
}

/** A source that counts its subscribers. */
class Counted {
  open = 0;
  ever = 0;
  readonly $ = new Observable<never>((subscriber) => {
    this.open++;
    this.ever++;
    subscriber.add(() => this.open--);
    return NEVER.subscribe(subscriber);
  });
}

type Block = (run: Run, source$: Observable<never>) => Promise<unknown>;

const blocks: [string, Block, number][] = [
  ['sleep', ({ sleep }) => sleep('1h'), 0],
  ['next(source$)', ({ next }, source$) => next(source$), SWITCHES],
  [
    'each(source$)',
    async ({ each }, source$) => {
      for await (const value of each(source$)) return value;
      return undefined;
    },
    SWITCHES,
  ],
  [
    'a race of all',
    ({ sleep, next, each }, source$) => Promise.race([sleep('1h'), next(source$), each(source$).next()]),
    2 * SWITCHES,
  ],
];

describe.each(blocks)('A thousand handlers that are blocked in %s', (_what, block, subscriptions) => {
  function blocked({ start }: MarbleHelpers) {
    const trigger$ = new Subject<number>();
    const source = new Counted();
    const ends = { count: 0 };
    const agent = start(
      defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          result$: trigger$.pipe(
            handle.switch(async (_n, run) => {
              try {
                await block(run, source.$);
              } finally {
                ends.count++;
              }
            }),
          ),
          others$: trigger$.pipe(handle.merge(async (_n, run) => block(run, source.$))),
        }),
      }),
    );
    return { agent, trigger$, source, ends };
  }

  it(
    'leave nothing when each is switched away by the next [B21]',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const trigger$ = new Subject<number>();
      const source = new Counted();
      let ends = 0;
      helpers.start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(
              handle.switch(async (n, run) => {
                try {
                  if (n < SWITCHES) await block(run, source.$);
                } finally {
                  ends++;
                }
              }),
            ),
          }),
        }),
      );
      await clock.sleep(1);
      for (let n = 0; n <= SWITCHES; n++) {
        trigger$.next(n);
        if (n % 7 === 0) await clock.sleep(1);
      }
      await clock.sleep(1);
      expect(ends).toBe(SWITCHES + 1);
      expect(source).toMatchObject({ open: 0, ever: subscriptions });
      expect(host.ledger()).toEqual([]);
      expect(inside(host).scheduler.size).toBe(0);
      expect(inside(host).activity).toMatchObject({ awake: 0, external: 0 });
    }),
  );

  it(
    'leave nothing when their agent is stopped [B21]',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const { agent, trigger$, source, ends } = blocked(helpers);
      await clock.sleep(1);
      for (let n = 0; n < SWITCHES; n++) trigger$.next(n);
      await clock.sleep(1);
      expect(host.ledger()).toHaveLength(1 + SWITCHES);
      expect(await agent.stop()).toEqual({ agent: 'agent', left: [] });
      expect(Date.now()).toBe(2);
      expect(ends.count).toBe(SWITCHES);
      expect(source.open).toBe(0);
      expect(agent.ledger()).toEqual([]);
      expect(host.ledger()).toEqual([]);
      expect(inside(host).scheduler.size).toBe(0);
      expect(inside(host).activity).toMatchObject({ awake: 0, external: 0 });
      expect(trigger$.observed).toBe(false);
    }),
  );
});

describe('A thousand streams that come and go', () => {
  it(
    'leave no operator behind',
    marbleTest(async ({ host, start, clock }) => {
      const trigger$ = new Subject<number>();
      start(
        defineAgent({
          name: 'agent',
          streams: ({ time, handle }) => ({
            result$: new Observable((subscriber) => {
              for (let n = 0; n < 1000; n++) {
                const inner$ = trigger$.pipe(
                  time.after('1h'),
                  handle.merge((_n, { sleep }) => sleep('1h')),
                );
                inner$.subscribe().unsubscribe();
              }
              return trigger$.pipe(handle.switch((_n, { sleep }) => sleep('1h'))).subscribe(subscriber);
            }),
          }),
        }),
      );
      await clock.sleep(1);
      const { parts } = scopeOf(host, 'agent').ledger;
      expect(parts.size).toBe(1);
    }),
  );

  it(
    'leave none of the work that they have scheduled',
    marbleTest(async ({ host, start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ scheduler }) => ({
            result$: new Observable<number>((subscriber) => {
              for (let n = 0; n < 1000; n++) scheduler.schedule(() => subscriber.next(n), n);
            }),
          }),
        }),
      );
      const tasks = scopeOf(host, 'agent').open;
      expect(tasks.size).toBe(1000);
      await clock.sleep(500);
      expect(tasks.size).toBe(500 - 1);
      await agent.stop();
      expect(tasks.size).toBe(0);
    }),
  );
});
