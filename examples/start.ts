// npm run start:first: plays the first example live and prints its timeline as it happens.
import { styleText } from 'node:util';
import { tap } from 'rxjs';
import { greeter } from './01-delayed-async-handler';
import { live } from './support/live';
import { Summary } from './support/summary';
import { type Paint, timeline } from './support/timeline';

// A pipe has no hasColors; a terminal's obeys NO_COLOR and TERM.
const hasColors = process.stdout.isTTY && process.stdout.hasColors();
const paint: Paint = (style, text) => (hasColors ? styleText(style, text) : text);
const summary = new Summary();

console.log(paint('bold', 'The agent of examples/01-delayed-async-handler.ts, live'));
console.log('On start it waits 3 s, then switches into an async handler, which sleeps 1 s and says hello.');
console.log('It is done after 4 s. Ctrl-C stops it before.\n');

const { because, left } = await live(greeter, {
  lines: (trace$) => timeline(trace$.pipe(tap((event) => summary.add(event))), paint),
});
const how = because === 'done' ? 'Done' : 'Stopped';
const rest = left === 0 ? 'nothing is left' : `${left} had to be cut off`;
console.log(`\n${paint('bold', how)} after ${String(summary)}; ${rest}.`);
