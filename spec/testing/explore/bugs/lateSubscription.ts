// A gateway sends a command to a door, has it logged, and then waits for the door to say that it is open: if the log is
// slow, the door has said so before anybody listens, and the gateway waits for ever.
import { defineAgent, procedure, type Run, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const requested = topic('gateway/requested', z.string());
const command = topic('door/command', z.string());
const doorState = topic('door/state', z.string());
const logEntry = procedure('log/entry', { input: z.string(), output: z.null() });

const log = defineAgent({
  name: 'log',
  streams: ({ bus }) => ({ entries$: bus.serve(logEntry, async () => null) }),
});

const door = defineAgent({
  name: 'door',
  streams: ({ bus, handle }) => ({
    moved$: bus.messages(command).pipe(
      handle.switch(async (_command, { sleep }) => {
        await sleep('300ms');
        bus.publish(doorState, 'open');
      }),
    ),
  }),
});

/** Gives the command and resolves when the door is open. */
type Open = (run: Run, state: () => Promise<unknown>, send: () => void) => Promise<unknown>;

const gatewayThat = (open: Open) =>
  defineAgent({
    name: 'gateway',
    needs: ['log', 'door'],
    streams: ({ bus, handle }) => ({
      opened$: bus.messages(requested).pipe(
        handle.concat(async ({ payload: who }, run) => {
          await open(
            run,
            () => run.next(bus.messages(doorState), 'the state of the door'),
            () => bus.publish(command, 'open'),
          );
          return who;
        }),
      ),
    }),
  });

const breaks = 'who has asked is let in';

const story =
  (open: Open): ExploreBody =>
  async ({ host, bus, eventually }) => {
    let opened = '';
    eventually(() => opened === 'ann', breaks);
    const [gateway] = await host.startAll([gatewayThat(open), log, door]);
    gateway.streams.opened$.subscribe((who) => (opened = who));
    bus.publish(requested, 'ann');
  };

export const lateSubscription: SeededBug = {
  name: 'subscription too late',
  breaks,
  wrong: story(async ({ call }, state, send) => {
    send();
    await call(logEntry, 'the door is opened');
    await state();
  }),
  right: story(async ({ call }, state, send) => {
    const open = state();
    send();
    await call(logEntry, 'the door is opened');
    await open;
  }),
  options: { latency: '0..300ms' },
};
