import { Observable, type Subscription } from 'rxjs';
import { AgentError } from '../../AgentError';
import type { StreamName } from '../session/Agents';
import { type Expectation, lastFrameOf } from './Expectation';
import type { Frames } from '../flow/Frames';
import { RUN_MARBLES } from '../../trace/runMarbles';
import {
  type MarbleNotification,
  type MarbleValues,
  parseMarbles,
  parseSubscription,
  type SubscriptionLog,
  type TestMessage,
} from './marbles';
import type { Recorder } from '../report/Recorder';

/** Gathers what a test expects, by the rules of RxJS's `TestScheduler`, and what is seen of it. */
export class Expectations {
  /** How many there have been. */
  count = 0;
  private pending: Expectation[] = [];
  private readonly numbers = new Map<string, number>();
  private horizonFrame = 0;
  private isOver = false;

  constructor(
    private readonly frames: Frames,
    private readonly recorder: Recorder,
    private readonly nameOf: (source$: Observable<unknown>) => StreamName | undefined,
  ) {}

  /** The last frame that any of them names. */
  get horizon(): number {
    return this.horizonFrame;
  }

  /** Gives those that are ready to be judged, and all others too if they are the last. */
  take(areLast: boolean): Expectation[] {
    const taken = this.pending.filter(({ expected }) => areLast || expected !== undefined);
    this.pending = this.pending.filter((expectation) => !taken.includes(expectation));
    this.isOver = areLast;
    return taken;
  }

  readonly expectObservable = <T>(source$: Observable<T>, subscriptionMarbles: string | null = null) => {
    const span = parseSubscription(subscriptionMarbles);
    const subscribedFrame = span.subscribedFrame === Infinity ? 0 : span.subscribedFrame;
    const named = this.nameOf(source$);
    const what = named === undefined ? this.number('expectObservable') : `${named.agent}.${named.stream}`;
    const actual: TestMessage[] = [];
    const expectation = this.add({ what, kind: 'observable', actual, expected: undefined, ...named });
    this.record(source$, actual, subscribedFrame, span.unsubscribedFrame);
    return {
      toBe: (marbles: string, values?: MarbleValues, error?: unknown): void => {
        this.expect(expectation, parseMarbles(marbles, values, error, true));
      },
      toEqual: (other$: Observable<T>): void => {
        const expected: TestMessage[] = [];
        this.expect(expectation, expected);
        this.record(other$, expected, subscribedFrame, span.unsubscribedFrame);
      },
    };
  };

  readonly expectSubscriptions = (actual: SubscriptionLog[]) => {
    const expectation = this.add({
      what: this.number('expectSubscriptions'),
      kind: 'subscriptions',
      actual,
      expected: undefined,
    });
    return {
      toBe: (marbles: string | string[]): void => {
        const logs = [marbles].flat().map((diagram) => parseSubscription(diagram));
        this.expect(
          expectation,
          logs.filter(({ subscribedFrame }) => subscribedFrame !== Infinity),
        );
      },
    };
  };

  readonly expectHandlers = (agent: { readonly name: string } | string, stream: string) => {
    const name = typeof agent === 'string' ? agent : agent.name;
    const actual: TestMessage[] = [];
    const expectation = this.add({
      what: `the runs of ${name}.${stream}`,
      kind: 'handlers',
      actual,
      expected: undefined,
      agent: name,
      stream,
    });
    // What is run within a run is part of that.
    const inner = new Set<number>();
    this.recorder.onRun((event) => {
      const value = RUN_MARBLES[event.type];
      if (value === undefined || !('run' in event) || event.agent !== name || event.stream !== stream) return;
      if (event.type === 'run-started' && event.within !== undefined) inner.add(event.run);
      if (inner.has(event.run)) return;
      actual.push({ frame: this.frames.now(), notification: next(value) });
    });
    return {
      toBe: (marbles: string): void => {
        this.expect(expectation, parseMarbles(marbles));
      },
    };
  };

  /** Names an expectation by its place among its like. */
  private number(helper: string): string {
    const number = (this.numbers.get(helper) ?? 0) + 1;
    this.numbers.set(helper, number);
    return `${helper} ${number}`;
  }

  private add(expectation: Expectation): Expectation {
    if (this.isOver) {
      throw new AgentError(
        'marble-test-over',
        `${expectation.what} was expected after the end of the test. Await what the body starts, or expect it before.`,
      );
    }
    this.count++;
    this.pending.push(expectation);
    return expectation;
  }

  private expect(expectation: Expectation, expected: (TestMessage | SubscriptionLog)[]): void {
    expectation.expected = expected;
    this.horizonFrame = Math.max(this.horizonFrame, lastFrameOf(expectation));
  }

  private record(source$: Observable<unknown>, messages: TestMessage[], from: number, to: number): void {
    let subscription: Subscription | undefined;
    this.frames.schedule(() => {
      subscription = source$.subscribe(
        this.observer(messages, (value) => (value instanceof Observable ? this.lookInto(value) : value)),
      );
    }, from);
    if (to === Infinity) return;
    this.horizonFrame = Math.max(this.horizonFrame, this.frames.now() + to);
    this.frames.schedule(() => subscription?.unsubscribe(), to);
  }

  /** An Observable that is emitted is looked into: its messages stand for it, counted from its own start. */
  private lookInto(inner$: Observable<unknown>): TestMessage[] {
    const messages: TestMessage[] = [];
    inner$.subscribe(this.observer(messages, (value) => value, this.frames.now()));
    return messages;
  }

  private observer(messages: TestMessage[], read: (value: unknown) => unknown, origin = 0) {
    const push = (notification: MarbleNotification): void => {
      messages.push({ frame: this.frames.now() - origin, notification });
    };
    return {
      next: (value: unknown): void => {
        push(next(read(value)));
      },
      error: (error: unknown): void => {
        push({ kind: 'E', value: undefined, error });
      },
      complete: (): void => {
        push({ kind: 'C', value: undefined, error: undefined });
      },
    };
  }
}

function next(value: unknown): MarbleNotification {
  return { kind: 'N', value, error: undefined };
}
