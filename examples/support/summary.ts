import type { TraceEvent } from 'rx-agent-kit';
import { instant } from './instants';

/** Counts what has happened in a host, for one line at its end. */
export class Summary {
  private readonly counts = new Map<TraceEvent['type'], number>();
  private start: number | undefined;
  private last = 0;

  add(event: TraceEvent): void {
    this.start ??= event.at;
    this.last = event.at;
    this.counts.set(event.type, this.count(event.type) + 1);
  }

  toString(): string {
    const parts = [
      plural(this.count('timer-fired'), 'timer', ' fired'),
      plural(this.count('run-settled'), 'run', ' settled'),
      ...this.ifAny('run-aborted', 'run', ' aborted'),
      ...this.ifAny('run-failed', 'run', ' failed'),
      plural(this.count('value'), 'value'),
      plural(this.count('error'), 'error'),
    ];
    return `${instant(this.last - (this.start ?? this.last))}: ${parts.join(', ')}`;
  }

  private count(type: TraceEvent['type']): number {
    return this.counts.get(type) ?? 0;
  }

  private ifAny(type: TraceEvent['type'], noun: string, verb: string): string[] {
    return this.count(type) === 0 ? [] : [plural(this.count(type), noun, verb)];
  }
}

function plural(count: number, noun: string, verb = ''): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}${verb}`;
}
