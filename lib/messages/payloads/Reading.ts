import type { ZodType } from 'zod';

/**
 * What the sender of a payload has read of it by its schema, to see whether it fits. A receiver in the same process
 * that has the same schema need not read it once more: it shows in the bench rows `call round trip …` and
 * `topic routing`. To have one says that the payload has been made by the kit, too, and is not too large.
 */
export class Reading {
  private isTaken = false;

  constructor(
    private readonly schema: ZodType,
    private readonly value: unknown,
  ) {}

  /** Whether it will do for a receiver: one has what may be changed to itself. */
  isFor(schema: ZodType): boolean {
    return schema === this.schema && (!this.isTaken || isConstant(this.value));
  }

  /** The parameters of the address that it goes to, if a topic knows them. */
  paramsBy(_topic: object): unknown {
    return undefined;
  }

  /** Where a bus in memory has found those who want it, if it goes to an address that has been made once. */
  get hint(): { place: number } | undefined {
    return undefined;
  }

  take(): unknown {
    this.isTaken = true;
    return this.value;
  }
}

/** Whether several may have a value without one of them changing it for the others. */
export function isConstant(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && typeof value !== 'function';
}
