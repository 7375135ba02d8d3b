// Marble tests
export { marbleTest } from './session/marbleTest';
export { runMarbles } from './session/runMarbles';
export type { MarbleBody, MarbleHelpers } from './session/MarbleHelpers';
export type { MarbleOptions } from './session/options';

// What they tell
export type { MarbleReport } from './report/report';
export { MarbleTestError } from './session/MarbleTestError';
export type { TestBus } from './session/TestBus';
export type { TestClock } from './session/TestClock';
