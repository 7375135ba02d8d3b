/* eslint-disable rxjs-x/no-internal -- These are the sources that specs for RxJS's TestScheduler know. */
import { ColdObservable } from 'rxjs/internal/testing/ColdObservable';
import { HotObservable } from 'rxjs/internal/testing/HotObservable';
import type { RunHelpers } from 'rxjs/testing';
import { AgentError } from '../../AgentError';
import type { Frames } from './Frames';
import { parseMarbles } from '../expectations/marbles';

type Cold = ConstructorParameters<typeof ColdObservable>;
type Values<T> = Readonly<Record<string, T>>;

/** The sources of a marble test: RxJS's own, on the test's frames. */
export class Sources {
  /** Hot sources that have not begun: they do so when whoever made them has also subscribed to them. */
  private waiting: { setup(): void }[] = [];

  constructor(private readonly frames: Frames) {}

  /** Lets the hot sources begin that were made since. */
  begin(): void {
    if (this.waiting.length === 0) return;
    for (const source of this.waiting.splice(0)) source.setup();
    this.frames.beginWithPast();
  }

  readonly cold: RunHelpers['cold'] = <T = string>(marbles: string, values?: Values<T>, error?: unknown) => {
    if (/[\^!]/.test(marbles)) {
      throw new AgentError(
        'bad-option',
        `cold('${marbles}') can have neither '^' nor '!': it begins when it is subscribed.`,
      );
    }
    return new ColdObservable<T>(...this.argumentsFor('cold', marbles, values, error));
  };

  readonly hot: RunHelpers['hot'] = <T = string>(marbles: string, values?: Values<T>, error?: unknown) => {
    if (marbles.includes('!')) throw new AgentError('bad-option', `hot('${marbles}') can have no '!'.`);
    const source = new HotObservable<T>(...this.argumentsFor('hot', marbles, values, error));
    this.waiting.push(source);
    return source;
  };

  /** The constructors want RxJS's base class of schedulers, of which they use `now` and `schedule`. */
  private argumentsFor(
    kind: 'cold' | 'hot',
    marbles: string,
    values?: Values<unknown>,
    error?: unknown,
  ): Cold {
    const scheduler = this.frames.for({ what: `${kind}('${marbles}')` });
    return [parseMarbles(marbles, values, error) as Cold[0], scheduler as unknown as Cold[1]];
  }
}
