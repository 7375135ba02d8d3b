import { liveRandom, type RandomSource } from '../../time/spans/random';
import { Activity } from '../../trace/Activity';
import type { RunnerPart } from '../../trace/Ledger';
import { consoleLog, type Log } from '../../trace/Log';
import type { HandlerError } from '../run/HandlerError';
import type { Offloader } from '../waits/Offloader';

/** What is around the operators that are in no agent: the process, or a marble test. */
export interface Surroundings {
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  readonly offloader: Offloader | undefined;
  /** The operators that are subscribed now, where somebody wants to know. */
  readonly runners?: Set<RunnerPart>;
  /** Is told of what a run has failed with that nobody else was told of. */
  failed?(error: HandlerError): void;
}

/** Under this name marble tests say what is around those inside of them, to whichever copy of the kit. */
export const SURROUNDINGS = Symbol.for('rx-agent-kit.surroundings');

/** What stands there, where marble tests are in use. */
export interface TestSurroundings {
  /** What is around whoever runs now; undefined for those outside of the test. */
  current?: (() => Surroundings | undefined) | undefined;
}

interface Around {
  readonly [SURROUNDINGS]?: TestSurroundings;
}

/** What is around whoever runs now. */
export function surroundings(): Surroundings {
  return (globalThis as Around)[SURROUNDINGS]?.current?.() ?? ofProcess();
}

let process: Surroundings | undefined;

function ofProcess(): Surroundings {
  return (process ??= {
    activity: new Activity(),
    random: liveRandom,
    log: consoleLog,
    offloader: undefined,
  });
}
