// The state of a device is saved when it has not changed for a while, by one wait for all of them: a device that
// changes within the wait of another one makes that one forgotten.
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const state = topic('devices/:device/state', z.string());

const keeperOf = (saved: Map<string, string>, waitsForEach: boolean) =>
  defineAgent({
    name: 'keeper',
    streams: ({ time, bus, handle }) => ({
      saved$: bus.messages(state).pipe(
        time.after('200ms', waitsForEach ? { key: ({ params }) => params.device } : {}),
        handle.concat(async ({ params: { device }, payload }) => {
          saved.set(device, payload);
        }),
      ),
    }),
  });

const breaks = 'the last state of each device is saved';

const story =
  (waitsForEach: boolean): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const saved = new Map<string, string>();
    eventually(() => saved.get('lamp') === 'off' && saved.get('door') === 'shut', breaks);
    await host.start(keeperOf(saved, waitsForEach));
    for (const [device, now] of [
      ['lamp', 'on'],
      ['lamp', 'off'],
      ['door', 'shut'],
    ] as const) {
      bus.publish(state.at({ device }), now);
      await clock.sleep('400ms');
    }
  };

export const forgetfulDebounce: SeededBug = {
  name: 'debounce that forgets',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { latency: { messages: '0..400ms' } },
};
