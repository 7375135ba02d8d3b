import { AsyncLocalStorage } from 'node:async_hooks';
import { promisify } from 'node:util';
import { asapScheduler, interval, observeOn, scheduled, take, timer } from 'rxjs';
// eslint-disable-next-line rxjs-x/no-internal -- what is looked at is whether it is as it was
import { intervalProvider } from 'rxjs/internal/scheduler/intervalProvider';
import { TestScheduler } from 'rxjs/testing';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { collectGarbage } from '../../support/memory';

const asserted = { assertsElsewhere: true };

/** Everything that a test might leave otherwise than it was. */
function globalState(): unknown[] {
  return [globalThis, performance, Date, TestScheduler.prototype, asapScheduler, intervalProvider].map(
    (owner) => Reflect.ownKeys(owner).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)]),
  );
}

describe('the globals [B35]', () => {
  let before: unknown[];
  beforeEach(() => {
    before = globalState();
  });
  afterEach(async () => {
    expect(globalState()).toEqual(before);
    await marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('a|').pipe(observeOn(asapScheduler))).toBe('a|');
      expect([Date.now(), performance.now()]).toEqual([0, 0]);
    })();
  });

  it('are as they were after a test', async () => {
    await runMarbles(async ({ clock }) => {
      expect(setTimeout.toString()).not.toContain('native');
      await clock.sleep(5);
    });
  });

  it('hold nothing of a test for a runner that keeps what it has seen there', async () => {
    const kept: unknown[] = [];
    const hosts: WeakRef<object>[] = [];
    for (let test = 0; test < 3; test++) {
      await runMarbles(({ host }) => {
        kept.push(setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, Date);
        hosts.push(new WeakRef(host));
      }, asserted);
    }
    await promisify(setImmediate)();
    collectGarbage();
    // What belongs to the last one may be there until the next.
    expect(hosts.slice(0, -1).map((host) => host.deref() === undefined)).toEqual([true, true]);
    expect(new Set(kept).size).toBe(7);
  });

  it('hold nothing of a test when it is over, so that it is gone with the young garbage', async () => {
    const test = (): Promise<unknown> =>
      runMarbles(({ cold, expectObservable }) => {
        expectObservable(cold('-a|')).toBe('-a|');
      });
    const collectYoung = (): void => {
      collectGarbage({ type: 'minor' });
      collectGarbage({ type: 'minor' });
    };
    for (let index = 0; index < 100; index++) await test();
    collectGarbage();
    collectYoung();
    const before = process.memoryUsage().heapUsed;
    const tests = 300;
    for (let index = 0; index < tests; index++) await test();
    collectYoung();
    // A test takes some 30 KB, of which a tenth is made by V8 in its old generation.
    expect((process.memoryUsage().heapUsed - before) / tests).toBeLessThan(12_000);
  });

  it('are as they were after a body that throws', async () => {
    const error = new Error('thrown');
    const body = runMarbles(() => {
      scheduled([1], asapScheduler).subscribe();
      throw error;
    });
    await expect(body).rejects.toBe(error);
  });

  it('are as they were after a body that rejects', async () => {
    const body = runMarbles(async ({ clock }) => {
      await clock.sleep('1h');
      throw new Error(`rejected at ${Date.now()}`);
    });
    await expect(body).rejects.toThrow('rejected at 3600000');
  });

  it('are as they were after a body that never resolves', async () => {
    const body = runMarbles(({ start }) => {
      start(
        defineAgent({
          name: 'ticker',
          streams: ({ lifecycle, time }) => ({ tick$: lifecycle.start$.pipe(time.every('1s')) }),
        }),
      );
      return new Promise(() => undefined);
    });
    await expect(body).rejects.toMatchObject({ code: 'marble-deadlock' });
  });

  it('are as they were after scheduled work that throws', async () => {
    const body = runMarbles(() => {
      setTimeout(() => {
        throw new Error('late');
      }, 10);
    });
    await expect(body).rejects.toThrow('late');
  });

  it('are as they were after options that are none', async () => {
    await expect(runMarbles(() => undefined, { until: 'soon' as '1s' })).rejects.toMatchObject({
      code: 'bad-duration',
    });
  });
});

