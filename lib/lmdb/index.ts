export { lmdbStore, type LmdbStore } from './lmdbStore';
