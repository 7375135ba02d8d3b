import { delay, map, skip, tap } from 'rxjs';
import { type AgentError, defineAgent, procedure, topic } from 'rx-agent-kit';
import { explore, type ExploreBody, type ExploreOptions, Fault, runExploration } from 'rx-agent-kit/testing';
import { z } from 'zod';
import { deviationsOf, failureOf } from '../support/failureOf';

/** All that a body comes to, over all of its runs. */
async function outcomes(
  body: (helpers: Parameters<ExploreBody>[0], note: (what: unknown) => void) => unknown,
  options: ExploreOptions,
): Promise<string[]> {
  const seen = new Set<string>();
  await runExploration(
    (helpers) => {
      const notes: unknown[] = [];
      helpers.eventually(() => {
        seen.add(notes.join(' '));
        return true;
      }, 'it is noted');
      return body(helpers, (what) => notes.push(what));
    },
    { seed: 1, ...options },
  );
  return [...seen].sort();
}

const ALL: ExploreOptions = { exhaustive: 500 };
const reading = topic('readings/:from', z.number());
const double = procedure('double', { input: z.number(), output: z.number() });

describe('Order', () => {
  it('lets the timers of one instant go in any order, of one agent and of several', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start }, note) => {
      const agent = (name: string, streams: readonly string[]) =>
        defineAgent({
          name,
          streams: ({ lifecycle, time }) =>
            Object.fromEntries(
              streams.map((stream) => [
                stream,
                lifecycle.start$.pipe(
                  time.after(5),
                  tap(() => note(stream)),
                ),
              ]),
            ),
        });
      start(agent('one', ['a', 'b']));
      start(agent('other', ['c']));
    };
    expect(await outcomes(body, ALL)).toEqual(['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a']);
  });

  it('lets what waits in runs, and what sources give, go in any order', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, hot, cold }, note) => {
      hot('-----a').subscribe(note);
      cold('-----b').subscribe(note);
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            slept$: lifecycle.start$.pipe(
              handle.merge(async (_event, { sleep }) => sleep(5)),
              tap(() => note('c')),
            ),
          }),
        }),
      );
    };
    const seen = await outcomes(body, ALL);
    expect(seen).toEqual(['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a']);
  });

  it('keeps the order of what one stream schedules, of the marbles of a source and of what is done at once', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, cold }, note) => {
      cold('(ab|)').subscribe(note);
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, scheduler, bus }) => ({
            delayed$: lifecycle.start$.pipe(
              map(() => {
                for (const n of [1, 2, 3]) bus.publish(reading.at({ from: 'x' }), n);
              }),
              delay(0, scheduler),
            ),
            heard$: bus.messages(reading).pipe(
              delay(5, scheduler),
              tap(({ payload }) => note(payload)),
            ),
          }),
        }),
      );
    };
    expect(await outcomes(body, ALL)).toEqual(['a b 1 2 3']);
  });

  it('lets plain timers of different spans go in any order at one instant, and those of one span in theirs', async () => {
    const body: Parameters<typeof outcomes>[0] = (_helpers, note) => {
      setTimeout(() => setTimeout(() => note('late'), 4), 6);
      setTimeout(() => note('a'), 10);
      setTimeout(() => note('b'), 10);
    };
    const seen = await outcomes(body, ALL);
    expect(seen).toContain('a b late');
    expect(seen).toContain('late a b');
    for (const one of seen) expect(one.indexOf('a')).toBeLessThan(one.indexOf('b'));
  });

  it('lets all promises of a task go on before the next one, or behind it', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start }, note) => {
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => {
            const run = (name: string) =>
              lifecycle.start$.pipe(
                handle.merge(async (_event, { sleep }) => {
                  await sleep(5);
                  note(`${name}1`);
                  await Promise.resolve();
                  note(`${name}2`);
                }),
              );
            return { a$: run('a'), b$: run('b') };
          },
        }),
      );
    };
    const seen = await outcomes(body, ALL);
    expect(seen).toEqual(expect.arrayContaining(['a1 b1 a2 b2', 'a1 a2 b1 b2', 'b1 b2 a1 a2']));
  });

  it(
    'leaves what is expected in its place',
    explore(({ hot, expectObservable }) => {
      expectObservable(hot('--a--b|')).toBe('--a--b|');
      expectObservable(hot('--a--b|'), '---^').toBe('-----b|');
      expectObservable(hot('--a--b|'), '^----!').toBe('--a---');
    }, ALL),
  );
});

