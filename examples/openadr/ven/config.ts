import { toMs } from 'rx-agent-kit';
import { z } from 'zod';

const span = z.string().transform((text, context) => {
  try {
    return toMs(text);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** A VTN asks for things by their ids. */
function distinct<K extends string>(key: K) {
  return ({ value, issues }: z.core.ParsePayload<readonly Readonly<Record<K, string>>[]>): void => {
    const ids = value.map((one) => one[key]);
    const twice = ids.find((id, index) => ids.indexOf(id) < index);
    if (twice !== undefined)
      issues.push({ code: 'custom', input: value, message: `${key} ${twice} is given twice` });
  };
}

const unit = z.object({
  kind: z.enum(['power:powerReal', 'power:energyReal', 'oadr:customUnit']),
  description: z.string(),
  units: z.string(),
  scale: z.string().default('none'),
  mains: z.object({ hertz: z.number(), voltage: z.number(), isAc: z.boolean() }).optional(),
});

/** One thing that can be measured and reported. */
const point = z.object({
  rId: z.string().min(1),
  resourceId: z.string().optional(),
  /** Default `usage`, or `x-resourceStatus` for TELEMETRY_STATUS. */
  reportType: z.string().optional(),
  /** Default `Direct Read`, or `x-notApplicable` for TELEMETRY_STATUS. */
  readingType: z.string().optional(),
  /** Default kW of real power at 230 V and 50 Hz; none for TELEMETRY_STATUS. */
  unit: unit.optional(),
  minPeriod: span.default(toMs('10s')),
  maxPeriod: span.default(toMs('15m')),
});

const KILOWATTS: z.output<typeof unit> = {
  kind: 'power:powerReal',
  description: 'RealPower',
  units: 'W',
  scale: 'k',
  mains: { hertz: 50, voltage: 230, isAc: true },
};
/** What the standard has for each kind of report. VTNs refuse points of usage that have no unit. */
const USAGE = { reportType: 'usage', readingType: 'Direct Read', unit: KILOWATTS };
const STATUS = { reportType: 'x-resourceStatus', readingType: 'x-notApplicable', unit: undefined };

const report = z
  .object({
    specifierId: z.string().min(1),
    name: z.enum(['TELEMETRY_USAGE', 'TELEMETRY_STATUS', 'HISTORY_USAGE']).default('TELEMETRY_USAGE'),
    /** For how long back it could be asked for. */
    duration: span.default(toMs('1h')),
    points: z.array(point).min(1).check(distinct('rId')),
  })
  .transform(({ points, ...rest }) => {
    const usual = rest.name === 'TELEMETRY_STATUS' ? STATUS : USAGE;
    return {
      ...rest,
      points: points.map(({ reportType, readingType, unit: given, ...own }) => ({
        ...own,
        reportType: reportType ?? usual.reportType,
        readingType: readingType ?? usual.readingType,
        unit: given ?? usual.unit,
      })),
    };
  });
export type ReportOffer = z.output<typeof report>;
export type ReportPoint = ReportOffer['points'][number];

/** What a VEN has to be told. Spans are durations: `'3s'`. */
export const venConfig = z.object({
  venName: z.string().min(1),
  vtnUrl: z.url({ protocol: /^https?$/ }),
  /** The id that the VTN has given out beforehand, if it has. */
  venId: z.string().optional(),
  /** How often to poll if the VTN does not say. */
  pollInterval: span.default(toMs('10s')),
  startDelay: span.default(toMs('3s')),
  /** How long the VTN may take for an answer. */
  requestTimeout: span.default(toMs('20s')),
  /** The longest wait between two tries while the VTN is down. */
  maxBackoff: span.default(toMs('1m')),
  /** How long a decision on an event may take; it is optOut after that. */
  decisionDeadline: span.default(toMs('10s')),
  /** The share by which polls and tries are spread at random. */
  jitter: z.number().min(0).max(1).default(0.1),
  /** Whether events that are marked as tests reach the site. They are answered in any case. */
  followTests: z.boolean().default(false),
  reports: z.array(report).check(distinct('specifierId')).default([]),
  tls: z
    .object({ cert: z.string().optional(), key: z.string().optional(), ca: z.string().optional() })
    .optional(),
});
export type VenConfig = z.output<typeof venConfig>;
