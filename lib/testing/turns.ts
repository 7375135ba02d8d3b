import { AgentError } from '../AgentError';

/** Who has the globals. There is one of these in a process, however often the kit is loaded. */
interface Turns {
  last: Promise<void>;
  isInBody: boolean;
  readonly waiting: Set<(error: AgentError) => void>;
}

const KEY = Symbol.for('rx-agent-kit.marble-turns');

function turns(): Turns {
  const host = globalThis as { [KEY]?: Turns };
  return (host[KEY] ??= { last: Promise.resolve(), isInBody: false, waiting: new Set() });
}

/** @throws AgentError `nested-marble-test` if it is called from within the body of a test */
export function refuseNesting(): void {
  if (turns().isInBody) throw nested();
}

/**
 * Marble tests take turns, since they replace the process's timers.
 *
 * @returns what ends the turn
 */
export async function takeTurn(): Promise<() => void> {
  const { last, waiting } = turns();
  let end: () => void = () => undefined;
  const mine = new Promise<void>((resolve) => {
    end = resolve;
  });
  turns().last = last.then(() => mine);
  let reject: (error: AgentError) => void = () => undefined;
  const refused = new Promise<never>((_resolve, onRefused) => {
    reject = onRefused;
  });
  waiting.add(reject);
  try {
    await Promise.race([last, refused]);
    return end;
  } catch (error) {
    end();
    throw error;
  } finally {
    waiting.delete(reject);
  }
}

/** Calls a body: a test that is started meanwhile is nested. */
export function inBody<R>(body: () => R): R {
  const state = turns();
  state.isInBody = true;
  try {
    return body();
  } finally {
    state.isInBody = false;
  }
}

/** Refuses the tests that wait for their turn, of which a test that is stuck may be waiting for one. False if there is none. */
export function refuseWaiting(): boolean {
  const { waiting } = turns();
  for (const reject of waiting) reject(nested());
  return waiting.size > 0;
}

function nested(): AgentError {
  return new AgentError(
    'nested-marble-test',
    'A marble test was started inside another one: they would share one time. Let each be a test of its own; for a second host in the same test use createHost({ clock }).',
  );
}
