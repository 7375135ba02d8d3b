import { ProtocolError } from './ProtocolError';

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Resolves what XML itself knows: its five entities, and characters by number. */
export function unescapeText(text: string): string {
  return text.replace(/&([^;&\s]*);?/g, (reference, name: string) => {
    const resolved = name.startsWith('#')
      ? numbered(name.slice(1))
      : Object.hasOwn(NAMED, name) && NAMED[name];
    if (typeof resolved === 'string') return resolved;
    throw new ProtocolError(`entity ${reference.slice(0, 20)} is not known`);
  });
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Writes a text so that XML can hold it; characters that it cannot hold at all become a replacement character. */
export function escapeText(text: string): string {
  return text.replace(IMPOSSIBLE, '\uFFFD').replace(/[&<>]/g, (character) => ESCAPED[character] ?? character);
}

function numbered(digits: string): string | undefined {
  const code = /^x[0-9a-f]+$/i.test(digits)
    ? parseInt(digits.slice(1), 16)
    : /^\d+$/.test(digits)
      ? Number(digits)
      : NaN;
  const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
  return character.search(IMPOSSIBLE) < 0 ? character : undefined;
}
