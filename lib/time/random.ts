/** A source of random numbers, evenly spread from 0 up to but not including 1. */
export type RandomSource = () => number;

/** The host's own source. */
export const liveRandom: RandomSource = () => Math.random();

/** A source that gives the same numbers for the same seed: mulberry32, by Tommy Ettinger (public domain). */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
