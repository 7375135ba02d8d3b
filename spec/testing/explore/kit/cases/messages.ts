import { map, tap } from 'rxjs';
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { KitCase } from '../KitCase';

const reading = topic('readings/:from', z.number());
const state = topic('states/:from', z.number(), { retain: 'last' });
const double = procedure('double', { input: z.number(), output: z.number() });

const topics =
  (areHeard: boolean): ExploreBody =>
  ({ start, always, eventually }) => {
    const heard: number[] = [];
    const late: number[] = [];
    let said = 0;
    start(
      defineAgent({
        name: 'listener',
        streams: ({ bus }) => ({
          heard$: bus.messages(reading).pipe(tap(({ payload }) => heard.push(payload))),
        }),
      }),
    );
    start(
      defineAgent({
        name: 'speaker',
        streams: ({ bus, lifecycle, time }) => ({
          said$: lifecycle.start$.pipe(
            time.every(5),
            map(({ index }) => {
              bus.publish(reading.at({ from: 's' }), index);
              bus.publish(state.at({ from: 's' }), index);
              said++;
            }),
          ),
        }),
      }),
    );
    start(
      defineAgent({
        name: 'late',
        streams: ({ bus, lifecycle, time }) => ({
          state$: lifecycle.start$.pipe(time.after(23)),
          late$: bus.messages(state).pipe(tap(({ payload }) => late.push(payload))),
        }),
      }),
    );
    always(
      () => heard.every((n, at) => at === 0 || n > heard[at - 1]!),
      'what is heard is in the order in which it was said, once',
    );
    // Another life hears what is retained once more.
    always(() => late.every((n, at) => at === 0 || n >= late[at - 1]!), 'what is retained is in its order');
    always(() => heard.length <= said, 'no more is heard than was said');
    // Where the bus is away, what is not said is not heard, either: only the order counts.
    if (areHeard) eventually(() => late.length > 0, 'what is retained is heard');
  };

const calls: ExploreBody = ({ start, always, eventually }) => {
  const asked = new Map<number, number>();
  const served: number[] = [];
  start(
    defineAgent({
      name: 'server',
      streams: ({ bus }) => ({
        double$: bus.serve(double, async (input, { sleep, signal }) => {
          served.push(input);
          await sleep(2);
          signal.throwIfAborted();
          return input * 2;
        }),
      }),
    }),
  );
  start(
    defineAgent({
      name: 'caller',
      streams: ({ lifecycle, time, handle }) => ({
        asked$: lifecycle.start$.pipe(
          time.every(4),
          handle.merge(async ({ index }, { call, signal }) => {
            if (index > 5) return;
            const before = served.length;
            try {
              const answer = await call(double, index, { timeout: 8 });
              if (answer !== index * 2)
                throw new Error(`${answer} is the answer to another call than ${index}`);
              if (served.length === before && !served.includes(index))
                throw new Error('nobody has served it');
            } catch (error) {
              const { code } = error as { code?: string };
              const known = ['call-timeout', 'unreachable', 'bus-disconnected', 'call-failed', 'cancelled'];
              if (code === undefined || (!known.includes(code) && !signal.aborted)) throw error;
            } finally {
              asked.set(index, (asked.get(index) ?? 0) + 1);
            }
          }),
        ),
      }),
    }),
  );
  always(() => [...asked.values()].every((times) => times <= 3), 'a call comes to an end once in each life');
  always(() => served.length <= 18, 'no call is served twice');
  eventually(() => asked.size > 0, 'calls come to an end');
};

export const messages: readonly KitCase[] = [
  { name: 'topics', body: topics(true), options: { latency: '0..20ms', until: '60ms' } },
  {
    name: 'topics over a bus that goes away, and lives',
    body: topics(false),
    options: {
      latency: '0..20ms',
      until: '60ms',
      disturb: { most: 2, restart: ['listener', 'late'], bus: '0..10ms' },
    },
  },
  {
    name: 'calls',
    body: calls,
    options: {
      latency: '0..10ms',
      until: '60ms',
      faults: { most: 1, calls: true, handlers: ['server.double$'] },
      disturb: { most: 1, restart: ['server', 'caller'], stop: ['server'], bus: '0..10ms' },
    },
  },
];
