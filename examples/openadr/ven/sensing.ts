import { distinctUntilChanged, map, type Observable, scan, share, skip, startWith } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { Fault } from './measuring';

/** What is wrong with the points of a report, as its latest sample has shown. */
export interface Faults {
  /** What they were measured for. */
  readonly source: object;
  readonly faults: readonly Fault[];
}

/** Something that was to be reported cannot be measured. */
export class SensorError extends Error {
  override readonly name = 'SensorError';

  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ rId, reason }) => `${rId} cannot be measured: ${reason}`).join('; '));
  }
}

/**
 * What cannot be measured, at the start of that and at each change of it. The health is bad until everything that is
 * asked for can be measured again; there is one error a change, not one a sample.
 */
export function sensing(
  { handle }: AgentContext<VenConfig>,
  faults$: Observable<Faults>,
): Observable<readonly Fault[]> {
  return faults$.pipe(
    scan(latest, new Map<object, readonly Fault[]>()),
    map((bySource) => different([...bySource.values()].flat())),
    startWith([]),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    skip(1),
    handle.concat(async function* measuring(faults): AsyncGenerator<readonly Fault[]> {
      yield faults;
      if (faults.length > 0) throw new SensorError(faults);
    }),
    share(),
  );
}

function latest(bySource: Map<object, readonly Fault[]>, { source, faults }: Faults): typeof bySource {
  if (faults.length === 0) bySource.delete(source);
  else bySource.set(source, faults);
  return bySource;
}

/** Two reports may be of the same point. */
function different(faults: readonly Fault[]): readonly Fault[] {
  const byText = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return [...byText.values()].sort((a, b) => a.rId.localeCompare(b.rId));
}
