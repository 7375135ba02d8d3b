import { formatMs, toMs } from '../time/spans/duration';
import { readTrace } from '../node/trace/readTrace';
import type { TraceLine } from '../node/trace/TraceLine';
import { CommandError } from './CommandError';
import type { ShowArguments } from './createProgram';
import { type AgentLanes, Story } from './lanes/Story';
import { TimeScale } from './lanes/TimeScale';

/** How wide the drawing is where there is no terminal, and how narrow it may be. */
const WIDTH = 120;
const NARROWEST = 30;
/** How many agents are drawn, how many values of a stream are explained, and how many incidents are told. */
const AGENTS = 25;
const VALUES = 8;
const INCIDENTS = 50;

const LEGEND = [
  'agents    [ set up  . starting or stopping  = ready  c new config  r restarts  ] stopped  X failed',
  'waits     of timers: + armed  . waiting  t fired  x cancelled',
  'runs      s started  ~ in flight  e settled  o both  x aborted  f failed  d trigger without a run',
  'messages  > published  < delivered  ? called  = answered  ! refused or failed  * several kinds',
  'values    a letter each; a number: so many at once',
];

/** Draws a trace as swim lanes, and tells what went wrong in it. */
export async function showTrace(
  path: string,
  options: ShowArguments,
  print: (text: string) => void,
): Promise<number> {
  const { story, host, dropped, from: origin } = await gather(path, options);
  const { agents, incidents, instants } = story;
  if (instants.length === 0) throw new CommandError(`${path} has no events ${rangeOf(options)}.`);
  // The host itself has a name, but no rows.
  const drawable = [...agents].filter(([, lanes]) => rowsOf(lanes).some((lane) => !lane.isEmpty));
  const shown = drawable.slice(0, AGENTS);
  const rows = shown.flatMap(([, lanes]) => rowsOf(lanes));
  const margin = Math.max(4, ...rows.map(({ label }) => label.length)) + 2;
  const width = Math.max(
    NARROWEST,
    (options.width ?? (process.stdout.isTTY ? process.stdout.columns : WIDTH)) - margin,
  );
  const scale =
    options.step === undefined
      ? TimeScale.fitting(instants, width, origin)
      : new TimeScale(instants, stepOf(options.step), origin);
  print(
    `${path}: ${host}, ${String(drawable.length)} ${drawable.length === 1 ? 'agent' : 'agents'}; a column is ${formatMs(scale.step)}`,
  );
  const drawn = rows.map((lane) => [lane.label.padEnd(margin), lane.draw(scale)] as const);
  for (let from = 0; from < scale.columns.length; from += width) {
    const to = Math.min(from + width, scale.columns.length);
    print(`\n${'time'.padEnd(margin)}${scale.labels(from, to)}`);
    for (const [label, cells] of drawn) print(`${label}${cells.slice(from, to)}`.trimEnd());
  }
  if (drawable.length > AGENTS)
    print(`… and ${String(drawable.length - AGENTS)} more agents: --agent <names...> picks some.`);
  print(`\n${LEGEND.join('\n')}`);
  for (const line of shown.flatMap(([name, lanes]) => legendOf(name, lanes))) print(line);
  printIncidents(incidents, print);
  if (dropped > 0)
    print(`\n${String(dropped)} events were dropped when it was written, since the disk was too slow.`);
  return 0;
}

async function gather(path: string, options: ShowArguments) {
  const [from, to] = [
    options.from === undefined ? 0 : toMs(options.from),
    options.to === undefined ? Infinity : toMs(options.to),
  ];
  const story = new Story({ from, to });
  const known = new Set<string>();
  let [host, dropped, start] = ['', 0, NaN];
  for await (const line of readTrace(path)) {
    if (line.type === 'trace') host = line.host;
    else if (line.type === 'dropped') dropped += line.count;
    if (!isEvent(line)) continue;
    if (Number.isNaN(start)) start = line.at;
    const agent = String(line['agent']);
    known.add(agent);
    const at = line.at - start;
    if (options.agent?.includes(agent) !== false) story.add(line, at);
  }
  const unknown = options.agent?.find((agent) => !known.has(agent));
  if (unknown !== undefined)
    throw new CommandError(
      `--agent ${unknown}: there is no such agent in ${path}, but ${[...known].join(', ')}.`,
    );
  return { story, host, dropped, from };
}

function isEvent(line: TraceLine): line is Extract<TraceLine, { readonly seq: number }> {
  return 'seq' in line;
}

function rowsOf({ phases, messages, streams }: AgentLanes) {
  const rows = [...streams.values()].flatMap(({ timers, runs, values }) => [timers.lane, runs, values]);
  return [phases, ...[messages, ...rows].filter((lane) => !lane.isEmpty)];
}

function legendOf(agent: string, { streams }: AgentLanes): string[] {
  return [...streams].flatMap(([stream, { legend }]) => {
    if (legend.size === 0) return [];
    const values = [...legend].slice(0, VALUES).map(([text, letter]) => `${letter} = ${text}`);
    return [`${agent}.${stream}: ${values.join(', ')}${legend.size > VALUES ? ', …' : ''}`];
  });
}

function printIncidents(incidents: Story['incidents'], print: (text: string) => void): void {
  if (incidents.length === 0) return;
  print('\nWhat went wrong:');
  for (const { at, text } of incidents.slice(0, INCIDENTS))
    print(`  ${formatMs(Math.round(at))}  ${text.replaceAll('\n', '\n    ')}`);
  if (incidents.length > INCIDENTS)
    print(`  … and ${String(incidents.length - INCIDENTS)} more: --from and --to pick some.`);
}

function stepOf(text: string): number {
  const step = toMs(text);
  if (step > 0) return step;
  throw new CommandError('--step 0: give a span, such as 100ms.');
}

function rangeOf({ from, to }: ShowArguments): string {
  const parts = [from === undefined ? '' : `from ${from} on`, to === undefined ? '' : `up to ${to}`];
  return parts.filter((part) => part !== '').join(' ') || 'in it';
}
