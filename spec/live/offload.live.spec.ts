import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstValueFrom, Subject, take, toArray } from 'rxjs';
import { createHost, defineAgent, type Offloader, type Run, silentLog, type Tick } from 'rx-agent-kit';
import { workerPool } from 'rx-agent-kit/node';
import { runMarbles } from 'rx-agent-kit/testing';
import { script } from './support/script';

// Real threads. What is computed in them is sent as text: it sees nothing of this file.

function spin(ms: number): number {
  const end = Date.now() + ms;
  while (Date.now() < end);
  return ms;
}

function spinForEver(): never {
  for (;;);
}

/** What one run gets of the work that it offloads. */
async function offloaded(work: (run: Run) => Promise<unknown>, offload: Offloader = workerPool()) {
  const host = createHost({ log: silentLog, offload });
  const trigger$ = new Subject<void>();
  const agent = await host.start(
    defineAgent({
      name: 'agent',
      streams: ({ handle }) => ({
        done$: trigger$.pipe(
          handle.concat((_trigger, run) =>
            work(run).then(
              (value) => ({ value }),
              (error: unknown) => ({ error: error as Error & { code?: unknown } }),
            ),
          ),
        ),
      }),
    }),
  );
  const done = firstValueFrom(agent.streams.done$);
  trigger$.next();
  const result = await done;
  await host.stop();
  return result;
}

async function failureOf(work: (run: Run) => Promise<unknown>) {
  const result = await offloaded(work);
  if ('error' in result) return result.error;
  throw new Error(`It gave ${String(result.value)}.`);
}

const offloads = script('offloads.ts');

