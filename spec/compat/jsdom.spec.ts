/** @jest-environment jsdom */
import { fromEvent, map, timer } from 'rxjs';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { expectEcho } from './support/world';

describe('marbleTest in jsdom', () => {
  it('has the page it says it has', () => {
    expect(typeof document).toBe('object');
    expect(typeof setTimeout(() => undefined, 0)).toBe('number');
  });

  it('needs no set-up', marbleTest(expectEcho));

  it(
    "gives numbers for timers, as the page's own functions do",
    marbleTest(async ({ clock }) => {
      const seen: string[] = [];
      const timeout = setTimeout(() => seen.push('timeout'), 5);
      const interval = setInterval(() => seen.push('interval'), 2);
      expect([typeof timeout, typeof interval]).toEqual(['number', 'number']);
      clearTimeout(timeout);
      await clock.sleep(5);
      clearInterval(interval);
      await clock.sleep(5);
      expect(seen).toEqual(['interval', 'interval']);
    }),
  );

  it(
    'paints as the test says',
    marbleTest(async ({ animate, clock }) => {
      animate('---x');
      const seen: number[] = [];
      requestAnimationFrame((at) => seen.push(at));
      await clock.sleep(10);
      expect(seen).toEqual([3]);
    }),
  );

  it(
    'sees the events of the page',
    marbleTest(({ expectObservable }) => {
      const button = document.createElement('button');
      timer(7).subscribe(() => button.click());
      expectObservable(fromEvent(button, 'click').pipe(map(({ type }) => type))).toBe('7ms a', {
        a: 'click',
      });
    }),
  );

  it('leaves the globals as they were', async () => {
    const state = () =>
      Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]);
    const before = state();
    await expect(
      runMarbles(() => {
        throw new Error('thrown');
      }),
    ).rejects.toThrow('thrown');
    expect(state()).toEqual(before);
  });

  it('ends a test that can go nowhere', async () => {
    await expect(runMarbles(() => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'marble-deadlock',
    });
  });
});
