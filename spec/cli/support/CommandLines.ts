import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { bundled } from '../../support/bundled';
import { MAIN, ROOT } from './Command';

const PROGRAM = bundled('spec/cli/support/lineByLine.ts');

/** What a command line has come to. */
interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Gives a way to run command lines that end before anything has started: all of them in one process, since most of what
 * one takes is the start of Node and the loading of packages.
 */
export function useCommandLines(): (args: readonly string[]) => Promise<Outcome> {
  let child: ChildProcess | undefined;
  let ended: Promise<never>;
  const start = (): ChildProcess => {
    const started = fork(PROGRAM, [MAIN], { cwd: ROOT, execArgv: [] });
    ended = once(started, 'exit').then(([code]) => {
      throw new Error(`The process of the command lines has ended with ${String(code)}.`);
    });
    ended.catch(() => undefined); // so it does in the end
    return started;
  };
  afterAll(() => child?.kill());
  return async (args) => {
    child ??= start();
    const answer = once(child, 'message');
    child.send(args);
    const [outcome] = (await Promise.race([answer, ended])) as [Outcome];
    return outcome;
  };
}
