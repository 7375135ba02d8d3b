import { map, merge, type Observable } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import { drEvent, drSignal, venStatus } from '../topics';
import type { VenConfig } from './config';
import type { EventChange } from './EventBook';
import { isTest } from './following';
import type { EventStep, PresentSignal } from './present';
import type { VenStatus } from './status';
import { endOf, type EventPhase } from './timeline';

/** The streams that other agents are told of. */
export interface Told {
  readonly events$: Observable<EventChange>;
  readonly timeline$: Observable<EventStep>;
  readonly signal$: Observable<PresentSignal>;
  readonly status$: Observable<VenStatus>;
}

type Status = 'far' | 'near' | 'active' | 'completed' | 'cancelled';

const STATUS: Readonly<Record<EventPhase, Status>> = {
  notified: 'far',
  'ramp-up': 'near',
  active: 'active',
  'ramp-down': 'active',
  completed: 'completed',
  cancelled: 'cancelled',
};

/**
 * Publishes on the bus what the streams tell, so that a site can follow. What cannot be published is an error, and
 * the end of nothing.
 */
export function publishing(
  { bus, config, handle }: AgentContext<VenConfig>,
  { events$, timeline$, signal$, status$ }: Told,
): Observable<void> {
  const ven = segment(config.venName);
  const tell = (change: EventChange, status: Status): void => {
    const { eventId, known } = change;
    const end = endOf(known);
    bus.publish(drEvent.at({ ven, id: segment(eventId) }), {
      modification: known.event.descriptor.modificationNumber,
      status,
      opt: known.opt,
      start: known.event.period.properties.start,
      end: end === Infinity ? null : end,
      isTest: isTest(change),
    });
  };
  return merge(
    events$.pipe(map((change) => () => tell(change, change.known.hasEnded ? ended(change) : 'far'))),
    timeline$.pipe(
      map(
        ({ change, phase }) =>
          () =>
            tell(change, STATUS[phase]),
      ),
    ),
    signal$.pipe(map((signal) => () => bus.publish(drSignal.at({ ven }), signal))),
    status$.pipe(map((status) => () => bus.publish(venStatus.at({ ven }), status))),
  ).pipe(
    handle.concat(
      async function publish(tellIt) {
        tellIt();
      },
      { buffer: Infinity }, // A list may have any number of events, and each is told at once.
    ),
  );
}

function ended({ type }: EventChange): Status {
  return type === 'completed' ? 'completed' : 'cancelled';
}

/** A text as a part of a topic, which may not have just any character. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('*', '%2A');
}
