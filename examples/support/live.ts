import {
  debounceTime,
  filter,
  firstValueFrom,
  from,
  map,
  type Observable,
  race,
  startWith,
  Subject,
  switchMap,
} from 'rxjs';
import { createHost, type Host, liveClock, type Log, type Store, type TraceEvent } from 'rx-agent-kit';
import { stopOnSignals } from 'rx-agent-kit/node';
import { type Example, play } from './play';

export interface LiveOptions {
  /** How many ms the agents see in one real ms. */
  readonly speed?: number;
  /** Where durable parts are kept. */
  readonly store?: Store;
  /** What is printed of what happens. */
  readonly lines: (trace$: Observable<TraceEvent>) => Observable<string>;
}

export interface Ending {
  readonly because: 'done' | 'interrupted';
  /** How many runs and timers had to be cut off. */
  readonly left: number;
}

/** Plays an example on the real clock until nothing is left to do, or until Ctrl-C; then stops cleanly. */
export function live(example: Example, { speed = 1, store, lines }: LiveOptions): Promise<Ending> {
  const host = createHost({ clock: liveClock({ speed }), log: silent, ...(store && { store }) });
  lines(host.trace$).subscribe((line) => {
    console.log(line);
  });
  const interruption$ = new Subject<void>();
  const undo = stopOnSignals(host, {
    onSignal: () => {
      // The terminal has written ^C into the line.
      if (process.stdout.isTTY) console.log();
      interruption$.next();
    },
  });
  const end$ = race(
    from(play(example, host)).pipe(
      switchMap(() => isAtRest(host)),
      map(() => 'done' as const),
    ),
    interruption$.pipe(map(() => 'interrupted' as const)),
  );
  return firstValueFrom(end$)
    .then(async (because) => ({ because, left: (await host.stop()).left.length }))
    .finally(undo);
}

/** Emits when nothing is armed or in flight any more. */
function isAtRest(host: Host): Observable<unknown> {
  return host.trace$.pipe(
    startWith(undefined),
    debounceTime(0),
    filter(() => host.ledger().length === 0),
  );
}

const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // What goes wrong is in the transcript.
}
