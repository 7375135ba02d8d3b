import { Subject } from 'rxjs';
import { createHost, defineAgent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Its handler fails at each false. */
const checking = (name: string, good$: Subject<boolean>) =>
  defineAgent({
    name,
    streams: ({ lifecycle, handle }) => ({
      primed$: lifecycle.start$.pipe(handle.merge((_event, { sleep }) => sleep(5))),
      check$: good$.pipe(
        handle.merge(async (isGood) => {
          if (!isGood) throw new Error('no answer');
        }),
      ),
    }),
    readyWhen: ({ primed$ }) => primed$,
  });

describe('host.health$', () => {
  it(
    'follows its agents: starting, good, bad for the one that has been so longest, and stopped',
    marbleTest(async ({ clock }) => {
      const host = createHost({ clock, log: quiet });
      const seen: string[] = [];
      host.health$.subscribe({
        next: ({ status, reason, since }) => seen.push([since, status, reason].join(' ').trim()),
        complete: () => seen.push('|'),
      });
      const [a$, b$] = [new Subject<boolean>(), new Subject<boolean>()];
      await host.startAll([checking('a', a$), checking('b', b$)]);
      a$.next(false);
      await clock.sleep(10);
      b$.next(false);
      await clock.sleep(10);
      a$.next(true);
      await clock.sleep(10);
      b$.next(true);
      await clock.sleep(10);
      await host.stop();
      expect(seen).toEqual([
        '0 starting',
        '5 good',
        '5 bad a: a.check$: check$ failed at attempt 1: no answer',
        '5 bad b: b.check$: check$ failed at attempt 1: no answer',
        '35 good',
        '45 stopped',
        '|',
      ]);
      expect(host.health).toEqual({ status: 'stopped', reason: undefined, since: 45 });
    }),
  );

  it(
    'is not bad for an agent that could not start: that is told to the one who starts it',
    marbleTest(async ({ host }) => {
      const broken = defineAgent({
        name: 'broken',
        streams: () => {
          throw new Error('no port');
        },
      });
      await expect(host.start(broken)).rejects.toThrow('no port');
      expect(host.health.status).toBe('starting');
    }),
  );
});
