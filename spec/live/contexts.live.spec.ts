import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { of, timer } from 'rxjs';
import { after, createHost, liveClock, Scheduler, silentLog } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';
import { cases } from './support/contexts';

/** Long enough for a loaded machine; what has not come by then is missing. */
const LIMIT = 10_000;

async function until(holds: () => boolean): Promise<void> {
  for (const start = Date.now(); !holds() && Date.now() - start < LIMIT;) await sleep(1);
}

describe('AsyncLocalStorage', () => {
  it.each(cases)('on the live clock: %s', async (_what, play, seen) => {
    const host = createHost({ log: silentLog });
    expect(await play({ host, until })).toEqual(seen);
    await host.stop();
  });

  it.each(cases)('in a marble test: %s', async (_what, play, seen) => {
    let inTest: readonly string[] | undefined;
    await runMarbles(
      async ({ host, clock }) => {
        inTest = await play({ host, until: (_holds, ms) => clock.sleep(ms) });
      },
      { assertsElsewhere: true },
    );
    expect(inTest).toEqual(seen);
  });
});

it('is on a scheduler that belongs to no host as it is on RxJS’s own', async () => {
  const als = new AsyncLocalStorage<string>();
  const scheduler = new Scheduler(liveClock());
  const seen: string[] = [];
  const see = (name: string) => () => void seen.push(`${name}→${als.getStore()}`);
  als.run('A', () => scheduler.schedule(see('A'), 5));
  als.run('B', () => scheduler.schedule(see('B'), 10));
  als.run('C', () => timer(8, scheduler).subscribe(see('C')));
  als.run('D', () => of(1).pipe(after(8, scheduler)).subscribe(see('D')));
  als.run('E', () => {
    let left = 2;
    scheduler.schedule(function () {
      see('E')();
      if (--left > 0) this.schedule(undefined, 1);
    }, 1);
  });
  await until(() => seen.length === 6);
  expect(seen.sort()).toEqual(['A→A', 'B→B', 'C→C', 'D→D', 'E→E', 'E→E']);
});
