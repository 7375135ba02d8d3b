import { hostNow } from '../time/hostTurn';
import type { Activity } from '../trace/Activity';
import type { RunEntry } from '../trace/Ledger';

/** How long a run that is awake may hold time when nothing shows what it waits for, in real ms. */
const BLIND_GRACE = 50;

/** What is known of the host's work besides timers, where the host tells. */
interface HostProcess {
  readonly process?: { getActiveResourcesInfo?(): string[] };
}

/**
 * Decides whether virtual time has to stand still since somebody waits for something foreign.
 *
 * A run that waits for nothing of the kit's computes, or waits for a file, a socket, or a plain timer that is
 * virtual itself. Node tells of files and sockets. Where it does not, time stands still for a short while, once for
 * each handler: one that was not done by then is taken to wait for virtual time.
 */
export class ForeignHold {
  private usual = countResources();
  private readonly patient = new Set<string>();
  private heldSince: number | undefined;
  private heldChanges = -1;
  private releasedChanges = -1;

  /** @param cap how long time may be held at most, in real ms */
  constructor(
    private readonly activity: Activity,
    private readonly awakeRuns: () => readonly RunEntry[],
    private readonly cap: number,
  ) {}

  /** Whether the cap has passed while a handler waited for something that it has itself said to be foreign. */
  hasExpired = false;

  /** @param isBodyWaiting whether the body of the test waits for something that the kit does not know */
  holds(isBodyWaiting: boolean): boolean {
    const { awake, external, changes } = this.activity;
    if (awake === 0 && external === 0 && !(isBodyWaiting && this.seesResources())) return this.release();
    if (changes === this.releasedChanges && external === 0) return false;
    if (changes !== this.heldChanges || this.heldSince === undefined) {
      this.heldSince = hostNow();
      this.heldChanges = changes;
    }
    if (hostNow() - this.heldSince < this.longest()) return true;
    this.giveUp();
    return false;
  }

  /** Holds time for a body that seems to be stuck; only what the host does not show can still come. */
  holdsForBody(): boolean {
    this.heldSince ??= hostNow();
    return hostNow() - this.heldSince < BLIND_GRACE;
  }

  private longest(): number {
    if (this.activity.external > 0 || this.seesResources()) return this.cap;
    return this.awakeRuns().every(({ agent, stream }) => this.patient.has(keyOf(agent, stream)))
      ? 0
      : BLIND_GRACE;
  }

  private giveUp(): void {
    if (this.activity.external > 0) this.hasExpired = true;
    for (const { agent, stream } of this.awakeRuns()) this.patient.add(keyOf(agent, stream));
    this.usual = countResources();
    this.releasedChanges = this.activity.changes;
    this.heldSince = undefined;
  }

  private release(): false {
    this.heldSince = undefined;
    return false;
  }

  private seesResources(): boolean {
    for (const [resource, count] of countResources())
      if (count > (this.usual.get(resource) ?? 0)) return true;
    return false;
  }
}

function keyOf(agent: string, stream: string): string {
  return `${agent}.${stream}`;
}

/** Immediates are how this test itself goes on. */
function countResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const resource of (globalThis as HostProcess).process?.getActiveResourcesInfo?.() ?? []) {
    if (resource !== 'Immediate') counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  return counts;
}
