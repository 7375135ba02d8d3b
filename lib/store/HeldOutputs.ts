import { Backlog } from '../time/queue/Backlog';
import type { Journal } from './Journal';

interface Held {
  readonly batch: number;
  readonly show: () => void;
}

/**
 * What an agent shows to others, in its order: nothing is seen before what it comes of is kept, lest it is seen again
 * when that has to be done again.
 */
export class HeldOutputs {
  private readonly held = new Backlog<Held>();
  private asked = 0;

  constructor(private readonly journal: Journal) {}

  offer(show: () => void): void {
    const { journal, held } = this;
    if (held.size === 0 && journal.isClean) {
      show();
      return;
    }
    const batch = journal.lastBatch;
    held.push({ batch, show });
    if (this.asked === batch) return;
    this.asked = batch;
    journal.whenKept({ kept: this.showKept, refused: () => undefined });
  }

  /** Shows all: it ends as it should, and nobody will do it again. */
  showAll(): void {
    // Somebody else has it now, and does it again.
    const { isClosed } = this.journal;
    for (let left = this.held.size; left > 0 && this.held.size > 0; left--) {
      const { show } = this.held.shift();
      if (!isClosed) show();
    }
  }

  /** What is shown may lead to more. */
  private readonly showKept = (): void => {
    const { held, journal } = this;
    while (held.size > 0 && held.first.batch <= journal.keptBatch) held.shift().show();
  };
}
