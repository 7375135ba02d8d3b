import { Subject } from 'rxjs';
import { AgentError, defineAgent, type Offloader } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';

/** Never comes to an end with anything; it notes what is aborted, and how often it is closed. */
function endlessPool() {
  const aborted: string[] = [];
  const closes: string[] = [];
  const offload: Offloader = {
    run: (work, _args, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => aborted.push(work instanceof URL ? work.href : work.name));
      }),
    close: async () => {
      closes.push('closed');
    },
  };
  return { offload, aborted, closes };
}

function add(a: number, b: number): number {
  return a + b;
}

describe('run.offload', () => {
  it('rejects without a pool, and says what to write', async () => {
    const { errors } = await runMarbles(
      ({ start }) =>
        void start(
          defineAgent({
            name: 'miner',
            streams: ({ lifecycle, handle }) => ({
              sum$: lifecycle.start$.pipe(handle.switch((_start, { offload }) => offload(add, [1, 2]))),
            }),
          }),
        ),
      { assertsElsewhere: true },
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]!.cause).toBeInstanceOf(AgentError);
    expect(errors[0]!.cause).toMatchObject({ code: 'cannot-offload', agent: 'miner' });
    expect(errors[0]!.message).toContain('createHost({ offload: workerPool() })');
  });

  it('is seen in the ledger by the name of the work, and is ended with its run; the pool with the host', async () => {
    const { offload, aborted, closes } = endlessPool();
    const trigger$ = new Subject<number>();
    await runMarbles(
      async ({ start, host, clock }) => {
        start(
          defineAgent({
            name: 'miner',
            streams: ({ handle }) => ({
              sum$: trigger$.pipe(handle.switch((n, run) => run.offload(add, [n, 1]))),
            }),
          }),
        );
        await clock.sleep(1);
        trigger$.next(1);
        expect(host.ledger()).toMatchObject([{ parked: [{ on: 'offload', detail: 'add' }] }]);
        trigger$.next(2);
        expect(aborted).toEqual(['add']);
        await host.stop();
        expect(aborted).toEqual(['add', 'add']);
        expect(closes).toEqual(['closed']);
      },
      { offload },
    );
  });

  it('infers what the work takes and gives', () => {
    defineAgent({
      name: 'typed',
      streams: ({ lifecycle, handle }) => ({
        sum$: lifecycle.start$.pipe(
          handle.switch(async (_start, { offload }) => {
            const sum: number = await offload(add, [1, 2]);
            const later: string = await offload(async () => 'text');
            // @ts-expect-error -- it takes two numbers
            void offload(add, ['1', 2]);
            // @ts-expect-error -- its arguments are missing
            void offload(add);
            // @ts-expect-error -- it gives a number
            const text: string = await offload(add, [1, 2]);
            return [sum, later, text];
          }),
        ),
      }),
    });
  });
});
