// A program
export { runAgents, type RunAgentsOptions } from './run/runAgents';

// Configs
export { fileConfig, type FileConfigOptions } from './configs/fileConfig';

// Blocking work
export { workerPool, type WorkerPoolOptions } from './workerPool';

// Life and death
export { stopOnSignals, type StopOnSignalsOptions, type StopSignal } from './stopOnSignals';
export { watchdog, type WatchdogOptions } from './watchdog';

// Traces in files
export { traceToFile, type TraceFile, type TraceFileReport } from './trace/traceToFile';
export { readTrace } from './trace/readTrace';
export type { DroppedLine, TraceEnd, TraceEventLine, TraceHead, TraceLine } from './trace/TraceLine';
