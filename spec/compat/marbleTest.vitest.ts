import { describe, expect, it, vi } from 'vitest';
import { timer } from 'rxjs';
import { marbleTest, MarbleTestError, runMarbles } from 'rx-agent-kit/testing';
import { echo, expectEcho } from './support/world';

describe('marbleTest under Vitest', () => {
  it('needs no set-up', marbleTest(expectEcho));

  it(
    "takes Vitest's expect for an assertion",
    marbleTest(async ({ host, clock }) => {
      await host.start(echo);
      await clock.sleep('1s');
      expect(Date.now()).toBe(1000);
    }),
  );

  it(
    "takes Vitest's matchers",
    marbleTest(({ expectObservable }) => {
      expectObservable(timer(5)).toBe('5ms (a|)', { a: expect.any(Number) });
    }),
  );

  it('fails when nothing is asserted, and when something is late', async () => {
    await expect(runMarbles(() => undefined)).rejects.toThrow('The test asserts nothing');
    const late = runMarbles(({ start, expectObservable }) => {
      expectObservable(start(echo).streams.echo$).toBe('1999ms a', { a: 2000 });
    });
    await expect(late).rejects.toBeInstanceOf(MarbleTestError);
    await expect(late).rejects.toThrow('right value, 1ms late (at 2s)');
  });

  it("refuses Vitest's fake timers", async () => {
    vi.useFakeTimers();
    try {
      await expect(runMarbles(() => undefined)).rejects.toMatchObject({ code: 'foreign-fake-timers' });
    } finally {
      vi.useRealTimers();
    }
  });
});
