import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { Secrets } from '../../../lib/node/configs/Secrets';
import { cpuNow } from '../../support/cpu';

function secretsOf(variables: Record<string, string>, field?: string): Secrets {
  const secrets = new Secrets();
  for (const [name, value] of Object.entries(variables)) secrets.add(name, value, field);
  return secrets;
}
const hider = (variables: Record<string, string>, field?: string) => secretsOf(variables, field).hide;

/** Half of a pair of surrogates is a replacement character in whatever it is encoded in. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

describe('Secrets', () => {
  it('shows each value by the name of its variable', () => {
    const hide = hider({ PASSWORD: 'hunter22', LONGER: 'hunter22-and-more' });
    expect(hide('a hunter22, a hunter22-and-more')).toBe('a ${PASSWORD}, a ${LONGER}');
    expect(hide('no secret')).toBe('no secret');
  });

  it('leaves a short value alone in the midst of others', () => {
    const hide = hider({ PIN: '1', EMPTY: '', BLANK: ' \n' });
    expect(hide('1')).toBe('${PIN}');
    expect(hide('10 of 1')).toBe('10 of 1');
    expect(hide('')).toBe('');
  });

  it.each(['true', 'false', 'TRUE', 'no', 'null', 'undefined'])('leaves the word %s alone', (word) => {
    const hide = hider({ FLAG: word });
    expect(hide(`it is ${word}`)).toBe(`it is ${word}`);
    expect(hide(word)).toBe(word);
  });

  it('does not spoil one name by another', () => {
    const hide = hider({ PASSWORD: 'hunter22', WORD: 'PASSWORD' });
    expect(hide('hunter22 PASSWORD')).toBe('${PASSWORD} ${WORD}');
  });

  describe('hides a text of four characters or more', () => {
    const secret = fc
      .string({ minLength: 4, maxLength: 24, unit: 'binary' })
      .filter(
        (text) =>
          isWellFormed(text) &&
          text.trim().length >= 4 &&
          !/^(true|false|null|none|undefined)$/i.test(text.trim()),
      );
    const around = fc.string({ unit: 'binary', maxLength: 9 }).filter(isWellFormed);
    const json = (text: string) => JSON.stringify(text).slice(1, -1);
    const forms: Record<string, (text: string) => string> = {
      'as it is': (text) => text,
      'in JSON': json,
      'in JSON in JSON': (text) => json(json(text)),
      'in JSON in ASCII': (text) =>
        json(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      'by encodeURIComponent': encodeURIComponent,
      'by encodeURI': encodeURI,
      'in small hex digits of percents': (text) =>
        encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
      'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
      'in a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
      'in hex': (text) => Buffer.from(text).toString('hex'),
      'in XML': (text) =>
        text.replace(
          /[&<>"']/g,
          (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[sign]};`,
        ),
    };
    it('in each of many forms', () => {
      fc.assert(
        fc.property(secret, around, around, (text, before, behind) => {
          const hide = hider({ KEY: text });
          for (const [form, write] of Object.entries(forms)) {
            const shown = hide(before + write(text) + behind);
            expect({ form, shown }).toEqual({ form, shown: expect.stringContaining('${KEY}') });
            expect({ form, shown }).not.toEqual({ form, shown: expect.stringContaining(write(text.trim())) });
          }
        }),
      );
    });

    const bytes = fc.uint8Array({ maxLength: 7 });
    it.each(['base64', 'base64url'] as const)('in %s, wherever it stands in what was encoded', (encoding) => {
      fc.assert(
        fc.property(secret, bytes, bytes, (text, before, behind) => {
          const value = Buffer.from(text.trim());
          const whole = Buffer.concat([before, value, behind]).toString(encoding);
          const shown = hider({ KEY: text })(whole);
          expect(shown).toContain('${KEY}');
          // What is left of it has none of its bits.
          const from = Math.floor((8 * before.length) / 6);
          const to = Math.ceil((8 * (before.length + value.length)) / 6);
          const isInOtherFormsToo = shown.split('${KEY}').length > 2;
          if (!isInOtherFormsToo)
            expect(shown).toBe(
              `${whole.slice(0, from)}\${KEY}${whole.slice(to).replace(behind.length === 0 ? /^=+/ : '', '')}`,
            );
        }),
        { numRuns: 200 },
      );
    });

    it('in an address, however that is made', () => {
      const hide = hider({ KEY: 'p@ss/w:rd?& é' });
      const url = new URL('https://host/path');
      url.password = 'p@ss/w:rd?& é';
      url.pathname = 'p@ss/w:rd?& é';
      url.searchParams.set('key', 'p@ss/w:rd?& é');
      url.hash = 'p@ss/w:rd?& é';
      expect(hide(url.href)).toBe('https://:${KEY}@host/${KEY}?key=${KEY}#${KEY}');
    });

    it('in a header of basic authentication', () => {
      const hide = hider({ KEY: 'hunter22' });
      for (const user of ['a', 'ab', 'abc', ''])
        expect(hide(`Basic ${btoa(`${user}:hunter22`)}`)).toMatch(/^Basic [A-Za-z0-9]*\$\{KEY\}$/);
      expect(hider({ KEY: 'hünter22' })(`Basic ${btoa('a:hünter22')}`)).toBe('Basic YT${KEY}');
    });

    it('in base64 that is broken into lines', () => {
      const value = 'a-key-that-is-longer-than-a-line-of-base64-is-and-goes-on-for-a-while-then';
      const lines = Buffer.from(value)
        .toString('base64')
        .match(/.{1,76}/g)!;
      expect(hider({ KEY: value })(lines.join('\r\n'))).toBe('${KEY}');
      expect(hider({ KEY: value })(JSON.stringify(lines.join('\n')))).toBe('"${KEY}"');
    });

    it('in YAML', () => {
      const hide = hider({ KEY: 'a "quoted" \\ text: yes' });
      const text = stringify({ key: 'a "quoted" \\ text: yes' });
      expect(parse(text)).toEqual({ key: 'a "quoted" \\ text: yes' });
      expect(hide(text)).toContain('${KEY}');
    });
  });

  it('hides each longer line of a value in several lines', () => {
    const hide = hider({ PEM: '-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n' });
    expect(hide('at line 2: BgkqhkiG9w0B')).toBe('at line 2: ${PEM}');
    expect(hide('  MIIEvQIBADAN\r\n')).toBe('  ${PEM}\r\n');
  });

  it('hides the password of an URL by itself, too', () => {
    const hide = hider({ URL: 'mqtt://farm:hunter%2F22@broker.local' });
    expect(hide('hunter/22 is wrong')).toBe('${URL} is wrong');
    expect(hide('broker.local')).toBe('broker.local');
  });

  it('leaves other texts as they are', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), (text) => {
        expect(hider({ KEY: 'Zx9-hunter22', PIN: '4711', FLAG: 'true', ONE: '1' })(text)).toBe(text);
      }),
    );
  });

  it('takes long texts, and values that are hard to look for, in time', () => {
    const hide = hider({ A: '\\'.repeat(60), B: '/"\\'.repeat(20), C: ' '.repeat(50) + 'x'.repeat(50) });
    const start = cpuNow();
    hide('\\'.repeat(20_000));
    hide('/"\\'.repeat(5000));
    hide('x'.repeat(20_000));
    expect(cpuNow() - start).toBeLessThan(3000);
  });
});

describe('Secrets, of a value that is a number', () => {
  const scalar = (variables: Record<string, string>, value: number | bigint | boolean, key?: string) =>
    hider(variables, 'pin').scalar?.(value, key);

  it('hides it from four digits on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000 }), (number) => {
        expect(scalar({ PIN: String(number) }, number)).toBe('${PIN}');
        expect(scalar({ PIN: String(number) }, BigInt(number))).toBe('${PIN}');
        expect(scalar({ PIN: String(number) }, number + 1)).toBeUndefined();
      }),
    );
    expect(scalar({ PIN: '4711' }, 14711)).toBeUndefined();
  });

  it.each([
    ['0047.110', 47.11, '${PIN}'],
    ['1e4', 10_000, '${PIN}'],
    [' 4711\n', 4711, '${PIN}'],
    ['4_711', 4711, '${PIN}'],
  ])('knows %j as %d, and in texts', (text, number, shown) => {
    expect(scalar({ PIN: text }, number)).toBe(shown);
  });

  it('hides what the number is written as in a text, too', () => {
    const hide = hider({ PIN: '0047110' });
    expect(hide('the pin is 47110, and 147110 is none')).toBe('the pin is ${PIN}, and 147110 is none');
  });

  it('hides a short one, and a boolean, only in the field that the file has it in', () => {
    expect(scalar({ PIN: '7' }, 7)).toBeUndefined();
    expect(scalar({ PIN: '7' }, 7, 'index')).toBeUndefined();
    expect(scalar({ PIN: '7' }, 7, 'pin')).toBe('${PIN}');
    expect(scalar({ PIN: 'true' }, true)).toBeUndefined();
    expect(scalar({ PIN: 'true' }, true, 'pin')).toBe('${PIN}');
  });
});
