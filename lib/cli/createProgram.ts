import type { Command } from 'commander';
import { commandPackage } from './commandPackage';
import { type BusFlags, isBus, MEMORY } from './busFlags';
import type { ExploreArguments } from './explore/explore';
import { RUNNERS } from './explore/runners';
import { LEVELS, type Level } from './pinoLog';
import type { KeptChoice, StoreArguments } from './store/store';

/** What each subcommand does, given its arguments; it gives the exit code. */
export interface Actions {
  run(modules: string[], options: RunArguments): Promise<number>;
  list(modules: string[], options: ListArguments): Promise<number>;
  showTrace(file: string, options: ShowArguments): Promise<number>;
  explore(files: string[], options: ExploreArguments): Promise<number>;
  storeList(options: StoreArguments): Promise<number>;
  storeShow(choice: KeptChoice, options: StoreArguments): Promise<number>;
  storeDrop(choice: KeptChoice, options: StoreArguments): Promise<number>;
  storeRedrive(choice: KeptChoice, options: StoreArguments): Promise<number>;
}

export interface RunArguments extends BusFlags {
  readonly config?: string;
  readonly speed: number;
  readonly trace?: string;
  readonly store?: string;
  readonly name: string;
  readonly log: Level;
  readonly watch: boolean;
}

export interface ListArguments {
  readonly config?: string;
}

export interface ShowArguments {
  readonly from?: string;
  readonly to?: string;
  readonly step?: string;
  readonly agent?: string[];
  readonly width?: number;
}

const RUN_EXAMPLES = `
Modules are TypeScript or JavaScript; nothing has to be built. A module's default export is started: an agent, a
list of agents, or a function of a host. Without one, all of its exports that are agents.

Examples:
  rx-agent-kit run farm.ts                                 runs the agents of farm.ts, until Ctrl-C
  rx-agent-kit run pump.ts panel.ts --config farm.yaml     with their configs; an edit arrives while they run
  rx-agent-kit run farm.ts --speed 60 --trace day.ndjson   sixty times as fast, and writes down what happens
  rx-agent-kit run farm.ts --name a --bus nats://broker    one host of several, over NATS
  rx-agent-kit run farm.ts --store ./data                  keeps what is durable in them, over restarts and crashes
  rx-agent-kit run farm.ts --watch                         starts anew at each edit of a module

The config file has a section for each agent, in YAML or JSON; \${NAME} stands for a variable of the environment:
  pump:
    rate: 3
    password: \${PUMP_PASSWORD}

Exit codes: 0 after a clean stop, 1 when an agent has failed for good (the last line says which and why), 2 when
something is wrong with the arguments, a module or a file, and nothing has started. A second Ctrl-C ends at once.`;

const SHOW_EXAMPLES = `
Each stream has rows for its runs and its values; time goes to the right, and where nothing happens it is cut (//).

Examples:
  rx-agent-kit trace show day.ndjson
  rx-agent-kit trace show day.ndjson --agent pump --from 1m --to 1m30s     only that, more finely
  rx-agent-kit trace show day.ndjson --step 100ms                          a column for each 100 ms`;

const EXPLORE_EXAMPLES = `
The files are run by the project's own test runner: Jest, Vitest or node:test. Each explore(body) in them searches as
long as is said here. A failing run is kept in the file of tapes, and is tried first the next time.

Examples:
  rx-agent-kit explore spec/orders.spec.ts --runs 100000
  rx-agent-kit explore spec/orders.spec.ts --seconds 600 --name 'charges once'
  rx-agent-kit explore spec/orders.spec.ts --exhaustive --runs 5000     the simplest runs first, none twice

Exit codes: that of the test runner; 2 when something is wrong with the arguments.`;

const STORE_EXAMPLES = `
What is kept belongs to a host (--name), an agent and a durable name; the state of an agent is kept as '(state)'.
list and show may be used while agents run on the store; drop and redrive may not.

Examples:
  rx-agent-kit store list --store ./data                  what is kept, and how much of it
  rx-agent-kit store show shop orders --store ./data      its open jobs, steps and timers, and the dead
  rx-agent-kit store redrive shop orders --store ./data   what had failed for good runs again at the next start
  rx-agent-kit store drop shop orders 17 --store ./data   forgets one job, with its steps

Exit codes: 0; 2 when something is wrong with the arguments, there is nothing of the kind, or the store is in use.`;