describe('run.offload with a workerPool', () => {
  it('computes for 2 s while a periodic of 100 ms of the same agent goes on, to the tick [B26]', async () => {
    const host = createHost({ log: silentLog, offload: workerPool() });
    const agent = await host.start(
      defineAgent({
        name: 'miner',
        streams: ({ lifecycle, time, handle }) => ({
          mined$: lifecycle.start$.pipe(handle.switch((_start, { offload }) => offload(spin, [2000]))),
          tick$: lifecycle.start$.pipe(time.every('100ms')),
        }),
      }),
    );
    const ticks: Tick[] = [];
    agent.streams.tick$.subscribe((tick) => ticks.push(tick));
    expect(await firstValueFrom(agent.streams.mined$)).toBe(2000);
    await host.stop();
    // A busy machine misses some, and says so; a computation of 2 s on this thread would miss 19 of 20 at once.
    expect(ticks.length).toBeGreaterThanOrEqual(5);
    expect(ticks.reduce((all, { missed }) => all + 1 + missed, 0)).toBe(ticks.at(-1)!.index);
    expect(ticks.at(-1)!.index).toBeGreaterThanOrEqual(19);
  });

  it('ends the thread of a run that is switched away, even if it never comes to an end by itself', async () => {
    const host = createHost({ log: silentLog, offload: workerPool({ threads: 1 }) });
    const trigger$ = new Subject<'hang' | 'add'>();
    const agent = await host.start(
      defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          done$: trigger$.pipe(
            handle.switch((trigger, { offload }) =>
              trigger === 'hang' ? offload(spinForEver) : offload((a: number, b: number) => a + b, [1, 2]),
            ),
          ),
        }),
      }),
    );
    const done = firstValueFrom(agent.streams.done$);
    trigger$.next('hang');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // There is only one thread: it is free again.
    trigger$.next('add');
    expect(await done).toBe(3);
    await host.stop();
  });

  it('takes functions of all kinds, and what structured clone takes', async () => {
    const results = await offloaded(async ({ offload }) => [
      await offload(
        (texts: Map<string, number>) => [...texts.keys()].join(),
        [
          new Map([
            ['a', 1],
            ['b', 2],
          ]),
        ],
      ),
      await offload(
        async function hash(text: string) {
          const { createHash } = process.getBuiltinModule('node:crypto');
          return createHash('sha256').update(text).digest('hex').slice(0, 8);
        },
        ['abc'],
      ),
      await offload(
        {
          twice(value: number) {
            return 2 * value;
          },
        }.twice,
        [4],
      ),
      await offload((bytes: Uint8Array) => bytes.map((byte) => byte + 1), [new Uint8Array([1, 2])]),
      await offload(() => undefined),
    ]);
    expect(results).toEqual({ value: ['a,b', 'ba7816bf', 8, new Uint8Array([2, 3]), undefined] });
  });

  describe('with the URL of a module', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'offload-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (name: string, text: string): URL => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return pathToFileURL(path);
    };

    it('calls its default export, or the one behind the hash, in JavaScript or TypeScript', async () => {
      const js = write(
        'work.mjs',
        'import { sep } from "node:path"; export default (a) => a + sep.length; export const half = (a) => a / 2;',
      );
      const ts = write('typed.ts', 'export default (a: number): number => a * 3;');
      expect(
        await offloaded(async ({ offload }) => [
          await offload(js, [4]),
          await offload(new URL('#half', js), [4]),
          await offload(ts, [4]),
        ]),
      ).toEqual({ value: [5, 2, 12] });
    });

    it('says which export is no function', async () => {
      const url = write('work.mjs', 'export const half = 2;');
      expect((await failureOf(({ offload }) => offload(new URL('#half', url)))).message).toBe(
        `${url.href} has no function as its export half.`,
      );
    });
  });

  it('rejects with what the work throws, with its message and its stack', async () => {
    const error = await failureOf(({ offload }) =>
      offload(function divide() {
        throw Object.assign(new RangeError('by zero'), { code: 'MATH' });
      }),
    );
    expect(error).toMatchObject({ name: 'RangeError', message: 'by zero', code: 'MATH' });
    expect(error.stack).toContain('at divide');
  });

  it('names what a function uses of its surroundings', async () => {
    const limit = 10;
    const error = await failureOf(({ offload }) =>
      offload(function below() {
        return limit - 1;
      }),
    );
    expect(error.code).toBe('cannot-offload');
    expect(error.message).toBe(
      'below cannot be offloaded: it uses limit, which is not there. A function is sent as text and sees nothing around it: give it what it needs in args, or put it in a module and give its URL.',
    );
  });

  it.each([
    [
      'an argument that cannot be cloned',
      (run: Run) => run.offload((call: () => void) => call(), [() => undefined]),
      'an argument cannot be sent to a worker',
    ],
    [
      'a result that cannot be cloned',
      (run: Run) => run.offload(() => () => 1),
      'its result cannot be sent back',
    ],
    [
      'a bound function',
      (run: Run) => run.offload(spin.bind(undefined, 1)),
      'it has no text that could be sent',
    ],
    [
      'work that ends its worker',
      (run: Run) => run.offload(() => process.exit(3)),
      'its worker has come to an end: worker exited with code: 3',
    ],
  ])('refuses %s in words', async (_case, work, message) => {
    const error = await failureOf(work);
    expect(error.code).toBe('cannot-offload');
    expect(error.message).toContain(message);
  });

  it('holds virtual time in a marble test', async () => {
    await runMarbles(
      ({ start, expectObservable }) => {
        const { mined$ } = start(
          defineAgent({
            name: 'miner',
            streams: ({ lifecycle, time, handle }) => ({
              mined$: lifecycle.start$.pipe(
                time.after(5),
                handle.switch(async (_start, { offload, sleep }) => {
                  const ms = await offload(spin, [150]);
                  await sleep(3);
                  return ms;
                }),
              ),
              tick$: lifecycle.start$.pipe(time.every(1), take(20), toArray()),
            }),
          }),
        ).streams;
        expectObservable(mined$).toBe('8ms a', { a: 150 });
      },
      { offload: workerPool() },
    );
  });

  it('keeps no process from ending, and leaves no thread behind a host that has stopped', async () => {
    for (const argument of ['stop', 'leave']) {
      const { lines, ended } = offloads(argument);
      expect(await ended).toEqual([0, null]);
      expect(lines).toEqual(['3']);
    }
  });
});
