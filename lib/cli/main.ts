#!/usr/bin/env node
import { AgentError, type AgentErrorCode } from '../AgentError';
import { codeOf, isA, read } from '../readError';
import packageJson from '../../package.json' with { type: 'json' };
import { CommandError } from './CommandError';
import { createProgram } from './createProgram';
import { failureLine } from './Farm';
import { list } from './list';
import { pinoLog } from './pinoLog';
import { run } from './run';
import { showTrace } from './showTrace';

/** What is told before anything has started. */
const BEFORE_START: readonly AgentErrorCode[] = [
  'bad-config',
  'bad-config-file',
  'bad-duration',
  'bad-trace-file',
  'cyclic-needs',
  'duplicate-agent',
  'missing-package',
  'unknown-need',
];

async function main(): Promise<number> {
  let code = 0;
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  const program = await createProgram(
    packageJson.version,
    {
      run: async (modules, options) => run(modules, options, await pinoLog(options.log, process.stdout)),
      list: async (modules, options) => list(modules, options, print),
      showTrace: async (file, options) => showTrace(file, options, print),
    },
    (given) => (code = given),
  );
  await program.parseAsync();
  return code;
}

main().then(
  // What agents have left open keeps nothing alive.
  (code) => process.exit(code),
  (error: unknown) => {
    const code = codeOf(error);
    // The parser has said what is wrong already, or has printed the help.
    if (code?.startsWith('commander.') === true) process.exit(read(error, 'exitCode') === 0 ? 0 : 2);
    process.stderr.write(`rx-agent-kit: ${failureLine(error)}\n`);
    const isEarly = isA(error, CommandError) || (isA(error, AgentError) && BEFORE_START.includes(error.code));
    process.exit(isEarly ? 2 : 1);
  },
);
