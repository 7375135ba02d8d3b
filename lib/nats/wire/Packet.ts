import type { MsgHdrs } from '@nats-io/transport-node';

/** Small packets are written one behind the other: to make room for each takes as long as all the rest of it. */
const ROOM = 32 * 1024;
/** The most bytes that a character has. */
const WIDEST = 3;
let room = Buffer.allocUnsafeSlow(ROOM);
let used = 0;

/**
 * Headers and payload as they are sent, in one piece. To the client it is the headers: its own class for them, which
 * checks each and keeps them in lists, costs as much as all the rest of a message.
 */
export class Packet {
  readonly data: Uint8Array;
  private readonly head: Uint8Array;

  /**
   * @param lines the headers, each with its line break
   * @param extra how many bytes more than characters they have
   */
  constructor(lines: string, extra: number, text: string) {
    const head = `NATS/1.0\r\n${lines}\r\n`;
    const { buffer, byteOffset, length } = written(head + text);
    const headSize = head.length + extra;
    this.head = new Uint8Array(buffer, byteOffset, headSize);
    this.data = new Uint8Array(buffer, byteOffset + headSize, length - headSize);
  }

  get headers(): MsgHdrs {
    return this as unknown as MsgHdrs;
  }

  /** All that a client asks of the headers that it sends. */
  encode(): Uint8Array {
    return this.head;
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

function written(text: string): { buffer: ArrayBufferLike; byteOffset: number; length: number } {
  const most = text.length * WIDEST;
  if (most > ROOM / 4) return Buffer.from(text, 'utf8');
  if (used + most > ROOM) {
    room = Buffer.allocUnsafeSlow(ROOM);
    used = 0;
  }
  const byteOffset = used;
  const length = room.write(text, byteOffset, 'utf8');
  used += length;
  return { buffer: room.buffer, byteOffset, length };
}
