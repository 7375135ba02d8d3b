/** Anything shorter is looked for as a whole only: it would be found in the midst of other words. */
export const SHORTEST = 4;
/** A line of a longer value (a key in PEM, for instance) is secret by itself from so many characters on. */
const LINE = 8;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The texts of regular expressions that find a value in whatever form it may stand in a text: as it is, in JSON (also
 * in JSON that is text in JSON), percent-encoded by any encoder, in XML or HTML, in base64 at any place of what was
 * encoded, in base64url, in hex; and each of its longer lines, and the password of an URL.
 */
export function formsOf(value: string): string[] {
  const texts = new Set([value, ...linesOf(value), ...passwordOf(value)]);
  return [...texts]
    .filter((text) => text.length >= SHORTEST)
    .sort((one, other) => other.length - one.length)
    .flatMap((text) => [written(text), ...encoded(text)]);
}

function linesOf(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= LINE);
}

/** Whoever has parsed an URL has its password by itself. */
function passwordOf(value: string): string[] {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*?:([^/?#]*)@/i.exec(value) ?? [];
  if (password === undefined) return [];
  try {
    return [decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** Each character as it is, or as the notations in which texts are put into texts have it. */
function written(text: string): string {
  return Array.from(text, (character) => {
    if (/[a-z0-9]/i.test(character)) return character;
    return `(?:${[...new Set(notationsOf(character))].join('|')})`;
  }).join('');
}

const IN_JSON: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };
const IN_XML: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};
/** Each text in JSON that is in a text in JSON doubles them. */
const BACKSLASHES = String.raw`\\{1,16}`;

function notationsOf(character: string): string[] {
  const code = character.codePointAt(0) ?? 0;
  const short = IN_JSON[character];
  const entity = IN_XML[character];
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return [
    ...(character === '\\' ? [BACKSLASHES] : [quoted(character)]),
    ...(character === '"' || character === '/' ? [BACKSLASHES + quoted(character)] : []),
    ...(short === undefined ? [] : [BACKSLASHES + short]),
    units.map((unit) => `${BACKSLASHES}u${hex(unit, 4)}`).join(''),
    utf8(character)
      .map((byte) => `%(?:25)*${hex(byte, 2)}`)
      .join(''),
    ...(character === ' ' ? [String.raw`\+`] : []),
    ...(entity === undefined ? [] : [`&${entity};`]),
    `&#(?:0*${code}|[xX]0*${hex(code, 1)});`,
  ];
}

/** The bytes in base64 and in hex. */
function encoded(text: string): string[] {
  const forms = [utf8(text)];
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  // As btoa has it.
  if (codes.some((code) => code > 127) && codes.every((code) => code < 256)) forms.push(codes);
  return forms
    .filter((bytes) => bytes.length >= SHORTEST)
    .flatMap((bytes) => [
      ...[0, 1, 2].map((before) => base64(bytes, before)),
      bytes.map((byte) => hex(byte, 2)).join(''),
    ]);
}

/**
 * The bytes in base64 behind so many others in their group of three. Where a character is made of what stands before
 * or behind them, too, it is any of those that it can be.
 */
function base64(bytes: readonly number[], before: number): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const open = (8 * before) % 6;
  const padded = '?'.repeat(open) + bits;
  const sixes = padded.padEnd(Math.ceil(padded.length / 6) * 6, '?').match(/.{6}/g) ?? [];
  const characters = sixes.map((six) =>
    inBase64(six.includes('?') ? allOf(six) : (BASE64[parseInt(six, 2)] ?? '')),
  );
  // Long ones are broken into lines.
  return `${characters.join(String.raw`(?:(?:\\r)?\\n|\r?\n)?`)}(?:=|%3[dD]){0,2}`;
}

/** The characters whose six bits are those; `?` is either. */
function allOf(six: string): string {
  const pattern = new RegExp(`^${six.replaceAll('?', '.')}$`);
  return Array.from(BASE64)
    .filter((_, index) => pattern.test(index.toString(2).padStart(6, '0')))
    .join('');
}

/** Any of the characters; two of them are others in base64url, or may be escaped. */
function inBase64(possible: string): string {
  const escaped = [
    ...(possible.includes('+') ? ['%2[bB]'] : []),
    ...(possible.includes('/') ? ['%2[fF]', String.raw`\\{1,16}/`] : []),
  ];
  if (possible.length === 1 && escaped.length === 0) return possible;
  const all = `[${possible.replace('+', String.raw`+\-`).replace('/', '/_')}]`;
  return escaped.length === 0 ? all : `(?:${[all, ...escaped].join('|')})`;
}

function hex(code: number, digits: number): string {
  return code
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function quoted(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
