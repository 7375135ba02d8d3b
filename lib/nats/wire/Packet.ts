import type { MsgHdrs } from '@nats-io/transport-node';

/**
 * Headers and payload as they are sent, in one piece. To the client it is the headers: its own class for them, which
 * checks each and keeps them in lists, costs as much as all the rest of a message.
 */
export class Packet {
  readonly data: Uint8Array;
  private readonly bytes: Buffer;
  private readonly headSize: number;

  /**
   * @param lines the headers, each with its line break
   * @param extra how many bytes more than characters they have
   */
  constructor(lines: string, extra: number, text: string) {
    const head = `NATS/1.0\r\n${lines}\r\n`;
    this.bytes = Buffer.from(head + text, 'utf8');
    this.headSize = head.length + extra;
    this.data = this.bytes.subarray(this.headSize);
  }

  get headers(): MsgHdrs {
    return this as unknown as MsgHdrs;
  }

  /** All that a client asks of the headers that it sends. */
  encode(): Uint8Array {
    return this.bytes.subarray(0, this.headSize);
  }
}

/** A packet with few headers, and how many bytes they have is counted. */
export function toPacket(lines: string, text: string): Packet {
  return new Packet(lines, Buffer.byteLength(lines) - lines.length, text);
}

/** Headers alone, where the payload is sent as it is. */
export function toHeaders(lines: string): MsgHdrs {
  return toPacket(lines, '').headers;
}
