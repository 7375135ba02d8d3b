import type { HostWork } from './HostWork';
import { HostResources } from './HostResources';

/** What can be told where no hook is: what is open beside what was open before. */
export class BlindWork implements HostWork {
  readonly tells = false;
  readonly progress = 0;
  private resources = new HostResources();

  begin(): void {
    this.resources = new HostResources();
  }

  look(): void {
    // It is counted anew whenever somebody asks.
  }

  track(): void {
    // See look.
  }

  isUnderWay(): boolean {
    return false;
  }

  isAsking(): boolean {
    return false;
  }

  isOpen(): boolean {
    return this.resources.areInUse();
  }

  isAskingItself(): boolean {
    return false;
  }

  externalBegins(): void {
    // Both ends of a connection cannot be told.
  }

  accept(which: 'all' | 'lasting'): void {
    this.resources.accept(which);
  }

  end(): void {
    // Nothing is kept.
  }
}
