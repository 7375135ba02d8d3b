import type { Run } from 'rx-agent-kit';
import type { ReportPoint } from './config';
import type { ReportInterval } from './protocol/report';

/** What has been measured: a number alone, or with what is known about it. */
export type Reading = number | QualifiedReading;

export interface QualifiedReading {
  readonly value?: number;
  /** For points of TELEMETRY_STATUS. */
  readonly status?: { readonly isOnline: boolean; readonly isOverridden: boolean };
  /** One of the standard's words, such as `Quality Bad - Last Known Value`. A bad one is told in the health. */
  readonly quality?: string;
  /** How far off the value may be, in its own unit. */
  readonly accuracy?: number;
  /** From 0 to 100. */
  readonly confidence?: number;
}

/** What a measurement may use; its signal is aborted when it takes too long. */
export type MeasuringRun = Pick<Run, 'signal' | 'sleep' | 'now' | 'log'>;

/** Measures a point now. One that throws, or gives no number, is left out of the sample, and tried at the next one. */
export type Measure = (point: ReportPoint, run: MeasuringRun) => PromiseLike<Reading> | Reading;

/** What is wrong with a point. */
export interface Fault {
  readonly rId: string;
  readonly reason: string;
}

/** No measurement holds up the samples behind it: ms. */
export const LONGEST_MEASUREMENT = 10_000;

export interface Sample {
  /** Undefined if no point could be measured. */
  readonly interval: ReportInterval | undefined;
  readonly faults: readonly Fault[];
}

type Payload = ReportInterval['payloads'][number];
interface Measured {
  readonly payload?: Payload;
  readonly fault?: string | undefined;
}

/**
 * Takes a sample of some points at once. A point that fails, or is not there by the deadline, costs the sample
 * nothing but itself.
 */
export async function takeSample(
  points: readonly ReportPoint[],
  measure: Measure,
  { at, deadline }: { readonly at: number; readonly deadline: number },
  run: Run,
): Promise<Sample> {
  const limit = new AbortController();
  const abort = (): void => limit.abort(run.signal.reason);
  run.signal.addEventListener('abort', abort);
  let late: Promise<Measured> | undefined;
  const byDeadline = (): Promise<Measured> =>
    (late ??= run.sleep(deadline).then(() => ({ fault: `no value within ${deadline} ms` })));
  const { sleep, now, log } = run;
  const one = async (point: ReportPoint): Promise<Measured> => {
    try {
      const reading = measure(point, { signal: limit.signal, sleep, now, log });
      if (!isPromise(reading)) return measured(point, reading);
      const outcome = reading.then((value) => measured(point, value));
      return await Promise.race([outcome, byDeadline()]);
    } catch (error) {
      if (run.signal.aborted) throw error;
      return { fault: textOf(error) };
    }
  };
  try {
    const all = await Promise.all(points.map(one));
    const payloads = all.flatMap(({ payload }) => payload ?? []);
    const faults = all.flatMap(({ fault }, index) =>
      fault === undefined ? [] : [{ rId: points[index]?.rId ?? '', reason: fault }],
    );
    return { interval: payloads.length === 0 ? undefined : { start: at, payloads }, faults };
  } finally {
    run.signal.removeEventListener('abort', abort);
    limit.abort();
  }
}

const BAD_QUALITY = /^(?:Quality Bad|No Quality)/;

/** What a measure gives is checked: it may have been written without types. */
function measured({ rId }: ReportPoint, reading: unknown): Measured {
  const qualified = (typeof reading === 'object' ? reading : { value: reading }) as QualifiedReading | null;
  const { value, status, quality, accuracy, confidence } = qualified ?? {};
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (!isNumber && status === undefined) return { fault: `${textOf(value)} is no number` };
  return {
    payload: { rId, confidence, accuracy, ...(status === undefined ? { value } : { status }), quality },
    fault: quality !== undefined && BAD_QUALITY.test(quality) ? quality : undefined,
  };
}

function isPromise(reading: PromiseLike<Reading> | Reading): reading is PromiseLike<Reading> {
  return typeof (reading as Partial<PromiseLike<Reading>> | undefined)?.then === 'function';
}

/** What is thrown may be anything, and not even let itself be read. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'an error that cannot be read';
  }
}
