import type { DistributeEvent } from '../ven/protocol/distribution';
import { target } from '../ven/protocol/target';
import type { PlannedEvent, Programme } from './programme';

type Distributed = DistributeEvent['events'][number];
type Status = 'far' | 'near' | 'active' | 'completed' | 'cancelled';

/** An event as it stands after some of its changes. */
interface Standing {
  readonly plan: PlannedEvent;
  readonly modification: number;
  readonly isCancelled: boolean;
  /** When it came to stand like this. */
  readonly since: number;
}

/** The events of a programme as they stand at an instant; instants are ms since the epoch. */
export class EventBook {
  /** @param start the instant that the programme counts from */
  constructor(
    private readonly programme: Programme,
    private readonly start: number,
  ) {}

  /** The instants at which there is something new to tell. */
  get changes(): readonly number[] {
    const spans = this.programme.events.flatMap(({ announcedAt, changes }) => [
      announcedAt,
      ...changes.map(({ at }) => at),
    ]);
    return [...new Set(spans)].sort((one, other) => one - other).map((span) => this.start + span);
  }

  /** What has been announced by now and is not long over, as it is told to a VEN. */
  at(now: number): readonly Distributed[] {
    return this.programme.events
      .filter(({ announcedAt }) => this.start + announcedAt <= now)
      .map((plan) => this.standing(plan, now))
      .filter((standing) => this.statusOf(standing, now) !== 'completed')
      .map((standing) => this.distributed(standing, now));
  }

  private standing(plan: PlannedEvent, now: number): Standing {
    const first: Standing = {
      plan,
      modification: 0,
      isCancelled: false,
      since: this.start + plan.announcedAt,
    };
    return plan.changes
      .filter(({ at }) => this.start + at <= now)
      .reduce<Standing>(
        (before, { at, intervals, startsAt, cancel }) => ({
          plan: {
            ...before.plan,
            ...(intervals && { intervals }),
            ...(startsAt !== undefined && { startsAt }),
          },
          modification: before.modification + 1,
          isCancelled: before.isCancelled || cancel,
          since: this.start + at,
        }),
        first,
      );
  }

  private statusOf({ plan, isCancelled }: Standing, now: number): Status {
    const begin = this.start + plan.startsAt;
    const end = begin + durationOf(plan);
    if (isCancelled) return 'cancelled';
    if (now >= end) return 'completed';
    if (now >= begin) return 'active';
    return now >= begin - (plan.rampUp ?? 0) ? 'near' : 'far';
  }

  /** What the signal asks for now; 0 before and after the event. */
  private valueAt({ startsAt, intervals }: PlannedEvent, now: number): number {
    let begin = this.start + startsAt;
    for (const { lasts, value } of intervals) {
      if (now >= begin && now < begin + lasts) return value;
      begin += lasts;
    }
    return 0;
  }

  private distributed(standing: Standing, now: number): Distributed {
    const { plan, modification, since } = standing;
    const { startsAt, intervals, startAfter, notification, rampUp, recovery } = plan;
    return {
      responseRequired: plan.needsAnswer ? 'always' : 'never',
      event: {
        descriptor: {
          eventId: plan.id,
          modificationNumber: modification,
          marketContext: this.programme.marketContext,
          createdAt: since,
          status: this.statusOf(standing, now),
          ...(plan.isTest && { testEvent: 'true' }),
        },
        period: {
          properties: {
            start: this.start + startsAt,
            duration: durationOf(plan),
            ...(startAfter !== undefined && { startAfter }),
            ...(notification !== undefined && { notification }),
            ...(rampUp !== undefined && { rampUp }),
            ...(recovery !== undefined && { recovery }),
          },
        },
        signals: {
          list: [
            {
              intervals: {
                list: intervals.map(({ lasts, value }, index) => ({
                  duration: lasts,
                  uid: String(index),
                  value,
                })),
              },
              name: plan.signal,
              type: plan.type,
              signalId: `${plan.id}-signal`,
              currentValue: this.valueAt(plan, now),
            },
          ],
        },
        target: target(),
      },
    };
  }
}

function durationOf({ intervals }: PlannedEvent): number {
  return intervals.reduce((sum, { lasts }) => sum + lasts, 0);
}
