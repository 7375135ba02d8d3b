import { validateXML } from 'xmllint-wasm';
import { filesIn, SCHEMAS, textOf } from './recorded';

const ROOT = 'oadr_20b.xsd';

/** What the standard's schemas have to say against some documents. */
export async function validate(documents: readonly string[]): Promise<readonly string[]> {
  const preload = filesIn(SCHEMAS, '.xsd')
    .filter((fileName) => fileName !== ROOT)
    .map((fileName) => ({ fileName, contents: textOf(SCHEMAS, fileName) }));
  const { errors } = await validateXML({
    xml: documents.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: { fileName: ROOT, contents: textOf(SCHEMAS, ROOT) },
    preload,
  });
  return errors.map(({ rawMessage }) => rawMessage);
}
