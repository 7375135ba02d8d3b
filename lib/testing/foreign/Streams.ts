import { activeStreams } from './activeStreams';
import { type NativeStream, portOfServer, StreamRecord } from './StreamRecord';

/** How many turns must pass behind the last byte before what both ends have of it is taken to be done with. */
const SETTLING = 3;
/** How many turns the end of a connection may be on its way, and the acceptance of one. */
const CLOSING = 50;
const ACCEPTING = 2000;
/** How many turns behind the last that came in others are looked through for its other end. */
const PAIRING = 200;

/**
 * The sockets and pipes of a test. Where both ends of a connection are in this process, nobody else can send
 * anything, and what is on its way is known by the bytes: as many have to come in as have gone out.
 */
export class Streams {
  private readonly records = new Map<NativeStream, StreamRecord>();
  private readonly servers = new Map<number, NativeStream>();
  /** The pipes of which one end has come and not the other: those that connect, and those that were accepted. */
  private readonly pipes = { connecting: [] as StreamRecord[], accepted: [] as StreamRecord[] };
  private turn = 0;
  private markedAt = 0;
  /** The turn in which something of ours within this process has moved, or has closed. */
  private movedAt = -SETTLING;
  private pairUntil = -1;

  /** Whether there is nothing that could be waited for, or accepted. */
  get areNone(): boolean {
    return this.records.size === 0 && this.servers.size === 0;
  }

  /** What is open when the test begins is waited for only if it is asked something. */
  begin(): void {
    const { streams, servers } = activeStreams();
    for (const server of servers) this.servers.set(server.getAsyncId?.() ?? 0, server);
    for (const stream of streams) this.adopt(stream, false).isLasting = true;
  }

  addServer(id: number, server: NativeStream): void {
    this.servers.set(id, server);
  }

  add(stream: NativeStream, trigger: number, isOurs: boolean): void {
    const record = this.record(stream, isOurs, this.servers.has(trigger));
    if (record.isAccepted && !record.hasNames) this.pipes.accepted.push(record);
  }

  /** A pipe, known by its id, is being connected to a server. */
  connect(id: number): void {
    for (const record of this.records.values())
      if (record.id === id && !record.hasNames) this.pipes.connecting.push(record);
  }

  /** Takes note of what has come and gone, and gives whether something has that concerns the test. */
  look(): boolean {
    this.turn++;
    if (this.records.size === 0) return false;
    let hasMoved = false;
    for (const [stream, record] of this.records) {
      const moved = record.look(this.turn);
      if (record.isClosed) this.remove(stream, record);
      else if (moved && isConcerned(record)) {
        hasMoved = true;
        if (record.partner !== undefined) this.movedAt = this.turn;
      }
    }
    if (this.turn <= this.pairUntil) this.pair();
    return hasMoved;
  }

  /** Whether something goes from one end to the other within this process. */
  areMoving(): boolean {
    if (this.records.size === 0) return false;
    if (this.turn - this.movedAt < SETTLING) return true;
    for (const record of this.records.values())
      if (isConcerned(record) && !record.isMute && (record.isReached() || this.isArriving(record)))
        return true;
    return false;
  }

  /** Whether somebody elsewhere has been asked and has not answered. */
  areAsking(): boolean {
    this.findReused();
    return this.some((record) => record.isUnanswered && !record.isMute && !record.isAccepted);
  }

  /** Whether there is a connection to elsewhere that may be waited for. */
  areOpen(): boolean {
    return this.areAsking() || this.some((record) => record.isOurs && !record.isLasting);
  }

  /** Whether there has been something since the mark within this process, and nothing is to come from elsewhere. */
  areAskingThemselves(): boolean {
    if (this.areAsking()) return false;
    for (const record of this.records.values()) {
      const { partner, isAccepted, isReferenced, movedAt } = record;
      if (partner !== undefined && !isAccepted && isReferenced && movedAt >= this.markedAt) return true;
    }
    return false;
  }

  /** Whether a server of somebody else in this process has just been given something by the test. */
  areServed(): boolean {
    for (const record of this.records.values()) {
      const { isAccepted, isOurs, partner } = record;
      if (isAccepted && !isOurs && partner?.isOurs !== false && record.hasNews()) return true;
    }
    return false;
  }

  mark(): void {
    this.markedAt = this.turn;
  }

  accept(which: 'all' | 'lasting'): void {
    for (const record of this.records.values()) {
      record.isLasting = true;
      if (which === 'all') record.isMute = true;
    }
  }

  private some(holds: (record: StreamRecord) => boolean): boolean {
    for (const record of this.records.values())
      if (record.isReferenced && record.partner === undefined && holds(record)) return true;
    return false;
  }

  /** A connection that was kept open, as by a pool, is asked something again when it is referenced again. */
  private findReused(): void {
    for (const stream of activeStreams().streams) {
      if (this.records.has(stream)) continue;
      this.adopt(stream, true).isUnanswered = true;
      this.pair();
    }
  }

  private adopt(stream: NativeStream, isOurs: boolean): StreamRecord {
    const record = this.record(stream, isOurs, false);
    record.written = stream.bytesWritten;
    record.read = stream.bytesRead;
    return record;
  }

  private record(stream: NativeStream, isOurs: boolean, isAccepted: boolean): StreamRecord {
    const record = new StreamRecord(stream, isOurs, isAccepted);
    record.movedAt = this.turn;
    this.records.set(stream, record);
    this.pairUntil = this.turn + PAIRING;
    return record;
  }

  private remove(stream: NativeStream, record: StreamRecord): void {
    this.records.delete(stream);
    const { partner } = record;
    if (partner === undefined) return;
    // The other end will come to know of it.
    partner.partner = undefined;
    partner.isOrphaned = true;
    partner.isLasting = true;
    partner.isUnanswered = false;
    partner.movedAt = this.turn;
  }

  private pair(): void {
    const { connecting, accepted } = this.pipes;
    while (connecting.length > 0 && accepted.length > 0) this.join(connecting.shift(), accepted.shift());
    const single = [...this.records.values()].filter(
      (record) => record.partner === undefined && !record.isOrphaned,
    );
    for (const one of single) {
      if (!one.isAccepted)
        this.join(
          one,
          single.find((other) => other.isOtherEndOf(one)),
        );
    }
  }

  private join(one: StreamRecord | undefined, other: StreamRecord | undefined): void {
    if (one === undefined || other === undefined) return;
    one.partner = other;
    other.partner = one;
    this.movedAt = this.turn;
  }

  /** Whether the end of its connection, or its acceptance by a server of this process, is on its way. */
  private isArriving(record: StreamRecord): boolean {
    const age = this.turn - record.movedAt;
    if (record.isOrphaned) return age < CLOSING && record.isReading;
    if (record.partner !== undefined || record.isAccepted || age >= ACCEPTING) return false;
    const { remotePort } = record;
    return (
      remotePort !== undefined &&
      [...this.servers.values()].some((server) => portOfServer(server) === remotePort)
    );
  }
}

/** Whether the test has opened one of its ends. */
function isConcerned({ isOurs, partner }: StreamRecord): boolean {
  return isOurs || partner?.isOurs === true;
}
