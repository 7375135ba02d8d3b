import type { Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { StateOutlet } from '../../trace/StateOutlet';
import { showConfig } from './config';

/** Keeps the config of one life of an agent, and shows each new one when the agent is ready for it. */
export class ConfigKeeper {
  /** The config as it is now, changed in place. */
  readonly view = {};
  private readonly outlet: StateOutlet<object>;
  private waiting: object | undefined;

  constructor(config: object, onThrow: OnThrow) {
    this.outlet = new StateOutlet(onThrow);
    showConfig(this.view, config);
  }

  get $(): Observable<object> {
    return this.outlet.$;
  }

  publish(config: object = { ...this.view }): void {
    showConfig(this.view, config);
    this.outlet.next(config);
  }

  /** Keeps a config until the agent is ready for it; a later one takes its place. */
  keep(config: object): void {
    this.waiting = config;
  }

  publishKept(): void {
    if (this.waiting !== undefined) this.publish(this.waiting);
    this.waiting = undefined;
  }

  complete(): void {
    this.outlet.complete();
  }
}
