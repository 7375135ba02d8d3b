/** How often in a run something may yet happen that is not part of the plain one. */
export class Chances {
  constructor(private left: number) {}

  get areLeft(): boolean {
    return this.left > 0;
  }

  spend(): void {
    this.left--;
  }
}
