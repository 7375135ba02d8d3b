import { NEVER } from 'rxjs';
import { defineAgent, type Handle, HandlerError } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const handler = async (): Promise<number> => 1;

describe('The options of a handler', () => {
  it.each<[string, (handle: Handle) => unknown, string]>([
    [
      'an onError that is none',
      (handle) => handle.switch(handler, { onError: 'explode' as never }),
      `onError: "explode" is none of 'continue', 'restart', 'stop'.`,
    ],
    [
      'an onStop that is none',
      (handle) => handle.switch(handler, { onStop: 'wait' as never }),
      `onStop: "wait" is none of 'abort', 'drain'.`,
    ],
    [
      'an overflow that is none',
      (handle) => handle.concat(handler, { overflow: 'block' as never }),
      `overflow: "block" is none of 'fail', 'drop-oldest', 'drop-newest'.`,
    ],
    ['a negative buffer', (handle) => handle.concat(handler, { buffer: -1 }), 'buffer: -1 has to be'],
    ['half a place', (handle) => handle.merge(handler, { buffer: 0.5 }), 'buffer: 0.5 has to be'],
    ['a concurrency of none', (handle) => handle.merge(handler, { concurrency: 0 }), 'concurrency: 0 has to'],
  ])('do not include %s', (_what, write, message) =>
    marbleTest(({ start }) => {
      const agent = defineAgent({
        name: 'agent',
        streams: ({ handle }) => {
          write(handle);
          return { never$: NEVER };
        },
      });
      expect(() => start(agent)).toThrow(
        expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(message) }),
      );
    })(),
  );

  it.each<[string, string, (handle: Handle) => ReturnType<Handle['switch']>]>([
    ['its name', 'greet', (handle) => handle.switch(() => Promise.reject(new Error('x')), { name: 'greet' })],
    [
      'its function’s own name',
      'poll',
      (handle) =>
        handle.switch(async function poll(): Promise<never> {
          throw new Error('x');
        }),
    ],
    ['the name of its stream', 'result$', (handle) => handle.switch(() => Promise.reject(new Error('x')))],
  ])('let a handler be called by %s', (_by, name, operator) =>
    marbleTest(({ cold, host, start }) => {
      const names: string[] = [];
      host.errors$.subscribe((error) => {
        if (error instanceof HandlerError) names.push(error.handler, error.message);
      });
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({ result$: cold('a').pipe(operator(handle)) }),
        }),
      );
      setTimeout(() => {
        expect(names).toEqual([name, `agent.result$: ${name} failed at attempt 1: x`]);
      }, 1);
    })(),
  );
});