describe('Latency', () => {
  const talk: Parameters<typeof outcomes>[0] = ({ start, clock }, note) => {
    const begin = clock.now();
    start(
      defineAgent({
        name: 'listener',
        streams: ({ bus }) => ({
          heard$: bus.messages(reading).pipe(tap(({ payload }) => note(`${payload}@${clock.now() - begin}`))),
        }),
      }),
    );
    start(
      defineAgent({
        name: 'speaker',
        needs: ['listener'],
        streams: ({ lifecycle, time, bus }) => ({
          said$: lifecycle.start$.pipe(
            time.every(2),
            map(({ index }) => {
              if (index <= 2) bus.publish(reading.at({ from: 's' }), index);
            }),
          ),
        }),
      }),
    );
  };

  it('lets messages come late, in their order', async () => {
    const seen = await outcomes(talk, { latency: { messages: '0..3ms' }, until: '20ms', runs: 400 });
    expect(seen).toContain('1@2 2@4');
    expect(seen).toContain('1@5 2@5');
    expect(seen).toContain('1@2 2@7');
    for (const one of seen) expect(one).toMatch(/^1@\d 2@\d$/);
  });

  it('lets nothing come late of a kind that is not named', async () => {
    const options = { latency: { calls: '3ms', external: '3ms', offload: '3ms' }, until: '20ms' };
    expect(await outcomes(talk, { ...options, runs: 100 })).toEqual(['1@2 2@4']);
  });

  it('lets a call and its answer come late, up to twice the span, and keeps its deadline', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, clock }, note) => {
      const begin = clock.now();
      start(
        defineAgent({
          name: 'server',
          streams: ({ bus }) => ({ d$: bus.serve(double, async (n) => n * 2) }),
        }),
      );
      start(
        defineAgent({
          name: 'caller',
          streams: ({ lifecycle, time, handle }) => ({
            asked$: lifecycle.start$.pipe(
              time.after(1),
              handle.merge(async (_event, { call }) =>
                call(double, 2, { timeout: 5 }).then(
                  (answer) => note(`${answer}@${clock.now() - begin}`),
                  (error: unknown) => note(`${(error as AgentError).code}@${clock.now() - begin}`),
                ),
              ),
            ),
          }),
        }),
      );
    };
    const seen = await outcomes(body, { latency: { calls: '0..4ms' }, runs: 600 });
    expect(seen).toEqual(['4@1', '4@2', '4@3', '4@4', '4@5', '4@6', 'call-timeout@6']);
  });

  it('lets external come late, and its timeout be first', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, clock }, note) => {
      const begin = clock.now();
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, handle }) => ({
            asked$: lifecycle.start$.pipe(
              handle.merge(async (_event, { external }) => {
                const failing = external(Promise.reject(new Error('no')), { timeout: 3 });
                await failing.catch((error: unknown) =>
                  note(`${(error as Error).message.slice(0, 5)}@${clock.now() - begin}`),
                );
              }),
            ),
          }),
        }),
      );
    };
    const seen = await outcomes(body, { latency: { external: '5ms' }, runs: 300 });
    expect(seen).toEqual(['agent@3', 'no@0', 'no@1', 'no@2', 'no@3']);
  });

  it(
    'cancels what comes late with its run',
    explore(
      ({ start, hot, expectObservable }) => {
        const trigger$ = hot('a-----b');
        const agent = defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            done$: trigger$.pipe(
              handle.switch(async (value, { external }) => external(Promise.resolve(value))),
            ),
          }),
        });
        const { done$ } = start(agent).streams;
        const values: string[] = [];
        done$.subscribe((value) => values.push(value));
        expectObservable(done$.pipe(map(() => values.at(-1) === 'b' || values.length === 1))).toBe('', {});
      },
      { latency: { external: '0ms' }, until: 0, assertDeepEqual: () => true, runs: 3 },
    ),
  );
});

