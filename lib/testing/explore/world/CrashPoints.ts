import type { Choice, Choices } from '../../../time/choices/Choices';
import { formatMs } from '../../../time/spans/duration';
import type { CommitFate } from '../../session/CrashStore';
import { Chances } from './Chances';
import type { CrashPlan } from './plans';

/** Where the process may end: the answers of a choice, from 1 on. */
export const SIDES = ['before', 'after'] as const;

class CrashChoice implements Choice {
  readonly kind = 'crash';

  constructor(private readonly commit: string) {}

  tell(answer: number): string {
    return `the process ends right ${SIDES[answer - 1] ?? ''} ${this.commit}`;
  }
}

class DownChoice implements Choice {
  readonly kind = 'latency';

  constructor(private readonly longest: number) {}

  tell(ms: number): string {
    return `it comes back after ${formatMs(ms)}`;
  }

  hints(): readonly number[] {
    return [this.longest];
  }
}

/** Lets the process of a test's host end where something is kept. */
export class CrashPoints {
  private readonly chances: Chances;

  constructor(
    private readonly choices: Choices,
    private readonly plan: CrashPlan,
  ) {
    this.chances = new Chances(plan.most);
  }

  /** Whether it ends at a commit, and how. @param commit which one, in words */
  at(commit: string): CommitFate | undefined {
    if (!this.chances.areLeft) return undefined;
    const { choices, plan } = this;
    const crash = SIDES[choices.choose(SIDES.length + 1, new CrashChoice(commit)) - 1];
    if (crash === undefined) return undefined;
    this.chances.spend();
    if (plan.isAlwaysAsLong || plan.down === 0) return { crash, down: plan.down };
    return { crash, down: choices.choose(plan.down + 1, new DownChoice(plan.down)) };
  }
}
