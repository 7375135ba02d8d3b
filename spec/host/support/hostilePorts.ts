import type { Observable } from 'rxjs';
import {
  type AgentContext,
  type Bus,
  type Clock,
  type ConfigStore,
  type HostOptions,
  memoryBus,
  procedure,
  silentLog,
  topic,
} from 'rx-agent-kit';
import { z } from 'zod';
import type { Evil, HostileCallback, HostileCallbacks } from './Hostile';
import { OTHERS } from './liveAmongOthers';

const reading = topic('readings/:id', z.number());
const double = procedure('double', { input: z.number(), output: z.number() });

function logThat(level: keyof typeof silentLog, write: (evil: Evil) => unknown) {
  return (evil: Evil): HostOptions => ({
    log: { ...silentLog, [level]: () => write(evil) },
  });
}

function busThat(methods: (evil: Evil, bus: Bus) => Partial<Bus>) {
  return (evil: Evil): HostOptions => {
    const bus = memoryBus();
    return {
      bus: new Proxy(bus, {
        get: (target, key) => {
          const own = methods(evil, target)[key as keyof Bus] ?? Reflect.get(target, key);
          return typeof own === 'function' ? (own as () => unknown).bind(target) : own;
        },
      }),
    };
  };
}

function clockThat(methods: (evil: Evil, clock: Clock) => Partial<Clock>) {
  return (evil: Evil, clock: Clock): HostOptions => ({
    clock: {
      now: () => clock.now(),
      wallNow: () => clock.wallNow(),
      wakeAt: (at, callback) => clock.wakeAt(at, callback),
      cancel: (wake) => clock.cancel(wake),
      ...methods(evil, clock),
    },
  });
}

function store(methods: (evil: Evil) => Partial<ConfigStore>) {
  return (evil: Evil): HostOptions => ({
    configs: {
      origin: 'a store',
      sections: () => [],
      read: () => undefined,
      watch: () => () => undefined,
      ...methods(evil),
    },
  });
}

