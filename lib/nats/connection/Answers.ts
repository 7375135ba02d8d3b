/** The answers that are waited for on a connection: when it is lost they do not come any more. */
export class Answers {
  private readonly waiting = new Set<(error: Error) => void>();

  /** Resolves as the answer does, or rejects when the connection is lost before. */
  async unlessLost<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let lose: (error: Error) => void = () => undefined;
    const lost = new Promise<never>((_resolve, reject) => (lose = reject));
    this.waiting.add(lose);
    try {
      return await Promise.race([answer, lost]);
    } finally {
      this.waiting.delete(lose);
    }
  }

  lost(error: Error): void {
    for (const lose of this.waiting) lose(error);
    this.waiting.clear();
  }
}
