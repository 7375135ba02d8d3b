import { formatMs } from '../../time/spans/duration';
import type { Phase } from '../../trace/TraceEvent';
import { describeValue } from '../../trace/describeValue';
import { RUN_MARBLES } from '../../trace/runMarbles';
import type { TraceEventLine } from '../../node/trace/TraceLine';
import { count, heaviest, Lane } from './Lane';
import { TimerRow } from './TimerRow';

/** The rows of one stream. */
interface StreamLanes {
  readonly timers: TimerRow;
  readonly runs: Lane;
  readonly values: Lane;
  readonly legend: Map<string, string>;
  readonly inFlight: Map<unknown, (end: number) => void>;
}

/** The rows of one agent. */
export interface AgentLanes {
  readonly phases: Lane;
  readonly messages: Lane;
  readonly streams: Map<string, StreamLanes>;
  endPhase: ((end: number) => void) | undefined;
}

const PHASE_MARKS: Readonly<Partial<Record<Phase, string>>> = {
  setup: '[',
  stopping: 't',
  restarting: 'r',
  stopped: ']',
  failed: 'X',
};
const MESSAGE_MARKS: Readonly<Record<string, string>> = {
  'message-published': '>',
  'message-delivered': '<',
  'message-refused': '!',
  'call-sent': '?',
  'call-answered': '=',
  'call-failed': '!',
  'call-refused': '!',
};
const LETTERS = 26;

/** What a trace tells, gathered event by event: rows to draw, and what went wrong, in words. */
export class Story {
  readonly agents = new Map<string, AgentLanes>();
  readonly incidents: { readonly at: number; readonly text: string }[] = [];
  readonly instants: number[] = [];

  /** @param range what is drawn and told of, in ms from the start of the trace */
  constructor(private readonly range: { readonly from: number; readonly to: number }) {}

  add(event: TraceEventLine, at: number): void {
    // It is of no agent.
    if (event.type === 'bus-status') return;
    const agent = this.agentOf(String(event['agent']));
    const stream = typeof event['stream'] === 'string' ? streamOf(agent, event['stream']) : undefined;
    const message = MESSAGE_MARKS[event.type];
    if (event.type === 'phase') this.phase(agent, event['phase'] as Phase, at);
    else if (event.type === 'value') {
      // The letters are for what is drawn.
      if (stream && this.isShown(at)) this.mark(stream.values, at, nameOf(stream, event['value']));
    } else if (event.type === 'config-changed') this.mark(agent.phases, at, 'c');
    else if (message !== undefined) this.mark(agent.messages, at, message);
    else if (stream && event.type.startsWith('run-')) this.run(stream, event, at);
    else if (stream && event.type === 'trigger-dropped') this.mark(stream.runs, at, 'd');
    const timer = stream?.timers.take(event, at);
    if (stream && timer !== undefined) this.mark(stream.timers.lane, at, timer);
    const text = incidentOf(event);
    // What is refused is told of twice: as that, and as an error.
    if (text !== undefined && this.isShown(at) && this.incidents.at(-1)?.text !== text) {
      this.incidents.push({ at, text });
      this.instants.push(at);
    }
  }

  private phase(agent: AgentLanes, phase: Phase, at: number): void {
    agent.endPhase?.(at);
    agent.endPhase = undefined;
    const mark = PHASE_MARKS[phase];
    if (mark !== undefined) this.mark(agent.phases, at, mark);
    const isOver = phase === 'stopped' || phase === 'failed';
    if (!isOver) agent.endPhase = agent.phases.begin(at, phase === 'ready' ? '=' : '.');
    else for (const { timers } of agent.streams.values()) timers.end(at);
  }

  private run({ runs, inFlight }: StreamLanes, event: TraceEventLine, at: number): void {
    const marble = RUN_MARBLES[event.type];
    if (marble === undefined) return;
    this.mark(runs, at, marble);
    inFlight.get(event['run'])?.(at);
    inFlight.delete(event['run']);
    if (marble === 's') inFlight.set(event['run'], runs.begin(at, '~'));
  }

