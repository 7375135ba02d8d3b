import type { styleText } from 'node:util';

export type Style = Extract<Parameters<typeof styleText>[0], string>;
/** Gives a text a style, or leaves it as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** The lanes of a site in one process, from left to right, each with its width; the last one may be as wide as it is. */
export const LANES = { vtn: 22, ven: 26, event: 24, signal: 22, site: 0 } as const;
export type Lane = keyof typeof LANES;

/** What has happened in a lane, and how the lane looks from then on. */
export interface Cell<Lane extends string> {
  readonly lane: Lane;
  readonly text: string;
  readonly style?: Style;
  /** What stands in the lane while nothing happens in it. */
  readonly mark?: string;
  /** What is too long for a lane: it has a line of its own. */
  readonly note?: string;
}

const TIME = 8;

/** Draws what happens in lanes side by side, a line each; the lanes in which nothing happens show how they are. */
export class Board<Lane extends string> {
  private readonly marks = new Map<Lane, string>();
  private readonly names: readonly Lane[];

  /** @param widths the lanes, from left to right, each with its width */
  constructor(
    private readonly paint: Paint,
    private readonly widths: Readonly<Record<Lane, number>>,
  ) {
    this.names = Object.keys(widths) as Lane[];
  }

  head(): string {
    const titles = this.names.map((lane) => lane.padEnd(this.widths[lane]));
    return this.paint('bold', `${'time'.padStart(TIME)}  ${titles.join('')}`.trimEnd());
  }

  /** What stands in a lane from now on while nothing happens in it. */
  mark(lane: Lane, mark: string): void {
    this.marks.set(lane, mark);
  }

  /**
   * The line of what has happened, and a second one if there is more to say of it.
   *
   * @param ms since the start
   */
  lines(ms: number, { lane: own, text, style = 'white', mark, note }: Cell<Lane>): readonly string[] {
    if (mark !== undefined) this.mark(own, mark);
    const cells = this.names.map((lane) => {
      const width = this.widths[lane];
      const content = cut(lane === own ? oneLine(text) : (this.marks.get(lane) ?? '·'), width);
      return this.paint(lane === own ? style : 'dim', content.padEnd(width));
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
