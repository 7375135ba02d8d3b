/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/spec'],
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  testPathIgnorePatterns: ['<rootDir>/spec/bench/'],
  moduleNameMapper: {
    '^rx-agent-kit$': '<rootDir>/lib/index.ts',
    '^rx-agent-kit/testing$': '<rootDir>/lib/testing/index.ts',
    '^rx-agent-kit/node$': '<rootDir>/lib/node/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
  },
  // Some specs let real time pass up to a bound; a loaded machine may take longer to get there.
  testTimeout: 20_000,
  collectCoverageFrom: ['lib/**/*.ts'],
};
