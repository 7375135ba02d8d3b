import { badOption, type Check } from '../../../options/checkOptions';
import type { Deviation, Tape } from './Tape';

/** Without letters that are taken for one another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** What a tape of this kind begins with. */
const MARK = 'k';
const MORE = 16;

/**
 * Writes a tape as short text: for each deviation the distance to the one before and the answer, as digits of 4 bits
 * with a mark where more follow; two more tell whether it has been copied in whole.
 */
export function writeTape(tape: Tape): string {
  let digits = '';
  let before = -1;
  for (const { index, answer } of tape) {
    digits += writeNumber(index - before - 1) + writeNumber(answer);
    before = index;
  }
  return MARK + digits + sumOf(digits);
}

/** Reads what {@link writeTape} has written; undefined if it is something else. */
export function readTape(text: string): Tape | undefined {
  const digits = text.slice(MARK.length, -2);
  if (!text.startsWith(MARK) || text.length < 3 || sumOf(digits) !== text.slice(-2)) return undefined;
  const numbers: number[] = [];
  let number = 0;
  let factor = 1;
  for (const character of digits) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return undefined;
    number += (digit % MORE) * factor;
    factor *= MORE;
    if (digit >= MORE) continue;
    numbers.push(number);
    number = 0;
    factor = 1;
  }
  if (factor > 1 || numbers.length % 2 > 0) return undefined;
  const tape: Deviation[] = [];
  let before = -1;
  for (let at = 0; at < numbers.length; at += 2) {
    before += (numbers[at] ?? 0) + 1;
    tape.push({ index: before, answer: numbers[at + 1] ?? 0 });
  }
  return tape.every(({ index, answer }) => Number.isSafeInteger(index) && answer > 0) ? tape : undefined;
}

/** Of an option: the text of a tape. */
export const aTape: Check = (given, owner, option) => {
  if (typeof given !== 'string' || readTape(given) === undefined)
    throw badOption(owner, option, given, 'is no tape: copy all of what a failed search has printed');
};

function writeNumber(number: number): string {
  let text = '';
  let rest = number;
  while (rest >= MORE) {
    text += DIGITS[MORE + (rest % MORE)] ?? '';
    rest = Math.floor(rest / MORE);
  }
  return text + (DIGITS[rest] ?? '');
}

function sumOf(digits: string): string {
  let sum = 7;
  for (let at = 0; at < digits.length; at++) sum = (sum * 31 + digits.charCodeAt(at)) % 1024;
  return (DIGITS[sum >> 5] ?? '') + (DIGITS[sum & 31] ?? '');
}
