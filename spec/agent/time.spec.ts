import { map, of, type OperatorFunction } from 'rxjs';
import { type AgentContext, defineAgent, type Streams, type TraceEvent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

const agentOf = <S extends Streams>(streams: (context: AgentContext<object>) => S) =>
  defineAgent({ name: 'agent', streams });

describe('time.every', () => {
  it(
    'with a slow handler under exhaust has one run at a time, on the grid, and counts what it skips [B12]',
    marbleTest(({ start, host, expectObservable, expectHandlers }) => {
      const agent = agentOf(({ lifecycle, time, handle }) => ({
        result$: lifecycle.start$.pipe(
          time.every('100ms'),
          handle.exhaust(({ index }, { sleep }) => sleep('450ms').then(() => index)),
        ),
      }));
      const dropped: number[] = [];
      host.trace$.subscribe((event) => {
        if (event.type === 'trigger-dropped') dropped.push((event.value as { index: number }).index);
      });
      expectHandlers(agent, 'result$').toBe(' 100ms s 449ms e 49ms s 449ms e');
      expectObservable(start(agent).streams.result$).toBe('550ms a 499ms b', { a: 1, b: 6 });
      setTimeout(() => expect(dropped).toEqual([2, 3, 4, 5, 7, 8, 9, 10]), 1050);
    }),
  );

  it.each([
    ['one', '1050ms a 49ms b 99ms c', { a: '10+9', b: '11+0', c: '12+0' }],
    ['skip', '1100ms b 99ms c', { b: '11+10', c: '12+0' }],
    [
      'burst',
      '1050ms (123456789a) 38ms b 99ms c',
      {
        ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index + 1}`, `${index + 1}+0`])),
        a: '10+0',
        b: '11+0',
        c: '12+0',
      },
    ],
  ] as const)(
    'after a stall of one second ticks as missed: %p says, then on the grid [B13]',
    (missed, marbles, values) =>
      marbleTest(({ start, clock, expectObservable }) => {
        const agent = agentOf(({ lifecycle, time }) => ({
          ticks$: lifecycle.start$.pipe(
            time.every('100ms', { missed }),
            map((tick) => `${tick.index}+${tick.missed}`),
          ),
        }));
        setTimeout(() => clock.stall('1s'), 50);
        expectObservable(start(agent).streams.ticks$).toBe(marbles, values);
      })(),
  );

  it(
    'ticks again at the instant of the next tick when a handler is aborted by it',
    marbleTest(({ start, expectHandlers }) => {
      const agent = agentOf(({ lifecycle, time, handle }) => ({
        result$: lifecycle.start$.pipe(
          time.every(10),
          handle.switch((_tick, { sleep }) => sleep(15)),
        ),
      }));
      start(agent);
      expectHandlers(agent, 'result$').toBe('----------s---------(xs)------(xs)');
    }),
  );
});

describe('time.after', () => {
  it(
    'starts its wait again at a trigger in it [B15]',
    marbleTest(({ hot, start, expectObservable, expectHandlers }) => {
      const trigger$ = hot('a 999ms b 999ms c');
      const agent = agentOf(({ time, handle }) => ({
        result$: trigger$.pipe(
          time.after('3s'),
          handle.switch((trigger, { sleep }) => sleep('1s').then(() => trigger)),
        ),
      }));
      expectHandlers(agent, 'result$').toBe('5s s 999ms e');
      expectObservable(start(agent).streams.result$).toBe('6s c');
    }),
  );

  it(
    'aborts the run of the switch right behind it at the trigger that starts its wait again [B15]',
    marbleTest(({ hot, start, expectObservable, expectHandlers }) => {
      const trigger$ = hot('a 3499ms b');
      const agent = agentOf(({ time, handle }) => ({
        result$: trigger$.pipe(
          time.after('3s'),
          handle.switch((trigger, { sleep }) => sleep('4s').then(() => trigger)),
        ),
      }));
      expectHandlers(agent, 'result$').toBe('3s s 499ms x 2999ms s 3999ms e');
      expectObservable(start(agent).streams.result$).toBe('10500ms b');
    }),
  );

  it.each<[string, (context: AgentContext<object>) => OperatorFunction<string, string>]>([
    [
      'the handler itself waits',
      ({ handle }) =>
        handle.switch(async (trigger, { sleep }) => {
          await sleep('3s');
          await sleep('1s');
          return trigger;
        }),
    ],
    [
      'the wait and the handler are switched together',
      ({ handle, time }) =>
        handle.switch((trigger) =>
          of(trigger).pipe(
            time.after('3s'),
            handle.switch((value, { sleep }) => sleep('1s').then(() => value)),
          ),
        ),
    ],
  ])('is aborted with the run under switch, and both start again, where %s [B15]', (_where, operator) =>
    marbleTest(({ hot, start, expectObservable, expectHandlers }) => {
      const agent = agentOf((context) => ({ result$: hot('a 3499ms b').pipe(operator(context)) }));
      expectHandlers(agent, 'result$').toBe('s 3499ms (xs) 3996ms e');
      expectObservable(start(agent).streams.result$).toBe('7500ms b');
    })(),
  );
});

describe('The trace of a timer', () => {
  it(
    'tells when it is armed, has fired and is cancelled, by agent and stream',
    marbleTest(async ({ hot, start, host, clock }) => {
      const events: TraceEvent[] = [];
      host.trace$.subscribe((event) => {
        if (event.type.startsWith('timer-')) events.push(event);
      });
      const agent = start(agentOf(({ time }) => ({ late$: hot('ab---c').pipe(time.after(3)) })));
      await clock.sleep(6);
      await agent.stop();
      const of = { agent: 'agent', stream: 'late$', timer: 'after' };
      expect(events).toMatchObject([
        { type: 'timer-armed', at: 0, due: 3, ...of },
        { type: 'timer-armed', at: 1, due: 4, ...of },
        { type: 'timer-fired', at: 4, missed: 0, ...of },
        { type: 'timer-armed', at: 5, due: 8, ...of },
        { type: 'timer-cancelled', at: 6, ...of },
      ]);
    }),
  );
});
