// Run by node:test itself; see nodeTest.spec.ts.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom, map, Subject } from 'rxjs';
import { createHost, defineAgent, liveClock, Scheduler, silentLog } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { cases } from '../live/support/contexts';
import { echo, expectEcho } from './support/world';

void describe('marbleTest under node:test', () => {
  void it('needs no set-up', marbleTest(expectEcho));

  void it(
    'can be told that it asserts with node:assert',
    marbleTest(
      async ({ host, clock }) => {
        await host.start(echo);
        await clock.sleep('1s');
        assert.equal(Date.now(), 1000);
      },
      { assertsElsewhere: true },
    ),
  );

  void it('fails when nothing is asserted, and when something is late', async () => {
    await assert.rejects(
      runMarbles(() => undefined),
      /asserts nothing/,
    );
    await assert.rejects(
      runMarbles(({ start, expectObservable }) => {
        expectObservable(start(echo).streams.echo$).toBe('1999ms a', { a: 2000 });
      }),
      /right value, 1ms late \(at 2s\)/,
    );
  });

  void it('ends though nothing keeps the process alive', async () => {
    await assert.rejects(
      runMarbles(() => new Promise(() => undefined)),
      { code: 'marble-deadlock' },
    );
  });

  for (const api of ['setTimeout', 'Date'] as const) {
    void it(`refuses node:test's mock of ${api}`, async () => {
      mock.timers.enable({ apis: [api] });
      try {
        await assert.rejects(
          runMarbles(() => undefined),
          { code: 'foreign-fake-timers' },
        );
      } finally {
        mock.timers.reset();
      }
    });
  }
});

void describe("a live scheduler under node:test's mock timers", () => {
  void it('sees the time that is ticked', () => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'] });
    try {
      const log: string[] = [];
      const scheduler = new Scheduler(liveClock());
      const start = Date.now();
      const note = (what: string): void => void log.push(`${what}@${Date.now() - start}`);
      scheduler.schedule(() => note('a'), 10);
      setTimeout(() => scheduler.schedule(() => note('b'), 10), 50);
      for (let step = 0; step < 10; step++) mock.timers.tick(10);
      assert.deepEqual(log, ['a@10', 'b@60']);
    } finally {
      mock.timers.reset();
    }
  });

  void it('refuses to arm anything while no clock is mocked', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const scheduler = new Scheduler(liveClock());
      assert.throws(() => scheduler.schedule(() => undefined, 10), { code: 'foreign-fake-timers' });
    } finally {
      mock.timers.reset();
    }
  });
});

// In the realm of the host itself, where nothing is kept of a context while nobody uses any.
void describe('AsyncLocalStorage', () => {
  void it('is entered by nobody else, though it is first used while timers are armed', async () => {
    const host = createHost({ log: silentLog });
    const seen: unknown[] = [];
    const storage = new AsyncLocalStorage<string>();
    const note = (what: string) => (): void => void seen.push([what, storage.getStore()]);
    const push$ = new Subject<number>();
    const agent = await host.start(
      defineAgent({
        name: 'early',
        streams: ({ time }) => ({
          first$: push$.pipe(
            time.after(1),
            map(() => storage.enterWith('entered')),
          ),
          early$: push$.pipe(time.after(1), map(note('early'))),
          last$: push$.pipe(time.after(20), map(note('last'))),
        }),
      }),
    );
    const isOver = firstValueFrom(agent.streams.last$);
    push$.next(1);
    await isOver;
    await host.stop();
    assert.deepEqual(seen, [
      ['early', undefined],
      ['last', undefined],
    ]);
  });

  for (const [what, play, seen] of cases) {
    void it(`on the live clock: ${what}`, async () => {
      const host = createHost({ log: silentLog });
      assert.deepEqual(await play({ host, until }), seen);
      await host.stop();
    });

    void it(
      `in a marble test: ${what}`,
      marbleTest(
        async ({ host, clock }) => {
          assert.deepEqual(await play({ host, until: (_holds, ms) => clock.sleep(ms) }), seen);
        },
        { assertsElsewhere: true },
      ),
    );
  }
});

async function until(holds: () => boolean): Promise<void> {
  for (const start = Date.now(); !holds() && Date.now() - start < 10_000;) await sleep(1);
}
