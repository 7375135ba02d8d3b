import { map, Observable, of, timer } from 'rxjs';
import type { AgentContext, Run } from 'rx-agent-kit';
import type { Evil, HostileCallback, HostileCallbacks } from './Hostile';

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

/** All that a handler is, gives and waits for. */
export const HOSTILE_HANDLERS: HostileCallbacks = {
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
  'a key': handler((handle, { now }) => handle.switch(async () => 1, { key: now })),
  until: handler((handle, { now }) => handle.switch(async () => 1, { until: now })),
  'what until gives': handler((handle, { error }) =>
    handle.switch(async () => 1, { until: () => error as never }),
  ),
  'what until fails with later': handler((handle, { now }) =>
    handle.switch((_start, { sleep }) => sleep(9), { until: () => timer(5).pipe(map(now)) }),
  ),
  'the teardown of what until gives': handler(
    (handle, { now }) => handle.switch(async () => 1, { until: () => new Observable(() => now) }),
    [],
  ),
  'a part of a run that is repeated': handler((handle, { now }) =>
    handle.switch(async (_start, { retry }) => retry(now, { count: 2, backoff: 1 })),
  ),
  'a part of a run that nobody waits for': handler(
    (handle, { later }) =>
      handle.switch(async (_start, { retry, sleep }) => {
        void retry(later, { count: 2, backoff: 1, unhealthyAfter: 1 });
        await sleep(50);
      }),
    [],
  ),
  'a wait that is given up, whose source throws at its end': handler((handle, { now }) =>
    handle.switch((_start, { next }) => next(new Observable(() => now), { timeout: 5 })),
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
};
