import { read } from '../../readError';

/** Where it was said of the last messages that they are done with. */
export class RecentReplies {
  private readonly replies: string[] = [];
  private count = 0;

  /** @param most how many are kept */
  constructor(private readonly most: number) {}

  /** @param message the client's, whose type does not say that it has it */
  note(message: object): void {
    const reply = read(message, 'reply');
    if (typeof reply === 'string' && reply !== '') this.replies[this.count++ % this.most] = reply;
  }

  forEach(say: (reply: string) => void): void {
    this.replies.forEach(say);
  }
}
