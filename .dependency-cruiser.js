/**
 * No circle among the files of lib/, imports of types counted: ESLint's own rule sees those of values only.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [{ name: 'no-circle', severity: 'error', from: {}, to: { circular: true } }],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // The package lmdb has the name of a folder here, by which old resolvers find the build.
    doNotFollow: { path: ['node_modules', '^dist', '^lmdb'] },
  },
};