/** What a host is given: log, random source, pool, config store, bus, clock. */
export const HOSTILE_PORTS: HostileCallbacks = {
  'a log that throws at an error': {
    codes: ['observer-failed', 'handler-failed'],
    host: logThat('error', ({ now }) => now()),
    streams: failing,
  },
  'a log that rejects': {
    codes: ['handler-failed', 'observer-failed'],
    host: logThat('error', ({ later }) => later()),
    streams: failing,
  },
  'a log that throws in a handler': {
    codes: ['observer-failed'],
    host: logThat('info', ({ now }) => now()),
    streams: ({ lifecycle, handle }) => ({
      result$: lifecycle.start$.pipe(handle.switch(async (_start, { log }) => log.info('hello'))),
    }),
  },
  'a random source': {
    codes: ['handler-failed'],
    host: ({ now }) => ({ random: now }),
    streams: ({ lifecycle, handle }) => ({
      result$: lifecycle.start$.pipe(
        handle.switch(() => Promise.reject(new Error('x')), { retry: { count: 3, jitter: 0.5 } }),
      ),
    }),
  },
  'an offloader that throws': offloading({ run: ({ now }) => now }, ['handler-failed']),
  'an offloader that rejects': offloading({ run: ({ later }) => later }, ['handler-failed']),
  'the close of an offloader that rejects': offloading({ close: ({ later }) => later }, []),
  'the close of an offloader that throws': offloading({ close: ({ now }) => now }, []),

  // Configs.
  'a transform of a config schema': {
    codes: [],
    rejects: true,
    agent: ({ now }) => ({ config: z.object({ a: z.string().default('a').transform(now) }) }),
  },
  'a refinement of a config schema': {
    codes: [],
    rejects: true,
    agent: ({ now }) => ({ config: z.object({ a: z.string().default('a').refine(now) }) }),
  },
  'a preprocess of a config schema': {
    codes: [],
    rejects: true,
    agent: ({ now }) => ({ config: z.preprocess(now, z.object({})) }),
  },
  'the message of a config schema': {
    codes: [],
    rejects: true,
    agent: ({ now }) => ({ config: z.object({ a: z.string({ error: now }) }) }),
  },
  'the read of a config store': {
    codes: [],
    rejects: true,
    host: store(({ now }) => ({ read: (agent) => (agent === 'hostile' ? now() : undefined) })),
  },
  'the read of a config store that has changed': {
    codes: ['bad-config'],
    host: store(({ now, once }) => ({
      read: (agent) => (agent !== 'hostile' || once() ? undefined : now()),
      watch: ({ changed }) => {
        const timer = setTimeout(() => changed(['hostile']), 1500);
        return () => clearTimeout(timer);
      },
    })),
  },
  'the end of watching a config store': {
    codes: ['observer-failed'],
    host: store(({ now }) => ({ watch: () => now })),
  },

  // The bus.
  'the publish of a bus': {
    codes: ['handler-failed'],
    host: busThat(({ now }) => ({ publish: now })),
    streams: ({ lifecycle, handle, bus }) => ({
      sent$: lifecycle.ready$.pipe(handle.switch(async () => bus.publish(reading.at({ id: 'a' }), 1))),
    }),
  },
  'the subscribe of a bus': {
    codes: ['stream-failed'],
    rejects: true,
    host: busThat(({ now }) => ({ subscribe: now })),
    streams: ({ bus }) => ({ heard$: bus.messages(reading) }),
  },
  'the end of a subscription of a bus': {
    codes: ['bus-failed'],
    host: busThat(({ now }) => ({ subscribe: () => now })),
    streams: ({ bus }) => ({ heard$: bus.messages(reading) }),
  },
  'the serve of a bus': {
    codes: ['stream-failed'],
    rejects: true,
    host: busThat(({ now }) => ({ serve: now })),
    streams: ({ bus }) => ({ served$: bus.serve(double, async (n) => 2 * n) }),
  },
  'the close of a bus that throws': { codes: ['bus-failed'], host: busThat(({ now }) => ({ close: now })) },
  'the close of a bus that rejects': {
    codes: ['bus-failed'],
    host: busThat(({ later }) => ({ close: later })),
  },
  // Nobody can start: the host tells of it, and so does each agent.
  'the connect of a bus': {
    codes: Array.from({ length: 2 + OTHERS }, () => 'bus-failed'),
    rejects: true,
    startsNobody: true,
    host: busThat(({ now }) => ({ connect: now })),
  },
  'the request of a bus': {
    codes: ['handler-failed'],
    host: busThat(({ now }) => ({ request: now })),
    streams: ({ lifecycle, handle }) => ({
      result$: lifecycle.ready$.pipe(handle.switch((_ready, { call }) => call(double, 1))),
    }),
  },
  'the server of a call': {
    codes: ['handler-failed'],
    streams: ({ lifecycle, handle, bus }, { later }) => ({
      served$: bus.serve(double, later),
      result$: lifecycle.ready$.pipe(
        handle.switch(async (_ready, { call }) => call(double, 1).catch(() => undefined)),
      ),
    }),
  },
  'the schema of a payload': {
    codes: ['handler-failed'],
    streams: ({ lifecycle, handle, bus }, { now }) => ({
      sent$: lifecycle.ready$.pipe(
        handle.switch(async () => bus.publish(topic('a', z.number().transform(now)).at({}), 1)),
      ),
    }),
  },

  // The clock.
  'now of a clock': {
    codes: ['task-failed'],
    host: clockThat(({ now, once }, clock) => ({
      now: () => (clock.now() > 500 && once() ? now() : clock.now()),
    })),
  },
  'wallNow of a clock': {
    codes: ['task-failed'],
    host: clockThat(({ now, once }, clock) => ({
      wallNow: () => (clock.now() > 500 && once() ? now() : clock.wallNow()),
    })),
    streams: ({ lifecycle, time, handle }) => ({
      result$: lifecycle.start$.pipe(
        time.after('1s'),
        handle.switch(async () => time.wallNow()),
      ),
    }),
  },
  'wakeAt of a clock': {
    codes: ['task-failed'],
    host: clockThat(({ now, once }, clock) => ({
      wakeAt: (at, callback) => (clock.now() > 500 && once() ? now() : clock.wakeAt(at, callback)),
    })),
  },
  'cancel of a clock': {
    codes: ['task-failed'],
    host: clockThat(({ now, once }, clock) => ({
      cancel: (wake) => (clock.now() > 500 && once() ? now() : clock.cancel(wake)),
    })),
    streams: ({ lifecycle, time, handle }) => ({
      result$: lifecycle.start$.pipe(
        time.every('1s'),
        handle.switch(async (_tick, { sleep }) => Promise.race([sleep(1), sleep(2)])),
      ),
    }),
  },
};

/** The streams of an agent whose one handler fails once. */
function failing({ lifecycle, handle }: AgentContext<object>): Record<string, Observable<unknown>> {
  return { result$: lifecycle.start$.pipe(handle.switch(() => Promise.reject(new Error('x')))) };
}

function offloading(
  methods: Partial<Record<'run' | 'close', (evil: Evil) => () => unknown>>,
  codes: readonly string[],
): HostileCallback {
  return {
    codes,
    host: (evil) => ({
      offload: {
        run: methods.run?.(evil) ?? (async () => 1),
        close: methods.close?.(evil) ?? (async () => undefined),
      } as never,
    }),
    streams: ({ lifecycle, handle }) => ({
      result$: lifecycle.start$.pipe(handle.switch((_start, { offload }) => offload(() => 1))),
    }),
  };
}
