import type { NativeStream } from './StreamRecord';

/** What Node lists as active: its own objects, with the native one within. */
interface ActiveHandle {
  readonly _handle?: (Partial<NativeStream> & object) | null;
  readonly getConnections?: unknown;
}

interface HostProcess {
  readonly process?: { _getActiveHandles?(): readonly ActiveHandle[] };
}

const { process } = globalThis as HostProcess;

/** The standard streams of the process. */
const STANDARD = 2;

/** The connections and servers of the process that keep it alive now, whoever has opened them. */
export function activeStreams(): { readonly streams: NativeStream[]; readonly servers: NativeStream[] } {
  const streams: NativeStream[] = [];
  const servers: NativeStream[] = [];
  for (const { _handle: native, getConnections } of process?._getActiveHandles?.() ?? []) {
    if (!isStream(native) || (native.fd ?? Infinity) <= STANDARD) continue;
    if (getConnections === undefined) streams.push(native);
    else servers.push(native);
  }
  return { streams, servers };
}

function isStream(native: Partial<NativeStream> | null | undefined): native is NativeStream {
  return typeof native?.bytesRead === 'number' && typeof native.bytesWritten === 'number';
}
