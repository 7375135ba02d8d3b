import { map, Subject, tap } from 'rxjs';
import { defineAgent, group, type RestartOptions, type Strategy } from 'rx-agent-kit';
import { type MarbleHelpers, marbleTest } from 'rx-agent-kit/testing';

const restart: RestartOptions = { max: 2, within: '5s', backoff: { from: 100, factor: 1, jitter: 0 } };

/** Agents a, b, c and d in one group, each of which can be made to fail; it takes each 5 to be ready and to stop. */
function groupOf(strategy: Strategy, needs: Readonly<Record<string, readonly string[]>> = {}) {
  const log: string[] = [];
  const fail$ = new Subject<string>();
  const member = (name: string) =>
    defineAgent({
      name,
      needs: needs[name] ?? [],
      streams: ({ lifecycle, handle, time }) => {
        const note = (what: string) => tap(() => log.push(`${time.now()} ${what} ${name}`));
        return {
          primed$: lifecycle.start$.pipe(
            note('start'),
            handle.merge(async (_event, { sleep }) => sleep(5)),
          ),
          ready$: lifecycle.ready$.pipe(note('ready')),
          stop$: lifecycle.stop$.pipe(
            note('stop'),
            handle.merge((_event, { sleep }) => sleep(5)),
          ),
          finish$: lifecycle.finish$.pipe(note('gone')),
          fail$: fail$.pipe(
            map((which) => {
              if (which === name) throw new Error(`${name} is down`);
            }),
          ),
        };
      },
      readyWhen: ({ primed$ }) => primed$,
    });
  const agents = ['a', 'b', 'c', 'd'].map(member);
  return { log, fail$, all: group({ name: 'line', strategy, restart, agents }) };
}

const statesOf = ({ host }: MarbleHelpers) =>
  [...host.agents.values()].map(({ name, state }) => `${name} ${state}`);

describe('A group', () => {
  it(
    'one-for-one restarts the one that has failed',
    marbleTest(async ({ host, clock }) => {
      const { log, fail$, all } = groupOf('one-for-one');
      await host.startAll([all]);
      log.length = 0;
      fail$.next('b');
      await clock.sleep(200);
      expect(log).toEqual(['5 stop b', '10 gone b', '110 start b', '115 ready b']);
    }),
  );

  it(
    'rest-for-one restarts that one and all behind it, one after the other',
    marbleTest(async ({ host, clock }) => {
      const { log, fail$, all } = groupOf('rest-for-one');
      await host.startAll([all]);
      expect(log.filter((line) => line.includes('ready'))).toEqual([
        '5 ready a',
        '10 ready b',
        '15 ready c',
        '20 ready d',
      ]);
      log.length = 0;
      fail$.next('b');
      await clock.sleep(200);
      expect(log).toEqual([
        '20 stop d',
        '20 stop b',
        '25 gone d',
        '25 stop c',
        '25 gone b',
        '30 gone c',
        '130 start b',
        '135 ready b',
        '135 start c',
        '140 ready c',
        '140 start d',
        '145 ready d',
      ]);
    }),
  );

  it(
    'one-for-all restarts all, in the order of their needs',
    marbleTest(async ({ host, clock }) => {
      const { log, fail$, all } = groupOf('one-for-all', { a: ['c'] });
      await host.startAll([all]);
      log.length = 0;
      fail$.next('d');
      await clock.sleep(200);
      expect(log).toEqual([
        '10 stop a',
        '10 stop b',
        '10 stop d',
        '15 gone a',
        '15 stop c',
        '15 gone b',
        '15 gone d',
        '20 gone c',
        '120 start b',
        '120 start c',
        '120 start d',
        '125 ready b',
        '125 ready c',
        '125 start a',
        '125 ready d',
        '130 ready a',
      ]);
    }),
  );

  it.each<Strategy>(['one-for-one', 'rest-for-one', 'one-for-all'])(
    '%s counts the failures of all together, escalates once, and stops all',
    (strategy) =>
      marbleTest(async (helpers) => {
        const { host, clock } = helpers;
        const { fail$, all } = groupOf(strategy);
        const codes: string[] = [];
        host.errors$.subscribe(({ code, agent }) => codes.push(`${agent} ${code}`));
        const [handles] = await host.startAll([all]);
        for (const name of ['a', 'b', 'c']) {
          fail$.next(name);
          await clock.sleep(500);
        }
        expect(codes).toEqual(['a stream-failed', 'b stream-failed', 'c stream-failed', 'c restart-limit']);
        expect(handles.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'failed', 'stopped']);
        expect(host.health.reason).toMatch(
          /^c has failed: The agents of group line have failed 3 times within 5s/,
        );
        expect(statesOf(helpers)).toEqual([]);
        expect(host.ledger()).toEqual([]);
      })(),
  );

  it(
    'goes on when another one of it fails while it comes back',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const { log, fail$, all } = groupOf('one-for-all');
      await host.startAll([all]);
      fail$.next('a');
      await clock.sleep(107);
      log.length = 0;
      expect(statesOf(helpers)).toEqual(['a start', 'b start', 'c start', 'd start']);
      fail$.next('b');
      await clock.sleep(200);
      expect(log.filter((line) => /start|ready/.test(line)).sort()).toEqual([
        '217 start a',
        '217 start b',
        '217 start c',
        '217 start d',
        '222 ready a',
        '222 ready b',
        '222 ready c',
        '222 ready d',
      ]);
    }),
  );

  it(
    'comes back without an agent that has been stopped meanwhile',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const { fail$, all } = groupOf('rest-for-one');
      const [[, , c]] = await host.startAll([all]);
      fail$.next('a');
      await clock.sleep(50);
      await c!.stop();
      await clock.sleep(200);
      expect(statesOf(helpers)).toEqual(['a ready', 'b ready', 'd ready']);
    }),
  );

  it(
    'is not brought back when the host stops meanwhile',
    marbleTest(async (helpers) => {
      const { host, clock } = helpers;
      const { fail$, all } = groupOf('one-for-all');
      await host.startAll([all]);
      fail$.next('a');
      await clock.sleep(2);
      const { agents, left } = await host.stop();
      expect(agents).toHaveLength(4);
      expect(left).toEqual([]);
      await clock.sleep(500);
      expect(host.agents.size).toBe(0);
    }),
  );

  it.each<[string, () => unknown, string]>([
    ['no name', () => group({ name: '', agents: [] }), 'A group needs a name, not "".'],
    [
      'no agents',
      () => group({ name: 'line', agents: [] }),
      'group line: agents has to be a list of one agent at least.',
    ],
    [
      'another strategy',
      () => group({ ...groupOf('one-for-one').all, strategy: 'all-for-one' as never }),
      `group line: strategy: "all-for-one" is none of 'one-for-one', 'rest-for-one', 'one-for-all'.`,
    ],
  ])('is refused with %s', (_what, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'bad-option', message }));
  });
});
