// Run by node:test itself; see nodeTest.spec.ts.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { liveClock, Scheduler } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
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
