import { cpus, freemem, totalmem } from 'node:os';
import type { Gauge } from './meter';

interface Times {
  readonly busy: number;
  readonly all: number;
}

/** This machine's own load: the share of its cores that were busy since the last reading, and of its memory in use. */
export function machineGauge(): Gauge {
  let last = times();
  return {
    read: () => {
      const now = times();
      const all = now.all - last.all;
      const demand = all > 0 ? (now.busy - last.busy) / all : 0;
      last = now;
      return { demand, memory: 1 - freemem() / totalmem() };
    },
  };
}

function times(): Times {
  let busy = 0;
  let all = 0;
  for (const { times: core } of cpus()) {
    const total = core.user + core.nice + core.sys + core.irq + core.idle;
    all += total;
    busy += total - core.idle;
  }
  return { busy, all };
}
