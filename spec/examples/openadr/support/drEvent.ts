import type { EiEvent, EventSignal } from '../../../../examples/openadr/ven/protocol/event';
import { target } from '../../../../examples/openadr/ven/protocol/target';

export const MINUTE = 60_000;

export type EventParts = Partial<EiEvent['descriptor']> &
  Partial<EiEvent['period']['properties']> & {
    readonly id?: string;
    readonly intervals?: EventSignal['intervals']['list'];
    readonly signals?: readonly EventSignal[];
  };

/** A signal of levels, of so many minutes each. */
export function levels(...intervals: readonly (readonly [minutes: number, value: number])[]): EventSignal {
  const list = intervals.map(([minutes, value], index) => ({
    duration: minutes * MINUTE,
    uid: String(index),
    value,
  }));
  return { intervals: { list }, name: 'SIMPLE', type: 'level', signalId: 'sig-1' };
}

/** An event of 30 minutes from the tenth on, with two levels; or what differs from that. */
export function drEvent({
  id = 'evt-1',
  signals = [levels([10, 1], [20, 2])],
  ...parts
}: EventParts = {}): EiEvent {
  const {
    start = 10 * MINUTE,
    duration = 30 * MINUTE,
    startAfter,
    notification,
    rampUp,
    recovery,
    ...descriptor
  } = parts;
  return {
    descriptor: {
      eventId: id,
      modificationNumber: 0,
      marketContext: 'http://example.com/peak',
      createdAt: 0,
      status: 'far',
      ...descriptor,
    },
    period: { properties: { start, duration, startAfter, notification, rampUp, recovery } },
    signals: { list: signals },
    target: target(),
  };
}
