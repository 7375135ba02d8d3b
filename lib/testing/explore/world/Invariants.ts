import { AgentError, messageOf } from '../../../AgentError';
import { formatMs } from '../../../time/spans/duration';
import type { Failure } from '../../report/failures';
import { isThenable } from '../../session/isThenable';

interface Invariant {
  readonly holds: () => unknown;
  readonly what: string;
}

/** What has to hold, and whether it does. */
export class Invariants {
  /** What has broken first. */
  broken: Failure | undefined;
  private readonly lasting: Invariant[] = [];
  private readonly final: Invariant[] = [];

  /** @param now the ms since the start */
  constructor(private readonly now: () => number) {}

  get count(): number {
    return this.lasting.length + this.final.length;
  }

  readonly always = (holds: () => unknown, what: string): void => {
    this.lasting.push(checked('always', holds, what));
  };

  readonly eventually = (holds: () => unknown, what: string): void => {
    this.final.push(checked('eventually', holds, what));
  };

  /** Looks at what has to hold at any time. */
  look(): void {
    if (this.broken !== undefined) return;
    for (const invariant of this.lasting) {
      this.broken = this.judge('always', invariant);
      if (this.broken !== undefined) return;
    }
  }

  /** Looks at what has to hold in the end, too. */
  end(): readonly Failure[] {
    this.look();
    if (this.broken !== undefined) return [this.broken];
    return this.final
      .map((invariant) => this.judge('eventually', invariant))
      .filter((failure) => failure !== undefined);
  }

  private judge(kind: 'always' | 'eventually', { holds, what }: Invariant): Failure | undefined {
    const at = formatMs(this.now());
    const where = kind === 'always' ? `broke at ${at}` : `does not hold in the end, at ${at}`;
    try {
      const given = holds();
      if (isThenable(given))
        throw new AgentError(
          'bad-option',
          `${kind} '${what}' gives a promise: it is looked at in between, and cannot wait.`,
        );
      return given === false ? { lines: [`${kind} '${what}' ${where}.`] } : undefined;
    } catch (cause) {
      return {
        lines: [
          `${kind} '${what}' ${where}:`,
          ...messageOf(cause)
            .split('\n')
            .map((line) => `  ${line}`),
        ],
        cause,
      };
    }
  }
}

function checked(kind: string, holds: unknown, what: unknown): Invariant {
  if (typeof holds !== 'function')
    throw new AgentError(
      'bad-option',
      `${kind}: its first argument has to be a function that says whether it holds.`,
    );
  if (typeof what !== 'string' || what === '')
    throw new AgentError(
      'bad-option',
      `${kind}: say what has to hold, in words: ${kind}(() => …, 'one run at a time').`,
    );
  return { holds: holds as () => unknown, what };
}
