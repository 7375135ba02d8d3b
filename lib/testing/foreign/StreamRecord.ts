/** What is looked at of a socket or pipe of Node's. All of it is gone when it is closed. */
export interface NativeStream {
  hasRef?(): boolean | undefined;
  getAsyncId?(): number;
  getsockname?(out: Partial<Address>): number;
  getpeername?(out: Partial<Address>): number;
  readonly fd?: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** False while its owner wants nothing of it. */
  readonly reading?: boolean;
}

interface Address {
  readonly address: string;
  readonly port: number;
}

/** One end of a connection. */
export class StreamRecord {
  // While a stream is being made, it shows what is not true.
  written = 0;
  read = 0;
  /** Whether what was written last has had no answer. */
  isUnanswered = false;
  /** Whether it may be open without being waited for. */
  isLasting = false;
  /** Whether an answer was waited for in vain. */
  isMute = false;
  isReferenced = true;
  isClosed = false;
  /** The turn in which something came or went last. */
  movedAt = 0;
  /** The other end, if it is in this process. */
  partner: StreamRecord | undefined;
  /** Whether the other end was in this process and has been closed. */
  isOrphaned = false;
  private local: string | undefined;
  private remote: string | undefined;

  constructor(
    private readonly stream: NativeStream,
    /** Whether the test has opened it. */
    readonly isOurs: boolean,
    /** Whether a server of this process has accepted it. */
    readonly isAccepted: boolean,
  ) {}

  /** Takes note of what has come and gone; gives whether something has. */
  look(turn: number): boolean {
    const isReferenced = this.stream.hasRef?.();
    this.isClosed = isReferenced === undefined;
    if (this.isClosed) return false;
    this.isReferenced = isReferenced === true;
    const { bytesWritten, bytesRead } = this.stream;
    if (bytesWritten === this.written && bytesRead === this.read) return false;
    this.isUnanswered = bytesWritten !== this.written;
    this.written = bytesWritten;
    this.read = bytesRead;
    this.movedAt = turn;
    return true;
  }

  /** Whether something has come since the last look. */
  hasNews(): boolean {
    return this.stream.bytesRead > this.read;
  }

  /** Whether something is on its way to this end that it will read. */
  isReached(): boolean {
    return this.partner !== undefined && this.partner.written > this.read && this.isReading;
  }

  /** Whether its owner reads what comes. */
  get isReading(): boolean {
    return this.stream.reading !== false;
  }

  get id(): number {
    return this.stream.getAsyncId?.() ?? 0;
  }

  /** Pipes have no names. */
  get hasNames(): boolean {
    return this.stream.getsockname !== undefined;
  }

  get remotePort(): string | undefined {
    this.findNames();
    return portOf(this.remote);
  }

  /** Whether the two are both ends of one connection. */
  isOtherEndOf(other: StreamRecord): boolean {
    this.findNames();
    other.findNames();
    return this.remote !== undefined && this.remote === other.local && this.local === other.remote;
  }

  private findNames(): void {
    if (this.remote !== undefined) return;
    this.local = nameOf((out) => this.stream.getsockname?.(out));
    this.remote = nameOf((out) => this.stream.getpeername?.(out));
  }
}

/** The port that a server listens at. */
export function portOfServer(server: NativeStream): string | undefined {
  return portOf(nameOf((out) => server.getsockname?.(out)));
}

function nameOf(read: (out: Partial<Address>) => number | undefined): string | undefined {
  const out: Partial<Address> = {};
  if (read(out) !== 0 || out.address === undefined || out.port === undefined) return undefined;
  // One end may see the other by an address of IPv6 that stands for one of IPv4.
  return `${out.address.replace(/^::ffff:/i, '')}:${out.port}`;
}

function portOf(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf(':') + 1);
}
