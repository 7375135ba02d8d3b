import {
  concatMap,
  distinctUntilChanged,
  filter,
  from,
  groupBy,
  map,
  mergeMap,
  type Observable,
  of,
  scan,
  share,
  startWith,
  switchMap,
} from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { EventChange } from './EventBook';
import { advance, type EventStep, NO_STEPS, type PresentSignal, presentSignal, stepsAt } from './present';
import { stepsFrom } from './timeline';
import type { VenClient } from './VenClient';

export interface Following {
  /** The steps of all events that are followed, as they come. */
  readonly timeline$: Observable<EventStep>;
  /** What the events ask for at present, and each change of it. */
  readonly signal$: Observable<PresentSignal>;
}

/**
 * Follows the events as timers: one at a time for each event, for its next step. A change of an event takes the
 * place of what was armed for it; another client ends it all.
 */
export function following(
  { time, config }: AgentContext<VenConfig>,
  client$: Observable<VenClient | undefined>,
  events$: Observable<EventChange>,
): Following {
  const follow = (change: EventChange): Observable<EventStep> =>
    from(stepsFrom(change, time.wallNow())).pipe(
      concatMap((step) =>
        of({ ...step, change }).pipe(
          time.at(step.at),
          map(() => ({ ...step, change })),
        ),
      ),
    );
  const followed$ = events$.pipe(
    groupBy(({ eventId }) => eventId, {
      duration: (changes$) => changes$.pipe(filter(({ known }) => known.hasEnded)),
    }),
    mergeMap((changes$) => changes$.pipe(switchMap(follow))),
  );
  const timeline$ = client$.pipe(
    switchMap(() => followed$),
    share(),
  );
  const counts = (change: EventChange): boolean => config.followTests || !isTest(change);
  const counted$ = timeline$.pipe(filter(({ change }) => counts(change)));
  const signal$ = client$.pipe(
    switchMap((client) => {
      // The events of an earlier life go on as if it had not ended: nobody is told in between that there are none.
      const known = client?.willResume === true ? client.events.recalled.filter(counts) : [];
      const first = known.length === 0 ? NO_STEPS : stepsAt(known, time.wallNow());
      return counted$.pipe(scan(advance, first), startWith(first));
    }),
    map(presentSignal),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    share(),
  );
  return { timeline$, signal$ };
}

/** Whether an event is a test: the standard calls for anything but `false`. */
export function isTest({ known }: EventChange): boolean {
  const { testEvent = 'false' } = known.event.descriptor;
  return testEvent.toLowerCase() !== 'false';
}
