import { messageOf } from '../../AgentError';
import { codeOf, errorNameOf } from '../../readError';

const HIDDEN = '•••';

/** What must not be told: in no message, and in nothing that an error carries. */
export class Secrets {
  private readonly texts = new Set<string>();

  add(text: string | undefined): void {
    if (text === undefined || text === '') return;
    this.texts.add(text);
    this.texts.add(encodeURIComponent(text));
  }

  hide(text: string): string {
    let shown = text;
    // The longest first: one may be a part of another.
    for (const secret of [...this.texts].sort((a, b) => b.length - a.length))
      shown = shown.replaceAll(secret, HIDDEN);
    return shown;
  }

  /** What somebody else has thrown, as a cause: what it says, and nothing that it carries. */
  hideIn(error: unknown): Error {
    const shown = new Error(this.hide(messageOf(error)));
    shown.name = errorNameOf(error);
    const code = codeOf(error);
    return code === undefined ? shown : Object.assign(shown, { code });
  }
}
