import { z } from 'zod';
import { toMs } from 'rx-agent-kit';

/** A span as text, such as `'10m'`, or as ms; it comes out as ms. */
const Span = z.union([z.string(), z.number()]).transform((given, context) => {
  try {
    return toMs(given);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const Interval = z.object({ lasts: Span, value: z.number() });

/** What is announced. All spans count from the start of the VTN. */
export const PlannedEvent = z.object({
  id: z.string().min(1),
  signal: z.string().default('SIMPLE'),
  type: z.string().default('level'),
  announcedAt: Span.default(0),
  startsAt: Span,
  intervals: z.array(Interval).min(1),
  notification: Span.optional(),
  rampUp: Span.optional(),
  recovery: Span.optional(),
  /** The start is spread at random over this span. */
  startAfter: Span.optional(),
  isTest: z.boolean().default(false),
  needsAnswer: z.boolean().default(true),
  /** What becomes of it later: other intervals, another start, or its end. */
  changes: z
    .array(
      z.object({
        at: Span,
        intervals: z.array(Interval).min(1).optional(),
        startsAt: Span.optional(),
        cancel: z.boolean().default(false),
      }),
    )
    .default([]),
});
export type PlannedEvent = z.output<typeof PlannedEvent>;

/** What a VTN has in mind: its events, and what it wants to have reported. */
export const Programme = z.object({
  vtnId: z.string().default('vtn-1'),
  marketContext: z.string().default('http://example.com/market'),
  pollInterval: Span.default(10_000),
  report: z.object({ granularity: Span.default(60_000), reportBack: Span.default(300_000) }).prefault({}),
  events: z.array(PlannedEvent).default([]),
});
export type Programme = z.output<typeof Programme>;
