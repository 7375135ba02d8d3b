type Counts = Map<string, number>;

/** What is known of the host's own work, where the host tells. */
interface HostProcess {
  readonly process?: {
    getActiveResourcesInfo?(): string[];
    cpuUsage?(): { readonly user: number; readonly system: number };
    getBuiltinModule?(name: string): { readonly isMainThread?: boolean } | undefined;
  };
}

const { process } = globalThis as HostProcess;
/** In a worker thread the process's CPU time tells of others, too. */
const isAlone = process?.getBuiltinModule?.('node:worker_threads')?.isMainThread ?? false;

/** Immediates are how the test itself goes on, and nobody waits for a server but those who call it. */
const PASSIVE = /^Immediate$|Server/;
/** What may stay open when all that was wanted of it has come, such as connections that are kept alive. */
const LASTING = /Socket|Pipe|UDP|TTY/;

/** The files, sockets and real timers that the host has open beside those that were open before. */
export class HostResources {
  private readonly usual: Counts = countResources();

  /** Whether there is one. */
  areInUse(): boolean {
    if (process?.getActiveResourcesInfo === undefined) return false;
    const counts = countResources();
    for (const [resource, usual] of this.usual) {
      const count = counts.get(resource) ?? 0;
      if (count < usual) this.usual.set(resource, count);
    }
    for (const [resource, count] of counts) if (count > (this.usual.get(resource) ?? 0)) return true;
    return false;
  }

  /** Takes what is open now for usual: all of it, or only what may be open without being waited for. */
  accept(which: 'all' | 'lasting'): void {
    for (const [resource, count] of countResources())
      if (which === 'all' || LASTING.test(resource)) this.usual.set(resource, count);
  }
}

function countResources(): Counts {
  const counts: Counts = new Map();
  for (const resource of process?.getActiveResourcesInfo?.() ?? [])
    if (!PASSIVE.test(resource)) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  return counts;
}

/** The CPU time that this process has used in ms, or undefined if the host does not tell. */
export function cpuTime(): number | undefined {
  const usage = isAlone ? process?.cpuUsage?.() : undefined;
  return usage === undefined ? undefined : (usage.user + usage.system) / 1000;
}