describe('virtual time in the body', () => {
  it(
    'is on the functions of the host, in each of their ways',
    marbleTest(async () => {
      const seen: unknown[] = [];
      const see = (...what: unknown[]): void => void seen.push([Date.now(), ...what]);
      setTimeout(see, 10, 'a', 1);
      setTimeout(see, '5' as unknown as number);
      const cleared = setTimeout(see, 7);
      clearTimeout(cleared);
      clearTimeout(undefined);
      const beat = setInterval(see, 4, 'beat');
      setTimeout(() => clearInterval(beat), 9);
      setImmediate(see, 'now');
      const refreshed = setTimeout(see, 3, 'refreshed');
      setTimeout(() => refreshed.refresh(), 2);
      await promisify(setTimeout)(20);
      expect(await promisify(setTimeout)(1, 'value')).toBe('value');
      expect(seen).toEqual([[0, 'now'], [4, 'beat'], [5], [5, 'refreshed'], [8, 'beat'], [10, 'a', 1]]);
      expect(() => setTimeout('x' as unknown as () => void)).toThrow(TypeError);
    }),
  );

  it(
    'is on Date, which is a Date in all else',
    marbleTest(
      async ({ clock }) => {
        await clock.sleep(1500);
        const now = new Date();
        expect(now.toISOString()).toBe('2024-03-01T00:00:01.500Z');
        expect(Date.now()).toBe(now.getTime());
        expect(now).toBeInstanceOf(Date);
        expect(new Date(2020, 1, 1)).toBeInstanceOf(Date);
        expect(new Date('2020-01-01').getTime()).toBe(Date.UTC(2020, 0, 1));
        expect(Date()).toBe(now.toString());
        expect(performance.now()).toBe(1500);
        class Later extends Date {}
        expect(new Later().getTime()).toBe(now.getTime());
        expect(new Later()).toBeInstanceOf(Later);
        clock.setWallBy(-500);
        expect([Date.now() - now.getTime(), performance.now()]).toEqual([-500, 1500]);
        clock.stall('2s');
        expect([Date.now() - now.getTime(), performance.now()]).toEqual([1500, 3500]);
      },
      { startTime: '2024-03-01T00:00:00Z' },
    ),
  );

  it('clears the real timers that were armed before', async () => {
    let hasFired = false;
    const real = setTimeout(() => (hasFired = true), 1);
    const ticks = interval(1).subscribe(() => (hasFired = true));
    await runMarbles(() => {
      clearTimeout(real);
      ticks.unsubscribe();
    }, asserted);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(hasFired).toBe(false);
  });

  it('keeps the AsyncLocalStorage of whoever arms a timer', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const see = (what: string) => () => seen.push(`${what}: ${storage.getStore() ?? 'none'}`);
    await runMarbles(({ expectObservable }) => {
      storage.run('a', () => setTimeout(see('timeout'), 1));
      storage.run('b', () => setImmediate(see('immediate')));
      storage.run('c', () => {
        const handle = setInterval(() => {
          see('interval')();
          clearInterval(handle);
        }, 2);
      });
      storage.run('d', () => timer(3).subscribe(see('rxjs')));
      setTimeout(see('outside'), 4);
      expectObservable(interval(5).pipe(take(1))).toBe('5ms (a|)', { a: 0 });
    });
    storage.disable(); // or else it follows every promise of the specs behind this one
    expect(seen).toEqual(['immediate: b', 'timeout: a', 'interval: c', 'rxjs: d', 'outside: none']);
  });
});

describe('several tests', () => {
  it('take turns when they are run at once', async () => {
    const log: string[] = [];
    const test = (name: string) =>
      runMarbles(async ({ clock }) => {
        log.push(`${name} begins`);
        await clock.sleep('1s');
        expect(Date.now()).toBe(1000);
        log.push(`${name} ends`);
      });
    await Promise.all([test('a'), test('b'), test('c')]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('take turns also if one is stuck', async () => {
    const results = await Promise.allSettled([
      runMarbles(() => new Promise(() => undefined)),
      runMarbles(({ cold, expectObservable }) => {
        expectObservable(cold('a')).toBe('a');
      }),
    ]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'marble-deadlock' } },
      { status: 'fulfilled' },
    ]);
  });

  it('are refused inside one another, at once', async () => {
    const body = runMarbles(async () => {
      await expect(runMarbles(() => undefined)).rejects.toMatchObject({ code: 'nested-marble-test' });
      await expect(marbleTest(() => undefined)()).rejects.toMatchObject({ code: 'nested-marble-test' });
    });
    // Only the first is called before the body awaits; the other one waits for its turn until this test is stuck.
    await expect(body).resolves.toBeDefined();
  });

  it('are refused inside one another, also if nobody asks', async () => {
    const body = runMarbles(() => {
      void runMarbles(() => undefined);
    }, asserted);
    await expect(body).rejects.toMatchObject({ code: 'nested-marble-test' });
    const thrown = runMarbles(() => runMarbles(() => undefined), asserted);
    await expect(thrown).rejects.toMatchObject({ code: 'nested-marble-test' });
  });

  it('are refused inside one another, also behind an await', async () => {
    const body = runMarbles(async ({ clock }) => {
      await clock.sleep(10);
      await runMarbles(() => undefined, asserted);
    }, asserted);
    await expect(body).rejects.toMatchObject({
      code: 'nested-marble-test',
      message: expect.stringContaining('createHost({ clock })'),
    });
  });
});

describe('the fake timers of others are refused', () => {
  const refused = (tool: string) =>
    expect(runMarbles(() => undefined, asserted)).rejects.toMatchObject({
      code: 'foreign-fake-timers',
      message: expect.stringContaining(tool),
    });

  afterEach(async () => {
    jest.useRealTimers();
    await runMarbles(() => undefined, asserted);
  });

  it("Jest's", async () => {
    jest.useFakeTimers();
    await refused('jest.useRealTimers()');
  });

  it("Jest's, if they fake the Date only", async () => {
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'],
    });
    await refused('jest.useRealTimers()');
  });

  it("Jest's legacy ones", async () => {
    jest.useFakeTimers({ legacyFakeTimers: true });
    await refused("Jest's legacy fake timers");
  });
});
