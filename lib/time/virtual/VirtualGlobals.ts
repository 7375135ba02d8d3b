import { type Replaced, Replacement } from './Replacement';
import { constructorOfDates, virtualDate } from './virtualDate';
import { virtualRandom } from './virtualRandom';
import { virtualReadings } from './virtualReadings';
import type { Painter, TimeOfCaller } from './VirtualTime';
import { virtualTimers } from './virtualTimers';

/**
 * Puts virtual time in the place of the host's timers, of `Date`, of what else reads the clock, and of animation frames, and takes
 * it away again, leaving each of them exactly as it was found. Meanwhile those who are outside, as far as the host
 * can tell them apart, get what was there before. Whoever has taken something of it along gets the host's own when it is over.
 */
export class VirtualGlobals implements Replaced {
  private readonly time: readonly Replaced[];
  private readonly random: readonly Replaced[];
  private readonly inPlace: Replaced[] = [];

  constructor(private readonly timeOfCaller: TimeOfCaller) {
    this.time = [
      ...virtualTimers(timeOfCaller),
      ...animationFrames(timeOfCaller),
      virtualDate(timeOfCaller),
      constructorOfDates(),
      ...virtualReadings(timeOfCaller),
    ];
    this.random = virtualRandom(timeOfCaller);
  }

  put(): void {
    for (const replaced of this.time) this.putOne(replaced);
    if (this.timeOfCaller()?.random === undefined) return;
    for (const replaced of this.random) this.putOne(replaced);
  }

  restore(): void {
    const { inPlace } = this;
    while (inPlace.length > 0) inPlace.pop()?.restore();
  }

  private putOne(replaced: Replaced): void {
    replaced.put();
    this.inPlace.push(replaced);
  }
}

function animationFrames(timeOfCaller: TimeOfCaller): Replaced[] {
  if (!('requestAnimationFrame' in globalThis)) return [];
  return [
    new Replacement<Painter['requestAnimationFrame']>(
      globalThis,
      'requestAnimationFrame',
      (theirs) => (callback) =>
        (timeOfCaller()?.painter.requestAnimationFrame ?? theirs).call(globalThis, callback),
    ),
    new Replacement<Painter['cancelAnimationFrame']>(
      globalThis,
      'cancelAnimationFrame',
      (theirs) => (handle) => {
        (timeOfCaller()?.painter.cancelAnimationFrame ?? theirs).call(globalThis, handle);
      },
    ),
  ];
}
