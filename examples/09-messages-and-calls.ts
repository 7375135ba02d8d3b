// Two agents that talk: the room publishes readings and serves its setpoint, the keeper hears the ones and calls the other.
import { filter, map, tap } from 'rxjs';
import { defineAgent, type Host, procedure, topic } from 'rx-agent-kit';
import { z } from 'zod';
import { runLive } from './support/runLive';

const reading = topic('rooms/:room/celsius', z.number());
const setpoint = procedure('rooms/setpoint', { input: z.number().max(22), output: z.string() });

export const room = defineAgent({
  name: 'room',
  streams: ({ lifecycle, time, bus }) => {
    let [celsius, wanted] = [18, 18];
    return {
      readings$: lifecycle.start$.pipe(
        time.every('1s'),
        map(() => (celsius += Math.sign(wanted - celsius))),
        tap((now) => bus.publish(reading.at({ room: 'hall' }), now)),
      ),
      setpoints$: bus.serve(setpoint, async (given, { sleep }) => {
        await sleep('100ms'); // the valve takes its time
        wanted = given;
        return `heating to ${wanted}`;
      }),
    };
  },
});

export const keeper = defineAgent({
  name: 'keeper',
  streams: ({ bus, handle }) => ({
    answers$: bus.messages(reading).pipe(
      filter(({ payload }) => payload === 18),
      handle.exhaust(async ({ params }, { call }) => `${params.room}: ${await call(setpoint, 20)}`),
    ),
    warm$: bus.messages(reading.at({ room: 'hall' })).pipe(
      filter(({ payload }) => payload === 20),
      map(({ topic: name, payload }) => `${name} is ${payload}`),
    ),
  }),
});

export async function story(host: Host): Promise<void> {
  await host.start(room);
  await host.start(keeper);
}

runLive(import.meta.url, story);