/** The command line: what can be typed, and what the help says of it. */
export async function createProgram(
  version: string,
  actions: Actions,
  done: (code: number) => void,
): Promise<Command> {
  const { Command, Option, InvalidArgumentError } = await commandPackage(
    'commander',
    () => import('commander'),
  );
  const number = (text: string): number => {
    const value = Number(text);
    if (value > 0 && value < Infinity) return value;
    throw new InvalidArgumentError('Give a number above 0, such as 60.');
  };
  const whole = (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new InvalidArgumentError('Give a whole number above 0, such as 100000.');
  };
  const seed = (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw new InvalidArgumentError('Give a number, such as 1.');
  };
  const bus = (url: string): string => {
    if (isBus(url)) return url;
    throw new InvalidArgumentError(
      `Give ${MEMORY}, or servers of NATS: nats://broker:4222, several with commas between.`,
    );
  };
  const configOption = ['--config <file>', 'the YAML or JSON file with a section for each agent'] as const;
  const program = new Command('rx-agent-kit')
    .description('Runs agents, shows what they consist of, and draws what they have done.')
    .version(version)
    // The exit code of what is wrong with the arguments is the command's own.
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(rx-agent-kit --help, or --help behind a command, says what there is.)')
    .addHelpText('after', '\nExample: rx-agent-kit run farm.ts --config farm.yaml');
  program
    .command('run')
    .description('start the agents that modules export, until Ctrl-C')
    .argument('<modules...>', 'paths of modules, in TypeScript or JavaScript')
    .option(...configOption)
    .option('--speed <n>', 'how many times as fast as the clock time goes for agents', number, 1)
    .option('--trace <file>', 'write all that happens to a file, for trace show')
    .option('--store <folder>', 'keep what is durable in the agents there')
    .option('--bus <url>', 'what carries messages', bus, MEMORY)
    .option(
      '--bus-credentials <file>',
      'who this is to the bus: a .creds file, or one with the seed of an NKey',
    )
    .option('--bus-ca <file>', 'whose certificates the bus may have, in PEM')
    .option('--name <name>', "the host's name, on the bus and in traces", 'rx-agent-kit')
    .addOption(new Option('--log <level>', 'the least that is logged').choices(LEVELS).default('info'))
    .option('--watch', 'at an edit of a module, stop, and start anew', false)
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (modules: string[], options: RunArguments) => {
      done(await actions.run(modules, options));
    });
  program
    .command('list')
    .description(
      'print the agents, streams, topics and procedures of modules, with their schemas; nothing is started',
    )
    .argument('<modules...>', 'paths of modules, in TypeScript or JavaScript')
    .option(...configOption)
    .action(async (modules: string[], options: ListArguments) => {
      done(await actions.list(modules, options));
    });
  program
    .command('trace')
    .description('read traces that were written by run --trace')
    .command('show')
    .description('draw a trace as swim lanes on one time axis')
    .argument('<file>', 'the file that run --trace has written')
    .option('--from <span>', 'leave out what came before, counted from the start of the trace')
    .option('--to <span>', 'leave out what came after')
    .option('--step <span>', 'what one column stands for; default such that all fits')
    .option('--agent <names...>', 'only these agents')
    .option('--width <n>', 'how many columns there are; default those of the terminal', number)
    .addHelpText('after', SHOW_EXAMPLES)
    .action(async (file: string, options: ShowArguments) => {
      done(await actions.showTrace(file, options));
    });
  program
    .command('explore')
    .description('search what spec files explore for longer than a test run does')
    .argument('<files...>', 'paths of spec files')
    .option('--runs <n>', 'how many runs each search makes', whole)
    .option('--seconds <n>', 'how long each search takes at most', number)
    .option('--seed <n>', 'the seed of the searches; default another one each time', seed)
    .option('--exhaustive', 'all runs one after the other, the simplest first', false)
    .option('--tapes <file>', 'where failing runs are kept', '.rx-agent-kit/tapes.json')
    .option('--name <pattern>', 'only the tests of this name')
    .addOption(
      new Option('--runner <name>', 'the test runner; default the one of the project').choices(RUNNERS),
    )
    .addHelpText('after', EXPLORE_EXAMPLES)
    .action(async (files: string[], options: ExploreArguments) => {
      done(await actions.explore(files, options));
    });
  const store = program
    .command('store')
    .description('look at what run --store has kept, and mend it')
    .addHelpText('after', STORE_EXAMPLES);
  const onStore = (line: string, description: string): Command =>
    store
      .command(line)
      .description(description)
      .requiredOption('--store <folder>', 'the folder')
      .option('--name <name>', "the host's name; default all")
      .option('--json', 'print JSON', false);
  onStore('list', 'print what is kept, by durable name').action(async (options: StoreArguments) => {
    done(await actions.storeList(options));
  });
  const verbs = [
    ['show [agent] [durable] [id]', 'print what is kept under a name', 'storeShow'],
    ['drop <agent> [durable] [id]', 'forget what is kept under a name', 'storeDrop'],
    ['redrive <agent> [durable] [id]', 'let jobs that have failed for good run again', 'storeRedrive'],
  ] as const;
  for (const [line, description, action] of verbs)
    onStore(line, description).action(
      async (
        agent: string | undefined,
        durable: string | undefined,
        id: string | undefined,
        options: StoreArguments,
      ) => {
        done(await actions[action]({ agent, durable, id }, options));
      },
    );
  return program;
}
