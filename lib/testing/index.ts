// Marble tests
export { marbleTest } from './session/marbleTest';
export { everyCrash, type CrashTestOptions } from './explore/everyCrash';
export type { CrashOptions } from './session/Crashes';
export { runMarbles } from './session/runMarbles';
export type { MarbleBody, MarbleHelpers } from './session/MarbleHelpers';
export type { MarbleOptions } from './session/options';

// Several hosts
export { simulatedNetwork } from './network/simulatedNetwork';
export type { SimulatedNetwork } from './network/HostNetwork';
export type { TestNetwork } from './session/TestNetwork';
export type { NetworkOptions } from './network/options';

// Searches: the same body in many orders, with delays and faults
export { explore, runExploration } from './explore/explore';
export type { ExploreBody, ExploreHelpers } from './explore/ExploreHelpers';
export type {
  CrashChoices,
  DisturbOptions,
  ExploreOptions,
  FaultOptions,
  LatencyOptions,
} from './explore/options';
export { Fault } from './explore/world/Fault';

// What they tell
export { ExplorationError } from './explore/ExplorationError';
export type { ExploreReport } from './explore/ExploreReport';
export type { MarbleReport } from './report/report';
export { MarbleTestError } from './session/MarbleTestError';
export type { TestBus } from './session/TestBus';
export type { TestClock } from './session/TestClock';
