import { AgentError } from '../../AgentError';

/** A test that waits until the one before it has ended. */
interface Waiting {
  /** Whether it was asked for while another test ran, which may be waiting for it. */
  readonly isLateComer: boolean;
  begin(): void;
  refuse(): void;
}

/** Who has the globals. There is one of these in a process, however often the kit is loaded. */
interface Turns {
  /** Whether somebody has them, or is about to. */
  isTaken: boolean;
  isRunning: boolean;
  isInBody: boolean;
  waiting: Waiting[];
  /** What was refused to the body of the test that runs. */
  refusals: Refusal[];
}

/** A rejected promise that knows whether somebody has asked for it. */
class Refusal extends Promise<never> {
  isHeard = false;

  /** What is derived from it is a promise as any other. */
  static override get [Symbol.species]() {
    return Promise;
  }

  override then<R1 = never, R2 = never>(
    onFulfilled?: ((value: never) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    this.isHeard = true;
    return super.then(onFulfilled, onRejected);
  }
}

const KEY = Symbol.for('rx-agent-kit.marble-queue');
const state = findTurns();

/** It is made when this file is loaded, so that a test leaves the globals as they were. */
function findTurns(): Turns {
  const host = globalThis as { [KEY]?: Turns };
  if (host[KEY] === undefined) {
    const turns: Turns = { isTaken: false, isRunning: false, isInBody: false, waiting: [], refusals: [] };
    Object.defineProperty(host, KEY, { value: turns });
    return turns;
  }
  return host[KEY];
}

/** Refuses a test that is started from within the body of another one; gives undefined for any other. */
export function refuseNesting(): Promise<never> | undefined {
  if (!state.isInBody) return undefined;
  const refusal = new Refusal((_resolve, reject) => {
    reject(nested());
  });
  refusal.catch(() => undefined);
  refusal.isHeard = false;
  state.refusals.push(refusal);
  return refusal;
}

/** The first refusal that the body of the test which ends now has let go unheard. */
export function takeUnheardRefusal(): Promise<never> | undefined {
  if (state.refusals.length === 0) return undefined;
  return state.refusals.splice(0).find(({ isHeard }) => !isHeard);
}

/**
 * Marble tests take turns, since they replace the process's timers.
 *
 * @returns what ends the turn
 */
export async function takeTurn(): Promise<() => void> {
  // Those that are started at once are all there before the first begins: none of them can be waited for by another.
  const turn = state.isTaken ? nextTurn() : undefined;
  state.isTaken = true;
  await turn;
  state.isRunning = true;
  return endTurn;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve, reject) => {
    state.waiting.push({
      isLateComer: state.isRunning,
      begin: resolve,
      refuse: () => {
        reject(nested());
      },
    });
  });
}

function endTurn(): void {
  state.isRunning = false;
  const next = state.waiting.shift();
  if (next === undefined) state.isTaken = false;
  else next.begin();
}

/** Calls a body: a test that is started meanwhile is nested. */
export function inBody<R>(body: () => R): R {
  state.isInBody = true;
  try {
    return body();
  } finally {
    state.isInBody = false;
  }
}

/** Refuses the tests that were asked for while this one runs, since this one may wait for them. False if there is none. */
export function refuseNested(): boolean {
  const lateComers = state.waiting.filter(({ isLateComer }) => isLateComer);
  state.waiting = state.waiting.filter(({ isLateComer }) => !isLateComer);
  for (const lateComer of lateComers) lateComer.refuse();
  return lateComers.length > 0;
}

function nested(): AgentError {
  return new AgentError(
    'nested-marble-test',
    'A marble test was started inside another one: they would share one time. Let each be a test of its own; for a second host in the same test use createHost({ clock }).',
  );
}
