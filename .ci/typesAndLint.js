// Checks the types and lints, in one process and only what may have changed: both are mostly what the compiler does, and
// what it has found out about a file for the one it need not find out again for the other. It keeps between runs what
// has changed, and a file is linted again if that is anything that it imports, by however many others.
// Each alone, and whole: `npm run typecheck`, `npm run lint`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

/** The first that has a file is the one in which it is linted. */
const PROJECTS = ['lib/tsconfig.json', 'tsconfig.json'];
const CONFIGS = [
  '.ci/typesAndLint.js',
  'eslint.config.js',
  'tsconfig.base.json',
  'package-lock.json',
  ...PROJECTS,
];

const folder = join('node_modules/.cache/types-and-lint', hashOf([process.version, ...CONFIGS.map(read)]));
const DIRTY = join(folder, 'dirty.json');
// Whatever ends this run, the next one looks at all that this one was to look at.
const dirty = new Set(existsSync(DIRTY) ? JSON.parse(read(DIRTY)) : []);

const builders = PROJECTS.map(builderOf);
const programs = builders.map((builder) => builder.getProgram());
const problems = builders.flatMap(check);
mkdirSync(folder, { recursive: true });
writeFileSync(DIRTY, JSON.stringify([...dirty]));
for (const builder of builders) builder.emit();
if (problems.length > 0) console.log(ts.formatDiagnosticsWithColorAndContext(problems, formatHost()));

const eslint = new ESLint({
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { programs } } },
  errorOnUnmatchedPattern: false,
});
// What is not TypeScript costs nothing to speak of.
const results = [
  ...(await eslint.lintFiles('**/*.js')),
  ...(await eslint.lintFiles([...dirty].filter((file) => existsSync(file)))),
];
const isClean = ({ errorCount }) => errorCount === 0;
for (const { filePath } of results.filter(isClean)) dirty.delete(relative('.', filePath));
writeFileSync(DIRTY, JSON.stringify([...dirty]));
console.log(await (await eslint.loadFormatter('stylish')).format(results));
process.exitCode = problems.length === 0 && results.every(isClean) ? 0 : 1;

function builderOf(project, index) {
  const tsBuildInfoFile = join(process.cwd(), folder, `${index}.tsbuildinfo`);
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(
    project,
    { tsBuildInfoFile },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  const host = ts.createIncrementalCompilerHost(options);
  return ts.createSemanticDiagnosticsBuilderProgram(
    fileNames,
    options,
    host,
    ts.readBuilderProgram(options, host),
    errors,
  );
}

/** Gives what is wrong in all of a program, and takes what has to be linted for dirty. */
function check(builder, index) {
  // With `isolatedModules` these are the files that have changed themselves, and none that depend on them.
  const changed = new Set();
  for (let next; (next = builder.getSemanticDiagnosticsOfNextAffectedFile()) !== undefined;) {
    const files = 'fileName' in next.affected ? [next.affected] : next.affected.getSourceFiles();
    for (const { fileName } of files) changed.add(fileName);
  }
  if (changed.size > 0)
    for (const file of builder.getSourceFiles().filter(({ fileName }) => isLinted(fileName, index)))
      if ([file.fileName, ...builder.getAllDependencies(file)].some((name) => changed.has(name)))
        dirty.add(relative('.', file.fileName));
  return [
    ...builder.getConfigFileParsingDiagnostics(),
    ...builder.getOptionsDiagnostics(),
    ...builder.getGlobalDiagnostics(),
    ...builder.getSyntacticDiagnostics(),
    ...builder.getSemanticDiagnostics(),
  ];
}

function isLinted(fileName, index) {
  if (/\/node_modules\/|\.d\.[cm]?ts$|\.json$/.test(fileName)) return false;
  return programs.slice(0, index).every((program) => program.getSourceFile(fileName) === undefined);
}

function hashOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 16);
}

function read(path) {
  return readFileSync(path, 'utf8');
}

function formatHost() {
  return {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => '\n',
  };
}

function fail({ messageText }) {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}
