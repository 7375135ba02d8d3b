import type { Choice } from '../../../time/choices/Choices';
import { formatMs } from '../../../time/spans/duration';

/** How long the machine stands still. */
export class StallChoice implements Choice {
  static readonly one = new StallChoice();
  readonly kind = 'stall';

  tell(ms: number): string {
    return `the machine stands still for ${formatMs(ms)} before what is due next`;
  }
}
