import type { Observable } from 'rxjs';
import { StateOutlet } from '../../trace/StateOutlet';
import type { ConfigSchema } from './config';
import { configView, type ConfigView } from './configView';

/** Is told what a subscriber of `config$` has thrown. */
export interface ConfigReader {
  observerFailed(error: unknown): void;
}

/** Keeps the config of one life of an agent, and shows each new one when the agent is ready for it. */
export class CurrentConfig {
  private outlet: StateOutlet<object> | undefined;
  private shown: ConfigView | undefined;
  /** Whether `config$` has its first value. */
  private isPublished = false;
  private isOver = false;
  private waiting: object | undefined;

  constructor(
    private config: object,
    private readonly schema: ConfigSchema | undefined,
    private readonly reader: ConfigReader,
  ) {}

  /** The config as it is now, changed in place. */
  get view(): object {
    return (this.shown ??= configView(this.config, this.schema)).view;
  }

  get $(): Observable<object> {
    if (this.outlet === undefined) {
      this.outlet = new StateOutlet((error) => {
        this.reader.observerFailed(error);
      });
      if (this.isPublished) this.outlet.next(this.config);
      if (this.isOver) this.outlet.complete();
    }
    return this.outlet.$;
  }

  publish(config: object = this.config): void {
    this.config = config;
    this.isPublished = true;
    this.shown?.show(config);
    this.outlet?.next(config);
  }

  /** Keeps a config until the agent is ready for it; a later one takes its place. */
  keep(config: object): void {
    this.waiting = config;
  }

  publishKept(): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.publish(waiting);
  }

  complete(): void {
    this.isOver = true;
    this.outlet?.complete();
  }
}
