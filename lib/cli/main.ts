#!/usr/bin/env node
import { AgentError, type AgentErrorCode } from '../AgentError';
import { codeOf, isA, read } from '../readError';
import packageJson from '../../package.json' with { type: 'json' };
import { CommandError } from './CommandError';
import { createProgram } from './createProgram';
import { explore } from './explore/explore';
import { failureLine } from './failureLine';
import { list } from './list';
import { drained } from './LogSink';
import { pinoLog } from './pinoLog';
import { run } from './run';
import { showTrace } from './showTrace';
import { storeDrop, storeList, storeRedrive, storeShow } from './store/store';

/** What is told before anything has started. */
const BEFORE_START: readonly AgentErrorCode[] = [
  'bad-config',
  'bad-config-file',
  'bad-duration',
  'bad-trace-file',
  'cyclic-needs',
  'duplicate-agent',
  'missing-package',
  'no-store',
  'store-locked',
  'unknown-need',
];

/** How long the last lines of the log may wait for their reader, in ms: the process is to end all the same. */
const LAST_LINES = 2000;

async function main(): Promise<number> {
  let code = 0;
  let printed = 0;
  const print = (text: string): void => {
    printed += text.length;
    process.stdout.write(`${text}\n`);
  };
  const program = await createProgram(
    packageJson.version,
    {
      run: async (modules, options) => {
        // What is printed then is the log, and that may be lost.
        process.stdout.off('error', notPrinted);
        return run(modules, options, await pinoLog(options.log, process.stdout, tell));
      },
      list: async (modules, options) => list(modules, options, print),
      storeList: async (options) => storeList(options, print),
      storeShow: async (choice, options) => storeShow(choice, options, print),
      storeDrop: async (choice, options) => storeDrop(choice, options, print),
      storeRedrive: async (choice, options) => storeRedrive(choice, options, print),
      showTrace: async (file, options) => showTrace(file, options, print),
      explore: async (files, options) =>
        explore(files, options, {
          isTerminal: process.stderr.isTTY,
          write: (text) => process.stderr.write(text),
        }),
    },
    (given) => (code = given),
  );
  await program.parseAsync();
  // A reader of what was asked for may take its time (`| less`).
  await drained(process.stdout, printed > 0 ? Infinity : LAST_LINES);
  return code;
}

function tell(text: string): void {
  process.stderr.write(`rx-agent-kit: ${text}\n`);
}

/** Whoever has seen enough (`| head`) is served. */
function notPrinted(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  tell(`What is printed cannot be written: ${error.message}`);
  process.exit(1);
}

process.stdout.on('error', notPrinted);
// If even that cannot be written there is nobody left to tell.
process.stderr.on('error', () => undefined);
main().then(
  // What agents have left open keeps nothing alive.
  (code) => process.exit(code),
  async (error: unknown) => {
    // The parser has said what is wrong already, or has printed the help.
    const isParsers = codeOf(error)?.startsWith('commander.') === true;
    if (!isParsers) tell(failureLine(error));
    const isEarly = isA(error, CommandError) || (isA(error, AgentError) && BEFORE_START.includes(error.code));
    await drained(process.stdout, LAST_LINES);
    await drained(process.stderr, LAST_LINES);
    process.exit(isParsers ? (read(error, 'exitCode') === 0 ? 0 : 2) : isEarly ? 2 : 1);
  },
);
