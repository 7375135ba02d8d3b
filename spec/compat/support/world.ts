import { debounceTime } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import type { MarbleHelpers } from 'rx-agent-kit/testing';

/** The agent that is tested under every runner: two awaits deep, a plain operator and a timer of the kit. */
export const echo = defineAgent({
  name: 'echo',
  streams: ({ lifecycle, time, handle }) => ({
    echo$: lifecycle.start$.pipe(
      time.after('1s'),
      debounceTime(500),
      handle.switch(async (_event, { sleep }) => {
        for (let hops = 0; hops < 100; hops++) await Promise.resolve();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await sleep('300ms');
        return Date.now();
      }),
    ),
  }),
});

export function expectEcho({ start, expectObservable, expectHandlers }: MarbleHelpers): void {
  expectObservable(start(echo).streams.echo$).toBe('2s a', { a: 2000 });
  expectHandlers(echo, 'echo$').toBe('1500ms s 499ms e');
}
