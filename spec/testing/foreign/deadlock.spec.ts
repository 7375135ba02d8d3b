import { filter, firstValueFrom, interval, Subject } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { type MarbleBody, marbleTest, MarbleTestError, runMarbles } from 'rx-agent-kit/testing';

const listener = defineAgent({
  name: 'listener',
  streams: ({ lifecycle, handle }) => ({
    heard$: lifecycle.start$.pipe(
      handle.switch(async (_event, { sleep, next }) => {
        await sleep('3s');
        return next(new Subject<string>(), 'devices/a');
      }),
    ),
  }),
});

const sleeper = defineAgent({
  name: 'sleeper',
  streams: ({ lifecycle, time, handle }) => ({
    woken$: lifecycle.start$.pipe(
      time.every('10s'),
      handle.switch(async ({ index }, { sleep }) => {
        await sleep('6s');
        return index;
      }),
    ),
  }),
});

async function failureOf(
  body: MarbleBody,
): Promise<{ readonly error: MarbleTestError; readonly realMs: number }> {
  const start = performance.now();
  const error: unknown = await runMarbles(body).catch((thrown: unknown) => thrown);
  if (!(error instanceof MarbleTestError)) throw new Error(`Not a failed test: ${String(error)}`);
  return { error, realMs: performance.now() - start };
}

describe('a test that can go nowhere', () => {
  it('names agent, stream, what is waited for and since when, if a body waits for it [B32]', async () => {
    const { error } = await failureOf(async ({ start }) => {
      await new Promise((resolve) => start(listener).streams.heard$.subscribe(resolve));
    });
    expect(error.code).toBe('marble-deadlock');
    expect(error.message).toContain(
      'Deadlock at 3s: the body waits, and nothing is left that could wake it.',
    );
    expect(error.message).toContain(
      'listener.heard$: handler heard$, run 1 since 0ms, parked on next (devices/a) since 3s',
    );
  });

  it('says the same if an expectation is not met for it [B32]', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(listener).streams.heard$).toBe('4s a');
    });
    expect(error.code).toBe('marble-deadlock');
    expect(error.message).toContain('parked on next (devices/a) since 3s');
  });

  it('ends long before the runner loses its patience [B32]', async () => {
    const { realMs } = await failureOf(() => new Promise(() => undefined));
    expect(realMs).toBeLessThan(2500); // waiting for something foreign would take 3 s
  });

  it('is not a run that sleeps when time is over', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      expectObservable(start(sleeper).streams.woken$).toBe('12s a', { a: 1 });
    });
    expect(error.code).toBe('marble-test-failed');
    expect(error.message).not.toContain('Deadlock');
  });

  const pollers = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      defineAgent({
        name: `poller-${index}`,
        streams: ({ lifecycle, time, handle }) => ({
          polled$: lifecycle.start$.pipe(
            time.every('1s'),
            handle.switch(async (tick, { sleep }) => {
              await sleep(10);
              return tick.index;
            }),
          ),
        }),
      }),
    );

  it('is told at once of a body that waits for nothing, beside any number of agents that poll', async () => {
    let began = process.cpuUsage();
    const { error } = await failureOf(async ({ host }) => {
      await Promise.all(pollers(1000).map((agent) => host.start(agent)));
      began = process.cpuUsage();
      await new Promise(() => undefined);
    });
    const { user, system } = process.cpuUsage(began);
    expect(error.code).toBe('marble-deadlock');
    expect(error.message).toContain('the body waits for a promise that nothing is left to settle');
    // In CPU time: what else the machine does is no part of it.
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  it('is not a body that waits for what an agent brings after an hour', async () => {
    const { endedAt } = await runMarbles(
      async ({ start }) => {
        const [first] = pollers(3).map((agent) => start(agent));
        await firstValueFrom(first!.streams.polled$.pipe(filter((index) => index === 3600)));
      },
      { assertsElsewhere: true },
    );
    expect(endedAt).toBe(3_600_010);
  });

  it('is not a body that somebody may yet wake, however much garbage is collected', async () => {
    let wake: (() => void) | undefined;
    let ticks = 0;
    let wokenAt = 0;
    await runMarbles(
      async ({ clock }) => {
        interval(1000).subscribe(() => {
          if (++ticks === 30_000) wake?.();
        });
        await new Promise<void>((resolve) => (wake = resolve));
        wokenAt = clock.now();
      },
      { assertsElsewhere: true },
    );
    expect(wokenAt).toBe(30_000_000);
  });

  it('is told of a body that waits for what never comes of repeating timers, after a bound', async () => {
    const { error } = await failureOf(async ({ start }) => {
      const [first] = pollers(1).map((agent) => start(agent));
      await firstValueFrom(first!.streams.polled$.pipe(filter((index) => index < 0)));
    });
    expect(error.code).toBe('marble-deadlock');
    expect(error.message).toContain('only repeating timers have gone on for very long');
    expect(error.message).toContain('maxInstants');
  });

  it(
    'leaves nothing to the next test',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('-a|')).toBe('-a|');
    }),
  );
});
