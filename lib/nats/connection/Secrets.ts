import { messageOf } from '../../AgentError';
import { isError } from '../../readError';

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

  /** An error as a cause: by itself if it shows nothing, and its message alone otherwise. */
  hideIn(error: unknown): unknown {
    const message = messageOf(error);
    const all = isError(error) ? `${message}\n${String(error.stack)}\n${JSON.stringify(error)}` : message;
    return this.hide(all) === all ? error : new Error(this.hide(message));
  }
}
