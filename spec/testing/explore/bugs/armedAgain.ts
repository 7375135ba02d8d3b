// A trial ends an hour after it has begun. It is a durable job, but its sleep is a plain one: each start of the process
// sleeps the whole hour again, and the trial ends late.
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import type { SeededBug } from './support/SeededBug';

const HOUR = 3_600_000;

const trialOf = (begun$: Subject<string>, isDurable: boolean) =>
  defineAgent({
    name: 'trial',
    streams: ({ handle }) => ({
      ended$: begun$.pipe(
        handle.merge(
          async (user, { sleep }) => {
            await (isDurable ? sleep('1h', { step: 'trial' }) : sleep('1h'));
            return user;
          },
          { durable: 'trials' },
        ),
      ),
    }),
  });

const breaks = 'a trial ends when its time is over';

const story =
  (isDurable: boolean): ExploreBody =>
  async ({ start, clock, always }) => {
    const begun$ = new Subject<string>();
    let isLate = false;
    always(() => !isLate, breaks);
    start(trialOf(begun$, isDurable)).streams.ended$.subscribe((user) => {
      isLate ||= clock.now() > (user === 'Ada' ? 1.1 : 1.6) * HOUR;
    });
    await clock.sleep('1s');
    begun$.next('Ada');
    await clock.sleep('30m');
    begun$.next('Bob');
    await clock.sleep('4h');
  };

export const armedAgain: SeededBug = {
  name: 'a timer that is armed again at each start',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { crashes: 1 },
};
