import { AsyncResource } from 'node:async_hooks';
import { exec } from 'node:child_process';
import { generateKeyPair, pbkdf2, randomBytes, scrypt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createReadStream, readFile as readFileCallback } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as realSleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { brotliCompress, gzip } from 'node:zlib';
import { from, interval, map, switchMap, take, timer } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { marbleTest, type MarbleHelpers, type MarbleReport, runMarbles } from 'rx-agent-kit/testing';
import { failureOf } from '../support/failureOf';
import { hidden } from '../support/hidden';

/** How often each is tried; the same is asked of all of them. */
const TIMES = 3;
const asserted = { assertsElsewhere: true };
const noise = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index) % 251));
const emptyModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

const works: Readonly<Record<string, () => Promise<unknown>>> = {
  scrypt: () => promisify(scrypt)('password', 'salt', 64),
  pbkdf2: () => promisify(pbkdf2)('password', 'salt', 5000, 64, 'sha512'),
  'subtle.digest': () => crypto.subtle.digest('SHA-256', noise),
  'subtle.generateKey': () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']),
  generateKeyPair: () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }),
  randomBytes: () => promisify(randomBytes)(1000),
  gzip: () => promisify(gzip)(noise),
  brotli: () => promisify(brotliCompress)(noise.subarray(0, 20_000)),
  CompressionStream: () =>
    new Response(
      new Blob([noise]).stream().pipeThrough(new CompressionStream('gzip') as never),
    ).arrayBuffer(),
  'fs with a callback': () => promisify(readFileCallback)(__filename),
  'fs with promises': () => readFile(__filename),
  'a stream of fs': async () => {
    for await (const _chunk of createReadStream(__filename));
  },
  'dns.lookup': () => lookup('localhost'),
  'WebAssembly.compile': () => WebAssembly.compile(emptyModule),
  'a child process': () => promisify(exec)('exit 0'),
};

const poller = defineAgent({
  name: 'poller',
  streams: ({ lifecycle, time }) => ({ tick$: lifecycle.start$.pipe(time.every('1s')) }),
});

const busy = defineAgent({
  name: 'busy',
  streams: ({ lifecycle }) => ({
    tick$: lifecycle.start$.pipe(switchMap(() => timer(0, 1).pipe(take(300)))),
  }),
});

const worker = (work: () => Promise<unknown>) =>
  defineAgent({
    name: 'worker',
    streams: ({ lifecycle, handle }) => ({
      done$: lifecycle.start$.pipe(
        handle.switch(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          await work();
          return 'done';
        }),
      ),
    }),
  });

type Shape = (helpers: MarbleHelpers, work: () => Promise<unknown>, done: () => void) => unknown;

/** Ways to wait for something foreign, and the instant at which it must have come. */
const shapes: readonly (readonly [string, number, Shape])[] = [
  [
    'a handler, behind a plain setTimeout, beside a stream of ticks',
    5,
    ({ start }, work, done) => {
      start(busy);
      start(worker(work)).streams.done$.subscribe(done);
    },
  ],
  [
    'the body, beside an agent that polls',
    0,
    async ({ host }, work, done) => {
      await host.start(poller);
      await work();
      done();
    },
  ],
  [
    'the body, while a sleep of it is pending',
    0,
    async ({ clock }, work, done) => {
      interval(1).pipe(take(300)).subscribe();
      const slept = clock.sleep(300);
      await work();
      done();
      await slept;
    },
  ],
];

describe.each(shapes)('time stands still at the instant for %s', (_shape, instant, wait) => {
  it.each(Object.keys(works))('that waits for %s', async (name) => {
    const seen: unknown[] = [];
    for (let time = 0; time < TIMES; time++) {
      const { guesses } = await runMarbles(
        (helpers) => wait(helpers, works[name]!, () => seen.push(helpers.clock.now())),
        asserted,
      );
      expect(guesses).toEqual([]);
    }
    expect(seen).toEqual(Array.from({ length: TIMES }, () => instant));
  });
});

