/* eslint-disable no-restricted-globals -- What is over at the end of a turn is over in real time. */
import type { TraceEvent } from '../trace/TraceEvent';

/** Who is at work, as far as the trace tells. */
export interface Worker {
  readonly agent: string;
  readonly stream: string | undefined;
  readonly handler: string | undefined;
}

/** The number of nobody. */
export const NOBODY = 0;
/** How many names are worth telling. */
const TOLD = 5;

/** Follows the trace, and says by a number who is at work; when a turn of the event loop is over, nobody is. */
export class AtWork {
  private readonly workers: (Worker | undefined)[] = [undefined];
  private readonly ids = new Map<string, number>();
  /** The runs in flight, and which of them wait for nothing that the kit knows. */
  private readonly runs = new Map<number, number>();
  private readonly loose = new Set<number>();
  private isClearing = false;

  /**
   * @param note is told the number of who is at work now
   * @param named is told the name behind each new number; they count up from 1
   */
  constructor(
    private readonly note: (id: number) => void,
    private readonly named: (name: string) => void,
  ) {}

  workerOf(id: number): Worker | undefined {
    return this.workers[id];
  }

  /** Whose runs may go on at any moment, by something of their own. */
  underWay(): string[] {
    const names = new Set<string>();
    for (const run of this.loose) {
      if (names.size === TOLD) break;
      const worker = this.workers[this.runs.get(run) ?? NOBODY];
      if (worker !== undefined) names.add(nameOf(worker));
    }
    return [...names];
  }

  follow(event: TraceEvent): void {
    switch (event.type) {
      case 'run-started':
        this.runs.set(event.run, this.at(event.agent, event.stream, event.handler));
        this.loose.add(event.run);
        break;
      case 'run-parked':
        this.loose.delete(event.run);
        break;
      case 'run-resumed': {
        const id = this.runs.get(event.run) ?? NOBODY;
        this.loose.add(event.run);
        // The handler goes on in a microtask, as do all that are resumed at this instant, in this order.
        queueMicrotask(() => {
          this.note(id);
        });
        this.clearAfterTurn();
        break;
      }
      case 'timer-fired':
        this.at(event.agent, event.stream);
        break;
      case 'phase':
      case 'message-delivered':
      case 'config-changed':
        this.at(event.agent);
        break;
      case 'run-settled':
      case 'run-failed':
      case 'run-aborted':
        this.runs.delete(event.run);
        this.loose.delete(event.run);
        break;
      default:
    }
  }

  private at(agent: string, stream?: string, handler?: string): number {
    const worker = { agent, stream, handler };
    const name = nameOf(worker);
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.workers.push(worker) - 1;
      this.ids.set(name, id);
      this.named(name);
    }
    this.note(id);
    this.clearAfterTurn();
    return id;
  }

  /** A tick of Node's comes when no promise has anything left to do; what that brings may have some more of both. */
  private clearAfterTurn(rounds = 2): void {
    if (this.isClearing) return;
    this.isClearing = true;
    const round = (left: number): void => {
      if (left > 0) queueMicrotask(() => process.nextTick(round, left - 1));
      else {
        this.isClearing = false;
        this.note(NOBODY);
      }
    };
    round(rounds);
  }
}

export function nameOf({ agent, stream, handler }: Worker): string {
  const place = stream === undefined ? agent : `${agent}.${stream}`;
  return handler === undefined ? place : `${place}, handler ${handler}`;
}
