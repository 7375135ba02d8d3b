import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';
import { unescapeText } from './escapes';
import { canonicalName } from './namespaces';
import { ProtocolError } from './ProtocolError';
import { XmlElement } from './XmlElement';

/** An event of a thousand intervals takes about half a megabyte. */
export const MAX_MESSAGE_LENGTH = 4_000_000;
const MAX_DEPTH = 64;

const ATTRIBUTES = ':@';
const TEXT = '#text';

/** What the parser makes of an element: its name with its content, and its attributes. */
type RawNode = Readonly<Record<string, unknown>>;
type Scope = Readonly<Record<string, string>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});

/**
 * Reads a text as XML, namespaces resolved. A document type is refused, and with it whatever entities can do.
 *
 * @throws ProtocolError that says what is wrong, and where
 */
export function parseXml(text: string): XmlElement {
  if (text.length > MAX_MESSAGE_LENGTH) {
    throw new ProtocolError(`a message of ${text.length} characters; at most ${MAX_MESSAGE_LENGTH} are read`);
  }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    throw new ProtocolError('a message with a document type; entities are not taken from anybody');
  }
  const root = rawNodes(text).find((node) => nameOf(node) !== undefined);
  if (root === undefined) throw new ProtocolError('an empty message');
  return toElement(root, {});
}

/** The parser alone would make something of half a document, too. */
function rawNodes(text: string): readonly RawNode[] {
  try {
    SyntaxValidator.validate(text, { multipleRoots: false });
    return parser.parse(text) as readonly RawNode[];
  } catch (error) {
    const { message, line, col } = error as Error & { readonly line?: number; readonly col?: number };
    const place = line === undefined ? '' : ` (line ${line}, column ${col ?? 1})`;
    throw new ProtocolError(`no whole XML: ${message}${place}`);
  }
}

function toElement(node: RawNode, outer: Scope): XmlElement {
  const qualified = nameOf(node) ?? '';
  const scope = declared(node, outer);
  let text = '';
  const children: XmlElement[] = [];
  for (const inner of node[qualified] as readonly RawNode[]) {
    if (TEXT in inner) text += unescapeText(String(inner[TEXT]));
    else if (nameOf(inner) !== undefined) children.push(toElement(inner, scope));
  }
  return new XmlElement(resolved(qualified, scope), text.trim(), children);
}

function nameOf(node: RawNode): string | undefined {
  return Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
}

/** The namespaces by prefix where this element is, its own declarations included; the default one has prefix ''. */
function declared(node: RawNode, outer: Scope): Scope {
  const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>);
  const own = attributes
    .filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
    .map(([name, uri]) => [name.slice('xmlns:'.length), unescapeText(uri)] as const);
  return own.length === 0 ? outer : { ...outer, ...Object.fromEntries(own) };
}

function resolved(qualified: string, scope: Scope): string {
  const colon = qualified.indexOf(':');
  const prefix = qualified.slice(0, Math.max(colon, 0));
  const uri = Object.hasOwn(scope, prefix) ? scope[prefix] : undefined;
  if (uri === undefined && prefix !== '')
    throw new ProtocolError(`prefix ${prefix} is bound to no namespace`, [qualified]);
  return canonicalName(uri ?? '', qualified.slice(colon + 1));
}
