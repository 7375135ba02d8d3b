import type { HostStopReport } from '../../host/Host';
import { countAssertions } from './assertions';
import { describeEnding, isInVain } from '../flow/endings';
import { codeOf, type Failure, indent, judge, writeFailures } from '../report/failures';
import { cutAt } from '../expectations/Expectation';
import { isThenable } from './isThenable';
import { describeEntries } from '../report/lanes';
import type { MarbleBody } from './MarbleHelpers';
import { MarbleSession } from './MarbleSession';
import { MarbleTestError } from './MarbleTestError';
import type { MarbleOptions } from './options';
import { Reachable } from '../flow/Reachable';
import type { MarbleReport } from '../report/report';
import type { Goal, TimeFlow } from '../flow/TimeFlow';
import { inBody, refuseNested, takeUnheardRefusal } from './turns';
import type { Variation } from './Variation';

type BodyState = { readonly is: 'pending' | 'done' } | { readonly is: 'thrown'; readonly error: unknown };

/** One run of a body, from the replacement of the globals to their return. */
export class MarbleRun {
  private readonly session: MarbleSession;
  private readonly failures: Failure[] = [];
  private body: BodyState = { is: 'pending' };
  private isTimeOver = false;
  /** What the body has returned, if that is known to be kept by whoever could settle it. */
  private result: Reachable | undefined;
  /** What the runner had counted of assertions before the test, with those that the comparison has made since. */
  private notTheBodys = countAssertions() ?? 0;
  private hasFlushed = false;

  constructor(
    private readonly options: MarbleOptions,
    private readonly variation?: Variation,
  ) {
    this.session = new MarbleSession(options, variation);
  }

  /** What has been seen so far. */
  get report(): MarbleReport {
    return this.session.report;
  }

  run(body: MarbleBody): Promise<MarbleReport> {
    return this.session.context.run(() => this.runInside(body));
  }

  private async runInside(body: MarbleBody): Promise<MarbleReport> {
    const flow = this.session.flow();
    const goal = this.goal();
    const flush = (): void => {
      this.flush(flow, goal);
    };
    const restore = this.session.install(flush);
    try {
      this.callBody(body, flush);
      await this.passTime(flow, goal);
      this.judge(true, flow);
      this.checkThatSomethingIsAsserted();
      const { report } = this.session;
      this.session.crashes.end();
      if (!this.session.isHostless) await this.stopHost();
      const refusal = takeUnheardRefusal();
      if (refusal !== undefined) await refusal;
      this.throwIfFailed(report);
      return report;
    } finally {
      restore();
      this.session.context.end();
    }
  }

  private goal(): Goal {
    const { session, variation } = this;
    const { testClock } = session;
    return {
      begin: () => {
        session.begin();
      },
      isWaiting: () => this.body.is === 'pending',
      foreignWait: () => (this.body.is === 'pending' && !session.isAwaited ? 'possible' : 'none'),
      horizon: () => Math.max(session.horizon, testClock.sleptUntil),
      hasFailed: () => this.body.is === 'thrown' || session.thrown.length > 0 || variation?.isBroken === true,
      isLost: () => this.body.is === 'pending' && this.result?.seekLost() === true,
      ...(variation?.turnEnds && { turnEnds: () => variation.turnEnds?.(session.hosts) === true }),
      ...(variation?.stall && { stall: () => variation.stall?.() ?? 0 }),
    };
  }

  /** What becomes of a body that has been given up, when its agents are stopped, is none of its doing. */
  private bodyEnds(state: BodyState): void {
    if (!this.isTimeOver) this.body = state;
  }

  private async passTime(flow: TimeFlow, goal: Goal): Promise<void> {
    this.session.begin();
    let ending = await flow.run(goal);
    while (isInVain(ending) && refuseNested()) ending = await flow.run(goal);
    this.isTimeOver = true;
    this.failures.push(...(this.variation?.ends?.() ?? []));
    this.failures.push(...describeEnding(ending, goal.isWaiting(), this.session));
  }

