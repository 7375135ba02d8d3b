import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// The floors of lib/, lowest first: each may import itself and what is below it.
const floors = [
  'readError.ts',
  'AgentError.ts',
  'nearestName.ts',
  'options',
  'time',
  'trace',
  'store',
  'handlers',
  'messages',
  'agent',
  'host',
];
// What users import or run: each may import itself and every floor, but no other door; the command gives them to its modules.
const doors = ['testing', 'node', 'cli', 'nats', 'lmdb', 'index.ts'];
// What is Node's may use what the door of Node has.
const besideDoors = { cli: ['node', 'nats', 'lmdb', 'index.ts'], nats: ['node'] };

const zone = (name, below) => ({
  target: `./lib/${name}`,
  from: './lib',
  except: [...below, name].map((path) => `./${path}`),
  message: `Imports go down only: lib/${name} may import ${below.map((path) => `lib/${path}`).join(', ') || 'nothing of lib'}.`,
});
const zones = [
  ...floors.map((floor, index) => zone(floor, floors.slice(0, index))),
  ...doors.map((door) => zone(door, [...floors, ...(besideDoors[door] ?? [])])),
  { target: './lib', from: ['./spec', './examples'], message: 'lib imports neither specs nor examples.' },
];

const ownName = {
  group: ['rx-agent-kit', 'rx-agent-kit/*'],
  message: 'Inside lib, import the file by its relative path.',
};
const zod = { name: 'zod', message: 'zod enters at lib/messages.' };
const forAwait = { name: 'rxjs-for-await', message: 'rxjs-for-await enters at lib/handlers.' };
const rxjsSchedulers = {
  name: 'rxjs',
  importNames: ['asyncScheduler', 'asapScheduler', 'animationFrameScheduler'],
  message: "Above lib/time, use the host's scheduler.",
};
const restrictImports = (...paths) => ({
  'no-restricted-imports': ['error', { paths, patterns: [ownName] }],
});

const clock = "Only lib/time knows what time it is: use the host's clock or scheduler.";
const random = 'Only lib/time may draw at random: use the injected random source.';

export default defineConfig(
  globalIgnores(['coverage/', 'dist/', 'docs/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    // By name, and not by the service that finds them: that opens each file as an editor does, at half as much again.
    languageOptions: {
      parserOptions: {
        project: ['./lib/tsconfig.json', './tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  js.configs.recommended,

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },

  {
    files: ['lib/**/*.ts'],
    extends: [rxjsX.configs.strict],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts'] })],
    },
    rules: {
      'max-lines': ['warn', 200],
      'no-console': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: false }],
      'import-x/no-restricted-paths': ['error', { zones, basePath: import.meta.dirname }],
      // An error of somebody else's is passed on as it came.
      'rxjs-x/throw-error': ['error', { allowThrowingUnknown: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/node/**', 'lib/cli/**', 'lib/nats/**', 'lib/lmdb/**'],
    rules: { 'import-x/no-nodejs-modules': 'error' },
  },
  {
    files: ['lib/{readError,AgentError}.ts', 'lib/{options,time}/**/*.ts'],
    rules: restrictImports(zod, forAwait),
  },
  { files: ['lib/{trace,store}/**/*.ts'], rules: restrictImports(zod, forAwait, rxjsSchedulers) },
  { files: ['lib/handlers/**/*.ts'], rules: restrictImports(zod, rxjsSchedulers) },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/{readError,AgentError}.ts', 'lib/{options,time,trace,store,handlers}/**'],
    rules: restrictImports(rxjsSchedulers),
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/time/**'],
    languageOptions: { globals: { window: 'readonly', self: 'readonly' } },
    rules: {
      'no-restricted-globals': [
        'error',
        {
          globals: [
            'setTimeout',
            'setInterval',
            'setImmediate',
            'queueMicrotask',
            'requestAnimationFrame',
            'performance',
          ].map((name) => ({ name, message: clock })),
          checkGlobalObject: true,
          globalObjects: ['window', 'self'],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clock },
        { object: 'AbortSignal', property: 'timeout', message: clock },
        { object: 'Math', property: 'random', message: random },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
        { selector: 'CallExpression[callee.name="Date"]', message: clock },
        {
          selector:
            'CallExpression[callee.name=/^(interval|timer|delay|debounceTime|throttleTime|auditTime|sampleTime)$/][arguments.length=1]',
          message:
            "Without a scheduler this runs on real time: give it the host's scheduler as last argument.",
        },
      ],
    },
  },

  {
    files: ['spec/**/*.ts', 'examples/**/*.ts'],
    extends: [rxjsX.configs.recommended],
    rules: {
      '@typescript-eslint/require-await': 'off',
      'rxjs-x/no-async-subscribe': 'off',
      'rxjs-x/no-ignored-replay-buffer': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-redundant-notify': 'off',
      'rxjs-x/no-sharereplay': 'off',
      'rxjs-x/no-subject-unsubscribe': 'off',
      'rxjs-x/no-unsafe-takeuntil': 'off',
      'rxjs-x/throw-error': 'off',
    },
  },
  {
    files: ['spec/**/*.ts'],
    rules: {
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-properties': [
        'error',
        ...['describe', 'it', 'test'].map((object) => ({
          object,
          property: 'only',
          message: 'Run every spec.',
        })),
      ],
    },
  },
  {
    files: ['examples/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/lib/**'], message: 'Examples import from the public doors only.' }] },
      ],
    },
  },

  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly', performance: 'readonly', process: 'readonly' } },
  },
  prettier,
);
