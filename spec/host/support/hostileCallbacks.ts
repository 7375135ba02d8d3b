import { finalize, map, Observable, of } from 'rxjs';
import {
  type AgentContext,
  type AgentDefinition,
  type Bus,
  type Clock,
  type ConfigStore,
  type Host,
  type HostOptions,
  memoryBus,
  procedure,
  type Run,
  silentLog,
  topic,
} from 'rx-agent-kit';
import { z } from 'zod';

/** What a callback is given to be hostile with. */
export interface Evil {
  /** Throws the evil error. */
  readonly now: () => never;
  /** Rejects with it. */
  readonly later: () => Promise<never>;
  readonly error: unknown;
  /** Whether it is the first call of a callback that is hostile only once. */
  readonly once: () => boolean;
}

/** A callback that the kit calls, and what is seen when it throws. */
export interface HostileCallback {
  /** The codes of what is on the host's `errors$`. */
  readonly codes: readonly string[];
  /** Whether the start of the agent rejects. */
  readonly rejects?: true;
  /** Whether no other agent can start either. */
  readonly startsNobody?: true;
  readonly host?: (evil: Evil, clock: Clock) => HostOptions;
  readonly streams?: (context: AgentContext<object>, evil: Evil) => Record<string, Observable<unknown>>;
  readonly agent?: (evil: Evil) => Partial<AgentDefinition>;
  /** Is called when the agent has been started. */
  readonly then?: (host: Host, evil: Evil) => void;
}

const reading = topic('readings/:id', z.number());
const double = procedure('double', { input: z.number(), output: z.number() });

type Handle = AgentContext<object>['handle'];
type Operator = (handle: Handle, evil: Evil) => ReturnType<Handle['switch']>;

/** A handler of `start$`. */
function handler(operator: Operator, codes: readonly string[] = ['handler-failed']): HostileCallback {
  return {
    codes,
    streams: ({ lifecycle, handle }, evil) => ({
      result$: lifecycle.start$.pipe(operator(handle, evil) as never),
    }),
  };
}

/** A handler that is aborted after a second. */
function aborted(run: (run: Run, evil: Evil) => unknown): HostileCallback {
  return {
    codes: [],
    streams: ({ lifecycle, time, handle }, evil) => ({
      result$: lifecycle.start$.pipe(
        time.every('1s', { immediate: true }),
        handle.switch((tick, current) => (tick.index === 1 ? run(current, evil) : of(1)) as never),
      ),
    }),
  };
}

/** An iterable whose iterator has one method of its own. */
function iterable(method: Partial<AsyncIterator<unknown>>): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }), ...method }),
  };
}

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