describe('A stall', () => {
  it('lets what is due be late, and the instants behind it come as they would', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, clock }, note) => {
      const begin = clock.now();
      start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => ({
            a$: lifecycle.start$.pipe(
              time.after(5),
              tap(() => note(`a@${clock.now() - begin}`)),
            ),
            b$: lifecycle.start$.pipe(
              time.after(7),
              tap(() => note(`b@${clock.now() - begin}`)),
            ),
          }),
        }),
      );
    };
    const seen = await outcomes(body, { stall: '0..3ms', runs: 800 });
    expect(seen).toContain('a@5 b@7');
    expect(seen).toContain('a@8 b@8');
    for (const one of seen) expect(one).toMatch(/^a@[5-8] b@([7-9]|10)$/);
  });
});

describe('Faults', () => {
  const worker = (note: (what: unknown) => void, act: () => Promise<void> = async () => undefined) =>
    defineAgent({
      name: 'worker',
      streams: ({ lifecycle, time, handle }) => ({
        worked$: lifecycle.start$.pipe(
          time.every(10),
          handle.concat(async ({ index }) => {
            note(`begun${index}`);
            await act();
            return index;
          }),
          tap((index) => note(`done${index}`)),
        ),
      }),
    });

  it('lets a handler fail before it has begun, and behind all that it has done, once', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start }, note) => void start(worker(note));
    const seen = await outcomes(body, { faults: { handlers: ['worker.worked$'] }, until: '25ms', ...ALL });
    expect(seen).toEqual([
      'begun1 begun2 done2',
      'begun1 done1',
      'begun1 done1 begun2',
      'begun1 done1 begun2 done2',
      'begun2 done2',
    ]);
  });

  it('lets a stream fail in the place of a value', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, host }, note) => {
      host.errors$.subscribe(({ code, cause }) => note(`${code} ${(cause as Error).name}`));
      start(worker(note)).streams.worked$.subscribe((index) => note(`seen${index}`));
    };
    const seen = await outcomes(body, { faults: { streams: true }, until: '15ms', ...ALL });
    expect(seen).toEqual(['begun1 done1 seen1', 'begun1 done1 stream-failed Fault']);
  });

  it('lets the author say where: by default once in a run, and never in the plain one', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, fault }, note) => {
      const act = async () => {
        try {
          fault('the network');
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          note(`!${(error as Error).message}`);
        }
      };
      start(worker(note, act));
    };
    const options = { until: '25ms', ...ALL };
    expect(await outcomes(body, options)).toEqual([
      'begun1 !the network done1 begun2 done2',
      'begun1 done1 begun2 !the network done2',
      'begun1 done1 begun2 done2',
    ]);
    expect(await outcomes(body, { ...options, faults: { most: 2 } })).toHaveLength(4);
    expect(await outcomes(body, { ...options, faults: 0 })).toHaveLength(1);
  });

  it('lets a call be unreachable', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start }, note) => {
      start(
        defineAgent({
          name: 'server',
          streams: ({ bus }) => ({ d$: bus.serve(double, async (n) => n * 2) }),
        }),
      );
      start(
        defineAgent({
          name: 'caller',
          streams: ({ lifecycle, time, handle }) => ({
            asked$: lifecycle.start$.pipe(
              time.after(1),
              handle.merge(async (_event, { call }) =>
                call(double, 2).then(note, (error: unknown) => note((error as AgentError).code)),
              ),
            ),
          }),
        }),
      );
    };
    expect(await outcomes(body, { faults: { calls: ['double'] }, ...ALL })).toEqual(['4', 'unreachable']);
    expect(await outcomes(body, { faults: { calls: ['other'] }, ...ALL })).toEqual(['4']);
  });
});

