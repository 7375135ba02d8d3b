import { lastValueFrom, Subject, of, toArray } from 'rxjs';
import { handle } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

// Made once, where a module is loaded, and used below in real time, in virtual time, and in real time again.
const late = handle.switch(async (trigger: string, { sleep, now }) => {
  const start = now();
  await sleep(20);
  return { trigger, took: now() - start };
});
const save = handle.concat(
  async (trigger: string, { sleep }) => {
    await sleep(trigger === 'slow' ? '1h' : 5);
    return trigger;
  },
  { timeout: '100ms', onError: 'continue', onFailure: ({ code }) => failures.push(code) },
);
const failures: string[] = [];

describe('A handler operator that a module has made', () => {
  const live = async (): Promise<void> => {
    const started = performance.now();
    const seen = await lastValueFrom(of('a', 'b').pipe(late, toArray()));
    expect(seen).toMatchObject([{ trigger: 'b' }]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(15);
  };

  it('works in real time', live);

  it(
    'works in a marble test',
    marbleTest(({ hot, expectObservable }) => {
      expectObservable(hot('a-b').pipe(late)).toBe('22ms b', { b: { trigger: 'b', took: 20 } });
    }),
  );

  it('works in real time afterwards', live);

  it('times out in real time, and goes on', async () => {
    failures.length = 0;
    expect(await lastValueFrom(of('slow', 'a').pipe(save, toArray()))).toEqual(['a']);
    expect(failures).toEqual(['timeout']);
  });

  it('keeps no process awake for a run that has been switched away', async () => {
    const trigger$ = new Subject<string>();
    const armed = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = armed();
    const subscription = trigger$.pipe(handle.switch((_trigger, { sleep }) => sleep('1h'))).subscribe();
    for (let n = 0; n < 100; n++) trigger$.next(String(n));
    expect(armed()).toBeLessThanOrEqual(before + 1);
    subscription.unsubscribe();
    expect(armed()).toBe(before);
  });
});
