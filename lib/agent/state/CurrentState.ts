import type { Observable } from 'rxjs';
import type { AgentStore, Claim } from '../../store/AgentStore';
import type { Json } from '../../store/Json';
import { badState, stateTooEarly } from '../../store/storeErrors';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { StateOutlet } from '../../trace/StateOutlet';
import type { ReadState } from '../definition/readDefinition';
import type { AgentState } from './AgentState';

/** What the state is kept as. */
type Kept = readonly [version: number, value: Json];

const NAME = '(state)';
const ID = '1';

/** The state in one life of an agent. */
export class CurrentState implements AgentState<object> {
  private readonly claim: Claim;
  private readonly outlet: StateOutlet<object>;
  private current: object | undefined;

  /** @throws AgentError `no-store` */
  constructor(
    private readonly durables: AgentStore,
    private readonly definition: ReadState,
    onThrow: OnThrow,
  ) {
    durables.demand('its state');
    this.claim = durables.claim(NAME);
    this.outlet = new StateOutlet(onThrow);
  }

  get state$(): Observable<object> {
    return this.outlet.$;
  }

  get(): object {
    if (this.current === undefined) throw stateTooEarly(this.durables.agent);
    return this.current;
  }

  set(next: object): void {
    this.get();
    this.enter(this.written(next));
  }

  update(change: (now: object) => object): void {
    this.set(change(this.get()));
  }

  /**
   * Takes the state that is kept, or the first one.
   *
   * @throws AgentError `bad-state`: it stays as it is kept
   */
  restore(): void {
    const kept = this.claim.shelf('state').get(ID) as Kept | undefined;
    if (kept === undefined) this.show([{}]);
    else this.takeKept(kept);
  }

  complete(): void {
    this.claim.end();
    this.outlet.complete();
  }

  private takeKept([version, value]: Kept): void {
    const { migrate, version: present } = this.definition;
    if (version === present || migrate === undefined) {
      this.show(value);
      return;
    }
    let migrated: unknown;
    try {
      migrated = migrate(this.durables.read(NAME, value), version);
    } catch (cause) {
      throw badState(this.durables.agent, cause);
    }
    this.enter(this.written(migrated));
  }

  private enter(value: Json): void {
    this.claim.shelf('state').put(ID, [this.definition.version, value]);
    this.show(value);
  }

  private show(value: Json): void {
    const { schema } = this.definition;
    try {
      this.current = frozen(this.durables.read(NAME, value, schema) as object);
    } catch (cause) {
      throw badState(this.durables.agent, cause);
    }
    this.outlet.next(this.current);
  }

  private written(next: unknown): Json {
    try {
      return this.durables.write(NAME, next, this.definition.schema);
    } catch (cause) {
      throw badState(this.durables.agent, cause);
    }
  }
}

/** What a codec has made, such as a Date or a Map, is left alone. */
function frozen<T extends object>(value: T): T {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Object.isFrozen(value) || (prototype !== Object.prototype && prototype !== Array.prototype))
    return value;
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) frozen(member as object);
  return Object.freeze(value);
}
