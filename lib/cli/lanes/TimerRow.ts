import type { TraceEventLine } from '../../node/trace/TraceLine';
import { type Combine, Lane } from './Lane';

const MARKS: Readonly<Record<string, string>> = {
  'timer-armed': '+',
  'timer-fired': 't',
  'timer-cancelled': 'x',
};

/** What is armed of one kind. */
interface Wait {
  readonly due: number;
  readonly end: (at: number) => void;
}

/** The row of a stream's timers: when they are armed, how long they wait, and what becomes of that. */
export class TimerRow {
  readonly lane: Lane;
  private readonly waits = new Map<unknown, Wait>();

  constructor(stream: string) {
    this.lane = new Lane(`  ${stream} timers`, combineTimers);
  }

  /** Takes an event, and gives the mark for it, if it is one of a timer. */
  take(event: TraceEventLine, at: number): string | undefined {
    const mark = MARKS[event.type];
    if (mark === undefined) return undefined;
    const { timer: kind } = event as { readonly timer?: unknown };
    // Of several timers of one kind, one that fires before the due instant of the last one leaves that waiting.
    const isOther = mark === 't' && (this.waits.get(kind)?.due ?? 0) > at;
    if (!isOther) this.endOf(kind, at);
    if (mark === '+') {
      const due = Number(event['due']) - event.at + at;
      this.waits.set(kind, { due, end: this.lane.begin(at, '.') });
    }
    return mark;
  }

  /** The agent's life is over, and nothing waits any more. */
  end(at: number): void {
    for (const kind of this.waits.keys()) this.endOf(kind, at);
  }

  private endOf(kind: unknown, at: number): void {
    this.waits.get(kind)?.end(at);
    this.waits.delete(kind);
  }
}

/** What is over comes first, then what has come, which is armed anew as a rule. */
const combineTimers: Combine = (glyphs) => {
  if (glyphs.at(-1) === 'x') return 'x';
  return glyphs.includes('t') ? 't' : '+';
};
