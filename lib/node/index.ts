// Configs
export { fileConfig, type FileConfigOptions } from './fileConfig';

// Blocking work
export { workerPool, type WorkerPoolOptions } from './workerPool';
