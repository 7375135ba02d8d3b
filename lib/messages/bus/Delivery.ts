import type { Hold } from '../../handlers/policies/Hold';
import type { KeptMessage } from './Bus';

/**
 * One delivery of a message that is kept: it is settled when all handlers that have taken it are done, and what is
 * durable has been kept; if one has failed, it fails.
 */
export class Delivery implements Hold {
  /** Who is not done yet: whoever delivers it is among them. */
  private open = 1;
  private failure: { readonly cause: unknown } | undefined;
  private isAbandoned = false;

  constructor(private readonly message: KeptMessage) {}

  taken(): void {
    this.open++;
  }

  done(): void {
    if (--this.open > 0) return;
    if (this.isAbandoned) this.message.release();
    else if (this.failure !== undefined) this.message.fail(this.failure.cause);
    else this.message.settle();
  }

  failed(cause: unknown): void {
    this.failure ??= { cause };
    this.done();
  }

  abandoned(): void {
    this.isAbandoned = true;
    this.done();
  }
}
