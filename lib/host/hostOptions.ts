import { isObservable } from 'rxjs';
import { aRestart } from '../agent/definition/restart';
import { anOffloader } from '../handlers/waits/Offloader';
import { badOption, type Check, optionTable } from '../options/checkOptions';
import { aFunction, aName, aPort } from '../options/checks';
import { aClock } from '../time/clock/Clock';
import { aDuration, aSpan } from '../time/spans/duration';
import { aLog } from '../trace/Log';
import type { HostOptions } from './Host';

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
    random: aFunction,
  },
  { config: 'configs', logger: 'log', seed: 'random', pool: 'offload', deadline: 'stopDeadline' },
);
