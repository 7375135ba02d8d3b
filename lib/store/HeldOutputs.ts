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
  private readonly held: Held[] = [];
  private asked = 0;

  constructor(private readonly journal: Journal) {}

  offer(show: () => void): void {
    const { journal, held } = this;
    if (held.length === 0 && journal.isClean) {
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
    const held = this.held.splice(0);
    // Somebody else has it now, and does it again.
    if (this.journal.isClosed) return;
    for (const { show } of held) show();
  }

  /** What is shown may lead to more. */
  private readonly showKept = (): void => {
    const { held, journal } = this;
    for (let first = held[0]; first !== undefined && first.batch <= journal.keptBatch; first = held[0]) {
      held.shift();
      first.show();
    }
  };
}
