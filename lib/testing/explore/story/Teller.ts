import type { Choice } from '../../../time/choices/Choices';
import { formatMs } from '../../../time/spans/duration';

/** How many deviations are told of a run that could not be made shorter. */
const MOST = 20;

/** Takes down in words where a run goes otherwise than the plain one. */
export class Teller {
  private readonly told: { readonly at: string; readonly text: string }[] = [];
  private untold = 0;

  readonly listen = (elapsed: number, what: Choice | string, answer: number): void => {
    if (this.told.length === MOST) {
      this.untold++;
      return;
    }
    const text = typeof what === 'string' ? `${what}: ${answer}, not 0` : what.tell(answer);
    this.told.push({ at: `at ${formatMs(elapsed)}`, text });
  };

  lines(): string[] {
    const width = Math.max(...this.told.map(({ at }) => at.length));
    return [
      ...this.told.map(({ at, text }) => `${at.padEnd(width)}  ${text}`),
      ...(this.untold > 0 ? [`… and ${this.untold} more`] : []),
    ];
  }
}
