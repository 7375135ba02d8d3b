import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The world outside of a shop. Whatever it is asked with a key that it knows, it has done: it gives the same answer. */
export interface Services {
  charge(key: string, euros: number): Promise<string>;
  ship(key: string, order: string): Promise<string>;
}

/** Services that do nothing but note what they have done. */
export class NotedServices implements Services {
  /** The answers, by what was done and for which key. */
  protected readonly answers = new Map<string, string>();

  get done(): readonly string[] {
    return [...this.answers.values()];
  }

  charge(key: string, euros: number): Promise<string> {
    return this.once(`charge ${key}`, (number) => `receipt ${number} for €${euros}`);
  }

  ship(key: string, order: string): Promise<string> {
    return this.once(`ship ${key}`, (number) => `parcel ${number} with order ${order}`);
  }

  protected note(_what: string, _answer: string): void {
    // Nothing outlives this one.
  }

  private async once(what: string, answerOf: (number: number) => string): Promise<string> {
    const known = this.answers.get(what);
    if (known !== undefined) return known;
    const answer = answerOf(this.answers.size + 1);
    this.answers.set(what, answer);
    this.note(what, answer);
    return answer;
  }
}

/** Services whose notes are the lines of a file, so that they outlive those who call them. */
export class FiledServices extends NotedServices {
  constructor(private readonly file: string) {
    super();
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const [what, answer] = JSON.parse(line) as [string, string];
      this.answers.set(what, answer);
    }
  }

  protected override note(what: string, answer: string): void {
    appendFileSync(this.file, `${JSON.stringify([what, answer])}\n`);
  }
}