describe('what a test has begun', () => {
  it(
    'holds time in plain streams, too',
    marbleTest(({ expectObservable }) => {
      interval(1).pipe(take(100)).subscribe();
      expectObservable(timer(3).pipe(switchMap(() => from(readFile(__filename)).pipe(map(() => 'a'))))).toBe(
        '---(a|)',
      );
    }),
  );

  it('holds time, and what others do in the process does not', async () => {
    const others = { goOn: true };
    let count = 0;
    const done = (async () => {
      while (others.goOn) {
        await readFile(__filename);
        count++;
      }
    })();
    const start = performance.now();
    const { guesses } = await runMarbles(async ({ host, clock }) => {
      await host.start(poller);
      await clock.sleep('10m');
      await readFile(__filename);
      expect(clock.now()).toBe(600_000);
    });
    others.goOn = false;
    await done;
    expect(guesses).toEqual([]);
    expect(count).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2500);
  });
});

describe('clock.external', () => {
  it(
    'holds time for the body, and gives what comes',
    marbleTest(async ({ host, clock }) => {
      await host.start(poller);
      expect(await clock.external(hidden(60), 'a hidden thing')).toBe('come');
      expect(clock.now()).toBe(0);
      await clock.sleep(5);
      await expect(clock.external(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
      expect(clock.now()).toBe(5);
    }),
  );

  it('is named when it does not come', async () => {
    const { error } = await failureOf(
      async ({ host, clock }) => {
        await host.start(poller);
        await clock.external(new Promise(() => undefined), 'the answer of the bank');
      },
      { maxHold: 50 },
    );
    expect(error.code).toBe('marble-deadlock');
    expect(error.message).toContain('The body waits for clock.external (the answer of the bank).');
  });
});

describe('what no host shows', () => {
  /** What others have begun is nothing of the test's. */
  const beginOutside = AsyncResource.bind(() => realSleep(15, 'come'));
  const fetcher = defineAgent({
    name: 'fetcher',
    streams: ({ lifecycle, handle }) => ({
      found$: lifecycle.start$.pipe(
        handle.switch(async function fetchIt() {
          return beginOutside();
        }),
      ),
    }),
  });
  const fast = (report: MarbleReport) => report.guesses.map(({ at: _at, ...guess }) => guess);

  it('is right where nothing else lets time go on', async () => {
    const { guesses } = await runMarbles(({ start, expectObservable }) => {
      expectObservable(start(fetcher).streams.found$).toBe('a', { a: 'come' });
    });
    expect(guesses).toEqual([]);
  });

  it('is told of in the report where time has gone on meanwhile', async () => {
    const report = await runMarbles(
      ({ start }) => {
        start(fetcher);
        interval(1).subscribe();
      },
      { ...asserted, until: '2m' },
    );
    expect(fast(report)).toEqual([
      { agent: 'fetcher', stream: 'found$', handler: 'fetchIt', reason: 'came-unseen' },
    ]);
  });

  it('is named in the message of a failed test, with what to do', async () => {
    const { error } = await failureOf(
      ({ start, expectObservable }) => {
        interval(1).subscribe();
        expectObservable(start(fetcher).streams.found$).toBe('2m a', { a: 'come' });
      },
      { until: '2m' },
    );
    expect(error.message).toMatch(
      /handler fetchIt \(fetcher\.found\$\) was given something foreign .* external\(promise\)\./,
    );
  });

  it('is named where it has not come at the end', async () => {
    const { error } = await failureOf(({ start, expectObservable }) => {
      const never = defineAgent({
        name: 'never',
        streams: ({ lifecycle, handle }) => ({
          got$: lifecycle.start$.pipe(
            handle.switch(async function wait() {
              return new Promise<string>(() => undefined);
            }),
          ),
        }),
      });
      expectObservable(start(never).streams.got$).toBe('5ms a', { a: 'come' });
    });
    expect(error.message).toContain(
      'never.got$: handler wait, run 1 since 0ms, waiting for a promise of its own (if that is of something foreign, say so: external(promise))',
    );
  });

  it('is told of the body as well', async () => {
    const report = await runMarbles(
      async ({ clock }) => {
        interval(1).subscribe();
        await beginOutside();
        expect(clock.now()).toBeGreaterThan(0);
      },
      { maxInstants: 1e6 },
    );
    expect(fast(report)).toEqual([{ reason: 'came-unseen' }]);
  });

  it('is told of when it does not come within maxHold', async () => {
    const report = await runMarbles(
      async ({ clock }) => {
        const { port1 } = new MessageChannel();
        port1.on('message', () => undefined);
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), new Promise(() => undefined)]);
        expect(clock.now()).toBe(5);
        port1.close();
      },
      { maxHold: 30 },
    );
    expect(fast(report)).toEqual([{ reason: 'gave-up' }]);
  });
});
