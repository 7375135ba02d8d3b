import { pbkdf2 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as realSleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { concatMap, debounceTime, from, interval, map, of, take, timer } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { hidden } from '../support/hidden';

/** An agent whose one handler starts at 10 ms, does some work, sleeps for 10 ms and says when it was done. */
function worker(work: () => unknown) {
  return defineAgent({
    name: 'worker',
    streams: ({ lifecycle, time, handle }) => ({
      done$: lifecycle.start$.pipe(
        time.after(10),
        handle.switch(async (_event, { sleep }) => {
          await work();
          await sleep(10);
          return 'done';
        }),
      ),
    }),
  });
}

const noisemaker = defineAgent({
  name: 'noisemaker',
  streams: ({ lifecycle, time, handle }) => ({
    noise$: lifecycle.start$.pipe(
      time.every(3),
      handle.merge(async (_tick, { sleep }) => {
        await sleep(1);
      }),
    ),
  }),
});

/** Fifty timers that go on beside, of every kind there is. */
function makeNoise({ start, expectObservable }: MarbleHelpers): void {
  start(noisemaker);
  for (let timer = 0; timer < 48; timer++) setTimeout(() => void Promise.resolve(), timer % 30);
  expectObservable(
    interval(1).pipe(
      take(40),
      map(() => undefined),
      debounceTime(5),
    ),
  ).toBe('40ms (a|)', {
    a: undefined,
  });
}

function worksInNoTime(work: () => unknown): () => Promise<void> {
  return marbleTest((helpers) => {
    makeNoise(helpers);
    const { start, expectObservable, expectHandlers } = helpers;
    expectObservable(start(worker(work)).streams.done$).toBe('20ms a', { a: 'done' });
    expectHandlers('worker', 'done$').toBe('10ms s 9ms e');
  });
}

async function awaits(times: number): Promise<void> {
  for (let count = 0; count < times; count++) await Promise.resolve();
}

async function* nested(depth: number): AsyncGenerator<number> {
  if (depth === 0) yield 1;
  else for await (const value of nested(depth - 1)) yield value;
}

const chain = (times: number, hop: (then: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const next = (left: number): void => {
      if (left === 0) resolve();
      else hop(() => next(left - 1));
    };
    next(times);
  });

describe('time stands still until everything at an instant has run out', () => {
  it(
    'a thousand awaits and three nested for-await, among fifty timers [B31]',
    worksInNoTime(async () => {
      await awaits(1000);
      for await (const _one of nested(1))
        for await (const _two of nested(2)) for await (const _three of nested(3));
    }),
  );

  it.each<[string, () => unknown]>([
    ['thenables', () => chain(200, (then) => void Promise.resolve({ then }))],
    ['queueMicrotask', () => chain(500, queueMicrotask)],
    ['process.nextTick', () => chain(500, (then) => process.nextTick(then))],
    ['both in turn', () => chain(200, (then) => queueMicrotask(() => process.nextTick(then)))],
    ['Response.json', () => new Response('{"a":1}').json()],
    ['Blob.text', () => new Blob(['abc']).text()],
    [
      'Blob.text, over and over',
      async () => {
        for (let n = 0; n < 20; n++) await new Blob(['abc']).text();
      },
    ],
    [
      'a ReadableStream',
      async () => {
        for await (const _chunk of Readable.toWeb(Readable.from([1, 2, 3])));
      },
    ],
    [
      'a Readable',
      async () => {
        for await (const _chunk of Readable.from(['a', 'b', 'c']));
      },
    ],
    ['a handler of its own, returning', () => undefined],
  ])('%s [B31]', (_what, work) => worksInNoTime(work)());

  it(
    'in plain RxJS as well',
    marbleTest(({ cold, expectObservable }) => {
      const deep$ = cold('-a-b|').pipe(concatMap((value) => from(awaits(100).then(() => value))));
      expectObservable(deep$).toBe('-a-b|');
      const json$ = timer(5, 5).pipe(
        take(2),
        concatMap((n) => new Response(String(n)).json() as Promise<unknown>),
      );
      expectObservable(json$).toBe('5ms a 4ms (b|)', { a: 0, b: 1 });
      expectObservable(
        interval(1).pipe(
          take(20),
          concatMap((n) => of(n)),
          map(() => Date.now()),
          take(2),
        ),
      ).toBe('-a(b|)', { a: 1, b: 2 });
    }),
  );

  it(
    'in the body',
    marbleTest(async ({ clock }) => {
      setInterval(() => undefined, 1);
      await awaits(1000);
      expect(await new Response('{"a":1}').json()).toEqual({ a: 1 });
      expect(clock.now()).toBe(0);
      await clock.sleep('3s');
      await awaits(1000);
      expect([clock.now(), Date.now(), performance.now()]).toEqual([3000, 3000, 3000]);
    }),
  );
});

describe('time is held', () => {
  it(
    'while a handler reads a real file [B33]',
    worksInNoTime(() => readFile(__filename)),
  );

  it(
    'while it reads several, one after the other [B33]',
    worksInNoTime(async () => {
      for (let count = 0; count < 5; count++) await readFile(__filename);
    }),
  );

  it(
    'while zlib works',
    worksInNoTime(async () => {
      const zipped = await promisify(gzip)(Buffer.alloc(2_000_000, 'abc'));
      await promisify(gunzip)(zipped);
    }),
  );

  it(
    'while a key is derived',
    worksInNoTime(() => promisify(pbkdf2)('secret', 'salt', 20_000, 64, 'sha512')),
  );

  it(
    'while a digest is made',
    worksInNoTime(() => crypto.subtle.digest('SHA-256', new Uint8Array(1000))),
  );

  it(
    'while a real timer runs',
    worksInNoTime(() => realSleep(20)),
  );

  it('while a server is asked', async () => {
    const server = createServer((_request, response) => void realSleep(10).then(() => response.end('pong')));
    await new Promise<void>((resolve) => void server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (): Promise<void> =>
      new Promise((resolve, reject) => {
        get({ port, agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject);
      });
    try {
      await worksInNoTime(ask)();
      await worksInNoTime(() => fetch(`http://127.0.0.1:${port}`).then((response) => response.text()))();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it(
    'while a handler says that something is external',
    marbleTest((helpers) => {
      makeNoise(helpers);
      const patient = defineAgent({
        name: 'patient',
        streams: ({ lifecycle, time, handle }) => ({
          done$: lifecycle.start$.pipe(
            time.after(10),
            handle.switch(async (_event, { external, sleep }) => {
              const value = await external(hidden(80), 'a hidden thing');
              await sleep(10);
              return value;
            }),
          ),
        }),
      });
      helpers.expectObservable(helpers.start(patient).streams.done$).toBe('20ms a', { a: 'come' });
    }),
  );

  it(
    'while the body reads a file',
    marbleTest(async ({ clock }) => {
      setInterval(() => undefined, 1);
      await readFile(__filename);
      expect(clock.now()).toBe(0);
    }),
  );

  it('not for what is virtual itself, though a handler waits for it', async () => {
    const start = performance.now();
    await marbleTest(({ start: startAgent, expectObservable }) => {
      const plain = worker(() => new Promise((resolve) => setTimeout(resolve, 1000)));
      expectObservable(startAgent(plain).streams.done$).toBe('1020ms a', { a: 'done' });
    })();
    expect(performance.now() - start).toBeLessThan(2500); // waiting for something foreign would take 3 s
  });
});

describe('what an agent uses', () => {
  it(
    'is virtual, also a plain debounceTime [B34]',
    marbleTest(({ cold, start, expectObservable }) => {
      const typing$ = cold('-a-b- 400ms c');
      const search = defineAgent({
        name: 'search',
        streams: ({ lifecycle, handle }) => ({
          query$: lifecycle.start$.pipe(
            concatMap(() => typing$),
            debounceTime(300),
            handle.switch(async (text) => text.toUpperCase()),
          ),
        }),
      });
      expectObservable(start(search).streams.query$).toBe('303ms a 401ms b', { a: 'B', b: 'C' });
    }),
  );
});
