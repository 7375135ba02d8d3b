/** Lanes that are drawn side by side, one for each thing that goes on; what ends makes room for what begins. */
export class Lanes {
  private readonly open: (string | undefined)[] = [];

  isOpen(key: string): boolean {
    return this.open.includes(key);
  }

  /** Draws the lanes, with `mark` on the one of `key`, which is opened if need be. */
  mark(key: string, mark: string): string {
    if (!this.isOpen(key)) {
      const free = this.open.indexOf(undefined);
      this.open[free < 0 ? this.open.length : free] = key;
    }
    return this.draw((lane) => (lane === key ? mark : undefined));
  }

  /** As `mark`, for the last time. */
  end(key: string, mark: string): string {
    const drawn = this.mark(key, mark);
    this.open[this.open.indexOf(key)] = undefined;
    while (this.open.length > 0 && this.open.at(-1) === undefined) this.open.pop();
    return drawn;
  }

  /** Draws the lanes as they go on. */
  draw(markOf: (key: string) => string | undefined = () => undefined): string {
    return this.open.map((key) => (key === undefined ? ' ' : (markOf(key) ?? '│'))).join(' ');
  }
}
