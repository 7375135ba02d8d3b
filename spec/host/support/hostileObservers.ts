import { finalize, map, Observable } from 'rxjs';
import { topic } from 'rx-agent-kit';
import { z } from 'zod';
import type { HostileCallbacks } from './Hostile';

const reading = topic('readings/:id', z.number());

/** What stands in a stream, and who subscribes to what the kit shows. */
export const HOSTILE_OBSERVERS: HostileCallbacks = {
  // Streams.
  'an operator in a stream': {
    codes: ['stream-failed'],
    streams: ({ lifecycle, time }, { now }) => ({ result$: lifecycle.start$.pipe(time.after(5), map(now)) }),
  },
  'the delay of after': {
    codes: ['stream-failed'],
    streams: ({ lifecycle, time }, { now }) => ({
      result$: lifecycle.start$.pipe(time.after(5), time.after(now)),
    }),
  },
  'what the delay of after gives': {
    codes: ['stream-failed'],
    streams: ({ lifecycle, time }, { error }) => ({
      result$: lifecycle.start$.pipe(
        time.after(5),
        time.after(() => error as never),
      ),
    }),
  },
  'the date of at': {
    codes: ['stream-failed'],
    streams: ({ lifecycle, time }, { now }) => ({
      result$: lifecycle.start$.pipe(time.after(5), time.at(now)),
    }),
  },
  'work on the scheduler': {
    codes: ['task-failed'],
    streams: ({ scheduler }, { now }) => {
      scheduler.schedule(now, 5);
      return {};
    },
  },
  'the teardown of a stream': {
    codes: ['stream-failed'],
    streams: (_context, { now }) => ({ result$: new Observable(() => now) }),
  },
  'a subscriber of a moment of the lifecycle': {
    codes: ['observer-failed'],
    streams: ({ lifecycle }, { now }) => {
      lifecycle.start$.subscribe(now);
      return {};
    },
  },
  'an async subscriber of a moment of the lifecycle': {
    codes: ['observer-failed'],
    streams: ({ lifecycle }, { later }) => {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- It is the mistake that is tried.
      lifecycle.start$.subscribe(later);
      return {};
    },
  },
  'a subscriber of what an operator of the kit makes of it': {
    codes: ['observer-failed', 'observer-failed'],
    streams: ({ lifecycle, time, handle }, { now }) => {
      lifecycle.start$.pipe(time.after(5)).subscribe(now);
      lifecycle.start$.pipe(handle.switch(async () => 1)).subscribe(now);
      return {};
    },
  },
  'a subscriber of config$': {
    codes: ['observer-failed'],
    streams: ({ config$ }, { now }) => {
      config$.subscribe(now);
      return {};
    },
  },
  'a subscriber of the status of the bus': {
    codes: ['observer-failed'],
    streams: ({ bus }, { now, once }) => {
      bus.status$.subscribe(() => (once() ? now() : undefined));
      return {};
    },
  },
  'a subscriber of messages': {
    codes: ['observer-failed'],
    streams: ({ bus, lifecycle, handle }, { now }) => {
      bus.messages(reading).subscribe(now);
      return {
        sent$: lifecycle.ready$.pipe(handle.switch(async () => bus.publish(reading.at({ id: 'a' }), 1))),
      };
    },
  },

  // What stands outside.
  'a subscriber of outputs$': {
    codes: ['observer-failed'],
    then: (host, { now, once }) => void host.outputs$.subscribe(() => (once() ? now() : undefined)),
  },
  'an async subscriber of outputs$': {
    codes: ['observer-failed'],
    then: (host, { later, once }) => {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- It is the mistake that is tried.
      host.outputs$.subscribe(() => (once() ? later() : undefined));
    },
  },
  'a subscriber of trace$': {
    codes: ['observer-failed'],
    then: (host, { now, once }) => void host.trace$.subscribe(() => (once() ? now() : undefined)),
  },
  'an operator behind trace$': {
    codes: ['observer-failed'],
    then: (host, { now }) => void host.trace$.pipe(map(now)).subscribe(),
  },
  'a teardown behind trace$': {
    codes: [],
    then: (host, { now }) => void host.trace$.pipe(finalize(now)).subscribe(),
  },
  'a subscriber of errors$': {
    codes: ['handler-failed', 'observer-failed'],
    streams: ({ lifecycle, time, handle }) => ({
      result$: lifecycle.start$.pipe(
        time.after(5),
        handle.switch(() => Promise.reject(new Error('x'))),
      ),
    }),
    then: (host, { now, once }) => void host.errors$.subscribe(() => (once() ? now() : undefined)),
  },
  'a subscriber of the health of the host': {
    codes: ['observer-failed'],
    then: (host, { now, once }) => void host.health$.subscribe(() => (once() ? now() : undefined)),
  },
  'a subscriber of the state, the errors and a stream of an agent': {
    codes: ['observer-failed', 'observer-failed', 'observer-failed', 'handler-failed'],
    streams: ({ lifecycle, time, handle }) => ({
      ticks$: lifecycle.start$.pipe(time.after(5)),
      fails$: lifecycle.start$.pipe(
        time.after(5),
        handle.switch(() => Promise.reject(new Error('x'))),
      ),
    }),
    then: (host, { now }) => {
      const agent = host.agents.get('hostile')!;
      for (const all$ of [agent.state$, agent.errors$, agent.streams['ticks$']!]) {
        let calls = 0;
        all$.subscribe(() => (calls++ === 0 ? now() : undefined));
      }
    },
  },
  'complete of outputs$ and of trace$': {
    codes: ['observer-failed'],
    then: (host, { now }) => {
      host.outputs$.subscribe({ complete: now });
      host.trace$.subscribe({ complete: now });
    },
  },
};
