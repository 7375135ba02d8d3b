import { map } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import { z } from 'zod';
import {
  explore,
  ExplorationError,
  runExploration,
  type ExploreBody,
  type ExploreOptions,
} from 'rx-agent-kit/testing';

const seed = 4;
const beat = topic('beats', z.number());

const heart = defineAgent({
  name: 'heart',
  streams: ({ lifecycle, time, bus }) => ({
    beats$: lifecycle.start$.pipe(
      time.every('1s'),
      map(({ index, missed }) => {
        bus.publish(beat, index);
        return { index, missed };
      }),
    ),
  }),
});
const ear = defineAgent({
  name: 'ear',
  streams: ({ bus }) => ({ heard$: bus.messages(beat).pipe(map(({ payload }) => payload)) }),
});

interface Seen {
  readonly beats: { readonly index: number; readonly missed: number }[];
  readonly heard: number[];
}

/** A heart on host b that is heard on host c, for five seconds. */
const body =
  (holds: (seen: Seen) => boolean): ExploreBody =>
  async ({ host, clock, always, eventually }) => {
    const seen: Seen = { beats: [], heard: [] };
    host('b').outputs$.subscribe(({ value }) => seen.beats.push(value as Seen['beats'][number]));
    host('c').outputs$.subscribe(({ value }) => seen.heard.push(value as number));
    always(() => seen.beats.length <= 6, 'it is no faster');
    eventually(() => holds(seen), 'it holds');
    await host('c').start(ear);
    await host('b').start(heart);
    await clock.sleep('5500ms');
  };

async function storyOf(holds: (seen: Seen) => boolean, options: ExploreOptions): Promise<ExplorationError> {
  const found = await runExploration(body(holds), { runs: 300, seed, ...options }).catch(
    (error: unknown) => error,
  );
  if (found instanceof ExplorationError) return found;
  throw new Error(`nothing was found: ${JSON.stringify(found)}`);
}

const all = ({ heard }: Seen) => String(heard) === '1,2,3,4,5';

describe('hosts in a search', () => {
  it('are left alone in the plain run, and where nothing is said of them', async () => {
    const { runs } = await runExploration(body(all), { runs: 30, seed, disturb: { most: 2 } });
    expect(runs).toBe(30);
  });

  it('are cut off, from others or from the servers, and found again', async () => {
    const found = await storyOf(all, { disturb: { partition: '0..3s' } });
    expect(found.message).toMatch(/[bc] is cut off from all others/);
    expect(found.message).toMatch(/the cut is mended after/);
    // To be cut off from the servers is nothing to who keeps nothing.
    expect(found.message).not.toContain('from servers');
    const again = await storyOf(all, { disturb: { partition: '0..3s' }, replay: found.report.replay! });
    expect(again.message).toContain(/\w is cut off from .*/.exec(found.message)![0]);
  });

  it('stand still, and are late then', async () => {
    const found = await storyOf(({ beats }) => beats.every(({ missed }) => missed === 0), {
      disturb: { stall: '0..4s' },
    });
    expect(found.message).toMatch(/b stands still/);
    expect(found.message).toMatch(/it goes on after/);
  });

  it('die anywhere, and come back', async () => {
    const found = await storyOf(({ beats }) => String(beats.map(({ index }) => index)) === '1,2,3,4,5', {
      disturb: { crash: '0..1s' },
    });
    expect(found.message).toMatch(/the process of b ends/);
  });

  it('die round what they keep, each of them', async () => {
    const keeping =
      (attempts: number[]): ExploreBody =>
      async ({ host, clock, eventually }) => {
        await host('b').start(
          defineAgent({
            name: 'keeper',
            streams: ({ lifecycle, handle }) => ({
              x$: lifecycle.start$.pipe(
                handle.concat(
                  async (_, { attempt, sleep }) => {
                    attempts.push(attempt);
                    await sleep('1s');
                  },
                  { durable: 'x' },
                ),
              ),
            }),
          }),
        );
        await clock.sleep('10s');
        eventually(() => !attempts.includes(2), 'it is done at once');
      };
    const found = await runExploration((helpers) => keeping([])(helpers), {
      runs: 100,
      seed,
      crashes: 1,
    }).catch((error: unknown) => error);
    expect(String(found)).toMatch(/the process ends right (before|after) commit \d of b/);
  });

  it('have the faults of their agents, as the first one has', async () => {
    const failing: ExploreBody = async ({ host, clock, eventually }) => {
      let failures = 0;
      host('b').errors$.subscribe(() => failures++);
      await host('b').start(
        defineAgent({
          name: 'worker',
          streams: ({ lifecycle, handle }) => ({ x$: lifecycle.start$.pipe(handle.concat(async () => 1)) }),
        }),
      );
      await clock.sleep('1s');
      eventually(() => failures === 0, 'nothing fails');
    };
    const found = await runExploration(failing, { runs: 50, seed, faults: { handlers: true } }).catch(
      (error: unknown) => error,
    );
    expect(String(found)).toContain('a run of worker.x$ fails');
  });

  it('take their turns at one instant in any order', async () => {
    const order: ExploreBody = async ({ host, clock, eventually }) => {
      const seen: string[] = [];
      for (const name of ['b', 'c'])
        await host(name).start(
          defineAgent({
            name: 'ticker',
            streams: ({ lifecycle, time }) => ({
              x$: lifecycle.start$.pipe(
                time.after('1s'),
                map(() => seen.push(name)),
              ),
            }),
          }),
        );
      await clock.sleep('2s');
      eventually(() => seen.join('') === 'bc', 'b comes first');
    };
    const found = await runExploration(order, { runs: 50, seed }).catch((error: unknown) => error);
    expect(String(found)).toContain('another host goes first');
  });

  it(
    'keep the order of a road on which nothing may overtake',
    explore(
      async ({ host, clock, always }) => {
        const heard: number[] = [];
        host('c').outputs$.subscribe(({ value }) => heard.push(value as number));
        always(() => heard.every((value, n) => n === 0 || value > heard[n - 1]!), 'they come in their order');
        await host('c').start(ear);
        await host('b').start(
          defineAgent({
            name: 'quick',
            streams: ({ lifecycle, time, bus }) => ({
              x$: lifecycle.start$.pipe(
                time.every('5ms'),
                map(({ index }) => index <= 4 && bus.publish(beat, index)),
              ),
            }),
          }),
        );
        await clock.sleep('100ms');
      },
      { network: { latency: '0..20ms' }, runs: 200, seed },
    ),
  );

  it('refuses troubles that it does not know', () => {
    expect(() => explore(() => undefined, { disturb: { partition: 'long' } })).toThrow(
      expect.objectContaining({ code: 'bad-duration' }),
    );
    expect(() => explore(() => undefined, { disturb: { freeze: '1s' } as never })).toThrow(/stall/);
  });
});
