import { filter, map, type Observable } from 'rxjs';
import type { Host, Output } from 'rx-agent-kit';
import type { limitFor } from '../site/limitFor';
import type { EventChange } from '../ven/EventBook';
import type { Polled } from '../ven/polling';
import type { EventStep, PresentSignal } from '../ven/present';
import type { OadrReport } from '../ven/protocol/report';
import type { VenStatus } from '../ven/status';
import type { Notice } from '../vtn/Desk';
import type { Cell } from './Board';

/** A cell, and the instant that it belongs to. */
export interface TimedCell extends Cell {
  readonly at: number;
}

type Limit = ReturnType<typeof limitFor>;

/** Levels and limits as bars. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** How each stream is told, by agent and name. Those that are not here are not shown. */
const TELL: Readonly<Record<string, (value: never) => Cell>> = {
  'vtn.url$': () => ({ lane: 'vtn', text: 'serves', mark: '│', style: 'green' }),
  'vtn.notices$': (notice: Notice) => ({ lane: 'vtn', text: noticeText(notice), style: 'blue' }),
  'ven.status$': ({ state, reason }: VenStatus) => ({
    lane: 'ven',
    text: reason === null ? state : `${state}: ${reason}`,
    mark: state === 'registered' ? '│' : '┊',
    style: state === 'unreachable' ? 'red' : 'green',
  }),
  'ven.polls$': ({ answer }: Polled) => ({ lane: 'ven', text: pollText(answer.kind), style: 'gray' }),
  'ven.events$': ({ type, eventId, known }: EventChange) => ({
    lane: 'event',
    text: `${eventId} ${type}, ${known.opt}`,
    mark: known.hasEnded ? '·' : '┊',
    style: 'yellow',
  }),
  'ven.timeline$': ({ phase, change }: EventStep) => ({
    lane: 'event',
    text: `${change.eventId} ${phase}`,
    mark: eventMark(phase),
    style: phase === 'cancelled' ? 'red' : 'yellow',
  }),
  'ven.signal$': ({ signal, value, phase }: PresentSignal) => ({
    lane: 'signal',
    text: phase === 'idle' ? 'idle' : `${signal} ${value}, ${phase}`,
    mark: phase === 'idle' ? '·' : bar(value / 3),
    style: 'magenta',
  }),
  'ven.reports$': ({ intervals }: OadrReport) => ({
    lane: 'ven',
    text: `report of ${intervals?.list.length ?? 0}`,
    style: 'cyan',
  }),
  'setpoint.limit$': ({ limit }: Limit) => ({
    lane: 'site',
    text: `${bar(limit)} limit ${Math.round(limit * 100)} %`,
    mark: bar(limit),
    style: limit < 1 ? 'red' : 'green',
  }),
};

/** What is to be shown of what the agents emit and of what goes wrong, as it happens. */
export function cellsOf(host: Host): Observable<TimedCell> {
  return host.outputs$.pipe(
    filter(({ agent, stream }) => `${agent}.${stream}` in TELL),
    map(({ agent, stream, value, at }: Output): TimedCell => {
      const tell = TELL[`${agent}.${stream}`] as (value: unknown) => Cell;
      return { at, ...tell(value) };
    }),
  );
}

function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'opted':
      return `${notice.opt}: ${notice.event}`;
    case 'reported':
      return `got ${notice.values.length} values`;
    default:
      return `VEN ${notice.kind}`;
  }
}

function pollText(kind: Polled['answer']['kind']): string {
  return kind === 'oadrResponse' ? 'poll' : `poll: ${kind.replace('oadr', '')}`;
}

function eventMark(phase: EventStep['phase']): string {
  const marks = {
    notified: '┊',
    'ramp-up': '╱',
    active: '┃',
    'ramp-down': '╲',
    completed: '·',
    cancelled: '·',
  };
  return marks[phase];
}

/** @param share from 0 to 1 */
function bar(share: number): string {
  const index = Math.round(Math.min(Math.max(share, 0), 1) * (BARS.length - 1));
  return BARS[index] ?? '';
}
