import type { Fence } from '../../messages/bus/Bus';
import { headerLine, LEASE } from '../wire/head';

/** What a message bears that is published under a lease: the number, and whose lease it is. */
export function leaseLine({ lease, number }: Fence): string {
  return headerLine(LEASE, `${number} ${lease}`);
}

interface Known {
  readonly number: number;
  /** The first message in the stream that is known to bear it. */
  readonly seq: number;
}

/** The leases of whose messages this host has heard, each with the greatest number there was. */
export class Fences {
  private readonly known = new Map<string, Known>();

  /** Whose lease was over when a message came into its stream, since that of another host is before it; else undefined. */
  staleLease(line: string | undefined, seq: number): string | undefined {
    const [, digits, lease] = /^(\d+) (.*)$/s.exec(line ?? '') ?? [];
    if (digits === undefined || lease === undefined) return undefined;
    const number = Number(digits);
    const known = this.known.get(lease);
    if (known !== undefined && number < known.number) return seq > known.seq ? lease : undefined;
    if (known === undefined || number > known.number || seq < known.seq)
      this.known.set(lease, { number, seq });
    return undefined;
  }
}
