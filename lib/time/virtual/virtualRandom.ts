import type { RandomSource } from '../spans/random';
import { type Replaced, Replacement } from './Replacement';
import type { TimeOfCaller } from './VirtualTime';

interface HostGlobals {
  readonly crypto?: object;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Bytes = ArrayBufferView;

/** What the host draws at random: `Math.random`, and of `crypto` what gives random values. */
export function virtualRandom(timeOfCaller: TimeOfCaller): readonly Replaced[] {
  const { crypto } = globalThis as unknown as HostGlobals;
  const owner = crypto === undefined ? {} : (Object.getPrototypeOf(crypto) as object);
  const divide = (object: object, name: string, ours: (random: RandomSource, view: Bytes) => unknown) =>
    typeof Reflect.get(object, name) === 'function'
      ? [
          new Replacement<Method>(
            object,
            name,
            (theirs) =>
              function (...args) {
                const random = timeOfCaller()?.random;
                return random === undefined ? theirs.apply(this, args) : ours(random, args[0] as Bytes);
              },
          ),
        ]
      : [];
  return [
    ...divide(Math, 'random', (random) => random()),
    ...divide(owner, 'getRandomValues', fill),
    ...divide(owner, 'randomUUID', uuid),
  ];
}

function fill(random: RandomSource, view: Bytes): Bytes {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
  return view;
}

function uuid(random: RandomSource): string {
  const digit = (): string => Math.floor(random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}
