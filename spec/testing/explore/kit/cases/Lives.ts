import { map, NEVER, type Observable, tap } from 'rxjs';
import { type AgentContext, defineAgent, type RestartOptions } from 'rx-agent-kit';

/** What agents say of their lives. */
export class Lives {
  readonly log: string[] = [];
  private readonly up = new Map<string, number>();
  private readonly readyNow = new Set<string>();
  /** What must not have been. */
  readonly wrong: string[] = [];

  isReady(name: string): boolean {
    return this.readyNow.has(name);
  }

  note(name: string, what: 'start' | 'ready' | 'stop' | 'finish'): void {
    this.log.push(`${name} ${what}`);
    if (what === 'start') this.count(name, 1);
    if (what === 'finish') this.count(name, -1);
    if (what === 'ready') this.readyNow.add(name);
    else this.readyNow.delete(name);
  }

  private count(name: string, by: number): void {
    const lives = (this.up.get(name) ?? 0) + by;
    this.up.set(name, lives);
    if (lives > 1) this.wrong.push(`${name} has ${lives} lives`);
  }
}

export interface LivingOptions {
  readonly needs?: readonly string[];
  readonly restart?: RestartOptions;
  /** Whether one that is needed is gone for good: nobody waits for it any more. */
  readonly isGone?: (name: string) => boolean;
  /** How many ms it takes until it is ready, and until it has stopped. */
  readonly readyIn?: () => number;
  readonly stopIn?: () => number;
  /** What else it does. */
  readonly more?: (context: AgentContext<object>) => Record<string, Observable<unknown>>;
}

/** An agent that says when it lives. It stands still at `start$` until it is ready. */
export function living(lives: Lives, name: string, options: LivingOptions = {}) {
  const {
    needs = [],
    restart,
    isGone = () => false,
    readyIn = () => 0,
    stopIn = () => 0,
    more = () => ({}),
  } = options;
  return defineAgent({
    name,
    needs,
    ...(restart && { restart }),
    streams: (context) => {
      const { lifecycle, handle } = context;
      const noted = (what: Parameters<Lives['note']>[1]) =>
        tap(() => {
          lives.note(name, what);
          if (what !== 'start') return;
          for (const need of needs)
            if (!lives.isReady(need) && !isGone(need))
              lives.wrong.push(`${name} starts while ${need} is not ready`);
        });
      return {
        primed$: lifecycle.start$.pipe(
          noted('start'),
          handle.merge((_event, { sleep }) => sleep(readyIn())),
          map(() => name),
        ),
        ready$: lifecycle.ready$.pipe(noted('ready')),
        stop$: lifecycle.stop$.pipe(
          noted('stop'),
          handle.merge((_event, { sleep }) => sleep(stopIn())),
        ),
        finish$: lifecycle.finish$.pipe(noted('finish')),
        idle$: NEVER,
        ...more(context),
      };
    },
    readyWhen: ({ primed$ }) => primed$,
  });
}
