import { Subject } from 'rxjs';
import { defineAgent, type TraceEvent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';

/** An event as a line: its type, then its stream and run, then what it is about. */
const line = (event: TraceEvent): string => {
  const about = {
    stream: '',
    run: '',
    phase: '',
    on: '',
    from: '',
    reason: '',
    timer: '',
    value: '',
    ...event,
  };
  const words = [
    about.type,
    about.stream,
    about.run,
    about.phase,
    about.on,
    about.from,
    about.reason,
    about.timer,
    about.value,
  ];
  const error = 'error' in event ? (event.error as Error).message : '';
  return [...words, error].map(String).filter(Boolean).join(' ');
};

describe('host.trace$', () => {
  it(
    'tells the way of a trigger: timer, run, wait, value, in one numbered order',
    marbleTest(async ({ start, host, clock }) => {
      const events: TraceEvent[] = [];
      host.trace$.subscribe((event) => events.push(event));
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ lifecycle, time, handle }) => ({
            hello$: lifecycle.start$.pipe(
              time.after(3),
              handle.switch(async (_event, { sleep }) => {
                await sleep(1);
                return 'hello';
              }),
            ),
          }),
        }),
      );
      await clock.sleep(5);
      await agent.stop();
      expect(events.map((event) => `${event.at} ${line(event)}`)).toEqual([
        '0 phase setup',
        '0 phase configured',
        '0 phase start',
        '0 timer-armed hello$ after',
        '0 phase ready',
        '3 timer-fired hello$ after',
        '3 run-started hello$ 1',
        '3 run-parked hello$ 1 sleep',
        '4 run-resumed hello$ 1 sleep',
        '4 value hello$ hello',
        '4 run-settled hello$ 1',
        '5 phase stopping',
        '5 phase finish',
        '5 phase stopped',
      ]);
      const numbers = events.map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_seq, index) => numbers[0]! + index));
    }),
  );

  it(
    'tells how runs end, and what comes too late',
    marbleTest(async ({ start, host, clock }) => {
      const trigger$ = new Subject<string>();
      const lines: string[] = [];
      host.trace$.subscribe((event) => {
        if (event.type.startsWith('run-') && event.type !== 'run-parked')
          lines.push(`${event.at} ${line(event)}`);
      });
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(
              handle.switch(
                async (trigger) => {
                  await new Promise((resolve) => setTimeout(resolve, 2));
                  if (trigger === 'bad') throw new Error('bad');
                  return trigger;
                },
                { retry: { count: 1, backoff: 5 } },
              ),
            ),
          }),
        }),
      );
      await clock.sleep(1);
      trigger$.next('late');
      await clock.sleep(1);
      trigger$.next('bad');
      await clock.sleep(20);
      expect(lines).toEqual([
        '1 run-started result$ 1',
        '2 run-aborted result$ 1 switched',
        '2 run-started result$ 2',
        '3 run-late result$ 1',
        '4 run-failed result$ 2 bad',
        '9 run-resumed result$ 3 retry',
        '9 run-started result$ 3',
        '11 run-failed result$ 3 bad',
      ]);
    }),
  );

  it(
    'may be read by one who stops the agent at what it reads',
    marbleTest(async ({ start, host, clock, expectHandlers }) => {
      const trigger$ = new Subject<string>();
      const agent = start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(handle.switch((_t, { sleep }) => sleep('1h'))),
          }),
        }),
      );
      expectHandlers(agent, 'result$').toBe('-(sx)');
      host.trace$.subscribe((event) => {
        if (event.type === 'run-parked') void agent.stop();
      });
      await clock.sleep(1);
      trigger$.next('a');
      await clock.sleep(1);
      expect(agent.state).toBe('stopped');
      expect(agent.ledger()).toEqual([]);
      expect((host as unknown as { scheduler: { size: number } }).scheduler.size).toBe(0);
    }),
  );
});
