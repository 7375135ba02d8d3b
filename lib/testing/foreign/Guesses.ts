import type { RunEntry } from '../../trace/Ledger';
import type { TraceEvent } from '../../trace/TraceEvent';
import type { GuessNotes } from './ForeignHold';
import { Sightings } from './Sightings';

/**
 * A place where the time of a test did not follow from what was known: somebody waited for something foreign that
 * was not seen, or that did not come. With the handler it was, or without one if it was the body.
 */
export interface Guess {
  readonly agent?: string;
  readonly stream?: string;
  readonly handler?: string;
  /** The frame (ms from the start) at which it was found out. */
  readonly at: number;
  /**
   * - `gave-up`: time went on after `maxHold`, though what was under way had not come.
   * - `came-unseen`: something came that nothing had shown, and time had gone on while it was waited for.
   */
  readonly reason: 'gave-up' | 'came-unseen';
}

/** How many are kept. */
const KEPT = 20;
/** What becomes of a run when it has got what it waited for by itself. */
const ACTS: ReadonlySet<TraceEvent['type']> = new Set(['run-parked', 'run-settled', 'run-failed']);
const ENDS: ReadonlySet<TraceEvent['type']> = new Set(['run-settled', 'run-failed', 'run-aborted']);

/**
 * Takes note of what time's flow cannot have known. What runs at an instant is done with when the microtasks behind
 * it have run out; whoever acts after that, and before the next instant, has been called by something foreign. If
 * the host has shown nothing of that, and time has gone on since, the instant is one of chance.
 */
export class Guesses implements GuessNotes {
  readonly all: Guess[] = [];
  private readonly lastSeen = new Sightings();
  private bodySeen: number;
  private isBehindInstant = false;
  private suspects: Guess[] = [];
  private progress = 0;

  constructor(
    private readonly clock: { readonly start: number; now(): number },
    private readonly awakeRuns: () => readonly RunEntry[],
  ) {
    this.bodySeen = clock.start;
  }

  /** All microtasks of an instant have run out. */
  readonly instantEnds = (): void => {
    this.isBehindInstant = true;
  };

  /**
   * A turn begins in which time may go on.
   *
   * @param progress changes if the host has shown that something has come
   */
  turnBegins(progress: number): void {
    this.isBehindInstant = false;
    if (this.suspects.length > 0) {
      if (progress === this.progress) this.suspects.forEach(this.keep);
      this.suspects = [];
    }
    this.progress = progress;
  }

  gaveUp(): void {
    const at = this.clock.now() - this.clock.start;
    const awake = this.awakeRuns();
    for (const { agent, stream, handler } of awake)
      this.keep({ agent, stream, handler, at, reason: 'gave-up' });
    if (awake.length === 0) this.keep({ at, reason: 'gave-up' });
  }

  take(event: TraceEvent): void {
    if (!('run' in event)) return;
    const { type, run, at, agent, stream } = event;
    if (type === 'run-started') {
      this.lastSeen.add(run, event.handler, at);
      return;
    }
    const seen = this.lastSeen.of(run);
    if (seen === undefined) return;
    if (this.isBehindInstant && seen.at < at && ACTS.has(type))
      this.suspect({
        agent,
        stream,
        handler: seen.handler,
        at: at - this.clock.start,
        reason: 'came-unseen',
      });
    seen.at = at;
    if (ENDS.has(type)) this.lastSeen.end(seen);
  }

  /** The body does something that shows what time it is for it. */
  bodyActs(): void {
    const now = this.clock.now();
    if (this.isBehindInstant && this.bodySeen < now)
      this.suspect({ at: now - this.clock.start, reason: 'came-unseen' });
    this.bodySeen = now;
  }

  private suspect(guess: Guess): void {
    this.suspects.push(guess);
  }

  private readonly keep = (guess: Guess): void => {
    if (this.all.length < KEPT && !this.all.some((other) => isSame(other, guess))) this.all.push(guess);
  };
}

function isSame(one: Guess, other: Guess): boolean {
  return (
    one.agent === other.agent &&
    one.stream === other.stream &&
    one.handler === other.handler &&
    one.reason === other.reason
  );
}
