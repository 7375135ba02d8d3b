import type { RandomSource } from 'rx-agent-kit';
import type { DistributedEvent } from './protocol/distribution';
import type { EiEvent } from './protocol/event';
import { RESPONSE } from './protocol/response';
import { endOf } from './timeline';

export type Opt = 'optIn' | 'optOut';

/** An event as it is known: its latest modification, and what was decided on it. */
export interface KnownEvent {
  readonly event: EiEvent;
  readonly opt: Opt;
  /** Where in the tolerance its start lies, from 0 to 1: drawn once, and kept when the event is modified. */
  readonly share: number;
  /** The VTN has cancelled it or called it completed. */
  readonly hasEnded: boolean;
}

/** What has become of an event. */
export interface EventChange {
  readonly type: 'new' | 'modified' | 'cancelled' | 'completed';
  readonly eventId: string;
  readonly known: KnownEvent;
  /** What was known of it before. */
  readonly former: KnownEvent | undefined;
}

/** What there is to say of an event that came in. */
export type Verdict =
  | { readonly is: 'bad'; readonly code: string; readonly problem: string }
  | { readonly is: 'same' | 'new' | 'modified' | 'ended'; readonly event: EiEvent };

const SIGNALS: ReadonlySet<string> = new Set([
  ...['SIMPLE', 'simple', 'ELECTRICITY_PRICE', 'ENERGY_PRICE', 'DEMAND_CHARGE', 'BID_PRICE', 'BID_LOAD'],
  ...['BID_ENERGY', 'CHARGE_STATE', 'LOAD_DISPATCH', 'LOAD_CONTROL'],
]);

/** The events of a VTN by id and modification number. */
export class EventBook {
  private readonly events: Map<string, KnownEvent>;

  /**
   * @param known the events of an earlier life
   * @param onChange is told of all events whenever there is a change
   */
  constructor(
    private readonly random: RandomSource,
    known: readonly KnownEvent[] = [],
    private readonly onChange: (known: KnownEvent[]) => void = () => undefined,
  ) {
    this.events = new Map(known.map((one) => [one.event.descriptor.eventId, one]));
  }

  /** What is known from an earlier life, as if it had just come in. */
  get recalled(): readonly EventChange[] {
    return [...this.events]
      .filter(([, { hasEnded }]) => !hasEnded)
      .map(([eventId, known]) => ({ type: 'new', eventId, known, former: undefined }));
  }

  known(eventId: string): KnownEvent | undefined {
    return this.events.get(eventId);
  }

  /** Judges an event that has come in; nothing is written down yet. */
  judge(distributed: DistributedEvent, venId: string): Verdict {
    const bad = (code: string, problem: string): Verdict => ({ is: 'bad', code, problem });
    if (distributed.event === undefined) return bad(RESPONSE.invalidData, distributed.problem);
    const event = distributed.event;
    const { eventId, modificationNumber, status } = event.descriptor;
    const known = this.events.get(eventId);
    const last = known?.event.descriptor.modificationNumber ?? -1;
    if (eventId === '') return bad(RESPONSE.invalidId, 'an event without an id');
    if (event.target.venIds.length > 0 && !event.target.venIds.includes(venId)) {
      return bad(RESPONSE.targetMismatch, `the event is for ${event.target.venIds.join(', ')}`);
    }
    if (modificationNumber < last) {
      return bad(RESPONSE.outOfSequence, `modification ${modificationNumber} came behind ${last}`);
    }
    if (status === 'cancelled' || status === 'completed')
      return { is: known?.hasEnded === true ? 'same' : 'ended', event };
    if (
      event.period.properties.duration < 0 ||
      event.signals.list.some(({ intervals }) => intervals.list.length === 0)
    ) {
      return bad(
        RESPONSE.invalidData,
        'the event lasts less than nothing, or has a signal without intervals',
      );
    }
    if (!event.signals.list.some(({ name }) => SIGNALS.has(name))) {
      return bad(
        RESPONSE.signalNotSupported,
        `no signal is known: ${event.signals.list.map(({ name }) => name).join(', ')}`,
      );
    }
    if (known === undefined) return { is: 'new', event: withKnownSignals(event) };
    return modificationNumber > last
      ? { is: 'modified', event: withKnownSignals(event) }
      : { is: 'same', event: known.event };
  }

  /** Writes down an event that is new or modified. */
  enter(event: EiEvent, opt: Opt): EventChange {
    const { eventId } = event.descriptor;
    const former = this.events.get(eventId);
    const known = { event, opt, share: former?.share ?? this.random(), hasEnded: false };
    this.events.set(eventId, known);
    this.changed();
    return { type: former === undefined ? 'new' : 'modified', eventId, known, former };
  }

  /** Writes down that the VTN has ended an event, if it was known. */
  end(event: EiEvent): EventChange | undefined {
    const { eventId, status } = event.descriptor;
    const former = this.events.get(eventId);
    if (former === undefined) return undefined;
    const known = { ...former, event, hasEnded: true };
    this.events.set(eventId, known);
    this.changed();
    return { type: status === 'completed' ? 'completed' : 'cancelled', eventId, known, former };
  }

  /** Forgets the events that a full list of the VTN's does not have any more. Those not over yet count as cancelled. */
  forgetAllBut(eventIds: ReadonlySet<string>, wallNow: number): readonly EventChange[] {
    const gone = [...this.events].filter(([eventId]) => !eventIds.has(eventId));
    for (const [eventId] of gone) this.events.delete(eventId);
    if (gone.length > 0) this.changed();
    return gone
      .filter(([, { hasEnded }]) => !hasEnded)
      .map(([eventId, former]) => {
        const type = endOf(former) > wallNow ? 'cancelled' : 'completed';
        return { type, eventId, known: { ...former, hasEnded: true }, former };
      });
  }

  private changed(): void {
    this.onChange([...this.events.values()]);
  }
}

function withKnownSignals(event: EiEvent): EiEvent {
  return { ...event, signals: { list: event.signals.list.filter(({ name }) => SIGNALS.has(name)) } };
}
