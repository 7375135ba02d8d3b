// Run by node:test itself; see nodeTest.spec.ts.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
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
