import type { Run } from 'rx-agent-kit';
import { RESPONSE } from './protocol/response';
import type { VenClient } from './VenClient';
import { VtnError } from './Vtn';

/** Something that could not be done, and is tried again: what, and why it has failed so many times. */
export interface Setback {
  readonly what: string;
  readonly error: VtnError;
  readonly failures: number;
}

/** So often a message is tried that the VTN fails on while it answers others. */
const MOST_TRIES = 5;

/**
 * Does something with the VTN until it is done: for as long as it takes while the VTN is away, and a few times if it
 * is there and fails on this only, so that one bad message does not hold up all that wait behind it. What the VTN
 * refuses by an answer is not tried again. Resolves with undefined when the client is of no use any more.
 *
 * @throws VtnError, or Cancelled with the run
 */
export async function insist<T>(
  client: VenClient,
  what: string,
  run: Run,
  work: () => Promise<T>,
  onSetback: (setback: Setback) => void,
): Promise<T | undefined> {
  const { answered } = client;
  for (let failures = 1; !client.isClosed; failures++) {
    try {
      return await work();
    } catch (error) {
      const isVain = failures >= MOST_TRIES && client.answered > answered;
      if (!(error instanceof VtnError) || isFinal(error) || isVain) throw error;
      onSetback({ what, error, failures });
      await run.sleep(client.backoff(failures));
    }
  }
  return undefined;
}

/** A VTN that does not know the VEN any more will do so again: a poll finds it out. */
function isFinal({ code, details: { responseCode = '' } }: VtnError): boolean {
  return code === 'refused' && responseCode !== RESPONSE.notRegistered && !responseCode.startsWith('5');
}
