import { AgentError } from '../../AgentError';
import type { AbortReason } from '../../trace/TraceEvent';

/** Why a run's functions reject; `settled` is for work that a handler has left behind when it returned. */
export type CancelReason = AbortReason | 'settled';

const WHY: Readonly<Record<CancelReason, string>> = {
  switched: 'another trigger has taken its place',
  timeout: 'it has taken longer than its timeout',
  stopped: 'its agent stops',
  unsubscribed: 'nobody is subscribed to its stream any more',
  'called-off': 'it has been called off',
  crashed: 'its process has ended',
  settled: 'its handler has returned',
};

/**
 * What the functions of an aborted run reject with, and the reason of its signal. Let it through: the kit
 * swallows it. There is one for each reason, so that a thousand switches do not make a thousand stacks.
 */
export class Cancelled extends AgentError {
  override readonly name = 'Cancelled';

  private constructor(readonly reason: CancelReason) {
    super('cancelled', `The run is cancelled: ${WHY[reason]}.`);
    delete this.stack;
  }

  static readonly because: Readonly<Record<CancelReason, Cancelled>> = {
    switched: new Cancelled('switched'),
    timeout: new Cancelled('timeout'),
    stopped: new Cancelled('stopped'),
    unsubscribed: new Cancelled('unsubscribed'),
    'called-off': new Cancelled('called-off'),
    crashed: new Cancelled('crashed'),
    settled: new Cancelled('settled'),
  };
}
