// A battery follows its plan and its operator, whoever spoke last: a plan that was made before the operator spoke, and
// comes after that, takes the command away again.
import { merge } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const setpoint = z.object({ at: z.number(), kW: z.number() });
type Setpoint = z.infer<typeof setpoint>;
const planned = topic('battery/plan', setpoint);
const commanded = topic('battery/operator', setpoint);

const batteryThat = (followed: Setpoint[], isNews: (last: Setpoint, next: Setpoint) => boolean) =>
  defineAgent({
    name: 'battery',
    streams: ({ bus, handle }) => {
      let last: Setpoint = { at: -Infinity, kW: 0 };
      return {
        set$: merge(bus.messages(planned), bus.messages(commanded)).pipe(
          handle.concat(async ({ payload: next }) => {
            if (!isNews(last, next)) return;
            last = next;
            followed.push(next);
          }),
        ),
      };
    },
  });

const breaks = 'the battery does what was said last';

const story =
  (isNews: (last: Setpoint, next: Setpoint) => boolean): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const followed: Setpoint[] = [];
    eventually(() => followed.at(-1)?.kW === 0, breaks);
    await host.start(batteryThat(followed, isNews));
    bus.publish(planned, { at: clock.now(), kW: 5 });
    await clock.sleep('100ms');
    bus.publish(commanded, { at: clock.now(), kW: 0 });
  };

export const olderEvent: SeededBug = {
  name: 'set-point overwritten by an older event',
  breaks,
  wrong: story(() => true),
  right: story((last, next) => next.at >= last.at),
  options: { latency: { messages: '0..500ms' } },
};
