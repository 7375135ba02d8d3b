// What the VEN tells of events, and what the site tells of itself: the contracts between the agents.
import { z } from 'zod';
import { procedure, topic } from 'rx-agent-kit';

const Instant = z.number().describe('ms since the epoch');

/** One event of the VTN's, as it is now. */
export const drEvent = topic(
  'openadr/:ven/event/:id',
  z.object({
    modification: z.number().int().min(0),
    status: z.enum(['far', 'near', 'active', 'completed', 'cancelled']),
    opt: z.enum(['optIn', 'optOut']),
    start: Instant,
    /** Null for an event without an end. */
    end: Instant.nullable(),
    isTest: z.boolean(),
  }),
  { retain: 'last' },
);

/** What the events ask for at present; a level of 0 and no event if there is none. */
export const drSignal = topic(
  'openadr/:ven/signal',
  z.object({
    event: z.string().nullable(),
    phase: z.enum(['idle', 'ramp-up', 'active', 'ramp-down']),
    signal: z.string().describe("the signal's name, such as SIMPLE or ELECTRICITY_PRICE"),
    kind: z.enum(['level', 'price', 'other']),
    value: z.number(),
    until: Instant.nullable(),
  }),
  { retain: 'last' },
);

/** How the VEN stands with its VTN. */
export const venStatus = topic(
  'openadr/:ven/status',
  z.object({
    state: z.enum(['waiting', 'registering', 'registered', 'unreachable', 'refused', 'cancelled']),
    venId: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  { retain: 'last' },
);

/** The share of its rated power that a site may use, and why. */
const Limit = z.object({ limit: z.number().min(0).max(1), reason: z.string() });

/** The limit that a site keeps. */
export const siteLimit = topic('site/:site/limit', Limit, { retain: 'last' });

/** Sets the limit of the site. It answers with the limit that was kept before. */
export const setLimit = procedure('site/limit', { input: Limit, output: Limit });

/** What the site uses. */
export const siteLoad = topic(
  'site/:site/load',
  z.object({
    kilowatts: z.number().min(0),
    /** The share of the rated power that the site would use if nothing limited it. */
    demand: z.number().min(0).max(1),
    memory: z.number().min(0).max(1),
  }),
);
