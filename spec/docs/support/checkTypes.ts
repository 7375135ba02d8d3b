import { join } from 'node:path';
import ts from 'typescript';
import { type Block, ROOT } from './blocks';

/** Checks the types of all blocks, as files of a folder for each page that is never written. Gives what is wrong. */
export function checkTypes(blocks: readonly Block[]): string[] {
  const files = new Map(
    blocks.map((block) => [join(ROOT, 'spec/docs', block.page, `${block.name}.ts`), block]),
  );
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  const compilerOptions = { ...options, moduleDetection: ts.ModuleDetectionKind.Force };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path);
  host.readFile = (path) => files.get(path)?.text ?? readFile.call(host, path);
  delete host.directoryExists; // so that a folder which is not there is looked into
  const { getSourceFile } = host;
  host.getSourceFile = (path, ...rest) => {
    const block = files.get(path);
    return block === undefined
      ? getSourceFile.call(host, path, ...rest)
      : ts.createSourceFile(path, block.text, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...files.keys()], compilerOptions, host);
  return [...files].flatMap(([path, block]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const line = block.line + 1 + (source?.getLineAndCharacterOfPosition(start).line ?? 0);
        return `${block.page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
}
