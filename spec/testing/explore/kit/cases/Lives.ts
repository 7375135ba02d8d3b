import { map, NEVER, type Observable, tap } from 'rxjs';
import { type AgentContext, defineAgent, type Host } from 'rx-agent-kit';

type Moment = 'start' | 'ready' | 'stop' | 'finish';

/** What agents say of their lives, and the laws of these. */
export class Lives {
  readonly log: string[] = [];
  /** What must not have been. */
  readonly wrong: string[] = [];
  private readonly up = new Set<string>();
  private readonly ready = new Set<string>();
  private readonly lived = new Set<string>();

  /**
   * @param order those that go down when one fails do so each before those that it needs, and before the one ahead of
   * it where they are a chain; they come back the other way round. Undefined where that cannot be told.
   */
  constructor(
    private readonly host: Host,
    private readonly order?: (name: string) => readonly string[],
  ) {}

  note(name: string, needs: readonly string[], what: Moment): void {
    this.log.push(`${name} ${what}`);
    if (what === 'start') this.begin(name, needs);
    if (what === 'ready') this.ready.add(name);
    else this.ready.delete(name);
    if (what === 'stop') this.end(name);
    if (what === 'finish') this.up.delete(name);
  }

  private begin(name: string, needs: readonly string[]): void {
    if (this.up.has(name)) this.wrong.push(`${name} has two lives at once`);
    this.up.add(name);
    const before = this.lived.has(name) ? [...needs, ...(this.order?.(name) ?? [])] : needs;
    this.lived.add(name);
    for (const other of before)
      if (!this.ready.has(other) && this.host.agents.has(other))
        this.wrong.push(`${name} starts while ${other} is not ready`);
  }

  /** One that has failed itself ends at once. */
  private end(name: string): void {
    const { order, host } = this;
    if (order === undefined || host.health.status === 'stopped') return;
    if (host.agents.get(name)?.health.reason === 'chosen by the search') return;
    for (const other of this.up)
      if (other !== name && order(other).includes(name))
        this.wrong.push(`${name} stops while ${other} is up`);
  }
}

export interface LivingOptions {
  readonly needs?: readonly string[];
  /** How many ms it takes until it is ready, and until it has stopped. Default none at all, not even a turn. */
  readonly readyIn?: number | undefined;
  readonly stopIn?: number | undefined;
  /** What else it does. */
  readonly more?: (context: AgentContext<object>) => Record<string, Observable<unknown>>;
}

/** An agent that says when it lives. What it is like is asked at each of its lives. */
export function living(lives: Lives, name: string, needs: readonly string[], options: () => LivingOptions) {
  return defineAgent({
    name,
    needs,
    streams: (context) => {
      const { lifecycle, handle } = context;
      const { readyIn, stopIn, more = () => ({}) } = options();
      const noted = (what: Moment) =>
        tap(() => {
          lives.note(name, needs, what);
        });
      const start$ = lifecycle.start$.pipe(noted('start'));
      const stop$ = lifecycle.stop$.pipe(noted('stop'));
      return {
        primed$:
          readyIn === undefined
            ? start$.pipe(map(() => name))
            : start$.pipe(
                handle.merge((_event, { sleep }) => sleep(readyIn)),
                map(() => name),
              ),
        ready$: lifecycle.ready$.pipe(noted('ready')),
        stop$: stopIn === undefined ? stop$ : stop$.pipe(handle.merge((_event, { sleep }) => sleep(stopIn))),
        finish$: lifecycle.finish$.pipe(noted('finish')),
        idle$: NEVER,
        ...more(context),
      };
    },
    readyWhen: ({ primed$ }) => primed$,
  });
}
