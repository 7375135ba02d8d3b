import { VIRTUAL } from '../clock/heldTime';
import type { Timers } from './Timers';

/** What the `setTimeout` of a marble test bears. */
interface TestTime {
  readonly [VIRTUAL]: () => Timers | undefined;
}

/** The timers of the marble test that whoever runs now is inside of, if there is one. */
export function testTimers(): Timers | undefined {
  const { setTimeout } = globalThis as { readonly setTimeout?: Partial<TestTime> };
  const timers = setTimeout?.[VIRTUAL];
  return timers?.();
}
