// Marble tests
export { marbleTest } from './marbleTest';
export { runMarbles } from './runMarbles';
export type { MarbleBody, MarbleHelpers } from './MarbleHelpers';
export type { MarbleOptions } from './options';

// What they tell
export type { MarbleReport } from './report';
export { MarbleTestError } from './MarbleTestError';
export type { TestBus } from './TestBus';
export type { TestClock } from './TestClock';
