/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/.ci/SpecEnvironment.js',
  roots: ['<rootDir>/spec'],
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  testPathIgnorePatterns: ['<rootDir>/spec/bench/'],
  moduleNameMapper: {
    '^rx-agent-kit$': '<rootDir>/lib/index.ts',
    '^rx-agent-kit/lmdb$': '<rootDir>/lib/lmdb/index.ts',
    '^rx-agent-kit/testing$': '<rootDir>/lib/testing/index.ts',
    '^rx-agent-kit/node$': '<rootDir>/lib/node/index.ts',
    '^rx-agent-kit/nats$': '<rootDir>/lib/nats/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: true },
    ],
  },
  // Many specs wait for processes and timers: a core is not busy with one worker.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
  // None takes more than some seconds; on a machine that is busy with other things they take many times as long.
  testTimeout: 300_000,
  reporters: ['default', '<rootDir>/.ci/skippedReporter.js'],
  collectCoverageFrom: ['lib/**/*.ts'],
};
