/**
 * What a resource of Node's `async_hooks` is to somebody who waits:
 * - `request`: it is made when work is given away, and called back once when that is done;
 * - `stream`: a socket or a pipe, either end;
 * - `server`: it accepts streams, and nobody waits for it but those who call it;
 * - `handle`: what may stay open without being waited for, such as a child process;
 * - `zlib`, `timer`, `immediate`: they tell themselves whether something is under way;
 * - `nothing`: bookkeeping, and what is seen by its stream.
 */
export type AsyncKind =
  'request' | 'stream' | 'server' | 'handle' | 'zlib' | 'timer' | 'immediate' | 'nothing';

const KINDS: readonly (readonly [AsyncKind, RegExp])[] = [
  ['nothing', /^(PROMISE|TickObject|Microtask|STREAM_END_OF_STREAM)$/],
  ['immediate', /^Immediate$/],
  ['timer', /^Timeout$/],
  ['zlib', /^ZLIB$/],
  ['server', /^(TCP|PIPE)SERVERWRAP$/],
  ['stream', /^(TCP|PIPE)WRAP$/],
  ['handle', /^(UDPWRAP|TTYWRAP|PROCESSWRAP|WORKER|MESSAGEPORT|FSEVENTWRAP|STATWATCHER)$/],
  // A write is seen by its stream's bytes, and so is all that is made of streams.
  ['nothing', /^(WRITEWRAP|SHUTDOWNWRAP|TLSWRAP|JSSTREAM|STREAMPIPE|HTTP.*|QUIC.*|SIGNALWRAP)$/],
  ['nothing', /^(FILEHANDLE|DIRHANDLE|DNSCHANNEL|INSPECTORJSBINDING|ELDHISTOGRAM|JSUDPWRAP|HEAPSNAPSHOT)$/],
];

const known = new Map<string, AsyncKind>();

/**
 * The kind of a type. Whatever is not known to be something else is a request, as add-ons have them under names of
 * their own.
 */
export function kindOf(type: string): AsyncKind {
  let kind = known.get(type);
  if (kind === undefined) {
    kind = KINDS.find(([, pattern]) => pattern.test(type))?.[0] ?? 'request';
    known.set(type, kind);
  }
  return kind;
}