  private mark(lane: Lane, at: number, glyph: string): void {
    if (!this.isShown(at)) return;
    lane.mark(at, glyph);
    this.instants.push(at);
  }

  private isShown(at: number): boolean {
    return at >= this.range.from && at <= this.range.to;
  }

  private agentOf(name: string): AgentLanes {
    const known = this.agents.get(name);
    if (known !== undefined) return known;
    const agent: AgentLanes = {
      phases: new Lane(name, heaviest('X', 'r', ']', 'c', '['), ' '),
      messages: new Lane('  messages', combineMessages),
      streams: new Map(),
      endPhase: undefined,
    };
    this.agents.set(name, agent);
    return agent;
  }
}

function streamOf({ streams }: AgentLanes, name: string): StreamLanes {
  const known = streams.get(name);
  if (known !== undefined) return known;
  const stream: StreamLanes = {
    timers: new TimerRow(name),
    runs: new Lane(`  ${name} runs`, combineRuns),
    values: new Lane(`  ${name}`, count),
    legend: new Map(),
    inFlight: new Map(),
  };
  streams.set(name, stream);
  return stream;
}

/** What went wrong comes first; a run that begins and ends in one column is an `o`. */
function combineRuns(glyphs: readonly string[]): string {
  const worst = ['f', 'x', 'd'].find((glyph) => glyphs.includes(glyph));
  if (worst !== undefined) return worst;
  const isBoth = glyphs.includes('s') && glyphs.includes('e');
  return isBoth ? (glyphs[0] === 'e' && glyphs.length === 2 ? 's' : 'o') : (glyphs[0] ?? '');
}

function combineMessages(glyphs: readonly string[]): string {
  if (glyphs.includes('!')) return '!';
  return new Set(glyphs).size === 1 ? (glyphs[0] ?? '') : '*';
}

/** Each different value has a letter, up to z. */
function nameOf({ legend }: StreamLanes, value: unknown): string {
  const text = describeValue(value);
  const known = legend.get(text);
  if (known !== undefined) return known;
  if (legend.size === LETTERS) return '*';
  const letter = String.fromCharCode('a'.charCodeAt(0) + legend.size);
  legend.set(text, letter);
  return letter;
}

/** What a reader wants to be told of in words; undefined for the ordinary course of things. */
function incidentOf(event: TraceEventLine): string | undefined {
  const agent = String(event['agent']);
  const where = typeof event['stream'] === 'string' ? `${agent}.${event['stream']}` : agent;
  switch (event.type) {
    case 'error':
    case 'config-refused':
      return `${agent}: ${messageIn(event['error'])}`;
    case 'message-refused':
    case 'call-refused':
      return `${agent}: refused: ${messageIn(event['error'])}`;
    case 'run-failed':
      return event['willRetry'] === true
        ? `${where}: attempt ${String(event['attempt'])} failed, and is repeated: ${messageIn(event['error'])}`
        : undefined;
    case 'restart-planned':
      return restartOf(agent, event);
    case 'trigger-dropped':
      return `${where}: a trigger was dropped (${String(event['reason'])})`;
    case 'phase':
      return event['phase'] === 'failed' ? `${agent} has failed` : undefined;
    default:
      return undefined;
  }
}

/** What has failed has been told already, if it is the agent itself. */
function restartOf(agent: string, event: TraceEventLine): string {
  const because = String(event['because']);
  const why = because.startsWith(`${agent}:`) ? '' : `, because ${because}`;
  const wait = Math.round(Number(event['due']) - event.at);
  return `${agent}: restart ${String(event['restart'])} in ${formatMs(wait)}${why}`;
}

function messageIn(error: unknown): string {
  const { $error } = (error ?? {}) as { readonly $error?: { readonly message?: unknown } };
  return $error === undefined ? describeValue(error) : String($error.message);
}
