import { afterHostNap } from '../../time/clock/hostTurn';

/** What the tests switch on in the host. */
const switches: (() => void)[] = [];
let isTesting = false;
let willLook = false;

/** Says how something is switched off that tests switch on. */
export function offBetweenTests(switchOff: () => void): void {
  switches.push(switchOff);
}

export function testBegins(): void {
  isTesting = true;
}

/**
 * What the next test needs again stays on for a real ms, if none begins before: to switch Node's hooks on and off takes
 * as long as all the rest of a short test.
 */
export function testEnds(): void {
  isTesting = false;
  if (willLook) return;
  willLook = true;
  afterHostNap(look);
}

function look(): void {
  willLook = false;
  if (isTesting) return;
  for (const switchOff of switches) switchOff();
}
