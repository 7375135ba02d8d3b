import { filter, map, merge, type Observable, pairwise, takeUntil } from 'rxjs';
import type { AgentError, Health, Host, Output } from 'rx-agent-kit';
import type { limitFor } from '../site/limitFor';
import type { EventChange } from '../ven/EventBook';
import type { Setback } from '../ven/insist';
import type { Fault } from '../ven/measuring';
import type { Polled } from '../ven/polling';
import type { EventStep, PresentSignal } from '../ven/present';
import type { Message } from '../ven/protocol/message';
import type { OadrReport } from '../ven/protocol/report';
import { isGood } from '../ven/protocol/response';
import type { VenStatus } from '../ven/status';
import type { Notice } from '../vtn/Desk';
import type { Cell as CellOf, Lane } from './Board';
import { noticeText } from './noticeText';
import { placeOf, plainly } from './plainly';

type Cell = CellOf<Lane>;

/** A cell, and the instant that it belongs to. */
export interface TimedCell extends Cell {
  readonly at: number;
}

type Limit = ReturnType<typeof limitFor>;

/** Levels and limits as bars. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** How each stream is told, by agent and name. Those that are not here, or have nothing to tell, are not shown. */
const TELL: Readonly<Record<string, (value: never) => Cell | undefined>> = {
  'vtn.url$': () => ({ lane: 'vtn', text: 'serves', mark: '│', style: 'green' }),
  'vtn.notices$': (notice: Notice) => ({ lane: 'vtn', text: noticeText(notice), style: 'blue' }),
  'ven.status$': ({ state, reason }: VenStatus) => ({
    lane: 'ven',
    text: state === 'registering' && reason !== null ? `registering: ${reason}` : state,
    mark: state === 'registered' ? '│' : '┊',
    style: state === 'unreachable' || state === 'refused' ? 'red' : 'green',
    // Why it has failed is an error, and told as such.
    ...(reason !== null && ['registered', 'cancelled'].includes(state) && { note: reason }),
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
  'ven.replies$': (reply: Message) => replyCell(reply),
  'ven.setbacks$': ({ what, error, failures }: Setback) => ({
    lane: 'ven',
    text: `${what}: not taken`,
    style: 'red',
    ...(failures === 1 && { note: error.message }),
  }),
  // What cannot be measured is an error, and told as such.
  'ven.sensors$': (faults: readonly Fault[]) =>
    faults.length === 0 ? { lane: 'ven', text: 'all can be measured', style: 'green' } : undefined,
  'setpoint.limit$': ({ limit }: Limit) => ({
    lane: 'site',
    text: `${bar(limit)} limit ${Math.round(limit * 100)} %`,
    mark: bar(limit),
    style: limit < 1 ? 'red' : 'green',
  }),
};

const LANE_OF: Readonly<Record<string, Lane>> = { vtn: 'vtn', ven: 'ven' };

/** What is to be shown of what the agents emit and of what goes wrong, as it happens. */
export function cellsOf(host: Host, now: () => number): Observable<TimedCell> {
  const outputs$ = host.outputs$.pipe(
    map(({ agent, stream, value, at }: Output) => {
      const tell = TELL[`${agent}.${stream}`] as ((value: unknown) => Cell | undefined) | undefined;
      return { at, cell: tell?.(value) };
    }),
  );
  const errors$ = host.errors$.pipe(map((error) => ({ at: now(), cell: errorCell(error) })));
  // A VEN that has left is not well again, it is gone.
  const gone$ = host.outputs$.pipe(
    filter(
      ({ agent, stream, value }) => `${agent}.${stream}` === 'ven.status$' && isGone(value as VenStatus),
    ),
  );
  const recoveries$ = host.health$.pipe(
    takeUntil(gone$),
    pairwise(),
    map(([before, health]) => ({ at: now(), cell: recoveryCell(before, health) })),
  );
  return merge(outputs$, errors$, recoveries$).pipe(
    filter((told): told is { at: number; cell: Cell } => told.cell !== undefined),
    map(({ at, cell }) => ({ at, ...cell })),
  );
}

function isGone({ state }: VenStatus): boolean {
  return state === 'cancelled';
}

function errorCell(error: AgentError): Cell {
  const lane = LANE_OF[error.agent ?? ''] ?? 'site';
  return { lane, text: `✗ ${placeOf(error)}`, note: plainly(error), style: 'red' };
}

function recoveryCell(before: Health, { status }: Health): Cell | undefined {
  if (before.status !== 'bad' || status !== 'good') return undefined;
  return { lane: 'ven', text: 'all is well again', style: 'green' };
}

/** What the VTN wants, and whether it can have it. */
function replyCell({ kind, body }: Message): Cell | undefined {
  if (!('response' in body) || body.response === undefined) return undefined;
  const { code, description = code } = body.response;
  if (!isGood(body.response)) {
    const note = `the VTN asks for what cannot be done: ${description}`;
    return { lane: 'ven', text: `answers with ${code}`, style: 'red', note };
  }
  if (!('pending' in body)) return undefined;
  const pending = `${body.pending.requestIds.length} wanted`;
  const text = kind === 'oadrCanceledReport' ? `report cancelled, ${pending}` : `reports: ${pending}`;
  return { lane: 'ven', text, style: 'cyan' };
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
