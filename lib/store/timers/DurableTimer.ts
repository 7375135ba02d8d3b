import type { OperatorFunction, Subscriber, Subscription } from 'rxjs';
import { earliest, TimedSubscriber } from '../../time/operators/TimedSubscriber';
import { timerOperator } from '../../time/operators/TimerSubscriber';
import type { Timers } from '../../time/queue/Timers';
import type { AgentStore, Claim } from '../AgentStore';
import { EarlyTriggers } from '../EarlyTriggers';
import type { HostStore } from '../HostStore';
import type { Json } from '../Json';
import type { Shelf } from '../Shelf';
import { cannotRead } from '../storeErrors';
import { DurableWait } from './DurableWait';
import type { DurablePart } from './options';
import type { Armed, TimerPlan } from './TimerPlan';

/** A wait as it is kept. */
type KeptWait = readonly [due: number, trigger: Json, memo: Json];

/** One subscription of a durable timer operator. What is armed is kept, and armed again in the next life. */
export class DurableTimer<T, R> extends TimedSubscriber<T, R> {
  private readonly waits = new Map<unknown, DurableWait<T>>();
  private readonly store: HostStore;
  private readonly claim: Claim;
  private readonly shelf: Shelf;
  private readonly endWatch: () => void;
  private readonly lifeline: Subscription | undefined;
  /** What came before the waits of earlier lives were there, and whether the triggers have completed by then. */
  private readonly early: EarlyTriggers<T>;
  private ringing = 0;

  constructor(
    result: Subscriber<R>,
    timers: Timers,
    private readonly durables: AgentStore,
    private readonly durable: DurablePart,
    private readonly plan: TimerPlan<T, R>,
  ) {
    super(result, timers, plan.kind);
    this.store = durables.demand(`'${durable.name}'`);
    this.claim = durables.claim(durable.name);
    this.early = new EarlyTriggers(durables, this.store);
    this.shelf = this.claim.shelf('timer');
    this.lifeline = durable.late === 'resume' ? this.store.lifeline.use() : undefined;
    this.endWatch = timers.onWallSet(() => {
      this.wallSet();
    });
    durables.whenRestored(() => {
      this.restore();
    });
  }

  get due(): number | undefined {
    return earliest(this.dues());
  }

  *dues(): Iterable<number> {
    for (const { due } of this.waits.values()) yield due;
  }

  get rank() {
    return this.plan.rank;
  }

  /** The instant of a wait has come. The wall clock has the say. */
  rang(wait: DurableWait<T>): void {
    const { plan } = this;
    const now = this.timers.wallNow();
    if (now < wait.armed.due) {
      wait.arm();
      return;
    }
    this.ringing++;
    const { values, next, missed } = plan.ring(wait.armed, wait.trigger, now, wait.late);
    if (next === undefined) this.forget(wait);
    else {
      wait.armed = next;
      this.keep(wait);
      wait.arm();
    }
    this.noteFired(missed);
    // What a value leads to may have another wait begin in the place of this one.
    for (const value of values) if (next === undefined || wait.armed === next) this.emit(value);
    this.ringing--;
    this.endIfDone();
  }

  override unsubscribe(): void {
    this.endWatch();
    this.lifeline?.unsubscribe();
    this.claim.end();
    this.early.taken();
    super.unsubscribe();
  }

  protected get isIdle(): boolean {
    return this.early.areOver && this.waits.size === 0 && this.ringing === 0;
  }

  protected override endEarlier(): void {
    // A trigger that the start repeats ends nothing: that is seen when it is taken.
  }

  protected trigger(trigger: T): void {
    if (this.early.areOver) this.take(trigger, this.durables.isBeginning);
    else this.early.push(trigger);
  }

  /** They stay as they are kept. */
  protected disarm(): void {
    const waits = [...this.waits.values()];
    this.waits.clear();
    for (const wait of waits) {
      wait.disarm();
      this.noteCancelled();
    }
  }

  private take(given: T, isRepeatable: boolean): void {
    if (isRepeatable && this.claim.isRepeatedStart()) return;
    const { plan, durable } = this;
    const where = `${durable.name}: the trigger`;
    const kept = this.durables.write(where, given, durable.schema);
    const trigger = this.durables.read(where, kept, durable.schema) as T;
    if (plan.kind === 'after' || plan.kind === 'at') this.supersedable?.supersedeBy(trigger as unknown as R);
    else this.supersedable?.supersede();
    const key = plan.keyOf(trigger);
    const now = this.timers.wallNow();
    const armed = plan.begin(trigger, now);
    const known = this.waits.get(key);
    if (known !== undefined) this.forget(known);
    if (armed === undefined || this.isOver) return;
    const id = known?.id ?? String(this.store.numbers.next());
    this.begin(new DurableWait(this, id, key, trigger, kept, armed, 0));
    for (const value of plan.first?.(now) ?? []) this.emit(value);
  }

  private begin(wait: DurableWait<T>): void {
    this.waits.set(wait.key, wait);
    this.keep(wait);
    wait.arm();
    this.noteArmed(wait.due);
  }

  private keep({ id, armed, kept }: DurableWait<T>): void {
    this.shelf.put(id, [armed.due, kept, armed.memo]);
  }

  private forget(wait: DurableWait<T>): void {
    wait.disarm();
    this.waits.delete(wait.key);
    this.shelf.remove(wait.id);
  }

  private restore(): void {
    const early = this.early.end();
    if (this.isOver) return;
    const now = this.timers.wallNow();
    const { livedUntil = now } = this.store.lifeline;
    for (const [id, kept] of this.shelf.entries) this.takeUp(id, kept, now, Math.max(0, now - livedUntil));
    for (const { trigger, isRepeatable } of early) this.take(trigger, isRepeatable);
    this.early.taken();
    this.endIfDone();
  }

  private takeUp(id: string, entry: Json, now: number, down: number): void {
    const { plan, durable, durables } = this;
    const [due, kept, memo] = entry as unknown as KeptWait;
    let trigger: T;
    let armed: Armed | undefined;
    try {
      trigger = durables.read(`${durable.name}: the trigger`, kept, durable.schema) as T;
      armed = plan.restore({ due, memo }, trigger, now, down);
    } catch (cause) {
      // It stays as it is kept, for a version that can read it.
      durables.tell(cannotRead(durables.agent, `a wait of '${durable.name}'`, cause));
      return;
    }
    if (armed === undefined) {
      this.shelf.remove(id);
      return;
    }
    const late = armed.due === due ? Math.max(0, now - due) : 0;
    const wait = new DurableWait<T>(this, id, plan.keyOf(trigger), trigger, kept, armed, late);
    this.waits.set(wait.key, wait);
    if (armed.due !== due) this.keep(wait);
    wait.arm();
    this.noteArmed(wait.due);
  }

  private wallSet(): void {
    const { plan, timers } = this;
    const now = timers.wallNow();
    for (const wait of this.waits.values()) {
      const before = wait.armed;
      wait.armed = plan.shift(before, now + (wait.due - timers.now()) - before.due, now);
      if (wait.armed !== before) this.keep(wait);
      wait.arm();
    }
  }
}

/**
 * A timer operator that outlives the process.
 *
 * @throws AgentError `no-store`, where it is written
 */
export function durableTimer<T, R>(
  timers: Timers,
  durables: AgentStore,
  durable: DurablePart,
  plan: TimerPlan<T, R>,
): OperatorFunction<T, R> {
  durables.demand(`'${durable.name}'`);
  return timerOperator((result: Subscriber<R>) => new DurableTimer(result, timers, durables, durable, plan));
}
