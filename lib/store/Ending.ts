/** The end of something that others may wait for: they have a signal of it, which is made when it is asked for. */
export class Ending {
  private controller: AbortController | undefined;
  private hasCome = false;

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.hasCome) this.controller.abort();
    }
    return this.controller.signal;
  }

  come(): void {
    this.hasCome = true;
    this.controller?.abort();
  }
}
