import type { TimerKind, TimerPart } from '../time/queue/Timers';
import type { AbortReason, ParkKind } from './TraceEvent';

/** A timer that is armed now. */
export interface TimerEntry {
  readonly kind: 'timer';
  readonly agent: string;
  readonly stream: string;
  /** The kind of its operator; `restart` is the wait before an agent's next life. */
  readonly timer: TimerKind | 'restart';
  /** The instant it is armed for, in ms. */
  readonly due: number;
}

/** What a run waits for. */
export interface Parking {
  readonly on: ParkKind;
  /** What it is, as far as it can be told: a span, a topic, a name. */
  readonly detail: string;
  /** Since when, in ms. */
  readonly since: number;
}

/** A run in flight now. */
export interface RunEntry {
  readonly kind: 'run';
  readonly agent: string;
  readonly stream: string;
  /** The handler's name, or its stream's. */
  readonly handler: string;
  readonly run: number;
  readonly attempt: number;
  /** The instant at which it started, in ms. */
  readonly since: number;
  /** What it waits for by way of the kit; nothing is named if it computes, or waits for something foreign. */
  readonly parked: readonly Parking[];
  /** Whether it has been aborted and goes on all the same. */
  readonly isAborted: boolean;
}

/** What an agent itself waits for, to start or to start again. */
export interface WaitEntry {
  readonly kind: 'wait';
  readonly agent: string;
  readonly stream: '(start)' | '(restart)';
  /** The bus, the store, what its `readyWhen` says, those that it needs, or those that have to stop first. */
  readonly on: 'bus' | 'store' | 'ready' | 'needs' | 'stops';
  /** Who they are, as far as it can be told. */
  readonly detail: string;
  /** Since when, in ms. */
  readonly since: number;
}

export type LedgerEntry = TimerEntry | RunEntry | WaitEntry;

/** A handler operator, as the ledger and a stop see it. */
export interface RunnerPart {
  readonly part: 'runner';
  /** What takes what it emits. */
  readonly result: object;
  readonly stream: string;
  /** The handler's name, or its stream's. */
  readonly name: string;
  /** Whether its triggers have completed: no run of it will succeed where the last one has failed. */
  readonly hasCompleted: boolean;
  /** How many triggers have a run in flight. */
  readonly inFlight: number;
  /** How many runs have not come to their end, aborted ones among them. */
  readonly unfinished: number;
  runs(): Iterable<Omit<RunEntry, 'kind' | 'agent' | 'stream'>>;
  /** Drops what waits and aborts what is in flight, unless it is to be waited for. */
  halt(): void;
  /** Aborts all that is in flight. */
  abort(reason: AbortReason): void;
  /** Lets nothing of it go on, and tells nobody: its process has ended. */
  vanish(): void;
  /** Lets go of its triggers, and aborts all that is in flight. */
  unsubscribe(): void;
}

/** What an agent consists of. Each part knows its own state: nothing is written anywhere as it changes. */
export type Part = TimerPart | RunnerPart;

/** Which runs are meant: those in flight, or all that have not come to their end, aborted ones among them. */
export type RunCount = 'inFlight' | 'unfinished';

/** What is armed and in flight in one agent, read from its parts when somebody asks. */
export class Ledger {
  /** The parts, each with the name of its stream. */
  readonly parts = new Map<Part, string>();

  constructor(readonly agent: string) {}

  *entries(): IterableIterator<LedgerEntry> {
    const { agent } = this;
    for (const [part, stream] of this.parts) {
      if (part.part === 'runner') {
        for (const run of part.runs()) yield { kind: 'run', agent, stream, ...run };
      } else if (part.dues !== undefined) {
        for (const due of part.dues()) yield { kind: 'timer', agent, stream, timer: part.kind, due };
      } else if (part.due !== undefined) {
        yield { kind: 'timer', agent, stream, timer: part.kind, due: part.due };
      }
    }
  }

  countRuns(which: RunCount): number {
    let count = 0;
    for (const part of this.parts.keys()) if (part.part === 'runner') count += part[which];
    return count;
  }

  /** Cancels all timers for good, and aborts the runs that are not to be waited for. */
  halt(): void {
    for (const part of this.parts.keys()) part.halt();
  }

  abortRuns(): void {
    for (const part of this.parts.keys()) if (part.part === 'runner') part.abort('stopped');
  }
}
