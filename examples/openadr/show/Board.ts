import type { styleText } from 'node:util';

export type Style = Extract<Parameters<typeof styleText>[0], string>;
/** Gives a text a style, or leaves it as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** The lanes, from left to right. */
export const LANES = ['vtn', 'ven', 'event', 'signal', 'site'] as const;
export type Lane = (typeof LANES)[number];

/** What has happened in a lane, and how the lane looks from then on. */
export interface Cell {
  readonly lane: Lane;
  readonly text: string;
  readonly style?: Style;
  /** What stands in the lane while nothing happens in it. */
  readonly mark?: string;
  /** What is too long for a lane: it has a line of its own. */
  readonly note?: string;
}

const WIDTHS: Readonly<Record<Lane, number>> = { vtn: 22, ven: 26, event: 24, signal: 22, site: 0 };
const TIME = 8;

/** Draws what happens in lanes side by side, a line each; the lanes in which nothing happens show how they are. */
export class Board {
  private readonly marks = new Map<Lane, string>();

  constructor(private readonly paint: Paint) {}

  head(): string {
    const titles = LANES.map((lane) => lane.padEnd(WIDTHS[lane]));
    return this.paint('bold', `${'time'.padStart(TIME)}  ${titles.join('')}`.trimEnd());
  }

  /**
   * The line of what has happened, and a second one if there is more to say of it.
   *
   * @param ms since the start
   */
  lines(ms: number, { lane: own, text, style = 'white', mark, note }: Cell): readonly string[] {
    if (mark !== undefined) this.marks.set(own, mark);
    const cells = LANES.map((lane) => {
      const content = lane === own ? cut(oneLine(text), WIDTHS[lane]) : (this.marks.get(lane) ?? '·');
      return this.paint(lane === own ? style : 'dim', content.padEnd(WIDTHS[lane]));
    });
    const line = `${this.paint('dim', clockOf(ms).padStart(TIME))}  ${cells.join('')}`.trimEnd();
    return note === undefined ? [line] : [line, this.paint(style, `${' '.repeat(TIME)}  └ ${oneLine(note)}`)];
  }
}

/** What is too long for its lane ends in dots. */
function cut(text: string, width: number): string {
  return width > 0 && text.length >= width ? `${text.slice(0, width - 2)}…` : text;
}

/** What comes from a peer may have line breaks, and characters that a terminal obeys. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** Hours, minutes and seconds: `0:20:03`. */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (part: number): string => String(part % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
}
