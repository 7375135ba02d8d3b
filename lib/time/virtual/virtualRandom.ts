import type { RandomSource } from '../spans/random';
import { replaceProperty } from './replaceProperty';

interface HostGlobals {
  readonly crypto?: object;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Bytes = ArrayBufferView;

/**
 * Lets what the host draws at random come from a source, for those inside: `Math.random`, and of `crypto` what gives
 * random values.
 *
 * @returns the ways to put back what was there
 */
export function virtualRandom(random: RandomSource, isInside: () => boolean): (() => void)[] {
  const { crypto } = globalThis as unknown as HostGlobals;
  const owner = crypto === undefined ? undefined : (Object.getPrototypeOf(crypto) as Record<string, unknown>);
  const divide = (object: object, name: string, ours: (...args: never[]) => unknown): (() => void)[] => {
    const theirs = (object as Record<string, unknown>)[name];
    if (typeof theirs !== 'function') return [];
    const divided: Method = function (...args) {
      return isInside() ? ours(...(args as never[])) : (theirs as Method).apply(this, args);
    };
    return [replaceProperty(object, name, divided)];
  };
  const fill = (view: Bytes): Bytes => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
    return view;
  };
  return [
    ...divide(Math, 'random', random),
    ...(owner === undefined
      ? []
      : [...divide(owner, 'getRandomValues', fill), ...divide(owner, 'randomUUID', () => uuid(random))]),
  ];
}

function uuid(random: RandomSource): string {
  const digit = (): string => Math.floor(random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}
