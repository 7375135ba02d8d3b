/** One Ctrl-C may arrive several times: npm and others pass on what the terminal has sent to all of them. */
const ONE_KEYSTROKE = 200;

/** SIGINT and SIGTERM: the first is told of, a second one ends the process at once. */
export class Signals {
  /** Resolves with the name of the first. */
  readonly first: Promise<string>;
  private tell: (signal: string) => void = () => undefined;
  private since: number | undefined;

  constructor() {
    this.first = new Promise((resolve) => {
      this.tell = resolve;
    });
    process.on('SIGINT', this.take);
    process.on('SIGTERM', this.take);
  }

  close(): void {
    process.off('SIGINT', this.take);
    process.off('SIGTERM', this.take);
  }

  private readonly take = (signal: NodeJS.Signals): void => {
    // eslint-disable-next-line no-restricted-globals -- A person's keystrokes take real time, whatever the agents see.
    const now = performance.now();
    if (this.since === undefined) {
      this.since = now;
      this.tell(signal);
    } else if (now - this.since > ONE_KEYSTROKE) {
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
  };
}
