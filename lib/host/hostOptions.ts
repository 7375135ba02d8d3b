import { isObservable } from 'rxjs';
import { aRestart } from '../agent/definition/restart';
import { anOffloader } from '../handlers/waits/Offloader';
import { badOption, type Check, checkOptions, optionTable } from '../options/checkOptions';
import { aFlag, aFunction, aName, aPort, oneOf } from '../options/checks';
import type { KeptPlan } from '../store/keptBy';
import { aLeases } from '../store/leases/Leases';
import { aStore } from '../store/Store';
import { aClock } from '../time/clock/Clock';
import { aDuration, aSpan, toMs } from '../time/spans/duration';
import { aLog } from '../trace/Log';
import type { HostOptions, KeptOptions } from './Host';

const aBusPart = aPort(
  ['connect', 'close', 'publish', 'subscribe', 'request', 'serve'],
  'a bus, such as memoryBus()',
);

const aBus: Check = (given, owner, option) => {
  aBusPart(given, owner, option);
  if (!isObservable((given as { readonly status$?: unknown }).status$))
    throw badOption(owner, option, given, 'has to have its status as an Observable, status$');
};

/** All options of a host, for {@link checkOptions}. */
export const HOST = optionTable<HostOptions>(
  {
    name: aName,
    clock: aClock,
    slack: aDuration,
    startTimeout: aDuration,
    stopTimeout: aDuration,
    stopDeadline: aDuration,
    restart: aRestart,
    heartbeat: aSpan,
    log: aLog,
    configs: aPort(
      ['sections', 'read', 'watch'],
      "a store of configs, such as await fileConfig('farm.yaml')",
    ),
    offload: anOffloader,
    bus: aBus,
    store: aStore,
    leases: aLeases,
    random: aFunction,
  },
  { config: 'configs', logger: 'log', seed: 'random', pool: 'offload', deadline: 'stopDeadline' },
);

const KEPT = optionTable<KeptOptions>(
  { flushed: aFlag, timeout: aSpan, ifFailing: oneOf(['reject', 'wait']) },
  { flush: 'flushed', synced: 'flushed', deadline: 'timeout' },
);

/** @throws AgentError `bad-option` or `bad-duration` */
export function toKeptPlan(options: KeptOptions | undefined): KeptPlan {
  checkOptions('host.kept', KEPT, options);
  const { flushed = false, timeout, ifFailing = 'reject' } = options ?? {};
  return { flushed, timeout: timeout === undefined ? Infinity : toMs(timeout), ifFailing };
}
