import type { Hide } from '../../trace/Hide';
import { formsOf, SHORTEST } from './secretForms';

/** What anybody could have written: to hide it would spoil all texts, and hide nothing. */
const WORDS = /^(?:true|false|yes|no|on|off|null|none|undefined|nan)$/i;

/** One value of the environment. */
interface Secret {
  readonly name: string;
  /** The fields that the config has it in. */
  readonly fields: Set<string>;
}

/**
 * The values that were taken from the environment. They are shown by the names of their variables:
 * - in a text, in whatever form they stand there, if they have four characters or more and are no word like `true`;
 *   shorter ones only where they are all of it;
 * - as a number, if it has four digits or more; in a field that is called as it is in the config file, any number, and
 *   `true` and `false` as well.
 */
export class Secrets {
  private readonly known = new Map<string, Secret>();
  private pattern: RegExp | undefined;
  /** The names behind the groups of the pattern. */
  private names: readonly string[] = [];

  /** @param field the name of the field that takes it */
  add(name: string, value: string, field?: string): void {
    const text = value.trim();
    if (text === '') return;
    let secret = this.known.get(text);
    if (secret === undefined) {
      secret = { name, fields: new Set() };
      this.known.set(text, secret);
      this.compile();
    }
    if (field !== undefined) secret.fields.add(field);
  }

  readonly hide: Hide = Object.assign((text: string) => this.hideText(text), {
    scalar: (value: number | bigint | boolean, key?: string) => this.hideScalar(value, key),
  });

  private hideText(text: string): string {
    const { pattern, names } = this;
    if (pattern === undefined) return text;
    const secret = text.length < SHORTEST ? this.known.get(text) : undefined;
    if (secret !== undefined) return WORDS.test(text) ? text : shownAs(secret.name);
    return text.replace(pattern, (found: string, ...groups: unknown[]) => {
      const name = names[groups.findIndex((group) => group !== undefined)];
      return name === undefined ? found : shownAs(name);
    });
  }

  private hideScalar(value: number | bigint | boolean, key: string | undefined): string | undefined {
    const isLong = typeof value !== 'boolean' && String(value).replace(/\D/g, '').length >= SHORTEST;
    for (const [text, { name, fields }] of this.known)
      if ((isLong || (key !== undefined && fields.has(key))) && canBe(text, value)) return shownAs(name);
    return undefined;
  }

  /** The longest first, so that none that is part of another spoils it. */
  private compile(): void {
    const found = [...this.known]
      .filter(([text]) => text.length >= SHORTEST && !WORDS.test(text))
      .sort(([one], [other]) => other.length - one.length)
      .map(([text, { name }]) => ({ name, forms: [...formsOf(text), ...asNumber(text)] }));
    this.names = found.map(({ name }) => name);
    const groups = found.map(({ forms }) => `(${forms.join('|')})`);
    this.pattern = groups.length === 0 ? /(?!)/ : new RegExp(groups.join('|'), 'g');
  }
}

function shownAs(name: string): string {
  return `\${${name}}`;
}

/** Whether a schema may have made the value of the text. Of a boolean, there is no telling. */
function canBe(text: string, value: number | bigint | boolean): boolean {
  if (typeof value === 'boolean') return true;
  return Number(text) === Number(value) || Number(text.replace(/[_,\s]/g, '')) === Number(value);
}

/** A number in a text may be written otherwise than in the environment. */
function asNumber(text: string): string[] {
  const number = String(Number(text));
  if (number === text || number.length < SHORTEST || !/^\d+(\.\d+)?$/.test(number)) return [];
  return [String.raw`(?<![\d.])${number.replace('.', String.raw`\.`)}(?![\d.])`];
}
