import type { HandlerError } from '../../handlers/run/HandlerError';
import {
  SURROUNDINGS,
  type Surroundings,
  type TestSurroundings,
} from '../../handlers/standalone/surroundings';
import type { Offloader } from '../../handlers/waits/Offloader';
import type { RandomSource } from '../../time/spans/random';
import type { Activity } from '../../trace/Activity';
import type { LedgerEntry, RunEntry, RunnerPart } from '../../trace/Ledger';
import { type Log, silentLog } from '../../trace/Log';

const place = findPlace();

/** It is made when this file is loaded, so that a test leaves the globals as they were. */
function findPlace(): TestSurroundings {
  const host = globalThis as { [SURROUNDINGS]?: TestSurroundings };
  if (host[SURROUNDINGS] === undefined) Object.defineProperty(host, SURROUNDINGS, { value: {} });
  return host[SURROUNDINGS] ?? {};
}

/** Those of the test that runs, and who is inside of it. */
let present: { readonly runners: StandaloneRunners; readonly isInside: () => boolean } | undefined;

/**
 * Made once: a function that is written where it is assigned to a property is made in V8's old generation, and would keep
 * the whole test out of the young one's reach. That was half of what a short test took.
 */
const current = (): Surroundings | undefined => (present?.isInside() === true ? present.runners : undefined);

/** What a marble test is around the handler operators that are in no agent, and which of them are subscribed. */
export class StandaloneRunners implements Surroundings {
  readonly log: Log = silentLog;
  readonly runners = new Set<RunnerPart>();

  constructor(
    private readonly host: { readonly activity: Activity; ledger(): readonly LedgerEntry[] },
    readonly random: RandomSource,
    readonly offloader: Offloader | undefined,
    readonly failed: (error: HandlerError) => void,
  ) {}

  /** Lets those inside of the test find it, and gives the way to end that. */
  surround(isInside: () => boolean): () => void {
    present = { runners: this, isInside };
    place.current = current;
    return () => {
      place.current = undefined;
      present = undefined;
    };
  }

  get activity(): Activity {
    return this.host.activity;
  }

  /** What is armed and in flight in agents, and the runs that are in none. */
  ledger(): readonly LedgerEntry[] {
    return [...this.host.ledger(), ...this.entries()];
  }

  private *entries(): Iterable<RunEntry> {
    for (const runner of this.runners)
      for (const run of runner.runs()) yield { kind: 'run', agent: '', stream: runner.stream, ...run };
  }

  /** Nobody can unsubscribe what a test has left, and its runs are at work for nobody any more. */
  end(): void {
    for (const runner of [...this.runners]) runner.unsubscribe();
  }
}
