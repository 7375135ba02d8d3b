// The agents of the site, each of which runs on one of its machines at a time.
import { tap } from 'rxjs';
import { defineAgent, type Duration, withConfig } from 'rx-agent-kit';
import { machineGauge } from '../site/machineGauge';
import { meter } from '../site/meter';
import { durableSetpoint } from '../site/setpoint';
import { shaper } from '../site/shaper';
import { siteLoad } from '../topics';
import { createVen } from '../ven/ven';

const VEN = 'example-ven';

export interface SiteOptions {
  readonly vtnUrl: string;
  /** Within what time another machine takes over. */
  readonly lease: Duration;
  /** How long the VTN may take for an answer. */
  readonly requestTimeout: string;
}

export const AGENTS = ['ven', 'setpoint', 'shaper', 'meter'] as const;
export type AgentName = (typeof AGENTS)[number];

/** What each machine starts: the site's agents, and one that hears what the site uses, whichever machine measures it. */
export function siteOf({ vtnUrl, lease, requestTimeout }: SiteOptions) {
  let load = 0;
  const listening = defineAgent({
    name: 'listening',
    streams: ({ bus }) => ({
      load$: bus.messages(siteLoad).pipe(tap(({ payload }) => (load = payload.kilowatts))),
    }),
  });
  const ven = createVen({ decide: () => 'optIn', measure: () => load, durable: true });
  const singleton = { lease };
  const agents = {
    setpoint: { ...durableSetpoint, singleton },
    meter: withConfig(
      { ...meter(machineGauge()), singleton },
      { ratedKilowatts: 10, base: 0.6, period: '10s' },
    ),
    shaper: withConfig({ ...shaper, singleton }, { ven: VEN, minimumOn: 30_000, minimumOff: 60_000 }),
    ven: withConfig(
      { ...ven, singleton },
      {
        venName: VEN,
        vtnUrl,
        requestTimeout,
        reports: [{ specifierId: 'site', points: [{ rId: 'load', resourceId: 'site-1' }] }],
      },
    ),
  };
  return { agents, listening };
}
