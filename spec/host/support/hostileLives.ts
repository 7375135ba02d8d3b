import { Observable } from 'rxjs';
import type { HostileCallbacks } from './Hostile';

/** What makes an agent. */
export const HOSTILE_LIVES: HostileCallbacks = {
  'the streams function': { codes: [], rejects: true, agent: ({ now }) => ({ streams: now }) },
  'what the streams function gives': {
    codes: [],
    rejects: true,
    agent: ({ error }) => ({ streams: () => ({ a: error }) as never }),
  },
  'a subscriber of setup$': {
    codes: ['observer-failed'],
    rejects: true,
    streams: ({ lifecycle }, { now }) => {
      lifecycle.setup$.subscribe(now);
      return {};
    },
  },
  readyWhen: { codes: [], rejects: true, agent: ({ now }) => ({ readyWhen: now }) },
  'what readyWhen gives': {
    codes: ['stream-failed'],
    rejects: true,
    agent: ({ error }) => ({ readyWhen: () => new Observable((subscriber) => subscriber.error(error)) }),
  },
  'the teardown of what readyWhen gives': {
    codes: ['stream-failed'],
    agent: ({ now }) => ({
      readyWhen: () =>
        new Observable((subscriber) => {
          subscriber.next(1);
          return now;
        }),
    }),
  },
};
