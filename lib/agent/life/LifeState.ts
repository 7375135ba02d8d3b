/** Where an agent is. The table of ARCHITECTURE.md, "The life of an agent", is this file in words. */
export type Stage =
  /** Made, and nothing of it is there. */
  | 'new'
  /** Its streams are made and subscribed, and `setup$` emits: all of it in one step. */
  | 'setup'
  /** It is set up, and waits to be started. */
  | 'waiting'
  /** It waits for the bus. */
  | 'connecting'
  /** It enters the bus. */
  | 'joining'
  /** `config$` emits. */
  | 'configured'
  /** `start$` emits, and what `readyWhen` says is waited for. */
  | 'start'
  | 'ready'
  /** Timers are cancelled, and runs that drain are waited for. */
  | 'draining'
  /** `stop$` has emitted: its handlers are waited for, and aborted runs. */
  | 'stopping'
  /** What is published at this instant still arrives. */
  | 'leaving'
  /** What came of that is waited for. */
  | 'clearing'
  /** It has left the bus, and `finish$` has emitted: its handlers are waited for. */
  | 'finishing'
  /** Between two lives. */
  | 'down'
  /** The same, while another host may run it: no life begins here until it is this one's turn. */
  | 'standby'
  | 'gone';

/** What is to follow the present life. */
export type Fate =
  /** It goes on. */
  | 'open'
  /** It has failed, and its supervisor is still to be asked. */
  | 'failing'
  /** Another life: when its supervisor says so, when it is this host's turn, or at once, since that has come already. */
  | 'back'
  | 'standby'
  | 'turn'
  /** Nothing: it has been stopped, or it has failed for good. */
  | 'stopped'
  | 'failed';

export interface LifeState {
  readonly stage: Stage;
  readonly fate: Fate;
  /** Whether it has been ready in any life. One that has not is not started again when it fails. */
  readonly hasLived: boolean;
  /** Whether nothing is waited for any more: the host's deadline is over. */
  readonly isHurried: boolean;
  /** Whether the deadline of the present part of the stop is over. */
  readonly isLate: boolean;
}

export type LifeEvent =
  // what is asked of it
  | 'begin'
  | 'go'
  | 'suspend'
  | 'stand by'
  | 'turn'
  | 'stop'
  | 'hurry'
  // what has been done
  | 'set-up'
  | 'connected'
  | 'joined'
  | 'configured'
  | 'started'
  | 'came'
  | 'quiet'
  | 'turned'
  // what goes wrong
  | 'fails'
  | 'fails-for-good'
  | 'overdue'
  | 'late'
  // what its failure has led to
  | 'end'
  | 'returns'
  | 'refused';

export type Effect =
  /** Makes and subscribes the streams, emits `setup$`; then `set-up`, or `fails` before it. */
  | 'set up'
  /** Has `go` come again, in a task of its own. */
  | 'go soon'
  /** Waits for the bus, under the start's deadline; then `connected`, or `fails`. */
  | 'connect'
  /** Puts on the bus what it has there; then `joined`, or `fails`. */
  | 'join'
  /** Emits the config; then `configured`. */
  | 'configure'
  /** Emits `start$` and the config that has come meanwhile; then `started`. */
  | 'start'
  /** Waits for `readyWhen`, under the start's deadline; then `came`. */
  | 'await ready'
  /** Says that it is ready, to its author, to the one who has started it and to its supervisor. */
  | 'be ready'
  /** Says that it is not ready in time. */
  | 'tell overdue'
  /** Says of the health that it has failed. */
  | 'blame'
  /** Has `end` come in a task of its own, since a failure may be in the midst of a stream. */
  | 'end soon'
  /** Asks the supervisor; then `returns` or `refused`, before all else. */
  | 'ask'
  /** The start is waited for no more, and whoever waits for it in vain is told. */
  | 'announce'
  /** Enters the phase `stopping`. */
  | 'begin stop'
  /** Cancels timers, and aborts the runs that are not drained. */
  | 'halt'
  /** Waits for runs, each under a deadline of its own but the last; then `quiet` or `late`. */
  | 'await drained'
  | 'await stopped'
  | 'await cleared'
  | 'await finished'
  /** Notes which runs have not ended, and aborts them. */
  | 'cut in flight'
  | 'cut all'
  /** Emits `stop$`, if `start$` has emitted. */
  | 'emit stop'
  /** Lets this instant pass, if it has anything on the bus; then `turned`. */
  | 'let pass'
  | 'leave bus'
  | 'emit finish'
  /** Unsubscribes and completes all that the life has. */
  | 'close'
  /** Says that it is down. */
  | 'be down'
  /** Says that it stands by. */
  | 'be standby'
  /** Has another life begin: `begin` at once, and `go` in a task of its own. */
  | 'take turn'
  /** Says that it is gone, and settles all that waits for it. */
  | 'be gone';

export const NEW: LifeState = {
  stage: 'new',
  fate: 'open',
  hasLived: false,
  isHurried: false,
  isLate: false,
};

/** Whether another life follows, sooner or later. */
export function comesBack(fate: Fate): boolean {
  return fate === 'back' || fate === 'standby' || fate === 'turn';
}
