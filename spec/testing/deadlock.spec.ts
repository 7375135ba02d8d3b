import { Subject } from 'rxjs';
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

  it(
    'leaves nothing to the next test',
    marbleTest(({ cold, expectObservable }) => {
      expectObservable(cold('-a|')).toBe('-a|');
    }),
  );
});
