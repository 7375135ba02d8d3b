// Configs
export { fileConfig, type FileConfigOptions } from './fileConfig';

// Blocking work
export { workerPool, type WorkerPoolOptions } from './workerPool';

// Life and death
export { stopOnSignals, type StopOnSignalsOptions, type StopSignal } from './stopOnSignals';
export { watchdog, type WatchdogOptions } from './watchdog';

// Traces in files
export { traceToFile, type TraceFile, type TraceFileReport } from './traceToFile';
export { readTrace } from './readTrace';
export type { DroppedLine, TraceEnd, TraceEventLine, TraceHead, TraceLine } from './TraceLine';
