import { Backlog } from '../../time/queue/Backlog';
import type { Journal } from '../../store/Journal';
import type { Mailbox } from './Mailbox';
import type { KeptEntry } from './KeptEntry';

interface Written {
  readonly mailbox: Mailbox;
  readonly entry: KeptEntry;
}

/** The messages that are written and not kept yet: each comes to its mailbox when it is. */
export class Unkept {
  private readonly written = new Backlog<Written>();
  /** The batch that is waited for. */
  private asked = 0;

  constructor(private readonly journal: Journal) {}

  get size(): number {
    return this.written.size;
  }

  push(mailbox: Mailbox, entry: KeptEntry): void {
    const { journal } = this;
    this.written.push({ mailbox, entry });
    if (this.asked === journal.lastBatch) return;
    this.asked = journal.lastBatch;
    journal.whenKept({ kept: this.deliver, refused: () => undefined });
  }

  private readonly deliver = (): void => {
    const { written, journal } = this;
    while (written.size > 0 && written.first.entry.batch <= journal.keptBatch) {
      const { mailbox, entry } = written.shift();
      mailbox.add(entry);
    }
  };
}
