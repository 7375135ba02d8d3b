import asyncHooks from 'node:async_hooks';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';
import './compileOnce.js';

/** What has been made by the file that runs, and by what Jest loads for it. */
const storages = new Set();

// From version 24 on Node follows contexts by itself: nobody goes through storages.
if (parseInt(process.versions.node) < 24)
  asyncHooks.AsyncLocalStorage = class AsyncLocalStorage extends asyncHooks.AsyncLocalStorage {
    constructor(options) {
      super(options);
      storages.add(this);
    }
  };

/** Jest's own environment, at half of what it costs. */
export default class SpecEnvironment extends TestEnvironment {
  /**
   * Its globals are those of a plain context. Jest's are behind interceptors and a proxy, through which each `Symbol`
   * and each `Promise` that a spec and the kit name is looked up.
   */
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }

  /**
   * Jest loads its runner anew for each file, and each has a storage that it leaves in use. Up to version 23 Node goes
   * through all of them whenever a promise is made: an `await` behind 40 files would take twenty times as long.
   */
  async teardown() {
    await super.teardown();
    for (const storage of storages) storage.disable();
    storages.clear();
  }
}
