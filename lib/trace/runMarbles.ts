import type { TraceEvent } from './TraceEvent';

/** The letters of a run's life, wherever one is drawn, and in `expectHandlers`. */
export const RUN_MARBLES: Readonly<Partial<Record<TraceEvent['type'], string>>> = {
  'run-started': 's',
  'run-settled': 'e',
  'run-aborted': 'x',
  'run-failed': 'f',
};
