import { defineConfig } from 'tsdown';

// One build per format for all doors, so that they share their classes (AgentError) in a common chunk.
export default defineConfig({
  entry: {
    index: 'lib/index.ts',
    'testing/index': 'lib/testing/index.ts',
    'node/index': 'lib/node/index.ts',
    'nats/index': 'lib/nats/index.ts',
    'lmdb/index': 'lib/lmdb/index.ts',
    'cli/main': 'lib/cli/main.ts',
  },
  deps: { neverBundle: [/^node:/] },
  // They are loaded as they are, by their URLs.
  copy: [{ from: 'lib/node/*Worker.js', to: 'dist/node' }],
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'tsconfig.json',
  dts: true,
  // The types name `Symbol.asyncDispose`, which not every project's `lib` has.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  // The types have them. Without them an import takes a twentieth less: the bench row `import after rxjs`.
  outputOptions: {
    comments: { annotation: true, legal: true, jsdoc: false },
    // All that the main door loads is one file: of each other one an import would wait for the disk (the same row).
    codeSplitting: { groups: [{ name: 'core', test: /[\\/]lib[\\/]index\.ts$/ }] },
  },
  sourcemap: true,
  fixedExtension: false,
});
