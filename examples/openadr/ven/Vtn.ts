import type { Message } from './protocol/message';

/** What a VTN has answered. */
export interface Answer {
  /** Undefined if the answer was empty, which is how some acknowledge what asks for nothing. */
  readonly message: Message | undefined;
  /** What the VTN's clock showed, in ms since the epoch, if it says so. */
  readonly date?: number | undefined;
}

/** The other side, as the VEN sees it: a port, so that a spec can script it. */
export interface Vtn {
  /** Sends a message and resolves with the answer. Rejects with a {@link VtnError}, and when the signal is aborted. */
  send(request: Message, signal: AbortSignal): Promise<Answer>;
  /** Lets go of what it holds; nothing is sent from then on. */
  close(): void;
}

export type VtnErrorCode =
  /** No answer, or not all of one. */
  | 'unreachable'
  /** No answer in time. */
  | 'timeout'
  /** An HTTP status that is no success. */
  | 'http-status'
  /** No XML, too much of it, or XML that is no message. */
  | 'bad-answer'
  /** A message that is no answer to what was asked. */
  | 'unexpected'
  /** The VTN says no: `responseCode` has its reason. */
  | 'refused';

/** Why a VTN has not done what it was asked for. */
export class VtnError extends Error {
  override readonly name = 'VtnError';

  constructor(
    readonly code: VtnErrorCode,
    message: string,
    readonly details: { readonly responseCode?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
  }
}
