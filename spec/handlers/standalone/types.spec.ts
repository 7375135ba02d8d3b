import { type Observable, of } from 'rxjs';
import { handle, type Handler, type StandaloneHandler, type StandaloneRun } from 'rx-agent-kit';

function use(_value: unknown): void {
  // The compiler has seen it.
}

// Never called: the compiler reads it.
export function check(trigger$: Observable<string>, run: StandaloneRun): void {
  const lengths$: Observable<number> = trigger$.pipe(handle.switch(async (text) => text.length));
  const letters$: Observable<string> = trigger$.pipe(
    handle.concat(async function* (text) {
      yield* text;
    }),
  );
  const doubled$: Observable<number> = trigger$.pipe(
    handle.merge((text) => of(text.length * 2), { concurrency: 2, buffer: 3, key: (text) => text.length }),
  );
  use([lengths$, letters$, doubled$]);
  // @ts-expect-error -- The result is a number.
  const wrong$: Observable<string> = trigger$.pipe(handle.exhaust(async (text) => text.length));
  use(wrong$);

  use([run.signal, run.sleep, run.next, run.each, run.external, run.retry, run.offload, run.log, run.now]);
  // @ts-expect-error -- There is no bus.
  use(run.call);
  // @ts-expect-error -- There is no bus.
  trigger$.pipe(handle.switch(async (_text, { call }) => use(call)));

  const ofAgents: Handler<string, number> = async (text) => text.length;
  const free: StandaloneHandler<string, number> = async (text) => text.length;
  trigger$.pipe(handle.switch(free));
  // @ts-expect-error -- It may want to call.
  trigger$.pipe(handle.switch(ofAgents));

  // @ts-expect-error -- That is for agents.
  trigger$.pipe(handle.switch(free, { onError: 'restart' }));
  // @ts-expect-error -- That is for agents.
  trigger$.pipe(handle.switch(free, { onStop: 'drain' }));
  // @ts-expect-error -- A switch has no queue.
  trigger$.pipe(handle.switch(free, { buffer: 1 }));
  // @ts-expect-error -- Only merge has several runs.
  trigger$.pipe(handle.concat(free, { concurrency: 2 }));
  // @ts-expect-error -- A trigger is a text.
  trigger$.pipe(handle.switch(free, { key: (trigger: number) => trigger }));
  // @ts-expect-error -- It takes the place of an Observable.
  trigger$.pipe(handle.switch(free, { until: () => 'later' }));
  // @ts-expect-error -- Neither a promise nor several values.
  trigger$.pipe(handle.switch(() => 5));
}

it('has no call at run time either', async () => {
  const seen: unknown[] = [];
  of('a')
    .pipe(handle.switch(async (_trigger, run) => seen.push((run as { readonly call?: unknown }).call)))
    .subscribe();
  expect(seen).toEqual([undefined]);
});
