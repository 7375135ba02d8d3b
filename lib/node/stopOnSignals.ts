/* eslint-disable no-restricted-globals -- Signals come in real time. */
import { constants } from 'node:os';
import { AgentError, messageOf } from '../AgentError';
import type { Host } from '../host/Host';
import { checkOptions, optionTable } from '../options/checkOptions';
import { aFunction } from '../options/checks';
import { aHost } from './aHost';

export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface StopOnSignalsOptions {
  /** Is called at the first signal, before the host stops. What it throws is on the host's `errors$`. */
  readonly onSignal?: (signal: StopSignal) => void;
}

const STOP_ON_SIGNALS = optionTable<StopOnSignalsOptions>({ onSignal: aFunction });
const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM'];
/** A terminal and the tools in between (npm, tsx) may send one Ctrl-C several times, within so many ms. */
const SAME_SIGNAL = 200;

/**
 * Stops a host at SIGINT (Ctrl-C) or SIGTERM. A second signal ends the process at once, with exit code 130 or 143.
 * When the host has stopped the signals do again what they do by default; the process ends by itself if nothing else
 * goes on in it.
 * ```ts
 * stopOnSignals(host);
 * ```
 * @returns what undoes it
 * @throws AgentError `bad-option`
 */
export function stopOnSignals(host: Host, options?: StopOnSignalsOptions): () => void {
  aHost(host, 'stopOnSignals', 'host');
  checkOptions('stopOnSignals', STOP_ON_SIGNALS, options);
  const { onSignal } = options ?? {};
  let first: number | undefined;
  const listener = (signal: StopSignal): void => {
    if (first === undefined) {
      first = performance.now();
      tell(signal);
      host.stop().then(undo, (error: unknown) => {
        undo();
        process.emitWarning(`${host.name} could not be stopped: ${messageOf(error)}`);
      });
    } else if (performance.now() - first > SAME_SIGNAL) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  /** Whoever is told of it must not keep the host from stopping. */
  const tell = (signal: StopSignal): void => {
    try {
      onSignal?.(signal);
    } catch (cause) {
      const message = `onSignal of stopOnSignals threw: ${messageOf(cause)}`;
      host.report(new AgentError('observer-failed', message, { cause }));
    }
  };
  const undo = (): void => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  // However it has come to its stop.
  // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
  host.errors$.subscribe({ complete: undo });
  return undo;
}
