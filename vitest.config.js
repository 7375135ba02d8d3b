import { defineConfig } from 'vitest/config';

// Jest runs the specs; Vitest runs only those that show that the kit works under it.
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { include: ['spec/**/*.vitest.ts'], passWithNoTests: true },
});
