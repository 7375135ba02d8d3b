import { AsyncLocalStorage } from 'node:async_hooks';
import type { Observable } from 'rxjs';
import { concatMap, debounceTime, delay, map, of, retry, Subject, switchMap, timer } from 'rxjs';
import { type AgentContext, defineAgent, type Host, procedure, topic } from 'rx-agent-kit';
import { z } from 'zod';

export const als = new AsyncLocalStorage<string>();
const other = new AsyncLocalStorage<number>();

/** What the caller has. */
export const here = (): string => als.getStore() ?? '-';

/** Where a case is played: on the live clock, or in a marble test. */
export interface Ground {
  readonly host: Host;
  /** Lets time pass until something holds; in a marble test so many ms, in which it has to come about. */
  until(holds: () => boolean, ms: number): Promise<void>;
}

type Streams = (
  context: AgentContext<object>,
  see: (what: string) => void,
) => Record<string, Observable<unknown>>;

/** Starts agents of these streams in the contexts A and B; each is to see its own only, at each of these places. */
function twoAgents(what: string, places: readonly string[], streams: Streams): Case {
  const expected = ['A', 'B'].flatMap((name) => places.map((place) => `${name} ${place} ${name}`)).sort();
  const play = async ({ host, until }: Ground): Promise<string[]> => {
    const seen = new Set<string>();
    const start = (name: string) =>
      als.run(name, () =>
        host.start(
          defineAgent({
            name,
            restart: { backoff: { from: 2, jitter: 0 } },
            streams: (context) => streams(context, (what) => seen.add(`${name} ${what} ${here()}`)),
          }),
        ),
      );
    await Promise.all([start('A'), start('B')]);
    await until(() => expected.every((place) => seen.has(place) || /stop|finish/.test(place)), 40);
    await als.run('stopper', () => host.stop());
    return [...seen].sort();
  };
  return [what, play, expected];
}

type Case = readonly [
  what: string,
  play: (ground: Ground) => Promise<readonly string[]>,
  seen: readonly string[],
];

/** Each request pushes its number in a context of its own. */
function requests(
  numbers: readonly number[],
  expected: number,
  stream: (
    request$: Observable<number>,
    context: AgentContext<object>,
    see: (number: unknown) => unknown,
  ) => Observable<unknown>,
) {
  return async ({ host, until }: Ground): Promise<string[]> => {
    const seen: string[] = [];
    const request$ = new Subject<number>();
    await als.run('starter', () =>
      host.start(
        defineAgent({
          name: 'server',
          streams: (context) => ({
            out$: stream(request$, context, (number) => void seen.push(`${String(number)}:${here()}`)),
          }),
        }),
      ),
    );
    for (const number of numbers) als.run(`request ${number}`, () => request$.next(number));
    await until(() => seen.length === expected, 40);
    return seen;
  };
}

const byRequest = (...numbers: number[]): string[] => numbers.map((number) => `${number}:request ${number}`);

const reading = topic('readings/:unit', z.number());
const double = procedure('double', { input: z.number(), output: z.number() });