export const HOSTILE_CALLBACKS: Readonly<Record<string, HostileCallback>> = {
  // Handlers.
  'a handler that throws at once': handler((handle, { now }) => handle.switch(now)),
  'a handler that rejects': handler((handle, { later }) => handle.concat(later)),
  'a handler that rejects after a sleep': handler((handle, { now }) =>
    handle.merge(async (_start, { sleep }) => {
      await sleep(5);
      now();
    }),
  ),
  'a generator that throws': handler((handle, { now }) =>
    handle.exhaust(async function* () {
      yield 1;
      now();
    }),
  ),
  'an Observable that fails': handler((handle, { error }) =>
    handle.switch(() => new Observable((subscriber) => subscriber.error(error))),
  ),
  'an Observable whose subscribe throws': handler((handle, { now }) =>
    handle.switch(() => new Observable(now)),
  ),
  'an Observable whose teardown throws at its end': handler((handle, { now }) =>
    handle.switch(
      () =>
        new Observable((subscriber) => {
          setTimeout(() => subscriber.complete(), 5);
          return now;
        }),
    ),
  ),
  'a thenable that throws': handler((handle, { now }) => handle.switch(() => ({ then: now }) as never)),
  'a thenable whose then throws when it is read': handler((handle, { now }) =>
    handle.switch(() => Object.defineProperty({}, 'then', { get: now }) as never),
  ),
  'an async result whose then throws': handler((handle, { now }) =>
    handle.switch(async () => Object.defineProperty({}, 'then', { get: now })),
  ),
  'an asyncIterator that throws': handler((handle, { now }) =>
    handle.switch(() => ({ [Symbol.asyncIterator]: now })),
  ),
  'a next that throws': handler((handle, { now }) => handle.switch(() => iterable({ next: now }))),
  'a next that rejects': handler((handle, { later }) => handle.switch(() => iterable({ next: later }))),
  'a result of next that throws': handler((handle, { now }) =>
    handle.switch(() =>
      iterable({
        next: () => Promise.resolve(Object.defineProperty({ value: 1 }, 'done', { get: now }) as never),
      }),
    ),
  ),
  'a value of next that throws': handler((handle, { now }) =>
    handle.switch(() =>
      iterable({
        next: () => Promise.resolve(Object.defineProperty({ done: false }, 'value', { get: now }) as never),
      }),
    ),
  ),
  'a return that throws when its run is aborted': aborted((_run, { now }) =>
    iterable({ next: () => new Promise(() => undefined), return: now }),
  ),
  'a return that rejects when its run is aborted': aborted((_run, { later }) =>
    iterable({ next: () => new Promise(() => undefined), return: later }),
  ),
  'a teardown that throws when its run is aborted': aborted((_run, { now }) => new Observable(() => now)),
  'a handler that rejects after its abort': aborted(async ({ sleep }, { now }) => {
    await sleep('1h').catch(() => undefined);
    now();
  }),
  'a source of next that throws in subscribe, and one that fails': handler((handle, { now, error }) =>
    handle.switch(async (_start, { next }) => {
      await next({ subscribe: now, pipe: now } as never).catch(() => undefined);
      await next(new Observable((subscriber) => subscriber.error(error)));
    }),
  ),
  'a source of next whose teardown throws': {
    codes: [],
    streams: ({ lifecycle, handle }, { now }) => ({
      result$: lifecycle.start$.pipe(
        handle.switch((_start, { next }) =>
          next(
            new Observable((subscriber) => {
              setTimeout(() => subscriber.next(1), 5);
              return now;
            }),
          ),
        ),
      ),
    }),
  },
  'a source of each that fails': handler((handle, { error }) =>
    handle.switch(async (_start, { each }) => {
      for await (const _ of each(new Observable((subscriber) => subscriber.error(error))));
    }),
  ),
  'a source of each whose teardown throws when it is left': handler((handle, { now }) =>
    handle.switch(async (_start, { each }) => {
      for await (const _ of each(
        new Observable((subscriber) => {
          subscriber.next(1);
          return now;
        }),
      ))
        break;
    }),
  ),
  'a source of each whose teardown throws when its run is aborted': aborted(async ({ each }, { now }) => {
    for await (const _ of each(new Observable(() => now)));
  }),
  'an external whose then throws': handler((handle, { now }) =>
    handle.switch((_start, { external }) => external({ then: now } as never)),
  ),
  'an external that rejects when nobody waits for it': {
    codes: [],
    streams: ({ lifecycle, handle }, { later }) => ({
      result$: lifecycle.start$.pipe(handle.switch(async (_start, { external }) => void external(later()))),
    }),
  },
  'what is emitted by next and cannot be awaited, when nobody waits for it': {
    codes: [],
    streams: ({ lifecycle, handle }, { now }) => ({
      result$: lifecycle.start$.pipe(
        handle.switch(async (_start, { next, sleep }) => {
          void next(of(Object.defineProperty({}, 'then', { get: now })));
          await sleep(1);
        }),
      ),
    }),
  },
  'retry.when': handler((handle, { now }) =>
    handle.switch(() => Promise.reject(new Error('x')), { retry: { count: 3, when: now } }),
  ),
  'an attempt that is repeated': handler((handle, { later }) =>
    handle.switch(later, { retry: { count: 4, backoff: 1 } }),
  ),
  'what triggers a handler that fails': handler(
    (handle, { error, now }) =>
      (source) =>
        source.pipe(
          map(() => error),
          handle.switch(now),
        ),
  ),
  'a handler that stops its agent': handler((handle, { later }) => handle.switch(later, { onError: 'stop' })),

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
    then: (host, { later, once }) =>
      void host.outputs$.subscribe((() => (once() ? later() : undefined))),
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
    codes: Array.from({ length: 11 }, () => 'bus-failed'),
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

  // The life of an agent.
  'the streams function': { codes: [], rejects: true, agent: ({ now }) => ({ streams: now }) },
  'what the streams function gives': {
    codes: [],
    rejects: true,
    agent: ({ error }) => ({ streams: () => ({ a: error }) as never }),
  },
  'a subscriber of setup$': {
    codes: ['observer-failed'],
    rejects: true,
    streams: ({ lifecycle }, { now }) => {
      lifecycle.setup$.subscribe(now);
      return {};
    },
  },
  readyWhen: { codes: [], rejects: true, agent: ({ now }) => ({ readyWhen: now }) },
  'what readyWhen gives': {
    codes: ['stream-failed'],
    rejects: true,
    agent: ({ error }) => ({ readyWhen: () => new Observable((subscriber) => subscriber.error(error)) }),
  },
  'the teardown of what readyWhen gives': {
    codes: [],
    agent: ({ now }) => ({
      readyWhen: () =>
        new Observable((subscriber) => {
          subscriber.next(1);
          return now;
        }),
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