describe('Disturbances', () => {
  const lively = (note: (what: unknown) => void) => {
    let lives = 0;
    return defineAgent({
      name: 'agent',
      config: z.object({ rate: z.number().default(1) }),
      streams: ({ lifecycle, config$, time, bus }) => {
        const life = ++lives;
        return {
          start$: lifecycle.start$.pipe(tap(() => note(`start${life}`))),
          up$: lifecycle.start$.pipe(
            time.after(10),
            tap(() => note('up')),
          ),
          config$: config$.pipe(tap(({ rate }) => note(`rate${rate}`))),
          stop$: lifecycle.stop$.pipe(tap(() => note('stop'))),
          bus$: bus.status$.pipe(
            skip(1),
            tap((status) => status === 'connected' || note(status)),
          ),
        };
      },
    });
  };
  const body: Parameters<typeof outcomes>[0] = ({ start }, note) => void start(lively(note));

  it.each<[string, ExploreOptions['disturb'], string]>([
    ['stops an agent', { stop: ['agent'] }, 'rate1 start1 stop'],
    ['starts one again', { restart: true }, 'rate1 start1 stop rate1 start2 up'],
    ['gives it another config', { configs: { agent: [{ rate: 3 }] } }, 'rate1 start1 rate3 up'],
    ['takes the bus away, and brings it back', { bus: '5ms' }, 'rate1 start1 disconnected up'],
  ])('%s', async (_what, disturb, outcome) => {
    const seen = await outcomes(body, { ...(disturb && { disturb }), ...ALL });
    expect(seen).toContain('rate1 start1 up');
    expect(seen).toContain(outcome);
  });

  it('leaves alone those that are not named', async () => {
    expect(await outcomes(body, { disturb: { stop: ['other'] }, ...ALL })).toEqual(['rate1 start1 up']);
  });

  it('does no more in a run than it may', async () => {
    const stops = (text: string) => text.split('stop').length - 1;
    const once = await outcomes(body, { disturb: { restart: true }, runs: 200 });
    const thrice = await outcomes(body, { disturb: { restart: true, most: 3 }, runs: 200 });
    expect(Math.max(...once.map(stops))).toBe(1);
    expect(Math.max(...thrice.map(stops))).toBeGreaterThan(1);
    expect(Math.max(...thrice.map(stops))).toBeLessThanOrEqual(3);
  });
});

describe('The body', () => {
  it('chooses for itself', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ choose }, note) => note(choose(4, 'a number'));
    expect(await outcomes(body, ALL)).toEqual(['0', '1', '2', '3']);
    const error = await failureOf(({ choose, always }) => {
      const number = choose(4, 'a number');
      always(() => number < 2, 'it is small');
    });
    expect(deviationsOf(error)).toEqual(['a number: 2, not 0']);
  });

  it.each<[string, ExploreBody, string]>([
    ['no ways', ({ choose }) => choose(0, 'x'), 'choose: 0 has to be a whole number from 1 on'],
    ['no words', ({ always }) => always(() => true, ''), 'always: say what has to hold, in words'],
    ['no function', ({ eventually }) => eventually(true as never, 'x'), 'eventually: its first argument'],
    ['a promise', ({ always }) => always(async () => true, 'x'), "always 'x' gives a promise"],
  ])('is told of %s', async (_what, body, message) => {
    expect((await failureOf(body)).message).toContain(message);
  });

  it('may use the assertions of its runner', async () => {
    const { message } = await failureOf(({ choose, always, eventually }) => {
      const number = choose(2, 'a number');
      always(() => expect(number).toBe(0), 'it is 0');
      eventually(() => expect(number).toBe(0), 'it is 0 in the end');
    });
    expect(message).toContain("always 'it is 0' broke at 0ms:");
    expect(message).toContain('expect(received).toBe(expected)');
  });
});

describe('The helpers', () => {
  it('are those of a marble test, a crash among them', async () => {
    const body: Parameters<typeof outcomes>[0] = ({ start, crash }, note) => {
      crash('10ms', { down: '5ms' });
      const { streams } = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time }) => ({
            up$: lifecycle.start$.pipe(
              time.after(8),
              map(() => 'up'),
            ),
          }),
        }),
      );
      streams.up$.subscribe(note);
    };
    expect(await outcomes(body, { runs: 20 })).toEqual(['up up']);
  });
});
