/** What the host has under way for a test, as far as it tells. */
export interface HostWork {
  /** Whether it tells of all work but that which no host shows: then nothing else has to be guessed. */
  readonly tells: boolean;
  /** Changes whenever something has come of what is under way. */
  readonly progress: number;
  begin(): void;
  end(): void;
  /** Holds time until a promise has settled of which no hook tells. */
  track(promise: PromiseLike<unknown>): void;
  /** Takes note that a turn has passed. */
  look(): void;
  /** Whether something is under way that ends by itself: a request, a real timer, data on its way. */
  isUnderWay(): boolean;
  /** Whether somebody elsewhere has been asked and has not answered: over a socket, or as a child process. */
  isAsking(): boolean;
  /** Whether something is open that may be waited for, such as a socket or a child process. */
  isOpen(): boolean;
  /** Whether what is waited for over sockets since a look can only come from this very process. */
  isAskingItself(): boolean;
  /** Somebody begins to wait for what he has said to be foreign. */
  externalBegins(): void;
  /** Takes what there is for usual: all of it, or only what may be open without being waited for. */
  accept(which: 'all' | 'lasting'): void;
}
