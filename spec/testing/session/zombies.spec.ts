/* eslint-disable rxjs-x/no-subscribe-in-pipe -- Here that is what somebody does who goes on by himself. */
import { defineAgent, memoryStore, procedure, topic } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { of, Subject } from 'rxjs';
import { z } from 'zod';

const plain = topic('plain', z.string());
const kept = topic('kept', z.string(), { durable: true });
const retained = topic('retained', z.string(), { retain: 'last' });
const ask = procedure('ask', { input: z.string(), output: z.string() });

describe('what goes on by itself of a life that has crashed', () => {
  const store = memoryStore();
  it(
    'has no effect through the kit, whatever it waits for',
    marbleTest(
      async ({ start, host, bus, clock, crash }) => {
        const [heard, asked, ways, done] = [[] as string[], [] as string[], [] as string[], [] as string[]];
        const gate = new Subject<void>();
        let life = 0;
        const zombie = defineAgent({
          name: 'zombie',
          state: z.object({ by: z.string().default('nobody') }),
          streams: ({ lifecycle, handle, bus: own, state, time, scheduler, log }) => ({
            value$: lifecycle.start$.pipe(
              handle.merge(
                async (_event, run) => {
                  if (++life > 1) return 'second';
                  const later = new Promise<void>((resolve) => gate.subscribe(resolve));
                  await later;
                  const way = async (name: string, work: () => unknown): Promise<void> => {
                    try {
                      const late = new Promise((resolve) => setTimeout(resolve, 100, 'waits'));
                      const outcome = await Promise.race([work(), late]);
                      if (outcome === 'waits') throw new Error('waits');
                      ways.push(`${name} is done`);
                    } catch (error) {
                      ways.push(`${name} ${(error as { code?: string }).code ?? (error as Error).message}`);
                    }
                  };
                  await way('publish', () => own.publish(plain, 'zombie'));
                  await way('publish kept', () => own.publish(kept, 'zombie'));
                  await way('retain', () => own.publish(retained, 'zombie'));
                  await way('call', () => run.call(ask, 'zombie'));
                  await way('set', () => state.set({ by: 'zombie' }));
                  await way('step', () => run.step('a', async () => void done.push('step')));
                  await way('sleep', () => run.sleep(1).then(() => done.push('sleep')));
                  await way('next', () => run.next(of(1)).then(() => done.push('next')));
                  await way('each', () => run.each(of(1)).next());
                  await way('retry', () => run.retry(async () => done.push('retry'), { count: 1 }));
                  await way('external', () =>
                    run.external(Promise.resolve()).then(() => done.push('external')),
                  );
                  await way(
                    'subscribe',
                    () =>
                      void of(1)
                        .pipe(time.after(1))
                        .subscribe(() => done.push('timer')),
                  );
                  await way(
                    'handler',
                    () =>
                      void of(1)
                        .pipe(handle.merge(async () => void done.push('handler')))
                        .subscribe(),
                  );
                  await way(
                    'messages',
                    () => void own.messages(plain).subscribe(() => done.push('messages')),
                  );
                  await way('serve', () => void own.serve(ask, async () => 'zombie').subscribe());
                  await way('schedule', () => void scheduler.schedule(() => done.push('scheduled'), 1));
                  await way('log', () => log.info('zombie'));
                  return 'zombie';
                },
                { durable: 'runs' },
              ),
            ),
          }),
        });
        const other = defineAgent({
          name: 'other',
          streams: ({ bus: own }) => ({
            plain$: own.messages(plain),
            kept$: own.messages(kept, { durable: 'other' }),
            retained$: own.messages(retained),
            asked$: own.serve(ask, async (by) => {
              asked.push(by);
              return by;
            }),
          }),
        });
        host.outputs$.subscribe(({ agent, stream, value }) =>
          heard.push(
            `${agent}.${stream} ${JSON.stringify((value as { payload?: unknown }).payload ?? value)}`,
          ),
        );
        const errors: string[] = [];
        host.errors$.subscribe(({ code }) => errors.push(code));
        start(other);
        start(zombie);
        crash('1s', { down: '1s' });
        await clock.sleep('5s');
        gate.next();
        await clock.sleep('10s');
        bus.publish(plain, 'alive');
        await clock.sleep('1s');
        expect(heard).toEqual(['zombie.value$ "second"', 'other.plain$ "alive"']);
        expect(asked).toEqual([]);
        // What waits by way of the kit waits for ever, as in a process that has ended.
        const waits = ['call', 'step', 'sleep', 'next', 'each', 'retry', 'external'];
        expect(ways.filter((way) => waits.includes(way.split(' ')[0] ?? ''))).toEqual(
          waits.map((way) => `${way} waits`),
        );
        expect(ways).toHaveLength(waits.length + 10);
        expect(done).toEqual([]);
        expect(errors).toEqual([]);
        expect([...store.entries('test').keys()].filter((key) => /state|step|job|message/.test(key))).toEqual(
          [],
        );
      },
      { store },
    ),
  );
});