  private callBody(body: MarbleBody, flush: () => void): void {
    try {
      const { foreign } = this.session;
      const result = inBody(() => body(this.session.helpers(flush)));
      if (result instanceof Promise) this.result = new Reachable(result);
      if (isThenable(result))
        result.then(
          () => {
            foreign.acts();
            this.bodyEnds({ is: 'done' });
          },
          (error: unknown) => {
            this.bodyEnds({ is: 'thrown', error });
          },
        );
      else this.body = { is: 'done' };
    } catch (error) {
      this.body = { is: 'thrown', error };
    }
  }

  /** What RxJS's `flush` does: there, too, what is asynchronous does not take part. */
  private flush(flow: TimeFlow, goal: Goal): void {
    const { session } = this;
    session.hasLooked = true;
    this.hasFlushed = true;
    flow.runSynchronously({ ...goal, isWaiting: () => false });
    this.judge(false, flow);
    if (session.thrown.length > 0) throw session.thrown.shift();
    this.throwIfFailed(session.report);
  }

  private judge(areLast: boolean, flow: TimeFlow): void {
    const { session, options } = this;
    const cut = Math.max(flow.cutAt, session.horizon) - session.start;
    const looksByItself = this.looksByItself();
    const before = countAssertions() ?? 0;
    for (const expectation of session.expectations.take(areLast)) {
      const { kind, expected } = expectation;
      if (expected === undefined && kind === 'observable' && looksByItself) continue;
      const failure = judge(cutAt(expectation, cut), options.assertDeepEqual, session);
      if (failure !== undefined) this.failures.push(failure);
    }
    this.notTheBodys += (countAssertions() ?? 0) - before;
  }

  /**
   * Whether the body asserts by other means than what it expects of diagrams. There `expectObservable(source$)` alone
   * is a subscription, as whoever uses RxJS's `TestScheduler` for applications writes it.
   */
  private looksByItself(): boolean {
    const { assertsElsewhere, assertDeepEqual } = this.options;
    if (assertsElsewhere === true || this.countBodysAssertions() > 0) return true;
    return assertDeepEqual !== undefined && this.hasFlushed;
  }

  private countBodysAssertions(): number {
    return (countAssertions() ?? 0) - this.notTheBodys;
  }

  private checkThatSomethingIsAsserted(): void {
    const { expectations } = this.session;
    const asserted = expectations.count + (this.variation?.assertions ?? 0) + this.countBodysAssertions();
    // A test that has come to nothing may not have got as far as that.
    if (asserted > 0 || this.options.assertsElsewhere === true || this.failures.length > 0) return;
    if (this.options.assertDeepEqual !== undefined && this.session.hasLooked) return;
    this.failures.push({
      lines: [
        'The test asserts nothing. Expect something with expectObservable, expectHandlers, expectSubscriptions or the',
        "runner's expect; if it asserts in another way, say so: marbleTest(body, { assertsElsewhere: true }).",
      ],
    });
  }

  /** Stops what the test has left running, in virtual time, and looks at what that leaves. */
  private async stopHost(): Promise<void> {
    const { hosts, standalone, start } = this.session;
    let report: HostStopReport | undefined;
    standalone.end();
    void hosts.stop().then((stopped) => (report = stopped));
    const ending = await this.session.flow({ until: Infinity }).run({
      begin: () => undefined,
      isWaiting: () => report === undefined,
      // An aborted handler may have to close a file.
      foreignWait: () =>
        standalone.ledger().some((entry) => entry.kind === 'run' && entry.isAborted) ? 'likely' : 'none',
      horizon: () => -Infinity,
      hasFailed: () => report !== undefined,
    });
    const left = [...(report?.left ?? []), ...hosts.ledger()];
    if (left.length > 0)
      this.failures.push({
        lines: ['The stop at the end left something behind:', ...indent(describeEntries(left, start))],
      });
    else if (report === undefined)
      this.failures.push({ lines: [`The host did not stop at the end of the test (${ending}).`] });
  }

  private throwIfFailed(report: MarbleReport): void {
    const { session } = this;
    if (this.body.is === 'thrown') throw session.seed.tellIn(this.body.error);
    if (session.thrown.length > 0) throw session.seed.tellIn(session.thrown[0]);
    const failures = this.failures.splice(0);
    if (failures.length === 0) return;
    throw new MarbleTestError(
      codeOf(failures),
      writeFailures(failures, report, session.start),
      report,
      failures[0]?.cause,
    );
  }
}
