import { map, NEVER, of, Subject } from 'rxjs';
import { group, type TraceEvent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { agentOf, agentThat, failing, hostOn, often } from './support';

describe('The health', () => {
  it(
    'of a sibling is bad while it is restarted, until it is ready again',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const [[, b]] = await host.startAll([
        group({
          name: 'g',
          strategy: 'one-for-all',
          restart: often,
          agents: [agentThat('a', { fails: [100] }), agentThat('b', { readyIn: 50, stopsIn: 10 })],
        }),
      ]);
      const seen: string[] = [];
      b.health$.subscribe(({ status, reason }) =>
        seen.push(`${clock.now()} ${b.state} ${status} ${reason?.slice(0, 20) ?? ''}`),
      );
      await clock.sleep(1000);
      expect(seen).toEqual(['50 ready good ', '100 stopping bad a: a.fault$ failed: ', '260 ready good ']);
      expect(host.health.status).toBe('good');
      await host.stop();
    }),
  );

  it(
    'is not kept bad by a run of a former life that hangs, nor touched by what comes of it',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const codes: string[] = [];
      host.errors$.subscribe(({ code }) => codes.push(code));
      const go$ = new Subject<number>();
      const hung: (() => void)[] = [];
      const { agent: other, fail } = failing('other');
      const a = agentOf(
        'a',
        ({ handle }) => ({
          run$: go$.pipe(
            handle.merge(
              async (n) =>
                new Promise((_resolve, reject) => {
                  if (n === 1) reject(new Error('at once'));
                  else hung.push(() => reject(new Error('late')));
                }),
              { onStop: 'drain' },
            ),
          ),
        }),
        { stopTimeout: 10 },
      );
      const [[handle]] = await host.startAll([
        group({ name: 'g', strategy: 'one-for-all', restart: often, agents: [a, other] }),
      ]);
      go$.next(1);
      go$.next(2);
      await clock.sleep(1);
      expect(handle.health).toMatchObject({ status: 'bad', reason: expect.stringContaining('at once') });
      fail();
      await clock.sleep(500);
      expect([handle.state, handle.health.status]).toEqual(['ready', 'good']);
      for (const reject of hung) reject();
      await clock.sleep(1);
      expect([handle.state, handle.health.status]).toEqual(['ready', 'good']);
      await host.stop();
    }),
  );

  it(
    'is bad after a handler has failed for good, also when its triggers have completed',
    marbleTest(async ({ host, clock }) => {
      const work = async (n: number): Promise<number> => (n === 1 ? Promise.reject(new Error('no')) : n);
      const agent = await host.start(
        agentOf('a', ({ handle }) => ({
          once$: of(1).pipe(handle.concat(work)),
        })),
      );
      await clock.sleep(1);
      expect(agent.health).toMatchObject({ status: 'bad', reason: expect.stringContaining('a.once$') });
      await agent.stop();
      const other = await host.start(
        agentOf('b', ({ handle, lifecycle }) => ({
          start$: lifecycle.start$.pipe(
            map(() => 1),
            handle.concat(work),
          ),
        })),
      );
      await clock.sleep(1);
      expect(other.health.status).toBe('bad');
    }),
  );

  it(
    'is good again when a later run of that handler succeeds, though it is subscribed anew for each trigger',
    marbleTest(async ({ host, clock }) => {
      const trigger$ = new Subject<number>();
      const work = async (n: number): Promise<number> => (n === 1 ? Promise.reject(new Error('no')) : n);
      const agent = await host.start(
        agentOf('a', ({ handle }) => {
          trigger$.subscribe((n) => of(n).pipe(handle.concat(work)).subscribe());
          return { silent$: NEVER };
        }),
      );
      const states: string[] = [];
      for (const n of [1, 1, 2, 1, 2]) {
        trigger$.next(n);
        await clock.sleep(1);
        states.push(agent.health.status);
      }
      expect(states).toEqual(['bad', 'bad', 'good', 'bad', 'good']);
      trigger$.complete();
    }),
  );

  it(
    'of a host stays bad over a try to start anew that fails',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const { agent, fail } = failing('a');
      await host.start(agent);
      fail();
      await clock.sleep(1);
      const { health } = host;
      expect(health).toMatchObject({ status: 'bad', reason: expect.stringContaining('a has failed') });
      const broken = agentOf('a', () => {
        throw new Error('no');
      });
      await expect(host.start(broken)).rejects.toThrow('no');
      expect(host.health).toEqual(health);
      await host.start(agent);
      expect(host.health.status).toBe('good');
      await host.stop();
    }),
  );

  it(
    'is told in one order to all of its readers, whatever they do, and so are the state and the trace',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const log: string[] = [];
      const { agent, fail } = failing('a', { restart: often });
      const handle = await host.start(agent);
      handle.health$.subscribe(({ status }) => {
        log.push(`1 ${status}`);
        if (status === 'bad') void handle.stop();
        throw new Error('reader');
      });
      handle.health$.subscribe(({ status }) => log.push(`2 ${status}`));
      const states: string[] = [];
      handle.state$.subscribe((state) => {
        if (state === 'stopping') void handle.stop();
        throw new Error('reader');
      });
      handle.state$.subscribe((state) => states.push(state));
      const seqs: number[] = [];
      host.trace$.subscribe((event: TraceEvent) => {
        if (event.seq < 50) throw new Error('reader');
      });
      host.trace$.subscribe(({ seq }) => seqs.push(seq));
      fail();
      await clock.sleep(1);
      expect(log).toEqual(['1 good', '2 good', '1 bad', '2 bad', '1 stopped', '2 stopped']);
      expect(states).toEqual(['ready', 'stopping', 'finish', 'failed']);
      expect(handle.state).toBe('failed');
      expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
      expect(seqs.length).toBeGreaterThan(5);
      await host.stop();
    }),
  );
});
