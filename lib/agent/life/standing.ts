import type { Stage } from './LifeState';

/** How an agent is, for those that are started and stopped with it. */
export type Standing = 'down' | 'starting' | 'ready' | 'ending' | 'gone';

const STANDINGS: Readonly<Record<Stage, Standing>> = {
  new: 'down',
  setup: 'starting',
  waiting: 'starting',
  connecting: 'starting',
  joining: 'starting',
  configured: 'starting',
  start: 'starting',
  ready: 'ready',
  draining: 'ending',
  stopping: 'ending',
  leaving: 'ending',
  clearing: 'ending',
  finishing: 'ending',
  down: 'down',
  standby: 'down',
  gone: 'gone',
};

export function standingAt(stage: Stage): Standing {
  return STANDINGS[stage];
}
