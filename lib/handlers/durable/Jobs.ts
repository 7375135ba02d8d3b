import type { AgentStore, Claim } from '../../store/AgentStore';
import type { HostStore } from '../../store/HostStore';
import type { Json } from '../../store/Json';
import { encode } from '../../store/keys';
import type { Shelf } from '../../store/Shelf';
import { cannotRead } from '../../store/storeErrors';
import { toldOf } from '../../store/toldOf';
import type { Job } from './Job';

/** A job as it is kept: its trigger, how many attempts have begun, and how many lives it may have ended. */
type KeptJob = readonly [trigger: Json, attempts: number, crashes?: number];

/** The open jobs of one durable handler. */
export class Jobs<T> {
  private readonly claim: Claim;
  readonly store: HostStore;
  private readonly open: Shelf;
  private readonly steps: Shelf;

  /** @throws AgentError `no-store`, `duplicate-durable` or `bad-option` */
  constructor(
    readonly durables: AgentStore,
    readonly name: string,
    private readonly schema: unknown,
  ) {
    this.store = durables.demand(`'${name}'`);
    this.claim = durables.claim(name);
    this.open = this.claim.shelf('job');
    this.steps = this.claim.shelf('step');
  }

  get journal(): HostStore['journal'] {
    return this.store.journal;
  }

  /** Whether a trigger that the start brings has been brought by the start of an earlier life. */
  isRepeatedStart(): boolean {
    return this.claim.isRepeatedStart();
  }

  /** Whether the store refuses what it is given, and so much waits for it that nothing more is taken. */
  isStuck(most: number): boolean {
    return this.journal.failure !== undefined && this.open.entries.size >= Math.max(1, most);
  }

  /** @throws AgentError `cannot-keep` */
  take(given: T): Job<T> {
    const where = this.where('the trigger');
    const kept = this.durables.write(where, given, this.schema);
    const trigger = this.durables.read(where, kept, this.schema) as T;
    const id = String(this.store.numbers.next());
    this.open.put(id, [kept, 0]);
    return { id, trigger, kept, attempts: 0, crashes: 0, batch: this.journal.batch, steps: undefined };
  }

  /** The jobs of earlier lives, in their order. One that cannot be read any more is dead. */
  restored(): Job<T>[] {
    const jobs: Job<T>[] = [];
    const steps = this.keptSteps();
    const ids = [...this.open.entries.keys()].sort((one, other) => Number(one) - Number(other));
    for (const id of ids) {
      const [kept, attempts, crashes = 0] = this.open.get(id) as unknown as KeptJob;
      const job = { id, kept, attempts, crashes, batch: 0, steps: steps.get(id) };
      try {
        jobs.push({ ...job, trigger: this.durables.read(this.where('the trigger'), kept, this.schema) as T });
      } catch (cause) {
        const error = cannotRead(this.durables.agent, `a job of '${this.name}'`, cause);
        this.bury({ ...job, trigger: undefined }, error);
        this.durables.tell(error);
      }
    }
    return jobs;
  }

  isKept(job: Job): boolean {
    return job.batch <= this.journal.keptBatch;
  }

  isOpen(job: Job): boolean {
    return this.open.entries.has(job.id);
  }

  /** @param isSuspect whether an earlier life may have ended in a run of it, and this one may do so, too */
  begins(job: Job, attempt: number, isSuspect: boolean): void {
    job.attempts = attempt;
    if (isSuspect) job.crashes++;
    this.write(job);
  }

  /** It gets on, or was stopped: the process has not died of it. */
  spare(job: Job, crashes = 0): void {
    if (job.crashes === 0 || !this.isOpen(job)) return;
    job.crashes = crashes;
    this.write(job);
  }

  /** The job is over: nothing is kept of it. */
  end(job: Job): void {
    if (!this.isOpen(job)) return;
    this.open.remove(job.id);
    for (const step of job.steps?.keys() ?? []) this.steps.remove(stepId(job, step));
  }

  /** The job has failed for good: it is kept apart, with its steps, to be looked at and tried again. */
  bury(job: Job, error: unknown): void {
    this.claim.shelf('dead').put(job.id, {
      trigger: job.kept,
      attempts: job.attempts,
      error: toldOf(error),
      at: this.wallNow(),
      steps: [...(job.steps ?? new Map<string, Json>())],
    });
    this.end(job);
  }

  stepOf(job: Job, step: string): Json | undefined {
    return job.steps?.get(encode(step));
  }

  keepStep(job: Job, step: string, kept: Json): void {
    if (!this.isOpen(job)) return;
    this.spare(job);
    const name = encode(step);
    (job.steps ??= new Map()).set(name, kept);
    this.steps.put(stepId(job, name), kept);
  }

  wallNow(): number {
    return this.store.owner.scheduler.wallNow();
  }

  keyOf(job: Job): string {
    return `${this.durables.pathOf(this.name)}/${job.id}`;
  }

  /** Nobody works on them any more. */
  release(): void {
    this.claim.end();
  }

  where(what: string): string {
    return `${this.name}: ${what}`;
  }

  private write({ id, kept, attempts, crashes }: Job): void {
    this.open.put(id, crashes === 0 ? [kept, attempts] : [kept, attempts, crashes]);
  }

  private keptSteps(): Map<string, Map<string, Json>> {
    const byJob = new Map<string, Map<string, Json>>();
    for (const [id, kept] of this.steps.entries) {
      const [job = '', step = ''] = id.split('!');
      let steps = byJob.get(job);
      if (steps === undefined) byJob.set(job, (steps = new Map<string, Json>()));
      steps.set(step, kept);
    }
    return byJob;
  }
}

function stepId(job: Job, step: string): string {
  return `${job.id}!${step}`;
}
