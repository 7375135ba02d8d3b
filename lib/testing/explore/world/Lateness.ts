import type { Choice, Choices } from '../../../time/choices/Choices';
import type { TaskQueue } from '../../../time/queue/Scheduler';
import { byMs } from './Span';

/** How many instants are looked at that something might come at. */
const MOST_HINTS = 16;

/** The time of a run, as far as it is looked at. */
export interface Instants {
  now(): number;
}

/** How much later something comes. */
class LatenessChoice implements Choice {
  readonly kind = 'latency';

  constructor(
    private readonly what: string,
    private readonly longest: number,
    private readonly instants: () => readonly number[],
  ) {}

  tell(ms: number): string {
    return `${this.what} comes ${byMs(ms)}`;
  }

  /** At the instants at which something else is due, and right before and behind them. */
  hints(): readonly number[] {
    const { longest } = this;
    const around = this.instants().flatMap((ms) => [ms, ms + 1, ms - 1]);
    return [...around, longest].filter((ms) => ms > 0 && ms <= longest);
  }
}

/** Lets things come later than they would by themselves. */
export class Lateness {
  constructor(
    private readonly choices: Choices,
    private readonly queue: Pick<TaskQueue, 'armed'>,
    private readonly clock: Instants,
  ) {}

  /** Gives how many ms later it comes, up to a longest span. */
  of(longest: number, what: string): number {
    if (longest === 0) return 0;
    return this.choices.choose(longest + 1, new LatenessChoice(what, longest, this.instants));
  }

  private readonly instants = (): readonly number[] => {
    const now = this.clock.now();
    const spans: number[] = [];
    for (const { due } of this.queue.armed()) {
      if (due >= now) spans.push(Math.round(due - now));
      if (spans.length === MOST_HINTS) break;
    }
    return spans;
  };
}
