import { distinctUntilChanged, map, merge, type Observable, share } from 'rxjs';
import type { Polled } from './polling';
import type { Registration } from './register';
import type { VenClient } from './VenClient';
import { VtnError } from './Vtn';

/** How the VEN stands with its VTN, as the topic `…/status` has it. */
export interface VenStatus {
  readonly state: 'waiting' | 'registering' | 'registered' | 'unreachable' | 'refused' | 'cancelled';
  readonly venId: string | null;
  readonly reason: string | null;
}

/** What the status is made of. */
export interface Signs {
  readonly start$: Observable<unknown>;
  readonly registration$: Observable<Registration>;
  readonly polls$: Observable<Polled>;
  readonly failure$: Observable<unknown>;
  /** The end of a registration, with what there is to say of it. */
  readonly cancelled$: Observable<string | undefined>;
}

/** From this difference on it is told that the two clocks do not agree: ms. */
const NOTABLE_SKEW = 10_000;

export function status({
  start$,
  registration$,
  polls$,
  failure$,
  cancelled$,
}: Signs): Observable<VenStatus> {
  return merge(
    start$.pipe(map(() => is('waiting'))),
    registration$.pipe(
      map((registration) =>
        registration.state === 'registered'
          ? registered(registration.session)
          : is('registering', null, registration.state),
      ),
    ),
    polls$.pipe(map(({ session }) => registered(session))),
    failure$.pipe(map(failed)),
    cancelled$.pipe(map((note) => is('cancelled', null, note))),
  ).pipe(
    distinctUntilChanged((a, b) => a.state === b.state && a.venId === b.venId && a.reason === b.reason),
    share(),
  );
}

function is(state: VenStatus['state'], venId: string | null = null, reason: string | null = null): VenStatus {
  return { state, venId, reason };
}

function failed(error: unknown): VenStatus {
  const isRefusal = error instanceof VtnError && error.code === 'refused';
  return is(
    isRefusal ? 'refused' : 'unreachable',
    null,
    error instanceof Error ? error.message : String(error),
  );
}

function registered({ venId, client }: { readonly venId: string; readonly client: VenClient }): VenStatus {
  const { clockSkew } = client;
  const isNotable = Math.abs(clockSkew) >= NOTABLE_SKEW;
  const minutes = Math.round(Math.abs(clockSkew) / 6000) / 10;
  const skew = `the VTN's clock is ${minutes} min ${clockSkew > 0 ? 'ahead' : 'behind'}; events go by the own one`;
  return is('registered', venId, isNotable ? skew : null);
}
