import { defineConfig } from 'tsdown';

// One build per format for both doors, so that they share their classes (AgentError) in a common chunk.
export default defineConfig({
  entry: { index: 'lib/index.ts', 'testing/index': 'lib/testing/index.ts' },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'lib/tsconfig.json',
  dts: true,
  sourcemap: true,
  fixedExtension: false,
});
