import { Observable } from 'rxjs';
import type { TraceEvent } from 'rx-agent-kit';
import { instant, span } from './instants';
import { Lanes } from './Lanes';
import { show } from './transcript';

export type Style = 'dim' | 'bold' | 'cyan' | 'yellow' | 'green' | 'red';
/** Gives a text a style, or leaves it as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** What one event is in the timeline: a text in one of the columns, beside the lanes of that column. */
interface Cell {
  readonly column: 'agents' | 'timers' | 'runs';
  readonly lanes: string;
  readonly text: string;
  readonly style: Style;
}

const WIDTHS = { time: 10, agents: 22, timers: 26 };
const REPEATING = ['every', 'cron'];

/**
 * Draws all that happens in a host as it happens, a line each: the time since the first event, and then columns
 * for the phases of the agents, for timers, and for runs with what they emit. What goes on has a lane in its column.
 */
export function timeline(trace$: Observable<TraceEvent>, paint: Paint): Observable<string> {
  return new Observable((lines) => {
    const drawing = new Drawing(paint);
    lines.next(drawing.head());
    return trace$.subscribe((event) => {
      const line = drawing.lineOf(event);
      if (line !== undefined) lines.next(line);
    });
  });
}

class Drawing {
  private start: number | undefined;
  private readonly timers = new Lanes();
  private readonly runs = new Lanes();

  constructor(private readonly paint: Paint) {}

  head(): string {
    const { time, agents, timers } = WIDTHS;
    return this.paint(
      'dim',
      `${'time'.padStart(time - 2)}  ${'agents'.padEnd(agents)}${'timers'.padEnd(timers)}runs and values`,
    );
  }

  lineOf(event: TraceEvent): string | undefined {
    this.start ??= event.at;
    const [timers, runs] = [this.timers.draw(), this.runs.draw()];
    const cell = this.cellOf(event);
    if (cell === undefined) return undefined;
    const columns = { agents: '', timers, runs };
    const text = `${cell.lanes} ${cell.text}`;
    const line = (['agents', 'timers', 'runs'] as const).map((column) => {
      const content = column === cell.column ? text : columns[column];
      const padded = column === 'runs' ? content : `${content} `.padEnd(WIDTHS[column]);
      return this.paint(column === cell.column ? cell.style : 'dim', padded);
    });
    const time = instant(event.at - this.start).padStart(WIDTHS.time - 2);
    return `${this.paint('dim', time)}  ${line.join('')}`.trimEnd();
  }

  private cellOf(event: TraceEvent): Cell | undefined {
    switch (event.type) {
      case 'phase':
        return { column: 'agents', lanes: '●', text: `${event.agent} ${event.phase}`, style: 'cyan' };
      case 'error':
        return {
          column: 'agents',
          lanes: '✖',
          text: `${event.error.name}: ${event.error.message}`,
          style: 'red',
        };
      case 'timer-armed':
      case 'timer-fired':
      case 'timer-cancelled':
        return this.timerCell(event);
      case 'run-started':
      case 'run-parked':
      case 'run-resumed':
      case 'run-settled':
      case 'run-failed':
      case 'run-aborted':
      case 'run-late':
        return this.runCell(event);
      case 'value':
        return this.inRuns('→', `${event.stream} ${show(event.value)}`, 'bold');
      case 'trigger-dropped':
        return this.inRuns('✖', `${event.stream} dropped a trigger (${event.reason})`, 'red');
      default:
        return undefined;
    }
  }

  private timerCell(event: TraceEvent & { type: `timer-${string}` }): Cell {
    const { timers } = this;
    const { at, stream, timer } = event;
    const key = `${event.agent}.${stream} ${timer}`;
    const cell = (lanes: string, text: string): Cell => ({ column: 'timers', lanes, text, style: 'yellow' });
    switch (event.type) {
      case 'timer-armed':
        return cell(
          timers.mark(key, timers.isOpen(key) ? '├' : '┌'),
          `${stream} armed: ${timer} ${span(event.due - at)}`,
        );
      case 'timer-fired': {
        const missed = event.missed > 0 ? `, ${event.missed} missed` : '';
        const lanes = REPEATING.includes(timer) ? timers.mark(key, '├') : timers.end(key, '└');
        return cell(lanes, `${stream} fired: ${timer}${missed}`);
      }
      case 'timer-cancelled':
        return cell(timers.end(key, '└'), `${stream} cancelled: ${timer}`);
    }
  }

  private runCell(event: TraceEvent & { type: `run-${string}` }): Cell {
    const { runs } = this;
    const key = String(event.run);
    const name = `run ${event.run}`;
    const cell = (lanes: string, text: string, style: Style = 'green'): Cell => ({
      column: 'runs',
      lanes,
      text: `${name} ${text}`,
      style,
    });
    switch (event.type) {
      case 'run-started': {
        const attempt = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
        return cell(runs.mark(key, runs.isOpen(key) ? '├' : '┌'), `of ${event.stream}${attempt}`);
      }
      case 'run-parked':
        return cell(runs.mark(key, runs.isOpen(key) ? '├' : '┌'), `waits: ${event.on} ${event.detail}`);
      case 'run-resumed':
        return cell(runs.mark(key, '├'), 'goes on');
      case 'run-settled':
        return cell(runs.end(key, '└'), 'settled');
      case 'run-failed':
        return cell(runs.end(key, '└'), `failed: ${show(event.error)}`, 'red');
      case 'run-aborted':
        return cell(runs.end(key, '└'), `aborted: ${event.reason}`, 'red');
      case 'run-late':
        return this.inRuns('·', `${name} gave ${show(event.result)} too late`, 'dim');
    }
  }

  private inRuns(mark: string, text: string, style: Style): Cell {
    const lanes = this.runs.draw();
    return { column: 'runs', lanes: lanes === '' ? mark : `${lanes} ${mark}`, text, style };
  }
}
