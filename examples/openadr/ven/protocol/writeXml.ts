import { escapeText } from './escapes';
import { NAMESPACES } from './namespaces';

/** What an element holds that is to be written: text, or elements in the order of the schema. */
export type XmlContent = string | XmlRecord;
/** Names that begin with an at sign are attributes, of fixed values. */
export interface XmlRecord {
  [name: string]: XmlContent | readonly XmlContent[];
}

const DECLARATIONS = Object.entries(NAMESPACES)
  .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  .join('');

const ATTRIBUTE = '@';

/** Writes a document. All namespaces are declared at its root. */
export function writeXml(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${DECLARATIONS}>${written(content)}</${root}>\n`;
}

function written(content: XmlContent): string {
  if (typeof content === 'string') return escapeText(content);
  return Object.entries(content)
    .filter(([name]) => !name.startsWith(ATTRIBUTE))
    .flatMap(([name, held]) => (isSeveral(held) ? held : [held]).map((one) => element(name, one)))
    .join('');
}

function element(name: string, content: XmlContent): string {
  const inner = written(content);
  const opening = name + attributes(content);
  return inner === '' ? `<${opening}/>` : `<${opening}>${inner}</${name}>`;
}

function attributes(content: XmlContent): string {
  if (typeof content === 'string') return '';
  return Object.entries(content)
    .filter(([name]) => name.startsWith(ATTRIBUTE))
    .map(([name, value]) => ` ${name.slice(ATTRIBUTE.length)}="${value as string}"`)
    .join('');
}

function isSeveral(held: XmlRecord[string]): held is readonly XmlContent[] {
  return Array.isArray(held);
}
