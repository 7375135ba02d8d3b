import type { AgentErrorCode } from '../../AgentError';
import { asyncHooks } from '../../time/present/asyncHooks';
import { formatMs } from '../../time/spans/duration';
import type { LedgerEntry } from '../../trace/Ledger';
import type { ParkKind } from '../../trace/TraceEvent';
import { describeGuesses } from '../foreign/describeGuesses';
import { drawMessages } from './diagram';
import { areAlike, type Expectation } from '../expectations/Expectation';
import { describeEntries, drawRuns, lanesOf } from './lanes';
import type { SubscriptionLog, TestMessage } from '../expectations/marbles';
import type { MarbleOptions } from '../session/options';
import type { MarbleReport } from './report';

/** One thing that is wrong, as lines of text. */
export interface Failure {
  readonly lines: readonly string[];
  /** Default `marble-test-failed`. */
  readonly code?: Extract<AgentErrorCode, `marble-${string}`>;
  readonly cause?: unknown;
}

/** The test that is judged, as it stands at its end. */
export interface JudgedTest {
  readonly report: MarbleReport;
  readonly start: number;
  /** Whether nothing but repeating timers is left. */
  readonly isAtRest: boolean;
  readonly hosts: { ledger(): readonly LedgerEntry[] };
}

/** How many runs are drawn of the stream that is looked at, or of any where that is none of an agent's. */
const OWN_RUNS = 20;
const ANY_RUNS = 5;
/** What ends by itself, or by what the test does not see. */
const ENDS: ReadonlySet<ParkKind> = new Set<ParkKind>(['sleep', 'retry', 'external', 'offload']);

/** Judges an expectation; undefined if it holds. */
export function judge(
  expectation: Expectation,
  assertDeepEqual: MarbleOptions['assertDeepEqual'],
  test: JudgedTest,
): Failure | undefined {
  const { what, kind, expected, actual } = expectation;
  if (expected === undefined)
    return { lines: [`${what}: nothing is expected of it. Say what with .toBe('…') or .toEqual(…).`] };
  const verdict = compare(actual, expected, assertDeepEqual);
  if (verdict === undefined) return undefined;
  const { agent, stream = '' } = expectation;
  const of = agent === undefined ? undefined : { agent, stream };
  const isConcerned = (entry: LedgerEntry): boolean =>
    of === undefined || (entry.agent === of.agent && entry.stream === of.stream);
  const limit = of === undefined ? ANY_RUNS : OWN_RUNS;
  const runs = lanesOf(test.report.trace, test.start, { of, limit });
  const drawn =
    kind === 'subscriptions'
      ? [...drawSubscriptions(expected as SubscriptionLog[], actual as SubscriptionLog[]), ...drawRuns(runs)]
      : drawMessages(expected as TestMessage[], actual as TestMessage[], runs);
  const isDeadlock =
    test.isAtRest && test.hosts.ledger().some((entry) => isConcerned(entry) && hasNoEnd(entry));
  return {
    lines: [
      `${what}:`,
      ...indent(drawn),
      ...(isDeadlock ? ['Deadlock: the run below waits, and nothing is left that could wake it.'] : []),
    ],
    cause: verdict.cause,
    ...(isDeadlock && { code: 'marble-deadlock' }),
  };
}

/** Whether it is a run that waits for what need not ever come, not just for time to pass. */
function hasNoEnd(entry: LedgerEntry): boolean {
  if (entry.kind !== 'run' || entry.isAborted) return false;
  return entry.parked.every(({ on }) => !ENDS.has(on));
}

/** The code of a test's error: that of the first failure that has one of its own. */
export function codeOf(failures: readonly Failure[]): Extract<AgentErrorCode, `marble-${string}`> {
  return failures.find(({ code }) => code !== undefined)?.code ?? 'marble-test-failed';
}

/** Writes all that is wrong with a test, and what may explain it. */
export function writeFailures(failures: readonly Failure[], report: MarbleReport, start: number): string {
  const { seed, endedAt, inFlight, errors, guesses } = report;
  const sections = failures.map(({ lines }) => lines);
  const runs = inFlight.filter(({ kind }) => kind === 'run');
  if (runs.length > 0)
    sections.push([`in flight at ${formatMs(endedAt)}:`, ...indent(describeEntries(runs, start))]);
  if (errors.length > 0)
    sections.push([
      'errors in the agents:',
      ...indent(errors.map(({ name, message }) => `${name}: ${message}`)),
    ]);
  if (asyncHooks === undefined)
    sections.push([
      'This host has no async contexts: whatever went on outside of the test went on in its time, too.',
    ]);
  if (guesses.length > 0) sections.push(describeGuesses(guesses));
  return [`The marble test failed (seed ${seed}).`, ...sections.map((lines) => lines.join('\n'))].join(
    '\n\n',
  );
}

/** What the comparison objects to; undefined if nothing. */
function compare(
  actual: Expectation['actual'],
  expected: Expectation['actual'],
  assertDeepEqual: MarbleOptions['assertDeepEqual'],
): { readonly cause: unknown } | undefined {
  try {
    const holds =
      assertDeepEqual === undefined
        ? areAlike(actual, expected)
        : assertDeepEqual(actual, expected) !== false;
    return holds ? undefined : { cause: undefined };
  } catch (cause) {
    return { cause };
  }
}

function drawSubscriptions(
  expected: readonly SubscriptionLog[],
  actual: readonly SubscriptionLog[],
): string[] {
  const draw = (logs: readonly SubscriptionLog[]): string =>
    logs.length === 0 ? 'none' : logs.map(spanOf).join(', ');
  return [`expected  ${draw(expected)}`, `actual    ${draw(actual)}`];
}

function spanOf({ subscribedFrame, unsubscribedFrame }: SubscriptionLog): string {
  const end = unsubscribedFrame === Infinity ? 'still open' : `to ${formatMs(unsubscribedFrame)}`;
  return `from ${formatMs(subscribedFrame)} ${end}`;
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
