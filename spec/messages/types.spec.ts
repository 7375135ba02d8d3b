import type { Observable } from 'rxjs';
import { type AgentBus, type Message, procedure, type Run, topic } from 'rx-agent-kit';
import { z } from 'zod';

const reading = topic(
  'devices/:building/:unit',
  z.object({ celsius: z.number(), at: z.coerce.date().optional() }),
);
const state = topic('site/state', z.enum(['on', 'off']));
const logs = topic('logs/*', z.string());
const setpoint = procedure('site/setpoint', {
  input: z.object({ celsius: z.number().default(20) }),
  output: z.string(),
});

function use(_value: unknown): void {
  // The compiler has seen it.
}

// Never called: the compiler reads it.
export function check(bus: AgentBus, run: Run): void {
  const readings$: Observable<
    Message<{ readonly building: string; readonly unit: string }, { celsius: number; at?: Date | undefined }>
  > = bus.messages(reading);
  use(readings$);
  bus.messages(reading.at({ building: 'b1' })).subscribe(({ params, payload }) => {
    use(params.unit satisfies string);
    use(payload.celsius satisfies number);
    // @ts-expect-error -- The pattern has no such parameter.
    use(params.floor);
    // @ts-expect-error -- The schema has no such member.
    use(payload.fahrenheit);
  });
  bus.messages(logs).subscribe(({ params }) => use(params['*'] satisfies string));

  bus.publish(state, 'on');
  bus.publish(reading.at({ building: 'b1', unit: 'u7' }), { celsius: 21 });
  // @ts-expect-error -- It is not in the schema.
  bus.publish(state, 'broken');
  // @ts-expect-error -- A parameter is missing.
  bus.publish(reading.at({ building: 'b1' }), { celsius: 21 });
  // @ts-expect-error -- It has parameters.
  bus.publish(reading, { celsius: 21 });
  // @ts-expect-error -- There is no such parameter.
  reading.at({ building: 'b1', flor: '1' });

  const answer: Promise<string> = run.call(setpoint, {});
  use(answer);
  // @ts-expect-error -- The input does not fit.
  void run.call(setpoint, { celsius: 'hot' });
  bus.serve(setpoint, async ({ celsius }, { sleep }) => {
    await sleep('1s');
    return celsius.toFixed();
  });
  // @ts-expect-error -- The output does not fit.
  bus.serve(setpoint, async ({ celsius }) => celsius);
  // @ts-expect-error -- A call that finds the queue full fails in any case.
  bus.serve(setpoint, async () => '', { overflow: 'drop-oldest' });
}

it('infers all types from patterns and schemas', () => {
  expect(check).toBeInstanceOf(Function);
});
