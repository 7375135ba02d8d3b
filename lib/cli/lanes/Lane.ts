import { CUT, type TimeScale } from './TimeScale';

interface Mark {
  readonly at: number;
  readonly glyph: string;
}

interface Span {
  readonly from: number;
  /** Infinity while it goes on. */
  to: number;
  readonly glyph: string;
}

/** Draws what falls into one column together. */
export type Combine = (glyphs: readonly string[]) => string;

/** A row of the drawing: marks at instants, and what goes on between them. */
export class Lane {
  readonly marks: Mark[] = [];
  private readonly spans: Span[] = [];

  constructor(
    readonly label: string,
    private readonly combine: Combine,
    private readonly idle = '-',
  ) {}

  get isEmpty(): boolean {
    return this.marks.length === 0;
  }

  mark(at: number, glyph: string): void {
    this.marks.push({ at, glyph });
  }

  /** Begins what goes on; it is ended by what this gives. */
  begin(at: number, glyph: string): (end: number) => void {
    const span: Span = { from: at, to: Infinity, glyph };
    this.spans.push(span);
    return (end) => {
      span.to = end;
    };
  }

  draw(scale: TimeScale): string {
    const cells = scale.columns.map((column) => (column === CUT ? '/' : this.idle));
    const { step } = scale;
    for (const { from, to, glyph } of this.spans)
      for (const [place, column] of scale.columns.entries())
        if (column !== CUT && column * step < to && (column + 1) * step > from) cells[place] = glyph;
    const marked = new Map<number, string[]>();
    for (const { at, glyph } of this.marks) {
      const place = scale.placeOf(at);
      if (place === undefined) continue;
      const glyphs = marked.get(place);
      if (glyphs === undefined) marked.set(place, [glyph]);
      else glyphs.push(glyph);
    }
    for (const [place, glyphs] of marked) cells[place] = this.combine(glyphs);
    return cells.join('');
  }
}

/** One glyph stands for itself, several for how many they are. */
export function count(glyphs: readonly string[]): string {
  if (glyphs.length === 1) return glyphs[0] ?? '';
  return glyphs.length > 9 ? '+' : String(glyphs.length);
}

/** The glyph that comes first in an order of weight, or the last one if none of them is there. */
export function heaviest(...order: string[]): Combine {
  return (glyphs) => order.find((glyph) => glyphs.includes(glyph)) ?? glyphs[glyphs.length - 1] ?? '';
}
