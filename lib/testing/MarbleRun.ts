import type { AgentErrorCode } from '../AgentError';
import type { HostStopReport } from '../host/createHost';
import { countAssertions } from './assertions';
import { type Failure, judge, writeFailures } from './failures';
import { describeEnding } from './endings';
import { cutAt } from './Expectation';
import { describeEntries } from './lanes';
import type { MarbleBody } from './MarbleHelpers';
import { MarbleSession } from './MarbleSession';
import { MarbleTestError } from './MarbleTestError';
import type { MarbleOptions } from './options';
import type { MarbleReport } from './report';
import type { Goal, TimeFlow } from './TimeFlow';
import { inBody, refuseWaiting } from './turns';

type BodyState = { readonly is: 'pending' | 'done' } | { readonly is: 'thrown'; readonly error: unknown };

/** One run of a body, from the replacement of the globals to their return. */
export class MarbleRun {
  private readonly session: MarbleSession;
  private readonly failures: Failure[] = [];
  private body: BodyState = { is: 'pending' };

  constructor(private readonly options: MarbleOptions) {
    this.session = new MarbleSession(options);
  }

  async run(body: MarbleBody): Promise<MarbleReport> {
    const assertedBefore = countAssertions() ?? 0;
    const restore = this.session.install();
    try {
      const flow = await this.passTime(body);
      this.judge(true, flow);
      this.checkThatSomethingIsAsserted(assertedBefore);
      const { report } = this.session;
      await this.stopHost();
      this.throwIfFailed(report);
      return report;
    } finally {
      restore();
    }
  }

  private async passTime(body: MarbleBody): Promise<TimeFlow> {
    const { session } = this;
    const flow = session.flow();
    const goal: Goal = {
      isWaiting: () => this.body.is === 'pending',
      waitsForForeign: () => this.body.is === 'pending' && !session.testClock.isSleptOn,
      horizon: () => session.horizon,
      hasFailed: () => this.body.is === 'thrown' || session.thrown.length > 0,
    };
    this.callBody(body, () => {
      this.flush(flow, goal);
    });
    session.begin();
    let ending = await flow.run(goal);
    if (ending === 'stuck' && refuseWaiting()) ending = await flow.run(goal);
    this.failures.push(...describeEnding(ending, goal.isWaiting(), session));
    return flow;
  }

  private callBody(body: MarbleBody, flush: () => void): void {
    try {
      const result = inBody(() => body(this.session.helpers(flush)));
      if (isThenable(result))
        result.then(
          () => (this.body = { is: 'done' }),
          (error: unknown) => (this.body = { is: 'thrown', error }),
        );
      else this.body = { is: 'done' };
    } catch (error) {
      this.body = { is: 'thrown', error };
    }
  }

  private flush(flow: TimeFlow, goal: Goal): void {
    this.session.begin();
    flow.runSynchronously({ ...goal, isWaiting: () => false });
    this.judge(false, flow);
    this.throwIfFailed(this.session.report);
  }

  private judge(areLast: boolean, flow: TimeFlow): void {
    const { session, options } = this;
    const cut = Math.max(flow.cutAt, session.horizon) - session.start;
    for (const expectation of session.expectations.take(areLast)) {
      const failure = judge(cutAt(expectation, cut), options.assertDeepEqual, session);
      if (failure !== undefined) this.failures.push(failure);
    }
  }

  private checkThatSomethingIsAsserted(before: number): void {
    const asserted = this.session.expectations.count + (countAssertions() ?? 0) - before;
    if (asserted > 0 || this.options.assertsElsewhere === true) return;
    this.failures.push({
      lines: [
        'The test asserts nothing. Expect something with expectObservable, expectHandlers, expectSubscriptions or the',
        "runner's expect; if it asserts in another way, say so: marbleTest(body, { assertsElsewhere: true }).",
      ],
    });
  }

  /** Stops what the test has left running, in virtual time, and looks at what that leaves. */
  private async stopHost(): Promise<void> {
    const { host, start } = this.session;
    let report: HostStopReport | undefined;
    void host.stop().then((stopped) => (report = stopped));
    await this.session.flow({ until: Infinity }).run({
      isWaiting: () => report === undefined,
      waitsForForeign: () => false,
      horizon: () => -Infinity,
      hasFailed: () => report !== undefined,
    });
    const left = [...(report?.left ?? []), ...host.ledger()];
    if (left.length > 0)
      this.failures.push({
        lines: ['The stop at the end left something behind:', ...describeEntries(left, start)],
      });
    else if (report === undefined)
      this.failures.push({ lines: ['The host did not stop at the end of the test.'] });
  }

  private throwIfFailed(report: MarbleReport): void {
    if (this.body.is === 'thrown') throw this.body.error;
    if (this.session.thrown.length > 0) throw this.session.thrown[0];
    const failures = this.failures.splice(0);
    if (failures.length === 0) return;
    throw new MarbleTestError(
      codeOf(failures),
      writeFailures(failures, report, this.session.start),
      report,
      failures[0]?.cause,
    );
  }
}

function codeOf(failures: readonly Failure[]): Extract<AgentErrorCode, `marble-${string}`> {
  return failures.find(({ code }) => code !== undefined)?.code ?? 'marble-test-failed';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | undefined)?.then === 'function';
}
