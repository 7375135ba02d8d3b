/** Who has something that is to be kept, and has not written it yet. */
export class Untaken {
  private readonly owners = new Set<object>();
  private waiting: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.owners.size === 0;
  }

  add(owner: object): void {
    this.owners.add(owner);
  }

  remove(owner: object): void {
    if (!this.owners.delete(owner) || this.owners.size > 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when nobody has. */
  async none(): Promise<void> {
    while (!this.isEmpty)
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
  }
}