export const cases: readonly Case[] = [
  twoAgents(
    'an agent has that of its start in its timers and in its handlers, over their waits',
    ['handler', 'slept', 'next', 'wait', 'after', 'at'],
    ({ lifecycle, time, handle }, see) => ({
      tick$: lifecycle.start$.pipe(
        time.every(5),
        handle.concat(async (_tick, { sleep, next }) => {
          see('handler');
          await sleep(1);
          see('slept');
          await next(timer(1));
          see('next');
        }),
      ),
      after$: lifecycle.start$.pipe(
        time.after(() => {
          see('wait');
          return 3;
        }),
        map(() => see('after')),
      ),
      at$: lifecycle.start$.pipe(
        time.at(0),
        map(() => see('at')),
      ),
    }),
  ),
  twoAgents(
    'an agent has it in all of its hooks, whoever stops it',
    ['streams', 'setup', 'start', 'ready', 'stop', 'stopped', 'finish'],
    ({ lifecycle: { setup$, start$, ready$, stop$, finish$ }, handle }, see) => {
      see('streams');
      return {
        setup$: setup$.pipe(map(() => see('setup'))),
        start$: start$.pipe(map(() => see('start'))),
        ready$: ready$.pipe(map(() => see('ready'))),
        stop$: stop$.pipe(
          handle.switch(async (_event, { sleep }) => {
            see('stop');
            await sleep(1);
            see('stopped');
          }),
        ),
        finish$: finish$.pipe(map(() => see('finish'))),
      };
    },
  ),
  twoAgents(
    'a run has it in its next attempts, and behind its timeout',
    ['attempt 1', 'attempt 2', 'attempt 3'],
    ({ lifecycle, handle }, see) => ({
      retried$: lifecycle.start$.pipe(
        handle.switch(
          async (_event, { attempt, sleep }) => {
            see(`attempt ${attempt}`);
            if (attempt === 1) await sleep(100);
            else throw new Error('again');
          },
          { timeout: 2, retry: { count: 2, backoff: 1 } },
        ),
      ),
    }),
  ),
  twoAgents('an agent has it in its next life', ['streams', 'start'], ({ lifecycle, time }, see) => {
    see('streams');
    return {
      broken$: lifecycle.start$.pipe(
        time.after(2),
        map(() => {
          see('start');
          throw new Error('broken');
        }),
      ),
    };
  }),
  twoAgents(
    'it reaches generators and Observables that a handler returns, and what loops over a source',
    ['generator', 'yielded', 'each', 'value', 'Observable'],
    ({ lifecycle, handle }, see) => ({
      generator$: lifecycle.start$.pipe(
        handle.switch(async function* (_event, { sleep, each }) {
          see('generator');
          await sleep(1);
          yield 1;
          see('yielded');
          for await (const value of each(timer(1, 1))) {
            see('each');
            yield value;
          }
        }),
        map(() => see('value')),
      ),
      observable$: lifecycle.start$.pipe(
        handle.switch(() =>
          of(1).pipe(
            delay(2),
            map(() => see('Observable')),
          ),
        ),
      ),
    }),
  ),
  twoAgents(
    "RxJS's operators have it on the context's scheduler",
    ['delayed', 'timer', 'tried'],
    ({ lifecycle, scheduler }, see) => ({
      delayed$: lifecycle.start$.pipe(
        delay(2, scheduler),
        debounceTime(2, scheduler),
        map(() => see('delayed')),
      ),
      timer$: timer(1, 2, scheduler).pipe(map(() => see('timer'))),
      retried$: timer(2, scheduler).pipe(
        map(() => {
          see('tried');
          throw new Error('again');
        }),
        retry({ count: 2, delay: () => timer(1, scheduler) }),
        concatMap(() => of()),
      ),
    }),
  ),
  [
    'a trigger from outside brings its own to merged runs',
    requests([1, 2, 3, 4], 4, (request$, { handle }, see) =>
      request$.pipe(
        handle.merge(async (number, { sleep }) => {
          await sleep(number % 2 === 0 ? 2 : 6);
          see(number);
        }),
      ),
    ),
    byRequest(2, 4, 1, 3),
  ],
  [
    'a trigger from outside keeps its own while it waits for its run',
    requests([1, 2, 3], 9, (request$, { handle }, see) =>
      request$.pipe(
        handle.concat(async (number, { sleep }) => {
          see(number);
          await sleep(2);
          see(number);
        }),
        map(see),
      ),
    ),
    byRequest(1, 1).concat(
      'undefined:request 1',
      byRequest(2, 2),
      'undefined:request 2',
      byRequest(3, 3),
      'undefined:request 3',
    ),
  ],
  [
    'a trigger keeps its own over a timer, and the latest counts',
    requests([1, 2], 1, (request$, { time, handle }, see) =>
      request$.pipe(
        time.after(3),
        handle.switch(async (number, { sleep }) => {
          await sleep(1);
          see(number);
        }),
      ),
    ),
    byRequest(2),
  ],
  [
    'a trigger keeps its own over waits that are made for each',
    requests([1, 2], 2, (request$, { time }, see) =>
      request$.pipe(
        concatMap((number) => of(number).pipe(time.after(3))),
        map(see),
      ),
    ),
    // As RxJS has it: what concatMap begins behind another one it begins there.
    ['1:request 1', '2:request 1'],
  ],
  [
    'a message and a call bring that of the sender',
    async ({ host, until }) => {
      const seen: string[] = [];
      await als.run('receiver', () =>
        host.start(
          defineAgent({
            name: 'receiver',
            streams: ({ bus, handle }) => ({
              readings$: bus.messages(reading).pipe(
                handle.merge(async ({ payload }, run) => {
                  await run.sleep(2);
                  seen.push(`message ${payload} ${here()}`);
                }),
              ),
              served$: bus.serve(double, async (input, run) => {
                await run.sleep(1);
                seen.push(`call ${input} ${here()}`);
                return input * 2;
              }),
            }),
          }),
        ),
      );
      const start = (name: string, number: number) =>
        als.run(name, () =>
          host.start(
            defineAgent({
              name,
              streams: ({ lifecycle, bus, handle }) => ({
                sent$: lifecycle.start$.pipe(
                  handle.switch(async (_event, { call }) => {
                    bus.publish(reading.at({ unit: name }), number);
                    const answer = await call(double, number);
                    seen.push(`answer ${answer} ${here()}`);
                  }),
                ),
              }),
            }),
          ),
        );
      await Promise.all([start('A', 1), start('B', 2)]);
      await until(() => seen.length === 6, 20);
      return seen.sort();
    },
    ['answer 2 A', 'answer 4 B', 'call 1 A', 'call 2 B', 'message 1 A', 'message 2 B'],
  ],
  [
    'contexts within contexts, several stores, enterWith and exit are as they are for a timer of the host',
    async ({ host, until }) => {
      const seen: string[] = [];
      const both = () => `${here()}${other.getStore() ?? '-'}`;
      const push$ = new Subject<string>();
      await host.start(
        defineAgent({
          name: 'agent',
          streams: ({ time, handle }) => ({
            out$: push$.pipe(
              switchMap((name) => of(name).pipe(time.after(2))),
              handle.merge(async (name, run) => {
                await run.sleep(1);
                seen.push(`${name}:${both()}`);
              }),
            ),
            queued$: push$.pipe(
              handle.concat(async (name, run) => {
                await run.sleep(1);
                seen.push(`queued ${name}:${both()}`);
              }),
            ),
          }),
        }),
      );
      als.run('outer', () => {
        push$.next('1');
        other.run(7, () => {
          als.run('inner', () => push$.next('2'));
          als.exit(() => push$.next('3'));
          als.enterWith('entered');
        });
        push$.next('4');
      });
      await until(() => seen.length === 5, 30);
      return seen.sort();
    },
    ['4:entered-', 'queued 1:outer-', 'queued 2:inner7', 'queued 3:-7', 'queued 4:entered-'],
  ],
];
