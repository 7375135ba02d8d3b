import type { AgentState } from 'rx-agent-kit';
import { z } from 'zod';
import type { VenConfig } from './config';
import type { KnownEvent } from './EventBook';
import type { ReportInterval } from './protocol/report';

const KeptReport = z.object({
  uid: z.string(),
  requestId: z.string(),
  /** Null if what is offered is to be told again. */
  specifierId: z.string().nullable(),
  rIds: z.array(z.string()),
  start: z.number().optional(),
  began: z.number().optional(),
  granularity: z.number(),
  reportBack: z.number(),
  /** Null for as long as nobody cancels it. */
  length: z.number().nullable(),
  kept: z.object({ granularity: z.number() }).optional(),
  samples: z.array(z.custom<ReportInterval>()),
});
export type KeptReport = z.infer<typeof KeptReport>;

/** What a VEN knows of its VTN and has promised it: what outlives its process, as the state of its agent. */
export const venNotes = z.object({
  /** With whom all of this was agreed, and on what. */
  agreement: z.string().default(''),
  identity: z.object({ venId: z.string().optional(), registrationId: z.string().optional() }).optional(),
  session: z
    .object({ venId: z.string(), vtnId: z.string(), registrationId: z.string(), pollInterval: z.number() })
    .optional(),
  /** Whether the VTN has been told what could be reported, and what it wants of that is written down. */
  hasOffered: z.boolean().default(false),
  events: z.array(z.custom<KnownEvent>()).default([]),
  reports: z.array(KeptReport).default([]),
});
export type VenNotes = z.infer<typeof venNotes>;

/** Where a VEN writes down what it has to know after its process has ended. */
export interface Notebook {
  /** What was written down, if it is of use to a client of this config. */
  read(config: VenConfig): VenNotes;
  note(change: Partial<VenNotes>): void;
  /** Whether a VEN that stops will go on by it: then it does not cancel its registration. */
  readonly isKept: boolean;
}

const NOTHING: VenNotes = { agreement: '', hasOffered: false, events: [], reports: [] };

/** For a VEN that begins anew with each process. */
export const noNotebook: Notebook = { read: () => NOTHING, note: () => undefined, isKept: false };

/** Notes that outlive the process. Those of another VTN, or of other offers, are of no use, and are torn out. */
export function notebookIn(state: AgentState<VenNotes>): Notebook {
  return {
    isKept: true,
    read: ({ vtnUrl, venName, venId = '', reports }) => {
      const agreement = JSON.stringify({ vtnUrl, venName, venId, reports });
      if (state.get().agreement !== agreement) state.set({ ...NOTHING, agreement });
      return state.get();
    },
    note: (change) => state.update((notes) => ({ ...notes, ...change })),
  };
}
